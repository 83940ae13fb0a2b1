/**
 * Reads facets (instance, version, client network, …) of what was refused. They are kept by reason (service, environment and
 * template), not by signature: routes, methods and challenges that share a reason share its facets.
 */
import type { EntityManager } from 'typeorm';
import { FACET_LEVELS } from '../core/levels.js';
import { FACETS } from '../core/witness.js';
import { countsSql, overlappingSql, type CountQueries, type CountQuery } from './count-queries.js';
import { filterSql } from './filters.js';

const MAX_VALUES = 20;
/** A project has 20,000 signatures a day at most. */
const MAX_REASONS = 20_000;

export interface FacetValues {
  facet: (typeof FACETS)[number];
  /** The most frequent, first; the share is of the records that tell this facet. */
  values: { value: string; count: number; share: number }[];
}

/** @returns every facet there is, in the order of their numbers */
export async function facetsOf({ rolledUp }: CountQueries, transaction: EntityManager, query: CountQuery): Promise<FacetValues[]> {
  const parameters: unknown[] = [];
  const reasons = await rolledUp?.reasons(query);
  const reasonsSql = reasons === undefined ? seenReasonsSql(query, parameters) : givenReasonsSql(query, reasons, parameters);
  const rows = await transaction.query<{ facet: number; value: string; count: string; total: string }[]>(
    `WITH reasons AS (${reasonsSql} LIMIT ${String(MAX_REASONS)}), summed AS (
       SELECT f.facet, f.value, sum(f.count) AS count
       FROM ${overlappingSql(FACET_LEVELS, 'reason_id, facet, value, count')} f JOIN reasons USING (reason_id) GROUP BY 1, 2
     )
     SELECT facet, value, count, total FROM (
       SELECT *, sum(count) OVER (PARTITION BY facet) AS total, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value) AS place FROM summed
     ) ranked WHERE place <= ${String(MAX_VALUES)} ORDER BY facet, place`,
    parameters,
  );
  return FACETS.map((facet, number) => ({
    facet,
    values: rows
      .filter((row) => row.facet === number)
      .map(({ value, count, total }) => ({ value, count: Number(count), share: Number(count) / Number(total) })),
  }));
}

/** Binds $1 (project), $2 and $3 (span). */
function givenReasonsSql({ projectId, span }: CountQuery, reasons: readonly string[], parameters: unknown[]): string {
  parameters.push(projectId, span.from, span.to);
  return `SELECT reason_id FROM unnest($${String(parameters.push(reasons))}::bigint[]) AS given (reason_id)`;
}

/** The same, where rollups do not reach. */
function seenReasonsSql(query: CountQuery, parameters: unknown[]): string {
  const counts = countsSql(query, parameters);
  return `SELECT DISTINCT s.reason_id FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id WHERE ${filterSql(query.filters, parameters)}`;
}
