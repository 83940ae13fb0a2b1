/**
 * Tables that are spread over a cluster by their project (src/store/citus.ts) can be joined within a project only. Everything that the
 * store can send is sent here and read by PostgreSQL's own grammar: each join of tables of projects equates the project, and each
 * statement stays within one, but for the ones that are listed with the reason. A line of the store that sends something and is not
 * reached here fails.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { FIRST_RULES } from '../../src/core/alert/first-rules.js';
import { Distinct, entryOf } from '../../src/core/distinct.js';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { floorTo } from '../../src/core/levels.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { AlertCounts } from '../../src/store/alert-counts.js';
import { AlertRuleStore } from '../../src/store/alert-rule-store.js';
import { AlertStore, type StoredAlert } from '../../src/store/alert-store.js';
import { ChangeQueries, spansBefore } from '../../src/store/change-queries.js';
import type { CountQuery } from '../../src/store/count-queries.js';
import { ON_EVERY_NODE } from '../../src/store/citus.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { durability, generatedSetting, migrate, openDatabase, replication, type DataSource } from '../../src/store/database.js';
import { QueueTable, storeBatchesAsTheyCome } from '../../src/store/queue-table.js';
import { distinctOf } from '../../src/store/distinct-queries.js';
import { EndpointStore } from '../../src/store/endpoint-store.js';
import { idFromHex, loadSignatures } from '../../src/store/entities.js';
import { facetsOf } from '../../src/store/facet-queries.js';
import { KeyStore } from '../../src/store/key-store.js';
import { maintain } from '../../src/store/maintenance.js';
import { RollupStore } from '../../src/store/rollup-store.js';
import { Settling } from '../../src/store/settling.js';
import { samplesOf } from '../../src/store/sample-queries.js';
import { fullProjects } from '../../src/store/signature-cap.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { TeachingStore } from '../../src/store/teaching-store.js';
import { freshDatabase, withClient } from '../support/databases.js';
import { examine, type Examined, type Schema } from '../support/project-joins.js';
import { DAY, PROJECT, refusal, RETENTION, until } from '../support/service.js';
import { noteStatements, sendingPlaces, type Sent } from '../support/statements.js';

/** Of one server: they copy the embedded database, watch it, write schema.sql, or are about Citus itself. */
const OF_ONE_SERVER = ['backup.ts', 'embedded-postgres.ts', 'schema-dump.ts', 'citus.ts'];

const HOUR = 3_600;
const NOW = floorTo(Date.now() / 1000, 60);
const FILTERS = { service: ['check*', '!other'], cause: ['expired_token'] };
const QUERY: CountQuery = { projectId: PROJECT, span: { from: NOW - DAY, to: NOW + 60 }, filters: FILTERS };
const JUDGED = { cause: 'expired_token', fault: 'client', confidence: 1, evidence: [], also: [] } as const;

