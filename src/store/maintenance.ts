/**
 * Keeps the store in bounds: moves figures that outgrew their level up to the next wider one, merges sketches, drops partitions whose
 * time is over, and forgets ids of batches that can no longer come again. Safe to run from any number of processes:
 * one works, the others go on.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { floorTo, movesBefore, SKETCH_LEVELS, type Level, type Retention } from '../core/levels.js';
import { exclusively } from './database.js';
import { Partitions } from './partitions.js';
import { trimRollups } from './rollup-store.js';
import { COUNTS, SERIES, type Series } from './series.js';
import { moveSettledUp } from './settling.js';
import { forgetSketches, mergeCrowded } from './sketch-store.js';

export interface MaintenanceReport {
  /** Rows moved up, by the level they left. */
  moved: number;
  droppedPartitions: string[];
  forgottenBatches: number;
  forgottenPortions: number;
  /** Signatures whose last count is gone. */
  forgottenSignatures: number;
}

/** An arbitrary constant of ours. */
const MAINTENANCE_LOCK = 0x77343034;
/** Rows of one moving transaction: some tens of milliseconds, so that writers never wait long. */
const MOVE_ROWS = 10_000;
/**
 * How long a counted batch is remembered. It must outlast every redelivery: a queue that was stopped for a week and
 * goes on would otherwise count twice. An id costs about 40 bytes.
 */
const BATCH_MEMORY_MS = 14 * 86_400_000;
/** Late batches may still be counted on the day before. */
const SIGNATURE_DAYS_MS = 7 * 86_400_000;
const PURGE_ROWS = 50_000;
/** The last partition of the widest level is dropped up to its whole width after its rows' time. */
const PARTITION_SLACK_SECONDS = 31 * 86_400;

/** A request that comes again within this time counts once. OpenTelemetry's exporters give up after minutes. */
const REPETITION_MS = 15 * 60_000;

/** What is kept, and from when on. */
export interface Upkeep {
  retention: Retention;
  /** Epoch milliseconds. */
  nowMs: number;
  /** How long the oldest batch has been waiting: what it repeats was counted that much earlier. */
  queueAgeMs: number;
}

/** @returns what was done; undefined when another process is at it */
export function maintain(database: DataSource, upkeep: Upkeep): Promise<MaintenanceReport | undefined> {
  return exclusively(database, MAINTENANCE_LOCK, () => maintainLocked(database, upkeep));
}

async function maintainLocked(database: DataSource, { retention, nowMs, queueAgeMs }: Upkeep): Promise<MaintenanceReport> {
  const partitions = new Partitions(database);
  await partitions.prepare(nowMs / 1000);
  await trimRollups(database, nowMs / 1000, retention);
  const report: MaintenanceReport = { moved: 0, droppedPartitions: [], forgottenBatches: 0, forgottenPortions: 0, forgottenSignatures: 0 };
  for (const series of SERIES) {
    for (const [index, level] of series.levels.entries()) {
      const before = movesBefore(level, nowMs / 1000, retention, series.levels);
      const above = series.levels[index + 1];
      if (above !== undefined) {
        const move = series === COUNTS ? moveSettledUp : moveCounts;
        report.moved += await moveUp(database, partitions, { series, level, above, before, move });
      }
      report.droppedPartitions.push(...(await partitions.drop(level, before)));
    }
  }
  await database.query('DELETE FROM signature_days WHERE day < $1::date', [new Date(nowMs - SIGNATURE_DAYS_MS).toISOString().slice(0, 10)]);
  await mergeCrowded(database);
  await forgetSketches(database, nowMs / 1000, retention);
  for (const level of SKETCH_LEVELS)
    report.droppedPartitions.push(...(await partitions.drop(level, movesBefore(level, nowMs / 1000, retention, SKETCH_LEVELS))));
  report.forgottenBatches = await forgetBatches(database, nowMs - BATCH_MEMORY_MS);
  report.forgottenPortions = await forgetPortions(database, nowMs - REPETITION_MS - queueAgeMs);
  await forgetTokenTimes(database, nowMs - retention['1h'] * 1000);
  await forgetTargets(database, nowMs - (retention['1h'] + PARTITION_SLACK_SECONDS) * 1000);
  report.forgottenSignatures = await forgetSignatures(database, nowMs - (retention['1h'] + PARTITION_SLACK_SECONDS) * 1000);
  return report;
}

interface Move {
  series: Series;
  level: Level;
  above: Level;
  /** Epoch seconds. */
  before: number;
  /** Moves some of what lies within one bucket of the level above. @returns how many figures */
  move: (transaction: EntityManager, levels: { series: Series; level: Level; above: Level }, from: number, to: number) => Promise<number>;
}

/** In portions, each a transaction of its own: at no moment is a count missing or there twice. */
async function moveUp(database: DataSource, partitions: Partitions, move: Move): Promise<number> {
  let moved = 0;
  for (;;) {
    const oldest = await database.query<{ bucket: number | null }[]>(
      // Project by project: that is how the index finds the first one.
      `SELECT extract(epoch FROM min((SELECT min(bucket) FROM ${move.level.table} WHERE project_id = p.id)))::bigint::float8 AS bucket FROM projects p`,
    );
    const bucket = oldest[0]?.bucket ?? undefined;
    if (bucket === undefined || bucket >= move.before) return moved;
    await partitions.ensure(move.above, [bucket]);
    const end = Math.min(move.before, floorTo(bucket, move.above.seconds) + move.above.seconds);
    moved += await database.transaction((transaction) => move.move(transaction, move, bucket, end));
  }
}

