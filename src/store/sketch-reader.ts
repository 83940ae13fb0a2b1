/**
 * Reads sketches of distinct clients and users over a span: few rows, each of many signatures. A row never changes, so that what was
 * read once is kept in memory. What would take too long to merge is left unknown.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { Distinct } from '../core/distinct.js';
import { SKETCH_LEVELS, sketchCover, type Retention } from '../core/levels.js';
import { readSketchSet, sketchAt, type SketchSet } from '../core/sketch-set.js';
import type { Span } from './count-queries.js';

/** Of one answer: some tenths of a second of merging, a few milliseconds at a time. */
const MAX_BYTES = 32 * 1024 * 1024;
const READ_AT_ONCE_BYTES = 4 * 1024 * 1024;
const PAUSE_AFTER_BYTES = 256 * 1024;
/** Of a process. */
const MAX_KEPT_BYTES = 24 * 1024 * 1024;

interface Row {
  table: string;
  id: string;
  at: number;
  size: number;
}

export interface Sketched {
  projectId: number;
  span: Span;
  retention: Retention;
  /** Epoch seconds. */
  now: number;
  /** Signatures, and what they belong to. */
  places: ReadonlyMap<bigint, number>;
}

/** Of one database: rows by id, least recently used first. */
class Kept {
  private readonly sets = new Map<string, SketchSet>();
  private bytes = 0;

  get(id: string): SketchSet | undefined {
    const set = this.sets.get(id);
    if (set !== undefined) {
      this.sets.delete(id);
      this.sets.set(id, set);
    }
    return set;
  }

  keep(id: string, set: SketchSet): void {
    if (this.sets.has(id)) return;
    this.sets.set(id, set);
    this.bytes += weightOf(set);
    for (const [oldest, other] of this.sets) {
      if (this.bytes <= MAX_KEPT_BYTES) return;
      this.sets.delete(oldest);
      this.bytes -= weightOf(other);
    }
  }
}

const kept = new WeakMap<object, Kept>();

/**
 * @returns by place the union of its signatures' sketches, for each kind; undefined where there is too much to merge
 */
export async function unionOf(transaction: EntityManager, asked: Sketched): Promise<Map<number, Map<number, Distinct>> | undefined> {
  const rows = await listed(transaction, asked);
  if (rows.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) return undefined;
  const unions = new Map<number, Map<number, Distinct>>();
  let since = 0;
  for await (const set of setsOf(transaction, asked.projectId, rows)) {
    addTo(unions, set, asked.places);
    since += set.bytes.length;
    if (since > PAUSE_AFTER_BYTES) {
      await immediate();
      since = 0;
    }
  }
  return unions;
}

function addTo(unions: Map<number, Map<number, Distinct>>, set: SketchSet, places: Sketched['places']): void {
  set.signatures.forEach((signature, index) => {
    const place = places.get(signature);
    if (place === undefined) return;
    const kind = set.kinds[index] ?? 0;
    let kinds = unions.get(place);
    if (kinds === undefined) unions.set(place, (kinds = new Map<number, Distinct>()));
    let union = kinds.get(kind);
    if (union === undefined) kinds.set(kind, (union = new Distinct()));
    union.merge(sketchAt(set, index));
  });
}

async function listed(transaction: EntityManager, { projectId, span, now, retention }: Sketched): Promise<Row[]> {
  const parameters: unknown[] = [projectId];
  const covered = sketchCover(span, now, retention);
  const selects = SKETCH_LEVELS.map((level) => {
    const own = covered.filter((one) => one.level === level);
    const [starts, stops] = [own.map(({ from }) => from), own.map(({ to }) => to)].map(
      (list) => `$${String(parameters.push(list))}::float8[]`,
    );
    return `SELECT '${level.table}' AS table, s.id, extract(epoch FROM s.bucket)::float8 AS at, octet_length(s.sketches) AS size
      FROM unnest(${starts ?? ''}, ${stops ?? ''}) AS r (start, stop) JOIN ${level.table} s
        ON s.project_id = $1 AND s.bucket >= to_timestamp(r.start) AND s.bucket < to_timestamp(r.stop)`;
  });
  return transaction.query(selects.join(' UNION ALL '), parameters);
}

async function* setsOf(transaction: EntityManager, projectId: number, rows: readonly Row[]): AsyncGenerator<SketchSet> {
  const memory = kept.get(transaction.dataSource) ?? new Kept();
  kept.set(transaction.dataSource, memory);
  const missing: Row[] = [];
  for (const row of rows) {
    const set = memory.get(row.id);
    if (set === undefined) missing.push(row);
    else yield set;
  }
  for (const part of portionsOf(missing)) {
    for (const { id, sketches } of await load(transaction, projectId, part)) {
      const set = readSketchSet(sketches);
      memory.keep(id, set);
      yield set;
    }
  }
}

async function load(transaction: EntityManager, projectId: number, rows: readonly Row[]): Promise<{ id: string; sketches: Buffer }[]> {
  const parameters: unknown[] = [projectId];
  const selects = [...new Set(rows.map(({ table }) => table))].map((table) => {
    const own = rows.filter((row) => row.table === table);
    const ids = `$${String(parameters.push(own.map(({ id }) => id)))}::uuid[]`;
    const buckets = `$${String(parameters.push(own.map(({ at }) => at)))}::float8[]`;
    return `SELECT s.id, s.sketches FROM unnest(${ids}, ${buckets}) AS r (id, at) JOIN ${table} s ON s.project_id = $1 AND s.bucket = to_timestamp(r.at) AND s.id = r.id`;
  });
  return transaction.query(selects.join(' UNION ALL '), parameters);
}

/** At least one row each. */
function portionsOf(rows: readonly Row[]): Row[][] {
  const portions: Row[][] = [];
  let size = Infinity;
  for (const row of rows) {
    if (size + row.size > READ_AT_ONCE_BYTES) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(row);
    size += row.size;
  }
  return portions;
}

function weightOf({ bytes, signatures }: SketchSet): number {
  return bytes.length + 16 * signatures.length + 200;
}
