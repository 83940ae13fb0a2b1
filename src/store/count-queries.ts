/** Reads counts: summed over the three levels in one statement, so that a count in the middle of being moved is seen once. */
import type { DataSource, EntityManager } from 'typeorm';
import { LEVELS } from '../core/levels.js';
import { DIMENSIONS, filterSql, type Dimension, type Filters } from './filters.js';

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

/** All queries of one answer, on one snapshot: the parts of a chart add up to its total while records come in. */
export function onSnapshot<T>(database: DataSource, read: (queries: CountQueries) => Promise<T>): Promise<T> {
  return database.transaction('REPEATABLE READ', (transaction) => read(new CountQueries(transaction)));
}

export class CountQueries {
  constructor(private readonly database: EntityManager) {}

  /** The keys with the highest counts, highest first; ties in the order of their names. */
  async rank(query: CountQuery, by: readonly Dimension[], limit: number): Promise<Ranked[]> {
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

  /** Counts per step of the keys given; other keys are left out. Without a dimension, counts of everything. */
  async series(query: CountQuery, by: readonly Dimension[], keys: readonly string[][], stepSeconds: number): Promise<SeriesPoint[]> {
    const parameters: unknown[] = [];
    const counts = countsSql(query, parameters);
    const filter = filterSql(query.filters, parameters);
    const step = `$${String(parameters.push(stepSeconds))}::float8`;
    const rows = await this.database.query<(Record<string, string> & { at: number; count: string })[]>(
      `SELECT ${keyColumns(by)} (floor(extract(epoch FROM c.bucket) / ${step}) * ${step})::float8 AS at, sum(c.count) AS count
       FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
       WHERE ${filter} AND ${keysSql(by, keys, parameters)}
       GROUP BY ${[...by.map((_, index) => String(index + 1)), 'at'].join(', ')} ORDER BY at`,
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

/** The counts of a project in a span, from all levels. Binds $1 (project), $2 and $3 (span). */
export function countsSql({ projectId, span }: Pick<CountQuery, 'projectId' | 'span'>, parameters: unknown[]): string {
  parameters.push(projectId, span.from, span.to);
  const levels = LEVELS.map(
    ({ table }) =>
      `SELECT bucket, signature_id, count FROM ${table} WHERE project_id = $1 AND bucket >= to_timestamp($2) AND bucket < to_timestamp($3)`,
  );
  return `(${levels.join(' UNION ALL ')})`;
}

function keyColumns(by: readonly Dimension[]): string {
  return by.map((dimension, index) => `${DIMENSIONS[dimension]} AS k${String(index)}, `).join('');
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

function keysSql(by: readonly Dimension[], keys: readonly string[][], parameters: unknown[]): string {
  if (by.length === 0) return 'true';
  const columns = by.map((dimension) => DIMENSIONS[dimension]).join(', ');
  const lists = by.map((_, index) => `$${String(parameters.push(keys.map((key) => key[index])))}::text[]`).join(', ');
  return `(${columns}) IN (SELECT * FROM unnest(${lists}))`;
}
