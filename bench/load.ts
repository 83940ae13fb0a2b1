/**
 * The load generator, a process of its own so that its CPU time is not the service's: sends OTLP/HTTP requests and prints
 * one line of JSON. A request is encoded once, by OpenTelemetry's own serialiser; every second it gets fresh times and
 * numbers, and each one sent ends with a field of its own that no decoder knows, so that none is a repetition and making
 * load costs little of the machine that is measured.
 * Arguments: receiver URL, records per second (0: as fast as answers come), seconds, records per request.
 */
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { randomBytes } from 'node:crypto';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const [url = '', rate = '0', seconds = '0', batch = '0'] = process.argv.slice(2);
const batchSize = Number(batch);
const ROUTES = 40;
const CONNECTIONS = 16;
const MAX_PENDING = 2_000;
const FIRST_MS = 1_000;
const REASONS = [
  'jwt expired',
  'No authorization header',
  'invalid signature',
  'Wrong password',
  'Invalid API key',
  'jwt not active',
  'Session expired',
  'jwt malformed',
];

export interface LoadResult {
  /** Records that were acknowledged. */
  sent: number;
  /** Records that were refused, or whose connection broke. */
  failed: number;
  /** Records that were due while as many requests as a machine can hold open waited for an answer. */
  unsent: number;
  seconds: number;
  /** Acknowledgement times, milliseconds, sorted: of what was sent in the first second, in which a fresh process compiles its code, and behind it. */
  first: number[];
  acknowledged: number[];
}

/** Stand where each request gets its own. */
const TIME = 1_700_000_000_123_000_000n;
const NUMBER = '@@@@@@@@@@';

/** Some 300 bytes a record before compression. */
function encodeOnce(): Buffer {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'bench' }),
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  const logger = provider.getLogger('bench');
  for (let index = 0; index < batchSize; index += 1) {
    logger.emit({
      timestamp: [Number(TIME / 1_000_000_000n), Number(TIME % 1_000_000_000n)],
      body: 'request refused',
      attributes: {
        'http.request.method': 'GET',
        'http.route': `/api/v1/resource-${String(index % ROUTES)}/{id}`,
        'http.response.status_code': 401,
        'exception.type': 'AuthError',
        'exception.message': `${REASONS[index % REASONS.length] ?? ''} (request ${NUMBER})`,
        'client.address': `203.0.113.${String(index % 250)}`,
        'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      },
    });
  }
  return Buffer.from(ProtobufLogsSerializer.serializeRequest(memory.getFinishedLogRecords()) ?? []);
}

function placesOf(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = template.indexOf(bytes); at !== -1; at = template.indexOf(bytes, at + bytes.length)) places.push(at);
  return places;
}

const template = encodeOnce();
const time = Buffer.alloc(8);
time.writeBigUInt64LE(TIME);
const times = placesOf(time);
const numbers = placesOf(Buffer.from(NUMBER));
if (times.length !== batchSize || numbers.length !== batchSize)
  throw new Error('cannot find the places of times and numbers in the request');
let made = 0;
let member = Buffer.alloc(0);
let memberAt = -Infinity;

/** Two members of one gzip file: the records, compressed once a second, and the field that makes the request another one. */
function nextBody(): Buffer {
  if (performance.now() - memberAt > 1_000) {
    const now = BigInt(Date.now()) * 1_000_000n;
    for (const at of times) template.writeBigUInt64LE(now, at);
    for (const at of numbers) template.write(String(made++).padStart(NUMBER.length, '0'), at);
    member = gzipSync(template, { level: 1 });
    memberAt = performance.now();
  }
  // Field 1000, length-delimited.
  const field = Buffer.concat([Buffer.from([0xc2, 0x3e, 16]), randomBytes(16)]);
  return Buffer.concat([member, gzipSync(field, { level: 0 })]);
}

const result: LoadResult = { sent: 0, failed: 0, unsent: 0, seconds: 0, first: [], acknowledged: [] };
const started = performance.now();
const pending = new Set<Promise<void>>();

async function send(body: Buffer): Promise<void> {
  const at = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    });
    await response.arrayBuffer();
    if (response.ok) result.sent += batchSize;
    else result.failed += batchSize;
    if (response.ok) (at - started < FIRST_MS ? result.first : result.acknowledged).push(performance.now() - at);
  } catch {
    // A connection that broke says nothing of what became of the request: it counts as not acknowledged.
    result.failed += batchSize;
  }
}

function begin(): void {
  const sending: Promise<void> = send(nextBody()).finally(() => pending.delete(sending));
  pending.add(sending);
}

async function atRate(recordsPerSecond: number): Promise<void> {
  const requests = Math.round((recordsPerSecond * Number(seconds)) / batchSize);
  for (let index = 0; index < requests; index += 1) {
    const due = started + (index * batchSize * 1_000) / recordsPerSecond;
    if (performance.now() < due) await sleep(due - performance.now());
    // Answers must be read too, however late it is.
    else if (index % 16 === 0) await immediate();
    if (pending.size < MAX_PENDING) begin();
    else result.unsent += batchSize;
  }
}

async function asFastAsAnswersCome(): Promise<void> {
  while (performance.now() - started < Number(seconds) * 1_000) {
    while (pending.size < CONNECTIONS) begin();
    await Promise.race(pending);
  }
}

await (Number(rate) === 0 ? asFastAsAnswersCome() : atRate(Number(rate)));
await Promise.all(pending);
result.seconds = (performance.now() - started) / 1_000;
for (const list of [result.first, result.acknowledged]) list.sort((a, b) => a - b);
process.stdout.write(JSON.stringify(result));
