/**
 * The OpenAPI document: linted, its examples held against its schemas, and the running service held against it. Every
 * operation is asked with the body that the document has as its example, must succeed, and is then asked wrongly in each
 * way that the document knows. An operation without a case fails.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BatchQueue } from '../../src/queue/batch-queue.js';
import { App } from '../support/app.js';
import { freshDatabase, withClient } from '../support/databases.js';
import { Contract, exampleOf, sendTo, type Asked, type Document, type Media, type Operation } from '../support/openapi.js';
import { get, sendRaw } from '../support/raw-http.js';
import { until } from '../support/service.js';

/** What earlier cases made, for later ones. */
type Known = Record<string, string>;
interface Case {
  operation: string;
  ask?: (known: Known) => Asked;
  /** What to remember of the answer. */
  keep?: (answer: Record<string, unknown>) => Known;
}

const MINUTE = 60_000;
const EVENT = { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
const id = (name: string) => (known: Known) => ({ path: { id: known[name] ?? '' } });
const keepId = (name: string) => (answer: Record<string, unknown>) => ({ [name]: String(answer['id']) });

/** In the order in which they are asked. */
const CASES: Case[] = [
  { operation: 'getSession' },
  { operation: 'signIn', ask: ({ key = '' }) => ({ body: { key } }) },
  { operation: 'signOut' },
  { operation: 'listProjects' },
  { operation: 'addProject' },
  { operation: 'addKey', keep: keepId('newKey') },
  { operation: 'listKeys' },
  { operation: 'revokeKey', ask: id('newKey') },
  ...['isAlive', 'isReady', 'getMetrics', 'sendEvents', 'exportLogs', 'classify'].map((operation) => ({ operation })),
  ...['getAbout', 'getTrends', 'getTop', 'listFindings', 'compareSpans', 'listFacets', 'listSamples', 'listCauses'].map((operation) => ({
    operation,
  })),
  { operation: 'explainChange', ask: () => ({ query: { from: '-10m', service: 'checkout' } }) },
  { operation: 'getCause', ask: () => ({ path: { id: 'expired_token' } }) },
  { operation: 'listDimensionValues', ask: () => ({ path: { name: 'service' } }) },
  {
    operation: 'listSignatures',
    ask: () => ({ query: { service: 'checkout', limit: '1' } }),
    keep: ({ signatures }) => ({ signature: (signatures as { id: string }[])[0]?.id ?? '' }),
  },
  { operation: 'getSignature', ask: id('signature') },
  { operation: 'teachCause', ask: id('signature') },
  { operation: 'addRule', keep: keepId('rule') },
  { operation: 'listRules' },
  { operation: 'getRule', ask: id('rule') },
  { operation: 'previewRule', ask: () => ({ query: { cause: 'expired_token', template: 'password' } }) },
  { operation: 'changeRule', ask: id('rule') },
  { operation: 'deleteRule', ask: id('rule') },
  { operation: 'addEndpoint', ask: ({ inbox }) => ({ body: { url: inbox } }), keep: keepId('endpoint') },
  { operation: 'listEndpoints' },
  { operation: 'getEndpoint', ask: id('endpoint') },
  { operation: 'changeEndpoint', ask: ({ endpoint, inbox }) => ({ path: { id: endpoint ?? '' }, body: { url: inbox } }) },
  { operation: 'rotateEndpointSecret', ask: id('endpoint') },
  { operation: 'testEndpoint', ask: id('endpoint'), keep: keepId('delivery') },
  { operation: 'listDeliveries', ask: id('endpoint') },
  { operation: 'redeliver', ask: id('delivery') },
  { operation: 'deleteEndpoint', ask: id('endpoint') },
  { operation: 'addAlertRule', keep: keepId('alertRule') },
  { operation: 'listAlertRules' },
  { operation: 'getAlertRule', ask: id('alertRule') },
  { operation: 'previewAlertRule' },
  { operation: 'changeAlertRule', ask: id('alertRule') },
  { operation: 'deleteAlertRule', ask: id('alertRule') },
  { operation: 'listAlerts' },
  { operation: 'getAlert', ask: id('spike') },
  { operation: 'acknowledgeAlert', ask: id('spike') },
  { operation: 'acceptAlertAsNormal', ask: id('spike') },
  { operation: 'getAlertSchema' },
  { operation: 'addSilence', keep: keepId('silence') },
  { operation: 'listSilences' },
  { operation: 'endSilence', ask: id('silence') },
  { operation: 'listFailedBatches' },
  { operation: 'retryFailedBatch', ask: id('failedBatch') },
];
const tooLarge = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));
/** Answered for as long as somebody listens: asked by itself below. */
const STREAM = 'streamCounts';

