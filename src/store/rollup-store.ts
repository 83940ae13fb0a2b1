/**
 * Makes rollups, so that questions over long spans read few rows. A bucket is packed once it is sealed. Writers that count into
 * a sealed one mark it as stale in the transaction that counts, and it is packed again later: a row that is not stale holds
 * exactly what is counted in the snapshot that sees it.
 *
 * Sealing takes no lock: the new line is committed first, then every transaction that had begun to write by then is waited for;
 * what begins later sees the line. Packing is one REPEATABLE READ transaction, which a mark set meanwhile makes fail.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { FINEST_SECONDS, floorTo, type Retention } from '../core/levels.js';
import { ROLLUP_SECONDS, rolledUpFrom } from '../core/rollup.js';
import { hasCitus } from './citus.js';
import { exclusively } from './database.js';
import { COUNT_TABLES } from './series.js';

/** An arbitrary constant of ours. */
const PACKING_LOCK = 0x77343035;
/** Senders hold records back for some seconds; what comes later marks what it changes, which for the narrowest is the least work. */
const SEALED_AFTER_SECONDS = `CASE seconds WHEN ${String(FINEST_SECONDS)} THEN 10 ELSE 20 END`;
/** Of one round; the database is for others too. */
const ROUND_MS = 2_500;
const FENCE_MS = 3_000;
const FENCE_POLL_MS = 50;
/** Packed in one transaction, at least a bucket. */
const PORTION_SECONDS = 3_600;
const STALE_AT_ONCE = 100;
/** A day is much to count again: narrower buckets answer meanwhile, and a sender that is always late changes it every few seconds. */
const STALE_FOR = "least(seconds, 3600) / 12.0 * interval '1 second'";
/** PostgreSQL: serialization_failure, deadlock_detected. */
const CONFLICTS = ['40001', '40P01'];

export interface Upto {
  /** Epoch milliseconds. */
  nowMs: number;
  /** How long the oldest batch has been waiting: what it holds is about to be counted that much late. */
  queueAgeMs: number;
}

interface Round {
  /** Epoch seconds. */
  sealedBefore: number;
  now: number;
  /** Of `performance.now()`. */
  endMs: number;
}

/** One line for each width: buckets that end by it are sealed. Epoch seconds. */
type Sealed = ReadonlyMap<number, number>;

export class RollupStore {
  constructor(
    private readonly database: DataSource,
    private readonly retention: Retention,
  ) {}

  /**
   * Packs what is due, for some seconds; on Citus nothing is. Any number of processes may call it: one works, the others go on.
   * @returns whether everything that is due is packed; undefined when another process is at it
   */
  async pack({ nowMs, queueAgeMs }: Upto): Promise<boolean | undefined> {
    // Transactions are waited for by numbers that one server gives; where several do, questions sum the counts.
    if (await hasCitus(this.database)) return true;
    return exclusively(this.database, PACKING_LOCK, async () => {
      // The narrowest come and go all the time.
      await trimRollups(this.database, nowMs / 1000, this.retention, [FINEST_SECONDS]);
      const sealed = await this.seal((nowMs - queueAgeMs) / 1000);
      if (sealed === undefined) return false;
      // Behind the fence, which may take longer than all of it.
      const endMs = performance.now() + ROUND_MS;
      let behind = [...ROLLUP_SECONDS];
      const failures: unknown[] = [];
      while (behind.length > 0 && performance.now() < endMs) {
        const stillBehind: number[] = [];
        for (const seconds of behind) {
          const isDone = await this.packWidth(seconds, { sealedBefore: sealed.get(seconds) ?? 0, now: nowMs / 1000, endMs }).catch(
            (error: unknown) => {
              // The other widths are packed all the same; this one is tried again in the next round.
              failures.push(error);
              return true;
            },
          );
          if (!isDone) stillBehind.push(seconds);
        }
        behind = stillBehind;
      }
      if (failures.length > 0) throw failures[0];
      return behind.length === 0;
    });
  }

  /**
   * How long ago the last bucket that is packed and kept was over, seconds: questions read what came after it from the counts.
   * @returns undefined before anything is packed
   */
  async behind(): Promise<number | undefined> {
    const [row] = await this.database.query<{ behind: number | null }[]>(
      'SELECT extract(epoch FROM now() - max(packed_before))::float8 AS behind FROM rollup_progress WHERE packed_before > packed_from',
    );
    return row?.behind ?? undefined;
  }

  /** The next portion, and what became stale. @returns whether that was all */
  private async packWidth(seconds: number, round: Round): Promise<boolean> {
    const isPacked = await this.packPortion(seconds, round);
    return (await this.packStale(seconds, round)) && isPacked;
  }

