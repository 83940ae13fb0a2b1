/**
 * What a key of one project gets of another one: nothing. Every operation of the OpenAPI document is asked with the key of a
 * project that is empty, with ids that exist in the first project, whose data bears a mark; no answer may bear it, name an id
 * that was not asked for, or count anything. An operation without a case here fails.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '../support/app.js';
import { freshDatabase, withClient } from '../support/databases.js';
import { runKey } from '../support/keys.js';
import { Contract, exampleOf, sendTo, type Asked, type Document, type Operation } from '../support/openapi.js';
import { until } from '../support/service.js';

type Who = 'everybody' | 'ingest' | 'read' | 'read or ingest' | 'admin' | 'operator';
/** Ids and cursors of the first project. */
type Known = Record<string, string>;
interface Case {
  operation: string;
  who: Who;
  /** What the other project's administrator is answered. */
  answers: number;
  ask?: (known: Known) => Asked;
}

/** In every text that the first project has: a word that masking and merging leave alone. */
const MARK = 'zebracrossing';
const JSON_TYPE = { 'content-type': 'application/json' };
const EVENT = {
  ...{ service: `${MARK}-shop`, environment: `${MARK}-prod`, method: 'GET', route: `/${MARK}/{id}`, status: 401 },
  ...{ reason: `${MARK} jwt expired`, error_code: `${MARK}_code`, client_ip: '203.0.113.9', user: `u-${MARK}`, user_agent: `${MARK}/1.0` },
  ...{ attributes: { 'service.version': `1.0-${MARK}`, 'service.instance.id': MARK }, token: { iss: `https://${MARK}.example/realm` } },
};
const OTHER_EVENT = { service: 'other', method: 'GET', route: '/x', status: 401, reason: 'unknown crossing guard' };

const id = (name: string) => (known: Known) => ({ path: { id: known[name] ?? '' } });
const cursor = (name: string) => (known: Known) => ({ query: { cursor: known[name] ?? '' } });
const reads = (...operations: string[]): Case[] => operations.map((operation) => ({ operation, who: 'read', answers: 200 }));