async function moveCounts(
  transaction: EntityManager,
  { series, level, above }: Pick<Move, 'series' | 'level' | 'above'>,
  from: number,
  to: number,
): Promise<number> {
  const columns = Object.keys(series.key);
  const key = columns.join(', ');
  const rows = await transaction.query<{ moved: number }[]>(
    `WITH moved AS (
       DELETE FROM ${level.table} c USING (
         SELECT project_id, bucket, ${key} FROM ${level.table}
         WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2)
         ORDER BY project_id, bucket, ${key} LIMIT ${String(MOVE_ROWS)} FOR UPDATE
       ) k
       WHERE c.project_id = k.project_id AND c.bucket = k.bucket AND ${columns.map((column) => `c.${column} = k.${column}`).join(' AND ')}
       RETURNING c.project_id, ${columns.map((column) => `c.${column}`).join(', ')}, c.count
     ), summed AS (
       INSERT INTO ${above.table} AS c (project_id, bucket, ${key}, count)
       SELECT project_id, to_timestamp($3), ${key}, sum(count) FROM moved GROUP BY project_id, ${key} ORDER BY project_id, ${key}
       ON CONFLICT (project_id, bucket, ${key}) DO UPDATE SET count = c.count + excluded.count
     )
     SELECT count(*)::int AS moved FROM moved`,
    [from, to, floorTo(from, above.seconds)],
  );
  return rows[0]?.moved ?? 0;
}

/** Batch ids begin with their time (UUID version 7), so that age is a range of the primary key. */
async function forgetBatches(database: DataSource, beforeMs: number): Promise<number> {
  const first = `${beforeMs
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2')}-7000-8000-000000000000`;
  const rows = await database.query<{ forgotten: number }[]>(
    `WITH old AS (SELECT project_id, batch_id FROM applied_batches WHERE batch_id < $1 LIMIT ${String(PURGE_ROWS)}),
          gone AS (DELETE FROM applied_batches a USING old WHERE a.project_id = old.project_id AND a.batch_id = old.batch_id RETURNING 1)
     SELECT count(*)::int AS forgotten FROM gone`,
    [first],
  );
  return rows[0]?.forgotten ?? 0;
}

/** All of them: they come faster than once a minute could take away a portion. */
async function forgetPortions(database: DataSource, beforeMs: number): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const gone = await forgetSomePortions(database, beforeMs);
    forgotten += gone;
    if (gone < PURGE_ROWS) return forgotten;
  }
}

async function forgetSomePortions(database: DataSource, beforeMs: number): Promise<number> {
  const rows = await database.query<{ forgotten: number }[]>(
    `WITH old AS (SELECT project_id, portion_id FROM applied_portions WHERE applied_minute < $1 LIMIT ${String(PURGE_ROWS)}),
          gone AS (DELETE FROM applied_portions a USING old WHERE a.project_id = old.project_id AND a.portion_id = old.portion_id RETURNING 1)
     SELECT count(*)::int AS forgotten FROM gone`,
    [Math.floor(beforeMs / 60_000)],
  );
  return rows[0]?.forgotten ?? 0;
}

/** In portions: what is left goes a minute later. */
async function forgetTokenTimes(database: DataSource, beforeMs: number): Promise<void> {
  await database.query(
    `DELETE FROM token_times t USING (SELECT project_id, signature_id, day, slot FROM token_times WHERE day < $1::date LIMIT ${String(PURGE_ROWS)}) old
     WHERE t.project_id = old.project_id AND t.signature_id = old.signature_id AND t.day = old.day AND t.slot = old.slot`,
    [new Date(beforeMs).toISOString().slice(0, 10)],
  );
}

/** In portions as well. */
async function forgetTargets(database: DataSource, beforeMs: number): Promise<void> {
  await database.query(
    `DELETE FROM targets t USING (SELECT project_id, id FROM targets WHERE last_day < $1::date ORDER BY project_id, id LIMIT ${String(PURGE_ROWS)} FOR UPDATE SKIP LOCKED) old
     WHERE t.project_id = old.project_id AND t.id = old.id AND t.last_day < $1::date`,
    [new Date(beforeMs).toISOString().slice(0, 10)],
  );
}

/** No index helps here on purpose: the table is small next to the counts, and last_seen must stay cheap to change. */
async function forgetSignatures(database: DataSource, beforeMs: number): Promise<number> {
  const rows = await database.query<{ forgotten: number }[]>(
    `WITH gone AS (
       DELETE FROM signatures s USING (SELECT project_id, id FROM signatures WHERE last_seen < $1 ORDER BY project_id, id LIMIT ${String(PURGE_ROWS)} FOR UPDATE SKIP LOCKED) old
       WHERE s.project_id = old.project_id AND s.id = old.id AND s.last_seen < $1 RETURNING 1
     ) SELECT count(*)::int AS forgotten FROM gone`,
    [new Date(beforeMs)],
  );
  return rows[0]?.forgotten ?? 0;
}
