/**
 * Counts are added to as rows, several times a second. Once a bucket is over they are settled: all of a bucket's stand in one row then, as
 * two lists, in a tenth of the space. What comes later is a row again, and joins them with the next round. The view `counts` has both:
 * in any snapshot a count stands in one of them.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { FINEST_SECONDS, floorTo, LEVELS, movesBefore, type Level, type Retention } from '../core/levels.js';
import { hasCitus } from './citus.js';
import { exclusively } from './database.js';
import { Partitions } from './partitions.js';
import { trimRollups, type Upto } from './rollup-store.js';
import { FRESH_COUNTS } from './series.js';

/** An arbitrary constant of ours. */
const SETTLING_LOCK = 0x77343037;
/** Most of what is counted into a bucket has come by then; each time that something joins a settled one, it is written anew. */
const SETTLED_AFTER_SECONDS = 20;
/** While the queue is behind, buckets that are over are still being filled; what is counted hours late is settled all the same. */
const MOST_AGE_MS = 600_000;
/**
 * Of one transaction: rows, and buckets, each of which may have some thousand settled counts that are written anew. Writers of late counts
 * wait for some hundred milliseconds.
 */
const ROWS_AT_ONCE = 20_000;
const BUCKETS_AT_ONCE = 100;
/** The same of settled ones that move up: buckets, and the counts in them. */
const MOVED_AT_ONCE = 1_000;
const COUNTS_AT_ONCE = 100_000;
/** Behind so many rows the table is cleared. */
const CLEARED_ROWS = 1_000;
/** What is given back: more than this, and anything worth it where nothing is left. Clearing the largest takes long, and is left to the server. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_EMPTY_BYTES = 256 * 1024;
const MOST_BYTES = 512 * 1024 * 1024;
/** Of a round; the lock is for others too. */
const ROUND_MS = 4_000;
const DAY = 86_400;

/** What is due, of one level. Epoch seconds, ends excluded. */
interface Due {
  level: Level;
  from: number;
  to: number;
}

/** What a transaction took, and the last of it. */
interface Taken {
  rows: number;
  buckets: number;
  last: [project: number, bucket: number] | null;
}

export class Settling {
  private readonly partitions: Partitions;

  constructor(
    private readonly database: DataSource,
    private readonly retention: Retention,
  ) {
    this.partitions = new Partitions(database);
  }

  /**
   * Settles what is due, for some seconds; on Citus, which refuses it, nothing is. Any number of processes may call it: one works, the others go on.
   * @returns how many rows; undefined when another process is at it
   */
  async settle({ nowMs, queueAgeMs }: Upto): Promise<number | undefined> {
    if (await hasCitus(this.database)) return 0;
    return exclusively(this.database, SETTLING_LOCK, async () => {
      const all = await this.due(nowMs / 1000, Math.min(queueAgeMs, MOST_AGE_MS) / 1000);
      // What goes to a wider bucket than it was counted into must not be looked for beside narrow rollups.
      if (all.some(({ level }) => level.seconds > FINEST_SECONDS)) await trimRollups(this.database, nowMs / 1000, this.retention);
      const endMs = performance.now() + ROUND_MS;
      let settled = 0;
      for (const due of all) settled += await this.settleLevel(due, endMs);
      await this.clear(settled);
      return settled;
    });
  }

  /** Once through what is due: what is added meanwhile to what was taken waits for the next round. */
  private async settleLevel(due: Due, endMs: number): Promise<number> {
    let settled = 0;
    for (let after: Taken['last'] = [0, 0]; after !== null && performance.now() < endMs;) {
      const { rows, buckets, last }: Taken = await this.some(due, after);
      settled += rows;
      // Of a bucket that was not taken whole the rest is next.
      if (rows === ROWS_AT_ONCE && last !== null) after = [last[0], last[1] - 1];
      else after = buckets === BUCKETS_AT_ONCE ? last : null;
    }
    return settled;
  }

  private some(due: Due, after: [project: number, bucket: number]): Promise<Taken> {
    return this.partitions.with(
      () => this.ensurePartitions(due),
      () => this.database.transaction((transaction) => settleRows(transaction, due, after)),
    );
  }

