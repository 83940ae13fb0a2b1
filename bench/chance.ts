/** Random numbers from a seed, and the distributions that counts of refusals follow: Poisson, and bursts of it. */

export type Random = () => number;

/** Mulberry32: evenly from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function logUniform(random: Random, from: number, to: number): number {
  return from * (to / from) ** random();
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Zipf weights in a random order; their sum is 1. */
export function zipf(random: Random, size: number, exponent: number): number[] {
  const weights = Array.from({ length: size }, (_item, rank) => 1 / (rank + 1) ** exponent);
  for (let at = size - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [weights[at], weights[other]] = [weights[other] ?? 0, weights[at] ?? 0];
  }
  return normed(weights);
}

export function normed(weights: readonly number[]): number[] {
  const sum = weights.reduce((all, one) => all + one, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 0));
}

/** A count whose variance is `scatter` times its mean: Poisson for 1, else a negative binomial. */
export function countOf(random: Random, mean: number, scatter: number): number {
  return scatter === 1 ? poisson(random, mean) : poisson(random, gamma(random, mean / (scatter - 1)) * (scatter - 1));
}

/**
 * Parts of a total, of which each burst of records goes to one whole: their variance is the size of a burst times what it
 * would be were all records by themselves.
 */
export function partsOf(random: Random, total: number, weights: readonly number[], burst: number): number[] {
  const bursts = Math.floor(total / burst);
  let [left, weight] = [bursts, 1];
  const parts = weights.map((share) => {
    if (left === 0 || share === 0) return 0;
    const part = binomial(random, left, Math.min(1, share / Math.max(weight, 1e-12)));
    left -= part;
    weight -= share;
    return part * burst;
  });
  let at = random();
  const one = weights.findIndex((share) => (at -= share) < 0);
  const rest = total - (bursts - left) * burst;
  if (rest > 0) parts[Math.max(0, one)] = (parts[Math.max(0, one)] ?? 0) + rest;
  return parts;
}

function poisson(random: Random, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

function binomial(random: Random, size: number, chance: number): number {
  if (chance >= 1) return size;
  if (chance > 0.5) return size - binomial(random, size, 1 - chance);
  const mean = size * chance;
  if (mean > 25) return Math.min(size, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - chance)) * normal(random))));
  // By the gaps between hits, which are geometric.
  const log = Math.log(1 - chance);
  if (log === 0) return 0;
  let hits = -1;
  for (let at = 0; at <= size; at += 1 + Math.floor(Math.log(1 - random()) / log)) hits += 1;
  return Math.min(size, Math.max(0, hits));
}

/** Wilson and Hilferty 1931: the cube of a normal deviate, from shape 1 on; smaller ones come from that. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return shape > 0 ? gamma(random, shape + 1) * (1 - random()) ** (1 / shape) : 0;
  return shape * Math.max(0, 1 - 1 / (9 * shape) + normal(random) / (3 * Math.sqrt(shape))) ** 3;
}

/** Box and Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
