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
  const parts = new Array<number>(weights.length).fill(0);
  const give = (index: number, count: number): void => {
    parts[index] = (parts[index] ?? 0) + count;
  };
  let left = bursts;
  // One by one is faster where there are few of them.
  if (bursts > weights.length) {
    let weight = 1;
    for (let index = 0; index < weights.length && left > 0; index += 1) {
      const share = weights[index] ?? 0;
      if (share === 0) continue;
      const part = binomial(random, left, Math.min(1, share / Math.max(weight, 1e-12)));
      give(index, part * burst);
      left -= part;
      weight -= share;
    }
  }
  for (; left > 0; left -= 1) give(oneOf(random, weights), burst);
  if (total > bursts * burst) give(oneOf(random, weights), total - bursts * burst);
  return parts;
}

function oneOf(random: Random, weights: readonly number[]): number {
  let at = random();
  for (let index = 0; index < weights.length; index += 1) if ((at -= weights[index] ?? 0) < 0) return index;
  return weights.findLastIndex((weight) => weight > 0);
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
  if (mean > 15) return Math.min(size, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - chance)) * normal(random))));
  // By inversion: the probability of each count from that of the one below it.
  const odds = chance / (1 - chance);
  let [hits, probability, left] = [0, (1 - chance) ** size, random()];
  while (left > probability && hits < size) {
    left -= probability;
    probability *= (odds * (size - hits)) / (hits + 1);
    hits += 1;
  }
  return hits;
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
