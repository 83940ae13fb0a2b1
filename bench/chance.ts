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

/** Parts of a total; each has `scatter` times the variance that it would have if all were independent. */
export function partsOf(random: Random, total: number, weights: readonly number[], scatter: number): number[] {
  const shares = scatter === 1 ? weights : burstyShares(random, total, weights, scatter);
  let [left, weight] = [total, 1];
  return shares.map((share) => {
    const part = left === 0 || share === 0 ? 0 : binomial(random, left, Math.min(1, share / Math.max(weight, 1e-12)));
    left -= part;
    weight -= share;
    return part;
  });
}

/** Dirichlet's; of what is no more than one burst, one part has it all. */
function burstyShares(random: Random, total: number, weights: readonly number[], scatter: number): readonly number[] {
  const bursts = (total - scatter) / (scatter - 1);
  const shares = bursts > 0 ? normed(weights.map((weight) => (weight > 0 ? gamma(random, weight * bursts) : 0))) : [];
  if (shares.some((share) => share > 0)) return shares;
  let at = random();
  const one = weights.findIndex((weight) => (at -= weight) < 0);
  return weights.map((_item, index) => (index === one ? 1 : 0));
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

/** Marsaglia and Tsang 2000. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
