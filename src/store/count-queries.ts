/**
 * Reads counts, out of rollups where they reach. Elsewhere they are summed in one statement over all places where they stand, so that a
 * count in the middle of being moved is seen once.
 */
import type { EntityManager } from 'typeorm';
import { TRAFFIC_LEVELS, type Level } from '../core/levels.js';
import { DIMENSIONS, filterSql, type Dimension, type Filters, type TargetDimension } from './filters.js';
import type { RolledUpQueries } from './rolled-up-queries.js';

/** A span of time in epoch seconds, end excluded, both multiples of the level's width that answers it. */
export interface Span {
  from: number;
  to: number;
}

export interface CountQuery {
  projectId: number;
  span: Span;
  filters: Filters;
}

export interface SeriesPoint {
  key: string[];
  /** Start of the step, epoch seconds. */
  at: number;
  count: number;
}

export interface Ranked {
  key: string[];
  count: number;
}

export interface SeenCount {
  id: string;
  count: number;
}

/** A key in a span and in another one. */
interface Compared {
  key: string[];
  now: number;
  before: number;
}

export interface Comparison {
  rows: Compared[];
  /** Over all keys. */
  now: number;
  before: number;
}

/** What is counted, and where it says of what. */
interface Source {
  from: readonly string[];
  id: 'signature_id' | 'target_id';
  table: 'signatures' | 'targets';
}

const REFUSALS: Source = { from: ['counts'], id: 'signature_id', table: 'signatures' };
const REQUESTS: Source = { from: TRAFFIC_LEVELS.map(({ table }) => table), id: 'target_id', table: 'targets' };

interface Steps {
  by: readonly Dimension[];
  /** The only ones; undefined: all. */
  keys: readonly string[][] | undefined;
  stepSeconds: number;
  /** In the order of time. */
  limit?: number;
}

export class CountQueries {
  /** @param rolledUp undefined: everything is summed by PostgreSQL */
  constructor(
    private readonly database: EntityManager,
    readonly rolledUp?: RolledUpQueries,
  ) {}

  /**
   * The keys with the highest counts, highest first; ties in the order of their names.
   * @param stepSeconds of the chart that is drawn of them next
   */
  async rank(query: CountQuery, by: readonly Dimension[], limit: number, stepSeconds?: number): Promise<Ranked[]> {
    const rolledUp = await this.rolledUp?.rank(query, by, limit, stepSeconds);
    if (rolledUp !== undefined) return rolledUp;
    const parameters: unknown[] = [];
    const rows = await this.database.query<(Record<string, string> & { count: string })[]>(
      `SELECT ${keyColumns(by)} sum(c.count) AS count
       FROM ${countsSql(query, parameters)} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
       WHERE ${filterSql(query.filters, parameters)}
       ${groupBy(by)} ORDER BY count DESC NULLS LAST${keyOrder(by)} LIMIT $${String(parameters.push(limit))}`,
      parameters,
    );
    return rows.map((row) => ({ key: keyOf(row, by), count: Number(row.count) }));
  }

  /**
   * The keys whose counts differ most between two spans, whatever their lengths, and the sums over all keys.
   * @param scale what a count of the span before is multiplied with
   */
  async compare(query: CountQuery & { before: Span; scale: number }, by: readonly Dimension[], limit: number): Promise<Comparison> {
    const rolledUp = await this.rolledUp?.compare(query, by, limit);
    if (rolledUp !== undefined) return rolledUp;
    const parameters: unknown[] = [query.projectId];
    const now = levelsSql(REFUSALS, query.span, parameters);
    const before = levelsSql(REFUSALS, query.before, parameters);
    const where = filterSql(query.filters, parameters);
    const scale = `$${String(parameters.push(query.scale))}::float8`;
    const rows = await this.database.query<
      (Record<string, string> & { now: string; before: string; all_now: string; all_before: string })[]
    >(
      `SELECT *, sum(now) OVER () AS all_now, sum(before) OVER () AS all_before FROM (
         SELECT ${keyColumns(by)} coalesce(sum(c.count) FILTER (WHERE c.is_now), 0) AS now, coalesce(sum(c.count) FILTER (WHERE NOT c.is_now), 0) AS before
         FROM (SELECT *, true AS is_now FROM ${now} n UNION ALL SELECT *, false FROM ${before} b) c
         JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
         WHERE ${where} ${groupBy(by)}
       ) compared ORDER BY abs(now - before * ${scale}) DESC${keyOrder(by)} LIMIT $${String(parameters.push(limit))}`,
      parameters,
    );
    return {
      rows: rows.map((row) => ({ key: keyOf(row, by), now: Number(row.now), before: Number(row.before) })),
      now: Number(rows[0]?.all_now ?? 0),
      before: Number(rows[0]?.all_before ?? 0),
    };
  }

