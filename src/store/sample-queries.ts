/** Reads samples: of each signature its newest occurrence, as far as it is kept. All text of it was masked before it came here. */
import type { EntityManager } from 'typeorm';
import type { CountQuery } from './count-queries.js';
import { filterSql } from './filters.js';

export interface Sample {
  id: string;
  time: Date;
  service: string;
  environment: string;
  route: string;
  method: string;
  status: number;
  cause: string;
  error_code: string;
  challenge: string;
  template: string;
  trace_id: string | null;
}

/** Where a page ends: the time in epoch milliseconds, and the signature. */
export interface SamplePosition {
  at: number;
  id: string;
}

/** Newest first. The table of signatures has no index by time on purpose (it is small, and `last_seen` changes all the time). */
export function samplesOf(transaction: EntityManager, query: CountQuery, limit: number, after?: SamplePosition): Promise<Sample[]> {
  const parameters: unknown[] = [query.projectId, query.span.from, query.span.to];
  const where = filterSql(query.filters, parameters);
  const position =
    after === undefined
      ? 'true'
      : `(s.last_seen, s.id) < ($${String(parameters.push(new Date(after.at).toISOString()))}::timestamptz, $${String(parameters.push(after.id))}::bigint)`;
  return transaction.query<Sample[]>(
    `SELECT s.id, s.last_seen AS time, s.service, s.environment, s.route, s.method, s.status, s.cause, s.error_code, s.challenge, s.template,
            s.last_trace_id AS trace_id
     FROM signatures s
     WHERE s.project_id = $1 AND s.last_seen >= to_timestamp($2) AND s.last_seen < to_timestamp($3) AND ${where} AND ${position}
     ORDER BY s.last_seen DESC, s.id DESC LIMIT $${String(parameters.push(limit))}`,
    parameters,
  );
}
