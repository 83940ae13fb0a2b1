/**
 * How far token times lie from the moment of refusal, as counts in slots whose width grows with the distance (DDSketch,
 * Masson et al., VLDB 2019): sketches of any spans are merged by adding, and quantiles are within 5 % of the truth.
 * A positive distance: expired so many seconds before. A negative one: valid only so many seconds later. 0: in time.
 */

/** Neighbouring slots differ by this factor: half of it either way is the relative error. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** Beyond a hundred years nothing is told apart. */
const MAX_SECONDS = 3.2e9;

/** @returns the slot of a distance in seconds; whole numbers from -231 to 231 */
export function slotOf(seconds: number): number {
  if (!Number.isFinite(seconds) || seconds === 0) return 0;
  const distance = Math.min(Math.max(Math.abs(seconds), 1), MAX_SECONDS);
  return Math.sign(seconds) * (1 + Math.ceil(Math.log(distance) / LOG_GROWTH));
}

/** @returns the distance in seconds that a slot stands for: the middle of what it takes */
export function secondsOf(slot: number): number {
  if (slot === 0) return 0;
  const upper = GROWTH ** (Math.abs(slot) - 1);
  return (Math.sign(slot) * (upper * 2)) / (1 + GROWTH);
}

export interface Spread {
  count: number;
  /** Seconds, without sign. */
  p05: number;
  p50: number;
  p95: number;
}

/**
 * @param slots `[slot, count]`, each slot once
 * @param sign 1 for the expired ones, -1 for the ones not yet valid
 * @returns undefined where there are none
 */
export function spreadOf(slots: readonly (readonly [slot: number, count: number])[], sign: 1 | -1): Spread | undefined {
  const members = slots.filter(([slot]) => Math.sign(slot) === sign).sort((a, b) => Math.abs(a[0]) - Math.abs(b[0]));
  const count = members.reduce((sum, [, occurrences]) => sum + occurrences, 0);
  if (count === 0) return undefined;
  const quantile = (part: number): number => {
    let passed = 0;
    const found = members.find(([, occurrences]) => (passed += occurrences) >= part * count) ?? members.at(-1);
    return Math.round(Math.abs(secondsOf(found?.[0] ?? 0)) * 10) / 10;
  };
  return { count, p05: quantile(0.05), p50: quantile(0.5), p95: quantile(0.95) };
}
