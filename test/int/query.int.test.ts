import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Distinct, entryOf } from '../../src/core/distinct.js';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { signatureKey } from '../../src/core/signature.js';
import {
  compareAnswer,
  dimensionAnswer,
  facetsAnswer,
  oneSignatureAnswer,
  samplesAnswer,
  topAnswer,
  trendsAnswer,
} from '../../src/query/answers.js';
import { CompareController } from '../../src/query/compare.controller.js';
import { DimensionsController } from '../../src/query/dimensions.controller.js';
import { FacetsController } from '../../src/query/facets.controller.js';
import { LiveCounts } from '../../src/query/live-counts.js';
import {
  compareParameters,
  dimensionParameters,
  samplesParameters,
  spanParameters,
  topParameters,
  trendsParameters,
} from '../../src/query/parameters.js';
import { SamplesController } from '../../src/query/samples.controller.js';
import { SignaturesController } from '../../src/query/signatures.controller.js';
import { TrendsController } from '../../src/query/trends.controller.js';
import { CountStore } from '../../src/store/count-store.js';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { Settling } from '../../src/store/settling.js';
import { maintain } from '../../src/store/maintenance.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { freshDatabase } from '../support/databases.js';
import { DAY, PROJECT, refusal, RETENTION, until } from '../support/service.js';

const MINUTE = 60;
const HOUR = 3_600;
const INSTANCE = 0;
const VERSION = 1;

interface Batch {
  service?: string;
  route?: string;
  reason?: string;
  /** Epoch seconds and number. */
  counts?: [at: number, count: number][];
  /** Requests of any status of the same service and route. */
  requests?: [at: number, count: number][];
  facets?: [facet: number, value: string, count: number][];
  clients?: { from: number; to: number; at?: number };
  users?: { from: number; to: number };
  traceId?: string;
}

interface Counted {
  values: Record<string, string>;
  /** Start of its bucket, epoch seconds. */
  at: number;
  count: number;
}

function sumOf(all: Counted[]): number {
  return all.reduce((sum, one) => sum + one.count, 0);
}

