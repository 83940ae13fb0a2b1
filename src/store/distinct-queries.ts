/** Tells how many different clients and users were refused, by key: the union of the sketches of the key's signatures. Whole buckets count. */
import type { EntityManager } from 'typeorm';
import type { Retention } from '../core/levels.js';
import { CLIENTS, USERS } from '../core/sketch-set.js';
import { countsSql, keyListSql, type CountQueries, type CountQuery } from './count-queries.js';
import { DIMENSIONS, filterSql, type Dimension } from './filters.js';
import { unionOf } from './sketch-reader.js';

/** A project has 20,000 signatures a day at most. */
const MAX_SIGNATURES = 200_000;

export interface DistinctCount {
  /** Null: no record told, or there is too much to merge. */
  clients: number | null;
  users: number | null;
}

interface Asked {
  by: readonly Dimension[];
  keys: readonly string[][];
  retention: Retention;
  /** Epoch seconds. */
  now: number;
}

/** @returns one for each key, in their order */
export async function distinctOf(
  { rolledUp }: CountQueries,
  transaction: EntityManager,
  query: CountQuery,
  { by, keys, retention, now }: Asked,
): Promise<DistinctCount[]> {
  const places = (await rolledUp?.occurring(query, by, keys)) ?? (await seen(transaction, query, by, keys));
  const { projectId, span } = query;
  const unions = places.size === 0 ? undefined : await unionOf(transaction, { projectId, span, retention, now, places });
  return keys.map((_, place) => {
    const kinds = unions?.get(place);
    return { clients: kinds?.get(CLIENTS)?.estimate() ?? null, users: kinds?.get(USERS)?.estimate() ?? null };
  });
}

/** Signatures that occur, and the place of their key: where rollups do not reach. */
async function seen(
  transaction: EntityManager,
  query: CountQuery,
  by: readonly Dimension[],
  keys: readonly string[][],
): Promise<Map<bigint, number>> {
  if (keys.length === 0) return new Map();
  const parameters: unknown[] = [];
  const names = by.map((_, index) => `k${String(index)}`);
  const isKey = by.map((dimension, index) => `${DIMENSIONS[dimension]} = k.k${String(index)}`).join(' AND ') || 'true';
  const counts = countsSql(query, parameters);
  // Without a dimension there is one key, and it has no column.
  const places = by.length === 0 ? 'generate_series(1, 1)' : `${keyListSql(by, keys, parameters)} WITH ORDINALITY`;
  const rows = await transaction.query<{ place: number; id: string }[]>(
    `SELECT DISTINCT k.place::integer - 1 AS place, s.id
     FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
     JOIN ${places} AS k (${[...names, 'place'].join(', ')}) ON ${isKey}
     WHERE ${filterSql(query.filters, parameters)} LIMIT ${String(MAX_SIGNATURES)}`,
    parameters,
  );
  return new Map(rows.map(({ place, id }) => [BigInt(id), place]));
}
