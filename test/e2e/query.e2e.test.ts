/** The query endpoints through the running service: what they answer, what they refuse, and streams over real connections. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { problemAnswer } from '../../src/ops/problem.js';
import {
  aboutAnswer,
  compareAnswer,
  dimensionAnswer,
  explainAnswer,
  facetsAnswer,
  oneSignatureAnswer,
  samplesAnswer,
  streamEvent,
  topAnswer,
  trendsAnswer,
} from '../../src/query/answers.js';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const TRACE_URL = 'https://traces.example.com/trace/{trace_id}';
const SQL = encodeURIComponent("x'; DROP TABLE signatures; --");

interface Stream {
  request: ClientRequest;
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  isOver: boolean;
  /** The data of its `counts` events. */
  events(): z.output<typeof streamEvent>[];
}

/** @returns once its head is there */
function open(url: string, method = 'GET'): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false }, (response) => {
      const stream: Stream = {
        ...{ request: sent, status: response.statusCode ?? 0, headers: response.headers, text: '', isOver: false },
        events: () =>
          [...stream.text.matchAll(/^event: counts\ndata: (.*)\n$/gm)].map(([, data = '']) => streamEvent.parse(JSON.parse(data))),
      };
      response.on('data', (chunk: Buffer) => (stream.text += chunk.toString()));
      response.on('error', () => undefined);
      response.on('close', () => (stream.isOver = true));
      resolve(stream);
    });
    sent.on('error', reject).end();
  });
}

