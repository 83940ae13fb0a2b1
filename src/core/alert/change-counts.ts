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

/** A value, by its position in `Counts.values`. */
interface Value {
  dimension: string;
  value: string;
  isFacet: boolean;
  /** False for what stands for several values or for none. */
  isRanked: boolean;
}

/** A signature or a facet of a reason. */
interface Entry {
  /** Of a signature one value for every dimension, of a facet its one value. */
  ids: readonly number[];
  reason: Reason;
  /** Before anything was taken out. */
  counted: number;
  now: number;
  before: number;
}

interface Reason {
  rows: Entry[];
  /** By dimension. */
  facets: Map<string, Entry[]>;
}

export class Counts {
  readonly values: Value[] = [];
  private readonly ids = new Map<string, Map<string, number>>();
  private readonly reasons = new Map<string, Reason>();
  private readonly entries: Entry[] = [];
  private readonly byValue: Entry[][] = [];
  /** Of a facet's value: how many before may have been its own, but were counted under `__other__`. */
  readonly hidden: number[];

  readonly spans: number;

  /** @param of how many spans `before` is summed over, and which dimensions count: all where none are given */
  constructor(rows: readonly ChangeRow[], facets: readonly FacetRow[], of: { spans: number; dimensions?: readonly string[] | undefined }) {
    this.spans = of.spans;
    const dimensions = of.dimensions ?? Object.keys(rows[0]?.values ?? {});
    // Found once, not for each of some thousand rows.
    const columns = dimensions.map((dimension) => ({ dimension, known: this.idsOf(dimension) }));
    for (const { values, reason, now, before } of rows) {
      const ids = columns.map(({ dimension, known }) => {
        const value = values[dimension] ?? '';
        return known.get(value) ?? this.idOf(dimension, value, false);
      });
      const entry = this.add({ ids, reason: this.reasonOf(reason), counted: now, now, before });
      entry.reason.rows.push(entry);
    }
    for (const { reason, dimension, value, now, before } of facets) {
      const entry = this.add({ ids: [this.idOf(dimension, value, true)], reason: this.reasonOf(reason), counted: now, now, before });
      const group = entry.reason.facets.get(dimension);
      if (group === undefined) entry.reason.facets.set(dimension, [entry]);
      else group.push(entry);
    }
    this.hidden = this.values.map(() => 0);
    for (const reason of this.reasons.values()) {
      for (const [dimension, group] of reason.facets) {
        limit(group, totalOf(reason.rows));
        const other = this.ids.get(dimension)?.get(OTHER);
        if (other !== undefined) this.hide(group, other);
      }
    }
  }

  total(): Pair {
    const total = { now: 0, before: 0 };
    for (const { rows } of this.reasons.values()) add(total, totalOf(rows));
    return total;
  }

  /** By value. */
  sums(): Pair[] {
    const sums = this.values.map((_item, id) => ({ now: 0, before: this.hidden[id] ?? 0 }));
    for (const entry of this.entries) for (const id of entry.ids) add(sums[id] ?? { now: 0, before: 0 }, entry);
    return sums;
  }

  /** Of one value, or of what has two values of signatures. */
  sumOf(ids: readonly number[]): Pair {
    const sum = totalOf(this.holding(ids));
    return ids.length === 1 ? { ...sum, before: sum.before + (this.hidden[ids[0] ?? 0] ?? 0) } : sum;
  }

  /** Without what was taken out. */
  countedOf(ids: readonly number[]): number {
    return this.holding(ids).reduce((sum, { counted }) => sum + counted, 0);
  }

