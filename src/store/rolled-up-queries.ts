/**
 * Answers questions about counts out of rollups: summed in memory, grouped by what the signatures are now. Each answers undefined where
 * rollups do not reach; then PostgreSQL sums (count-queries.ts), with the same answer.
 */
import type { EntityManager } from 'typeorm';
import { floorTo } from '../core/levels.js';
import { widestWithin } from '../core/rollup.js';
import type { Comparison, CountQuery, Ranked, SeenCount, SeriesPoint, Span } from './count-queries.js';
import { filterOf, type Dimension } from './filters.js';
import { Keys, type KnownSignatures, type Values } from './known-signatures.js';
import { RollupReader, WIDEST_ROLLUP, type Block, type RollupMemory } from './rollup-reader.js';

interface Totals {
  known: KnownSignatures;
  values: readonly (Values | undefined)[];
  blocks: readonly Block[];
  /** By number of the signature. */
  sums: Float64Array;
}

/** Of one snapshot: what the memory of the process has no room for stays here. */
const MAX_TOTALS = 4;

export class RolledUpQueries {
  private readonly reader: RollupReader;
  /** By spans and width, the one asked for last at the end: parts of one answer ask for the same, and so do others on this snapshot. */
  private readonly read = new Map<string, Promise<Totals | undefined>>();

  constructor(
    transaction: EntityManager,
    private readonly memory: RollupMemory,
  ) {
    this.reader = new RollupReader(transaction, memory);
  }

  /** Of every signature, over spans that have nothing in common. @param widest of the buckets that are summed */
  totals(projectId: number, spans: readonly Span[], widest = WIDEST_ROLLUP): Promise<Totals | undefined> {
    const name = JSON.stringify([projectId, spans, widest]);
    const totals = this.read.get(name) ?? this.readTotals(projectId, spans, widest);
    this.read.delete(name);
    this.read.set(name, totals);
    for (const oldest of this.read.keys()) if (this.read.size > MAX_TOTALS) this.read.delete(oldest);
    return totals;
  }

  private async readTotals(projectId: number, spans: readonly Span[], widest: number): Promise<Totals | undefined> {
    const known = this.memory.signatures(projectId);
    const blocks = await this.reader.blocks(known, spans, widest);
    if (blocks === undefined) return undefined;
    const values = await this.reader.described(known);
    return { known, values, blocks, sums: summed(blocks, values.length) };
  }

  private keys({ filters }: CountQuery, by: readonly Dimension[], { values }: Totals): Keys {
    return this.memory.keysOf(values, JSON.stringify([by, filters]), () => new Keys(filterOf(filters), by, values));
  }

  /** @param stepSeconds of a chart that is drawn of the same: its buckets are read once */
  async rank(query: CountQuery, by: readonly Dimension[], limit: number, stepSeconds?: number): Promise<Ranked[] | undefined> {
    const totals = await this.totals(query.projectId, [query.span], stepSeconds === undefined ? undefined : widestWithin(stepSeconds));
    if (totals === undefined) return undefined;
    const ranked = rankedBy(new Groups(this.keys(query, by, totals)), totals.sums);
    // One row, of nothing, where nothing is asked for by a dimension: as an aggregate has it.
    if (by.length === 0 && ranked.length === 0) ranked.push({ key: [], count: 0 });
    return ranked.sort((a, b) => b.count - a.count || compareKeys(a.key, b.key)).slice(0, limit);
  }

  /** The counts of the keys given. */
  async counts(query: CountQuery, by: readonly Dimension[], keys: readonly string[][]): Promise<Ranked[] | undefined> {
    const totals = await this.totals(query.projectId, [query.span]);
    return totals === undefined ? undefined : rankedBy(new Groups(this.keys(query, by, totals), keys), totals.sums);
  }

  /** The signatures that occur, and the place of their key. */
  async occurring(query: CountQuery, by: readonly Dimension[], keys: readonly string[][]): Promise<Map<bigint, number> | undefined> {
    const totals = await this.totals(query.projectId, [query.span]);
    if (totals === undefined) return undefined;
    const places = new Map<bigint, number>();
    // Without a dimension there is one group, whether it is asked for or not.
    if (keys.length === 0) return places;
    new Groups(this.keys(query, by, totals), keys).each(totals.sums, (group, _, index) => places.set(totals.known.idOf(index), group));
    return places;
  }

  /** Of the signatures that occur, each once. */
  async reasons(query: CountQuery): Promise<string[] | undefined> {
    const totals = await this.totals(query.projectId, [query.span]);
    if (totals === undefined) return undefined;
    const isWanted = filterOf(query.filters);
    const occurring = totals.values.filter((values, index): values is Values => values !== undefined && (totals.sums[index] ?? 0) > 0);
    return [...new Set(occurring.filter(isWanted).map(({ reason }) => reason))];
  }

  async compare(
    query: CountQuery & { before: Span; scale: number },
    by: readonly Dimension[],
    limit: number,
  ): Promise<Comparison | undefined> {
    const now = await this.totals(query.projectId, [query.span]);
    const before = await this.totals(query.projectId, [query.before]);
    // Numbers of one are those of the other: the second totals know all that the first do.
    if (now === undefined || before === undefined || now.known !== before.known) return undefined;
    const groups = new Groups(this.keys(query, by, before));
    const found: Comparison['rows'] = [];
    const rowOf = (group: number): Comparison['rows'][number] => (found[group] ??= { key: groups.keys[group] ?? [], now: 0, before: 0 });
    groups.each(now.sums, (group, sum) => (rowOf(group).now += sum));
    groups.each(before.sums, (group, sum) => (rowOf(group).before += sum));
    if (by.length === 0) rowOf(0);
    const rows = Object.values(found);
    const difference = (row: Comparison['rows'][number]): number => Math.abs(row.now - row.before * query.scale);
    return {
      now: rows.reduce((sum, row) => sum + row.now, 0),
      before: rows.reduce((sum, row) => sum + row.before, 0),
      rows: rows.sort((a, b) => difference(b) - difference(a) || compareKeys(a.key, b.key)).slice(0, limit),
    };
  }