/** What only looks stands before what adds something, also a refusal: those of the service are counted in the project concerned. */
const CASES: Case[] = [
  { operation: 'isAlive', who: 'everybody', answers: 200 },
  { operation: 'isReady', who: 'everybody', answers: 200 },
  { operation: 'getSession', who: 'everybody', answers: 200 },
  { operation: 'getAlertSchema', who: 'everybody', answers: 200 },
  ...reads('getAbout', 'getTrends', 'getTop', 'listFindings', 'compareSpans', 'listFacets', 'listSamples', 'listCauses', 'explainChange'),
  ...reads('listSignatures', 'listRules', 'listEndpoints', 'listSilences', 'listAlerts', 'listAlertRules', 'previewAlertRule'),
  { operation: 'listSignatures', who: 'read', answers: 400, ask: cursor('signaturesCursor') },
  { operation: 'listSamples', who: 'read', answers: 400, ask: cursor('samplesCursor') },
  { operation: 'listAlerts', who: 'read', answers: 400, ask: cursor('alertsCursor') },
  { operation: 'getTrends', who: 'read', answers: 200, ask: ({ signature = '' }) => ({ query: { signature, by: 'signature' } }) },
  { operation: 'getCause', who: 'read', answers: 200, ask: () => ({ path: { id: 'expired_token' } }) },
  ...['service', 'environment', 'route', 'error_code', 'cause', 'signature'].map((name): Case => ({
    operation: 'listDimensionValues',
    who: 'read',
    answers: 200,
    ask: () => ({ path: { name } }),
  })),
  { operation: 'previewRule', who: 'read', answers: 200, ask: () => ({ query: { cause: 'expired_token', template: MARK } }) },
  { operation: 'getSignature', who: 'read', answers: 404, ask: id('signature') },
  { operation: 'teachCause', who: 'admin', answers: 404, ask: id('signature') },
  { operation: 'getRule', who: 'read', answers: 404, ask: id('rule') },
  { operation: 'changeRule', who: 'admin', answers: 404, ask: id('rule') },
  { operation: 'deleteRule', who: 'admin', answers: 404, ask: id('rule') },
  { operation: 'getEndpoint', who: 'read', answers: 404, ask: id('endpoint') },
  {
    ...{ operation: 'changeEndpoint', who: 'admin', answers: 404 },
    ask: ({ endpoint = '', inbox }) => ({ path: { id: endpoint }, body: { url: inbox } }),
  },
  { operation: 'rotateEndpointSecret', who: 'admin', answers: 404, ask: id('endpoint') },
  { operation: 'testEndpoint', who: 'admin', answers: 404, ask: id('endpoint') },
  { operation: 'listDeliveries', who: 'read', answers: 404, ask: id('endpoint') },
  { operation: 'redeliver', who: 'admin', answers: 404, ask: id('delivery') },
  { operation: 'deleteEndpoint', who: 'admin', answers: 404, ask: id('endpoint') },
  { operation: 'getAlertRule', who: 'read', answers: 404, ask: id('alertRule') },
  { operation: 'changeAlertRule', who: 'admin', answers: 404, ask: id('alertRule') },
  { operation: 'deleteAlertRule', who: 'admin', answers: 404, ask: id('alertRule') },
  { operation: 'getAlert', who: 'read', answers: 404, ask: id('alert') },
  { operation: 'acknowledgeAlert', who: 'admin', answers: 404, ask: id('alert') },
  { operation: 'acceptAlertAsNormal', who: 'admin', answers: 404, ask: id('alert') },
  { operation: 'endSilence', who: 'admin', answers: 404, ask: id('silence') },
  { operation: 'listKeys', who: 'admin', answers: 200 },
  { operation: 'listKeys', who: 'admin', answers: 404, ask: () => ({ query: { project: 'default' } }) },
  { operation: 'addKey', who: 'admin', answers: 404, ask: () => ({ body: { project: 'default' } }) },
  { operation: 'revokeKey', who: 'admin', answers: 404, ask: id('key') },
  { operation: 'getMetrics', who: 'operator', answers: 403 },
  { operation: 'listProjects', who: 'operator', answers: 403 },
  { operation: 'addProject', who: 'operator', answers: 403 },
  { operation: 'listFailedBatches', who: 'operator', answers: 403 },
  { operation: 'retryFailedBatch', who: 'operator', answers: 403, ask: id('rule') },
  { operation: 'signOut', who: 'everybody', answers: 204 },
  { operation: 'signIn', who: 'everybody', answers: 200, ask: ({ otherKey }) => ({ body: { key: otherKey } }) },
  // Judged by the other project's rules, of which there are none.
  { operation: 'classify', who: 'read or ingest', answers: 200, ask: () => ({ body: OTHER_EVENT }) },
  { operation: 'addRule', who: 'admin', answers: 201 },
  { operation: 'addAlertRule', who: 'admin', answers: 201 },
  { operation: 'addEndpoint', who: 'admin', answers: 201, ask: ({ inbox }) => ({ body: { url: inbox } }) },
  { operation: 'addSilence', who: 'admin', answers: 201 },
  { operation: 'sendEvents', who: 'ingest', answers: 202, ask: () => ({ body: OTHER_EVENT }) },
  { operation: 'exportLogs', who: 'ingest', answers: 200 },
];
/** Answered for as long as somebody listens: followed by itself below. */
const STREAM = 'streamCounts';
const STREAM_CASE: Case = { operation: STREAM, who: 'read', answers: 200 };
/** Members of answers that would tell how many there are. */
const COUNTING = /^(?:count|total|expected|observed|observable|in_time|signatures|matched|changed|distinct_.*|.*_count|baseline_total)$/;

