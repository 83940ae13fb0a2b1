import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Distinct, entryOf } from '../../src/core/distinct.js';
import { judge } from '../../src/core/judge.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { auditSignature } from '../../src/core/findings.js';
import { signatureOf } from '../../src/core/refusal.js';
import { mergeSketchSets, readSketchSet } from '../../src/core/sketch-set.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { durability, generatedSetting, migrate, openDatabase, type DataSource } from '../../src/store/database.js';
import { Disk } from '../../src/store/disk.js';
import { maintain } from '../../src/store/maintenance.js';
import { QueueTable, storeBatchesAsTheyCome } from '../../src/store/queue-table.js';
import { dumpSchema } from '../../src/store/schema-dump.js';
import { mergeCrowded } from '../../src/store/sketch-store.js';
import { Settling } from '../../src/store/settling.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { freshDatabase, withClient } from '../support/databases.js';
import { countedRecords, DAY, PROJECT, refusal, RETENTION } from '../support/service.js';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);
const HOUR_MS = 3_600_000;
/** Tables of the whole service: small, and the same everywhere. */
const OF_NO_PROJECT = ['generated_settings', 'ingest_minutes', 'leases', 'projects', 'rollup_progress', 'schema_migrations'];

function judged(id: string, times: number[], projectId = PROJECT): JudgedBatch {
  const signature = signatureOf(refusal('jwt expired'), 401);
  const counts = times.flatMap((time) => [0, Math.floor(time / 10_000) * 10, 1]);
  const verdict = judge(signature);
  const one = {
    id,
    signature,
    verdict,
    audit: auditSignature(signature, verdict),
    firstMs: Math.min(...times),
    lastMs: Math.max(...times),
  };
  return {
    projectId,
    batchId: randomUUID(),
    state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 },
    signatures: [one],
    portions: [{ id: null, counts, tokenTimes: [], traffic: [], facets: [] }],
    targets: [],
    values: [],
    sketches: [],
  };
}

/** Settled counts of a level. */
async function rowsAt(database: DataSource, table: string): Promise<{ bucket: string; count: number }[]> {
  const rows = await database.query<{ bucket: Date; count: string }[]>(
    `SELECT bucket, unnest(counts) AS count FROM ${table} ORDER BY bucket`,
  );
  return rows.map((row) => ({ bucket: row.bucket.toISOString(), count: Number(row.count) }));
}

