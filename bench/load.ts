/**
 * The load generator, a process of its own so that its CPU time is not the service's: sends OTLP/HTTP requests at a
 * steady rate and prints one line of JSON. A request is encoded once, by OpenTelemetry's own serialiser; each one sent has
 * fresh times and numbers written into its bytes, so that making load costs little of the machine that is measured.
 * Arguments: receiver URL, records per second, seconds, records per request.
 */
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';

const [url = '', rate = '0', seconds = '0', batch = '0'] = process.argv.slice(2);
const batchSize = Number(batch);
const ROUTES = 40;
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
  sent: number;
  failed: number;
  seconds: number;
  /** Acknowledgement times, milliseconds, sorted. */
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
if (times.length !== batchSize || numbers.length !== batchSize) throw new Error('cannot find the places of times and numbers in the request');
let made = 0;

function nextBody(): Buffer {
  const now = BigInt(Date.now()) * 1_000_000n;
  for (const at of times) template.writeBigUInt64LE(now, at);
  for (const at of numbers) template.write(String(made++).padStart(NUMBER.length, '0'), at);
  return gzipSync(template, { level: 1 });
}

const result: LoadResult = { sent: 0, failed: 0, seconds: 0, acknowledged: [] };
const started = performance.now();
const pending = new Set<Promise<void>>();

async function send(body: Buffer): Promise<void> {
  const at = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  });
  await response.arrayBuffer();
  if (response.ok) result.sent += batchSize;
  else result.failed += batchSize;
  result.acknowledged.push(performance.now() - at);
}

const requests = Math.round((Number(rate) * Number(seconds)) / batchSize);
for (let index = 0; index < requests; index += 1) {
  const due = started + (index * batchSize * 1_000) / Number(rate);
  if (performance.now() < due) await sleep(due - performance.now());
  const sending: Promise<void> = send(nextBody()).finally(() => pending.delete(sending));
  pending.add(sending);
}
await Promise.all(pending);
result.seconds = (performance.now() - started) / 1_000;
result.acknowledged.sort((a, b) => a - b);
process.stdout.write(JSON.stringify(result));