describe('a key of one project', () => {
  let app: App;
  let inbox: Server;
  let contract: Contract;
  let databaseUrl: string;
  const known: Known = {};
  const keys: Record<'admin' | 'read' | 'ingest' | 'none', string> = { admin: '', read: '', ingest: '', none: '' };

  beforeAll(async () => {
    inbox = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end())).listen(0, '127.0.0.1');
    await once(inbox, 'listening');
    known['inbox'] = `http://127.0.0.1:${String((inbox.address() as AddressInfo).port)}/`;
    databaseUrl = await freshDatabase();
    app = await App.start({ DATABASE_URL: databaseUrl });
    contract = new Contract((await app.get<Document>('/openapi.json')).body);
    await fillFirst();
    const made = (await runKey(['create', '--scope', 'admin', '--project', 'other'], { DATABASE_URL: databaseUrl })).stdout.trim();
    keys.admin = known['otherKey'] = made;
    await until(
      async () => (await fetch(`${app.url}/v1/about`)).status,
      (status) => status === 401,
    );
    for (const scope of ['read', 'ingest'] as const) {
      const body = JSON.stringify({ scopes: [scope] });
      const answer = await fetch(`${app.url}/v1/keys`, {
        method: 'POST',
        body,
        headers: { ...JSON_TYPE, authorization: `Bearer ${made}` },
      });
      keys[scope] = ((await answer.json()) as { key: string }).key;
    }
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    inbox.closeAllConnections();
    inbox.close();
  });

  /** One of everything, each with the mark. The last is a key: from then on keys are asked. */
  async function fillFirst(): Promise<void> {
    const add = async (name: string, path: string, body: object = {}): Promise<void> => {
      const answer = await app.call<{ id: string; key?: string }>('POST', path, body);
      expect([path, answer.status < 300]).toEqual([path, true]);
      known[name] = answer.body.id;
      if (answer.body.key !== undefined) app.key = answer.body.key;
    };
    // Two of everything that is paged through.
    await app.call('POST', '/v1/events', [EVENT, { ...EVENT, route: `/${MARK}` }, OTHER_EVENT]);
    await until(
      () => app.total(),
      (total) => total === 3,
    );
    await add('rule', '/v1/rules', { cause: 'account_locked', match: { template: 'crossing guard' }, note: MARK });
    await add('endpoint', '/v1/endpoints', { name: MARK, url: `${known['inbox'] ?? ''}${MARK}` });
    await add('delivery', `/v1/endpoints/${known['endpoint'] ?? ''}/test`);
    await add('silence', '/v1/silences', {
      matchers: { service: MARK },
      ends_at: new Date(Date.now() + 3_600_000).toISOString(),
      note: MARK,
    });
    await add('alertRule', '/v1/alert-rules', {
      name: MARK,
      settings: { type: 'threshold', count: 1, window: '5m', group_by: ['service', 'cause'] },
    });
    const alerts = await until(
      () => app.get<{ alerts: { id: string }[]; next_cursor: string | null }>('/v1/alerts?limit=1'),
      ({ body }) => body.next_cursor !== null,
      30_000,
    );
    known['alert'] = alerts.body.alerts[0]?.id ?? '';
    known['alertsCursor'] = alerts.body.next_cursor ?? '';
    const signatures = (await app.get<{ signatures: { id: string }[]; next_cursor: string }>('/v1/signatures?limit=1')).body;
    known['signature'] = signatures.signatures[0]?.id ?? '';
    known['signaturesCursor'] = signatures.next_cursor;
    known['samplesCursor'] = (await app.get<{ next_cursor: string }>('/v1/samples?limit=1')).body.next_cursor;
    await add('key', '/v1/keys', { name: MARK, scopes: ['admin'] });
  }

  function send({ operation: name, ask = (): Asked => ({}) }: Case, key: string, headers: Record<string, string> = {}): Promise<Response> {
    const operation = contract.operation(name);
    const asked = ask(known);
    const authorization: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
    return sendTo(app.url, operation, asked, { body: exampleOf(operation, asked.body), headers: { ...authorization, ...headers } });
  }

  /** What an answer tells of the first project. */
  function leaksIn(text: string, { ask = (): Asked => ({}) }: Case): string[] {
    const { path = {}, query = {} } = ask(known);
    // What was asked with comes back in messages.
    const sent = [...Object.values(path), ...Object.values(query)];
    const secrets = [
      MARK,
      ...Object.entries(known).flatMap(([name, value]) => (/inbox|otherKey/.test(name) || value === '' ? [] : [value])),
    ];
    return secrets.filter((secret) => !sent.includes(secret) && text.includes(secret));
  }

  it('has a case for every operation', () => {
    const operations = contract.operations.map(({ operationId }) => operationId);
    expect([...new Set([...CASES.map(({ operation }) => operation), STREAM])].sort()).toEqual(operations.sort());
    expect(Object.entries(known).filter(([, value]) => value === '')).toEqual([]);
  });

  it.each(CASES)('gets nothing of another one: $operation $answers', async (one) => {
    const response = await send(one, keys.admin);
    const text = await response.text();
    expect([response.status, text]).toEqual([one.answers, expect.anything()]);
    expect([text, leaksIn(text, one)]).toEqual([text, []]);
    if (response.status === 200 && one.who === 'read') expect(countedIn(JSON.parse(text))).toEqual([]);
    const operation: Operation = contract.operation(one.operation);
    if (operation.answers['200']?.content?.['text/csv'] !== undefined && one.answers === 200) {
      const csv = await (await send(one, keys.admin, { accept: 'text/csv' })).text();
      expect(leaksIn(csv, one)).toEqual([]);
    }
  });

  it('judges by the rules of its own project', async () => {
    const causeFor = async (key: string): Promise<string | undefined> => {
      const headers = { ...JSON_TYPE, authorization: `Bearer ${key}` };
      const answer = await fetch(`${app.url}/v1/classify`, { method: 'POST', body: JSON.stringify(OTHER_EVENT), headers });
      return ((await answer.json()) as { results: { cause: string }[] }).results[0]?.cause;
    };
    expect(await causeFor(app.key ?? '')).toBe('account_locked');
    expect(await causeFor(keys.admin)).not.toBe('account_locked');
  });

  it('counts what is sent twice once in each project, not once in all', async () => {
    const body = JSON.stringify({ ...OTHER_EVENT, service: 'twice' });
    const sendWith = async (key: string): Promise<number> => {
      const headers = { ...JSON_TYPE, authorization: `Bearer ${key}`, 'idempotency-key': 'the same' };
      return (await fetch(`${app.url}/v1/events`, { method: 'POST', body, headers })).status;
    };
    expect([await sendWith(app.key ?? ''), await sendWith(keys.admin), await sendWith(keys.admin)]).toEqual([202, 202, 202]);
    const totalFor = async (key: string): Promise<number> => {
      const answer = await fetch(`${app.url}/v1/trends?service=twice`, { headers: { authorization: `Bearer ${key}` } });
      return ((await answer.json()) as { total: number }).total;
    };
    for (const key of [app.key ?? '', keys.admin])
      await until(
        () => totalFor(key),
        (total) => total === 1,
      );
  });

  it('has of a refusal that both have its own part alone', async () => {
    const sendWith = async (key: string, instance: string, count: number): Promise<void> => {
      const event = {
        ...OTHER_EVENT,
        service: 'both',
        client_ip: `203.0.113.${String(count)}`,
        attributes: { 'service.instance.id': instance },
      };
      const headers = { ...JSON_TYPE, authorization: `Bearer ${key}` };
      const body = JSON.stringify(Array.from({ length: count }, () => event));
      expect((await fetch(`${app.url}/v1/events`, { method: 'POST', body, headers })).status).toBe(202);
    };
    const askFor = async <T>(key: string, path: string): Promise<T> =>
      (await (await fetch(app.url + path, { headers: { authorization: `Bearer ${key}` } })).json()) as T;
    interface Facets {
      facets: { facet: string; values: { value: string; count: number }[] }[];
    }
    await sendWith(app.key ?? '', 'first', 5);
    await sendWith(keys.admin, 'second', 2);
    for (const [key, instance, count] of [
      [app.key ?? '', 'first', 5],
      [keys.admin, 'second', 2],
    ] as const) {
      const { signatures } = await until(
        () => askFor<{ signatures: { id: string; count: number }[] }>(key, '/v1/signatures?service=both'),
        (answer) => answer.signatures[0]?.count === count,
      );
      expect(signatures).toHaveLength(1);
      const one = await askFor<Facets & { count: number }>(key, `/v1/signatures/${signatures[0]?.id ?? ''}`);
      const { facets } = await askFor<Facets>(key, '/v1/facets?service=both');
      const instances = facets.flatMap(({ values }) => values).filter(({ value }) => /^(?:first|second)$/.test(value));
      expect([one.count, instances.map(({ value, count: of }) => [value, of])]).toEqual([count, [[instance, count]]]);
      expect(one.facets).toEqual(facets);
      const top = await askFor<{ rows: { count: number; distinct_clients: number }[] }>(key, '/v1/top?by=service&service=both');
      expect(top.rows).toMatchObject([{ count, distinct_clients: 1 }]);
      const explained = await askFor<{ count: number }>(key, '/v1/explain?service=both&from=-10m');
      expect(explained.count).toBe(count);
    }
  });

  it('hears of nothing that lands in another one', async () => {
    const leave = new AbortController();
    const headers = { authorization: `Bearer ${keys.read}` };
    const stream = await fetch(`${app.url}/v1/stream?by=service`, { headers, signal: leave.signal });
    const post = (key: string, event: object): Promise<Response> =>
      fetch(`${app.url}/v1/events`, {
        method: 'POST',
        body: JSON.stringify(event),
        headers: { ...JSON_TYPE, authorization: `Bearer ${key}` },
      });
    // The same question in the first project shares no feed with it.
    const first = await fetch(`${app.url}/v1/stream?by=service`, {
      headers: { authorization: `Bearer ${app.key ?? ''}` },
      signal: leave.signal,
    });
    const heardFirst = textUntil(first, MARK);
    await post(app.key ?? '', EVENT);
    expect(await heardFirst).toContain(`${MARK}-shop`);
    await post(keys.admin, { ...OTHER_EVENT, service: 'heard' });
    const heard = await textUntil(stream, 'heard');
    expect(heard).toContain('{"service":"heard"}');
    expect(leaksIn(heard, STREAM_CASE)).toEqual([]);
    leave.abort();
  });

  it.each([...CASES, STREAM_CASE])('may do what its scopes say, and nothing without one: $operation', async (one) => {
    const { who } = one;
    const may: Record<keyof typeof keys, boolean> = {
      none: who === 'everybody',
      ingest: who === 'everybody' || who.includes('ingest'),
      read: who === 'everybody' || who.includes('read'),
      admin: who !== 'operator',
    };
    for (const [scope, isAllowed] of Object.entries(may) as [keyof typeof keys, boolean][]) {
      const response = await send(one, keys[scope]);
      await response.body?.cancel();
      const isRefused = [401, 403].includes(response.status);
      expect([scope, response.status, isRefused]).toEqual([scope, response.status, !isAllowed]);
      if (isRefused) expect(response.status).toBe(scope === 'none' ? 401 : 403);
    }
    const wrong = await send({ ...one, ...(one.operation === 'signIn' ? { ask: () => ({ body: { key: 'wrong' } }) } : {}) }, 'wrong');
    await wrong.body?.cancel();
    expect([wrong.status, who === 'everybody' && one.operation !== 'signIn']).toEqual([
      wrong.status === 401 ? 401 : one.answers,
      wrong.status !== 401,
    ]);
  });

  it('has changed nothing in another one', async () => {
    const there: Record<string, string> = {
      ...{
        rule: '/v1/rules/',
        endpoint: '/v1/endpoints/',
        alertRule: '/v1/alert-rules/',
        alert: '/v1/alerts/',
        signature: '/v1/signatures/',
      },
    };
    for (const [name, path] of Object.entries(there)) {
      const { status, body } = await app.get(path + (known[name] ?? ''));
      expect([name, status, JSON.stringify(body).includes(MARK)]).toEqual([name, 200, true]);
    }
    expect((await app.get<{ acknowledged_at: unknown }>(`/v1/alerts/${known['alert'] ?? ''}`)).body.acknowledged_at).toBeNull();
    expect((await app.get<{ taught_cause: unknown }>(`/v1/signatures/${known['signature'] ?? ''}`)).body.taught_cause).toBeNull();
    expect(JSON.stringify((await app.get('/v1/silences')).body)).toContain(known['silence'] ?? '-');
    const rows = await withClient(databaseUrl, (client) =>
      client.query('SELECT 1 FROM api_keys WHERE project_id = 1 AND revoked_at IS NULL'),
    );
    expect(rows.rowCount).toBe(1);
  });
});

/** Where an answer counts something, by the names of its members. */
function countedIn(value: unknown, path = ''): string[] {
  // What a rule is set to is no count.
  if (typeof value !== 'object' || value === null || path.endsWith('.settings.')) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(typeof inner === 'number' && inner !== 0 && COUNTING.test(name) ? [`${path}${name}: ${String(inner)}`] : []),
    ...countedIn(inner, `${path}${name}.`),
  ]);
}

async function textUntil(response: Response, wanted: string): Promise<string> {
  let text = '';
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  while (!text.includes(wanted)) {
    const read = await reader?.read();
    if (read?.value === undefined) break;
    text += Buffer.from(read.value).toString();
  }
  return text;
}