/** Beginnings of statements that ask or clean up over all projects, and why. Citus sends them to every shard. */
const OVER_ALL_PROJECTS = {
  'SELECT k.*, p.name AS project FROM api_keys k': 'a key is found by its id, before the project is known; operators list all',
  'SELECT EXISTS (SELECT FROM api_keys)': 'whether the service asks for keys at all',
  'UPDATE api_keys SET': 'a key is known by its id',
  'SELECT project_id, id, name, is_enabled, settings, problem, judged_to, created_at, updated_at FROM alert_rules WHERE $1::integer IS NULL OR':
    'one process evaluates the rules of all projects',
  "SELECT * FROM alerts WHERE status <> 'resolved'": 'and their open alerts',
  'SELECT * FROM silences WHERE ($1::integer IS NULL OR': 'and what is silenced',
  'SELECT due.id FROM endpoints e CROSS JOIN LATERAL': 'deliveries that are due, of each endpoint',
  'SELECT * FROM deliveries WHERE id = $1': 'a job of the queue has the id alone',
  'SELECT project_id AS id FROM signature_days': 'health: which projects are full',
  'SELECT project_id AS project, bucket FROM sketches_': 'maintenance: buckets with many rows',
  'SELECT project_id AS project, extract(epoch FROM bucket)::float8 AS at FROM rollups': 'maintenance: what is to be packed again',
  'SELECT extract(epoch FROM min(c.bucket))::float8 AS first': 'maintenance: what is to be settled',
  "SELECT pg_relation_size('fresh_counts')": 'maintenance: whether space is to be given back',
  'DELETE FROM sketches_': 'maintenance: what is over',
  'DELETE FROM signature_days': 'maintenance: what is over',
  'DELETE FROM rollups r USING projects p': 'maintenance: what is over',
  'DELETE FROM deliveries WHERE alert_id IS NULL': 'maintenance: what is over',
  'DELETE FROM silences WHERE ends_at < $1': 'maintenance: what is over',
  "WITH gone AS (DELETE FROM alerts WHERE status = 'resolved'": 'maintenance: what is over',
  'WITH old AS (SELECT project_id, batch_id FROM applied_batches': 'maintenance: what is over',
  'WITH old AS (SELECT project_id, portion_id FROM applied_portions': 'maintenance: what is over',
  'DELETE FROM token_times t USING': 'maintenance: what is over',
};
/** The same of statements that Citus says it refuses, and where: docs/scaling.md lists them. */
const REFUSED_BY_CITUS = {
  'SELECT extract(epoch FROM min((SELECT min(bucket) FROM ': 'a subquery for each row of a table that stands on every node',
  'WITH moved AS ( DELETE FROM ': 'FOR UPDATE over several shards',
  'WITH taken AS ( DELETE FROM ': 'FOR UPDATE over several shards',
  'DELETE FROM fresh_counts c USING': 'FOR UPDATE over several shards',
  'DELETE FROM targets t USING': 'FOR UPDATE over several shards',
  'WITH gone AS ( DELETE FROM signatures s USING': 'FOR UPDATE over several shards',
  'SELECT extract(epoch FROM min(b.bucket))::float8 AS bucket FROM projects p CROSS JOIN LATERAL':
    'LATERAL with a limit behind a table that stands on every node',
  'INSERT INTO rollups AS r (project_id, seconds, bucket, cells) SELECT p.id':
    'LATERAL with groups behind a table that stands on every node',
};

let databaseUrl: string;
let database: DataSource;
let sent: Sent;

/** One refusal with everything that there can be beside it. @param at epoch seconds */
function batch(number: number, at: number): JudgedBatch {
  const signature = signatureOf(refusal('jwt expired', at * 1000, `/r${String(number)}`), 401);
  const verdict = judge(signature);
  const sketch = new Distinct();
  sketch.add(entryOf(Math.imul(number + 1, 0x9e3779b1)));
  return {
    ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION - 1, revision: 0 } },
    signatures: [
      { id: idOf(number), signature, verdict, audit: auditSignature(signature, verdict), firstMs: at * 1000, lastMs: at * 1000 },
    ],
    targets: [{ service: 'checkout', environment: '', route: `/r${String(number)}` }],
    values: ['1.0'],
    sketches: [[0, floorTo(at, 60), 0, Buffer.from(sketch.bytes()).toString('base64')]],
    portions: [
      {
        ...{ id: randomUUID(), counts: [0, floorTo(at, 10), 1], tokenTimes: [0, 1, 1] },
        ...{ traffic: [0, floorTo(at, 60), 1], facets: [0, floorTo(at, 300), 0, 0, 1] },
      },
    ],
  };
}

function idOf(number: number): string {
  return createHash('sha256').update(String(number)).digest('hex').slice(0, 16);
}

