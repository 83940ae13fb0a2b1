/** Rollups answer what PostgreSQL would sum: compared on the same snapshot, while counts come in late, move up and are forgotten. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { floorTo } from '../../src/core/levels.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { CountQueries, type CountQuery, type Span } from '../../src/store/count-queries.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { migrate, openDatabase, type DataSource } from '../../src/store/database.js';
import { KnownSignatures } from '../../src/store/known-signatures.js';
import type { Dimension, Filters } from '../../src/store/filters.js';
import { maintain } from '../../src/store/maintenance.js';
import { RollupStore } from '../../src/store/rollup-store.js';
import { Settling } from '../../src/store/settling.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { randomOf } from '../../bench/chance.js';
import { freshDatabase } from '../support/databases.js';
import { DAY, PROJECT, refusal, RETENTION } from '../support/service.js';

/** What is still to come is no gap: by the database's clock. */
const NOW = floorTo(Date.now(), 10_000);
const REASONS = ['jwt expired', 'invalid signature', 'No API key found in request', 'User account is locked', 'Token used before issued'];

type Counts = [signature: number, atSeconds: number, count: number][];

function batchOf(counts: Counts): JudgedBatch {
  const numbers = [...new Set(counts.map(([number]) => number))];
  const signatures = numbers.map((number) => {
    const service = `service-${String(number % 7)}`;
    const signature = { ...signatureOf(refusal(REASONS[number % REASONS.length] ?? ''), 401), service, route: `/r${String(number % 11)}` };
    const verdict = judge(signature);
    const times = counts.filter(([one]) => one === number).map(([, at]) => at * 1000);
    return {
      id: ((BigInt(number) * 0x9e37_79b9_7f4a_7c15n) & 0xffff_ffff_ffff_ffffn).toString(16).padStart(16, '0'),
      ...{ signature, verdict, audit: auditSignature(signature, verdict) },
      ...{ firstMs: Math.min(...times), lastMs: Math.max(...times) },
    };
  });
  const rows = counts.flatMap(([number, at, count]) => [numbers.indexOf(number), floorTo(at, 10), count]);
  return {
    ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 }, signatures },
    portions: [{ id: null, counts: rows, tokenTimes: [], traffic: [], facets: [] }],
    ...{ targets: [], values: [], sketches: [] },
  };
}

function someCounts(random: () => number, backSeconds: number, nowMs = NOW): Counts {
  return Array.from({ length: 40 }, () => [
    Math.floor(random() ** 2 * 30),
    Math.floor(nowMs / 1000 - random() ** 3 * backSeconds),
    1 + Math.floor(random() * 5),
  ]);
}

const FILTERS: Filters[] = [
  {},
  { service: ['service-1', 'service-2'] },
  { service: ['service-*', '!service-3'], status: ['401'] },
  { route: ['/r1*'], cause: ['!expired_token'] },
  { cause: ['nothing_has_this'] },
];
const SPANS: (readonly [backFrom: number, backTo: number, step: number])[] = [
  [3_600, 0, 60],
  [DAY, 0, 300],
  [DAY, 7_200, 600],
  [2 * DAY, 0, 600],
  [7 * DAY, 0, 3_600],
  [30 * DAY, 3 * DAY, 10_800],
  [60 * DAY, 0, DAY],
  [60 * DAY, 0, 7 * DAY],
];

