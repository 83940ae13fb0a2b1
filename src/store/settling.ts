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
import { FRESH_COUNTS } from './series.js';

/** An arbitrary constant of ours. */
const SETTLING_LOCK = 0x77343037;
/** Most of what is counted into a bucket has come by then; each time that something joins a settled one, it is written anew. */
const SETTLED_AFTER_SECONDS = 20;
/** Of one transaction: some hundred milliseconds, so that writers of late counts never wait long. */
const ROWS_AT_ONCE = 20_000;
/** The same of settled ones, that hold up to some thousand each. */
const BUCKETS_AT_ONCE = 100;
const CLEARED_ROWS = 1_000;
const DAY = 86_400;

/** What is due, of one level. Epoch seconds, ends excluded. */
interface Due {
  level: Level;
  from: number;
  to: number;
}

/** PostgreSQL: check_violation, raised for a row that no partition takes. */
const NO_PARTITION = '23514';

export class Settling {
  constructor(
    private readonly database: DataSource,
    private readonly partitions = new Partitions(database),
  ) {}

  /**
   * Settles what is due; on Citus, which refuses it, nothing is. Any number of processes may call it: one works, the others go on.
   * @param endMs of `performance.now()`: what is due then waits for the next round
   * @returns how many rows; undefined when another process is at it
   */
  async settle(nowMs: number, retention: Retention, endMs = Infinity): Promise<number | undefined> {
    if (await hasCitus(this.database)) return 0;
    return exclusively(this.database, SETTLING_LOCK, async () => {
      let settled = 0;
      for (const due of await this.due(nowMs / 1000, retention)) {
        for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE && performance.now() < endMs; settled += rows) rows = await this.some(due);
      }
      // In time: the rows of the next buckets come to lie where these lay, or the space is given back where there are none. The server's own
      // vacuum looks once a minute.
      if (settled >= CLEARED_ROWS) {
        const [left] = await this.database.query<{ is: boolean }[]>(`SELECT EXISTS (SELECT FROM ${FRESH_COUNTS}) AS is`);
        await this.database.query(`VACUUM (SKIP_LOCKED, TRUNCATE ${String(left?.is !== true)}) ${FRESH_COUNTS}`);
      }
      return settled;
    });
  }

  private async some(due: Due): Promise<number> {
    try {
      return await this.database.transaction((transaction) => settleRows(transaction, due));
    } catch (error) {
      // Another process dropped a partition that this one knew: the next round makes it again.
      if ((error as { code?: string }).code === NO_PARTITION) this.partitions.forget();
      throw error;
    }
  }

  /** Each level with something to settle, from the first to the last of it, and its partitions made. What is older than all levels goes. */
  private async due(now: number, retention: Retention): Promise<Due[]> {
    const spans = LEVELS.map((level, index): Due => {
      const finer = LEVELS[index - 1];
      const to = finer === undefined ? floorTo(now - SETTLED_AFTER_SECONDS, FINEST_SECONDS) : movesBefore(finer, now, retention);
      return { level, from: movesBefore(level, now, retention), to };
    });
    const oldest = spans.at(-1)?.from ?? 0;
    const rows = await this.database.query<{ first: number; last: number }[]>(
      `SELECT extract(epoch FROM min(c.bucket))::float8 AS first, extract(epoch FROM max(c.bucket))::float8 AS last
       FROM ${FRESH_COUNTS} c JOIN unnest($1::float8[], $2::float8[]) AS s (start, stop) ON c.bucket >= to_timestamp(s.start) AND c.bucket < to_timestamp(s.stop)
       GROUP BY s.start`,
      [
        [0, ...spans.map(({ from }) => from)],
        [oldest, ...spans.map(({ to }) => to)],
      ],
    );
    if (rows.some(({ first }) => first < oldest))
      await this.database.query(`DELETE FROM ${FRESH_COUNTS} WHERE bucket < to_timestamp($1)`, [oldest]);
    const due: Due[] = [];
    for (const { first, last } of rows) {
      const span = spans.find(({ from, to }) => first >= from && first < to);
      if (span === undefined) continue;
      const days = Array.from({ length: Math.ceil((last - first) / DAY) + 1 }, (_, day) => Math.min(first + day * DAY, last));
      await this.partitions.ensure(span.level, days);
      due.push({ level: span.level, from: first, to: last + 1 });
    }
    return due;
  }
}

/** In the order in which workers write them, so that nobody deadlocks. @returns how many, fewer than ROWS_AT_ONCE where those were all */
async function settleRows(transaction: EntityManager, { level, from, to }: Due): Promise<number> {
  const [row] = await transaction.query<{ settled: number }[]>(
    `WITH taken AS (
       DELETE FROM ${FRESH_COUNTS} c USING (
         SELECT project_id, bucket, signature_id FROM ${FRESH_COUNTS}
         WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2)
         ORDER BY project_id, bucket, signature_id LIMIT ${String(ROWS_AT_ONCE)} FOR UPDATE
       ) k
       WHERE c.project_id = k.project_id AND c.bucket = k.bucket AND c.signature_id = k.signature_id
       RETURNING c.project_id, c.bucket, c.signature_id, c.count
     ), joined AS (${joinSql(level, `date_bin(${String(level.seconds)} * interval '1 second', bucket, 'epoch'::timestamptz)`, 'taken')})
     SELECT count(*)::int AS settled FROM taken`,
    [from, to],
  );
  return row?.settled ?? 0;
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
         SELECT project_id, bucket FROM ${level.table} WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2)
         ORDER BY project_id, bucket LIMIT ${String(BUCKETS_AT_ONCE)} FOR UPDATE
       ) k
       WHERE c.project_id = k.project_id AND c.bucket = k.bucket
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