function grouped(all: Counted[], names: string[]): Map<string, Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const one of all) {
    const key = JSON.stringify(names.map((name) => one.values[name]));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Filters on what is not there (causes of requests) do not count. */
function isWanted(values: Record<string, string>, filters: Record<string, readonly string[] | undefined>): boolean {
  const matches = (text: string, filter: string): boolean =>
    filter.endsWith('*') ? text.startsWith(filter.slice(0, -1)) : text === filter;
  return Object.entries(filters).every(([name, given = []]) => {
    const text = values[name];
    if (text === undefined) return true;
    const wanted = given.filter((filter) => !filter.startsWith('!'));
    return (
      (wanted.length === 0 || wanted.some((filter) => matches(text, filter))) &&
      !given.some((filter) => filter.startsWith('!') && matches(text, filter.slice(1)))
    );
  });
}

/** A sketch of some of the people that there are. */
function sketchOf(from: number, to: number): string {
  const sketch = new Distinct();
  for (let index = from; index < to; index += 1) sketch.add(entryOf(Math.imul(index + 1, 0x9e3779b1)));
  return Buffer.from(sketch.bytes()).toString('base64');
}

describe('queries', () => {
  let database: DataSource;
  let store: CountStore;
  const now = Math.floor(Date.now() / 1000);
  const minute = Math.floor(now / MINUTE) * MINUTE;
  beforeEach(async () => {
    database = await openDatabase(await freshDatabase(), () => undefined);
    store = new CountStore(database, RETENTION);
  });
  afterEach(() => database.destroy());

  async function count({ service = 'checkout', route = '/orders/{id}', reason = 'jwt expired', ...batch }: Batch): Promise<string> {
    const { counts = [], requests = [], facets = [], clients, users, traceId } = batch;
    const record = refusal(reason, now * 1000, route);
    const signature = signatureOf({ ...record, resource: { 'service.name': service } }, 401);
    const verdict = judge(signature);
    const id = createHash('sha256').update(signatureKey(signature)).digest('hex').slice(0, 16);
    const times = counts.map(([at]) => at * 1000);
    await store.apply(
      [
        {
          ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 } },
          signatures: [
            {
              ...{ id, signature, verdict, audit: auditSignature(signature, verdict) },
              firstMs: Math.min(now * 1000, ...times),
              lastMs: Math.max(0, ...times),
              ...(traceId === undefined ? {} : { traceId }),
            },
          ],
          targets: [{ service, environment: '', route }],
          values: facets.map(([, value]) => value),
          sketches: [
            ...(clients === undefined
              ? []
              : [[0, clients.at ?? minute, 0, sketchOf(clients.from, clients.to)] as [number, number, 0 | 1, string]]),
            ...(users === undefined ? [] : [[0, minute, 1, sketchOf(users.from, users.to)] as [number, number, 0 | 1, string]]),
          ],
          portions: [
            {
              ...{ id: null, tokenTimes: [] },
              counts: counts.flatMap(([at, number]) => [0, Math.floor(at / 10) * 10, number]),
              traffic: requests.flatMap(([at, number]) => [0, Math.floor(at / MINUTE) * MINUTE, number]),
              facets: facets.flatMap(([facet, , number], value) => [0, Math.floor(minute / 300) * 300, facet, value, number]),
            },
          ],
        },
      ],
      now * 1000,
    );
    return id;
  }

  const trends = async (query: object): Promise<z.output<typeof trendsAnswer>> =>
    trendsAnswer.parse(await new TrendsController(database, RETENTION).trends(trendsParameters.parse(query), PROJECT));
  const top = async (query: object): Promise<z.output<typeof topAnswer>> =>
    topAnswer.parse(await new TrendsController(database, RETENTION).top(topParameters.parse(query), PROJECT));
  const compare = async (query: object): Promise<z.output<typeof compareAnswer>> =>
    compareAnswer.parse(await new CompareController(database, RETENTION).compare(compareParameters.parse(query), PROJECT));
  const dimension = async (name: string, query: object = {}): Promise<z.output<typeof dimensionAnswer>> =>
    dimensionAnswer.parse(await new DimensionsController(database, RETENTION).values(name, dimensionParameters.parse(query), PROJECT));
  const samples = async (query: object): Promise<z.output<typeof samplesAnswer>> =>
    samplesAnswer.parse(await new SamplesController(database, RETENTION).list(samplesParameters.parse(query), PROJECT));
  const facetsOf = async (query: object): Promise<z.output<typeof facetsAnswer>> =>
    facetsAnswer.parse(await new FacetsController(database, RETENTION).list(spanParameters.parse(query), PROJECT));

  describe('rates', () => {
    const at = minute - 5 * MINUTE;
    const SPAN = { unit: 'rate', step: '1m', from: String(at), to: String(at + 3 * MINUTE) };
    const rates = ({ series }: z.output<typeof trendsAnswer>): Record<string, (number | null)[]> =>
      Object.fromEntries(series.map(({ key, points }) => [Object.values(key).join(' '), points.map(([, rate]) => rate)]));

    beforeEach(async () => {
      await count({
        counts: [
          [at, 10],
          [at + MINUTE, 5],
        ],
        requests: [
          [at, 40],
          [at + 2 * MINUTE, 8],
        ],
      });
      await count({ reason: 'wrong password', counts: [[at, 2]] });
      await count({ service: 'shop', counts: [[at, 4]], requests: [[at, 3]] });
      await count({ service: 'mail', counts: [[at, 1]], requests: [[at, 10]] });
    });

    it('divide by the requests of the same service and route; null where nobody can tell', async () => {
      const answer = await trends({ ...SPAN, by: 'service' });
      expect(rates(answer)).toEqual({ checkout: [0.3, null, 0], shop: [null, null, null], mail: [0.1, null, null] });
      expect([answer.unit, answer.total, answer.series.map(({ total }) => total)]).toEqual(['rate', 22, [17, 4, 1]]);
    });

    it('divide by everything that filters and dimensions of requests leave', async () => {
      expect(rates(await trends({ ...SPAN, by: 'cause', service: 'checkout' }))).toEqual({
        expired_token: [0.25, null, 0],
        invalid_credentials: [0.05, null, 0],
      });
      expect(rates(await trends({ ...SPAN, by: 'cause,service', service: '!shop', cause: 'expired_token' }))).toEqual({
        'expired_token checkout': [0.25, null, 0],
        'expired_token mail': [0.1, null, null],
      });
      expect(rates(await trends({ ...SPAN, by: 'status', service: 'nothing' }))).toEqual({});
    });

    it('know the requests of the rest', async () => {
      expect(rates(await trends({ ...SPAN, by: 'service', limit: '1' }))).toEqual({
        checkout: [0.3, null, 0],
        __other__: [5 / 13, null, null],
      });
      expect(rates(await trends({ ...SPAN, by: 'cause', limit: '1' }))).toEqual({
        expired_token: [15 / 53, null, 0],
        __other__: [2 / 53, null, 0],
      });
    });

    it('are of minutes at the finest, and the same when counts have moved up', async () => {
      await expect(trends({ ...SPAN, step: '10s' })).rejects.toMatchObject({ errors: [{ field: 'step' }] });
      const hourly = { unit: 'rate', by: 'service', step: '1h', from: String(now - 2 * HOUR) };
      const before = await trends(hourly);
      const upkeep = { retention: { ...RETENTION, '10s': HOUR, '1m': HOUR }, nowMs: (now + 2 * HOUR) * 1000, queueAgeMs: 0 };
      await new Settling(database, RETENTION).settle({ nowMs: now * 1000, queueAgeMs: 0 });
      await maintain(database, upkeep);
      expect(await database.query('SELECT 1 FROM counts_1m UNION ALL SELECT 1 FROM traffic_1m')).toEqual([]);
      expect(rates(await trends(hourly))).toEqual(rates(before));
    });
  });

  describe('distinct clients and users', () => {
    it('are the union over the signatures of a row, and null where nobody was told of', async () => {
      const counts: [number, number][] = [[minute, 1]];
      await count({ counts, clients: { from: 0, to: 100 }, users: { from: 0, to: 10 } });
      await count({ counts, route: '/b', clients: { from: 50, to: 150 } });
      await count({ counts, service: 'shop', reason: 'wrong password' });
      const { rows } = await top({ by: 'service', from: '-1h' });
      expect(rows.map(({ key, distinct_users: users }) => [key['service'], users])).toEqual([
        ['checkout', 10],
        ['shop', null],
      ]);
      expect(Math.abs((rows[0]?.distinct_clients ?? 0) - 150)).toBeLessThanOrEqual(3);
      expect(rows[1]?.distinct_clients).toBeNull();
      const routes = await top({ by: 'route,cause', from: '-1h', service: 'checkout' });
      for (const { distinct_clients: clients } of routes.rows) expect(Math.abs((clients ?? 0) - 100)).toBeLessThanOrEqual(2);
      expect((await top({ by: 'service', from: '-1h', limit: '1' })).rows).toEqual(rows.slice(0, 1));
    });

    it('are merged over all levels, and the same after everything has moved up', async () => {
      for (const [index, age] of [0, 5 * HOUR, 3 * DAY, 40 * DAY].entries()) {
        await count({ counts: [[minute - age, 1]], clients: { from: index * 50, to: index * 50 + 100, at: minute - age } });
      }
      const clients = async (): Promise<number> => (await top({ by: 'service', from: '-45d' })).rows[0]?.distinct_clients ?? 0;
      const before = await clients();
      expect(Math.abs(before - 250)).toBeLessThanOrEqual(5);
      await new Settling(database, RETENTION).settle({ nowMs: (now + 60) * 1000, queueAgeMs: 0 });
      await maintain(database, { retention: RETENTION, nowMs: (now + 20 * DAY) * 1000, queueAgeMs: 0 });
      expect(await clients()).toBe(before);
    });

    it('are left unknown where there is too much to merge, and only there', async () => {
      await count({ counts: [[minute, 1]], clients: { from: 0, to: 10 } });
      // At each level: the time of day says which one is read.
      for (const [table, width] of [
        ['sketches_1m', MINUTE],
        ['sketches_1h', HOUR],
        ['sketches_1d', DAY],
      ] as const)
        await database.query(
          `INSERT INTO ${table} SELECT 1, to_timestamp($1), gen_random_uuid(), decode(repeat('00', 33 * 1024 * 1024), 'hex')`,
          [Math.floor((minute - 10 * MINUTE) / width) * width],
        );
      const clients = async (from: number): Promise<unknown> =>
        (await top({ by: 'service', from: String(from), to: String(minute + MINUTE) })).rows[0]?.distinct_clients;
      expect(await clients(minute - 20 * MINUTE)).toBeNull();
      expect(await clients(minute - 5 * MINUTE)).toBe(10);
    });
  });

  describe('compare', () => {
    const from = minute - 10 * MINUTE;
    const SPAN = { by: 'service', from: String(from), to: String(from + 5 * MINUTE) };

    it('sets a span against the one before, the largest difference first, up or down', async () => {
      await count({
        service: 'grown',
        counts: [
          [from - MINUTE, 10],
          [from, 30],
        ] as [number, number][],
      });
      await count({ service: 'gone', counts: [[from - MINUTE, 90]] });
      await count({ service: 'new', counts: [[from, 5]] });
      await count({
        service: 'same',
        counts: [
          [from - MINUTE, 5],
          [from, 5],
        ] as [number, number][],
      });
      await count({
        service: 'outside',
        counts: [
          [from + 6 * MINUTE, 50],
          [from - 6 * MINUTE, 50],
        ] as [number, number][],
      });
      const answer = await compare(SPAN);
      expect(answer.rows.map(({ key, count: number, expected, change }) => [key['service'], number, expected, change])).toEqual([
        ['gone', 0, 90, -1],
        ['grown', 30, 10, 2],
        ['new', 5, 0, null],
        ['same', 5, 5, 0],
      ]);
      expect(answer.rows[1]).toMatchObject({ share_now: 0.75, share_before: 10 / 105 });
      expect(answer).toMatchObject({ total: 40, baseline_total: 105, truncated: false, baseline: { to: answer.from } });
      const first = await compare({ ...SPAN, limit: '1' });
      expect([first.rows.length, first.total, first.baseline_total, first.truncated]).toEqual([1, 40, 105, true]);
      expect(await compare({ ...SPAN, service: 'nothing' })).toMatchObject({ rows: [], total: 0, baseline_total: 0 });
    });

    it('scales a baseline of another length, wherever it is kept', async () => {
      const month = Math.floor((now - 40 * DAY) / HOUR) * HOUR;
      await count({
        counts: [
          [month, 120],
          [from, 30],
        ] as [number, number][],
      });
      const answer = await compare({ ...SPAN, baseline_from: String(month), baseline_to: String(month + 10 * HOUR) });
      expect(answer.rows[0]).toMatchObject({ count: 30, expected: 1, change: 29, share_now: 1, share_before: 1 });
      expect(answer.baseline_total).toBe(120);
    });

    it.each([
      [{ baseline_from: '-2d' }, 'baseline_from'],
      [{ baseline_from: '-1h', baseline_to: '-2h' }, 'baseline_from'],
      [{ baseline_from: '1900-01-01T00:00:00Z', baseline_to: '-2h' }, 'baseline_from'],
      [{ baseline_from: '-500d', baseline_to: '-2h' }, 'baseline_from'],
      [{ baseline_from: '-2h', baseline_to: '2999-01-01T00:00:00Z' }, 'baseline_to'],
      [{ from: '-300d' }, 'from'],
    ])('refuses %j', async (query, field) => {
      await expect(compare({ by: 'cause', ...query })).rejects.toMatchObject({ status: 400, errors: [{ field }] });
    });
  });

  it('lists the values of a dimension, and names the dimensions', async () => {
    await count({ counts: [[minute, 3]] });
    await count({ service: 'shop', counts: [[minute, 5]] });
    await count({ service: 'mail', counts: [[minute - 3 * DAY, 9]] });
    expect(await dimension('service')).toEqual({
      name: 'service',
      values: [
        { value: 'shop', count: 5 },
        { value: 'checkout', count: 3 },
      ],
      truncated: false,
    });
    expect(await dimension('status', { service: 'shop', limit: '1' })).toEqual({
      name: 'status',
      values: [{ value: '401', count: 5 }],
      truncated: false,
    });
    expect(await dimension('service', { limit: '1', from: '-4d' })).toMatchObject({ values: [{ value: 'mail' }], truncated: true });
    for (const name of ['colour', 'constructor', '__proto__', "service'--"])
      await expect(dimension(name)).rejects.toMatchObject({ status: 404, detail: expect.stringContaining('service, environment, route') });
  });

  it('pages through samples, newest first, also through those of one moment', async () => {
    const ids: string[] = [];
    const words = ['red', 'green', 'blue', 'black', 'white', 'brown', 'grey', 'pink', 'cyan'];
    for (const [index, word] of words.entries())
      ids.push(await count({ reason: `${word} door closed`, counts: [[minute - (index < 5 ? 0 : index * MINUTE), 1]] }));
    const old = await count({ service: 'old', counts: [[now - 3 * DAY, 1]], traceId: 'a'.repeat(32) });
    const seen: string[] = [];
    const times: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: z.output<typeof samplesAnswer> = await samples({ limit: '2', ...(cursor === '' ? {} : { cursor }) });
      seen.push(...page.samples.map(({ signature }) => signature));
      times.push(...page.samples.map(({ time }) => time));
      cursor = page.next_cursor ?? undefined;
    }
    expect([...seen].sort()).toEqual([...ids].sort());
    expect(times).toEqual([...times].sort().reverse());
    expect((await samples({ from: '-4d', service: 'old' })).samples).toEqual([
      {
        ...{ signature: old, time: new Date((now - 3 * DAY) * 1000).toISOString(), service: 'old', environment: '', route: '/orders/{id}' },
        ...{ method: '', status: 401, cause: 'expired_token', error_code: '', challenge: '', template: 'jwt expired' },
        trace_id: 'a'.repeat(32),
      },
    ]);
  });

  it('tells facets of the reasons that match, by reason', async () => {
    const counts: [number, number][] = [[minute, 1]];
    const versions = Array.from({ length: 30 }, (_, index): [number, string, number] => [VERSION, `1.${String(index)}`, 100 - index]);
    const id = await count({ counts, facets: [[INSTANCE, 'a', 3], [INSTANCE, 'b', 1], ...versions] });
    await count({ counts, route: '/other', facets: [[INSTANCE, 'a', 4]] });
    await count({ counts, service: 'shop', facets: [[INSTANCE, 'c', 8]] });
    const { facets } = await facetsOf({ service: 'checkout', from: '-1h' });
    expect(facets.map(({ facet }) => facet)).toEqual(['instance', 'version', 'client_network', 'user_agent', 'issuer', 'key_id']);
    expect(facets[0]?.values).toEqual([
      { value: 'a', count: 7, share: 0.875 },
      { value: 'b', count: 1, share: 0.125 },
    ]);
    expect([facets[1]?.values.length, facets[1]?.values[0]?.value, facets[2]?.values]).toEqual([20, '1.0', []]);
    // By reason: a route alone cannot be told apart.
    expect((await facetsOf({ route: '/other', from: '-1h' })).facets[0]).toEqual(facets[0]);
    expect((await facetsOf({ from: '-1h' })).facets[0]?.values[0]).toEqual({ value: 'c', count: 8, share: 0.5 });
    const one = await new SignaturesController(database, RETENTION).one(id, spanParameters.parse({ from: '-1h' }), PROJECT);
    expect(oneSignatureAnswer.parse(one).facets).toEqual(facets);
    await new Settling(database, RETENTION).settle({ nowMs: (now + 60) * 1000, queueAgeMs: 0 });
    await maintain(database, { retention: RETENTION, nowMs: (now + 3 * DAY) * 1000, queueAgeMs: 0 });
    expect((await facetsOf({ service: 'checkout', from: '-1h' })).facets).toEqual(facets);
  });

  it('answers what counting by hand does, for any filters, dimensions and spans', async () => {
    const services = ['checkout', 'chess', 'shop'];
    const routes = ['/a', '/b'];
    const reasons = { expired_token: 'jwt expired', invalid_signature: 'invalid signature', invalid_credentials: 'wrong password' };
    const refusals: Counted[] = [];
    const requests: Counted[] = [];
    let random = 401;
    const below = (limit: number): number => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (random >> 8) % limit;
    };
    for (const service of services)
      for (const route of routes)
        for (const [cause, reason] of Object.entries(reasons)) {
          const own = Array.from({ length: 12 }, (): [number, number] => [minute - below(4 * DAY), 1 + below(5)]);
          const asked = Array.from({ length: 12 }, (_, index): [number, number] => [own[index]?.[0] ?? 0, below(40)]);
          await count({ service, route, reason, counts: own, requests: asked });
          for (const [at, number] of own) refusals.push({ values: { service, route, cause }, at: Math.floor(at / 10) * 10, count: number });
          for (const [at, number] of asked)
            requests.push({ values: { service, route }, at: Math.floor(at / MINUTE) * MINUTE, count: number });
        }
    const value = fc.constantFrom('checkout', '!checkout', 'che*', '!che*', 'nothing');
    const query = fc.record(
      {
        service: fc.array(value, { minLength: 1, maxLength: 2 }),
        route: fc.constantFrom(['/a'], ['!/a'], ['/*']),
        cause: fc.constantFrom(['expired_token'], ['!expired_token', '!invalid_signature']),
        by: fc.subarray(['service', 'route', 'cause'], { minLength: 1 }).map((names) => names.join(',')),
        from: fc.integer({ min: 3_600, max: 4 * DAY }).map((age) => String(now - age)),
        to: fc.integer({ min: 0, max: 3_000 }).map((age) => String(now - age)),
      },
      { requiredKeys: ['by', 'from', 'to'] },
    );
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const filters = { service: asked.service, route: asked.route, cause: asked.cause };
        const found = (all: Counted[], { from, to }: { from: string; to: string }, names: string[]): Map<string, Counted[]> =>
          grouped(
            all.filter(({ values, at }) => at * 1000 >= Date.parse(from) && at * 1000 < Date.parse(to) && isWanted(values, filters)),
            names,
          );
        const sums = (groups: Map<string, Counted[]>): Record<string, number> =>
          Object.fromEntries([...groups].map(([key, own]) => [key, sumOf(own)]));
        const names = asked.by.split(',');
        const keyOf = (key: Record<string, string>): string => JSON.stringify(names.map((name) => key[name]));

        const ranking = await top({ ...asked, limit: '100' });
        const ranked = Object.fromEntries(ranking.rows.map((row) => [keyOf(row.key), row.count]));
        expect(ranked).toEqual(sums(found(refusals, ranking, names)));

        const compared = await compare({ ...asked, limit: '100' });
        const [after, before] = [sums(found(refusals, compared, names)), sums(found(refusals, compared.baseline, names))];
        const rows = Object.fromEntries(compared.rows.map((row) => [keyOf(row.key), [row.count, row.expected]]));
        const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
        expect(rows).toEqual(Object.fromEntries([...keys].map((key) => [key, [after[key] ?? 0, before[key] ?? 0]])));

        const chart = await trends({ ...asked, unit: 'rate', limit: '100' });
        const shared = names.filter((name) => name !== 'cause');
        const [refused, known] = [found(refusals, chart, names), found(requests, chart, shared)];
        for (const { key, total, points } of chart.series) {
          const own = refused.get(keyOf(key)) ?? [];
          const all = known.get(JSON.stringify(shared.map((name) => key[name]))) ?? [];
          expect(total).toBe(sumOf(own));
          for (const [ms, rate] of points) {
            const isThen = ({ at }: Counted): boolean => at * 1000 >= ms && at * 1000 < ms + chart.step_seconds * 1000;
            const [part, whole] = [sumOf(own.filter(isThen)), sumOf(all.filter(isThen))];
            expect(rate).toEqual(whole === 0 || whole < part ? null : part / whole);
          }
        }
        expect(chart.series.length).toBe(refused.size);
      }),
      { numRuns: 40 },
    );
  });

  it('streams what lands, once', async () => {
    const live = LiveCounts.of(database);
    const heard: [number, ...[string | undefined, number][]][] = [];
    const ended: unknown[] = [];
    const recent = Math.floor(Date.now() / 10_000) * 10;
    await count({ counts: [[recent, 4]] });
    live.listen(
      { projectId: PROJECT, filters: { service: ['checkout'] }, by: ['route'] },
      {
        counts: (_, total, changes) =>
          heard.push([total, ...changes.map(({ key, count: gain }): [string | undefined, number] => [key[0], gain])]),
        alive: () => undefined,
        end: (problem) => ended.push(problem),
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(heard).toEqual([]);
    await count({ counts: [[recent, 2]] });
    await count({ service: 'shop', counts: [[recent, 2]] });
    await until(
      () => heard.length,
      (events) => events === 1,
      5_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(heard).toEqual([[2, ['/orders/{id}', 2]]]);
    live.close();
    expect(ended).toEqual([undefined]);
  });

  it('stops a query that takes too long', async () => {
    await expect(onSnapshot(database, (_, transaction) => transaction.query('SELECT pg_sleep(5)'), 50)).rejects.toMatchObject({
      code: '57014',
    });
    expect(await onSnapshot(database, (_, transaction) => transaction.query('SHOW statement_timeout'))).toEqual([
      { statement_timeout: '10s' },
    ]);
    expect(await database.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '30s' }]);
  });
});