/** Every question, asked of rollups and of PostgreSQL. @returns how many rollups answered */
async function expectEqual(database: DataSource, nowMs = NOW): Promise<number> {
  return onSnapshot(database, async (queries, transaction) => {
    const { rolledUp } = queries;
    if (rolledUp === undefined) throw new Error('a snapshot has rollups');
    const summed = new CountQueries(transaction);
    let answered = 0;
    for (const [index, [backFrom, backTo, step]] of SPANS.entries()) {
      const span = spanOf(nowMs, backFrom, backTo, step);
      const filters = FILTERS[index % FILTERS.length] ?? {};
      const by: Dimension[] = [['cause'], ['service', 'route'], [], ['signature']][index % 4] as Dimension[];
      const query: CountQuery = { projectId: PROJECT, span, filters };
      const ranked = await summed.rank(query, by, 5);
      const keys = ranked.map(({ key }) => key);
      const before = { from: 2 * span.from - span.to, to: span.from };
      const pairs: [unknown, unknown][] = [
        [await rolledUp.rank(query, by, 5), ranked],
        [sorted(await rolledUp.series(query, by, keys, step)), sorted(await summed.series(query, by, keys, step))],
        [await rolledUp.signatures(query, 7), await summed.signatures(query, 7)],
        [await rolledUp.compare({ ...query, before, scale: 1 }, by, 5), await summed.compare({ ...query, before, scale: 1 }, by, 5)],
        [sorted(await rolledUp.counts(query, by, keys)), sorted(await summed.counts(query, by, keys))],
      ];
      for (const [fast, slow] of pairs) {
        if (fast === undefined) continue;
        expect(fast).toEqual(slow);
        answered += 1;
      }
    }
    return answered;
  });
}

function spanOf(nowMs: number, backFrom: number, backTo: number, step: number): Span {
  const now = nowMs / 1000;
  return { from: floorTo(now - backFrom, Math.max(step, backFrom > 30 * DAY ? 3_600 : 60)), to: floorTo(now - backTo, step) + step };
}

