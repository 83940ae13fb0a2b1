/**
 * Searches the constants of the spike detector: random ones at first, then small changes of the best. What counts is the
 * score on labelled series of which each is left out in turn, less what simulated series show to be missed or false.
 */
import { SPIKE_TUNING, SpikeDetector, type SpikeTuning } from '../src/core/alert/spike.js';
import {
  KINDS,
  LEARNING_WEEKS,
  scoreOf,
  simulate,
  SPIKE_MINUTES,
  total,
  type CountSeries,
  type Score,
  type Simulated,
} from './count-series.js';

const HOUR = 3_600;
const DAY = 86_400;
const SPACE: { [K in keyof SpikeTuning]: readonly SpikeTuning[K][] } = {
  windows: [
    [60, 300, 900, HOUR],
    [60, 300, 900, HOUR, 3 * HOUR],
    [60, 300, 1_200, HOUR, 3 * HOUR],
    [60, 300, 600, 1_200, HOUR, 3 * HOUR],
  ],
  weekWeight: [0.2, 0.35, 0.5],
  dayWeight: [0.1, 0.15, 0.3],
  weekShare: [0.4, 0.6, 0.8],
  levelHalfLife: [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR],
  slowHalfLife: [DAY / 2, DAY, 2 * DAY, 4 * DAY],
  markHalfLife: [3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY],
  youth: [0.1, 0.2, 0.35, 0.5, 1],
  highestLevel: [3, 6],
  markGrowth: [1.2, 1.5, 2, 3],
  leastMark: [2, 3, 4],
  highestMark: [8, 12, 20, 1_000],
  modelError: [0, 0.05, 0.1, 0.15, 0.2],
  cap: [2, 3, 4],
  highestDispersion: [30, 100, 300, 1_000],
  growthGain: [0.35, 0.5, 0.8, 1],
  growthStep: [2, 3, 6],
  score: [0.9, 1, 1.1, 1.2, 1.35, 1.5],
  leastSurprise: [3, 4, 4.5, 5, 5.5, 6],
  // Lower ones, or longer, leave a spike open for days in counts that vary: the next one would not be told.
  calm: [1.3, 1.6, 2],
  resolveAfter: [600],
  acceptAfter: [DAY],
};
const SIMULATED_EACH = 8;
const KEPT = 6;

interface Tried {
  tuning: SpikeTuning;
  scores: Score[];
  penalty: number;
  value: number;
}

/** @param say told of each better one, and at the end of the cross-validated score */
export function tune(labelled: readonly CountSeries[], seconds: number, say: (text: string) => void): void {
  const simulated = KINDS.map((kind) => Array.from({ length: SIMULATED_EACH }, (_, index) => simulate(kind, 1 + index, 3)));
  const tried: Tried[] = [];
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const one = attempt(tried.length === 0 ? SPIKE_TUNING : next(tried), labelled, simulated);
    tried.push(one);
    tried.sort((a, b) => b.value - a.value);
    if (tried[0] === one) say(`${total(one.scores).toFixed(1)} less ${one.penalty.toFixed(1)}: ${JSON.stringify(one.tuning)}`);
  }
  // Each series is scored by what was best on the others.
  const validated = labelled.map((_, left) => {
    const without = (one: Tried): number => total(one.scores.filter((__, index) => index !== left)) - one.penalty;
    return tried.reduce((best, one) => (without(one) > without(best) ? one : best)).scores[left];
  });
  say(`\n${String(tried.length)} tried; cross-validated score ${total(validated.filter((score) => score !== undefined)).toFixed(1)}`);
}

function next(tried: readonly Tried[]): SpikeTuning {
  const tuning = { ...pick(tried.slice(0, KEPT))?.tuning } as SpikeTuning;
  const names = Object.keys(SPACE) as (keyof SpikeTuning)[];
  const changes = Math.random() < 0.2 ? names : Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => pick(names));
  for (const name of changes) if (name !== undefined) Object.assign(tuning, { [name]: pick<unknown>(SPACE[name]) });
  return tuning;
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}

function attempt(tuning: SpikeTuning, labelled: readonly CountSeries[], simulated: readonly (readonly Simulated[])[]): Tried {
  const scores = labelled.map((series) => scoreOf(series, alarmsIn(series.rows, series.seconds, tuning)));
  const penalty = simulated.reduce((sum, series, kind) => sum + penaltyOf(series, tuning, KINDS[kind]?.name ?? ''), 0);
  return { tuning, scores, penalty, value: total(scores) - penalty };
}

/** Points for what is missed (of low and high counts all but one in thirty must be found) and for false alarms beyond one in eight weeks. */
function penaltyOf(series: readonly Simulated[], tuning: SpikeTuning, kind: string): number {
  let missed = 0;
  let wrong = 0;
  for (const { rows, spikeAt } of series) {
    const alarms = alarmsIn(rows, 60, tuning).flatMap((isAlarm, minute) =>
      isAlarm && minute >= LEARNING_WEEKS * 7 * 1_440 ? [minute] : [],
    );
    const hits = alarms.filter((minute) => minute >= spikeAt && minute < spikeAt + SPIKE_MINUTES + 10);
    if (hits.length === 0) missed += 1;
    wrong += alarms.length - hits.length;
  }
  const weight = kind === 'low' || kind === 'high' ? 100 : kind === 'bursty' ? 5 : 0;
  return weight * Math.max(0, missed / series.length - 0.03) + 15 * Math.max(0, ((wrong / series.length) * 4) / 3 - 0.5);
}

export function alarmsIn(rows: CountSeries['rows'], seconds: number, tuning: SpikeTuning = SPIKE_TUNING): boolean[] {
  const detector = new SpikeDetector(seconds, tuning);
  const state = detector.fresh();
  return rows.map((bucket) => {
    const wasOpen = state.open !== null;
    detector.learn(state, bucket, detector.judge(state, bucket));
    return !wasOpen && state.open !== null;
  });
}
