/**
 * Reads sketches of distinct clients and users over a span: few rows, each of many signatures. A row never changes, so that what was
 * read once is kept in memory. What would take too long to merge is left unknown.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { Distinct } from '../core/distinct.js';
import { SKETCH_LEVELS, sketchCover, type Retention } from '../core/levels.js';
import { endOf, readSketchSet, type SketchSet } from '../core/sketch-set.js';
import type { Span } from './count-queries.js';

/** Of one answer: less than a process keeps, and some 50 ms of merging, a few milliseconds at a time. */
const MAX_BYTES = 16 * 1024 * 1024;
const READ_AT_ONCE_BYTES = 4 * 1024 * 1024;
const PAUSE_AFTER_BYTES = 256 * 1024;
/** Of a process, with nine bytes beside each sketch and what a few arrays weigh. */
const MAX_KEPT_BYTES = 24 * 1024 * 1024;
const BYTES_PER_SKETCH = 9;
const BYTES_PER_SET = 500;
/** Signatures that have a number, some 100 bytes each; with more, everything is read again. */
const MAX_NUMBERS = 200_000;

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

/** What was read of a row, its signatures by number. */
interface NumberedSet extends Omit<SketchSet, 'signatures'> {
  numbers: Uint32Array;
}

/** Of one database: rows by id, least recently used first. */
class Kept {
  private readonly sets = new Map<string, NumberedSet>();
  private bytes = 0;
  private readonly numbers = new Map<bigint, number>();

  get(id: string): NumberedSet | undefined {
    const set = this.sets.get(id);
    if (set !== undefined) {
      this.sets.delete(id);
      this.sets.set(id, set);
    }
    return set;
  }

  /** Numbers stay as long as there are not too many: looking them up is most of the work otherwise. */
  numberOf(signature: bigint): number {
    const known = this.numbers.get(signature) ?? this.numbers.size;
    this.numbers.set(signature, known);
    return known;
  }

  get isFull(): boolean {
    return this.numbers.size > MAX_NUMBERS;
  }

  keep(id: string, { signatures, ...rest }: SketchSet): NumberedSet {
    const set = { ...rest, numbers: Uint32Array.from(signatures, (signature) => this.numberOf(signature)) };
    if (this.sets.has(id)) return set;
    this.sets.set(id, set);
    this.bytes += weightOf(set);
    for (const [oldest, other] of this.sets) {
      if (this.bytes <= MAX_KEPT_BYTES) break;
      this.sets.delete(oldest);
      this.bytes -= weightOf(other);
    }
    return set;
  }
}

const kept = new WeakMap<object, Kept>();

/**
 * @returns by place the union of its signatures' sketches, for each kind; undefined where there is too much to merge
 */
export async function unionOf(transaction: EntityManager, asked: Sketched): Promise<Map<number, Map<number, Distinct>> | undefined> {
  const memory = memoryOf(transaction);
  const places = new Map([...asked.places].map(([signature, place]) => [memory.numberOf(signature), place]));
  const rows = await listed(transaction, asked);
  if (rows.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) return undefined;
  const unions = new Map<number, Map<number, Distinct>>();
  let since = 0;
  for await (const set of setsOf(transaction, memory, asked.projectId, rows)) {
    addTo(unions, set, places);
    since += set.bytes.length;
    if (since > PAUSE_AFTER_BYTES) {
      await immediate();
      since = 0;
    }
  }
  return unions;
}

function memoryOf({ dataSource }: EntityManager): Kept {
  const known = kept.get(dataSource);
  if (known?.isFull === false) return known;
  const fresh = new Kept();
  kept.set(dataSource, fresh);
  return fresh;
}

function addTo(unions: Map<number, Map<number, Distinct>>, set: NumberedSet, places: ReadonlyMap<number, number>): void {
  const { numbers, kinds, starts, bytes } = set;
  for (let index = 0; index < numbers.length; index += 1) {
    const place = places.get(numbers[index] ?? 0);
    if (place === undefined) continue;
    const kind = kinds[index] ?? 0;
    let ofPlace = unions.get(place);
    if (ofPlace === undefined) unions.set(place, (ofPlace = new Map<number, Distinct>()));
    let union = ofPlace.get(kind);
    if (union === undefined) ofPlace.set(kind, (union = new Distinct()));
    union.merge(bytes, starts[index], endOf(starts, index));
  }
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

async function* setsOf(transaction: EntityManager, memory: Kept, projectId: number, rows: readonly Row[]): AsyncGenerator<NumberedSet> {
  const missing: Row[] = [];
  for (const row of rows) {
    const set = memory.get(row.id);
    if (set === undefined) missing.push(row);
    else yield set;
  }
  for (const part of portionsOf(missing)) {
    for (const { id, sketches } of await load(transaction, projectId, part)) {
      yield memory.keep(id, readSketchSet(sketches));
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

function weightOf({ bytes, numbers }: NumberedSet): number {
  return bytes.length + BYTES_PER_SKETCH * numbers.length + BYTES_PER_SET;
}