  /**
   * Moves the lines on.
   * @param counted everything up to then is counted, but for what senders hold back; epoch seconds
   * @returns undefined when a writer from before takes too long
   */
  private async seal(counted: number): Promise<Sealed | undefined> {
    await this.database.query(
      // Never ahead of the database's own clock: a line that stood in the future could not be taken back.
      `UPDATE rollup_progress
       SET sealed_before = greatest(sealed_before, to_timestamp(floor((least($1::float8, extract(epoch FROM now())::float8) - ${SEALED_AFTER_SECONDS}) / seconds) * seconds))`,
      [counted],
    );
    const lines = await this.database.query<{ seconds: number; line: number; fence: string }[]>(
      'SELECT seconds, extract(epoch FROM sealed_before)::float8 AS line, pg_current_xact_id()::text AS fence FROM rollup_progress',
    );
    const fence = lines[0]?.fence ?? '0';
    const endMs = performance.now() + FENCE_MS;
    while (performance.now() < endMs) {
      const [passed] = await this.database.query<{ is: boolean }[]>(
        'SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 AS is',
        [fence],
      );
      if (passed?.is === true) return new Map(lines.map(({ seconds, line }) => [seconds, line]));
      await pause(FENCE_POLL_MS);
    }
    return undefined;
  }

  /** What is marked already stays so, and is packed as stale. @returns whether that was the last portion */
  private async packPortion(seconds: number, { sealedBefore, now }: Round): Promise<boolean> {
    return this.unlessChanged(async (transaction) => {
      const { from, before } = await this.progress(transaction, seconds, { sealedBefore, now });
      const to = Math.min(sealedBefore, Math.max(before + seconds, floorTo(before + PORTION_SECONDS, seconds)));
      if (to > before) {
        await transaction.query(
          `INSERT INTO rollups AS r (project_id, seconds, bucket, cells)
           SELECT p.id, $1::integer, s.bucket, ${CELLS} FROM projects p CROSS JOIN LATERAL ${countsSql(seconds, 'p.id', 'to_timestamp($2)', 'to_timestamp($3)')} s
           GROUP BY p.id, s.bucket ORDER BY p.id, s.bucket
           ON CONFLICT DO NOTHING`,
          [seconds, before, to],
        );
      }
      await transaction.query(
        'UPDATE rollup_progress SET packed_from = to_timestamp($2), packed_before = to_timestamp($3) WHERE seconds = $1',
        [seconds, from, Math.max(before, to)],
      );
      return to >= sealedBefore;
    });
  }

  /** Where packing goes on. What nobody has packed yet begins where there is something. */
  private async progress(
    transaction: EntityManager,
    seconds: number,
    { sealedBefore, now }: { sealedBefore: number; now: number },
  ): Promise<{ from: number; before: number }> {
    const [row] = await transaction.query<{ from: number; before: number }[]>(
      'SELECT extract(epoch FROM packed_from)::float8 AS from, extract(epoch FROM packed_before)::float8 AS before FROM rollup_progress WHERE seconds = $1',
      [seconds],
    );
    const { from, before } = row ?? { from: 0, before: 0 };
    const kept = rolledUpFrom(seconds, now, this.retention);
    const oldest = await transaction.query<{ bucket: number | null }[]>(
      // Project by project and table by table: that is how the index finds the first one.
      `SELECT extract(epoch FROM min(b.bucket))::float8 AS bucket FROM projects p CROSS JOIN LATERAL (${COUNT_TABLES.map(
        (table) => `(SELECT bucket FROM ${table} WHERE project_id = p.id AND bucket >= to_timestamp($1) ORDER BY bucket LIMIT 1)`,
      ).join(' UNION ALL ')}) b`,
      [Math.max(before, kept)],
    );
    const next = floorTo(oldest[0]?.bucket ?? sealedBefore, seconds);
    return { from: Math.max(from, kept), before: Math.max(before, kept, Math.min(next, sealedBefore)) };
  }

  /** Each in a transaction of its own, that locks its row when it has counted. @returns whether those were the last ones that are due */
  private async packStale(seconds: number, { sealedBefore, endMs }: Round): Promise<boolean> {
    const stale = await this.database.query<{ project: number; at: number }[]>(
      `SELECT project_id AS project, extract(epoch FROM bucket)::float8 AS at FROM rollups
       WHERE seconds = $1 AND stale_since < now() - ${STALE_FOR} AND bucket <= to_timestamp($2::float8 - $1) ORDER BY bucket LIMIT ${String(STALE_AT_ONCE)}`,
      [seconds, sealedBefore],
    );
    for (const { project, at } of stale) {
      if (performance.now() > endMs) return false;
      await this.unlessChanged(async (transaction) => {
        const blocks = await packedNow(transaction, project, [{ from: at, to: at + seconds }], seconds);
        await transaction.query(
          `UPDATE rollups SET cells = $4, version = $5, stale_since = NULL
           WHERE project_id = $1 AND seconds = $2 AND bucket = to_timestamp($3) AND stale_since IS NOT NULL`,
          [project, seconds, at, blocks[0]?.cells ?? Buffer.alloc(0), randomUUID()],
        );
        return true;
      });
    }
    return stale.length < STALE_AT_ONCE;
  }

