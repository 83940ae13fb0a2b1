import { Client, credentials, status as Code, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { problemAnswer } from '../../src/ops/problem.js';
import { App } from '../support/app.js';
import { encodeRequest, requestOf, RESPONSE, STATUS } from '../support/otlp-messages.js';
import { until } from '../support/service.js';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };
const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

type MakeExporter = (app: App, compression: CompressionAlgorithm) => LogRecordExporter;
const EXPORTERS: Record<string, MakeExporter> = {
  'http/protobuf': (app, compression) => new ProtobufExporter({ url: `${app.otlpUrl}/v1/logs`, compression }),
  'http/json': (app, compression) => new JsonExporter({ url: `${app.otlpUrl}/v1/logs`, compression }),
  grpc: (app, compression) => new GrpcExporter({ url: app.grpcUrl, compression }),
};

function providerOf(exporter: LogRecordExporter, service: string): LoggerProvider {
  const processor = new BatchLogRecordProcessor({ exporter, maxQueueSize: 100_000, maxExportBatchSize: 200, scheduledDelayMillis: 50 });
  return new LoggerProvider({ resource: resourceFromAttributes({ 'service.name': service }), processors: [processor] });
}

/** Half of the records are refusals. */
async function emit(logs: LoggerProvider, count: number, pauseMs = 0): Promise<void> {
  const logger = logs.getLogger('test');
  for (let index = 0; index < count; index += 1) {
    const attributes = { 'http.response.status_code': index % 2 === 0 ? 401 : 200, 'http.route': `/r/${'abcde'[index % 5] ?? ''}` };
    logger.emit({ severityNumber: SeverityNumber.WARN, body: index % 2 === 0 ? 'jwt expired' : 'done', attributes });
    if (pauseMs > 0 && index % 200 === 199) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** @returns a function that tells how many refusals the receiver took over, by its answers */
function countAcknowledged(exporter: LogRecordExporter): () => number {
  let count = 0;
  const original = exporter.export.bind(exporter);
  exporter.export = (records, done) => {
    original(records, (result) => {
      if (result.error === undefined) count += records.filter(({ attributes }) => attributes['http.response.status_code'] === 401).length;
      done(result);
    });
  };
  return () => count;
}

async function counted(app: App, service: string, expected: number): Promise<void> {
  await until(
    () => app.total(`&service=${service}`),
    (total) => total >= expected,
  );
  expect(await app.total(`&service=${service}`)).toBe(expected);
}

interface GrpcAnswer {
  error: ServiceError | null;
  response: Buffer | undefined;
}

function call(client: Client, body: Buffer, path = EXPORT): Promise<GrpcAnswer> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, body, (error, response) => {
      resolve({ error, response });
    });
  });
}