describe('count store', () => {
  let database: DataSource;
  let store: CountStore;
  beforeEach(async () => {
    database = await openDatabase(await freshDatabase(), () => undefined);
    store = new CountStore(database, RETENTION);
  });
  afterEach(() => database.destroy());

  const settle = (nowMs: number): Promise<unknown> => new Settling(database, RETENTION).settle({ nowMs, queueAgeMs: 0 });

  it('outlives a connection that is ended while somebody holds it and asks nothing', async () => {
    const client = new pg.Client({ connectionString: await freshDatabase() });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    // Nobody listens for errors here: unheard, one would end this process.
    await database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });

  it('counts a batch that stands twice in one call once', async () => {
    const batch = judged('00000000000000aa', [NOW]);
    expect(await store.apply([batch, batch], NOW)).toMatchObject({ batches: 1, repeated: 1, records: 1 });
    expect(await store.apply([batch], NOW)).toMatchObject({ batches: 0, repeated: 1, records: 0 });
    expect(await countedRecords(database)).toBe(1);
  });

  it('writes late records at the level that still holds their time', async () => {
    const late = [NOW - HOUR_MS, NOW - 3 * DAY * 1000 + 25_000, NOW - 40 * DAY * 1000 + 125_000, NOW - 500 * DAY * 1000];
    expect(await store.apply([judged('ffffffffffffffff', late)], NOW)).toMatchObject({ records: 3, tooOld: 1 });
    await settle(NOW);
    expect(await rowsAt(database, 'counts_10s')).toEqual([{ bucket: '2026-11-23T09:00:00.000Z', count: 1 }]);
    expect(await rowsAt(database, 'counts_1m')).toEqual([{ bucket: '2026-11-20T10:00:00.000Z', count: 1 }]);
    expect(await rowsAt(database, 'counts_1h')).toEqual([{ bucket: '2026-10-14T10:00:00.000Z', count: 1 }]);
  });

  it('has room for a second version of rows that are added to where they stand', async () => {
    const times = Array.from({ length: 2_000 }, (_, index) => NOW - index * 10_000);
    const sizes = async (): Promise<{ table: number; index: number }> => {
      const [row] = await database.query<{ table: string; index: string }[]>(
        "SELECT pg_relation_size('fresh_counts') AS table, pg_indexes_size('fresh_counts') AS index",
      );
      return { table: Number(row?.table), index: Number(row?.index) };
    };
    await store.apply([judged('0000000000000001', times)], NOW);
    const first = await sizes();
    await store.apply([judged('0000000000000001', times)], NOW);
    const last = await sizes();
    expect(last.index).toBe(first.index);
    // Some pages hold a row more than half of them.
    expect(last.table).toBeLessThan(1.2 * first.table);
    expect(await countedRecords(database)).toBe(2 * 2_000);
  });

  it('widens the span in which a signature was seen, whatever the order of the batches', async () => {
    for (const time of [NOW, NOW - HOUR_MS, NOW - 60_000]) await store.apply([judged('0000000000000001', [time])], NOW);
    const [row] = await database.query<{ first_seen: Date; last_seen: Date }[]>('SELECT first_seen, last_seen FROM signatures');
    expect(row).toEqual({ first_seen: new Date(NOW - HOUR_MS), last_seen: new Date(NOW) });
  });

  it('moves counts up as they age, and not one is lost or doubled', async () => {
    const times = Array.from({ length: 500 }, (_, index) => NOW - index * 37_000);
    await store.apply([judged('0000000000000001', times), judged('0000000000000002', times)], NOW);
    expect(await countedRecords(database)).toBe(1_000);

    await settle(NOW + 60_000);
    expect(await rowsAt(database, 'counts_10s')).toHaveLength(1_000);

    const inTwoDays = NOW + 2 * DAY * 1000 - 3 * HOUR_MS;
    const report = await maintain(database, { retention: RETENTION, nowMs: inTwoDays, queueAgeMs: 0 });
    expect(report?.moved).toBeGreaterThan(0);
    const limit = new Date(inTwoDays - 2 * DAY * 1000).toISOString();
    expect((await rowsAt(database, 'counts_10s')).every(({ bucket }) => bucket >= limit)).toBe(true);
    expect((await rowsAt(database, 'counts_1m')).every(({ bucket }) => bucket < limit && bucket.endsWith(':00.000Z'))).toBe(true);
    expect(await countedRecords(database)).toBe(1_000);

    await maintain(database, { retention: RETENTION, nowMs: NOW + 40 * DAY * 1000, queueAgeMs: 0 });
    expect(await rowsAt(database, 'counts_10s')).toEqual([]);
    expect(await rowsAt(database, 'counts_1m')).toEqual([]);
    expect((await rowsAt(database, 'counts_1h')).every(({ bucket }) => bucket.endsWith(':00:00.000Z'))).toBe(true);
    expect(await countedRecords(database)).toBe(1_000);
  });

  it('drops partitions whose time is over, and makes them again when needed', async () => {
    await store.apply([judged('0000000000000001', [NOW])], NOW);
    await settle(NOW + 60_000);
    await maintain(database, { retention: RETENTION, nowMs: NOW + 3 * DAY * 1000, queueAgeMs: 0 });
    const report = await maintain(database, { retention: RETENTION, nowMs: NOW + 440 * DAY * 1000, queueAgeMs: 0 });
    expect(report?.droppedPartitions.some((name) => name.startsWith('counts_1h_p'))).toBe(true);
    expect(await countedRecords(database)).toBe(0);
    await store.apply([judged('0000000000000002', [NOW, NOW - 3 * DAY * 1000])], NOW);
    expect(await countedRecords(database)).toBe(2);
  });

  it('drops no partition under a row that is about to be committed', async () => {
    await store.apply([judged('0000000000000001', [NOW])], NOW);
    const later = NOW + 3 * DAY * 1000;
    await maintain(database, { retention: RETENTION, nowMs: later, queueAgeMs: 0 });
    await store.apply([judged('0000000000000001', [NOW])], NOW);
    await settle(NOW + 60_000);
    // A process with a slow clock settles into the partition that is due.
    const writer = database.createQueryRunner();
    await writer.startTransaction();
    await writer.query('UPDATE counts_10s SET counts = counts WHERE false');
    await writer.query("INSERT INTO counts_10s VALUES (1, $1, '{7}', '{5}')", [new Date(NOW + 10_000)]);
    const maintained = maintain(database, { retention: RETENTION, nowMs: later, queueAgeMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await writer.commitTransaction();
    await writer.release();
    await maintained;
    expect(await countedRecords(database)).toBe(7);
    await maintain(database, { retention: RETENTION, nowMs: later, queueAgeMs: 0 });
    expect(await countedRecords(database)).toBe(7);
  });

  it('moves and counts at the same time without losing a record', async () => {
    const old = NOW - 2 * DAY * 1000;
    const writes = Array.from({ length: 40 }, (_, index) =>
      store.apply([judged('0000000000000001', [old + index * 5_000, NOW])], NOW - 1_000),
    );
    await Promise.all([
      ...writes,
      settle(NOW - 60_000),
      settle(NOW),
      maintain(database, { retention: RETENTION, nowMs: NOW, queueAgeMs: 0 }),
      maintain(database, { retention: RETENTION, nowMs: NOW + 60_000, queueAgeMs: 0 }),
    ]);
    await maintain(database, { retention: RETENTION, nowMs: NOW + 120_000, queueAgeMs: 0 });
    expect(await countedRecords(database)).toBe(80);
  });

  describe('of sketches', () => {
    const clients = (from: number, to: number): string => {
      const sketch = new Distinct();
      for (let index = from; index < to; index += 1) sketch.add(entryOf(Math.imul(index + 1, 0x9e3779b1)));
      return Buffer.from(sketch.bytes()).toString('base64');
    };
    const minute = Math.floor(NOW / 60_000) * 60;

    /** Rows of a table, and who they tell of, by signature. */
    async function seen(table: string): Promise<{ rows: number; clients: Record<string, number> }> {
      const rows = await database.query<{ sketches: Buffer }[]>(`SELECT sketches FROM ${table}`);
      const merged = mergeSketchSets(rows.map(({ sketches }) => readSketchSet(sketches)));
      const estimates = merged.map(({ signature, bytes }): [string, number] => {
        const sketch = new Distinct();
        sketch.merge(bytes);
        return [String(signature), sketch.estimate()];
      });
      return { rows: rows.length, clients: Object.fromEntries(estimates) };
    }

    it('keeps all at each level at once, writes nobody twice, and forgets the finer ones first', async () => {
      for (let at = 0; at < 30; at += 1) {
        const batch = judged('0000000000000001', [NOW]);
        await store.apply([{ ...batch, sketches: [[0, minute - at * 60, 0, clients(at * 10, at * 10 + 20)]] }], NOW);
        await store.apply([{ ...batch, batchId: randomUUID(), sketches: [[0, minute - at * 60, 0, clients(at * 10, at * 10 + 20)]] }], NOW);
      }
      const [minutes, hours, days] = [await seen('sketches_1m'), await seen('sketches_1h'), await seen('sketches_1d')];
      expect(Math.abs((days.clients['1'] ?? 0) - 310)).toBeLessThanOrEqual(6);
      expect(minutes).toEqual({ rows: 30, clients: days.clients });
      // One row for each time that somebody new came.
      expect(hours).toEqual({ rows: 30, clients: days.clients });
      await maintain(database, { retention: RETENTION, nowMs: NOW + 4 * HOUR_MS, queueAgeMs: 0 });
      expect(await seen('sketches_1m')).toEqual({ rows: 0, clients: {} });
      expect((await seen('sketches_1h')).clients).toEqual(days.clients);
      await maintain(database, { retention: RETENTION, nowMs: NOW + 33 * DAY * 1000, queueAgeMs: 0 });
      expect([(await seen('sketches_1h')).rows, (await seen('sketches_1d')).clients]).toEqual([0, days.clients]);
      await maintain(database, { retention: RETENTION, nowMs: NOW + 480 * DAY * 1000, queueAgeMs: 0 });
      expect((await seen('sketches_1d')).rows).toBe(0);
    });

    it('takes those of a request that another batch counted first, without them', async () => {
      const batch = judged('0000000000000001', [NOW]);
      const portions = batch.portions.map((portion) => ({ ...portion, id: randomUUID() }));
      await store.apply([{ ...batch, portions }], NOW);
      // What receivers tell of somebody is told once, and this batch was made first.
      const first = { ...batch, batchId: randomUUID(), portions, sketches: [[0, minute, 0, clients(0, 3)]] } satisfies JudgedBatch;
      expect(await store.apply([first], NOW)).toMatchObject({ records: 0, repeatedPortions: 1 });
      expect(await seen('sketches_1m')).toEqual({ rows: 1, clients: { 1: 3 } });
      // Of a signature that has no row there is nothing to be asked.
      const [other] = judged('0000000000000002', [NOW]).signatures;
      if (other === undefined) throw new Error('there is no signature');
      await store.apply([{ ...first, batchId: randomUUID(), signatures: [other] }], NOW);
      expect((await seen('sketches_1m')).clients).toEqual({ 1: 3 });
    });

    it('takes one that comes late to the levels that are kept so long', async () => {
      const late = Math.floor((NOW - 3 * HOUR_MS) / 60_000) * 60;
      await store.apply([{ ...judged('0000000000000001', [NOW]), sketches: [[0, late, 0, clients(0, 5)]] }], NOW);
      expect([(await seen('sketches_1m')).rows, (await seen('sketches_1h')).rows, (await seen('sketches_1d')).rows]).toEqual([0, 1, 1]);
    });

    it('merges what a bucket has many of, and leaves a large row alone until the small ones have come to half of it', async () => {
      const write = (id: string, from: number, to: number): Promise<unknown> =>
        store.apply([{ ...judged(id, [NOW]), sketches: [[0, minute, 0, clients(from, to)]] }], NOW);
      await write('0000000000000002', 0, 2_000);
      for (let at = 0; at < 40; at += 1) await write('0000000000000001', at, at + 1);
      const before = await seen('sketches_1d');
      expect(before.rows).toBe(41);
      const large = async (): Promise<unknown> => database.query('SELECT id FROM sketches_1d ORDER BY octet_length(sketches) DESC LIMIT 1');
      const largest = await large();
      await mergeCrowded(database);
      expect(await seen('sketches_1d')).toEqual({ rows: 2, clients: before.clients });
      expect(await large()).toEqual(largest);
      for (let at = 0; at < 30; at += 1) await write('0000000000000003', at * 40, at * 40 + 40);
      const filled = await seen('sketches_1d');
      await mergeCrowded(database);
      expect(await seen('sketches_1d')).toEqual({ rows: 1, clients: filled.clients });
    });
  });

  it('keeps the last trace of a signature', async () => {
    const traced = (traceId?: string, lastMs = NOW): JudgedBatch => {
      const batch = judged('0000000000000001', [NOW]);
      return { ...batch, signatures: batch.signatures.map((one) => ({ ...one, lastMs, ...(traceId === undefined ? {} : { traceId }) })) };
    };
    const last = async (): Promise<unknown> =>
      (await database.query<{ last_trace_id: string | null }[]>('SELECT last_trace_id FROM signatures'))[0];
    await store.apply([traced()], NOW);
    expect(await last()).toEqual({ last_trace_id: null });
    await store.apply([traced('a'.repeat(32)), traced()], NOW);
    expect(await last()).toEqual({ last_trace_id: 'a'.repeat(32) });
    await store.apply([traced('b'.repeat(32), NOW + 10_000)], NOW);
    await store.apply([traced(undefined, NOW + 20_000)], NOW);
    expect(await last()).toEqual({ last_trace_id: 'b'.repeat(32) });
  });

  it('writes the row of a signature again when there is something new to say of it', async () => {
    const id = '0000000000000001';
    const row = async (): Promise<unknown> =>
      (await database.query<unknown[]>('SELECT xmin::text, first_seen, last_seen FROM signatures'))[0];
    await store.apply([judged(id, [NOW])], NOW);
    const written = await row();
    await store.apply([judged(id, [NOW, NOW + 9_000])], NOW);
    expect(await row()).toEqual(written);
    await store.apply([judged(id, [NOW, NOW + 10_000])], NOW);
    expect(await row()).toMatchObject({ first_seen: new Date(NOW), last_seen: new Date(NOW + 10_000) });
    await store.apply([judged(id, [NOW - 1_000])], NOW);
    expect(await row()).toMatchObject({ first_seen: new Date(NOW - 1_000), last_seen: new Date(NOW + 10_000) });
  });

  it('writes few of many signatures at once, and none later than ten seconds after it was seen', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => createHash('sha256').update(String(index)).digest('hex').slice(0, 16));
    const seen = async (second: number): Promise<void> => {
      const batch = judged(ids[0] ?? '', [NOW + second * 1_000]);
      const signatures = ids.flatMap((id) => batch.signatures.map((one) => ({ ...one, id })));
      await store.apply([{ ...batch, signatures }], NOW);
    };
    await seen(0);
    for (let second = 1; second <= 30; second += 1) {
      await seen(second);
      const at = new Date(NOW + second * 1_000);
      const [row] = await database.query<{ written: number; late: number }[]>(
        `SELECT count(*) FILTER (WHERE last_seen = $1)::int AS written, count(*) FILTER (WHERE last_seen <= $1 - interval '10 seconds')::int AS late FROM signatures`,
        [at],
      );
      expect(row?.written).toBeGreaterThan(50);
      expect(row?.written).toBeLessThan(150);
      expect(row?.late).toBe(0);
    }
  });

  it('writes a signature whose first transaction failed', async () => {
    await database.query('ALTER TABLE fresh_counts RENAME TO counts_elsewhere');
    await expect(store.apply([judged('0000000000000001', [NOW])], NOW)).rejects.toThrow('fresh_counts');
    await database.query('ALTER TABLE counts_elsewhere RENAME TO fresh_counts');
    await store.apply([judged('0000000000000001', [NOW])], NOW);
    expect(await database.query('SELECT 1 AS there FROM signatures')).toEqual([{ there: 1 }]);
  });

  it('numbers the reason of a signature that an older version wrote', async () => {
    await store.apply([judged('0000000000000001', [NOW])], NOW);
    const reason = (): Promise<{ reason_id: string }[]> => database.query<{ reason_id: string }[]>('SELECT reason_id FROM signatures');
    const [before] = await reason();
    expect(before?.reason_id).not.toBe('0');
    await database.query('UPDATE signatures SET reason_id = 0');
    await new CountStore(database, RETENTION).apply([judged('0000000000000001', [NOW])], NOW);
    expect(await reason()).toEqual([before]);
  });

  it('moves traffic and facets up as they age, and sums up what is too varied', async () => {
    const minute = Math.floor(NOW / 60_000) * 60;
    const versions = Array.from({ length: 120 }, (_, index) => `1.${String(index)}`);
    const batch: JudgedBatch = {
      ...judged('0000000000000001', [NOW]),
      targets: [{ service: 'shop', environment: 'prod', route: '/a' }],
      values: versions,
      portions: [
        {
          id: null,
          counts: [0, minute, 120],
          tokenTimes: [],
          traffic: Array.from({ length: 10 }, (_, at) => [0, minute - at * 60, 7]).flat(),
          facets: versions.flatMap((_, value) => [0, Math.floor(minute / 300) * 300, 1, value, 1]),
        },
      ],
    };
    await store.apply([batch], NOW);
    const sums = async (table: string): Promise<unknown> =>
      (await database.query<unknown[]>(`SELECT count(*)::int AS rows, sum(count)::int AS count FROM ${table}`))[0];
    expect(await sums('traffic_1m')).toEqual({ rows: 10, count: 70 });
    expect(await sums('facets_5m')).toEqual({ rows: 51, count: 120 });
    expect(await sums("facets_5m WHERE value = '__other__'")).toEqual({ rows: 1, count: 70 });
    await maintain(database, { retention: RETENTION, nowMs: NOW + 32 * DAY * 1000, queueAgeMs: 0 });
    expect(await sums('traffic_1m')).toEqual({ rows: 0, count: null });
    expect(await sums('traffic_1h')).toEqual({ rows: 2, count: 70 });
    expect(await sums('facets_5m')).toEqual({ rows: 0, count: null });
    const [joined] = await database.query<unknown[]>(
      'SELECT t.service, t.environment, t.route, t.last_day::text FROM traffic_1h h JOIN targets t ON t.project_id = h.project_id AND t.id = h.target_id LIMIT 1',
    );
    expect(joined).toEqual({ service: 'shop', environment: 'prod', route: '/a', last_day: '2026-11-23' });
  });

  it('forgets targets and portions that can no longer matter', async () => {
    const batch = judged('0000000000000001', [NOW]);
    const target = { service: 'shop', environment: '', route: '/' };
    const portion = { id: randomUUID(), counts: [0, NOW / 1000, 1], tokenTimes: [], facets: [] };
    await store.apply([{ ...batch, targets: [target], portions: [{ ...portion, traffic: [0, NOW / 1000, 1] }] }], NOW);
    const left = async (table: string): Promise<unknown> => database.query(`SELECT count(*)::int AS left FROM ${table}`);
    const now = Date.now();
    await maintain(database, { retention: RETENTION, nowMs: now + 14 * 60_000, queueAgeMs: 0 });
    await maintain(database, { retention: RETENTION, nowMs: now + 20 * 60_000, queueAgeMs: 10 * 60_000 });
    expect(await left('applied_portions')).toEqual([{ left: 1 }]);
    expect(await maintain(database, { retention: RETENTION, nowMs: now + 16 * 60_000, queueAgeMs: 0 })).toMatchObject({
      forgottenPortions: 1,
    });
    expect([await left('applied_portions'), await left('targets')]).toEqual([[{ left: 0 }], [{ left: 1 }]]);
    await maintain(database, { retention: RETENTION, nowMs: NOW + 440 * DAY * 1000, queueAgeMs: 0 });
    expect(await left('targets')).toEqual([{ left: 0 }]);
  });

  it('forgets old batch ids only', async () => {
    const old = '01800000-0000-7000-8000-000000000001';
    await database.query('INSERT INTO applied_batches VALUES (1, $1)', [old]);
    const batch = {
      ...judged('0000000000000001', [NOW]),
      batchId: `${(NOW - 1_000)
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})(.{4})$/, '$1-$2')}-7abc-8abc-0123456789ab`,
    };
    await store.apply([batch], NOW);
    expect(await maintain(database, { retention: RETENTION, nowMs: NOW, queueAgeMs: 0 })).toMatchObject({ forgottenBatches: 1 });
    expect(await database.query('SELECT batch_id FROM applied_batches')).toEqual([{ batch_id: batch.batchId }]);
  });

  it('forgets signatures with their last count, and not before', async () => {
    await store.apply([judged('0000000000000001', [NOW - 300 * DAY * 1000]), judged('0000000000000002', [NOW])], NOW);
    await settle(NOW + 60_000);
    expect(await maintain(database, { retention: RETENTION, nowMs: NOW + 100 * DAY * 1000, queueAgeMs: 0 })).toMatchObject({
      forgottenSignatures: 0,
    });
    expect(await maintain(database, { retention: RETENTION, nowMs: NOW + 140 * DAY * 1000, queueAgeMs: 0 })).toMatchObject({
      forgottenSignatures: 1,
    });
    expect(await database.query('SELECT id FROM signatures')).toEqual([{ id: '2' }]);
    expect(await countedRecords(database)).toBe(1);
  });

  it('moves counts up sooner while the disk has little room, later again when it has, and loses none', async () => {
    await store.apply([judged('0000000000000001', [NOW - HOUR_MS, NOW - 20 * HOUR_MS, NOW - 40 * HOUR_MS])], NOW);
    await settle(NOW);
    let room = { free: 4 * 1024 ** 3, total: 100 * 1024 ** 3 };
    const disk = new Disk(RETENTION, () => Promise.resolve(room));
    const upkeep = async (): Promise<number> => {
      await maintain(database, { retention: await disk.kept(), nowMs: NOW, queueAgeMs: 0 });
      return (await rowsAt(database, 'counts_10s')).length;
    };
    expect(disk.health()).toEqual({ status: 'ok' });
    expect([await upkeep(), await upkeep()]).toEqual([2, 1]);
    expect(disk.health()).toEqual({ status: 'warning', detail: expect.stringContaining('4.0 GiB left') });
    expect(await countedRecords(database)).toBe(3);
    room = { ...room, free: 60 * 1024 ** 3 };
    await upkeep();
    await upkeep();
    expect(disk.health()).toEqual({ status: 'ok' });
    expect(await disk.kept()).toEqual(RETENTION);
  });

  it('keeps projects apart', async () => {
    await database.query("INSERT INTO projects (id, name) VALUES (2, 'other')");
    await store.apply([judged('0000000000000001', [NOW]), judged('0000000000000001', [NOW, NOW], 2)], NOW);
    const span = { from: NOW / 1000 - 60, to: NOW / 1000 + 60 };
    const total = (projectId: number): Promise<number> =>
      onSnapshot(database, (queries) => queries.total({ projectId, span, filters: {} }));
    expect(await total(PROJECT)).toBe(1);
    expect(await total(2)).toBe(2);
  });
});