async function count(): Promise<void> {
  const store = new CountStore(database, RETENTION, 30);
  for (const days of [0, 0.2, 3, 40]) await store.apply([batch(1, NOW - days * DAY)], NOW * 1000);
  for (let one = 0; one < 20; one += 1) await store.apply([batch(1, NOW), batch(2 + one, NOW - 3_600)], NOW * 1000);
  // More than a project may have in a day.
  for (let one = 0; one < 20; one += 1) await store.apply([batch(50 + one, NOW)], NOW * 1000);
  await fullProjects(database, '2026-11-30', 1);
}

async function pack(): Promise<void> {
  const rollups = new RollupStore(database, RETENTION);
  // Transactions of other tests can keep a round waiting.
  const packAll = (): Promise<boolean | undefined> =>
    until(
      () => rollups.pack({ nowMs: NOW * 1000, queueAgeMs: 0 }),
      (isDone) => isDone === true,
    );
  await packAll();
  await new CountStore(database, RETENTION).apply([batch(1, NOW - 7_200)], NOW * 1000);
  await withClient(databaseUrl, (client) => client.query("UPDATE rollups SET stale_since = stale_since - interval '1 day'"));
  await packAll();
  await rollups.behind();
}

async function ask(): Promise<void> {
  const keys = [['checkout']];
  const asked = { by: ['service'] as const, keys, retention: RETENTION, now: NOW };
  await onSnapshot(database, async (queries, transaction) => {
    await queries.rank(QUERY, ['service', 'status'], 5);
    await queries.compare({ ...QUERY, before: { from: NOW - 2 * DAY, to: NOW - DAY }, scale: 1 }, ['service'], 5);
    await queries.counts(QUERY, ['service'], keys);
    await queries.series(QUERY, ['service'], keys, 3_600);
    await queries.everySeries(QUERY, ['service'], 3_600, 5);
    await queries.requests(QUERY, ['service'], keys, 3_600);
    await queries.total(QUERY);
    await queries.tokenTimes(PROJECT, idFromHex(idOf(1)), QUERY.span);
    await queries.signatures(QUERY, 5, { id: '1', count: 9 });
    await facetsOf(queries, transaction, QUERY);
    await distinctOf(queries, transaction, QUERY, asked);
    await distinctOf(queries, transaction, QUERY, { ...asked, by: [], keys: [[]] });
    await samplesOf(transaction, QUERY, 5, { at: NOW * 1000, id: '1' });
  });
  // So many at once that some share a snapshot.
  await Promise.all(Array.from({ length: 12 }, (_, one) => onSnapshot(database, (queries) => queries.total(QUERY), 5_000 + one)));
  const changes = new ChangeQueries(database);
  const now = { from: NOW - 600, to: NOW };
  for (const where of [() => 'true', () => "s.service = 'checkout'"]) {
    await changes.changes({ projectId: PROJECT, where, asked: [], now, before: spansBefore(now) });
  }
  await loadSignatures(database, PROJECT, [idFromHex(idOf(1))]);
}

async function teach(): Promise<void> {
  const store = new TeachingStore(database);
  const rule = { id: randomUUID(), cause: 'expired_token' as const, match: { route: '^x$' }, note: '' };
  const again = () => ({ verdict: { ...JUDGED, evidence: [], also: [] }, findings: [], observable: [] });
  const state = { ruleSetVersion: RULE_SET_VERSION, revision: 1 };
  await store.addRule(PROJECT, rule, 10);
  await store.changeRule(PROJECT, rule);
  await store.rules(PROJECT);
  await store.projects();
  await store.revision(PROJECT);
  await store.outdated(PROJECT, state);
  expect(await store.rejudge(PROJECT, state, 10, again)).toBeGreaterThan(0);
  expect(await store.teachCause({ projectId: PROJECT, id: idFromHex(idOf(1)), cause: 'expired_token' }, state, again)).toBe(true);
  expect(await store.dropRule(PROJECT, rule.id)).toBe(true);
}

