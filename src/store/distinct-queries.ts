/**
 * Reads how many different clients and users were refused, by key: the union of the sketches of the key's signatures. Sketches
 * stand in buckets of a minute to a day, and whole buckets count. What would take too long to merge is left unknown.
 */
import type { EntityManager } from 'typeorm';
import { Distinct } from '../core/distinct.js';
import { MINUTE_SKETCHES_KEPT, SKETCH_LEVELS } from '../core/levels.js';
import { countsSql, keyListSql, overlappingSql, type CountQueries, type CountQuery, type Span } from './count-queries.js';
import { DIMENSIONS, filterSql, type Dimension } from './filters.js';

/** Kinds of sketches. */
export const CLIENTS = 0;
const USERS = 1;

const HOUR_SECONDS = 3_600;

/** Signatures of one key. */
const MAX_SIGNATURES = 5_000;
/** Of one answer: some tens of milliseconds of merging. */
const MAX_SKETCHES = 30_000;
/** Signatures times buckets: not all of them have a sketch in each. */
const SURELY_TOO_MUCH = 3 * MAX_SKETCHES;
const MAX_BYTES = 16 * 1024 * 1024;
/** Merged without a pause: some milliseconds, for large sketches more. */
const ROWS_AT_ONCE = 1_000;

export interface DistinctCount {
  /** Null: no record told, or there is too much to merge. */
  clients: number | null;
  users: number | null;
}

interface SketchRow {
  /** Place of its key, from 1 on. */
  place: number;
  kind: number;
  registers: Buffer;
}

/** @returns one for each key, in their order */
export async function distinctOf(
  { rolledUp }: CountQueries,
  transaction: EntityManager,
  query: CountQuery,
  { by, keys }: { by: readonly Dimension[]; keys: readonly string[][] },
): Promise<DistinctCount[]> {
  const counts = keys.map((): DistinctCount => ({ clients: null, users: null }));
  if (keys.length === 0) return counts;
  const parameters: unknown[] = [];
  const occurring = await rolledUp?.occurring(query, { by, keys, buckets: bucketsIn(query.span) });
  if ((occurring?.most ?? 0) > SURELY_TOO_MUCH) return counts;
  const seen = occurring === undefined ? seenSql(query, by, keys, parameters) : pairsSql(query, occurring.ids, parameters);
  const sql = `FROM (${seen}) seen JOIN ${overlappingSql(SKETCH_LEVELS, 'signature_id, kind, registers')} k ON k.signature_id = seen.id`;
  await transaction.query(
    `DECLARE sketches NO SCROLL CURSOR FOR SELECT seen.place::integer, k.kind, k.registers ${sql} ORDER BY seen.place`,
    parameters,
  );
  const tally = new Tally(counts);
  for (;;) {
    const rows = await transaction.query<SketchRow[]>(`FETCH ${String(ROWS_AT_ONCE)} FROM sketches`);
    const isRead = rows.every((row) => tally.add(row));
    if (isRead && rows.length < ROWS_AT_ONCE) tally.finish();
    if (!isRead || rows.length < ROWS_AT_ONCE) break;
  }
  await transaction.query('CLOSE sketches');
  return counts;
}

/** Buckets that sketches of a span may stand in: hours, and minutes of the last ones. */
function bucketsIn({ from, to }: Span): number {
  const hours = (to - from) / HOUR_SECONDS;
  return Math.ceil(hours + Math.min(hours, MINUTE_SKETCHES_KEPT / HOUR_SECONDS) * 60);
}

/** Sums up one key after the other; a key that is cut off stays unknown. */
class Tally {
  private place = 0;
  private sketches = new Map<number, Distinct>();
  private rows = 0;
  private bytes = 0;

  constructor(private readonly counts: readonly DistinctCount[]) {}

  /** @returns false when that is too much */
  add({ place, kind, registers }: SketchRow): boolean {
    this.rows += 1;
    this.bytes += registers.length;
    if (place !== this.place) this.finish();
    if (this.rows > MAX_SKETCHES || this.bytes > MAX_BYTES) return false;
    this.place = place;
    const sketch = this.sketches.get(kind) ?? new Distinct();
    sketch.merge(registers);
    this.sketches.set(kind, sketch);
    return true;
  }

  finish(): void {
    const count = this.counts[this.place - 1];
    if (count !== undefined) {
      count.clients = this.sketches.get(CLIENTS)?.estimate() ?? null;
      count.users = this.sketches.get(USERS)?.estimate() ?? null;
    }
    this.sketches = new Map();
  }
}

/** Binds $1 (project), $2 and $3 (span). Places of keys, from 1 on, and the ids of their signatures; without keys that have too many. */
function pairsSql({ projectId, span }: CountQuery, occurring: readonly string[][], parameters: unknown[]): string {
  parameters.push(projectId, span.from, span.to);
  const pairs = occurring.flatMap((ids, index) => (ids.length > MAX_SIGNATURES ? [] : ids.map((id) => [index + 1, id] as const)));
  const lists = [0, 1].map((column) => `$${String(parameters.push(pairs.map((pair) => pair[column])))}`);
  return `SELECT * FROM unnest(${lists[0] ?? ''}::integer[], ${lists[1] ?? ''}::bigint[]) AS pairs (place, id)`;
}

/** The same, where rollups do not reach. */
function seenSql(query: CountQuery, by: readonly Dimension[], keys: readonly string[][], parameters: unknown[]): string {
  const names = by.map((_, index) => `k${String(index)}`);
  const isKey = by.map((dimension, index) => `${DIMENSIONS[dimension]} = k.k${String(index)}`).join(' AND ') || 'true';
  const counts = countsSql(query, parameters);
  // Without a dimension there is one key, and it has no column.
  const places = by.length === 0 ? 'generate_series(1, 1)' : `${keyListSql(by, keys, parameters)} WITH ORDINALITY`;
  return `SELECT place, id FROM (
      SELECT k.place, s.id, count(*) OVER (PARTITION BY k.place) AS signatures
      FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
      JOIN ${places} AS k (${[...names, 'place'].join(', ')}) ON ${isKey}
      WHERE ${filterSql(query.filters, parameters)} GROUP BY k.place, s.id
    ) ranked WHERE signatures <= ${String(MAX_SIGNATURES)}`;
}
