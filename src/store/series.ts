/** The tables that hold counts over time: what a row of each is told apart by, and the levels that it moves through. */
import type { EntityManager } from 'typeorm';
import { FACET_LEVELS, floorTo, levelFor, LEVELS, SKETCH_LEVELS, TRAFFIC_LEVELS, type Level, type Retention } from '../core/levels.js';

/** Counts that are added to, see settling.ts. The view `counts` has those and the settled ones. */
export const FRESH_COUNTS = 'fresh_counts';

export interface Series {
  /** Finest first. */
  levels: readonly Level[];
  /** Where rows are added to, of all levels; undefined: in the tables of the levels. */
  fresh?: string;
  /** Columns that tell rows apart, behind `project_id` and `bucket`, with their types. */
  key: Readonly<Record<string, 'bigint' | 'smallint' | 'text'>>;
}

export const COUNTS: Series = { levels: LEVELS, fresh: FRESH_COUNTS, key: { signature_id: 'bigint' } };
export const TRAFFIC: Series = { levels: TRAFFIC_LEVELS, key: { target_id: 'bigint' } };
export const FACETS_BY_REASON: Series = {
  levels: FACET_LEVELS,
  key: { reason_id: 'bigint', facet: 'smallint', value: 'text' },
};

/** Where counts stand: what is added to first, then settled ones, finest first. */
export const COUNT_TABLES: readonly string[] = [FRESH_COUNTS, ...LEVELS.map(({ table }) => table)];

export const SERIES: readonly Series[] = [COUNTS, TRAFFIC, FACETS_BY_REASON];
/** Of all tables with partitions. */
export const PARTITIONED: readonly (readonly Level[])[] = [...SERIES.map(({ levels }) => levels), SKETCH_LEVELS];

/** @param fine starts of buckets of the finest level, epoch seconds @returns the buckets that they become, by level */
export function bucketsOf({ levels }: Series, fine: Iterable<number>, now: number, retention: Retention): Map<Level, Set<number>> {
  const buckets = new Map<Level, Set<number>>(levels.map((level) => [level, new Set()]));
  for (const bucket of new Set(fine)) {
    const level = levelFor(bucket, now, retention, levels);
    if (level !== undefined) buckets.get(level)?.add(floorTo(bucket, level.seconds));
  }
  return buckets;
}

interface Row {
  key: readonly (string | number)[];
  count: number;
}

/** Of one project and bucket. */
interface Bucket {
  project: number;
  start: number;
  /** By their keys. */
  rows: Map<string, Row>;
}

/** As an array of PostgreSQL: the driver looks for quotes in each. */
function numbers(list: readonly (number | string)[]): string {
  return `{${list.join(',')}}`;
}

/** Counts of one transaction, summed per level, project, bucket and key. */
export class SeriesRows {
  private readonly levels: Map<Level, Map<string, Bucket>>;
  /** Where the last one was added: most come bucket by bucket. */
  private last: { project: number; fine: number; bucket: Bucket } | undefined;

  /** @param now epoch seconds */
  constructor(
    private readonly series: Series,
    private readonly now: number,
    private readonly retention: Retention,
  ) {
    this.levels = new Map(series.levels.map((level) => [level, new Map<string, Bucket>()]));
  }

  /**
   * @param fine start of a bucket of the finest level, epoch seconds
   * @param key values of the series' key
   * @returns false for a bucket that is older than all levels
   */
  add(project: number, fine: number, key: readonly (string | number)[], count: number): boolean {
    if (this.last?.project !== project || this.last.fine !== fine) {
      const bucket = this.bucketOf(project, fine);
      if (bucket === undefined) return false;
      this.last = { project, fine, bucket };
    }
    const { rows } = this.last.bucket;
    const name = key.length === 1 ? String(key[0]) : key.join('\u001f');
    const row = rows.get(name);
    if (row === undefined) rows.set(name, { key, count });
    else row.count += count;
    return true;
  }

  /** Where something is to be added. */
  *buckets(): Iterable<readonly [project: number, bucket: number]> {
    for (const buckets of this.levels.values()) for (const { project, start } of buckets.values()) yield [project, start];
  }

  private bucketOf(project: number, fine: number): Bucket | undefined {
    const level = levelFor(fine, this.now, this.retention, this.series.levels);
    const buckets = level === undefined ? undefined : this.levels.get(level);
    if (level === undefined || buckets === undefined) return undefined;
    const start = floorTo(fine, level.seconds);
    const name = `${String(project)}:${String(start)}`;
    const bucket = buckets.get(name) ?? { project, start, rows: new Map<string, Row>() };
    buckets.set(name, bucket);
    return bucket;
  }

  /** In the order of their keys, so that parallel workers never deadlock. */
  async write(transaction: EntityManager): Promise<void> {
    const { fresh } = this.series;
    const all = [...this.levels].map(([{ table }, buckets]) => ({ table, buckets: [...buckets.values()] }));
    const tables = fresh === undefined ? all : [{ table: fresh, buckets: all.flatMap(({ buckets }) => buckets) }];
    for (const { table, buckets } of tables) if (buckets.length > 0) await this.writeTable(transaction, table, buckets);
  }

  private async writeTable(transaction: EntityManager, table: string, buckets: readonly Bucket[]): Promise<void> {
    const rows = buckets.flatMap(({ project, start, rows: own }) =>
      [...own.values()].map(({ key, count }) => ({ project, start, key, count })),
    );
    const columns = Object.keys(this.series.key);
    const names = ['project_id', 'bucket', ...columns].join(', ');
    const types = ['integer', 'bigint', ...Object.values(this.series.key), 'bigint'].map(
      (type, index) => `$${String(index + 1)}::${type}[]`,
    );
    await transaction.query(
      `INSERT INTO ${table} AS c (${names}, count)
       SELECT project_id, to_timestamp(bucket), ${columns.join(', ')}, count
       FROM unnest(${types.join(', ')}) AS r (${names}, count)
       ORDER BY ${columns.map((_, index) => String(index + 3)).reduce((order, column) => `${order}, ${column}`, '1, 2')}
       ON CONFLICT (${names}) DO UPDATE SET count = c.count + excluded.count`,
      [
        numbers(rows.map(({ project }) => project)),
        numbers(rows.map(({ start }) => start)),
        ...Object.values(this.series.key).map((type, index) => {
          const column = rows.map(({ key }) => key[index] ?? '');
          return type === 'text' ? column : numbers(column);
        }),
        numbers(rows.map(({ count }) => count)),
      ],
    );
  }
}
