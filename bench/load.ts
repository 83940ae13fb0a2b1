/**
 * The load generator, a process of its own so that its CPU time is not the service's: sends OTLP/HTTP requests at a
 * steady rate and prints one line of JSON. Arguments: receiver URL, records per second, seconds, records per request.
 */
import { SeverityNumber } from '@opentelemetry/api-logs';
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

const memory = new InMemoryLogRecordExporter();
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'bench' }),
  processors: [new SimpleLogRecordProcessor({ exporter: memory })],
});
const logger = provider.getLogger('bench');
let made = 0;

/** A request as an exporter makes it: fresh times, about 300 bytes a record before compression. */
function nextBody(): Buffer {
  for (let index = 0; index < batchSize; index += 1, made += 1) {
    const reason = REASONS[made % REASONS.length] ?? '';
    logger.emit({
      severityNumber: SeverityNumber.WARN,
      body: 'request refused',
      attributes: {
        'http.request.method': 'GET',
        'http.route': `/api/v1/resource-${String(made % ROUTES)}/{id}`,
        'http.response.status_code': 401,
        'exception.type': 'AuthError',
        'exception.message': `${reason} (request ${String(made)})`,
        'client.address': `203.0.113.${String(made % 250)}`,
        'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      },
    });
  }
  const records = memory.getFinishedLogRecords();
  const body = ProtobufLogsSerializer.serializeRequest(records);
  memory.reset();
  return gzipSync(body ?? new Uint8Array(), { level: 1 });
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
