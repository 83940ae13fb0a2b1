/**
 * Count series to detect spikes in: labelled ones in the layout of the Numenta Anomaly Benchmark (data/**.csv and
 * labels/combined_windows.json) with its scorer, and simulated ones whose spike is known to the minute.
 * Source: Ahmad et al., "Unsupervised real-time anomaly detection for streaming data", Neurocomputing 2017.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf, type Random } from './chance.js';

export interface CountSeries {
  name: string;
  /** Width of a bucket, seconds. */
  seconds: number;
  rows: { at: number; count: number }[];
  /** First and last row of each labelled span. */
  windows: [first: number, last: number][];
}

/** @param directory with `data` and `labels` in it */
export function loadLabelled(directory: string): CountSeries[] {
  const labels = JSON.parse(readFileSync(join(directory, 'labels/combined_windows.json'), 'utf8')) as Record<string, [string, string][]>;
  const data = join(directory, 'data');
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => {
      const rows = readFileSync(join(data, name), 'utf8').trim().split('\n').slice(1).map(rowOf);
      const steps = rows.slice(1).map(({ at }, index) => at - (rows[index]?.at ?? 0));
      const windows = (labels[name] ?? []).map(([start, end]): [number, number] => [
        rows.findIndex(({ at }) => at >= epoch(start)),
        rows.findLastIndex(({ at }) => at <= epoch(end)),
      ]);
      return { name, rows, windows, seconds: steps.sort((a, b) => a - b)[steps.length >> 1] ?? 300 };
    });
}

function rowOf(line: string): { at: number; count: number } {
  const [time = '', count = ''] = line.split(',');
  return { at: epoch(time), count: Number(count) };
}

function epoch(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').slice(0, 19)}Z`) / 1000;
}

/** The same series as it would be seen through a sample of what is counted: its spikes are where they were, its noise is another. */
export function thinned(series: CountSeries, part: number, seed: number): CountSeries {
  const random = randomOf(seed);
  return { ...series, rows: series.rows.map(({ at, count }) => ({ at, count: binomial(random, count, part) })) };
}

export interface Score {
  points: number;
  /** Points of a detector that is silent, and of a perfect one. */
  silent: number;
  perfect: number;
  found: number;
  falseAlarms: number;
}

const FALSE_ALARM = 0.11;
const RUN_IN = 750;

/** @param isAlarm by row: an alarm begins there */
export function scoreOf({ rows, windows }: CountSeries, isAlarm: readonly boolean[]): Score {
  const score: Score = { points: -windows.length, silent: -windows.length, perfect: windows.length, found: 0, falseAlarms: 0 };
  const seen = new Set<number>();
  for (let row = Math.min(Math.floor(0.15 * rows.length), RUN_IN); row < rows.length; row += 1) {
    if (isAlarm[row] !== true) continue;
    const within = windows.findIndex(([first, last]) => row >= first && row <= last);
    if (within === -1) {
      score.falseAlarms += 1;
      score.points += FALSE_ALARM * lateness(row, windows);
    } else if (!seen.has(within)) {
      seen.add(within);
      const [first, last] = windows[within] ?? [0, 0];
      score.found += 1;
      score.points += 1 + sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1);
    }
  }
  return score;
}

/** 0 to 100. */
export function total(scores: readonly Score[]): number {
  const sum = (pick: (score: Score) => number): number => scores.reduce((all, score) => all + pick(score), 0);
  return (100 * sum(({ points, silent }) => points - silent)) / sum(({ perfect, silent }) => perfect - silent);
}

/** -1 far behind the last window and before the first, 0 at its end. */
function lateness(row: number, windows: CountSeries['windows']): number {
  const before = windows.filter(([, last]) => last < row).at(-1);
  if (before === undefined) return -1;
  const distance = (row - before[1]) / (before[1] - before[0] + 1);
  return distance > 3 ? -1 : sigmoid(distance);
}

function sigmoid(y: number): number {
  return 2 / (1 + Math.exp(5 * y)) - 1;
}

export interface SimulatedKind {
  name: string;
  /** Of a minute, over the week. */
  mean: number;
  /** Variance divided by the mean. */
  dispersion: number;
  /** Every twelve hours or so, up to ten minutes of up to two and a half times as much: nothing to wake anybody for. */
  hasBursts: boolean;
  /** Whether finding three times as much in twenty minutes is promised. */
  isPromised: boolean;
}

export const KINDS: readonly SimulatedKind[] = [
  { name: 'sparse', mean: 0.03, dispersion: 1, hasBursts: false, isPromised: false },
  { name: 'low', mean: 3, dispersion: 1.2, hasBursts: false, isPromised: true },
  { name: 'bursty', mean: 5, dispersion: 6, hasBursts: true, isPromised: false },
  { name: 'high', mean: 200, dispersion: 3, hasBursts: false, isPromised: true },
];

export interface Simulated {
  rows: { at: number; count: number }[];
  /** Row at which three times as much begins, for 20 minutes. */
  spikeAt: number;
}

export const LEARNING_WEEKS = 2;
export const SPIKE_MINUTES = 20;
const WEEK_MINUTES = 7 * 1_440;
/** A Thursday, as the epoch began. */
const START = 1_767_225_600;

/** Minutes of two weeks to learn from and some to be judged, with the rhythm of days and weekends, and one spike. */
export function simulate(kind: SimulatedKind, seed: number, judgedWeeks = 4): Simulated {
  const random = randomOf(seed);
  const minutes = (LEARNING_WEEKS + judgedWeeks) * WEEK_MINUTES;
  const phase = random() * 86_400;
  const spikeAt = Math.floor(LEARNING_WEEKS * WEEK_MINUTES + random() * (judgedWeeks * WEEK_MINUTES - 200));
  let burst = { left: 0, factor: 1 };
  const rows = Array.from({ length: minutes }, (_, minute) => {
    const at = START + minute * 60;
    burst =
      kind.hasBursts && burst.left === 0 && random() < 1 / 720
        ? { left: 3 + Math.floor(random() * 8), factor: 1.5 + random() }
        : { ...burst, left: Math.max(0, burst.left - 1) };
    const isSpike = minute >= spikeAt && minute < spikeAt + SPIKE_MINUTES;
    const mean = kind.mean * seasonAt(at, phase) * (burst.left > 0 ? burst.factor : 1) * (isSpike ? 3 : 1);
    return { at, count: drawn(random, mean, kind.dispersion) };
  });
  return { rows, spikeAt };
}

function seasonAt(at: number, phase: number): number {
  const day = Math.floor(at / 86_400) % 7;
  return (1 + 0.6 * Math.sin((2 * Math.PI * (at + phase)) / 86_400)) * (day === 2 || day === 3 ? 0.6 : 1);
}

/** Negative binomial: a Poisson number whose mean is gamma-distributed. */
function drawn(random: Random, mean: number, dispersion: number): number {
  return poisson(random, dispersion <= 1 ? mean : gamma(random, mean / (dispersion - 1)) * (dispersion - 1));
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang, 2000. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function poisson(random: Random, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count += 1) product *= random();
  return count;
}

function binomial(random: Random, count: number, part: number): number {
  const mean = count * part;
  if (count > 100) return Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - part)) * normal(random)));
  let drawn = 0;
  for (let one = 0; one < count; one += 1) if (random() < part) drawn += 1;
  return drawn;
}
