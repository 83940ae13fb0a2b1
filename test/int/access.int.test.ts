/**
 * Keys on two running instances that share a database: when they are asked for, what is refused and how, how fast a
 * revoked one ends, and what becomes of refusals of our own. Projects are walked through in confinement.int.test.ts.
 */
import { Client, Metadata, credentials, status as Code, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { join } from 'node:path';
import { connect as connectTo } from '../../src/client/client.js';
import { challengeFaults, parseChallenges } from '../../src/core/challenge.js';
import { App, runMain } from '../support/app.js';
import { Link } from '../faults/link.js';
import { freshDatabase, freshRedis, withClient } from '../support/databases.js';
import { runKey } from '../support/keys.js';
import { encodeRequest, requestOf, STATUS } from '../support/otlp-messages.js';
import { until } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const PROBLEM = 'application/problem+json';
const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const EVENT = JSON.stringify({ service: 'checkout', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' });
/** In which a key that is made or revoked is known everywhere. */
const PROMISED_MS = 5_000;

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

interface Refused {
  status: number;
  challenge: string | null;
  type: string | null;
  body: Record<string, unknown>;
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Refused> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  const type = response.headers.get('content-type')?.split(';')[0] ?? null;
  return {
    ...{ status: response.status, challenge: response.headers.get('www-authenticate'), type },
    body: (type?.includes('json') === true ? JSON.parse(text) : {}) as Record<string, unknown>,
  };
}

describe('keys', () => {
  let databaseUrl: string;
  let one: App;
  let two: App;
  let admin = '';
  const statusOf = async (app: App, key: string, path = '/v1/about'): Promise<number> =>
    (await fetch(app.url + path, { headers: bearer(key) })).status;
  const make = async (input: object): Promise<{ id: string; key: string }> =>
    (await one.call<{ id: string; key: string }>('POST', '/v1/keys', input)).body;
  const revoke = async (id: string): Promise<void> => {
    expect((await one.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
  };

  beforeAll(async () => {
    databaseUrl = await freshDatabase();
    one = await App.start({ DATABASE_URL: databaseUrl });
    two = await App.start({ DATABASE_URL: databaseUrl });
  }, 120_000);
  afterAll(() => Promise.all([one.stop(), two.stop()]));

  it('are asked for on no instance until one is made, and then on each within five seconds', async () => {
    expect((await one.get('/v1/session')).body).toEqual({ keys_asked: false, project: 'default', scopes: ['ingest', 'read', 'admin'] });
    expect(await Promise.all([one, two].map((app) => statusOf(app, 'anything')))).toEqual([200, 200]);
    const made = await runKey(['create', '--scope', 'admin', '--name', 'first'], { DATABASE_URL: databaseUrl });
    admin = made.stdout.trim();
    expect([made.code, /^w401_\w{12}_\w{43}$/.test(admin), made.stderr.includes(admin)]).toEqual([0, true, false]);
    for (const app of [one, two])
      await until(
        async () => (await fetch(`${app.url}/v1/about`)).status,
        (status) => status === 401,
        PROMISED_MS,
      );
    one.key = two.key = admin;
    expect(await statusOf(two, admin)).toBe(200);
    expect((await one.get('/v1/session')).body).toEqual({ keys_asked: true, project: 'default', scopes: ['admin'] });
  });

  it('are kept by their hash alone, and never written to the log', async () => {
    const rows = await withClient(databaseUrl, (client) => client.query<{ row: string }>('SELECT api_keys::text AS row FROM api_keys'));
    const secret = admin.slice(-43);
    expect(rows.rows.length).toBeGreaterThan(0);
    expect(rows.rows.some(({ row }) => row.includes(secret))).toBe(false);
    expect(one.output + two.output).not.toContain(secret);
  });

  it('are refused with the challenges of RFC 6750, and nothing that helps a guesser', async () => {
    const expired = await make({ scopes: ['read'] });
    const revoked = await make({ scopes: ['read'] });
    const reader = await make({ scopes: ['read'] });
    await withClient(databaseUrl, (client) =>
      client.query("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [expired.id]),
    );
    await revoke(revoked.id);
    const nothing = { status: 401, challenge: 'Bearer realm="why401"' };
    const doesNotHold = 'Bearer realm="why401", error="invalid_token", error_description="the key is unknown, expired or revoked"';
    const invalid = { status: 401, challenge: doesNotHold };
    const malformed = (problem: string): object => ({
      status: 400,
      challenge: `Bearer realm="why401", error="invalid_request", error_description="${problem}"`,
    });
    const rows: [Record<string, string>, string, object][] = [
      [{}, '/v1/about', nothing],
      [{ authorization: 'Basic dXNlcjpwYXNz' }, '/v1/about', nothing],
      [bearer('eyJhbGciOiJIUzI1NiJ9.e30.x'), '/v1/about', invalid],
      [bearer(`${admin.slice(0, -1)}${admin.endsWith('a') ? 'b' : 'a'}`), '/v1/about', invalid],
      [bearer(expired.key), '/v1/about', invalid],
      [bearer(revoked.key), '/v1/about', invalid],
      [{ authorization: 'Bearer' }, '/v1/about', malformed('there is no key behind Bearer')],
      [{ authorization: admin }, '/v1/about', malformed('the key stands without Bearer in front of it')],
      [bearer(reader.key), '/v1/keys', { status: 403, challenge: 'Bearer realm="why401", error="insufficient_scope", scope="admin"' }],
    ];
    const bodies: unknown[] = [];
    for (const [headers, path, expected] of rows) {
      const refused = await ask(two.url, path, { headers });
      expect({ sent: headers, ...refused }).toMatchObject({ ...expected, type: PROBLEM });
      expect(parseChallenges([refused.challenge ?? ''])).toMatchObject({ valid: true, challenges: [{ scheme: 'bearer' }] });
      expect(challengeFaults([refused.challenge ?? ''])).toEqual([]);
      if (refused.challenge === doesNotHold) bodies.push(refused.body);
    }
    // Whatever is wrong with a key, the answer is the same.
    expect([bodies.length, new Set(bodies.map((body) => JSON.stringify(body))).size]).toEqual([4, 1]);
  });

  it('are asked for before anything of the request is read', async () => {
    const wrongs: [string, string, RequestInit][] = [
      ['/v1/trends?colour=red', 'GET', {}],
      ['/v1/alert-rules', 'POST', { body: '{"name":1}', headers: JSON_TYPE }],
      ['/v1/events', 'POST', { body: '{', headers: { 'content-type': 'text/plain' } }],
      ['/v1/classify', 'GET', {}],
    ];
    for (const [path, method, init] of wrongs) expect([path, (await ask(one.url, path, { method, ...init })).status]).toEqual([path, 401]);
    const logs = await ask(one.otlpUrl, '/v1/logs', { method: 'POST', body: '{', headers: JSON_TYPE });
    // As OTLP wants it: google.rpc.Status with UNAUTHENTICATED.
    expect(logs).toMatchObject({ status: 401, challenge: 'Bearer realm="why401"', type: 'application/json', body: { code: 16 } });
  });

  it('leave open what gives nothing away', async () => {
    for (const path of ['/', '/health/live', '/health/ready', '/openapi.json', '/docs', '/schemas/alert.json', '/v1/session'])
      expect([path, (await fetch(one.url + path)).status]).toEqual([path, 200]);
    expect((await one.get('/v1/session')).status).toBe(200);
    expect((await ask(one.url, '/metrics')).status).toBe(401);
  });

  it('do what their scopes say', async () => {
    const [ingest, read] = [await make({ scopes: ['ingest'] }), await make({ scopes: ['read'] })];
    const post = (key: string, path: string): Promise<number> =>
      fetch(one.url + path, { method: 'POST', body: EVENT, headers: { ...JSON_TYPE, ...bearer(key) } }).then(({ status }) => status);
    expect([await post(ingest.key, '/v1/events'), await post(read.key, '/v1/events')]).toEqual([202, 403]);
    expect([await post(ingest.key, '/v1/classify'), await post(read.key, '/v1/classify')]).toEqual([200, 200]);
    const asked = ['/v1/trends', '/v1/alert-rules', '/metrics', '/v1/keys', '/v1/failed-batches'];
    expect(await Promise.all(asked.map((path) => statusOf(one, read.key, path)))).toEqual([200, 200, 200, 403, 403]);
    expect(await Promise.all(asked.map((path) => statusOf(one, ingest.key, path)))).toEqual([403, 403, 403, 403, 403]);
    expect(await Promise.all(asked.map((path) => statusOf(one, admin, path)))).toEqual([200, 200, 200, 200, 200]);
    expect((await connectTo(one.url, read.key)('get', '/v1/session')).scopes).toEqual(['read']);
  });

  it('end on every instance within five seconds of being revoked, streams too', async () => {
    const { id, key } = await make({ scopes: ['read'] });
    expect(await Promise.all([one, two].map((app) => statusOf(app, key)))).toEqual([200, 200]);
    const stream = await fetch(`${two.url}/v1/stream`, { headers: bearer(key) });
    const text = stream.text();
    await revoke(id);
    const began = Date.now();
    for (const app of [one, two])
      await until(
        () => statusOf(app, key),
        (status) => status === 401,
        PROMISED_MS,
      );
    expect(await text).toContain('event: problem\ndata: {"detail":"the key does not hold any more"}');
    expect(Date.now() - began).toBeLessThan(PROMISED_MS);
  });

  it('end when their time is over', async () => {
    const { key } = await make({ scopes: ['read'], expires_at: new Date(Date.now() + 1_500).toISOString() });
    expect(await statusOf(two, key)).toBe(200);
    await until(
      () => statusOf(two, key),
      (status) => status === 401,
      PROMISED_MS,
    );
  });

  it('tell when they were used last, and who made nothing of them', async () => {
    const { id, key } = await make({ scopes: ['read'], name: 'used' });
    const lastUsed = async (): Promise<unknown> =>
      (await one.get<{ keys: { id: string; last_used_at: string | null }[] }>('/v1/keys')).body.keys.find((one) => one.id === id)
        ?.last_used_at;
    expect(await lastUsed()).toBeNull();
    await statusOf(two, key);
    await until(lastUsed, (at) => at !== null);
  });

  it('are made, listed and revoked on the command line', async () => {
    const settings = { DATABASE_URL: databaseUrl };
    const made = await runKey(['create', '--scope', 'ingest', '--scope', 'read', '--project', 'shop', '--expires', '90d'], settings);
    const [, id = ''] = /^w401_(\w{12})_/.exec(made.stdout) ?? [];
    const listed = await runKey(['list', '--project', 'shop'], settings);
    expect(listed.stdout).toMatch(new RegExp(`^${id}  shop  ingest,read  expires \\d{4}-\\S+Z  not used  ""\n$`));
    // A project starts with the rules that the first one had.
    const rules = await withClient(databaseUrl, (client) =>
      client.query<{ settings: unknown }>('SELECT name, settings FROM alert_rules ORDER BY project_id, name'),
    );
    expect(rules.rows.slice(3)).toEqual(rules.rows.slice(0, 3));
    expect((await runKey(['revoke', id], settings)).code).toBe(0);
    expect((await runKey(['list', '--project', 'shop'], settings)).stdout).toContain('revoked ');
    expect(await runKey(['revoke', 'nobodys'], settings)).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no key') });
    expect(await runKey(['create'], settings)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('--scope is missing'),
    });
    expect(await runKey(['create', '--colour'], settings)).toMatchObject({ code: 1, stderr: expect.stringContaining('Usage:') });
    expect(await runKey(['--help'], {})).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage:') });
  });

  it('of one project take neither all streams nor the preview of alert rules away from another', async () => {
    const [ours, theirs] = [await make({ scopes: ['read'] }), await make({ scopes: ['read'], project: 'shop' })];
    const leave = new AbortController();
    const stream = async ({ key }: { key: string }): Promise<number> =>
      (await fetch(`${one.url}/v1/stream`, { headers: bearer(key), signal: leave.signal })).status;
    const streams = await Promise.all(Array.from({ length: 60 }, () => stream(ours)));
    expect([streams.filter((status) => status === 200).length, await stream(ours), await stream(theirs)]).toEqual([50, 503, 200]);
    leave.abort();
    const body = JSON.stringify({ settings: { type: 'threshold', count: 100, window: '5m' }, from: '-1h' });
    const preview = async ({ key }: { key: string }): Promise<number> =>
      (await fetch(`${one.url}/v1/alert-rules/preview`, { method: 'POST', body, headers: { ...JSON_TYPE, ...bearer(key) } })).status;
    const previews = await withClient(databaseUrl, async (client) => {
      // Nobody's preview gets anywhere until this is over.
      await client.query('BEGIN');
      await client.query('LOCK TABLE signatures IN ACCESS EXCLUSIVE MODE');
      const both = [preview(ours), preview(ours)];
      expect(await Promise.race(both)).toBe(429);
      const other = preview(theirs);
      expect(await preview(ours)).toBe(429);
      await client.query('ROLLBACK');
      return Promise.all([...both, other]);
    });
    expect([previews.slice(0, 2).sort(), previews[2]]).toEqual([[200, 429], 200]);
  });

  it('have a thousand projects at most, however many are made at once, and the command says so', async () => {
    const url = await freshDatabase();
    await withClient(url, (client) => client.query("INSERT INTO projects (name) SELECT 'p' || at FROM generate_series(1, 997) AS at"));
    const app = await App.start({ DATABASE_URL: url });
    try {
      const add = (name: string): Promise<number> => app.call('POST', '/v1/projects', { name }).then(({ status }) => status);
      const statuses = await Promise.all(Array.from({ length: 6 }, (_, at) => add(`n${String(at)}`)));
      expect(statuses.sort()).toEqual([201, 201, 422, 422, 422, 422]);
      const { body } = await app.call<{ detail: string }>('POST', '/v1/projects', { name: 'one-more' });
      expect(body.detail).toBe('there are 1000 projects already; use one of them, or run another service');
      // A name that is there is told as such.
      expect(await add('p1')).toBe(409);
      const settings = { DATABASE_URL: url };
      expect(await runKey(['create', '--scope', 'read', '--project', 'one-more'], settings)).toMatchObject({
        ...{ code: 1, stdout: '', stderr: expect.stringContaining('there are 1000 projects already') },
      });
      expect((await runKey(['create', '--scope', 'read', '--project', 'p1'], settings)).code).toBe(0);
    } finally {
      await app.stop();
    }
  });

  describe('over gRPC', () => {
    const call = (metadata: Record<string, string>): Promise<ServiceError | null> => {
      const client = new Client(one.grpcUrl.replace('http://', ''), credentials.createInsecure());
      const sent = new Metadata();
      for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
      const body = encodeRequest(
        requestOf([{ body: 'jwt expired', attributes: { 'http.response.status_code': 401 } }], { 'service.name': 'grpc' }),
      );
      const asIs = (bytes: Buffer): Buffer => bytes;
      return new Promise((resolve) => {
        client.makeUnaryRequest(EXPORT, asIs, asIs, body, sent, (error) => {
          client.close();
          resolve(error);
        });
      });
    };

    it('are refused with UNAUTHENTICATED, and PERMISSION_DENIED for the wrong scope', async () => {
      const read = await make({ scopes: ['read'] });
      for (const [metadata, code, message] of [
        [{}, Code.UNAUTHENTICATED, 'a key is needed'],
        [{ authorization: 'Bearer nonsense' }, Code.UNAUTHENTICATED, 'the key is unknown, expired or revoked'],
        [bearer(read.key), Code.PERMISSION_DENIED, 'the key lacks the scope ingest'],
        // What we tell ourselves cannot be told by a client.
        [{ 'why401-project': '1' }, Code.UNAUTHENTICATED, 'a key is needed'],
      ] as const) {
        const error = await call(metadata);
        expect([error?.code, error?.details]).toEqual([code, expect.stringContaining(message)]);
        const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
        expect(STATUS.decode(details as Buffer)).toMatchObject({ code });
        expect(String(error?.metadata.get('www-authenticate')[0])).toMatch(/^Bearer realm="why401"/);
      }
    });

    it('come in OTEL_EXPORTER_OTLP_HEADERS, as over HTTP', async () => {
      const { key } = await make({ scopes: ['ingest'] });
      process.env['OTEL_EXPORTER_OTLP_HEADERS'] = `authorization=Bearer%20${key}`;
      const exporters: Record<string, LogRecordExporter> = {
        'sdk-protobuf': new ProtobufExporter({ url: `${one.otlpUrl}/v1/logs` }),
        'sdk-json': new JsonExporter({ url: `${one.otlpUrl}/v1/logs` }),
        'sdk-grpc': new GrpcExporter({ url: one.grpcUrl }),
      };
      delete process.env['OTEL_EXPORTER_OTLP_HEADERS'];
      for (const [service, exporter] of Object.entries(exporters)) {
        const resource = resourceFromAttributes({ 'service.name': service });
        const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
        provider.getLogger('test').emit({ body: 'jwt expired', attributes: { 'http.response.status_code': 401 } });
        await provider.shutdown();
        await until(
          () => one.total(`&service=${service}`),
          (total) => total === 1,
        );
      }
    });
  });

  describe('in a cookie', () => {
    const signIn = (key: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${one.url}/v1/session`, { method: 'POST', body: JSON.stringify({ key }), headers: { ...JSON_TYPE, ...headers } });
    const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

    it('sign a dashboard in and out', async () => {
      const { key } = await make({ scopes: ['read'] });
      const response = await signIn(` ${key} `, { 'sec-fetch-site': 'same-origin' });
      expect([response.status, await response.json()]).toEqual([200, { keys_asked: true, project: 'default', scopes: ['read'] }]);
      expect(response.headers.get('set-cookie')).toBe(`why401_key=${key}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict`);
      const cookie = cookieOf(response);
      expect((await ask(one.url, '/v1/trends', { headers: { cookie } })).status).toBe(200);
      expect((await ask(one.url, '/v1/session', { headers: { cookie } })).body).toMatchObject({ project: 'default', scopes: ['read'] });
      const out = await fetch(`${one.url}/v1/session`, { method: 'DELETE', headers: { cookie } });
      expect([out.status, out.headers.getSetCookie()]).toEqual([
        204,
        [expect.stringMatching(/^why401_key=; .*Max-Age=0;/), expect.stringMatching(/^__Host-why401_key=; .*Max-Age=0; .*Secure$/)],
      ]);
      expect((await ask(one.url, '/v1/session')).body).toEqual({ keys_asked: true, project: null, scopes: [] });
      expect((await ask(one.url, '/v1/session', { headers: { cookie: 'why401_key=old' } })).body).toMatchObject({ project: null });
    });

    it('come back over https alone where they were given over https', async () => {
      const response = await signIn(admin, { origin: one.url.replace('http:', 'https:') });
      expect(response.headers.get('set-cookie')).toMatch(/^__Host-why401_key=w401_.*; Secure$/);
      expect((await ask(one.url, '/v1/about', { headers: { cookie: cookieOf(response) } })).status).toBe(200);
    });

    it('sign nobody in who may not read, or does not hold', async () => {
      const { key } = await make({ scopes: ['ingest'] });
      const [small, wrong] = [await signIn(key), await signIn('w401_wrong')];
      expect([small.status, small.headers.get('set-cookie'), wrong.status, wrong.headers.get('set-cookie')]).toEqual([
        403,
        null,
        401,
        null,
      ]);
    });

    it('change nothing for a page of another site, and everything for our own', async () => {
      const cookie = `why401_key=${admin}`;
      const body = JSON.stringify({ matchers: { service: 'x' }, ends_at: new Date(Date.now() + 60_000).toISOString() });
      const silence = async (headers: Record<string, string>, method = 'POST'): Promise<number> =>
        (
          await ask(one.url, '/v1/silences', {
            method,
            headers: { cookie, ...JSON_TYPE, ...headers },
            ...(method === 'POST' ? { body } : {}),
          })
        ).status;
      const host = one.url.replace('http://', '');
      expect([
        await silence({ 'sec-fetch-site': 'cross-site' }),
        await silence({ 'sec-fetch-site': 'same-site', origin: one.url }),
        await silence({ origin: 'https://evil.example' }),
        await silence({ origin: `http://${host}.evil.example` }),
        await silence({}),
      ]).toEqual([403, 403, 403, 403, 403]);
      expect([await silence({ 'sec-fetch-site': 'same-origin' }), await silence({ origin: one.url })]).toEqual([201, 201]);
      // To look changes nothing, and no other site can read the answer.
      expect(await silence({ 'sec-fetch-site': 'cross-site' }, 'GET')).toBe(200);
      // Nobody's browser adds a header by itself.
      expect((await ask(one.url, '/v1/silences', { method: 'POST', body, headers: { ...JSON_TYPE, ...bearer(admin) } })).status).toBe(201);
      expect([(await signIn(admin, { origin: 'https://evil.example' })).status]).toEqual([403]);
    });
  });

  it('that are refused are counted as refusals of a service why401, in the project concerned and with the right cause', async () => {
    one.key = admin;
    const { key: shopAdmin } = await make({ scopes: ['admin'], project: 'shop' });
    const { key: shopReader, id } = await make({ scopes: ['read'], project: 'shop' });
    const send = async (count: number, headers: Record<string, string>, path = '/v1/signatures/0123456789abcdef'): Promise<void> => {
      for (let sent = 0; sent < count; sent += 1) await fetch(two.url + path, { headers });
    };
    interface Trends {
      series: { key: { cause: string; route: string; status: string }; total: number }[];
    }
    const counted = async (key: string): Promise<Record<string, number>> => {
      const address = `${one.url}/v1/trends?by=cause,route,status&service=why401&from=-1h`;
      const { series } = (await (await fetch(address, { headers: bearer(key) })).json()) as Trends;
      return Object.fromEntries(series.map(({ key, total }) => [Object.values(key).join(' '), total]));
    };
    const route = '/v1/signatures/{id}';
    const before = await counted(admin);
    await send(3, {});
    await send(2, bearer('nobodys'));
    await send(4, bearer(shopReader), '/v1/keys');
    await revoke(id);
    await until(
      () => statusOf(two, shopReader),
      (status) => status === 401,
      PROMISED_MS,
    );
    await send(5, bearer(shopReader));
    const later = await until(
      () => counted(shopAdmin),
      (now) => now[`invalid_api_key ${route} 401`] === 5,
    );
    expect(later['insufficient_scope /v1/keys 403']).toBe(4);
    expect(Object.keys(later).filter((name) => name.startsWith('missing'))).toEqual([]);
    const first = await counted(admin);
    const gained = (name: string): number => (first[name] ?? 0) - (before[name] ?? 0);
    expect([gained(`missing_credentials ${route} 401`), gained(`invalid_api_key ${route} 401`)]).toEqual([3, 2]);
    interface Top {
      rows: { distinct_clients: number }[];
    }
    const top = (await (await fetch(`${one.url}/v1/top?by=service&service=why401&from=-1h`, { headers: bearer(shopAdmin) })).json()) as Top;
    expect(top.rows[0]?.distinct_clients).toBe(1);
    // Our own answers are the example to follow.
    const { findings } = (await (await fetch(`${one.url}/v1/findings?service=why401&from=-1h`, { headers: bearer(admin) })).json()) as {
      findings: { id: string; count: number }[];
    };
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
  });

  // The last one here: from now on this address may hardly try any more.
  it('are not asked for in the database for whoever guesses; the ones that hold go on', async () => {
    const { key } = await make({ scopes: ['read'] });
    const fresh = await make({ scopes: ['read'] });
    expect(await statusOf(two, key)).toBe(200);
    const statuses: number[] = [];
    for (let guess = 0; guess < 60; guess += 1)
      statuses.push(await statusOf(two, `w401_${String(guess).padStart(12, '0')}_${'x'.repeat(43)}`));
    expect([statuses[0], statuses.at(-1), statuses.filter((status) => status === 401).length < 40]).toEqual([401, 429, true]);
    const refused = await fetch(`${two.url}/v1/about`, { headers: bearer('one more') });
    expect([refused.status, (await ask(two.url, '/v1/about', { headers: bearer('onemore') })).body['status']]).toEqual([400, 429]);
    const limited = await fetch(`${two.url}/v1/about`, { headers: bearer('another') });
    expect([limited.status, Number(limited.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect([await statusOf(two, key), await statusOf(two, fresh.key), await statusOf(one, fresh.key)]).toEqual([200, 429, 200]);
    // Also after it had to be looked up again.
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    expect(await statusOf(two, key)).toBe(200);
    // The same wrong key again and again is a mistake and no guessing.
    const again = await Promise.all(Array.from({ length: 100 }, () => statusOf(one, 'wrong')));
    expect([...new Set(again)]).toEqual([401]);
  });

  it('are made in the embedded database while the service runs, and while it does not', async () => {
    const app = await App.start();
    const settings = { WHY401_DATA_DIR: join(app.directory, 'data') };
    try {
      const { stdout } = await runKey(['create', '--scope', 'admin', '--name', 'visited'], settings);
      await until(
        async () => (await fetch(`${app.url}/v1/about`)).status,
        (status) => status === 401,
        PROMISED_MS,
      );
      expect([await statusOf(app, stdout.trim()), await statusOf(app, 'wrong')]).toEqual([200, 401]);
      await app.signal('SIGTERM');
      const again = await runKey(['create', '--scope', 'read', '--name', 'alone'], settings);
      expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^w401_/) });
      expect((await runKey(['list'], settings)).stdout).toMatch(/"visited"\n.*"alone"\n$/s);
      await app.launch();
      expect([await statusOf(app, again.stdout.trim()), (await fetch(`${app.url}/v1/about`)).status]).toEqual([200, 401]);
    } finally {
      await app.stop();
    }
  }, 120_000);

  const redisUrl = process.env['TEST_REDIS_URL'];
  if (redisUrl === undefined && process.env['CI'] !== undefined)
    throw new Error('redis-server is not installed: in CI the Redis parts must run');
  const itWithRedis = redisUrl === undefined ? it.skip : it;

  itWithRedis('are believed while the database is away, so that a queue in Redis goes on taking records (needs redis-server)', async () => {
    const url = new URL(await freshDatabase());
    const link = await Link.to(Number(url.port));
    const key = (await runKey(['create', '--scope', 'admin'], { DATABASE_URL: url.href })).stdout.trim();
    const fresh = (await runKey(['create', '--scope', 'ingest'], { DATABASE_URL: url.href })).stdout.trim();
    url.port = String(link.port);
    const app = await App.start({ DATABASE_URL: url.href, REDIS_URL: await freshRedis(redisUrl ?? '') });
    try {
      const send = (sent: string): Promise<number> =>
        fetch(`${app.url}/v1/events`, { method: 'POST', body: EVENT, headers: { ...JSON_TYPE, ...bearer(sent) } }).then(
          ({ status }) => status,
        );
      app.key = key;
      await until(
        () => send(key),
        (status) => status === 202,
      );
      const before = await until(
        () => app.total(),
        (total) => total > 0,
      );
      link.cut();
      // Longer than what held is remembered for when all is well.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      expect((await fetch(`${app.url}/health/ready`)).status).toBe(503);
      expect([await send(key), await send(fresh)]).toEqual([202, 503]);
      link.restore();
      await until(
        () => app.total().catch(() => 0),
        (total) => total === before + 1,
      );
      expect((await runKey(['revoke', key.slice(5, 17)], { DATABASE_URL: url.href })).code).toBe(0);
      await until(
        () => send(key),
        (status) => status === 401,
        PROMISED_MS,
      );
    } finally {
      await app.stop();
      link.close();
    }
  });

  it('are required where the setting or an address says so, and the start says how to make one', async () => {
    const required = await freshDatabase();
    const settings = { DATABASE_URL: required, WHY401_AUTH: 'required' };
    const app = await App.start(settings);
    try {
      expect([(await fetch(`${app.url}/v1/about`)).status, (await fetch(`${app.url}/health/ready`)).status]).toEqual([401, 200]);
      expect(app.output).toContain('keys are required and there is none yet; make the first one with: npm run key -- create --scope admin');
      const key = (await runKey(['create', '--scope', 'admin'], settings)).stdout.trim();
      expect(await statusOf(app, key)).toBe(200);
    } finally {
      await app.stop();
    }
    const ports = { WHY401_PORT: '0', WHY401_OTLP_HTTP_PORT: '0', WHY401_OTLP_GRPC_PORT: '0' };
    expect((await runMain({ ...settings, ...ports, WHY401_AUTH: 'never' })).output).toContain('WHY401_AUTH: "never" is none');
  });
});