describe('queries of the running service', () => {
  let app: App;
  const send = async (events: object[]): Promise<void> => {
    const response = await app.post('/v1/events', JSON.stringify(events), JSON_TYPE);
    expect(await response.json()).toMatchObject({ rejected: [] });
  };
  const event = (more: object = {}): object => ({
    ...{ service: 'checkout', environment: 'prod', method: 'GET', status: 401, reason: 'jwt expired' },
    attributes: { 'http.route': '/orders/{id}' },
    ...more,
  });

  beforeAll(async () => {
    app = await App.start({ WHY401_TRACE_URL: TRACE_URL });
    const refused = Array.from({ length: 40 }, (_, index) =>
      event({
        client_ip: `203.0.113.${String(index % 20)}`,
        user: `u-${String(index % 10)}`,
        user_agent: 'curl/8',
        'service.version': '1.4.2',
      }),
    );
    const well = Array.from({ length: 60 }, () => event({ status: 200, reason: undefined }));
    const others = ['wrong password', 'invalid signature'].map((reason) => event({ service: 'shop', reason, trace_id: 'b'.repeat(32) }));
    await send([...refused, ...well, ...others]);
    await until(
      () => app.total(),
      (total) => total === 42,
    );
  });
  afterAll(() => app.stop());

  it('answers as the schemas say', async () => {
    const { body: list } = await app.get<z.output<typeof samplesAnswer>>('/v1/samples?service=checkout');
    const id = list.samples[0]?.signature ?? '';
    const endpoints: [string, z.ZodType][] = [
      ['/v1/trends?unit=rate&by=service', trendsAnswer],
      ['/v1/trends?unit=rate&by=cause,route&limit=1&from=-30d', trendsAnswer],
      ['/v1/trends?unit=count', trendsAnswer],
      ['/v1/trends?by=&unit=rate', trendsAnswer],
      ['/v1/top?by=', topAnswer],
      ['/v1/top?by=&service=nothing', topAnswer],
      ['/v1/compare?by=', compareAnswer],
      ['/v1/about', aboutAnswer],
      ['/v1/top?by=service', topAnswer],
      ['/v1/compare', compareAnswer],
      ['/v1/compare?by=service,cause&from=-1h&baseline_from=-3d&baseline_to=-2d&limit=1', compareAnswer],
      ...['service', 'environment', 'route', 'method', 'status', 'cause', 'fault', 'scheme', 'error_code', 'signature'].map(
        (name): [string, z.ZodType] => [`/v1/dimensions/${name}?service=check*`, dimensionAnswer],
      ),
      ['/v1/samples?limit=1', samplesAnswer],
      ['/v1/facets', facetsAnswer],
      ['/v1/facets?from=-200d&service=nothing', facetsAnswer],
      [`/v1/signatures/${id}`, oneSignatureAnswer],
      ['/v1/explain?baseline_from=-2h&baseline_to=-1h', explainAnswer],
      [`/v1/compare?service=${SQL}&route=${SQL}&cause=!${SQL}&error_code=${SQL}*`, compareAnswer],
      [`/v1/dimensions/service?signature=${SQL}`, dimensionAnswer],
      [`/v1/samples?status=${SQL}`, samplesAnswer],
      [`/v1/facets?scheme=${SQL}`, facetsAnswer],
    ];
    for (const [path, schema] of endpoints) {
      const { status, body } = await app.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, schema.safeParse(body).error]).toEqual([path, undefined]);
    }
    expect(await app.total()).toBe(42);
  });

  it('tells where exporters send to, and where traces are found', async () => {
    const { body } = await app.get('/v1/about');
    const [http, grpc] = [app.otlpUrl, app.grpcUrl].map((url) => Number(new URL(url).port));
    expect(body).toEqual({ version: '0.1.0', trace_url: TRACE_URL, otlp_http_port: http, otlp_grpc_port: grpc });
  });

  it('tells rates, people, facets and samples of what was sent', async () => {
    const { body: rate } = await app.get<z.output<typeof trendsAnswer>>(
      '/v1/trends?unit=rate&by=service&from=-1h&step=1h&service=checkout',
    );
    expect(rate.series[0]?.points.map(([, one]) => one).filter((one) => one !== null)).toContain(0.4);
    const { body: top } = await app.get<z.output<typeof topAnswer>>('/v1/top?by=service');
    expect(top.rows.map(({ key, distinct_clients: clients, distinct_users: users }) => [key['service'], clients, users])).toEqual([
      ['checkout', 20, 10],
      ['shop', null, null],
    ]);
    const { body: all } = await app.get<z.output<typeof topAnswer>>('/v1/top?by=');
    expect(all.rows).toMatchObject([{ key: {}, count: 42, share: 1, distinct_clients: 20, distinct_users: 10 }]);
    const { body: share } = await app.get<z.output<typeof trendsAnswer>>('/v1/trends?by=&unit=rate');
    expect(share.series).toMatchObject([{ key: {}, total: 42, rate: 42 / 102 }]);
    const { body: facets } = await app.get<z.output<typeof facetsAnswer>>('/v1/facets?service=checkout');
    expect(Object.fromEntries(facets.facets.map(({ facet, values }) => [facet, values]))).toMatchObject({
      client_network: [{ value: '203.0.113.0/24', count: 40, share: 1 }],
      user_agent: [{ value: 'curl', count: 40, share: 1 }],
      version: [{ value: '1.4.2', count: 40, share: 1 }],
      instance: [],
    });
    const { body: samples } = await app.get<z.output<typeof samplesAnswer>>('/v1/samples?service=shop&limit=1');
    expect(samples.samples[0]).toMatchObject({ service: 'shop', trace_id: 'b'.repeat(32) });
    const next = await app.get<z.output<typeof samplesAnswer>>(`/v1/samples?service=shop&limit=1&cursor=${samples.next_cursor ?? ''}`);
    expect([next.body.samples.length, next.body.next_cursor]).toEqual([1, null]);
    const { body: compared } = await app.get<z.output<typeof compareAnswer>>('/v1/compare?by=service&from=-1h');
    expect(compared.rows.map(({ key, count, change }) => [key['service'], count, change])).toEqual([
      ['checkout', 40, null],
      ['shop', 2, null],
    ]);
  });

  it('answers compare, dimensions and rates as CSV', async () => {
    const csv = async (path: string): Promise<string[]> =>
      (await (await fetch(app.url + path, { headers: { accept: 'text/csv' } })).text()).split('\r\n');
    expect(await csv('/v1/compare?by=service&from=-1h&limit=1')).toEqual([
      'service,count,expected,change,share_now,share_before',
      `checkout,40,0,,${String(40 / 42)},0`,
      '',
    ]);
    expect(await csv('/v1/dimensions/service')).toEqual(['value,count', 'checkout,40', 'shop,2', '']);
    expect((await csv('/v1/trends?unit=rate&by=service&step=1h'))[0]).toBe('time,service,rate');
  });

  it.each([
    ['/v1/trends?unit=percent', 'unit'],
    ['/v1/trends?unit=rate&step=10s', 'step'],
    ['/v1/trends?unit=rate&from=-360d&step=1s', 'step'],
    ['/v1/trends?unit=rate&from=-360d&step=1m', 'step'],
    ['/v1/trends?unit=rate&unit=count', 'unit'],
    [`/v1/trends?by=${SQL}`, 'by'],
    [`/v1/trends?step=${SQL}`, 'step'],
    ['/v1/top?unit=rate', 'unit'],
    [`/v1/top?from=${SQL}`, 'from'],
    ['/v1/compare?step=1h', 'step'],
    ['/v1/compare?from=1926-01-01T00:00:00Z', 'from'],
    ['/v1/compare?from=-300d', 'from'],
    ['/v1/compare?from=now&to=-1h', 'from'],
    ['/v1/compare?baseline_from=-2d', 'baseline_from'],
    ['/v1/compare?baseline_to=-2d', 'baseline_from'],
    ['/v1/compare?baseline_from=-1d&baseline_to=-2d', 'baseline_from'],
    ['/v1/compare?baseline_from=-100000d&baseline_to=-2d', 'baseline_from'],
    [`/v1/compare?baseline_from=${SQL}&baseline_to=now`, 'baseline_from'],
    ['/v1/compare?baseline=-2d', 'baseline'],
    ['/v1/compare?limit=1e3', 'limit'],
    ['/v1/compare?by=cause,cause', 'by'],
    ['/v1/explain?baseline_from=-1d&baseline_to=-2d', 'baseline_from'],
    ['/v1/dimensions/service?by=cause', 'by'],
    ['/v1/dimensions/service?limit=0', 'limit'],
    ['/v1/dimensions/service?to=2999-01-01T00:00:00Z', 'to'],
    ['/v1/samples?by=cause', 'by'],
    ['/v1/samples?limit=1001', 'limit'],
    ['/v1/samples?cursor=abc', 'cursor'],
    [`/v1/samples?cursor=${SQL}`, 'cursor'],
    ['/v1/samples?cursor=a&cursor=b', 'cursor'],
    ['/v1/samples?from=1926-01-01T00:00:00Z', 'from'],
    ['/v1/facets?limit=10', 'limit'],
    ['/v1/facets?facet=version', 'facet'],
    ['/v1/facets?from=-1h&to=-2h', 'from'],
    ['/v1/stream?from=-1h', 'from'],
    ['/v1/stream?by=cause,service,route,method', 'by'],
    ['/v1/stream?service=%00', 'service'],
    ['/v1/stream?constructor=1', 'constructor '],
    [`/v1/samples?service=${'a'.repeat(501)}`, 'service'],
    [`/v1/facets?${'route=a&'.repeat(10_000)}`, 'route'],
    [`/v1/stream?${'route=a&'.repeat(10_000)}`, 'route'],
  ])('answers %.60s with a 400 that names the field', async (path, field) => {
    const { status, body, headers } = await app.get<z.output<typeof problemAnswer>>(path);
    expect([status, headers.get('content-type')]).toEqual([400, expect.stringContaining('application/problem+json')]);
    expect(problemAnswer.parse(body).errors?.map((error) => error.field)).toContain(field);
  });

  it('refuses a cursor that was changed, and one of another question', async () => {
    const { body } = await app.get<z.output<typeof samplesAnswer>>('/v1/samples?service=shop&limit=1');
    const cursor = body.next_cursor ?? '';
    const tampered = `${cursor.slice(0, 10)}${cursor[10] === 'x' ? 'y' : 'x'}${cursor.slice(11)}`;
    for (const path of [
      `/v1/samples?service=shop&limit=1&cursor=${tampered}`,
      `/v1/samples?limit=1&cursor=${cursor}`,
      `/v1/signatures?service=shop&cursor=${cursor}`,
    ]) {
      const answer = await app.get<z.output<typeof problemAnswer>>(path);
      expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, 'cursor']);
    }
  });

  it('takes fifty long values of a filter', async () => {
    const values = Array.from({ length: 50 }, (_, index) => `service=${'a'.repeat(480)}${String(index)}`).join('&');
    expect((await app.get<z.output<typeof topAnswer>>(`/v1/top?${values}`)).body.total).toBe(0);
  });

  it('names the dimensions for one that is not there', async () => {
    for (const name of ['colour', SQL, '__proto__', 'a'.repeat(2_000)]) {
      const { status, body } = await app.get<z.output<typeof problemAnswer>>(`/v1/dimensions/${name}`);
      expect([status, problemAnswer.parse(body).detail]).toEqual([404, expect.stringContaining('service, environment, route, method')]);
    }
  });

  it('streams what lands to those who asked for it', async () => {
    const [all, shop] = await Promise.all([open(`${app.url}/v1/stream?by=service`), open(`${app.url}/v1/stream?service=shop`)]);
    expect([all.status, all.headers['content-type'], all.headers['cache-control']]).toEqual([200, 'text/event-stream', 'no-store']);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await send([event(), event(), event({ service: 'shop', reason: 'wrong password' })]);
    const total = (stream: Stream): number => stream.events().reduce((sum, one) => sum + one.total, 0);
    await until(
      () => total(all) + total(shop),
      (sum) => sum === 4,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([total(all), total(shop)]).toEqual([3, 1]);
    expect(all.events().flatMap(({ series }) => series)).toContainEqual({ key: { service: 'shop' }, count: 1 });
    expect(Math.abs((all.events()[0]?.at ?? 0) - Date.now())).toBeLessThan(20_000);
    for (const stream of [all, shop]) stream.request.destroy();
  });

  it('holds fifty streams, and takes another when one is left', async () => {
    const head = await open(`${app.url}/v1/stream`, 'HEAD');
    expect(head.status).toBe(200);
    await until(
      () => head.isOver,
      (isOver) => isOver,
    );
    const streams = await Promise.all(Array.from({ length: 50 }, (_, index) => open(`${app.url}/v1/stream?service=s${String(index % 5)}`)));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    const refused = await fetch(`${app.url}/v1/stream`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    problemAnswer.parse(await refused.json());
    streams[0]?.request.destroy();
    const another = await until(
      () => open(`${app.url}/v1/stream`),
      ({ status }) => status === 200,
    );
    expect((await app.get('/health/ready')).status).toBe(200);
    for (const stream of [...streams, another]) stream.request.destroy();
  });

  it('ends streams at once when it is stopped', async () => {
    const streams = await Promise.all([open(`${app.url}/v1/stream`), open(`${app.url}/v1/stream?by=route`)]);
    const started = Date.now();
    const ended = app.signal('SIGTERM');
    await until(
      () => streams.every(({ isOver }) => isOver),
      (isOver) => isOver,
    );
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await ended).toBe(0);
    await app.launch();
    expect(await app.total()).toBe(45);
  });
});
