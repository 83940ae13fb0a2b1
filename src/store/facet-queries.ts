/**
 * Reads facets (instance, version, client network, …) of what was refused. They are kept by reason (service, environment and
 * template), not by signature: routes, methods and challenges that share a reason share its facets.
 */
import type { EntityManager } from 'typeorm';
import { FACET_LEVELS } from '../core/levels.js';
import { FACETS } from '../core/witness.js';
import { countsSql, overlappingSql, type CountQuery } from './count-queries.js';
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
export async function facetsOf(transaction: EntityManager, query: CountQuery): Promise<FacetValues[]> {
  const parameters: unknown[] = [];
  const counts = countsSql(query, parameters);
  const rows = await transaction.query<{ facet: number; value: string; count: string; total: string }[]>(
    `WITH reasons AS (
       SELECT DISTINCT s.reason_id FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
       WHERE ${filterSql(query.filters, parameters)} LIMIT ${String(MAX_REASONS)}
     ), summed AS (
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