  /** The counts of the keys given, in no order. */
  async counts(query: CountQuery, by: readonly Dimension[], keys: readonly string[][]): Promise<Ranked[]> {
    const rolledUp = await this.rolledUp?.counts(query, by, keys);
    if (rolledUp !== undefined) return rolledUp;
    // One step as long as any span there can be, so that every key comes out as one number.
    const points = await this.steps(REFUSALS, query, { by, keys, stepSeconds: Number.MAX_SAFE_INTEGER });
    return points.map(({ key, count }) => ({ key, count }));
  }

  /** Counts per step of the keys given; other keys are left out. Without a dimension, counts of everything. */
  async series(query: CountQuery, by: readonly Dimension[], keys: readonly string[][], stepSeconds: number): Promise<SeriesPoint[]> {
    const rolledUp = await this.rolledUp?.series(query, by, keys, stepSeconds);
    if (rolledUp !== undefined) return rolledUp;
    return this.steps(REFUSALS, query, { by, keys, stepSeconds });
  }

  /** Counts per step of all keys, at most `limit` of them. */
  everySeries(query: CountQuery, by: readonly Dimension[], stepSeconds: number, limit: number): Promise<SeriesPoint[]> {
    return this.steps(REFUSALS, query, { by, keys: undefined, stepSeconds, limit });
  }

  /** Requests of any status per step. Of filters, those count that requests have too. */
  requests(query: CountQuery, by: readonly TargetDimension[], keys: readonly string[][], stepSeconds: number): Promise<SeriesPoint[]> {
    const { service, environment, route } = query.filters;
    const known = Object.entries({ service, environment, route }).filter(([, values]) => values !== undefined);
    return this.steps(REQUESTS, { ...query, filters: Object.fromEntries(known) }, { by, keys, stepSeconds });
  }

  private async steps(source: Source, query: CountQuery, { by, keys, stepSeconds, limit }: Steps): Promise<SeriesPoint[]> {
    const parameters: unknown[] = [query.projectId];
    const counts = levelsSql(source, query.span, parameters);
    const filter = filterSql(query.filters, parameters);
    const step = `$${String(parameters.push(stepSeconds))}::float8`;
    const rows = await this.database.query<(Record<string, string> & { at: number; count: string })[]>(
      `SELECT ${keyColumns(by)} (floor(extract(epoch FROM c.bucket) / ${step}) * ${step})::float8 AS at, sum(c.count) AS count
       FROM ${counts} c JOIN ${source.table} s ON s.project_id = $1 AND s.id = c.${source.id}
       WHERE ${filter} AND ${keysSql(by, keys, parameters)}
       GROUP BY ${[...by.map((_, index) => String(index + 1)), 'at'].join(', ')} ORDER BY at
       LIMIT $${String(parameters.push(limit ?? null))}`,
      parameters,
    );
    return rows.map((row) => ({ key: keyOf(row, by), at: row.at, count: Number(row.count) }));
  }

  /** Everything in the span. */
  async total(query: CountQuery): Promise<number> {
    const [everything] = await this.rank(query, [], 1);
    return everything?.count ?? 0;
  }

  /** Token times of one signature on the days that the span touches: `[slot, occurrences]`. */
  async tokenTimes(projectId: number, id: string, { from, to }: Span): Promise<[slot: number, count: number][]> {
    const rows = await this.database.query<{ slot: number; count: string }[]>(
      `SELECT slot, sum(count) AS count FROM token_times
       WHERE project_id = $1 AND signature_id = $2 AND day >= to_timestamp($3)::date AND day <= to_timestamp($4)::date GROUP BY slot`,
      [projectId, id, from, to],
    );
    return rows.map(({ slot, count }) => [slot, Number(count)]);
  }