  /** Each level with something to settle, finest first, from the first to the last of it. What is older than all levels goes. */
  private async due(now: number, queueAge: number): Promise<Due[]> {
    const isOver = floorTo(now - queueAge - SETTLED_AFTER_SECONDS, FINEST_SECONDS);
    const spans = LEVELS.map((level, index): Due => {
      const finer = LEVELS[index - 1];
      const to = finer === undefined ? isOver : movesBefore(finer, now, this.retention);
      return { level, from: movesBefore(level, now, this.retention), to };
    });
    const oldest = spans.at(-1)?.from ?? 0;
    const rows = await this.database.query<{ first: number; last: number }[]>(
      `SELECT extract(epoch FROM min(c.bucket))::float8 AS first, extract(epoch FROM max(c.bucket))::float8 AS last
       FROM ${FRESH_COUNTS} c JOIN unnest($1::float8[], $2::float8[]) AS s (start, stop) ON c.bucket >= to_timestamp(s.start) AND c.bucket < to_timestamp(s.stop)
       GROUP BY s.start ORDER BY s.start DESC`,
      [
        [0, ...spans.map(({ from }) => from)],
        [oldest, ...spans.map(({ to }) => to)],
      ],
    );
    if (rows.some(({ first }) => first < oldest)) await this.forget(oldest);
    const due: Due[] = [];
    for (const { first, last } of rows) {
      const span = spans.find(({ from, to }) => first >= from && first < to);
      if (span === undefined) continue;
      due.push({ level: span.level, from: first, to: last + 1 });
    }
    return due;
  }

  private async ensurePartitions({ level, from, to }: Due): Promise<void> {
    const days = Array.from({ length: Math.ceil((to - from) / DAY) + 1 }, (_, day) => Math.min(from + day * DAY, to - 1));
    await this.partitions.ensure(level, days);
  }

  /** In the order of workers too: one with a slow clock may write such rows. */
  private async forget(before: number): Promise<void> {
    await this.database.query(
      `DELETE FROM ${FRESH_COUNTS} c USING (
         SELECT project_id, bucket, signature_id FROM ${FRESH_COUNTS} WHERE bucket < to_timestamp($1)
         ORDER BY project_id, bucket, signature_id LIMIT ${String(COUNTS_AT_ONCE)} FOR UPDATE
       ) k WHERE c.project_id = k.project_id AND c.bucket = k.bucket AND c.signature_id = k.signature_id`,
      [before],
    );
  }

  /** In time: the next rows come to lie where these lay, or the space is given back. The server's own vacuum looks once a minute. */
  private async clear(settled: number): Promise<void> {
    const [table] = await this.database.query<{ bytes: number; empty: boolean; known: boolean }[]>(
      `SELECT pg_relation_size('${FRESH_COUNTS}')::float8 AS bytes, NOT EXISTS (SELECT FROM ${FRESH_COUNTS}) AS empty,
         coalesce(pg_stat_get_last_analyze_time('${FRESH_COUNTS}'::regclass), pg_stat_get_last_autoanalyze_time('${FRESH_COUNTS}'::regclass)) IS NOT NULL AS known`,
    );
    const { bytes = 0, empty = false, known = false } = table ?? {};
    // Of a table that it knows nothing of PostgreSQL expects a row, and reads all of them again for each signature.
    if (!known && !empty) await this.database.query(`ANALYZE ${FRESH_COUNTS}, signatures`);
    const isLeft = empty && bytes > KEPT_EMPTY_BYTES;
    if ((settled < CLEARED_ROWS && !isLeft) || bytes > MOST_BYTES) return;
    const isCut = isLeft || bytes > KEPT_BYTES;
    await this.database.query(`VACUUM (SKIP_LOCKED, ANALYZE, TRUNCATE ${String(isCut)}) ${FRESH_COUNTS}`);
  }
}