describe('a setting that the service makes up', () => {
  it('is made once, whoever asks first', async () => {
    const url = await freshDatabase();
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase(url, () => undefined)));
    const given = await Promise.all(
      databases.map((database, index) => generatedSetting(database, 'hash_key', () => `made by ${String(index)}`)),
    );
    expect(given[0]).toMatch(/^made by \d$/);
    expect(new Set(given).size).toBe(1);
    for (const database of databases) await database.destroy();
  });
});

describe('the table of the queue', () => {
  it('is cleared, cut when no more comes, and given up for a while where an old snapshot needs what it has', async () => {
    const database = await openDatabase(await freshDatabase(), () => undefined);
    await database.query('CREATE SCHEMA bullmq');
    await database.query('CREATE TABLE bullmq.job (data jsonb); CREATE TABLE bullmq.event (id bigint)');
    await storeBatchesAsTheyCome(database);
    const table = new QueueTable(database);
    const vacuums = async (): Promise<unknown> => {
      const rows = await database.query<unknown[]>(
        "SELECT pg_stat_get_vacuum_count(reltoastrelid)::int AS n FROM pg_class WHERE oid = 'bullmq.job'::regclass",
      );
      return rows[0];
    };
    const countedBatch = (): Promise<unknown> =>
      database.query(`INSERT INTO bullmq.job VALUES (to_jsonb(repeat('x', 1000000)));
        DELETE FROM bullmq.job; SELECT pg_stat_force_next_flush()`);
    await table.clear();
    expect(await vacuums()).toEqual({ n: 0 });
    await countedBatch();
    const bytes = async (): Promise<number> => {
      const [row] = await database.query<{ bytes: string }[]>(
        "SELECT pg_relation_size(reltoastrelid) AS bytes FROM pg_class WHERE oid = 'bullmq.job'::regclass",
      );
      return Number(row?.bytes);
    };
    await table.clear();
    expect(await vacuums()).toEqual({ n: 1 });
    expect(await bytes()).toBeGreaterThan(1_000_000);
    // None has come since: what is free is given back, once.
    for (let time = 0; time < 2; time += 1) await table.clear();
    expect(await vacuums()).toEqual({ n: 2 });
    expect(await bytes()).toBe(0);
    const reader = database.createQueryRunner();
    await reader.startTransaction('REPEATABLE READ');
    await reader.query('SELECT count(*) FROM bullmq.job');
    await countedBatch();
    for (let time = 0; time < 10; time += 1) await table.clear();
    expect(await vacuums()).toEqual({ n: 7 });
    await reader.rollbackTransaction();
    await reader.release();
    await table.clear();
    expect(await vacuums()).toEqual({ n: 7 });
    await database.destroy();
  });
});