  /** Signatures by count in the span, highest first. */
  async signatures(query: CountQuery, limit: number, after?: SeenCount): Promise<SeenCount[]> {
    const rolledUp = await this.rolledUp?.signatures(query, limit, after);
    if (rolledUp !== undefined) return rolledUp;
    const parameters: unknown[] = [];
    const counts = countsSql(query, parameters);
    const filter = filterSql(query.filters, parameters);
    const position =
      after === undefined
        ? ''
        : `WHERE (count, id) < ($${String(parameters.push(after.count))}::numeric, $${String(parameters.push(after.id))}::bigint)`;
    const rows = await this.database.query<{ id: string; count: string }[]>(
      `SELECT id, count FROM (
         SELECT s.id, sum(c.count) AS count
         FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
         WHERE ${filter} GROUP BY s.id
       ) ranked ${position} ORDER BY count DESC, id DESC LIMIT $${String(parameters.push(limit))}`,
      parameters,
    );
    return rows.map((row) => ({ id: row.id, count: Number(row.count) }));
  }
}

/** The counts of a project in a span. Binds $1 (project), $2 and $3 (span). */
export function countsSql({ projectId, span }: Pick<CountQuery, 'projectId' | 'span'>, parameters: unknown[]): string {
  parameters.push(projectId);
  return levelsSql(REFUSALS, span, parameters);
}

/** The same of requests with any status. */
export function requestsSql({ projectId, span }: Pick<CountQuery, 'projectId' | 'span'>, parameters: unknown[]): string {
  parameters.push(projectId);
  return levelsSql(REQUESTS, span, parameters);
}

/**
 * What is kept in wide buckets, of all that overlap the span that $2 and $3 hold, of project $1.
 * @param columns beside the bucket, with commas between
 */
export function overlappingSql(levels: readonly Level[], columns: string): string {
  const tables = levels.map(
    ({ table, seconds }) =>
      `SELECT ${columns} FROM ${table} WHERE project_id = $1 AND bucket > to_timestamp($2::float8 - ${String(seconds)}) AND bucket < to_timestamp($3)`,
  );
  return `(${tables.join(' UNION ALL ')})`;
}

/** @param parameters the project is the first */
function levelsSql({ from: tables, id }: Source, span: Span, parameters: unknown[]): string {
  const from = `to_timestamp($${String(parameters.push(span.from))})`;
  const to = `to_timestamp($${String(parameters.push(span.to))})`;
  const rows = tables.map(
    (table) => `SELECT bucket, ${id}, count FROM ${table} WHERE project_id = $1 AND bucket >= ${from} AND bucket < ${to}`,
  );
  return `(${rows.join(' UNION ALL ')})`;
}

/** Ordered by their bytes, whatever the language of the database. */
function keyColumns(by: readonly Dimension[]): string {
  return by.map((dimension, index) => `${DIMENSIONS[dimension]} COLLATE "C" AS k${String(index)}, `).join('');
}

function groupBy(by: readonly Dimension[]): string {
  return by.length === 0 ? '' : `GROUP BY ${by.map((_, index) => String(index + 1)).join(', ')}`;
}

function keyOrder(by: readonly Dimension[]): string {
  return by.map((_, index) => `, ${String(index + 1)}`).join('');
}

function keyOf(row: Record<string, unknown>, by: readonly Dimension[]): string[] {
  return by.map((_, index) => String(row[`k${String(index)}`]));
}

function keysSql(by: readonly Dimension[], keys: readonly string[][] | undefined, parameters: unknown[]): string {
  if (by.length === 0 || keys === undefined) return 'true';
  const columns = by.map((dimension) => DIMENSIONS[dimension]).join(', ');
  return `(${columns}) IN (SELECT * FROM ${keyListSql(by, keys, parameters)})`;
}

/** The keys as a table of one column a dimension. */
export function keyListSql(by: readonly Dimension[], keys: readonly string[][], parameters: unknown[]): string {
  const lists = by.map((_, index) => `$${String(parameters.push(keys.map((key) => key[index])))}::text[]`);
  return `unnest(${lists.join(', ')})`;
}