describe('receivers', () => {
  let app: App;
  let client: Client;
  beforeAll(async () => {
    app = await App.start();
    client = new Client(new URL(app.grpcUrl).host, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
  });
  afterAll(async () => {
    client.close();
    await app.stop();
  });

  for (const [name, make] of Object.entries(EXPORTERS)) {
    for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
      it(`count exactly what the ${name} exporter sends, compression ${compression}`, async () => {
        const service = `${name.replace('/', '-')}-${compression}`;
        const logs = providerOf(make(app, compression), service);
        await emit(logs, 4_000);
        await logs.forceFlush();
        await logs.shutdown();
        await counted(app, service, 2_000);
      });
    }

    it(`lose and double nothing of the ${name} exporter while they are restarted`, async () => {
      const service = `restarted-${name.replace('/', '-')}`;
      const exporter = make(app, CompressionAlgorithm.GZIP);
      const acknowledged = countAcknowledged(exporter);
      const logs = providerOf(exporter, service);
      const emitting = emit(logs, 6_000, 40);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await app.signal('SIGTERM');
      await app.launch();
      await emitting;
      await logs.forceFlush().catch(() => undefined);
      await logs.shutdown();
      expect(acknowledged()).toBeGreaterThan(300);
      // This exporter gives up a request at the first failure; the others send it again.
      if (name === 'grpc') await counted(app, service, acknowledged());
      else await counted(app, service, 3_000);
    });
  }

  it('count the same bytes once, through either protocol, and other bytes again', async () => {
    const records = Array.from({ length: 1_500 }, (_, index) => ({
      timeNano: `${String(Date.now() - index)}000000`,
      body: 'jwt expired',
      attributes: { status: 401 },
    }));
    const body = encodeRequest(requestOf(records, { 'service.name': 'repeated' }));
    for (let time = 0; time < 3; time += 1) {
      expect((await app.post('/v1/logs', body, PROTOBUF)).status).toBe(200);
      expect((await app.post('/v1/logs', gzipSync(body), { ...PROTOBUF, 'content-encoding': 'gzip' })).status).toBe(200);
      expect((await call(client, body)).error).toBeNull();
    }
    await counted(app, 'repeated', 1_500);
    const other = encodeRequest(requestOf(records.slice(1), { 'service.name': 'repeated' }));
    await app.post('/v1/logs', deflateSync(other), { ...PROTOBUF, 'content-encoding': 'deflate' });
    await counted(app, 'repeated', 2_999);
  });

  it('count events with an Idempotency-Key once, and other events under it again', async () => {
    const send = (reason: string, key: string, type = 'application/json'): Promise<Response> =>
      app.post('/v1/events', JSON.stringify({ service: 'keyed', status: 401, reason }), { 'content-type': type, 'idempotency-key': key });
    for (const type of ['application/json', 'application/x-ndjson']) {
      for (let time = 0; time < 3; time += 1) expect((await send('jwt expired', type, type)).status).toBe(202);
    }
    await send('wrong password', 'application/json');
    await send('jwt expired', 'another');
    await counted(app, 'keyed', 4);
  });

  it('take lines as they come, and name the ones that cannot be read', async () => {
    const line = JSON.stringify({ service: 'lines', status: 401, reason: 'jwt expired' });
    const lines = Array.from({ length: 5_000 }, (_, index) => (index === 4_321 ? '{broken' : line));
    const response = await app.post('/v1/events', gzipSync(lines.join('\n')), {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    });
    expect(await response.json()).toEqual({ accepted: 4_999, ignored: 0, rejected: [{ index: 4_321, reason: 'is no JSON' }] });
    await counted(app, 'lines', 4_999);
  });

  it('answer gRPC as OTLP says', async () => {
    expect(await call(client, Buffer.alloc(0))).toEqual({ error: null, response: Buffer.alloc(0) });
    const partly = encodeRequest(
      requestOf([
        { attributes: { status: 401 }, body: 'a' },
        { timeNano: '1000000000000000000', attributes: { status: 401 }, body: 'b' },
      ]),
    );
    const { response } = await call(client, partly);
    expect(RESPONSE.toObject(RESPONSE.decode(response ?? Buffer.alloc(0)), { longs: Number })).toEqual({
      partialSuccess: { rejectedLogRecords: 1, errorMessage: expect.stringMatching(/^record 1: its time is older/) },
    });
    const broken = await call(client, Buffer.from([0x0a, 0xff, 0xff]));
    expect(broken.error?.code).toBe(Code.INVALID_ARGUMENT);
    const [details] = broken.error?.metadata.get('grpc-status-details-bin') ?? [];
    expect(STATUS.toObject(STATUS.decode(details as Buffer))).toMatchObject({
      code: 3,
      message: expect.stringContaining('no OTLP logs request'),
    });
    expect((await call(client, Buffer.alloc(0), '/opentelemetry.proto.collector.logs.v1.LogsService/Import')).error?.code).toBe(
      Code.UNIMPLEMENTED,
    );
    const tooLarge = await call(client, Buffer.alloc(65 * 1024 * 1024));
    expect(tooLarge.error?.code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(tooLarge.error?.metadata.get('grpc-status-details-bin')).toEqual([]);
  });

  it('answer HTTP as OTLP says: a Status in the encoding of the request', async () => {
    const lost = await fetch(`${app.otlpUrl}/v1/traces`, { method: 'POST', body: '{}', headers: JSON_TYPE });
    expect([lost.status, await lost.json()]).toEqual([404, { code: 5, message: expect.stringContaining('/v1/logs') }]);
    const binary = await fetch(`${app.otlpUrl}/v1/traces`, { method: 'POST', body: 'x', headers: PROTOBUF });
    expect(STATUS.toObject(STATUS.decode(Buffer.from(await binary.arrayBuffer())))).toMatchObject({ code: 5 });
    const method = await fetch(`${app.otlpUrl}/v1/logs`);
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST']);
    const type = await app.post('/v1/logs', 'x', { 'content-type': 'text/plain' });
    expect(type.status).toBe(415);
    const zipped = await app.post('/v1/logs', 'no gzip', { ...PROTOBUF, 'content-encoding': 'gzip' });
    expect(zipped.status).toBe(400);
    const cut = await app.post('/v1/logs', gzipSync(Buffer.alloc(1_000)).subarray(0, 20), { ...PROTOBUF, 'content-encoding': 'gzip' });
    expect(cut.status).toBe(400);
    const unknown = await app.post('/v1/logs', 'x', { ...PROTOBUF, 'content-encoding': 'br' });
    expect(unknown.status).toBe(415);
    const parameters = await app.post('/v1/logs', '{}', { 'content-type': 'application/json; charset=utf-8' });
    expect([parameters.status, parameters.headers.get('content-type'), await parameters.text()]).toEqual([200, 'application/json', '{}']);
    const bomb = await app.post('/v1/logs', gzipSync(Buffer.alloc(65 * 1024 * 1024)), { ...PROTOBUF, 'content-encoding': 'gzip' });
    expect(bomb.status).toBe(413);
  });

  it('take a request of 64 MiB whole', async () => {
    const one = encodeRequest(
      requestOf([{ body: 'x'.repeat(590), attributes: { 'http.response.status_code': 200 } }], { 'service.name': 'large' }),
    );
    const times = Math.floor((64 * 1024 * 1024) / one.length) - 1;
    const refused = encodeRequest(
      requestOf([{ body: 'jwt expired', attributes: { 'http.response.status_code': 401 } }], { 'service.name': 'large' }),
    );
    const response = await app.post('/v1/logs', Buffer.concat([...Array<Buffer>(times).fill(one), refused]), PROTOBUF);
    expect(response.status).toBe(200);
    await counted(app, 'large', 1);
  });

  it('give up heads and bodies that never end, and a call whose message never comes', async () => {
    const started = Date.now();
    const head = 'Host: localhost\r\nContent-Type: application/json\r\n';
    const slow = [
      dripping(app.url, `POST /v1/events HTTP/1.1\r\n${head}Content-Length: 100000\r\n\r\n{`),
      dripping(app.url, `POST /v1/rules HTTP/1.1\r\n${head}Content-Length: 10000\r\n\r\n{`),
      dripping(app.url, `POST /v1/rules HTTP/1.1\r\n${head}X-Endless: `),
    ];
    const logs = [
      dripping(
        app.url,
        'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 9999\r\n\r\n',
      ),
      dripping(app.otlpUrl, `POST /v1/logs HTTP/1.1\r\n${head}Content-Length: 100000\r\n\r\n{`),
    ];
    const [status, ...answers] = await Promise.all([silentCall(), ...slow]);
    expect(status).toBe(String(Code.DEADLINE_EXCEEDED));
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(problemAnswer.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).detail).toBe('the request did not arrive within 30 s');
    }
    const [protobuf = '', json = ''] = await Promise.all(logs);
    const late = { code: Code.DEADLINE_EXCEEDED, message: 'the request did not arrive within 30 s' };
    expect(protobuf).toMatch(/^HTTP\/1\.1 408 .*\r\ncontent-type: application\/x-protobuf\r\n/s);
    expect(STATUS.toObject(STATUS.decode(Buffer.from(protobuf.split('\r\n\r\n')[1] ?? '', 'latin1')))).toMatchObject(late);
    expect(json).toMatch(/^HTTP\/1\.1 408 .*\r\ncontent-type: application\/json\r\n/s);
    expect(JSON.parse(json.split('\r\n\r\n')[1] ?? '')).toEqual(late);
    expect(Date.now() - started).toBeLessThan(40_000);
  });

  /** Goes on by a byte a second. @returns what is answered */
  async function dripping(url: string, text: string): Promise<string> {
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const drip = setInterval(() => socket.write(' '), 1_000);
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.write(text);
    await once(socket, 'close');
    clearInterval(drip);
    return answer;
  }

  /** @returns the call's grpc-status */
  async function silentCall(): Promise<unknown> {
    const session = connectHttp2(app.grpcUrl);
    const call = session.request({ ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc', te: 'trailers' });
    const status = await new Promise((resolve) => {
      // Without a message before it, the status comes in the headers.
      for (const event of ['response', 'trailers'])
        call.on(event, (headers: Record<string, unknown>) => {
          if (headers['grpc-status'] !== undefined) resolve(headers['grpc-status']);
        });
    });
    session.destroy();
    return status;
  }
});
