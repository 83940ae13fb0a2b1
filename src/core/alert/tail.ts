/**
 * How unlikely a count is: tail probabilities of the Poisson and the negative binomial distribution, as logarithms, since
 * the probabilities that alerts are about are too small for a number.
 * Sources: Abramowitz and Stegun, 6.5.29 (incomplete gamma), 26.5.8 (incomplete beta as a continued fraction, evaluated by
 * Lentz' method); Lanczos' approximation of ln Γ.
 */

const MAX_TERMS = 5_000;
const PRECISION = 1e-10;
const TINY = 1e-300;
/** Below it the negative binomial is a Poisson distribution for all that matters. */
const POISSON = 1.001;

/**
 * @param count 0 or more
 * @param mean above 0
 * @param dispersion variance divided by the mean, 1 or more
 * @returns -log10 of the probability of `count` or more; 0 for a count that is no more than the mean
 */
export function surprise(count: number, mean: number, dispersion: number): number {
  if (count <= mean) return 0;
  const log = dispersion < POISSON ? poissonTail(count, mean) : negativeBinomialTail(count, mean, dispersion);
  return Math.max(0, -log / Math.LN10);
}

/** ln P(X >= count): the regularised lower incomplete gamma function, by its series, which is short above the mean. */
function poissonTail(count: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MAX_TERMS && term > PRECISION * sum; n += 1) {
    term *= mean / (count + n);
    sum += term;
  }
  return count * Math.log(mean) - mean - logGamma(count + 1) + Math.log(sum);
}

/** ln P(X >= count): the regularised incomplete beta function I(1 - 1/dispersion; count, mean / (dispersion - 1)). */
function negativeBinomialTail(count: number, mean: number, dispersion: number): number {
  const x = 1 - 1 / dispersion;
  const b = mean / (dispersion - 1);
  const logBeta = logGamma(count) + logGamma(b) - logGamma(count + b);
  return count * Math.log(x) - b * Math.log(dispersion) - Math.log(count) - logBeta + Math.log(betaFraction(x, count, b));
}

/** Converges within some square root of `a` steps where x < a / (a + b), which a count above the mean ensures. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MAX_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];
const LANCZOS_FIRST = 0.99999999999980993;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(x) for x > 0, to 13 digits or so. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS_FIRST;
  for (let index = 0; index < LANCZOS.length; index += 1) sum += (LANCZOS[index] ?? 0) / (x + index);
  const base = x + 6.5;
  return HALF_LOG_TWO_PI + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}
