/**
 * What changed: which part of the traffic accounts for a difference between two spans. Every value of every dimension is
 * compared with what it would be had it grown like the rest; the one that surprises most is taken, its excess is taken
 * out, and what is left is looked at again. How much is chance is measured on what nobody is blamed for, since refusals
 * come in bursts. When nothing stands out, everything grew alike, and that is the answer.
 */
import { Counts, type ChangeRow, type FacetRow, type Pair } from './change-counts.js';
import { contrast, PRIOR, scatterOf, surprise, zOfGrowth, type Contrast, type Scatter } from './surprise.js';

export type { ChangeRow, FacetRow } from './change-counts.js';

export interface Change {
  /** One value, or two that only together account for it. */
  values: { dimension: string; value: string }[];
  now: number;
  /** In a span like this one, before; at most, where facets were too many to be told apart. */
  before: number;
  shareNow: number;
  shareBefore: number;
  /** How many times as much as before. */
  lift: number;
  /** Its part of the whole difference, without what changes named earlier account for; 0 to 1 or a little more. */
  explains: number;
}

export interface Explanation {
  now: number;
  /** In a span like this one, before. */
  before: number;
  /** What surprises most first. Empty: everything grew alike, or nothing grew. */
  changes: Change[];
}

/** Beyond what chance makes of even growth, over hundreds of values. */
const LEAST_Z = 5;
const LEAST_PART = 0.1;
/** Against the growth of the rest. */
const LEAST_GROWTH = 1.5;
/** Of its share in everything: what nearly all has always had in common explains nothing. */
const LEAST_SHIFT = 1.1;
/** Part of a value's excess that another one must hold to stand for it. */
const SAME = 0.9;
const MOST_CHANGES = 3;
/** What is out of the way when scatter is measured: more of what stands out, and smaller ones. */
const ASIDE = { changes: 6, part: 0.05 };
/** With fewer before, nobody can say whether growth was even; from this factor on all there is counts as new. */
const FEWEST_BEFORE = 20;
const NEW_GROWTH = 100;
/** To find the growth of what is in no change. */
const ROUNDS = 3;
/** Values of signatures that are tried two by two. */
const MOST_PAIRED = 12;
/** Where two values are the same records: what somebody can act on first. */
const PREFERENCE = [
  'key_id',
  'issuer',
  'version',
  'instance',
  'client_network',
  'user_agent',
  'route',
  'service',
  'cause',
  'error_code',
  'environment',
  'method',
  'scheme',
  'status',
  'fault',
];

/**
 * @param rows counts by signature; they make up the totals
 * @param facets counts by reason and facet, see `FoldedPortion`; records without a facet may be left out
 * @param spans how many spans of the same length `before` is summed over, at least 1
 * @param dimensions of the rows, that are looked at; all where none are given
 */
export function explain(
  rows: readonly ChangeRow[],
  facets: readonly FacetRow[],
  spans: number,
  dimensions?: readonly string[],
): Explanation {
  const counts = new Counts(rows, facets, { spans, dimensions });
  const { now, before } = counts.total();
  const difference = now - before / spans;
  const isNew = before < FEWEST_BEFORE && now >= (NEW_GROWTH * before) / spans;
  let changes: Change[] = [];
  if (isNew) changes = new Search(counts, []).allOfIt();
  else if (difference > 0) {
    // What was blamed as if counts were Poisson is out of the way when scatter is measured: a change is no scatter.
    const first = new Search(counts, []);
    if (first.run(ASIDE.changes, ASIDE.part).length > 0) {
      const scatter = first.scatter();
      counts.reset();
      changes = new Search(counts, scatter).run(MOST_CHANGES, LEAST_PART);
    }
  }
  return { now, before: before / spans, changes };
}

/** What may be named: one value, or two. */
interface Candidate extends Pair {
  ids: readonly number[];
  surprise: number;
  contrast: Contrast;
}

class Search {
  private readonly whole: Pair;
  private readonly difference: number;

  /** @param scatters by value, see `scatterOf`; Poisson where there is none */
  constructor(
    private readonly counts: Counts,
    private readonly scatters: readonly number[],
  ) {
    this.whole = counts.total();
    this.difference = this.whole.now - this.whole.before / counts.spans;
  }

  /** @param least part of the whole difference that each must be */
  run(most: number, least: number): Change[] {
    const changes: Change[] = [];
    const winners: Candidate[] = [];
    while (changes.length < most) {
      const winner = this.winner(least);
      if (winner === undefined) break;
      changes.push(this.changeOf(winner));
      winners.push(winner);
      this.takeOut(winners);
    }
    return changes;
  }

