import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import type { alertsAnswer } from '../../src/alert/answers.js';
import { healthAnswer } from '../../src/ops/operations.controller.js';
import { problemAnswer } from '../../src/ops/problem.js';
import {
  causeAnswer,
  causesAnswer,
  findingsAnswer,
  oneSignatureAnswer,
  signaturesAnswer,
  topAnswer,
  trendsAnswer,
} from '../../src/query/answers.js';
import { failedBatchesAnswer } from '../../src/queue/failed-batches.controller.js';
import { rulesAnswer } from '../../src/teach/answers.js';
import { freePort } from '../../src/store/postgres-process.js';
import { App, runMain } from '../support/app.js';
import { until } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const EXPIRED = { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };

/** A log pipeline as an application sets it up. */
function provider(exporter: LogRecordExporter, service: string): LoggerProvider {
  return new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    processors: [
      new BatchLogRecordProcessor({
        exporter,
        maxQueueSize: 200_000,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 100,
        exportTimeoutMillis: 30_000,
      }),
    ],
  });
}

async function emit(logs: LoggerProvider, count: number, attributes: (index: number) => Record<string, string | number>): Promise<void> {
  const logger = logs.getLogger('test');
  for (let index = 0; index < count; index += 1) {
    logger.emit({ severityNumber: SeverityNumber.WARN, body: 'request refused', attributes: attributes(index) });
    // Lets the exporter work in between, as an application's own requests do.
    if (index % 2_000 === 1_999) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await logs.forceFlush();
}

describe('the built service on its embedded database', () => {
  let app: App;
  beforeAll(async () => {
    app = await App.start();
  });
  afterAll(() => app.stop());

  it('takes a first event and answers trends by cause', async () => {
    const response = await app.post('/v1/events', JSON.stringify(EXPIRED), JSON_TYPE);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 1, ignored: 0, rejected: [] });
    await until(
      () => app.total('&service=checkout'),
      (total) => total === 1,
    );
    const { body } = await app.get<z.output<typeof trendsAnswer>>('/v1/trends?from=-1m&step=10s&service=checkout&by=cause,service');
    expect(body.series).toHaveLength(1);
    expect(body.series[0]).toMatchObject({ key: { cause: 'expired_token', service: 'checkout' }, total: 1 });
    expect(body.series[0]?.points.filter(([, count]) => count !== 0)).toHaveLength(1);
    const steps = body.series[0]?.points.map(([at]) => at) ?? [];
    expect(steps.slice(1).every((at, index) => at - (steps[index] ?? 0) === 10_000)).toBe(true);
  });

  it.each([
    ['http/protobuf with gzip', (url: string) => new ProtobufExporter({ url, compression: CompressionAlgorithm.GZIP })],
    ['http/protobuf', (url: string) => new ProtobufExporter({ url })],
    ['http/json', (url: string) => new JsonExporter({ url })],
  ])('counts what the JavaScript exporter sends over %s', async (name, exporter) => {
    const service = `exporter-${name.replace(/\W+/g, '-')}`;
    const logs = provider(exporter(`${app.otlpUrl}/v1/logs`), service);
    await emit(logs, 1_000, (index) => ({
      'http.response.status_code': index % 4 === 0 ? 200 : 401,
      'http.route': `/r/${String(index % 3)}`,
      'exception.type': 'TokenExpiredError',
      'exception.message': 'jwt expired',
    }));
    await logs.shutdown();
    await until(
      () => app.total(`&service=${service}`),
      (total) => total === 750,
    );
    const { body } = await app.get<z.output<typeof topAnswer>>(`/v1/top?by=cause&service=${service}`);
    expect(body.rows).toEqual([
      expect.objectContaining({ key: { cause: 'expired_token' }, count: 750, share: 1, previous_count: 0, change: null }),
    ]);
  });

  it('counts exactly 100,000 records of real exporters', async () => {
    const reasons = ['jwt expired', 'No authorization header', 'invalid signature', 'Wrong password', 'Invalid API key'];
    const senders = [
      new ProtobufExporter({ url: `${app.otlpUrl}/v1/logs`, compression: CompressionAlgorithm.GZIP }),
      new JsonExporter({ url: `${app.url}/v1/logs` }),
    ].map((exporter) => provider(exporter, 'hundred-thousand'));
    await Promise.all(
      senders.map((logs) =>
        emit(logs, 50_000, (index) => ({
          'http.response.status_code': 401,
          'http.route': `/r/${String(index % 40)}`,
          'exception.message': reasons[index % reasons.length] ?? '',
        })),
      ),
    );
    await Promise.all(senders.map((logs) => logs.shutdown()));
    await until(
      () => app.total('&service=hundred-thousand'),
      (total) => total >= 100_000,
      60_000,
    );
    const { body } = await app.get<z.output<typeof topAnswer>>('/v1/top?by=cause&service=hundred-thousand');
    expect(body.total).toBe(100_000);
    expect(body.rows.map(({ count }) => count)).toEqual([20_000, 20_000, 20_000, 20_000, 20_000]);
  });

  it('rejects a record by its index and counts its neighbours', async () => {
    const events = [
      EXPIRED,
      { ...EXPIRED, time: '2020-01-01T00:00:00Z' },
      7,
      { ...EXPIRED, cause: 'aliens' },
      { service: 'x', status: 200 },
    ].map((event) => (typeof event === 'object' ? { ...event, service: 'neighbours' } : event));
    const response = await app.post('/v1/events', JSON.stringify(events), JSON_TYPE);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      accepted: 1,
      ignored: 1,
      rejected: [
        { index: 1, reason: expect.stringContaining('older than the 400 days') },
        { index: 2, reason: 'is no JSON object' },
        { index: 3, reason: expect.stringContaining('why401.cause') },
      ],
    });
    await until(
      () => app.total('&service=neighbours'),
      (total) => total === 1,
    );
  });

  it('says in OTLP which records it rejected', async () => {
    const record = (cause: string): object => ({
      timeUnixNano: `${String(Date.now())}000000`,
      body: { stringValue: 'x' },
      attributes: [{ key: 'why401.cause', value: { stringValue: cause } }],
    });
    const request = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'partial' } }] },
          scopeLogs: [{ logRecords: [record('expired_token'), record('aliens')] }],
        },
      ],
    };
    const response = await app.post('/v1/logs', JSON.stringify(request), JSON_TYPE);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringMatching(/^record 1: why401\.cause/) },
    });
    await until(
      () => app.total('&service=partial'),
      (total) => total === 1,
    );
  });

  it('counts the neighbours of records that mean harm', async () => {
    // As text: JSON.stringify itself gives up on lists as deep as this.
    const nested = `${'['.repeat(20_000)}"deep"${']'.repeat(20_000)}`;
    const emoji = '\u{1f600}';
    const hostile = [
      { status: 401, authorization: 'constructor x' },
      { status: 401, authorization_scheme: '__proto__' },
      { status: 401, path: '/a\u0000b', route: '/c\u0000d' },
      { status: 401, reason: `jwt expired ${emoji.repeat(250)}` },
      { status: 401, path: `/${`${emoji.repeat(15)}/`.repeat(10)}` },
      { status: 401, service: `a${emoji.repeat(60)}`, environment: '\ud800' },
      { status: 401, reason: `user=a${emoji.repeat(150)}`, error_code: `\u0000${emoji}` },
      { status: 401, reason: '@nested', www_authenticate: '@nested' },
      { status: 401, attributes: JSON.parse('{"__proto__":{"x":1},"constructor":7,"exception.type":{"a":1}}') as object, resource: [] },
    ];
    const answers = await Promise.all([
      app.post(
        '/v1/events',
        JSON.stringify(hostile.map((event) => ({ service: 'hostile', ...event }))).replaceAll('"@nested"', nested),
        JSON_TYPE,
      ),
      app.post('/v1/events', JSON.stringify(Array.from({ length: 50 }, () => ({ ...EXPIRED, service: 'beside' }))), JSON_TYPE),
      app.post(
        '/v1/logs',
        JSON.stringify({
          resourceLogs: [
            { scopeLogs: [{ logRecords: [{ attributes: [{ key: 'status', value: { intValue: { toString: 1, valueOf: 1 } } }] }] }] },
          ],
        }),
        JSON_TYPE,
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 200]);
    expect(await answers[0].json()).toEqual({ accepted: hostile.length, ignored: 0, rejected: [] });
    await until(
      () => app.total('&service=beside'),
      (total) => total === 50,
    );
    await until(
      () => app.total('&service=hostile&service=a*'),
      (total) => total === hostile.length,
    );
    expect((await app.get<z.output<typeof failedBatchesAnswer>>('/v1/failed-batches')).body.total).toBe(0);
  });

  it('takes a reason beside a status for what it is', async () => {
    const events = [
      { status: 200, reason: 'OK' },
      { status: 500, reason: 'database down' },
      { reason: 'jwt expired' },
      { status: 403, reason: 'jwt expired' },
    ];
    const response = await app.post('/v1/events', JSON.stringify(events.map((event) => ({ ...event, service: 'reasons' }))), JSON_TYPE);
    expect(await response.json()).toEqual({ accepted: 2, ignored: 2, rejected: [] });
  });

  it('splits a request of many signatures into batches, and counts each', async () => {
    const words = ['red', 'green', 'blue', 'black', 'white', 'brown', 'grey', 'pink', 'cyan', 'lime'];
    const event = (index: number): object => ({
      ...EXPIRED,
      service: 'many',
      reason: [1_000, 100, 10, 1].map((unit) => words[Math.floor(index / unit) % 10]).join(' '),
    });
    const response = await app.post('/v1/events', JSON.stringify(Array.from({ length: 5_000 }, (_, index) => event(index))), JSON_TYPE);
    expect(await response.json()).toMatchObject({ accepted: 5_000 });
    await until(
      () => app.total('&service=many'),
      (total) => total === 5_000,
    );
    const { body } = await app.get<z.output<typeof signaturesAnswer>>('/v1/signatures?service=many&limit=1000');
    expect([body.signatures.length, body.next_cursor === null]).toEqual([1_000, false]);
  });

  it('says nothing of a span before that reaches beyond what is kept', async () => {
    const { body } = await app.get<z.output<typeof topAnswer>>('/v1/top?from=-250d&service=checkout');
    expect(body.rows[0]).toMatchObject({ previous_count: null, change: null });
  });

  it('reads NDJSON, gzip, and flat and shaped members side by side', async () => {
    const lines = [
      JSON.stringify({ ...EXPIRED, service: 'lines' }),
      '{broken',
      JSON.stringify({
        body: 'invalid signature',
        attributes: { 'http.response.status_code': 401 },
        resource: { 'service.name': 'lines' },
      }),
    ];
    const response = await app.post('/v1/events', gzipSync(lines.join('\n')), {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-encoding': 'gzip',
    });
    expect(await response.json()).toEqual({ accepted: 2, ignored: 0, rejected: [{ index: 1, reason: 'is no JSON' }] });
    await until(
      () => app.total('&service=lines'),
      (total) => total === 2,
    );
  });

  it.each([
    ['/v1/logs', 'application/json', '{broken', 400, 3],
    ['/v1/logs', 'application/json', '[]', 400, 3],
    ['/v1/logs', 'text/plain', 'x', 415, 3],
  ])('answers %s of type %s with a google.rpc.Status', async (path, type, body, status, code) => {
    const response = await app.post(path, body, { 'content-type': type });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ code, message: expect.any(String) });
  });

  it('answers an undecodable protobuf body in protobuf', async () => {
    const response = await app.post('/v1/logs', Buffer.from([0x0a, 0xff]), { 'content-type': 'application/x-protobuf' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 2)]).toEqual([0x08, 3]);
    expect(bytes.toString()).toContain('no OTLP logs request');
  });

  it('answers an empty request with an empty success in its encoding', async () => {
    const response = await app.post('/v1/logs', Buffer.alloc(0), { 'content-type': 'application/x-protobuf' });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });

  it.each([
    ['not gzip', Buffer.from('no'), 'gzip', 400],
    ['an unknown encoding', Buffer.from('no'), 'br', 415],
    ['66 MiB in 66 kB', gzipSync(Buffer.alloc(66 * 1024 * 1024, 0x20)), 'gzip', 413],
  ])('refuses a body that is %s', async (_, body, encoding, status) => {
    for (const path of ['/v1/logs', '/v1/events']) {
      const response = await app.post(path, body, { ...JSON_TYPE, 'content-encoding': encoding });
      expect(response.status).toBe(status);
    }
  });

  it('refuses a body that says it is larger than 64 MiB before it comes, and one that turns out to be', async () => {
    const send = (headers: string, chunks: number): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
        let answer = '';
        socket.on('data', (data) => (answer += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve(answer.split('\r\n')[0] ?? '');
        });
        socket.write(`POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`);
        const chunk = `100000\r\n${' '.repeat(1024 * 1024)}\r\n`;
        for (let index = 0; index < chunks; index += 1) socket.write(chunk);
      });
    expect(await send(`Content-Length: ${String(65 * 1024 * 1024)}`, 0)).toBe('HTTP/1.1 413 Payload Too Large');
    expect(await send('Transfer-Encoding: chunked', 66)).toBe('HTTP/1.1 413 Payload Too Large');
    expect((await app.get('/health/live')).status).toBe(200);
  });

  it('refuses more records than a request may have, before they fill the memory', async () => {
    // 64 MiB of empty records in 65 kB, as protobuf and as JSON.
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
    const wrap = (tag: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content]);
    const protobuf = wrap(0x0a, wrap(0x12, Buffer.from('1200'.repeat(30_000_000), 'hex')));
    const bodies: [string, string, Buffer][] = [
      ['/v1/logs', 'application/x-protobuf', protobuf],
      ['/v1/events', 'application/json', Buffer.from(`[1${',1'.repeat(20_000_000)}]`)],
      ['/v1/events', 'application/x-ndjson', Buffer.from('1\n'.repeat(20_000_000))],
      ['/v1/logs', 'application/json', Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[1${',1'.repeat(1_200_000)}]}]}]}`)],
    ];
    for (const [path, type, body] of bodies) {
      const response = await app.post(path, gzipSync(body, { level: 1 }), { 'content-type': type, 'content-encoding': 'gzip' });
      expect([path, type, response.status]).toEqual([path, type, 413]);
      expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('more than the 1000000 records allowed');
    }
    expect((await app.get('/health/live')).status).toBe(200);
  });

  it('answers every query endpoint as its schema says', async () => {
    const { body: list } = await app.get<z.output<typeof signaturesAnswer>>('/v1/signatures?limit=2');
    const id = list.signatures[0]?.id ?? '';
    const endpoints: [string, z.ZodType][] = [
      ['/v1/trends', trendsAnswer],
      ['/v1/trends?by=route&limit=2&from=-2h&step=1m', trendsAnswer],
      ['/v1/top?by=service,cause', topAnswer],
      ['/v1/signatures?limit=2', signaturesAnswer],
      [`/v1/signatures/${id}`, oneSignatureAnswer],
      ['/v1/findings', findingsAnswer],
      ['/v1/rules', rulesAnswer],
      ['/v1/causes', causesAnswer],
      ['/v1/causes/expired_token', causeAnswer],
      ['/v1/failed-batches', failedBatchesAnswer],
      ['/health/ready', healthAnswer],
    ];
    for (const [path, schema] of endpoints) {
      const { status, body } = await app.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, schema.safeParse(body).error]).toEqual([path, undefined]);
    }
  });

  it('sums what is beyond the limit, so that a chart adds up to its total', async () => {
    const { body } = await app.get<z.output<typeof trendsAnswer>>('/v1/trends?by=route&limit=2');
    expect(body.truncated).toBe(true);
    expect(body.series).toHaveLength(3);
    expect(body.series.at(-1)?.key).toEqual({ route: '__other__' });
    expect(body.series.reduce((sum, { total }) => sum + total, 0)).toBe(body.total);
    for (const { total, points } of body.series) expect(points.reduce((sum, [, count]) => sum + (count ?? 0), 0)).toBe(total);
    expect(body.total).toBe((await app.get<z.output<typeof topAnswer>>('/v1/top')).body.total);
  });

  it('answers text/csv to those who ask for it', async () => {
    await app.post('/v1/events', JSON.stringify({ ...EXPIRED, service: '=SUM(a)' }), JSON_TYPE);
    await until(
      () => app.total(`&service=${encodeURIComponent('=*')}`),
      (total) => total === 1,
    );
    const csv = async (path: string): Promise<string[]> => {
      const response = await fetch(app.url + path, { headers: { accept: 'text/csv' } });
      expect(response.headers.get('content-type')).toContain('text/csv');
      return (await response.text()).split('\r\n');
    };
    const top = await csv('/v1/top?by=service,cause&limit=1000');
    expect(top[0]).toBe('service,cause,count,share,previous_count,change,distinct_clients,distinct_users');
    expect(top.find((line) => line.includes('SUM'))).toMatch(/^'=SUM\(a\),expired_token,1,/);
    const trend = await csv('/v1/trends?service=hundred-thousand&from=-1h&step=1m&by=service');
    expect(trend[0]).toBe('time,service,count');
    expect(trend.slice(1, -1).reduce((sum, line) => sum + Number(line.split(',')[2]), 0)).toBe(100_000);
    expect(await csv('/v1/signatures?limit=3')).toHaveLength(5);
  });

  it('pages through all signatures once', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: z.output<typeof signaturesAnswer> } = await app.get(
        `/v1/signatures?service=!many&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...body.signatures.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(
      (await app.get<z.output<typeof signaturesAnswer>>('/v1/signatures?service=!many&limit=1000')).body.signatures.length,
    );
  });

  it('filters by value, exclusion and prefix', async () => {
    const all = await app.total();
    const expired = await app.total('&cause=expired_token');
    expect(await app.total('&cause=!expired_token')).toBe(all - expired);
    expect(await app.total('&service=hundred*&cause=expired_token&cause=invalid_signature')).toBe(40_000);
    expect(await app.total(`&service=${encodeURIComponent("x' OR '1'='1")}`)).toBe(0);
  });

  it.each([
    ['/v1/trends?form=-1h', 'form'],
    ['/v1/trends?from=yesterday', 'from'],
    ['/v1/trends?from=now&to=-1h', 'from'],
    ['/v1/trends?from=1900-01-01T00:00:00Z', 'from'],
    ['/v1/trends?step=1s', 'step'],
    ['/v1/trends?from=-360d&step=10s', 'step'],
    ['/v1/trends?from=-47h&step=10s', 'step'],
    ['/v1/trends?by=colour', 'by'],
    ['/v1/trends?by=cause,cause', 'by'],
    ['/v1/trends?limit=0', 'limit'],
    ['/v1/trends?limit=1001', 'limit'],
    ['/v1/signatures?cursor=abc', 'cursor'],
    ['/v1/signatures/zz', ''],
    ['/v1/trends?service=%00', 'service'],
    ['/v1/trends?from=1e999', 'from'],
    ['/v1/trends?step=999999999w', 'step'],
    ['/v1/trends?__proto__=1', '__proto__ '],
    ['/v1/trends?constructor=1', 'constructor '],
    ['/v1/failed-batches?x=1', 'x'],
    [`/v1/signatures?cursor=${Buffer.from('0.999999999999.1.0123456789abcdef').toString('base64url')}`, 'cursor'],
  ])('answers %s with a 400 that names the field', async (path, field) => {
    const { status, body, headers } = await app.get<z.output<typeof problemAnswer>>(path);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problemAnswer.parse(body).errors?.map((error) => error.field)).toContain(field);
  });

  it('bounds the number of values of a filter', async () => {
    const { status, body } = await app.get<z.output<typeof problemAnswer>>(`/v1/trends?${'service=a&'.repeat(60)}`);
    expect([status, body.errors?.[0]?.field]).toEqual([400, 'service']);
  });

  it('answers what is not there with 404, and a wrong method with 405 and Allow', async () => {
    for (const path of ['/v1/nothing', '/v1/signatures/0123456789abcdef', '/v1/causes/aliens']) {
      const { status, body } = await app.get(path);
      expect([path, status]).toEqual([path, 404]);
      problemAnswer.parse(body);
    }
    const wrong = await app.post('/v1/trends', '', {});
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    const ingest = await app.get('/v1/logs');
    expect([ingest.status, ingest.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${app.otlpUrl}/v1/trends`)).status).toBe(404);
  });

  it('serves its documentation and its figures', async () => {
    expect((await app.get('/docs')).status).toBe(200);
    const { body: metrics } = await app.get<string>('/metrics');
    expect(metrics).toMatch(/^why401_records_accepted_total\{door="otlp_http"\} \d+$/m);
    expect(metrics).toMatch(/^why401_queue_batches \d+$/m);
    expect(metrics).toMatch(/^why401_batches_failed_total 0$/m);
  });

  it('stores no credential and no personal datum that a record carried', async () => {
    const planted = [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2ln',
      'planted.person@example.org',
      '198.51.100.77',
      'cGxhbnRlZDpzZWNyZXQ=',
    ];
    const event = {
      service: 'planted',
      status: 401,
      authorization: `Basic ${planted[3] ?? ''}`,
      reason: `token ${planted[0] ?? ''} of ${planted[1] ?? ''} from ${planted[2] ?? ''} refused`,
      client_ip: planted[2],
      user: planted[1],
      www_authenticate: [`Bearer error="invalid_token", error_description="token ${planted[0] ?? ''} expired"`],
    };
    await app.post('/v1/events', JSON.stringify(event), JSON_TYPE);
    await until(
      () => app.total('&service=planted'),
      (total) => total === 1,
    );
    const { body } = await app.get<z.output<typeof signaturesAnswer>>('/v1/signatures?service=planted');
    expect(body.signatures[0]).toMatchObject({ template: 'token <jwt> of <email> from <ip> refused', scheme: 'basic' });
    const stored = JSON.stringify(body) + app.output;
    for (const secret of planted) expect(stored).not.toContain(secret);
  });
});

describe('the demo on an empty installation', () => {
  it('ends well, and its spike is the one alert that fires', async () => {
    const app = await App.start();
    try {
      const demo = spawn(process.execPath, ['examples/demo.js', '--url', app.url, '--otlp', app.otlpUrl], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(demo, 'close')) as [number | null];
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/FIRING[^]*version 1\.5\.0/) });
      // Two more rounds of evaluation: what else would fire has done so by then.
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      const { body } = await app.get<z.output<typeof alertsAnswer>>('/v1/alerts');
      expect(body.alerts.map(({ rule, status, group }) => [rule.name, status, group])).toEqual([
        ['A cause spikes in a service', 'firing', { service: expect.stringMatching(/^orders-api-/), cause: 'invalid_signature' }],
      ]);
    } finally {
      await app.stop();
    }
  }, 120_000);
});

describe('starts and stops', () => {
  it('keeps everything that was answered when it is killed, and goes on with it', async () => {
    const app = await App.start();
    try {
      const send = (): Promise<number> =>
        app.post('/v1/events', JSON.stringify(Array.from({ length: 20 }, () => EXPIRED)), JSON_TYPE).then(
          (response) => (response.status === 202 ? 20 : 0),
          () => 0,
        );
      const answers: Promise<number>[] = [];
      for (let index = 0; index < 60; index += 1) {
        answers.push(send());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await app.signal('SIGKILL');
      const answered = (await Promise.all(answers)).reduce((sum, count) => sum + count, 0);
      expect(answered).toBeGreaterThan(0);
      await app.launch();
      // A batch that the killed worker held is delivered again when its lock has run out.
      const total = await until(
        () => app.total(),
        (count) => count >= answered,
        60_000,
      );
      expect(total).toBeLessThanOrEqual(60 * 20);
    } finally {
      await app.stop();
    }
  }, 120_000);

  it('drains on SIGTERM: what was answered is there after the next start, exactly', async () => {
    const app = await App.start();
    try {
      await Promise.all(Array.from({ length: 30 }, () => app.post('/v1/events', JSON.stringify(EXPIRED), JSON_TYPE)));
      expect(await app.signal('SIGTERM')).toBe(0);
      await app.launch();
      await until(
        () => app.total(),
        (total) => total === 30,
      );
    } finally {
      await app.stop();
    }
  });

  it('ends in time and with code 0 although clients keep connections open or never finish', async () => {
    const app = await App.start();
    const agent = new Agent({ keepAlive: true });
    try {
      // One connection idle after its answer, one whose request is in hand, one that sends half a body.
      const post = (): Promise<number> =>
        new Promise((resolve, reject) => {
          const sent = request(`${app.url}/v1/events`, { method: 'POST', agent, headers: JSON_TYPE }, (response) =>
            response.resume().on('end', () => {
              resolve(response.statusCode ?? 0);
            }),
          );
          sent.on('error', reject).end(JSON.stringify(EXPIRED));
        });
      expect(await post()).toBe(202);
      const slow = connect(Number(new URL(app.url).port), '127.0.0.1').on('error', () => undefined);
      slow.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
      const inHand = post();
      await new Promise((resolve) => setTimeout(resolve, 5));
      const ended = app.signal('SIGTERM');
      expect(await inHand).toBe(202);
      expect(await ended).toBe(0);
      await app.launch();
      await until(
        () => app.total(),
        (total) => total === 2,
      );
      expect(app.output).not.toContain('not shut down cleanly');
    } finally {
      agent.destroy();
      await app.stop();
    }
  });

  it('finishes a start that is stopped half-way, and leaves nothing behind', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'why401-stopped-'));
    const environment = { WHY401_DATA_DIR: join(directory, 'data'), WHY401_PORT: String(await freePort()), WHY401_OTLP_HTTP_PORT: '0' };
    const { code, output } = await runMain(environment, 'creating an embedded');
    expect([code, output.includes('stopping as soon as')]).toEqual([0, true]);
    expect(await readdir(join(directory, 'data'))).toEqual(['postgres']);
    expect(await readdir(join(directory, 'data', 'postgres'))).not.toContain('postmaster.pid');
    await rm(directory, { recursive: true, force: true });
  });

  it('says all that is wrong with its settings at once', async () => {
    const { code, output } = await runMain({
      WHY401_PORT: 'many',
      WHY401_ROLES: 'king',
      WHY401_COLOUR: 'red',
      WHY401_RETENTION: '10s=1y',
      DATABASE_URL: 'mysql://x',
    });
    expect(code).toBe(1);
    for (const name of ['WHY401_PORT', 'WHY401_ROLES', 'WHY401_COLOUR', 'WHY401_RETENTION', 'DATABASE_URL']) expect(output).toContain(name);
    expect(output).not.toContain('    at ');
  });

  it('tells its settings with --help, and what it does not know', async () => {
    const helped = await runMain({}, undefined, ['--help']);
    expect(helped).toMatchObject({ code: 0, output: expect.stringMatching(/^Usage: npm start[^]*WHY401_PORT .*\(4010\)/) });
    const unknown = await runMain({}, undefined, ['--hlep']);
    expect(unknown).toMatchObject({ code: 1, output: expect.stringMatching(/cannot start: .*--hlep[^]*Usage/) });
  });

  it('says which port is taken and which setting moves it', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const app = await App.start();
    await app.signal('SIGTERM');
    const { code, output } = await runMain({
      WHY401_DATA_DIR: join(app.directory, 'data'),
      WHY401_PORT: String(await freePort()),
      WHY401_OTLP_HTTP_PORT: String(port),
    });
    blocker.close();
    await app.stop();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`cannot listen on 127\\.0\\.0\\.1:${String(port)}.*WHY401_OTLP_HTTP_PORT`));
  });

  it('says that a database or a Redis cannot be reached', async () => {
    const nowhere = `127.0.0.1:${String(await freePort())}`;
    const database = await runMain({ DATABASE_URL: `postgres://a:secret-word@${nowhere}/x` });
    expect(database.code).toBe(1);
    expect(database.output).toContain(`cannot reach PostgreSQL at ${nowhere}`);
    expect(database.output).not.toContain('secret-word');
    const app = await App.start();
    await app.signal('SIGTERM');
    const redis = await runMain({ WHY401_DATA_DIR: join(app.directory, 'data'), REDIS_URL: `redis://:secret-word@${nowhere}` });
    await app.stop();
    expect(redis.code).toBe(1);
    expect(redis.output).toContain(`cannot reach Redis at ${nowhere}`);
    expect(redis.output).not.toContain('secret-word');
  });
});