describe('durability', () => {
  it('is a warning where the server may forget what it acknowledged', async () => {
    const url = await freshDatabase();
    const database = await openDatabase(url, () => undefined);
    expect(await durability(database)).toEqual({ status: 'ok' });
    await database.destroy();
    await withClient(url, (client) => client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`));
    const careless = await openDatabase(url, () => undefined);
    expect(await durability(careless)).toMatchObject({ status: 'warning', detail: expect.stringContaining('synchronous_commit is off') });
    await careless.destroy();
  });
});

describe('schema', () => {
  it('is what schema.sql says (npm run schema writes it)', async () => {
    const database = await openDatabase(await freshDatabase(), () => undefined);
    const dumped = await dumpSchema(database);
    await database.destroy();
    expect(dumped).toBe(readFileSync('migrations/schema.sql', 'utf8'));
  });

  it('goes back to nothing and forth again', async () => {
    const url = await freshDatabase();
    const database = await openDatabase(url, () => undefined);
    const before = await dumpSchema(database);
    const migrations = database.migrations.length;
    for (let undone = 0; undone < migrations; undone += 1) await database.undoLastMigration();
    const tables = await withClient(url, (client) => client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"));
    expect(tables.rows).toEqual([{ tablename: 'schema_migrations' }]);
    expect(await migrate(database)).toHaveLength(migrations);
    expect(await dumpSchema(database)).toBe(before);
    await database.destroy();
  });

  it('has the project in every key of what belongs to one, so that tables can be spread by it', async () => {
    const database = await openDatabase(await freshDatabase(), () => undefined);
    const keys = await database.query<{ name: string; columns: string[] }[]>(
      `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
       WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition GROUP BY i.indexrelid, c.relname ORDER BY 1`,
    );
    const without = keys.filter(({ columns }) => !columns.includes('project_id')).map(({ name }) => name);
    expect([...new Set(without)]).toEqual(OF_NO_PROJECT);
    const strangers = await database.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class c WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'project_id') ORDER BY 1`,
    );
    expect(strangers.map(({ name }) => name)).toEqual(OF_NO_PROJECT);
    await database.destroy();
  });

  it('knows portions again that an older version counted', async () => {
    const database = await openDatabase(await freshDatabase(), () => undefined);
    while (
      (
        await database.query<unknown[]>(
          "SELECT 1 FROM pg_attribute WHERE attrelid = 'applied_portions'::regclass AND attname = 'applied_at'",
        )
      ).length === 0
    )
      await database.undoLastMigration();
    const ids = [randomUUID(), 'ffffffff-ffff-8fff-bfff-ffffffffffff', '7fffffff-ffff-8000-8000-000000000000'];
    await database.query('INSERT INTO applied_portions SELECT 1, unnest($1::uuid[])', [ids]);
    await migrate(database);
    const batch = judged('0000000000000001', [NOW]);
    const portions = [...ids, randomUUID()].map((id) => ({
      ...batch.portions[0],
      ...{ id, counts: [0, NOW / 1000, 1], tokenTimes: [], traffic: [], facets: [] },
    }));
    expect(await new CountStore(database, RETENTION).apply([{ ...batch, portions }], NOW)).toMatchObject({
      repeatedPortions: 3,
      records: 1,
    });
    await database.destroy();
  });

  it('takes sketches of an older version over, into every level that they belong to', async () => {
    const database = await openDatabase(await freshDatabase(), () => undefined);
    while (
      (await database.query<unknown[]>("SELECT 1 FROM pg_attribute WHERE attrelid = 'sketches_1m'::regclass AND attname = 'registers'"))
        .length === 0
    )
      await database.undoLastMigration();
    const hour = Math.floor(NOW / HOUR_MS) * 3_600;
    const levels: [table: string, days: number, bucket: number][] = [
      ['sketches_1m', 1, hour + 60],
      ['sketches_1h', 30, hour - 6 * 3_600],
      ['sketches_1d', 30, Math.floor(hour / DAY) * DAY - 60 * DAY],
    ];
    for (const [table, days, bucket] of levels) {
      const start = Math.floor(bucket / (days * DAY)) * days * DAY;
      const bounds = [start, start + days * DAY].map((at) => new Date(at * 1000).toISOString());
      await database.query(
        `CREATE TABLE ${table}_p${String(start)} PARTITION OF ${table} FOR VALUES FROM ('${bounds[0] ?? ''}') TO ('${bounds[1] ?? ''}')`,
      );
      // A register of its own in each: its number shifted by the rank's four bits, and rank 1.
      await database.query(
        `INSERT INTO ${table} SELECT 1, to_timestamp($1), -i, i % 2, decode(lpad(to_hex(i * 16 + 1), 6, '0'), 'hex') FROM generate_series($2::int, $2::int + 49) i`,
        [bucket, days + (bucket % 1_000)],
      );
    }
    await migrate(database);
    const sizes = async (table: string): Promise<[buckets: number, sketches: number, bytes: number[]]> => {
      const rows = await database.query<{ bucket: Date; sketches: Buffer }[]>(`SELECT bucket, sketches FROM ${table}`);
      const all = mergeSketchSets(rows.map(({ sketches }) => readSketchSet(sketches)));
      expect(all.every(({ signature, kind }) => Number(-signature) % 2 === kind)).toBe(true);
      return [new Set(rows.map(({ bucket }) => bucket.getTime())).size, all.length, [...new Set(all.map(({ bytes }) => bytes.length))]];
    };
    expect(await sizes('sketches_1m')).toEqual([1, 50, [3]]);
    const [hours, ofHours] = await sizes('sketches_1h');
    const [days, ofDays] = await sizes('sketches_1d');
    expect([hours, days]).toEqual([2, 2]);
    expect(ofHours).toBeGreaterThan(50);
    expect(ofDays).toBeGreaterThanOrEqual(ofHours);
    await database.destroy();
  });

  it('is migrated once by processes that start together', async () => {
    const url = await freshDatabase();
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase(url, () => undefined)));
    await databases[0]?.undoLastMigration();
    const applied = await Promise.all(databases.map((database) => migrate(database)));
    expect(applied.flat()).toHaveLength(1);
    for (const database of databases) await database.destroy();
  });
});
