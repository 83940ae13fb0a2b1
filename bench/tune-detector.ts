/**
 * Searches the constants of the spike detector, and says what the search is worth: beside the search over all labelled
 * series there is one for each series that never sees it, and the series is scored with what that one found.
 * What counts is the mean score over the series and thinned copies of them (a score that hangs on a few counts is luck), less
 * what simulated series show to be missed or false. Candidates that are hopeless on the labelled series end there.
 */
import { SpikeDetector, SPIKE_TUNING, type SpikeTuning } from '../src/core/alert/spike.js';
import {
  KINDS,
  LEARNING_WEEKS,
  randomOf,
  scoreOf,
  simulate,
  SPIKE_MINUTES,
  thinned,
  total,
  type CountSeries,
  type Random,
  type Score,
  type Simulated,
} from './count-series.js';

const HOUR = 3_600;
const DAY = 86_400;
const SPACE: { [K in keyof SpikeTuning]: readonly SpikeTuning[K][] } = {
  windows: [
    [60, 300, 900, HOUR],
    [60, 300, 1_200, HOUR],
    [60, 300, 1_200, 2 * HOUR],
    [60, 1_200, HOUR],
  ],
  weekWeight: [0.1, 0.2, 0.35],
  dayWeight: [0.05, 0.08, 0.15, 0.3],
  weekShare: [0.4, 0.6, 0.8, 0.9],
  levelHalfLife: [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR],
  slowHalfLife: [DAY, 2 * DAY, 4 * DAY, 8 * DAY],
  markHalfLife: [7 * DAY, 14 * DAY, 30 * DAY],
  youth: [0.2, 0.35, 0.5, 1],
  highestLevel: [2, 3, 6],
  markGrowth: [1.2, 1.5, 2, 3],
  leastMark: [2, 3, 4],
  highestMark: [40, 100, 1_000],
  modelError: [0.05, 0.075, 0.1, 0.15],
  cap: [2, 3, 4],
  highestDispersion: [30, 100, 300],
  growthGain: [0, 0.1, 0.2, 0.35, 0.5],
  growthStep: [2, 3, 6, 12],
  score: [0.9, 1, 1.1, 1.2, 1.35, 1.5],
  leastSurprise: [3, 3.5, 4, 4.5, 5],
  // Lower ones, or longer, leave a spike open for days in counts that vary: the next one would not be told.
  calm: [1.3, 1.6],
  resolveAfter: [600],
  acceptAfter: [DAY],
};
const NAMES = Object.keys(SPACE) as (keyof SpikeTuning)[];
const COPIES = [0.7, 0.4];
const SIMULATED_EACH = 4;
const SIMULATED_WEEKS = 3;
/** Candidates that no search has chosen, for all searches to begin with; and how many of the best are changed further. */
const FIRST = 80;
const KEPT = 5;
/** A candidate so much worse than the best is not tried on simulated series. */
const HOPELESS = 6;

interface Tried {
  tuning: SpikeTuning;
  /** By copy (the first is the original) and series. */
  scores: Score[][];
  penalty: number;
}

/** A search that does not see one of the series, or -1. */
interface Search {
  left: number;
  tried: Tried[];
}

