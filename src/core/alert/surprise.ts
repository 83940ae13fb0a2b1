/**
 * How far a count is from what it would be by chance. A part is compared with the rest of what it is a part of, in the
 * span at hand and in those before; chance is Poisson's, times a scatter that is measured, since refusals come in bursts.
 */
import type { Pair } from './change-counts.js';

export interface Contrast {
  /** In standard deviations: how much more of the part there is than had it grown like the rest; negative for less. */
  z: number;
  /** Of the rest, from one span before to the one at hand. */
  growth: number;
  /** What the part would be had it grown like the rest. */
  even: number;
  /** How many times that it is. */
  ratio: number;
  /** How many times as large its share of the whole is as it was. */
  shift: number;
}

/** What is to be compared: a part's counts, and how it may differ beyond Poisson. */
export interface Scatter {
  dimension: string;
  counts: Pair;
}

/** Counts that are added to what was before, over all spans: nothing is impossible. */
export const PRIOR = 0.5;
/** Counts that must be expected of a value and of the rest, now and before, to tell its scatter: one record beside all others tells nothing. */
const LEAST_EXPECTED = 1;
/** Scatter is measured without the highest tenth, which may be changes; a square of a normal deviate is 0.623 on average then. */
const TRIMMED = 0.1;
const TRIMMED_MEAN = 0.623;
/** Where few values tell, bursts are taken to be likely: as if this many more had been seen with this scatter. */
const ASSUMED = { values: 8, scatter: 4 };
/** Values from which on a dimension has a scatter of its own. */
const ENOUGH_VALUES = 8;

/**
 * Twice the log likelihood ratio of a Poisson count against what was expected, signed by the direction.
 *
 * @param expected above 0
 */
export function surprise(now: number, expected: number): number {
  const g2 = 2 * (now > 0 ? now * Math.log(now / expected) - (now - expected) : expected);
  return now < expected ? -g2 : g2;
}

/**
 * Likelihood ratio of two by two counts (part and rest, now and before), which takes in that the rest's growth is known
 * from counts too, and what a part says that is most of the whole.
 *
 * @param whole all, with the part in it
 * @param scatter variance of counts over their mean
 * @param spans how many spans before is summed over
 */
export function contrast(part: Pair, whole: Pair, scatter: number, spans: number): Contrast {
  const rest = { now: Math.max(0, whole.now - part.now), before: Math.max(0, whole.before - part.before) };
  const growth = (spans * (rest.now + PRIOR / spans)) / (rest.before + PRIOR);
  const even = ((part.before + PRIOR) / spans) * growth;
  const all = part.now + part.before + rest.now + rest.before;
  const ofPart = (part.now + part.before) / all;
  const ofNow = (part.now + rest.now) / all;
  const g2 =
    term(part.now, all * ofPart * ofNow) +
    term(part.before, all * ofPart * (1 - ofNow)) +
    term(rest.now, all * (1 - ofPart) * ofNow) +
    term(rest.before, all * (1 - ofPart) * (1 - ofNow));
  const sign = part.now < all * ofPart * ofNow ? -1 : 1;
  const shift = (part.now / whole.now) * ((whole.before + PRIOR) / (part.before + PRIOR));
  return { z: sign * Math.sqrt(Math.max(0, 2 * g2) / scatter), growth, even, ratio: part.now / even, shift };
}

/** Standard deviations, by the same measure, that a count is above what it was before. */
export function zOfGrowth({ now, before }: Pair, spans: number): number {
  const each = (now + before) / (spans + 1);
  const g2 = term(now, each) + term(before, each * spans);
  return (now < each ? -1 : 1) * Math.sqrt(Math.max(0, 2 * g2));
}

/**
 * Variance over mean, at least 1, from how values deviate from even growth; under '' over all of them.
 *
 * @returns by dimension, of those that have values enough to tell
 */
export function scatterOf(parts: readonly Scatter[], whole: Pair): Map<string, number> {
  const all: number[] = [];
  const byDimension = new Map<string, number[]>();
  for (const { dimension, counts } of parts) {
    const deviation = deviationOf(counts, whole);
    if (deviation === undefined) continue;
    all.push(deviation);
    const own = byDimension.get(dimension);
    if (own === undefined) byDimension.set(dimension, [deviation]);
    else own.push(deviation);
  }
  const overall = Math.max(1, trimmedMean(all));
  const scatters = new Map([['', overall]]);
  for (const [dimension, own] of byDimension) {
    if (own.length >= ENOUGH_VALUES) scatters.set(dimension, Math.max(overall, trimmedMean(own)));
  }
  return scatters;
}

/** Pearson's: its mean is the scatter however few are expected, which a likelihood ratio's is not. */
function deviationOf(part: Pair, whole: Pair): number | undefined {
  const all = whole.now + whole.before;
  const both = part.now + part.before;
  const expected = (both * whole.now) / all;
  const rest = { now: whole.now - expected, before: whole.before - (both - expected) };
  if (Math.min(expected, both - expected, rest.now, rest.before) < LEAST_EXPECTED) return undefined;
  return (part.now - expected) ** 2 / (expected * (whole.before / all) * (1 - both / all));
}

function trimmedMean(numbers: readonly number[]): number {
  const kept = [...numbers].sort((a, b) => a - b).slice(0, Math.ceil(numbers.length * (1 - TRIMMED)));
  const sum = kept.reduce((all, one) => all + one / TRIMMED_MEAN, ASSUMED.values * ASSUMED.scatter);
  return sum / (kept.length + ASSUMED.values);
}

function term(count: number, expected: number): number {
  return count > 0 ? count * Math.log(count / expected) : 0;
}
