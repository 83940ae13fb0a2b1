/** Counts whose time is over stand in one row a bucket; nothing is missing or there twice, whoever writes, settles and reads at once. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { judge } from '../../src/core/judge.js';
import { auditSignature } from '../../src/core/findings.js';
import { signatureOf } from '../../src/core/refusal.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { migrate, openDatabase, type DataSource } from '../../src/store/database.js';
import { maintain } from '../../src/store/maintenance.js';
import type { CountQueries } from '../../src/store/count-queries.js';
import { RollupStore } from '../../src/store/rollup-store.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { LEVELS, type Level } from '../../src/core/levels.js';
import { Partitions } from '../../src/store/partitions.js';
import { moveSettledUp, Settling } from '../../src/store/settling.js';
import { randomUUID } from 'node:crypto';
import { freshDatabase } from '../support/databases.js';
import { countedRecords, DAY, PROJECT, refusal, RETENTION, until } from '../support/service.js';

/** Epoch seconds. */
const NOW = Date.UTC(2026, 10, 23, 10, 0, 0) / 1000;
const HOUR = 3_600;

let database: DataSource;
let store: CountStore;
let settling: Settling;
beforeEach(async () => {
  database = await openDatabase(await freshDatabase(), () => undefined);
  store = new CountStore(database, RETENTION);
  settling = new Settling(database, RETENTION);
  // Of its own accord the server clears the table too, and whoever comes second goes by.
  await database.query('ALTER TABLE fresh_counts SET (autovacuum_enabled = off)');
});
afterEach(() => database.destroy());

/** @param counts signature, epoch seconds, count */
function batchOf(counts: readonly (readonly [signature: number, at: number, count: number])[], projectId = PROJECT): JudgedBatch {
  const signature = signatureOf(refusal('jwt expired'), 401);
  const verdict = judge(signature);
  const ids = [...new Set(counts.map(([id]) => id))];
  const times = counts.map(([, at]) => at * 1000);
  const common = { signature, verdict, audit: auditSignature(signature, verdict), firstMs: Math.min(...times), lastMs: Math.max(...times) };
  return {
    ...{ projectId, batchId: randomUUID(), state: { ruleSetVersion: 0, revision: 0 } },
    signatures: ids.map((id) => ({ id: id.toString(16).padStart(16, '0'), ...common })),
    portions: [
      {
        ...{ id: null, tokenTimes: [], traffic: [], facets: [] },
        counts: counts.flatMap(([id, at, count]) => [ids.indexOf(id), Math.floor(at / 10) * 10, count]),
      },
    ],
    ...{ targets: [], values: [], sketches: [] },
  };
}

const apply = (...counts: (readonly [number, number, number])[]): Promise<unknown> => store.apply([batchOf(counts)], NOW * 1000);
const settle = (now = NOW): Promise<number | undefined> => settling.settle({ nowMs: now * 1000, queueAgeMs: 0 });

/** `[seconds before NOW, signatures, counts]` of a table of settled counts. */
async function settled(table: string): Promise<[before: number, signatures: number[], counts: number[]][]> {
  const rows = await database.query<{ at: number; signature_ids: string[]; counts: string[] }[]>(
    `SELECT extract(epoch FROM bucket)::float8 AS at, signature_ids, counts FROM ${table} ORDER BY project_id, bucket`,
  );
  return rows.map((row) => [NOW - row.at, row.signature_ids.map(Number), row.counts.map(Number)]);
}

async function fresh(): Promise<number> {
  return (await database.query<unknown[]>('SELECT 1 FROM fresh_counts')).length;
}

