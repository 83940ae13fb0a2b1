/**
 * Partitions of the tables that hold figures over time: made before rows arrive, dropped whole when their time is over. Bounds are multiples
 * of the partition's width since the epoch, so that every process computes the same ones.
 */
import type { DataSource } from 'typeorm';
import { floorTo, type Level } from '../core/levels.js';
import { PARTITIONED } from './series.js';

const DAY = 86_400;
/** Wide enough that a query touches few, narrow enough that dropping one frees old rows soon. */
function widthOf({ table, seconds }: Level): number {
  if (seconds >= 3_600) return 30 * DAY;
  return table === 'counts_1m' || table === 'traffic_1m' ? 7 * DAY : DAY;
}

/** Writers take milliseconds; a longer wait would hold up the ones behind. The next round tries again. */
const LOCK_TIMEOUT_MS = 3_000;
/** PostgreSQL: check_violation, raised for a row that no partition takes. */
const NO_PARTITION = '23514';
/** An arbitrary constant of ours; one process at a time makes or drops partitions. */
const PARTITION_LOCK = 0x77343033;

/** Knows which partitions exist; one instance a process, since asking the server for every batch would cost a round trip. */
export class Partitions {
  private readonly known = new Set<string>();

  constructor(private readonly database: DataSource) {}

  /** Makes the partitions that rows of these buckets (epoch seconds) need. */
  async ensure(level: Level, buckets: Iterable<number>): Promise<void> {
    const missing = new Set<number>();
    for (const bucket of buckets) {
      const start = floorTo(bucket, widthOf(level));
      if (!this.known.has(nameOf(level, start))) missing.add(start);
    }
    for (const start of missing) {
      await this.create(level, start);
      this.known.add(nameOf(level, start));
    }
  }

  /**
   * Does what needs partitions, and once more where another process dropped one that this one knew.
   * @param ensure makes them
   * @param work leaves nothing behind when it fails
   */
  async with<T>(ensure: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    await ensure();
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== NO_PARTITION) throw error;
      this.known.clear();
      await ensure();
      return work();
    }
  }

  /** Makes the ones that the next rows will need, ahead of time. @param now epoch seconds */
  async prepare(now: number): Promise<void> {
    for (const levels of PARTITIONED) for (const level of levels) await this.ensure(level, [now, now + widthOf(level)]);
  }

  /** Drops partitions that end before the moment given (epoch seconds). @returns the names of the ones dropped */
  async drop(level: Level, before: number): Promise<string[]> {
    const rows = await this.database.query<{ name: string }[]>(
      'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1 LIMIT 1000',
      [level.table],
    );
    const old = rows.map(({ name }) => name).filter((name) => startOf(name) + widthOf(level) <= before);
    const dropped: string[] = [];
    for (const name of old) {
      if (await this.dropOne(level, name)) dropped.push(name);
      this.known.delete(name);
    }
    return dropped;
  }

  /** Waits for writers that are about to commit, and looks before it drops: a straggler's row must be moved, not lost. */
  private dropOne(level: Level, name: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '${String(LOCK_TIMEOUT_MS)}ms'`);
      await transaction.query(`LOCK TABLE ${level.table} IN ACCESS EXCLUSIVE MODE`);
      const isLast = PARTITIONED.some((levels) => level === levels.at(-1));
      if (!isLast && (await transaction.query<unknown[]>(`SELECT 1 FROM ${name} LIMIT 1`)).length > 0) return false;
      await transaction.query(`DROP TABLE ${name}`);
      return true;
    });
  }

  private async create(level: Level, start: number): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      await transaction.query(
        `CREATE TABLE IF NOT EXISTS ${nameOf(level, start)} PARTITION OF ${level.table}
         FOR VALUES FROM ('${iso(start)}') TO ('${iso(start + widthOf(level))}')`,
      );
    });
  }
}

/** `counts_10s_p1790035200`: the start in epoch seconds, so that it can be read back without parsing bounds. */
function nameOf(level: Level, start: number): string {
  return `${level.table}_p${String(start)}`;
}

function startOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('_p') + 2));
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
