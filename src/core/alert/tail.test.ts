/** Tail probabilities against sums of the exact terms, and what they must do whatever the figures. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logGamma, surprise } from './tail.js';

/** ln of P(X = k), from factorials alone. */
function logTerm(k: number, mean: number, dispersion: number): number {
  if (dispersion === 1) return k * Math.log(mean) - mean - logFactorial(k);
  const size = mean / (dispersion - 1);
  let log = -size * Math.log(dispersion) + k * Math.log(1 - 1 / dispersion) - logFactorial(k);
  for (let i = 0; i < k; i += 1) log += Math.log(size + i);
  return log;
}

function logFactorial(k: number): number {
  let log = 0;
  for (let i = 2; i <= k; i += 1) log += Math.log(i);
  return log;
}

/** -log10 P(X >= count), term by term until they no longer matter; each from the one before. */
function summed(count: number, mean: number, dispersion: number): number {
  let term = 1;
  let sum = 0;
  for (let k = count; term > 1e-14 * sum; k += 1) {
    sum += term;
    term *= dispersion === 1 ? mean / (k + 1) : ((1 - 1 / dispersion) * (mean / (dispersion - 1) + k)) / (k + 1);
  }
  return -(logTerm(count, mean, dispersion) + Math.log(sum)) / Math.LN10;
}

describe('surprise', () => {
  it.each([
    [1, 0.02, 1],
    [5, 0.6, 1],
    [12, 3, 1],
    [300, 200, 1],
    [3, 0.02, 1.5],
    [14, 3, 1.2],
    [60, 5, 6],
    [450, 200, 3],
    [900, 250, 40],
    [1_500, 1_200, 13],
  ])('of %d where %d are expected, dispersion %d, is the sum of the terms', (count, mean, dispersion) => {
    expect(surprise(count, mean, dispersion)).toBeCloseTo(summed(count, mean, dispersion), 7);
  });

  it('says far more than a floating point probability could', () => {
    expect(surprise(2_000, 100, 1)).toBeCloseTo(summed(2_000, 100, 1), 6);
    expect(surprise(2_000, 100, 1)).toBeGreaterThan(1_000);
  });

  it('is nothing for a count that is no more than the mean', () => {
    expect(surprise(0, 0.02, 1)).toBe(0);
    expect(surprise(3, 3, 2)).toBe(0);
  });

  it('is that of a normal distribution where counts are very high', () => {
    // Three standard deviations above: 0.00135, a little more with the skew of a count.
    expect(surprise(1e6 + 3 * Math.sqrt(2e6), 1e6, 2)).toBeCloseTo(-Math.log10(0.00135), 1);
  });

  it('grows with the count and falls with dispersion, and is a number at any size', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(5, 1e4), number(1, 500), number(1.01, 20), (size, dispersion, times) => {
        const mean = size * dispersion;
        const count = Math.ceil(mean * times) + 1;
        const found = surprise(count, mean, dispersion);
        expect(Number.isFinite(found)).toBe(true);
        expect(surprise(2 * count, mean, dispersion)).toBeGreaterThan(found);
        expect(surprise(2 * count, mean, 2 * dispersion)).toBeLessThan(surprise(2 * count, mean, dispersion));
      }),
      { seed: 401, numRuns: 300 },
    );
  });
});

describe('logGamma', () => {
  it('is the logarithm of a factorial at whole numbers and of the square root of pi at a half', () => {
    for (const k of [0, 1, 5, 20, 170]) expect(logGamma(k + 1)).toBeCloseTo(logFactorial(k), 9);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(0.02)).toBeCloseTo(3.900805, 5);
  });
});