/** Points of a moment in any order; counts are told apart from nothing. */
function sorted<T>(rows: readonly T[] | undefined): T[] | undefined {
  return rows === undefined ? undefined : [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('rollups', () => {
  let database: DataSource;
  let store: CountStore;
  let rollups: RollupStore;
  beforeEach(async () => {
    database = await openDatabase(await freshDatabase(), () => undefined);
    store = new CountStore(database, RETENTION);
    rollups = new RollupStore(database, RETENTION);
  });
  afterEach(() => database.destroy());

  async function packAll(nowMs = NOW): Promise<void> {
    // What was marked is packed again after a while; this one has waited.
    await database.query("UPDATE rollups SET stale_since = stale_since - interval '1 hour'");
    while ((await rollups.pack({ nowMs, queueAgeMs: 0 })) !== true);
  }

  async function staleOnes(): Promise<number> {
    const [row] = await database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM rollups WHERE stale_since IS NOT NULL');
    return row?.n ?? NaN;
  }

  it('answer nothing before anything is packed', async () => {
    await store.apply([batchOf(someCounts(randomOf(1), DAY))], NOW);
    const span = spanOf(NOW, DAY, 0, 300);
    const rolledUp = await onSnapshot(
      database,
      (queries) => queries.rolledUp?.rank({ projectId: PROJECT, span, filters: {} }, [], 1) ?? Promise.reject(new Error()),
    );
    expect(rolledUp).toBeUndefined();
  });

  it('hold what is counted, late records included, before and after they are packed again', async () => {
    const random = randomOf(2);
    for (let round = 0; round < 6; round += 1) {
      await store.apply([batchOf(someCounts(random, 60 * DAY)), batchOf(someCounts(random, DAY))], NOW);
      if (round > 0) expect(await staleOnes()).toBeGreaterThan(0);
      // Where much is stale, much is left to PostgreSQL.
      await expectEqual(database);
      await packAll();
      expect(await staleOnes()).toBe(0);
      expect(await expectEqual(database)).toBe(SPANS.length * 5);
    }
  });

  it('hold it while counts move up and the oldest are forgotten', async () => {
    const random = randomOf(3);
    // All of it in the past: nothing is sealed ahead of the database's clock.
    const start = NOW - 60 * DAY * 1000;
    await store.apply([batchOf(someCounts(random, 60 * DAY, start)), batchOf(someCounts(random, 3 * DAY, start))], start);
    await packAll(start);
    for (const days of [1, 2, 20, 45]) {
      const nowMs = start + days * DAY * 1000;
      await store.apply([batchOf(someCounts(random, 3 * DAY, nowMs))], nowMs);
      await new Settling(database, RETENTION).settle({ nowMs, queueAgeMs: 0 });
      await expectEqual(database, nowMs);
      await maintain(database, { retention: RETENTION, nowMs, queueAgeMs: 0 });
      await expectEqual(database, nowMs);
      await packAll(nowMs);
      expect(await expectEqual(database, nowMs)).toBe(SPANS.length * 5);
    }
    const [kept] = await database.query<{ oldest: Date }[]>('SELECT min(bucket) AS oldest FROM rollups WHERE seconds = 60');
    expect(kept?.oldest.getTime()).toBeGreaterThanOrEqual(start + 43 * DAY * 1000);
  });

  it('hold it while writers, packing and maintenance run at the same time', async () => {
    const random = randomOf(4);
    const second = await openDatabase(await urlOf(database), () => undefined);
    let nowMs = NOW;
    const end = new AbortController();
    const packing = (async () => {
      while (!end.signal.aborted) {
        // In the order of their keys, as writers mark them.
        await database.query(
          `UPDATE rollups r SET stale_since = r.stale_since - interval '1 hour'
           FROM (SELECT project_id, seconds, bucket FROM rollups WHERE stale_since > now() - interval '1 minute' ORDER BY 1, 2, 3 FOR UPDATE) due
           WHERE (r.project_id, r.seconds, r.bucket) = (due.project_id, due.seconds, due.bucket)`,
        );
        await new Settling(second, RETENTION).settle({ nowMs, queueAgeMs: 0 });
        await new RollupStore(second, RETENTION).pack({ nowMs, queueAgeMs: 0 });
      }
    })();
    const writing = [0, 1, 2].map(async () => {
      for (let batch = 0; batch < 25; batch += 1) {
        nowMs += 7_000;
        await store.apply([batchOf(someCounts(random, batch % 2 === 0 ? 600 : 2 * DAY, nowMs))], nowMs);
      }
    });
    const reading = [1, 2].map(async () => {
      let answered = 0;
      while (!end.signal.aborted) answered += await expectEqual(database, nowMs);
      return answered;
    });
    await Promise.all(writing);
    await maintain(database, { retention: RETENTION, nowMs, queueAgeMs: 0 });
    end.abort();
    await packing;
    for (const answered of reading) expect(await answered).toBeGreaterThan(0);
    await packAll(nowMs);
    expect(await expectEqual(database, nowMs)).toBe(SPANS.length * 5);
    await second.destroy();
  });

  it('wait for a writer that began before a bucket was sealed', async () => {
    const span = { from: NOW / 1000 - 3_630, to: floorTo(NOW / 1000, 60) - 120 };
    const total = (): Promise<number> => onSnapshot(database, (queries) => queries.total({ projectId: PROJECT, span, filters: {} }));
    await store.apply([batchOf([[1, NOW / 1000 - 3_600, 5]])], NOW);
    const writer = database.createQueryRunner();
    await writer.startTransaction();
    await writer.query('UPDATE fresh_counts SET count = count + 1');
    // It does not mark anything: it looked at the line before that moved.
    const packing = rollups.pack({ nowMs: NOW, queueAgeMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await database.query('SELECT 1 FROM rollups')).toEqual([]);
    await writer.commitTransaction();
    await writer.release();
    expect(await packing).toBe(true);
    expect(await database.query<unknown[]>('SELECT 1 FROM rollups')).not.toEqual([]);
    expect(await total()).toBe(6);
  });

  it('wait for a writer that began while the line was moving', async () => {
    await store.apply([batchOf([[1, NOW / 1000 - 3_600, 5]])], NOW);
    await packAll(NOW - 7_200_000);
    const moving = database.createQueryRunner();
    await moving.startTransaction();
    await moving.query('SELECT 1 FROM rollup_progress FOR UPDATE');
    const packing = rollups.pack({ nowMs: NOW, queueAgeMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    // The line is written and not yet committed: this one does not see it, and marks nothing.
    const writer = database.createQueryRunner();
    await writer.startTransaction();
    await writer.query('UPDATE fresh_counts SET count = count + 1');
    await moving.commitTransaction();
    await moving.release();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writer.commitTransaction();
    await writer.release();
    await packing;
    const rolledUp = await onSnapshot(database, (queries) =>
      queries.rank({ projectId: PROJECT, span: spanOf(NOW, DAY, 0, 300), filters: {} }, [], 1),
    );
    expect(rolledUp).toEqual([{ key: [], count: 6 }]);
  });

  it('know a signature that a reader with an older snapshot did not find', async () => {
    await store.apply([batchOf([[1, NOW / 1000 - 7_200, 5]])], NOW);
    const known = new KnownSignatures(PROJECT);
    const routes = (transaction: EntityManager): Promise<(string | undefined)[]> =>
      known.described(transaction, 'the same').then((values) => values.map((one) => one?.route));
    await onSnapshot(database, async (queries, transaction) => {
      // Takes the snapshot.
      await queries.tokenTimes(PROJECT, '0', { from: 0, to: 1 });
      await store.apply([batchOf([[2, NOW / 1000 - 60, 100]])], NOW);
      const ids = await database.query<{ id: string }[]>('SELECT id FROM signatures ORDER BY route');
      for (const { id } of ids) known.indexOf(BigInt(id));
      expect(await routes(transaction)).toEqual(['/r1', undefined]);
    });
    expect(await onSnapshot(database, (_, transaction) => routes(transaction))).toEqual(['/r1', '/r2']);
  });

  it('say how far behind they are', async () => {
    expect(await rollups.behind()).toBeUndefined();
    await packAll(NOW - 7_200_000);
    expect(await rollups.behind()).toBeGreaterThan(7_200);
    await packAll();
    expect(await rollups.behind()).toBeLessThan(7_200);
    // While a writer stays open nothing is packed, and of the last ten minutes there is nothing left.
    await database.query(
      "UPDATE rollup_progress SET packed_before = packed_before - interval '1 hour', packed_from = packed_from - interval '1 hour'",
    );
    const writer = database.createQueryRunner();
    await writer.startTransaction();
    await writer.query('SELECT pg_current_xact_id()');
    expect(await rollups.pack({ nowMs: NOW, queueAgeMs: 0 })).toBe(false);
    expect(await rollups.behind()).toBeGreaterThan(3_500);
    await writer.rollbackTransaction();
    await writer.release();
  });

  it('of ten seconds hold the last minutes, what comes late included, and no more', async () => {
    const fine = (): Promise<unknown> =>
      database.query('SELECT extract(epoch FROM bucket)::float8 AS at, stale_since IS NOT NULL AS stale FROM rollups WHERE seconds = 10');
    const total = (): Promise<unknown> =>
      onSnapshot(database, (queries) => queries.rank({ projectId: PROJECT, span: spanOf(NOW, DAY, 0, 300), filters: {} }, [], 1));
    const [late, older] = [NOW / 1000 - 40, NOW / 1000 - 610];
    await store.apply([batchOf([[1, late, 5]]), batchOf([[1, older, 2]])], NOW);
    await packAll();
    expect(await fine()).toEqual([{ at: late, stale: false }]);
    expect(await total()).toEqual([{ key: [], count: 7 }]);
    await store.apply([batchOf([[1, late, 1]])], NOW);
    expect(await fine()).toEqual([{ at: late, stale: true }]);
    expect(await total()).toEqual([{ key: [], count: 8 }]);
    await packAll();
    expect(await fine()).toEqual([{ at: late, stale: false }]);
    expect(await total()).toEqual([{ key: [], count: 8 }]);
    await packAll(NOW + 600_000);
    expect(await fine()).toEqual([]);
    expect(await total()).toEqual([{ key: [], count: 8 }]);
  });

  it('of ten seconds are read behind the last minute that is packed', async () => {
    await store.apply([batchOf([[1, NOW / 1000 - 40, 5]])], NOW);
    await packAll();
    const before = await database.query<{ bucket: Date }[]>(
      'SELECT packed_before AS bucket FROM rollup_progress WHERE seconds IN (10, 60) ORDER BY seconds',
    );
    expect(NOW - (before[0]?.bucket.getTime() ?? 0)).toBeLessThanOrEqual(10_000);
    expect(NOW - (before[1]?.bucket.getTime() ?? 0)).toBeGreaterThanOrEqual(20_000);
    // What is read from them and not from the counts shows where the two differ.
    await database.query("UPDATE rollups SET cells = '' WHERE seconds = 10");
    await database.query('DELETE FROM rollups WHERE seconds > 10');
    await database.query('UPDATE rollup_progress SET packed_before = to_timestamp($1) WHERE seconds > 10', [NOW / 1000 - 60]);
    const total = await onSnapshot(database, (queries) =>
      queries.total({ projectId: PROJECT, span: spanOf(NOW, DAY, 0, 300), filters: {} }),
    );
    expect(total).toBe(0);
  });

  it('draw fine steps though their width was behind when somebody last looked', async () => {
    await store.apply([batchOf([[1, NOW / 1000 - 3_600, 5]])], NOW);
    await packAll();
    const query: CountQuery = { projectId: PROJECT, span: spanOf(NOW, 7_200, 0, 60), filters: {} };
    const minutes = (): Promise<unknown> =>
      onSnapshot(database, async ({ rolledUp }) => {
        await rolledUp?.rank(query, [], 1);
        return rolledUp?.series(query, [], [], 60);
      });
    await database.query("UPDATE rollup_progress SET packed_before = packed_before - interval '2 hours' WHERE seconds = 60");
    expect(await minutes()).toBeUndefined();
    await database.query("UPDATE rollup_progress SET packed_before = packed_before + interval '2 hours' WHERE seconds = 60");
    expect(await minutes()).toEqual([{ key: [], at: floorTo(NOW / 1000 - 3_600, 60), count: 5 }]);
  });

  it('answer when some of it is stale', async () => {
    await store.apply([batchOf([[1, NOW / 1000 - 7_200, 5]])], NOW);
    await packAll();
    await store.apply(
      [batchOf(Array.from({ length: 40 }, (_, index): [number, number, number] => [1, NOW / 1000 - 3_600 - index * 60, 1]))],
      NOW,
    );
    expect(await staleOnes()).toBeGreaterThan(40);
    const rolledUp = await onSnapshot(
      database,
      (queries) =>
        queries.rolledUp?.rank({ projectId: PROJECT, span: spanOf(NOW, DAY, 0, 300), filters: {} }, [], 1) ?? Promise.reject(new Error()),
    );
    expect(rolledUp).toEqual([{ key: [], count: 45 }]);
  });

  it('group by what the verdict is now', async () => {
    await store.apply([batchOf([[0, NOW / 1000 - 7_200, 5]])], NOW);
    await packAll();
    const causes = (): Promise<unknown> =>
      onSnapshot(database, (queries) => queries.rank({ projectId: PROJECT, span: spanOf(NOW, DAY, 0, 300), filters: {} }, ['cause'], 5));
    expect(await causes()).toEqual([{ key: ['expired_token'], count: 5 }]);
    await database.query("UPDATE signatures SET cause = 'clock_skew'");
    await database.query('UPDATE projects SET verdicts_changed_at = clock_timestamp()');
    expect(await causes()).toEqual([{ key: ['clock_skew'], count: 5 }]);
  });

  it('of one project say nothing of another', async () => {
    await database.query("INSERT INTO projects (id, name) VALUES (2, 'other')");
    await store.apply([batchOf([[0, NOW / 1000 - 7_200, 5]]), { ...batchOf([[0, NOW / 1000 - 7_200, 7]]), projectId: 2 }], NOW);
    await packAll();
    const total = (projectId: number): Promise<unknown> =>
      onSnapshot(
        database,
        (queries) =>
          queries.rolledUp?.rank({ projectId, span: spanOf(NOW, DAY, 0, 300), filters: {} }, [], 1) ?? Promise.reject(new Error()),
      );
    expect([await total(PROJECT), await total(2), await total(3)]).toEqual([
      [{ key: [], count: 5 }],
      [{ key: [], count: 7 }],
      [{ key: [], count: 0 }],
    ]);
  });
});

async function urlOf(database: DataSource): Promise<string> {
  await migrate(database);
  return (database.options as { url?: string }).url ?? '';
}