  /**
   * How much of a measure two of them surely share. Of signatures that is known; with facets it is what they cannot help
   * sharing, as they hold more of a reason together than there is of it.
   */
  shared(one: readonly number[], other: readonly number[], measure: (counts: Pair) => number): number {
    if (![...one, ...other].some((id) => this.values[id]?.isFacet)) {
      return this.holding([...one, ...other]).reduce((sum, entry) => sum + measure(entry), 0);
    }
    const [byReason, others] = [this.byReason(one, measure), this.byReason(other, measure)];
    let shared = 0;
    for (const [reason, part] of byReason) shared += Math.max(0, part + (others.get(reason) ?? 0) - measure(totalOf(reason.rows)));
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
    const { now } = totalOf(held);
    const part = now > left ? 1 - left / now : 0;
    const own = this.values[ids[0] ?? 0];
    const totals = new Map<Reason, number>();
    const removed = new Map<Reason, number>();
    for (const entry of held) {
      const { reason } = entry;
      if (!totals.has(reason)) totals.set(reason, totalOf(reason.rows).now);
      removed.set(reason, (removed.get(reason) ?? 0) + entry.now * part);
      entry.now *= 1 - part;
    }
    for (const [reason, amount] of removed) {
      if (own?.isFacet === true) this.reduce(reason.rows, amount, growth);
      const of = totals.get(reason) ?? 0;
      for (const [dimension, group] of reason.facets) {
        // Not every record has every facet.
        if (dimension !== own?.dimension) this.reduce(group, of > 0 ? (amount * totalOf(group).now) / of : 0, growth);
      }
    }
  }

  /** Brings back all that was taken out. */
  reset(): void {
    for (const entry of this.entries) entry.now = entry.counted;
  }

  private reduce(group: readonly Entry[], amount: number, growth: number): void {
    const surplus = group.map(({ now, before }) => Math.max(0, now - (growth * before) / this.spans));
    const most = surplus.reduce((sum, one) => sum + one, 0);
    const part = most > 0 ? Math.min(1, amount / most) : 0;
    group.forEach((entry, index) => (entry.now -= part * (surplus[index] ?? 0)));
    const { now } = totalOf(group);
    const more = amount - part * most;
    if (more > 0 && now > 0) for (const entry of group) entry.now *= Math.max(0, 1 - more / now);
  }

  private byReason(ids: readonly number[], measure: (counts: Pair) => number): Map<Reason, number> {
    const parts = new Map<Reason, number>();
    for (const entry of this.holding(ids)) parts.set(entry.reason, (parts.get(entry.reason) ?? 0) + measure(entry));
    return parts;
  }

  private holding(ids: readonly number[]): readonly Entry[] {
    const lists = ids.map((id) => this.byValue[id] ?? []);
    const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least), lists[0] ?? []);
    return ids.length < 2 ? shortest : shortest.filter((entry) => ids.every((id) => entry.ids.includes(id)));
  }

  private hide(group: readonly Entry[], other: number): void {
    const before = group.reduce((sum, entry) => sum + (entry.ids[0] === other ? entry.before : 0), 0);
    if (before === 0) return;
    for (const id of new Set(group.flatMap(({ ids }) => ids))) this.hidden[id] = (this.hidden[id] ?? 0) + before;
  }

  private add(entry: Entry): Entry {
    this.entries.push(entry);
    for (const id of entry.ids) this.byValue[id]?.push(entry);
    return entry;
  }

  private idOf(dimension: string, value: string, isFacet: boolean): number {
    const values = this.idsOf(dimension);
    let id = values.get(value);
    if (id === undefined) {
      id = this.values.push({ dimension, value, isFacet, isRanked: value !== '' && value !== OTHER }) - 1;
      values.set(value, id);
      this.byValue.push([]);
    }
    return id;
  }

  private idsOf(dimension: string): Map<string, number> {
    let values = this.ids.get(dimension);
    if (values === undefined) this.ids.set(dimension, (values = new Map<string, number>()));
    return values;
  }

  private reasonOf(key: string): Reason {
    let reason = this.reasons.get(key);
    if (reason === undefined) this.reasons.set(key, (reason = { rows: [], facets: new Map<string, Entry[]>() }));
    return reason;
  }
}

/** Facets are counted in steps of minutes and may reach beyond the span: they never hold more than the reason they are of. */
function limit(group: readonly Entry[], most: Pair): void {
  const total = totalOf(group);
  const now = total.now > most.now ? most.now / total.now : 1;
  const before = total.before > most.before ? most.before / total.before : 1;
  if (now === 1 && before === 1) return;
  for (const entry of group) {
    entry.now *= now;
    entry.counted *= now;
    entry.before *= before;
  }
}

function totalOf(entries: readonly Pair[]): Pair {
  const total = { now: 0, before: 0 };
  for (const entry of entries) add(total, entry);
  return total;
}

function add(sum: Pair, { now, before }: Pair): void {
  sum.now += now;
  sum.before += before;
}