  async series(
    query: CountQuery,
    by: readonly Dimension[],
    keys: readonly string[][],
    stepSeconds: number,
  ): Promise<SeriesPoint[] | undefined> {
    const widest = widestWithin(stepSeconds);
    if (widest === undefined) return undefined;
    const totals = await this.totals(query.projectId, [query.span], widest);
    if (totals === undefined) return undefined;
    const groups = new Groups(this.keys(query, by, totals), keys);
    const points = new Map<number, Float64Array>();
    for (const { at, cells } of totals.blocks) {
      const step = floorTo(at, stepSeconds);
      let sums = points.get(step);
      if (sums === undefined) points.set(step, (sums = new Float64Array(groups.most)));
      groups.addTo(sums, cells);
    }
    return [...points]
      .sort(([a], [b]) => a - b)
      .flatMap(([at, sums]) => groups.keys.map((key, group) => ({ key, at, count: sums[group] ?? 0 })).filter(({ count }) => count > 0));
  }

  async signatures(query: CountQuery, limit: number, after?: SeenCount): Promise<SeenCount[] | undefined> {
    const totals = await this.totals(query.projectId, [query.span]);
    if (totals === undefined) return undefined;
    const { known, values, sums } = totals;
    const isWanted = filterOf(query.filters);
    const seen: { id: bigint; count: number }[] = [];
    sums.forEach((count, index) => {
      const one = values[index];
      if (count > 0 && one !== undefined && isWanted(one)) seen.push({ id: known.idOf(index), count });
    });
    const position = after === undefined ? undefined : { id: BigInt(after.id), count: after.count };
    return seen
      .filter((one) => position === undefined || byCount(one, position) > 0)
      .sort(byCount)
      .slice(0, limit)
      .map(({ id, count }) => ({ id: String(id), count }));
  }
}

/** Which of the keys signatures belong to. */
class Groups {
  /** Of each signature: its group plus one; 0 not known yet, NONE for one that is not asked for. */
  private readonly places: Uint32Array;
  /** Of the keys that are asked for: number to group. */
  private readonly only: ReadonlyMap<number, number> | undefined;
  readonly keys: readonly string[][];

  /** @param only the only groups; all where it is undefined or nothing is grouped by */
  constructor(
    private readonly all: Keys,
    only?: readonly string[][],
  ) {
    this.places = new Uint32Array(all.size);
    const isPart = only !== undefined && all.by.length > 0;
    this.only = isPart ? new Map(only.map((key, group) => [all.add(key), group])) : undefined;
    this.keys = isPart ? only : all.keys;
  }

  /** There are not more groups than this. */
  get most(): number {
    return this.only === undefined ? this.places.length + 1 : this.keys.length;
  }

  each(sums: Float64Array, add: (group: number, sum: number, index: number) => void): void {
    sums.forEach((sum, index) => {
      const place = sum > 0 ? this.placeOf(index) : NONE;
      if (place !== NONE) add(place - 1, sum, index);
    });
  }

  /** The inner loop of every chart, unless it is of few keys: then what a bucket comes to is known from the last time. */
  addTo(sums: Float64Array, cells: Block['cells']): void {
    const { places, only } = this;
    const byKey = this.all.sumsOf(cells);
    if (byKey !== undefined) {
      byKey.forEach((sum, number) => {
        const group = only === undefined ? number : only.get(number);
        if (group !== undefined) sums[group] = (sums[group] ?? 0) + sum;
      });
      return;
    }
    const { signatures, counts } = cells;
    for (let cell = 0; cell < counts.length; cell += 1) {
      const index = signatures[cell] ?? 0;
      let place = places[index] ?? NONE;
      if (place === 0) place = this.placeOf(index);
      if (place !== NONE) sums[place - 1] = (sums[place - 1] ?? 0) + (counts[cell] ?? 0);
    }
  }

  private placeOf(index: number): number {
    const place = this.places[index] ?? NONE;
    if (place !== 0) return place;
    const number = this.all.of(index);
    const group = number === undefined || this.only === undefined ? number : this.only.get(number);
    return (this.places[index] = group === undefined ? NONE : group + 1);
  }
}

const NONE = 0xffff_ffff;

function rankedBy(groups: Groups, sums: Float64Array): Ranked[] {
  const counts: number[] = [];
  groups.each(sums, (group, sum) => (counts[group] = (counts[group] ?? 0) + sum));
  return groups.keys.map((key, group) => ({ key, count: counts[group] ?? 0 })).filter(({ count }) => count > 0);
}

function summed(blocks: readonly Block[], size: number): Float64Array {
  const sums = new Float64Array(size);
  for (const { cells } of blocks) {
    const { signatures, counts } = cells;
    for (let cell = 0; cell < counts.length; cell += 1) {
      const index = signatures[cell] ?? 0;
      sums[index] = (sums[index] ?? 0) + (counts[cell] ?? 0);
    }
  }
  return sums;
}

/** Highest count first, then the highest id. */
function byCount(a: { id: bigint; count: number }, b: { id: bigint; count: number }): number {
  if (a.count !== b.count) return b.count - a.count;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

/** By their bytes, as PostgreSQL does. */
function compareKeys(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : Buffer.compare(Buffer.from(a[at] ?? ''), Buffer.from(b[at] ?? ''));
}
