/**
 * The load generator, a process of its own so that its CPU time is not the service's. Argument: a `Load` as JSON. Prints one line of
 * JSON, a `LoadResult`. What it sends stands in requests.ts.
 */
import { Client, compressionAlgorithms, credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { Client as HttpClient } from 'undici';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { requestsOf, type Kind, type Request } from './requests.js';

export interface Load extends Kind {
  /** http://… of the endpoint, or host:port of a gRPC receiver. */
  target: string;
  /** Records a second; 0: each connection at once again. */
  rate: number;
  seconds: number;
  connections: number;
}

export interface LoadResult {
  /** Records that were acknowledged, and the refusals among them. */
  sent: number;
  refusals: number;
  /** Records acknowledged a second, of what was sent behind the first second. */
  recordsPerSecond: number;
  /** Records that were refused, or whose connection broke. */
  failed: number;
  /** Refusals among these. */
  failedRefusals: number;
  /** Records that were due while all connections waited for an answer. */
  unsent: number;
  seconds: number;
  /**
   * Acknowledgement times, milliseconds, sorted: of what was sent in the first second, in which a fresh sender opens its connections and both
   * sides compile their code, and behind it.
   */
  first: number[];
  acknowledged: number[];
}

const FIRST_MS = 1_000;
const GRPC_METHOD = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const { target, rate, seconds, connections, ...kind } = JSON.parse(process.argv[2] ?? '{}') as Load;
const next = requestsOf(kind);
const post = kind.scenario === 'E' ? overGrpc(credentials.createInsecure()) : overHttp();
const result: LoadResult = {
  sent: 0,
  refusals: 0,
  recordsPerSecond: 0,
  failed: 0,
  failedRefusals: 0,
  unsent: 0,
  seconds: 0,
  first: [],
  acknowledged: [],
};
const pending = new Set<Promise<void>>();
const started = performance.now();
let sentLater = 0;

function overHttp(): (one: Request) => Promise<boolean> {
  const { origin, pathname: path } = new URL(target);
  // Of its own for each sender, which then waits for nothing but the answer. Node's own client takes more of the machine that is measured.
  const free = Array.from({ length: connections }, () => new HttpClient(origin));
  return async ({ body, headers }) => {
    const client = free.shift() ?? new HttpClient(origin);
    try {
      const answer = await client.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      return answer.statusCode < 300;
    } finally {
      free.push(client);
    }
  };
}

function overGrpc(plain: ChannelCredentials): (one: Request) => Promise<boolean> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  // Each a connection of its own.
  const clients = Array.from(
    { length: connections },
    () =>
      new Client(target, plain, { 'grpc.use_local_subchannel_pool': 1, 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }),
  );
  let turn = 0;
  return ({ body }) =>
    new Promise((resolve) => {
      const client = clients[(turn += 1) % connections];
      client?.makeUnaryRequest(GRPC_METHOD, asIs, asIs, body, (error: unknown) => {
        resolve(error === null);
      });
    });
}

async function send(one: Request): Promise<void> {
  const at = performance.now();
  // A connection that broke says nothing of what became of the request: it counts as not acknowledged.
  const isTaken = await post(one).catch(() => false);
  if (!isTaken) {
    result.failed += one.records;
    result.failedRefusals += one.refusals;
    return;
  }
  result.sent += one.records;
  result.refusals += one.refusals;
  const isFirst = at - started < FIRST_MS;
  if (!isFirst) sentLater += one.records;
  (isFirst ? result.first : result.acknowledged).push(performance.now() - at);
}

function begin(one: Request): void {
  const sending: Promise<void> = send(one).finally(() => pending.delete(sending));
  pending.add(sending);
}

async function atRate(): Promise<void> {
  let due = started;
  for (let index = 0; due < started + seconds * 1_000; index += 1) {
    const one = next();
    if (performance.now() < due) await sleep(due - performance.now());
    // Answers must be read too, however late it is.
    else if (index % 16 === 0) await immediate();
    if (pending.size < connections) begin(one);
    else result.unsent += one.records;
    due += (one.records * 1_000) / rate;
  }
}

async function asFastAsAnswersCome(): Promise<void> {
  const oneAfterTheOther = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1_000) await send(next());
  };
  await Promise.all(Array.from({ length: connections }, oneAfterTheOther));
}

await (rate === 0 ? asFastAsAnswersCome() : atRate());
await Promise.all(pending);
result.seconds = (performance.now() - started) / 1_000;
result.recordsPerSecond = sentLater / (result.seconds - FIRST_MS / 1_000);
for (const list of [result.first, result.acknowledged]) list.sort((a, b) => a - b);
process.stdout.write(JSON.stringify(result), () => process.exit());