/** @param say told of each better one, and at the end of the cross-validated score */
export function tune(labelled: readonly CountSeries[], seconds: number, say: (text: string) => void): void {
  const random = randomOf(1);
  const copies = [labelled, ...COPIES.map((part, copy) => labelled.map((series, index) => thinned(series, part, 100 * copy + index)))];
  const simulated = KINDS.map((kind) => Array.from({ length: SIMULATED_EACH }, (_, index) => simulate(kind, 1 + index, SIMULATED_WEEKS)));
  const searches: Search[] = [-1, ...labelled.keys()].map((left) => ({ left, tried: [] }));
  const end = performance.now() + seconds * 1_000;
  for (let count = 0; count < FIRST; count += 1) {
    const tuning = changed({ ...SPIKE_TUNING }, NAMES, random);
    const scores = copies.map((series) => scoresOf(series, tuning));
    for (const search of searches) search.tried.push({ tuning, scores, penalty: 0 });
  }
  const penalties = new Map<SpikeTuning, number>();
  const penaltyOf = (tuning: SpikeTuning): number => {
    const penalty =
      penalties.get(tuning) ?? simulated.reduce((sum, series, kind) => sum + penaltyIn(series, tuning, KINDS[kind]?.name ?? ''), 0);
    penalties.set(tuning, penalty);
    return penalty;
  };
  for (const search of searches) {
    rank(search);
    search.tried = search.tried.slice(0, 2 * KEPT).map((one) => ({ ...one, penalty: penaltyOf(one.tuning) }));
    rank(search);
  }
  let steps = 0;
  while (performance.now() < end)
    for (const search of searches) {
      steps += 1;
      if (step(search, copies, penaltyOf, random) && search.left === -1) tell(search, say);
    }
  say(`\n${String(steps)} candidates tried`);
  const validated = searches.filter(({ left }) => left >= 0).map(({ left, tried }) => tried[0]?.scores[0]?.[left]);
  searches.forEach((search) => {
    const score = validated[search.left];
    const name = labelled[search.left]?.name ?? 'all';
    const [best] = search.tried;
    say(
      `  without ${name}: ${score === undefined ? '' : total([score]).toFixed(1)} (others ${best === undefined ? '' : valueOf(search, best).toFixed(1)})`,
    );
    if (best !== undefined) say(`    ${JSON.stringify(best.tuning)}`);
  });
  say(`cross-validated score ${total(validated.filter((score) => score !== undefined)).toFixed(1)}`);
}

function tell(search: Search, say: (text: string) => void): void {
  const [best] = search.tried;
  if (best === undefined) return;
  say(`${best.scores.map((scores) => total(scores).toFixed(1)).join(' ')} less ${best.penalty.toFixed(1)}: ${JSON.stringify(best.tuning)}`);
}

/** @returns whether a better one was found */
function step(
  search: Search,
  copies: readonly (readonly CountSeries[])[],
  penaltyOf: (tuning: SpikeTuning) => number,
  random: Random,
): boolean {
  const parent = pick(search.tried.slice(0, KEPT), random);
  const [best] = search.tried;
  if (parent === undefined || best === undefined) return false;
  const names = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(NAMES, random) ?? 'score');
  const tuning = changed(parent.tuning, names, random);
  if (search.tried.some((one) => JSON.stringify(one.tuning) === JSON.stringify(tuning))) return false;
  const one: Tried = { tuning, scores: copies.map((series) => scoresOf(series, tuning)), penalty: 0 };
  if (valueOf(search, one) < valueOf(search, best) - HOPELESS) return false;
  one.penalty = penaltyOf(tuning);
  search.tried.push(one);
  rank(search);
  return search.tried[0] === one;
}

function rank(search: Search): void {
  search.tried.sort((a, b) => valueOf(search, b) - valueOf(search, a));
}

function valueOf({ left }: Search, { scores, penalty }: Tried): number {
  const totals = scores.map((copy) => total(copy.filter((_, index) => index !== left)));
  return totals.reduce((sum, one) => sum + one, 0) / totals.length - penalty;
}

function changed(tuning: SpikeTuning, names: readonly (keyof SpikeTuning)[], random: Random): SpikeTuning {
  const copy = { ...tuning };
  for (const name of names) Object.assign(copy, { [name]: pick<unknown>(SPACE[name], random) });
  return copy;
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[Math.floor(random() * list.length)];
}

function scoresOf(labelled: readonly CountSeries[], tuning: SpikeTuning): Score[] {
  return labelled.map((series) => scoreOf(series, alarmsIn(series.rows, series.seconds, tuning)));
}

/** Points for what is missed (of low and high counts all but one in thirty must be found) and for false alarms. */
function penaltyIn(series: readonly Simulated[], tuning: SpikeTuning, kind: string): number {
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
  return weight * Math.max(0, missed / series.length - 0.03) + 15 * Math.max(0, ((wrong / series.length) * 4) / SIMULATED_WEEKS - 0.4);
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
