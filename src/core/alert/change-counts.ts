/**
 * The counts behind "what changed", by value: signatures have a value in every dimension, so that any two values can be
 * looked at together; facets are counted by reason alone, and what they share with anything else is only as much as must
 * be so. The excess of a change can be taken out, as if it had grown like everything else.
 */
import { OTHER } from '../levels.js';

/** Counts of a signature, or of anything else that has a value in every dimension. */
export interface ChangeRow {
  /** Dimension to value; the same dimensions in every row. Empty where a value is not known. */
  values: Readonly<Record<string, string>>;
  /** What it shares with facets, which are counted by it. */
  reason: string;
  now: number;
  /** Over all spans before. */
  before: number;
}

/** Counts of one value of a facet within a reason; several rows of the same value are added up. */
export interface FacetRow {
  reason: string;
  dimension: string;
  value: string;
  now: number;
  /** Over all spans before. */
  before: number;
}

/** In the span that is explained, and over all spans before it. */
export interface Pair {
  now: number;
  before: number;
}

/** By value, as many as there are values. */
interface Sums {
  now: Float64Array;
  before: Float64Array;
}

/** A value, by its position in `Counts.values`. */
interface Value {
  dimension: string;
  value: string;
  isFacet: boolean;
  /** False for what stands for several values or for none. */
  isRanked: boolean;
}

interface Reason {
  /** Entries of its signatures. */
  rows: number[];
  /** Entries of its facets, by dimension. */
  facets: Map<string, number[]>;
}

/**
 * Some thousand signatures have a value in each of ten dimensions: what is counted stands in columns, by entry, which is a signature or,
 * behind all of them, a facet of a reason.
 */
export class Counts {
  readonly values: Value[] = [];
  readonly spans: number;
  /** Of a facet's value: how many before may have been its own, but were counted under `__other__`. */
  readonly hidden: Float64Array;

  private readonly ids = new Map<string, Map<string, number>>();
  private readonly reasons: Reason[] = [];
  private readonly reasonNumbers = new Map<string, number>();
  /** By entry. */
  private readonly reasonOf: Uint32Array;
  /** By entry, before anything was taken out. */
  private readonly counted: Float64Array;
  /** By entry. */
  private readonly now: Float64Array;
  /** By entry. */
  private readonly before: Float64Array;
  /** Values of signatures by dimension and entry. */
  private readonly columns = new Map<string, Uint32Array>();
  /** Values of facets, by entry without the signatures. */
  private readonly facetIds: Uint32Array;
  /** Entries by value, of those that were looked for. */
  private readonly held = new Map<number, readonly number[]>();

  /** @param of how many spans `before` is summed over, and which dimensions count: all where none are given */
  constructor(
    private readonly rows: readonly ChangeRow[],
    facets: readonly FacetRow[],
    of: { spans: number; dimensions?: readonly string[] | undefined },
  ) {
    this.spans = of.spans;
    const size = rows.length + facets.length;
    [this.counted, this.now, this.before] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    this.reasonOf = new Uint32Array(size);
    rows.forEach((row, entry) => this.reasons[this.put(entry, row)]?.rows.push(entry));
    for (const dimension of of.dimensions ?? Object.keys(rows[0]?.values ?? {})) this.columns.set(dimension, this.column(dimension));
    this.facetIds = Uint32Array.from(facets, ({ dimension, value }) => this.idOf(this.idsOf(dimension), dimension, value, true));
    facets.forEach((facet, index) => {
      const ofReason = this.reasons[this.put(rows.length + index, facet)]?.facets;
      const group = ofReason?.get(facet.dimension);
      if (group === undefined) ofReason?.set(facet.dimension, [rows.length + index]);
      else group.push(rows.length + index);
    });
    this.hidden = new Float64Array(this.values.length);
    for (const reason of this.reasons) {
      for (const [dimension, group] of reason.facets) {
        this.limit(group, this.totalOf(reason.rows));
        const other = this.ids.get(dimension)?.get(OTHER);
        if (other !== undefined) this.hide(group, other);
      }
    }
  }

  total(): Pair {
    const total = { now: 0, before: 0 };
    for (let entry = 0; entry < this.rows.length; entry += 1) {
      total.now += this.now[entry] ?? 0;
      total.before += this.before[entry] ?? 0;
    }
    return total;
  }