/** In the order in which workers write them, so that nobody deadlocks. @param after takes what stands behind this one */
async function settleRows(transaction: EntityManager, { level, from, to }: Due, after: [project: number, bucket: number]): Promise<Taken> {
  const [taken] = await transaction.query<Taken[]>(
    `WITH taken AS (
       DELETE FROM ${FRESH_COUNTS} c USING (
         SELECT f.project_id, f.bucket, f.signature_id FROM ${FRESH_COUNTS} f JOIN (
           SELECT DISTINCT project_id, bucket FROM ${FRESH_COUNTS} WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2)
             AND (project_id, bucket) > ($3::integer, to_timestamp($4))
           ORDER BY project_id, bucket LIMIT ${String(BUCKETS_AT_ONCE)}
         ) b ON f.project_id = b.project_id AND f.bucket = b.bucket
         ORDER BY f.project_id, f.bucket, f.signature_id LIMIT ${String(ROWS_AT_ONCE)} FOR UPDATE OF f
       ) k
       WHERE c.project_id = k.project_id AND c.bucket = k.bucket AND c.signature_id = k.signature_id
       RETURNING c.project_id, c.bucket, c.signature_id, c.count
     ), joined AS (${joinSql(level, `date_bin(${String(level.seconds)} * interval '1 second', bucket, 'epoch'::timestamptz)`, 'taken')})
     SELECT count(*)::int AS rows, count(DISTINCT (project_id, bucket))::int AS buckets,
       max(ARRAY[project_id::float8, extract(epoch FROM bucket)::float8]) AS last FROM taken`,
    [from, to, ...after],
  );
  return taken ?? { rows: 0, buckets: 0, last: null };
}

/** Moves settled counts up, see maintenance.ts. @param from first bucket, epoch seconds @param to end, excluded @returns how many counts */
export async function moveSettledUp(
  transaction: EntityManager,
  { level, above }: { level: Level; above: Level },
  from: number,
  to: number,
): Promise<number> {
  const [row] = await transaction.query<{ moved: number }[]>(
    `WITH moved AS (
       DELETE FROM ${level.table} c USING (
         SELECT project_id, bucket, sum(size) OVER (ORDER BY project_id, bucket) - size AS before FROM (
           SELECT project_id, bucket, cardinality(signature_ids) AS size FROM ${level.table}
           WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2) ORDER BY project_id, bucket LIMIT ${String(MOVED_AT_ONCE)} FOR UPDATE
         ) l
       ) k
       WHERE k.before < ${String(COUNTS_AT_ONCE)} AND c.project_id = k.project_id AND c.bucket = k.bucket
       RETURNING c.project_id, c.signature_ids, c.counts
     ), cells AS (
       SELECT project_id, unnest(signature_ids) AS signature_id, unnest(counts) AS count FROM moved
     ), joined AS (${joinSql(above, 'to_timestamp($3)', 'cells')})
     SELECT count(*)::int AS moved FROM cells`,
    [from, to, floorTo(from, above.seconds)],
  );
  return row?.moved ?? 0;
}

/** Adds counts to what is settled. @param bucket SQL @param from what has project_id, signature_id, count, and what `bucket` speaks of */
function joinSql(level: Level, bucket: string, from: string): string {
  return `INSERT INTO ${level.table} AS s (project_id, bucket, signature_ids, counts)
    SELECT project_id, bucket, ${LISTS}
    FROM (SELECT project_id, ${bucket} AS bucket, signature_id, sum(count)::bigint AS count FROM ${from} GROUP BY 1, 2, 3) c
    GROUP BY project_id, bucket ORDER BY project_id, bucket
    ON CONFLICT (project_id, bucket) DO UPDATE SET (signature_ids, counts) = (
      SELECT ${LISTS} FROM (
        SELECT signature_id, sum(count)::bigint AS count FROM (
          SELECT unnest(s.signature_ids), unnest(s.counts) UNION ALL SELECT unnest(excluded.signature_ids), unnest(excluded.counts)
        ) b (signature_id, count) GROUP BY signature_id
      ) c
    )`;
}

const LISTS = 'array_agg(signature_id ORDER BY signature_id), array_agg(count ORDER BY signature_id)';