async function manageKeys(): Promise<void> {
  const keys = new KeyStore(database);
  const key = { id: 'k1', projectId: PROJECT, name: 'a', hash: randomBytes(32), scopes: ['read' as const], expiresAt: null };
  await keys.addProject('another', 10);
  await keys.project('another');
  await keys.projects();
  expect(await keys.add(key, 5)).toMatchObject({ id: 'k1' });
  await keys.isAnyMade();
  await keys.keys(PROJECT);
  await keys.noteUse('k1');
  expect(await keys.revoke('k1', PROJECT)).toBe(true);
  expect((await keys.key('k1'))?.revokedAt).not.toBeNull();
}

async function alert(): Promise<void> {
  const [rules, alerts, endpoints] = [new AlertRuleStore(database), new AlertStore(database), new EndpointStore(database)];
  const holder = randomUUID();
  const endpointId = randomUUID();
  const input = {
    id: endpointId,
    name: 'a',
    url: 'https://example.com/',
    format: 'standard' as const,
    routingKey: null,
    sendsResolved: true,
  };
  await endpoints.addEndpoint(PROJECT, input, 'whsec_a', 5);
  await rules.holdLease(holder);
  for (const { name, settings } of FIRST_RULES) {
    const id = randomUUID();
    const rule = await rules.add(PROJECT, { id, name, isEnabled: true, settings }, 100);
    if (rule === undefined) throw new Error('the rule was not added');
    await learn(rules, rule);
    await look({ projectId: PROJECT, settings });
    const counted = { count: 1 } as unknown as StoredAlert['figures'];
    const one: StoredAlert = {
      ...{
        projectId: PROJECT,
        id: randomUUID(),
        ruleId: id,
        rule: { id, name } as unknown as StoredAlert['rule'],
        key: ['checkout', name],
      },
      ...{ status: 'pending', reason: '', startedAt: new Date(), firedAt: null, resolvedAt: null, lastBreachAt: new Date() },
      ...{ notifiedAt: null, acknowledgedAt: null, acknowledgedNote: null, acceptedAt: null, figures: counted },
      details: {},
    };
    await rules.setJudgedTo(rule, Date.now() / 1_000, 60);
    await rules.lastBreaches(rule, 0);
    await alerts.renewLease(holder);
    await alerts.write(holder, one, [{ endpointId, transition: 'firing', message: {} }]);
    await alerts.follow(holder, one);
    await alerts.drop(holder, one);
    await alerts.write(holder, { ...one, id: randomUUID(), status: 'firing' }, []);
    const [open] = await alerts.open();
    await alerts.one(PROJECT, open?.id ?? '');
    expect(await alerts.acknowledge(PROJECT, open?.id ?? '', '')).toBeDefined();
    expect(await alerts.accept(PROJECT, open?.id ?? '')).toBeDefined();
    await alerts.list(PROJECT, { statuses: ['firing'], limit: 5, before: { startedAt: new Date(), id } });
    await alerts.forget(new Date(), new Date());
    expect(await rules.drop(PROJECT, id)).toBe(true);
  }
  await deliver(endpoints, input);
  await rules.giveUpLease(holder);
  await rules.verdictsChangedAt();
  await rules.noteAlive();
  await rules.forgetAlive();
}

async function learn(rules: AlertRuleStore, rule: NonNullable<Awaited<ReturnType<AlertRuleStore['rule']>>>): Promise<void> {
  const group = { key: ['a'], state: {}, lastSeen: NOW } as unknown as Parameters<AlertRuleStore['saveGroups']>[1]['groups'][number];
  await rules.saveGroups(rule, { learnedTo: NOW, verdictsAt: NOW, groups: [group] });
  await rules.change(PROJECT, rule);
  await rules.rules(PROJECT);
  await rules.rule(PROJECT, rule.id);
  await rules.setProblem(rule, 'a problem');
  await rules.groups(rule);
  await rules.accepted(rule, 0);
}