  sums(): Sums {
    const sums = { now: new Float64Array(this.values.length), before: Float64Array.from(this.hidden) };
    for (const column of this.columns.values()) this.addTo(sums, column, 0);
    this.addTo(sums, this.facetIds, this.rows.length);
    return sums;
  }

  /** Of one value, or of what has two values of signatures. */
  sumOf(ids: readonly number[]): Pair {
    const sum = this.totalOf(this.holding(ids));
    return ids.length === 1 ? { ...sum, before: sum.before + (this.hidden[ids[0] ?? 0] ?? 0) } : sum;
  }

  /** Without what was taken out. */
  countedOf(ids: readonly number[]): number {
    return this.holding(ids).reduce((sum, entry) => sum + (this.counted[entry] ?? 0), 0);
  }

  /**
   * How much of a measure two of them surely share. Of signatures that is known; with facets it is what they cannot help
   * sharing, as they hold more of a reason together than there is of it.
   *
   * @param measure of a sum, the sum of the measures of its parts
   */
  shared(one: readonly number[], other: readonly number[], measure: (counts: Pair) => number): number {
    const both = [...one, ...other];
    if (!both.some((id) => this.values[id]?.isFacet)) return measure(this.totalOf(this.holding(both)));
    const [byReason, others] = [this.byReason(one, measure), this.byReason(other, measure)];
    let shared = 0;
    for (const [reason, part] of byReason) {
      shared += Math.max(0, part + (others.get(reason) ?? 0) - measure(this.totalOf(this.reasons[reason]?.rows ?? [])));
    }
    return shared;
  }

  /**
   * Leaves as much of something as there would be had it grown like the rest.
   *
   * Nobody knows which facets the records had that go, beyond their reason: they are taken from the facets of that reason
   * in proportion to what each has too much, since it is the excess that goes. In proportion to all they have, a facet that
   * is the same excess seen from another side would keep most of it and be reported once more. What a facet takes out of
   * signatures goes the same way.
   *
   * @param left how much; what is no more than that stays as it is
   * @param growth of the rest, from one span to another
   */
  takeOut(ids: readonly number[], left: number, growth: number): void {
    const held = this.holding(ids);
    const { now } = this.totalOf(held);
    const part = now > left ? 1 - left / now : 0;
    const own = this.values[ids[0] ?? 0];
    const removed = new Map<number, { of: number; amount: number }>();
    for (const entry of held) {
      const number = this.reasonOf[entry] ?? 0;
      let reason = removed.get(number);
      if (reason === undefined) {
        removed.set(number, (reason = { of: this.totalOf(this.reasons[number]?.rows ?? []).now, amount: 0 }));
      }
      reason.amount += (this.now[entry] ?? 0) * part;
    }
    for (const entry of held) this.now[entry] = (this.now[entry] ?? 0) * (1 - part);
    for (const [number, { of, amount }] of removed) {
      const reason = this.reasons[number];
      if (reason === undefined) continue;
      if (own?.isFacet === true) this.reduce(reason.rows, amount, growth);
      for (const [dimension, group] of reason.facets) {
        // Not every record has every facet.
        if (dimension !== own?.dimension) this.reduce(group, of > 0 ? (amount * this.totalOf(group).now) / of : 0, growth);
      }
    }
  }

  /** Brings back all that was taken out. */
  reset(): void {
    this.now.set(this.counted);
  }

  private reduce(group: readonly number[], amount: number, growth: number): void {
    const surplus = group.map((entry) => Math.max(0, (this.now[entry] ?? 0) - (growth * (this.before[entry] ?? 0)) / this.spans));
    const most = surplus.reduce((sum, one) => sum + one, 0);
    const part = most > 0 ? Math.min(1, amount / most) : 0;
    group.forEach((entry, index) => (this.now[entry] = (this.now[entry] ?? 0) - part * (surplus[index] ?? 0)));
    const { now } = this.totalOf(group);
    const more = amount - part * most;
    if (more > 0 && now > 0) this.scale(this.now, group, Math.max(0, 1 - more / now));
  }

