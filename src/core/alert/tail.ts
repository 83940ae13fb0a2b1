/**
 * How unlikely a count is: tail probabilities of the Poisson and the negative binomial distribution, as logarithms, since
 * the probabilities that alerts are about are too small for a number.
 * Sources: Abramowitz and Stegun, 6.5.29 (incomplete gamma) and 26.5.4 (incomplete beta); Lanczos' approximation of ln Γ.
 */

const MAX_TERMS = 2_000;
const PRECISION = 1e-10;
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
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MAX_TERMS && term > PRECISION * sum; n += 1) {
    term *= (x * (count + b + n)) / (count + 1 + n);
    sum += term;
  }
  const logBeta = logGamma(count) + logGamma(b) - logGamma(count + b);
  return count * Math.log(x) - b * Math.log(dispersion) - Math.log(count) - logBeta + Math.log(sum);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0, to 14 digits or so. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const sum = LANCZOS.reduce((total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (x - 1 + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}