async function bytesOf(tables: string): Promise<number> {
  const [row] = await database.query<{ bytes: string }[]>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c WHERE relkind = 'r' AND relname ~ $1`,
    [tables],
  );
  return Number(row?.bytes);
}

describe('counts that are over', () => {
  it('stand in one row a bucket, in the order of their signatures; what may still be added to stays as it is', async () => {
    await apply([9, NOW - 60, 3], [2, NOW - 60, 1], [2, NOW - 50, 4], [2, NOW - 40, 5], [2, NOW - 20, 6], [2, NOW + 120, 7]);
    expect(await settle()).toBe(4);
    expect(await settled('counts_10s')).toEqual([
      [60, [2, 9], [1, 3]],
      [50, [2], [4]],
      [40, [2], [5]],
    ]);
    expect(await fresh()).toBe(2);
    expect(await settle()).toBe(0);
    expect(await countedRecords(database)).toBe(26);
  });

  it('are joined by what comes late, whether its signature is there or not', async () => {
    await apply([2, NOW - 60, 1], [9, NOW - 60, 3]);
    await settle();
    await apply([9, NOW - 60, 10], [5, NOW - 60, 20]);
    expect(await countedRecords(database)).toBe(34);
    await settle();
    expect(await settled('counts_10s')).toEqual([[60, [2, 5, 9], [1, 20, 13]]]);
  });

  it('go to the level that holds their time, in its buckets', async () => {
    await apply([1, NOW - 3 * DAY + 25, 1], [1, NOW - 3 * DAY + 35, 2], [1, NOW - 40 * DAY + 125, 4], [2, NOW - HOUR, 8]);
    expect(await settle()).toBe(3);
    expect(await settled('counts_10s')).toEqual([[HOUR, [2], [8]]]);
    expect(await settled('counts_1m')).toEqual([[3 * DAY, [1], [3]]]);
    expect(await settled('counts_1h')).toEqual([[40 * DAY, [1], [4]]]);
    // What waited until its level had moved on is summed to the next one's buckets.
    await apply([3, NOW - HOUR, 1], [3, NOW - HOUR + 10, 1]);
    await settle(NOW + 3 * DAY);
    expect(await settled('counts_1m')).toContainEqual([HOUR, [3], [2]]);
    expect(await fresh()).toBe(0);
  });

  it('are forgotten when they waited until no level holds their time', async () => {
    await apply([1, NOW - 60, 1], [1, NOW + 60, 2]);
    await settle(NOW + 500 * DAY);
    expect(await fresh()).toBe(0);
    expect(await countedRecords(database)).toBe(0);
  });

  it('are those of each project', async () => {
    await database.query("INSERT INTO projects (id, name) VALUES (7, 'seven')");
    await store.apply([batchOf([[1, NOW - 60, 1]]), batchOf([[1, NOW - 60, 2]], 7)], NOW * 1000);
    await settle();
    expect(await settled('counts_10s')).toEqual([
      [60, [1], [1]],
      [60, [1], [2]],
    ]);
  });

  it('take a small part of the space', async () => {
    const all = Array.from({ length: 20 }, (_, bucket) =>
      Array.from({ length: 1_000 }, (_, id) => [id * 7_919, NOW - HOUR + bucket * 10, 1 + (id % 9)] as const),
    );
    for (const bucket of all) await apply(...bucket);
    const before = await bytesOf('^fresh_counts$');
    expect(await settle()).toBe(20_000);
    expect(await bytesOf('^counts_10s_p')).toBeLessThan(before / 6);
    // None is left, and what they took is given back.
    expect(await database.query("SELECT pg_relation_size('fresh_counts')::int AS bytes")).toEqual([{ bytes: 0 }]);
    expect(await countedRecords(database)).toBe(all.flat().reduce((sum, [, , count]) => sum + count, 0));
  });

  it('are settled over several transactions where they are many', async () => {
    const buckets = Array.from({ length: 25 }, (_, bucket) => NOW - HOUR + bucket * 10);
    for (const at of buckets) await apply(...Array.from({ length: 1_000 }, (_, id) => [id, at, 1] as const));
    expect(await settle()).toBe(25_000);
    expect((await settled('counts_10s')).map(([, ids]) => ids.length)).toEqual(buckets.map(() => 1_000));
    expect(await countedRecords(database)).toBe(25_000);
  });

  it('are settled some buckets at a time, however few rows are in each', async () => {
    await apply(...Array.from({ length: 250 }, (_, bucket) => [bucket, NOW - HOUR + bucket * 10, 1] as const));
    const transactions = async (): Promise<number> => {
      const rows = await database.query<unknown[]>('SELECT DISTINCT xmin::text FROM counts_10s');
      return rows.length;
    };
    expect(await settle()).toBe(250);
    expect(await transactions()).toBe(3);
    expect(await countedRecords(database)).toBe(250);
  });

  it('move up in portions where they are many', async () => {
    const [finest, minutes] = LEVELS as [Level, Level];
    const minute = NOW - HOUR;
    await new Partitions(database).ensure(finest, [minute]);
    await new Partitions(database).ensure(minutes, [minute]);
    await database.query(
      `INSERT INTO counts_10s SELECT 1, to_timestamp($1::float8 + 10 * bucket), array_agg(id), array_agg(bucket + 1)
       FROM generate_series(0, 5) bucket, generate_series(1, 20000) id GROUP BY bucket`,
      [minute],
    );
    const move = (): Promise<number> =>
      database.transaction((transaction) => moveSettledUp(transaction, { level: finest, above: minutes }, minute, minute + 60));
    expect([await move(), await move(), await move()]).toEqual([100_000, 20_000, 0]);
    const [[before, ids, counts] = [0, [], []], ...others] = await settled('counts_1m');
    expect([before, ids.length, new Set(counts), others]).toEqual([HOUR, 20_000, new Set([21]), []]);
  });

  it('of a large bucket are settled over several transactions', async () => {
    await database.query('INSERT INTO fresh_counts SELECT 1, to_timestamp($1), id, 1 FROM generate_series(1, 45000) id', [NOW - 60]);
    await database.query('INSERT INTO fresh_counts SELECT 1, to_timestamp($1), id, 1 FROM generate_series(1, 10) id', [NOW - 50]);
    expect(await settle()).toBe(45_010);
    expect((await settled('counts_10s')).map(([before, ids]) => [before, ids.length])).toEqual([
      [60, 45_000],
      [50, 10],
    ]);
  });

  it('wait while the queue is behind, for some minutes at most', async () => {
    await apply([1, NOW - 60, 1], [1, NOW - 120, 1], [1, NOW - 700, 1]);
    expect(await settling.settle({ nowMs: NOW * 1000, queueAgeMs: 60_000 })).toBe(2);
    expect(await settling.settle({ nowMs: NOW * 1000, queueAgeMs: 60_000 })).toBe(0);
    expect(await settling.settle({ nowMs: (NOW + 600) * 1000, queueAgeMs: DAY * 1000 })).toBe(1);
  });

  it('are in answers out of rollups when they are settled behind the line of their level', async () => {
    // All of it in the past: nothing is sealed ahead of the database's clock.
    const hour = NOW - 60 * DAY;
    const written = hour + 30 * DAY + HOUR - 2;
    const [signature, before, late] = [1, hour + 600, hour + 1_200];
    const rollups = new RollupStore(database, RETENTION);
    await store.apply([batchOf([[signature, before, 1]])], written * 1000);
    await until(
      () => rollups.pack({ nowMs: written * 1000, queueAgeMs: 0 }),
      (isDone) => isDone === true,
    );
    // Written as a count of its minute, for a second is left until the hour is a month old; settled when it is.
    await store.apply([batchOf([[signature, late, 2]])], written * 1000);
    expect(await settle(written + 4)).toBe(2);
    expect(await settled('counts_1h')).toEqual([[60 * DAY, [signature], [3]]]);
    const total = (queries: CountQueries): Promise<number> =>
      queries.total({ projectId: PROJECT, span: { from: hour, to: hour + 2 * HOUR }, filters: {} });
    expect(await onSnapshot(database, total)).toBe(3);
    expect(
      await onSnapshot(database, (queries) =>
        queries.series({ projectId: PROJECT, span: { from: hour, to: hour + 2 * HOUR }, filters: {} }, [], [], HOUR),
      ),
    ).toEqual([{ key: [], at: hour, count: 3 }]);
  });

  it('make room for the next ones', async () => {
    const bucket = (at: number): Promise<unknown> => apply(...Array.from({ length: 1_000 }, (_, id) => [id, at, 1] as const));
    const sizes = [];
    for (let second = -60; second < 60; second += 10) {
      await bucket(NOW + second);
      await settle(NOW + second);
      sizes.push(await bytesOf('^fresh_counts$'));
    }
    // Three stand there at a time, and one more until its place is cleared.
    expect(Math.max(...sizes)).toBeLessThan(6 * (sizes[0] ?? 0));
    expect(await countedRecords(database)).toBe(12_000);
  });

  it('are known to the planner from the first round on, and as they are from then on', async () => {
    const analyzed = async (): Promise<{ fresh: number; signatures: number }> => {
      const [row] = await database.query<{ fresh: number; signatures: number }[]>(
        `SELECT pg_stat_get_analyze_count('fresh_counts'::regclass)::int AS fresh, pg_stat_get_analyze_count('signatures'::regclass)::int AS signatures`,
      );
      return row ?? { fresh: 0, signatures: 0 };
    };
    await settle();
    expect(await analyzed()).toEqual({ fresh: 0, signatures: 0 });
    await apply([1, NOW, 1]);
    await settle();
    await settle();
    expect(await analyzed()).toEqual({ fresh: 1, signatures: 1 });
    await apply(...Array.from({ length: 1_000 }, (_, id) => [id, NOW - 60, 1] as const));
    await settle();
    expect(await analyzed()).toEqual({ fresh: 2, signatures: 1 });
  });

  it('are settled by one process at a time', async () => {
    await apply([1, NOW - 60, 1]);
    const writer = database.createQueryRunner();
    await writer.startTransaction();
    await writer.query('UPDATE fresh_counts SET count = count + 1');
    const first = settle();
    await until(
      () =>
        database.query<unknown[]>(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'WITH taken%' AND datname = current_database()",
        ),
      (waiting) => waiting.length > 0,
    );
    expect(await new Settling(database, RETENTION).settle({ nowMs: NOW * 1000, queueAgeMs: 0 })).toBeUndefined();
    await writer.commitTransaction();
    await writer.release();
    expect(await first).toBe(1);
    // With what the writer added while they were about to be settled.
    expect(await settled('counts_10s')).toEqual([[60, [1], [2]]]);
  });

  it('find their partition again when another process dropped it', async () => {
    await apply([1, NOW - 60, 1]);
    await settle();
    const partitions = await database.query<{ name: string }[]>(
      "SELECT relname AS name FROM pg_class WHERE relname ~ '^counts_10s_p' AND relkind = 'r'",
    );
    for (const { name } of partitions) await database.query(`DROP TABLE ${name}`);
    await apply([1, NOW - 50, 5]);
    expect(await settle()).toBe(1);
    expect(await settled('counts_10s')).toEqual([[50, [1], [5]]]);
  });

  it('are there once at every moment, while workers write, one settles and counts move up', async () => {
    const buckets = [NOW - 90, NOW - 80, NOW - 2 * DAY + 30, NOW - 2 * DAY - HOUR];
    let isDone = false;
    let applied = 0;
    const workers = Array.from({ length: 3 }, async (_, worker) => {
      const own = new CountStore(database, RETENTION);
      for (let one = 0; one < 60; one += 1) {
        await own.apply([batchOf(buckets.flatMap((at) => [[worker, at, 1] as const, [100 + one, at, 1] as const]))], NOW * 1000);
        applied += 2 * buckets.length;
      }
    });
    const upkeep = async (): Promise<void> => {
      for (let round = 0; !isDone; round += 1) {
        await settle(NOW + round);
        if (round % 5 === 4) await maintain(database, { retention: RETENTION, nowMs: (NOW + 60 + round) * 1000, queueAgeMs: 0 });
      }
    };
    const read = async (): Promise<number> => {
      let reads = 0;
      for (let before = 0; !isDone; reads += 1) {
        const now = await countedRecords(database);
        // A count that is missing for a moment would make it less.
        expect(now).toBeGreaterThanOrEqual(before);
        before = now;
      }
      return reads;
    };
    const others = Promise.all([upkeep(), read(), read()]);
    await Promise.all(workers).finally(() => (isDone = true));
    const [, reads] = await others;
    expect(reads).toBeGreaterThan(10);
    await settle(NOW + 120);
    expect(applied).toBe(3 * 60 * 2 * buckets.length);
    expect(await countedRecords(database)).toBe(applied);
    expect(await fresh()).toBe(0);
  });

  it('of a version that had a row for each are taken over, and given back', async () => {
    await apply([2, NOW - 60, 1], [9, NOW - 60, 3], [2, NOW - 3 * DAY, 4], [2, NOW - 40 * DAY, 5]);
    await settle();
    await apply([2, NOW - 60, 10], [2, NOW - 5 * HOUR - DAY, 20]);
    const levels = (): Promise<unknown> => Promise.all(['counts_10s', 'counts_1m', 'counts_1h'].map(settled));
    while ((await database.query<unknown[]>("SELECT 1 FROM pg_class WHERE relname = 'fresh_counts'")).length > 0)
      await database.undoLastMigration();
    expect(await database.query('SELECT signature_id, count FROM counts_10s ORDER BY 1, 2')).toEqual([
      { signature_id: '2', count: '11' },
      { signature_id: '2', count: '20' },
      { signature_id: '9', count: '3' },
    ]);
    await migrate(database);
    expect(await levels()).toEqual([
      [
        [DAY + 5 * HOUR, [2], [20]],
        [60, [2, 9], [11, 3]],
      ],
      [[3 * DAY, [2], [4]]],
      [[40 * DAY, [2], [5]]],
    ]);
  });
});