async function look(scope: { projectId: number; settings: (typeof FIRST_RULES)[number]['settings'] }): Promise<void> {
  const counts = new AlertCounts(database, RETENTION);
  const key = scope.settings.group_by.map(() => 'checkout');
  await counts.buckets(scope, QUERY.span, 60);
  await counts.total(scope, key, QUERY.span, [idFromHex(idOf(1))]);
  await counts.traffic({ ...scope, settings: { ...scope.settings, filter: {}, group_by: ['service'] } }, QUERY.span, 60);
  await counts.alive(QUERY.span);
  await counts.distinctClients(scope, key, QUERY.span, NOW);
  await counts.newSignatures(scope, QUERY.span, 86_400);
}

async function deliver(endpoints: EndpointStore, input: Parameters<EndpointStore['changeEndpoint']>[1]): Promise<void> {
  const { id } = input;
  const test = await endpoints.addTest(PROJECT, id, {});
  expect(await endpoints.due(5)).toContain(test.id);
  await endpoints.delivery(test.id);
  expect(await endpoints.claim(PROJECT, id)).toBeDefined();
  const attempt = { at: '', outcome: '', status: 200, latency_ms: 1, reason: '' };
  await endpoints.note(test, attempt, { status: 'waiting', nextAt: new Date() });
  await endpoints.note(test, attempt, { status: 'delivered', nextAt: new Date() });
  await endpoints.deliveries(PROJECT, id, 5);
  expect(await endpoints.redeliver(PROJECT, test.id)).toBeDefined();
  await endpoints.endpoints(PROJECT);
  const endpoint = await endpoints.endpoint(PROJECT, id);
  if (endpoint === undefined) throw new Error('the endpoint is gone');
  await endpoints.changeEndpoint(PROJECT, input);
  await endpoints.rotateSecret(PROJECT, id, 'whsec_b', new Date());
  await endpoints.disable(endpoint, 'gone');
  const silence = await endpoints.addSilence(PROJECT, {
    matchers: {},
    startsAt: new Date(),
    endsAt: new Date(Date.now() + 60_000),
    note: '',
  });
  await endpoints.silences(PROJECT);
  await endpoints.dropSilence(PROJECT, silence.id);
  expect(await endpoints.dropEndpoint(PROJECT, id)).toBe(true);
}

async function watch(): Promise<void> {
  await (await openDatabase(databaseUrl, () => undefined)).destroy();
  await generatedSetting(database, 'a setting', () => 'a value');
  await durability(database);
  await database.query('CREATE SCHEMA bullmq');
  await database.query('CREATE TABLE bullmq.job (data jsonb); CREATE TABLE bullmq.event (id bigint)');
  await storeBatchesAsTheyCome(database);
  await database.query(`INSERT INTO bullmq.job VALUES (to_jsonb(repeat('x', 1_000_000)));
    DELETE FROM bullmq.job; SELECT pg_stat_force_next_flush()`);
  await new QueueTable(database).clear();
  await replication(database);
  await migrate(database);
  const counts = new CountStore(database, RETENTION);
  // One is left, so that the planner is told of a table that it knows nothing of.
  await counts.apply([batch(1, NOW + 60)], NOW * 1000);
  await new Settling(database, RETENTION).settle({ nowMs: (NOW + 60) * 1000, queueAgeMs: 0 });
  // Three days on, the finest level has moved up; a year on, all is over.
  for (const days of [0, 3, 500]) await maintain(database, { retention: RETENTION, nowMs: (NOW + days * DAY) * 1000, queueAgeMs: 0 });
  // So many that what they leave is cleared away; and some that nobody settled until they were over.
  await counts.apply(
    Array.from({ length: 1_000 }, (_, one) => batch(1, NOW - HOUR - 10 * one)),
    NOW * 1000,
  );
  await new Settling(database, RETENTION).settle({ nowMs: NOW * 1000, queueAgeMs: 0 });
  await counts.apply([batch(1, NOW)], NOW * 1000);
  await new Settling(database, RETENTION).settle({ nowMs: (NOW + 500 * DAY) * 1000, queueAgeMs: 0 });
}