describe('the OpenAPI document', () => {
  let app: App;
  let queue: BatchQueue;
  let inbox: Server;
  let contract: Contract;
  let source: string;
  let databaseUrl: string;
  const known: Known = {};
  let keys: Record<string, string> = {};
  /** Operation and status. */
  const seen = new Set<string>();

  beforeAll(async () => {
    inbox = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end())).listen(0, '127.0.0.1');
    await once(inbox, 'listening');
    known['inbox'] = `http://127.0.0.1:${String((inbox.address() as AddressInfo).port)}/hook`;
    databaseUrl = await freshDatabase();
    app = await App.start({ DATABASE_URL: databaseUrl });
    queue = await BatchQueue.open({ databaseUrl, redisUrl: undefined, onError: () => undefined });
    source = JSON.stringify((await app.get<Document>('/openapi.json')).body);
    contract = new Contract(JSON.parse(source) as Document);
    await seed();
    await misdirect();
    await makeKeys();
  }, 2 * MINUTE);
  afterAll(async () => {
    await queue.close();
    await app.stop();
    inbox.closeAllConnections();
    inbox.close();
  });

  /** A day of few refusals, then many, so that two rules fire; and a batch that nobody can read. */
  async function seed(): Promise<void> {
    const now = Date.now();
    const send = async (events: object[]): Promise<void> => {
      expect((await app.post('/v1/events', JSON.stringify(events), { 'content-type': 'application/json' })).status).toBe(202);
    };
    const refused = (at: number, version: string, client: number): object => ({
      ...{
        ...EVENT,
        time: new Date(at).toISOString(),
        attributes: { 'service.version': version },
        client_ip: `203.0.113.${String(client)}`,
      },
      ...{ user_agent: 'shop-android/3.2', user: `u-${String(client)}`, trace_id: '5b8efff798038103d269b633813fc60c' },
      www_authenticate: 'Bearer error="invalid_token", error_description="jwt expired"',
      token: { exp: Math.floor(at / 1000) - 600 },
    });
    const quiet = Array.from({ length: 26 * 60 }, (_, index) => refused(now - (index + 2) * MINUTE, '1.4.2', index % 5));
    await send(quiet);
    await until(
      () => app.total(),
      (total) => total > 1_400,
    );
    await app.call('POST', '/v1/alert-rules', { name: 'Any', settings: { type: 'threshold', count: 100, window: '5m' } });
    await send(Array.from({ length: 120 }, (_, index) => refused(now, '1.5.0', index)));
    known['failedBatch'] = '6b1f0a52-3c1d-4f7e-9a52-0c9c1f6f2a11';
    await queue.add({ version: 99, batchId: known['failedBatch'], projectId: 1 } as unknown as Parameters<BatchQueue['add']>[0]);
    await until(
      () => queue.failedCount(),
      (count) => count === 1,
    );
    const open = await until(
      () => app.get<{ alerts: { id: string; rule: { type: string } }[] }>('/v1/alerts?status=open'),
      ({ body }) => new Set(body.alerts.map(({ rule }) => rule.type)).size === 2,
      MINUTE,
    );
    for (const { id: alert, rule } of open.body.alerts) known[rule.type] = alert;
  }

  /** As a browser does whose page got its own name to lead here. */
  async function misdirect(): Promise<void> {
    const body = JSON.stringify({ key: 'x' });
    const headers = `Content-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n`;
    for (const operation of contract.operations.filter(({ answers }) => answers['421'] !== undefined)) {
      const path = operation.path.replaceAll(/\{\w+\}/g, '0');
      const [answer] = await sendRaw(app.url, get(path, headers, operation.method).replace('localhost', 'rebound.test') + body);
      const problems = answer === undefined ? ['no answer'] : await problemsWith(operation, new Response(answer.body, answer));
      expect([operation.operationId, answer?.status, problems]).toEqual([operation.operationId, 421, []]);
    }
  }

  /** From here on keys are asked: one that may do everything, and for each scope one that may do nothing else. */
  async function makeKeys(): Promise<void> {
    const make = async (scopes: string[], project = 'default'): Promise<string> =>
      (await app.call<{ key: string }>('POST', '/v1/keys', { scopes, project })).body.key;
    app.key = await make(['admin']);
    known['key'] = app.key;
    await app.call('POST', '/v1/projects', { name: 'other' });
    keys = { ingest: await make(['ingest']), read: await make(['read']), other: await make(['admin'], 'other') };
  }

  /** One that holds and is not enough for the operation. */
  function tooSmall({ security = [] }: Operation): string {
    const scopes = security.flatMap((scheme) => scheme['key'] ?? []);
    if (scopes.includes('ingest')) return scopes.includes('read') ? '' : (keys['read'] ?? '');
    return scopes.includes('admin') ? (keys['read'] ?? '') : (keys['ingest'] ?? '');
  }

  /** What a request says that is known and may not. */
  function denied(operation: Operation): Record<string, string> {
    const key = tooSmall(operation);
    const cookie = { authorization: '', cookie: `why401_key=${app.key ?? ''}`, 'sec-fetch-site': 'cross-site' };
    if (operation.operationId === 'signIn') return {};
    return key === '' || operation.operationId === 'signOut' ? cookie : { authorization: `Bearer ${key}` };
  }

  /** Notes that it was seen. @returns what is wrong with it */
  async function problemsWith(operation: Operation, response: Response): Promise<string[]> {
    seen.add(`${operation.operationId} ${String(response.status)}`);
    return contract.problemsWith(operation, response);
  }

  function send(operation: Operation, asked: Asked, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return sendTo(app.url, operation, asked, { body, headers: { authorization: `Bearer ${app.key ?? ''}`, ...headers } });
  }

  /** Asks wrongly in each way that the document knows. */
  async function failEachWay(operation: Operation, asked: Asked, body?: string): Promise<void> {
    const { operationId } = operation;
    const signature = operationId.includes('ignature') || operationId === 'teachCause';
    const absent = signature ? '0'.repeat(16) : operationId === 'revokeKey' ? '0'.repeat(12) : '00000000-0000-4000-8000-000000000000';
    // The ones that have no id in their path are of a project.
    const isOfProject = ['listKeys', 'addKey'].includes(operationId);
    const elsewhere = isOfProject && body === undefined ? { query: { project: 'nowhere' } } : {};
    const wrongKey = `${app.key?.slice(0, -1) ?? ''}_`;
    const wrongs: Record<string, () => Promise<Response>> = {
      400: () => send(operation, { ...asked, query: { colour: 'red' } }, operationId === 'exportLogs' ? '{' : body),
      401: () => send(operation, asked, operationId === 'signIn' ? JSON.stringify({ key: wrongKey }) : body, { authorization: '' }),
      403: () => send(operation, asked, operationId === 'signIn' ? JSON.stringify({ key: keys['ingest'] }) : body, denied(operation)),
      404: () =>
        send(
          operation,
          { ...asked, ...elsewhere, path: { id: absent, name: 'colour' } },
          isOfProject ? withProject(body, 'nowhere') : body,
        ),
      405: () => send({ ...operation, method: 'PATCH' }, asked),
      413: () => send(operation, asked, tooLarge, { 'content-encoding': 'gzip' }),
      414: () => send(operation, { ...asked, query: { colour: 'r'.repeat(120_000) } }, body),
      415: () => send(operation, asked, body ?? '{}', { 'content-encoding': 'compress' }),
      417: () => expecting(operation),
      431: () => send(operation, asked, body, { cookie: 'a'.repeat(20_000) }),
    };
    for (const [status, wrong] of Object.entries(wrongs)) {
      if (operation.answers[status] === undefined) continue;
      const response = await wrong();
      expect([response.status, await problemsWith(operation, response)]).toEqual([Number(status), []]);
    }
  }

  function withProject(body: string | undefined, project: string): string | undefined {
    return body === undefined ? undefined : JSON.stringify({ ...(JSON.parse(body) as object), project });
  }

  /** fetch refuses to send it. */
  async function expecting({ method, path }: Operation): Promise<Response> {
    const [answer] = await sendRaw(app.url, get(path, 'Expect: wonders\r\n', method));
    if (answer === undefined) throw new Error('there was no answer');
    return new Response(answer.body, answer);
  }

  it('is well formed', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // The data of an event stream has no place in OpenAPI 3.1; its text names the schema.
      rules: { 'no-unused-components': 'off' },
    });
    const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`)).toEqual([]);
  });

  it('says what everything is, with examples that fit', () => {
    const problems: string[] = [];
    const tags = new Set((JSON.parse(source) as Document).tags.filter(({ description }) => description).map(({ name }) => name));
    const look = (where: string, content: Record<string, Media>): void => {
      for (const [type, { schema, example }] of Object.entries(content)) {
        if (type === 'application/x-protobuf') continue;
        if (example === undefined) problems.push(`${where} ${type}: no example`);
        else problems.push(...contract.problemsOf(schema ?? {}, example).map((problem) => `${where} ${type}: ${problem}`));
      }
    };
    for (const operation of contract.operations) {
      const { operationId, summary, tags: given = [], parameters, body, answers } = operation;
      if (!/^[a-z]+(?:[A-Z][a-z]+)*$/.test(operationId)) problems.push(`${operationId}: is no name for an operation`);
      if (!summary || !given.every((tag) => tags.has(tag)) || given.length !== 1)
        problems.push(`${operationId}: no summary, or no tag that is described`);
      if (!Object.keys(answers).some((status) => status.startsWith('4'))) problems.push(`${operationId}: no 4xx`);
      for (const { name, description, schema } of parameters)
        if (!description || schema === undefined) problems.push(`${operationId}: ${name} has no description or no schema`);
      look(operationId, body);
      for (const [status, { description, content = {} }] of Object.entries(answers)) {
        if (!description) problems.push(`${operationId} ${status}: no description`);
        look(`${operationId} ${status}`, content);
      }
    }
    expect(problems).toEqual([]);
  });

  it('has a case for every operation', () => {
    const ids = contract.operations.map(({ operationId }) => operationId);
    expect([...CASES.map(({ operation }) => operation), STREAM].sort()).toEqual(ids.sort());
  });

  describe.each(CASES)('$operation', ({ operation: operationId, ask = (): Asked => ({}), keep }) => {
    it('succeeds as the document says', async () => {
      const operation = contract.operation(operationId);
      const asked = ask(known);
      const response = await send(operation, asked, exampleOf(operation, asked.body));
      expect(await problemsWith(operation, response)).toEqual([]);
      expect(response.ok).toBe(true);
      if (keep !== undefined) Object.assign(known, keep((await response.json()) as Record<string, unknown>));
      const content = operation.answers[String(response.status)]?.content ?? {};
      for (const type of Object.keys(content).filter((one) => one === 'text/csv')) {
        const other = await send(operation, asked, undefined, { accept: type });
        expect([other.headers.get('content-type'), await problemsWith(operation, other)]).toEqual([`${type}; charset=utf-8`, []]);
      }
      if (operation.method === 'GET') {
        const head = await send({ ...operation, method: 'HEAD' }, asked);
        expect([head.status, head.headers.get('content-type')]).toEqual([response.status, response.headers.get('content-type')]);
      }
      for (const [type, { example = '' }] of Object.entries(operation.body).filter(([one]) => one !== 'application/json')) {
        // Without bytes it is a protobuf message too.
        const other = await send(operation, asked, example as string, { 'content-type': type });
        expect([other.ok, await problemsWith(operation, other)]).toEqual([true, []]);
      }
    });

    it('fails as the document says', async () => {
      const operation = contract.operation(operationId);
      const asked = ask(known);
      await failEachWay(operation, asked, exampleOf(operation, asked.body));
    });
  });

  it('streams the events that it describes', async () => {
    const operation = contract.operation(STREAM);
    const leave = new AbortController();
    const response = await fetch(`${app.url}${operation.path}?by=service`, {
      signal: leave.signal,
      headers: { authorization: `Bearer ${app.key ?? ''}` },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    seen.add(`${STREAM} 200`);
    await app.post('/v1/events', JSON.stringify(EVENT), { 'content-type': 'application/json' });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (/^data: .*\n\n/m.test(text)) break;
    }
    leave.abort();
    const [, data = ''] = /^event: counts\ndata: (.*)\n/m.exec(text) ?? [];
    const schemas = (JSON.parse(source) as { components: { schemas: Record<string, object> } }).components.schemas;
    expect(contract.problemsOf(schemas['CountsEvent'] ?? {}, JSON.parse(data))).toEqual([]);
    await failEachWay(operation, {});
  });

  it('refuses what is too much, and what is in the way', async () => {
    const stream = contract.operation(STREAM);
    const streams = await Promise.all(Array.from({ length: 51 }, () => send(stream, {})));
    const [refused] = streams.filter(({ status }) => status !== 200);
    for (const open of streams) if (open !== refused) await open.body?.cancel();
    expect(refused === undefined ? ['none was refused'] : await problemsWith(stream, refused)).toEqual([]);
    const normal = contract.operation('acceptAlertAsNormal');
    expect(await problemsWith(normal, await send(normal, { path: { id: known['threshold'] ?? '' } }))).toEqual([]);
    const preview = contract.operation('previewAlertRule');
    const previews = await Promise.all([0, 1, 2].map(() => send(preview, {}, exampleOf(preview))));
    for (const one of previews) expect(await problemsWith(preview, one)).toEqual([]);
    await withClient(databaseUrl, async (client) => {
      const many = 'FROM generate_series(1, 1000)';
      await client.query(
        `INSERT INTO rules (id, project_id, cause, match, note) SELECT gen_random_uuid(), 1, 'unknown', '{"route":"^x$"}', '' ${many}`,
      );
      await client.query(
        `INSERT INTO alert_rules (project_id, id, name, is_enabled, settings) SELECT 1, gen_random_uuid(), 'x', false, settings FROM alert_rules, generate_series(1, 100)`,
      );
      await client.query(
        `INSERT INTO endpoints (project_id, id, name, url, format, sends_resolved, secrets) SELECT 1, gen_random_uuid(), 'x', '', 'standard', false, '[]' ${many}`,
      );
    });
    for (const id of ['addRule', 'addAlertRule', 'addEndpoint']) {
      const operation = contract.operation(id);
      const body = exampleOf(operation, id === 'addEndpoint' ? { url: known['inbox'] } : {});
      expect(await problemsWith(operation, await send(operation, {}, body))).toEqual([]);
    }
  });

  it('refuses whoever guesses, and takes no key twice', async () => {
    const project = contract.operation('addProject');
    expect(await problemsWith(project, await send(project, {}, exampleOf(project)))).toEqual([]);
    await withClient(databaseUrl, (client) =>
      client.query("INSERT INTO projects (name) SELECT 'p' || at FROM generate_series(1, 1000) AS at"),
    );
    expect(await problemsWith(project, await send(project, {}, exampleOf(project, { name: 'more' })))).toEqual([]);
    await withClient(databaseUrl, (client) =>
      client.query(
        `INSERT INTO api_keys (id, project_id, name, hash, scopes) SELECT 'full' || at, 1, '', sha256(at::text::bytea), '{read}' FROM generate_series(1, 1000) AS at`,
      ),
    );
    const key = contract.operation('addKey');
    expect(await problemsWith(key, await send(key, {}, exampleOf(key)))).toEqual([]);
    let guess = 0;
    for (const operation of contract.operations.filter(({ answers }) => answers['429'] !== undefined)) {
      let response: Response;
      do {
        guess += 1;
        const body = operation.operationId === 'signIn' ? JSON.stringify({ key: `guess${String(guess)}` }) : exampleOf(operation);
        response = await send(operation, { path: { id: '0', name: 'service' } }, body, { authorization: `Bearer guess${String(guess)}` });
        expect(response.status === 429 || response.status === 401 || operation.operationId === 'getSession').toBe(true);
      } while (response.status !== 429);
      expect([await problemsWith(operation, response), Number(response.headers.get('retry-after')) > 0]).toEqual([[], true]);
    }
  });

  it('names no status that was not seen here, but those of a service in trouble', () => {
    const named = contract.operations.flatMap(({ operationId, answers }) =>
      Object.keys(answers).map((status) => `${operationId} ${status}`),
    );
    // A database that is away, and bodies that do not end: test/e2e/faults.e2e.test.ts.
    const inTrouble = named.filter((one) => / (?:408|500|503)$/.test(one));
    expect(named.filter((one) => !seen.has(one) && !inTrouble.includes(one))).toEqual([]);
  });
});
