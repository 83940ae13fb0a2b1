/**
 * Detectors as people build them first, for comparison: each tells how far a count lies above what it expects, in its own
 * units, and is given the threshold that serves it best on the very series that it is scored on.
 */
import type { CountSeries } from './count-series.js';

export interface ReferenceDetector {
  name: string;
  /** One figure a row. */
  scores: (series: CountSeries) => number[];
  thresholds: readonly number[];
}

const DAY = 86_400;
const SIGMAS = [2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30];

export const REFERENCE_DETECTORS: readonly ReferenceDetector[] = [
  { name: 'rolling mean and standard deviation, 1 day', scores: rolling, thresholds: SIGMAS },
  { name: 'rolling median and MAD, 1 day', scores: medianMad, thresholds: SIGMAS },
  { name: 'Holt-Winters, season of 1 day', scores: holtWinters, thresholds: SIGMAS },
  { name: 'same hour of the week before, ratio', scores: weekBefore, thresholds: [1.5, 2, 2.5, 3, 4, 5, 7, 10, 15] },
];

function rolling({ rows, seconds }: CountSeries): number[] {
  const length = Math.round(DAY / seconds);
  let sum = 0;
  let squares = 0;
  return rows.map(({ count }, row) => {
    const known = Math.min(row, length);
    const mean = sum / Math.max(1, known);
    const deviation = Math.sqrt(Math.max(squares / Math.max(1, known) - mean * mean, 1));
    const gone = row >= length ? (rows[row - length]?.count ?? 0) : 0;
    sum += count - gone;
    squares += count * count - gone * gone;
    return known < length / 4 ? 0 : (count - mean) / deviation;
  });
}

function medianMad({ rows, seconds }: CountSeries): number[] {
  const length = Math.round(DAY / seconds);
  return rows.map(({ count }, row) => {
    if (row < length / 4) return 0;
    const known = rows.slice(Math.max(0, row - length), row).map((one) => one.count);
    const median = middleOf(known);
    // 1.4826 makes the MAD of a normal distribution its standard deviation.
    const mad = 1.4826 * middleOf(known.map((one) => Math.abs(one - median)));
    return (count - median) / Math.max(mad, 1);
  });
}

function middleOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Additive season, no trend; smoothing as NetFlow's users of it have it (Brutlag, "Aberrant behavior detection in time series", 2000). */
function holtWinters({ rows, seconds }: CountSeries): number[] {
  const length = Math.round(DAY / seconds);
  const season = new Float64Array(length);
  let level = rows[0]?.count ?? 0;
  let deviation = 1;
  return rows.map(({ count }, row) => {
    const place = row % length;
    const expected = level + (season[place] ?? 0);
    const error = count - expected;
    const score = row < length ? 0 : error / Math.max(deviation, 1);
    level += 0.05 * error;
    season[place] = (season[place] ?? 0) + 0.2 * error;
    deviation += 0.02 * (Math.abs(error) * 1.25 - deviation);
    return score;
  });
}

function weekBefore({ rows, seconds }: CountSeries): number[] {
  const hour = Math.max(1, Math.round(3_600 / seconds));
  const week = Math.round((7 * DAY) / seconds);
  const sums = new Float64Array(rows.length + 1);
  rows.forEach(({ count }, row) => (sums[row + 1] = (sums[row] ?? 0) + count));
  const between = (from: number, to: number): number => (sums[to] ?? 0) - (sums[Math.max(0, from)] ?? 0);
  return rows.map((_, row) => {
    if (row < week + hour) return 0;
    return (between(row + 1 - hour, row + 1) + 1) / (between(row + 1 - hour - week, row + 1 - week) + 1);
  });
}

/** Alarms begin where the figure rises above the threshold after half an hour below it. */
export function alarmsOf(scores: readonly number[], threshold: number, seconds: number): boolean[] {
  const quiet = Math.max(1, Math.round(1_800 / seconds));
  let below = quiet;
  return scores.map((score) => {
    const isAlarm = score >= threshold && below >= quiet;
    below = score >= threshold ? 0 : below + 1;
    return isAlarm;
  });
}