describe('statements of the store', () => {
  let schema: Schema;
  let examined: (Examined & { text: string })[];

  beforeAll(async () => {
    databaseUrl = await freshDatabase();
    database = await openDatabase(databaseUrl, () => undefined);
    const columns = await database.query<{ table: string; columns: string[] }[]>(
      `SELECT c.relname AS "table", array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname`,
    );
    schema = new Map(columns.map(({ table, columns: names }) => [table, names]));
    // The server's own would tell the planner of it first, now and then.
    await database.query('ALTER TABLE fresh_counts SET (autovacuum_enabled = off)');
    sent = noteStatements(database);
    for (const one of [count, ask, pack, ask, teach, manageKeys, alert, watch]) await one();
    examined = await Promise.all(
      [...sent.texts].map(async (text) => ({ text: text.replaceAll(/\s+/g, ' ').trim(), ...(await examine(text, schema)) })),
    );
  });
  afterAll(() => database.destroy());

  it('are all looked at', () => {
    const places = sendingPlaces('src/store', OF_ONE_SERVER);
    expect(places.length).toBeGreaterThan(100);
    expect(places.filter(({ place }) => !sent.places.has(place))).toEqual([]);
  });

  it('join tables of projects by the project', () => {
    expect(examined.filter(({ isJoinedByProject }) => !isJoinedByProject).map(({ text }) => text)).toEqual([]);
  });

  it('stay within a project, but for the ones that are listed', () => {
    const over = examined.filter(({ isOfOneProject }) => !isOfOneProject).map(({ text }) => text);
    const listed = [...Object.keys(OVER_ALL_PROJECTS), ...Object.keys(REFUSED_BY_CITUS)];
    expect(over.filter((text) => !listed.some((beginning) => text.startsWith(beginning)))).toEqual([]);
    expect(listed.filter((beginning) => !over.some((text) => text.startsWith(beginning)))).toEqual([]);
  });

  it('read nothing beside tables of projects but what stands on every node', () => {
    const strange = examined.filter(({ tables, others }) => tables.length > 0 && others.some((name) => !ON_EVERY_NODE.includes(name)));
    expect(strange.map(({ text }) => text)).toEqual([]);
  });

  it('lock what they read within a project, but for the ones that are listed as refused', () => {
    const locking = examined.filter(({ isOfOneProject, isLocking }) => isLocking && !isOfOneProject).map(({ text }) => text);
    expect(locking.filter((text) => !Object.keys(REFUSED_BY_CITUS).some((beginning) => text.startsWith(beginning)))).toEqual([]);
  });

  it('say what rows become with functions that Citus takes there', async () => {
    const functions = await database.query<{ name: string; kinds: string[] }[]>(
      'SELECT proname AS name, array_agg(DISTINCT provolatile::text) AS kinds FROM pg_proc GROUP BY 1',
    );
    const kindsOf = new Map(functions.map(({ name, kinds }) => [name, kinds]));
    const spread = examined.filter(({ tables, others }) => tables.length > 0 || others.some((name) => ON_EVERY_NODE.includes(name)));
    const calls = spread.flatMap((one) => one.calls.map((call) => ({ ...call, text: one.text })));
    expect(calls.length).toBeGreaterThan(5);
    // By name alone: a function that is immutable for some arguments passes.
    const taken = { conflict: ['i'], choice: ['i'], update: ['i', 's'] };
    expect(calls.filter(({ name, within }) => !kindsOf.get(name)?.some((kind) => taken[within].includes(kind)))).toEqual([]);
  });
});