  /**
   * What the rest is grows smaller with each change that is known: what is left of earlier ones must grow no more than that,
   * or they stand out once more. Each round brings the growth nearer to that of what is in no change.
   */
  private takeOut(winners: readonly Candidate[]): void {
    let growth = winners.at(-1)?.contrast.growth ?? 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      this.counts.reset();
      for (const { ids, before } of winners) this.counts.takeOut(ids, this.expected(before) * growth, growth);
      const { now, before } = this.counts.total();
      growth = now / this.expected(before);
    }
  }

  /** By value: of what is left now. */
  scatter(): number[] {
    const { values, hidden } = this.counts;
    const { now, before } = this.counts.sums();
    const known: Scatter[] = [];
    values.forEach(({ dimension }, id) => {
      if (hidden[id] === 0) known.push({ dimension, counts: { now: now[id] ?? 0, before: before[id] ?? 0 } });
    });
    const scatters = scatterOf(known, this.counts.total());
    return values.map(({ dimension }) => scatters.get(dimension) ?? scatters.get('') ?? 1);
  }

  /** Of what was never there before: the values that hold nearly all of it. */
  allOfIt(): Change[] {
    const { now } = this.whole;
    if (zOfGrowth(this.whole, this.counts.spans) < LEAST_Z) return [];
    const sums = this.counts.sums();
    return this.counts.values
      .map((_, id) => this.candidate([id], { now: sums.now[id] ?? 0, before: sums.before[id] ?? 0 }, this.whole))
      .filter(({ ids: [id], now: held }) => this.counts.values[id ?? 0]?.isRanked === true && held >= SAME * now)
      .sort((a, b) => this.rank(a) - this.rank(b) || b.now - a.now)
      .slice(0, MOST_CHANGES)
      .map((one) => this.changeOf(one));
  }

  private winner(least: number): Candidate | undefined {
    const whole = this.counts.total();
    const singles: Candidate[] = [];
    const sums = this.counts.sums();
    // Of thousands of values few have so much too much; the others are not worth a closer look.
    this.counts.values.forEach(({ isRanked }, id) => {
      const [now, before] = [sums.now[id] ?? 0, sums.before[id] ?? 0];
      if (!isRanked || this.excess(now, before) < least * this.difference) return;
      const one = this.candidate([id], { now, before }, whole);
      if (one.contrast.z > 0) singles.push(one);
    });
    singles.sort((a, b) => b.surprise - a.surprise);
    const kept = [...singles.filter(({ contrast: one }) => standsOut(one)), ...this.pairs(singles, whole)];
    kept.sort((a, b) => b.surprise - a.surprise);
    const [most] = kept;
    if (most === undefined) return undefined;
    const child = kept.find((one) => one.before < most.before && this.holds(one, most)) ?? most;
    return kept.filter((one) => this.isSame(one, child)).sort((a, b) => this.rank(a) - this.rank(b))[0] ?? child;
  }

  /** Two values of signatures where neither grew without the other. */
  private pairs(singles: readonly Candidate[], whole: Pair): Candidate[] {
    const { values } = this.counts;
    const tried = singles.filter(({ ids: [id] }) => values[id ?? 0]?.isFacet === false).slice(0, MOST_PAIRED);
    const pairs: Candidate[] = [];
    for (const [index, one] of tried.entries()) {
      for (const other of tried.slice(index + 1)) {
        const ids = [...one.ids, ...other.ids];
        if (values[ids[0] ?? 0]?.dimension === values[ids[1] ?? 0]?.dimension) continue;
        const pair = this.candidate(ids, this.counts.sumOf(ids), whole);
        const isIt =
          tooMuch(pair) >= SAME * Math.min(tooMuch(one), tooMuch(other)) &&
          [whole, one, other].every((part) => standsOut(this.contrast(pair, part)));
        if (isIt) pairs.push(pair);
      }
    }
    return pairs;
  }

  private candidate(ids: readonly number[], sum: Pair, whole: Pair): Candidate {
    const { now, before } = sum;
    return { ids, now, before, surprise: surprise(now, this.expected(before)), contrast: this.contrast({ ids, now, before }, whole) };
  }

  private contrast(part: Pair & { ids: readonly number[] }, whole: Pair): Contrast {
    const scatter = Math.max(...part.ids.map((id) => this.scatters[id] ?? 1));
    return contrast(part, whole, scatter, this.counts.spans);
  }

  private expected(before: number): number {
    return (before + PRIOR) / this.counts.spans;
  }

  private excess(now: number, before: number): number {
    return now - before / this.counts.spans;
  }

  /** Whether one of them holds nearly all that the other one has too much. */
  private holds(part: Candidate, all: Candidate): boolean {
    const perCount = all.contrast.growth / this.counts.spans;
    return this.counts.shared(part.ids, all.ids, ({ now, before }) => now - before * perCount) >= SAME * tooMuch(all);
  }

  /** Whether both are the same records, now and before. */
  private isSame(one: Candidate, other: Candidate): boolean {
    return [(sum: Pair) => sum.now, (sum: Pair) => sum.before].every(
      (measure) => this.counts.shared(one.ids, other.ids, measure) >= SAME * Math.max(measure(one), measure(other)),
    );
  }

  private rank({ ids }: Candidate): number {
    const ranks = ids.map((id) => PREFERENCE.indexOf(this.counts.values[id]?.dimension ?? ''));
    return ranks.reduce((sum, rank) => sum + (rank < 0 ? PREFERENCE.length : rank), (ids.length - 1) * PREFERENCE.length);
  }

  private changeOf(found: Candidate): Change {
    const { spans, values } = this.counts;
    const now = this.counts.countedOf(found.ids);
    return {
      values: found.ids.map((id) => ({ dimension: values[id]?.dimension ?? '', value: values[id]?.value ?? '' })),
      now,
      before: found.before / spans,
      shareNow: now / this.whole.now,
      shareBefore: this.whole.before > 0 ? found.before / this.whole.before : 0,
      lift: now / this.expected(found.before),
      explains: this.excess(found.now, found.before) / this.difference,
    };
  }
}

/** More than had it grown like the rest. */
function tooMuch({ now, contrast: { even } }: Candidate): number {
  return now - even;
}

function standsOut({ z, ratio, shift }: Contrast): boolean {
  return z >= LEAST_Z && ratio >= LEAST_GROWTH && shift >= LEAST_SHIFT;
}