  /** @returns false when somebody changed what was read: it will be tried again */
  private async unlessChanged(work: (transaction: EntityManager) => Promise<boolean>): Promise<boolean> {
    try {
      return await this.database.transaction('REPEATABLE READ', work);
    } catch (error) {
      if (CONFLICTS.includes((error as { code?: string }).code ?? '')) return false;
      throw error;
    }
  }
}

/**
 * Forgets what is not kept any longer. To be called before counts move up, so that nobody uses a narrow bucket beside counts that have left it.
 * @param now epoch seconds
 */
export async function trimRollups(database: DataSource, now: number, retention: Retention, widths = ROLLUP_SECONDS): Promise<void> {
  for (const seconds of widths) {
    const from = rolledUpFrom(seconds, now, retention);
    await database.query(
      `UPDATE rollup_progress SET packed_from = to_timestamp($2), packed_before = greatest(packed_before, to_timestamp($2))
       WHERE seconds = $1 AND packed_from < to_timestamp($2) AND packed_before > 'epoch'`,
      [seconds, from],
    );
    await database.query(
      'DELETE FROM rollups r USING projects p WHERE r.project_id = p.id AND r.seconds = $1 AND r.bucket < to_timestamp($2)',
      [seconds, from],
    );
  }
}

/**
 * Marks the sealed buckets that counts go into, in the order of their keys, within the transaction that counts.
 * @param buckets project and start of the buckets in which counts stand, epoch seconds
 */
export async function markStale(transaction: EntityManager, buckets: Iterable<readonly [project: number, bucket: number]>): Promise<void> {
  const rows = [...buckets];
  if (rows.length === 0) return;
  await transaction.query(
    `INSERT INTO rollups AS r (project_id, seconds, bucket, stale_since, cells)
     SELECT DISTINCT b.project_id, p.seconds, date_bin(p.seconds * interval '1 second', to_timestamp(b.bucket), 'epoch'::timestamptz), now(), ''::bytea
     FROM unnest($1::integer[], $2::float8[]) AS b (project_id, bucket) JOIN rollup_progress p
       ON to_timestamp(b.bucket) >= p.packed_from AND to_timestamp(b.bucket) < p.sealed_before
     ORDER BY 1, 2, 3
     ON CONFLICT (project_id, seconds, bucket) DO UPDATE SET stale_since = coalesce(r.stale_since, excluded.stale_since), cells = ''`,
    [rows.map(([project]) => project), rows.map(([, bucket]) => bucket)],
  );
}

/** What stands in some spans, packed as it is asked for; for what is not rolled up. `at`: epoch seconds. */
export function packedNow(
  transaction: EntityManager,
  projectId: number,
  spans: readonly { from: number; to: number }[],
  seconds: number,
): Promise<{ at: number; cells: Buffer }[]> {
  return transaction.query(
    `SELECT extract(epoch FROM s.bucket)::float8 AS at, ${CELLS} AS cells
     FROM unnest($2::float8[], $3::float8[]) AS r (start, stop) CROSS JOIN LATERAL ${countsSql(seconds, '$1::integer', 'to_timestamp(r.start)', 'to_timestamp(r.stop)')} s
     GROUP BY r.start, s.bucket`,
    [projectId, spans.map(({ from }) => from), spans.map(({ to }) => to)],
  );
}

/** Signatures and counts as core/rollup.ts reads them. */
const CELLS = "string_agg(int8send(s.signature_id) || int8send(s.count), ''::bytea)";

/** Counts of a project and a span by signature and bucket of some width. The others of the arguments are SQL. */
function countsSql(seconds: number, project: string, from: string, to: string): string {
  // Late ones stand beside those that are settled, which whoever reads cells adds up: summing here would double what these cost.
  // OFFSET keeps it a query of its own, which is asked with the project and the span; joined, it would read all there is.
  if (seconds === FINEST_SECONDS)
    return `(SELECT bucket, signature_id, count FROM counts WHERE project_id = ${project} AND bucket >= ${from} AND bucket < ${to} OFFSET 0)`;
  return `(SELECT date_bin(${String(seconds)} * interval '1 second', bucket, 'epoch'::timestamptz) AS bucket, signature_id, sum(count)::bigint AS count
           FROM counts WHERE project_id = ${project} AND bucket >= ${from} AND bucket < ${to} GROUP BY 1, 2)`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