  private byReason(ids: readonly number[], measure: (counts: Pair) => number): Map<number, number> {
    const parts = new Map<number, number>();
    for (const entry of this.holding(ids)) {
      const reason = this.reasonOf[entry] ?? 0;
      parts.set(reason, (parts.get(reason) ?? 0) + measure(this.totalOf([entry])));
    }
    return parts;
  }

  /** Entries that have all of the values. */
  private holding(ids: readonly number[]): readonly number[] {
    const lists = ids.map((id) => this.having(id));
    const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least), lists[0] ?? []);
    if (ids.length < 2) return shortest;
    const columns = ids.map((id) => this.idsIn(id));
    return shortest.filter((entry) => columns.every((column, index) => column[entry] === ids[index]));
  }

  private having(id: number): readonly number[] {
    let entries = this.held.get(id);
    if (entries === undefined) {
      const column = this.idsIn(id);
      const first = column === this.facetIds ? this.rows.length : 0;
      const found: number[] = [];
      for (let at = column.indexOf(id); at !== -1; at = column.indexOf(id, at + 1)) found.push(first + at);
      this.held.set(id, (entries = found));
    }
    return entries;
  }

  /** Where a value stands. */
  private idsIn(id: number): Uint32Array {
    const value = this.values[id];
    return (value?.isFacet === true ? undefined : this.columns.get(value?.dimension ?? '')) ?? this.facetIds;
  }

  private addTo(sums: Sums, ids: Uint32Array, first: number): void {
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] ?? 0;
      sums.now[id] = (sums.now[id] ?? 0) + (this.now[first + index] ?? 0);
      sums.before[id] = (sums.before[id] ?? 0) + (this.before[first + index] ?? 0);
    }
  }

  private totalOf(entries: readonly number[]): Pair {
    const total = { now: 0, before: 0 };
    for (const entry of entries) {
      total.now += this.now[entry] ?? 0;
      total.before += this.before[entry] ?? 0;
    }
    return total;
  }

  /** Facets are counted in steps of minutes and may reach beyond the span: they never hold more than the reason they are of. */
  private limit(group: readonly number[], most: Pair): void {
    const total = this.totalOf(group);
    if (total.now > most.now) for (const counts of [this.now, this.counted]) this.scale(counts, group, most.now / total.now);
    if (total.before > most.before) this.scale(this.before, group, most.before / total.before);
  }

  private scale(counts: Float64Array, group: readonly number[], by: number): void {
    for (const entry of group) counts[entry] = (counts[entry] ?? 0) * by;
  }

  private hide(group: readonly number[], other: number): void {
    const ids = group.map((entry) => this.facetIds[entry - this.rows.length] ?? 0);
    const before = ids.reduce((sum, id, index) => sum + (id === other ? (this.before[group[index] ?? 0] ?? 0) : 0), 0);
    if (before === 0) return;
    for (const id of new Set(ids)) this.hidden[id] = (this.hidden[id] ?? 0) + before;
  }

  /** @returns the number of its reason */
  private put(entry: number, { reason, now, before }: Pair & { reason: string }): number {
    this.counted[entry] = this.now[entry] = now;
    this.before[entry] = before;
    let number = this.reasonNumbers.get(reason);
    if (number === undefined) {
      number = this.reasons.push({ rows: [], facets: new Map<string, number[]>() }) - 1;
      this.reasonNumbers.set(reason, number);
    }
    return (this.reasonOf[entry] = number);
  }

  private column(dimension: string): Uint32Array {
    const known = this.idsOf(dimension);
    const column = new Uint32Array(this.rows.length);
    for (const [entry, { values }] of this.rows.entries()) {
      const value = values[dimension] ?? '';
      column[entry] = known.get(value) ?? this.idOf(known, dimension, value, false);
    }
    return column;
  }

  private idOf(known: Map<string, number>, dimension: string, value: string, isFacet: boolean): number {
    let id = known.get(value);
    if (id === undefined) {
      id = this.values.push({ dimension, value, isFacet, isRanked: value !== '' && value !== OTHER }) - 1;
      known.set(value, id);
    }
    return id;
  }

  private idsOf(dimension: string): Map<string, number> {
    let values = this.ids.get(dimension);
    if (values === undefined) this.ids.set(dimension, (values = new Map<string, number>()));
    return values;
  }
}