describe('the reading of statements', () => {
  const schema: Schema = new Map([
    ...['a', 'b'].map((name): [string, string[]] => [name, ['project_id', 'id', 'x']]),
    ['projects', ['id', 'name']],
  ]);
  const within = (sql: string): Promise<Examined> => examine(sql, schema);

  it.each([
    'SELECT * FROM a JOIN b ON a.project_id = b.project_id AND a.id = b.id WHERE b.project_id = $1',
    'SELECT * FROM a JOIN b USING (project_id, id) WHERE project_id = $1',
    'SELECT * FROM a, b WHERE a.project_id = $1 AND b.project_id = $1::integer',
    'SELECT * FROM a WHERE (project_id, id) = ($1, $2) AND EXISTS (SELECT FROM b WHERE b.project_id = a.project_id)',
    'SELECT * FROM projects p CROSS JOIN LATERAL (SELECT x FROM a WHERE project_id = p.id UNION ALL SELECT x FROM b WHERE project_id = p.id) c WHERE p.id = 1',
    'WITH c AS (SELECT * FROM a WHERE project_id = $1) SELECT * FROM c JOIN b ON b.project_id = c.project_id',
    'WITH c AS (DELETE FROM a WHERE project_id = $1 RETURNING *) INSERT INTO b (id, project_id) SELECT id, project_id FROM c',
    'INSERT INTO a (project_id, id) SELECT * FROM unnest($1::integer[], $2::integer[])',
    'UPDATE a SET x = 1 FROM (SELECT project_id FROM b WHERE project_id = $1) c WHERE a.project_id = c.project_id',
  ])('finds that it stays within a project: %s', async (sql) => {
    expect(await within(sql)).toMatchObject({ isJoinedByProject: true, isOfOneProject: true });
  });

  it.each([
    'SELECT * FROM a JOIN b ON a.id = b.id WHERE a.project_id = $1',
    'SELECT * FROM a JOIN b ON a.project_id = b.project_id OR a.id = b.id',
    'SELECT * FROM a JOIN b ON a.project_id <> b.project_id',
    'SELECT * FROM a WHERE project_id = $1 AND id IN (SELECT id FROM b)',
    'SELECT * FROM a WHERE project_id = $1 AND EXISTS (SELECT FROM b WHERE b.id = a.id)',
    'SELECT (SELECT max(x) FROM b), x FROM a WHERE project_id = $1',
    'WITH c AS (SELECT id FROM a WHERE project_id = $1) SELECT * FROM c JOIN b ON b.id = c.id',
    'INSERT INTO a (project_id, id) SELECT $1, id FROM b',
    'DELETE FROM a USING b WHERE a.id = b.id AND a.project_id = $1',
    'SELECT * FROM a WHERE project_id = $1 UNION ALL SELECT * FROM a WHERE project_id = $2 AND id = (SELECT id FROM b LIMIT 1)',
  ])('finds a join across projects: %s', async (sql) => {
    expect(await within(sql)).toMatchObject({ isJoinedByProject: false });
  });

  it.each([
    'SELECT * FROM a',
    'SELECT * FROM a WHERE project_id = $1 OR id = $2',
    'SELECT * FROM a WHERE project_id <> $1',
    'SELECT * FROM a JOIN b USING (project_id)',
    'DELETE FROM a WHERE id = $1',
    'INSERT INTO a (project_id, id) SELECT project_id, id FROM b',
  ])('finds that it goes over all projects: %s', async (sql) => {
    expect(await within(sql)).toMatchObject({ isOfOneProject: false });
  });

  it('tells locks, and which functions say what rows become', async () => {
    expect(await within('SELECT * FROM a FOR UPDATE')).toMatchObject({ isLocking: true });
    const { calls } = await within('UPDATE a SET x = now(), id = coalesce(id, random())');
    expect(calls).toEqual([
      { name: 'now', within: 'update' },
      { name: 'random', within: 'choice' },
    ]);
    expect((await within('INSERT INTO a (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET x = now()')).calls).toEqual([
      { name: 'now', within: 'conflict' },
    ]);
  });
});
