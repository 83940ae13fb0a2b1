/**
 * `npm run bench:decode`: OTLP protobuf read by the cursor beside protobufjs, on the same bytes in the same run, one core.
 * "read" is everything from the bytes to what a record says; "decode" makes an object of every record, as protobufjs does.
 */
import { RecordReader } from '../src/core/record-reader.js';
import { decodeWithProtobufjs, encodeRequest, requestOf } from '../test/support/otlp-messages.js';
import { say, sayMachine } from './print.js';

const RECORDS = 2_000;
const RUNS = 9;
const RUN_MS = 400;
const RESOURCE = { 'service.name': 'bench', 'service.version': '1.2.3', 'host.name': 'node-17', 'deployment.environment.name': 'prod' };

sayMachine();
say(`${String(RECORDS)} records a request, ${String(RUNS)} runs of ${String(RUN_MS)} ms; records/s, median (lowest to highest)\n`);
compare('every record a refusal', 1);
compare('1 of 100 a refusal', 100);

function compare(title: string, every: number): void {
  const body = encodeRequest(
    requestOf(
      Array.from({ length: RECORDS }, (_, index) => recordOf(index, index % every === 0)),
      RESOURCE,
    ),
  );
  say(`${title}: ${String(Math.round(body.length / RECORDS))} bytes a record`);
  const reader = new RecordReader(
    (bytes, start, end) => (bytes as Buffer).toString('utf8', start, end),
    (size) => Buffer.alloc(size),
  );
  const base = measure('protobufjs, decode', () => void decodeWithProtobufjs(body));
  const decode = measure('cursor, decode', () => {
    const logs = reader.open(body);
    while (logs.next()) logs.toLogRecord(0);
  });
  const read = measure('cursor, read', () => {
    const logs = reader.open(body);
    while (logs.next()) reader.read(logs, 0);
  });
  say(`  decode ${(decode / base).toFixed(1)} times, read ${(read / base).toFixed(1)} times as many as protobufjs decodes\n`);
}

function measure(name: string, work: () => void): number {
  const rates: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const started = performance.now();
    let records = 0;
    while (performance.now() - started < RUN_MS) {
      work();
      records += RECORDS;
    }
    // The first run warms up.
    if (run > 0) rates.push((records / (performance.now() - started)) * 1_000);
  }
  rates.sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)] ?? 0;
  const round = (rate: number | undefined): string => Math.round(rate ?? 0).toLocaleString('en');
  say(`  ${name.padEnd(20)}${round(median).padStart(10)} (${round(rates[0])} to ${round(rates.at(-1))})`);
  return median;
}

function recordOf(index: number, isRefused: boolean): Parameters<typeof requestOf>[0][number] {
  const route = `/api/v1/resource-${String(index % 40)}`;
  return {
    timeNano: `17900000${String(10_000_000_000 + index * 1_000_003).slice(0, 11)}`,
    body: isRefused ? 'request refused' : 'request done',
    attributes: {
      'http.request.method': 'GET',
      'http.route': `${route}/{id}`,
      'http.response.status_code': isRefused ? 401 : 200,
      ...(isRefused
        ? { 'exception.type': 'TokenExpiredError', 'exception.message': 'jwt expired' }
        : { 'app.outcome': 'all went well here' }),
      'client.address': `203.0.113.${String(index % 250)}`,
      'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'thread.name': `worker-${String(index % 8)}`,
      'code.function.name': 'com.example.auth.JwtFilter.doFilter',
      'app.request.id': `c0ffee00-0000-4000-8000-${String(index).padStart(12, '0')}`,
      'server.address': 'api.example.com',
      'network.protocol.version': '1.1',
    },
  };
}
