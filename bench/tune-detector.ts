/**
 * Searches the constants of the spike detector, and says what the search is worth: beside the search over all labelled
 * series there is one for each series that never sees it, and the series is scored with what that one found.
 * What counts is the mean score over the series and thinned copies of them (a score that hangs on a few counts is luck), less
 * what simulated series show to be missed or false. Candidates that are hopeless on the labelled series end there.
 */
import { SPIKE_TUNING, type SpikeTuning } from '../src/core/alert/spike.js';
import {
  KINDS,
  scoreOf,
  simulate,
  thinned,
  total,
  type CountSeries,
  type Score,
  type Simulated,
  type SimulatedKind,
} from './count-series.js';
import { alarmsIn, judgeSimulated } from './replay.js';
import { randomOf, type Random } from './chance.js';

const HOUR = 3_600;
const DAY = 86_400;
/** One value where series this few could not tell: it is then the plain choice, from the design. */
const SPACE: { [K in keyof SpikeTuning]: readonly SpikeTuning[K][] } = {
  windows: [[60, 300, 1_200, HOUR]],
  weekWeight: [0.2],
  dayWeight: [0.08, 0.15],
  weekShare: [0.8, 0.9, 1],
  levelHalfLife: [8 * HOUR, 16 * HOUR, DAY, 2 * DAY, 4 * DAY],
  slowHalfLife: [DAY, 2 * DAY, 4 * DAY],
  markHalfLife: [14 * DAY, 30 * DAY],
  youth: [0.5],
  highestLevel: [3],
  markGrowth: [1.5, 2],
  leastMark: [2],
  highestMark: [40, 60],
  modelError: [0.05, 0.075, 0.1],
  cap: [3],
  highestDispersion: [300],
  growthGain: [0.1, 0.2, 0.35, 0.5],
  growthStep: [3, 6, 12],
  score: [1.2, 1.35, 1.5, 1.7],
  leastSurprise: [4, 4.5, 5],
  // Lower ones, or a longer time, leave a spike open for days in counts that vary: the next one would not be told.
  calm: [1.6, 2],
  resolveAfter: [600],
  acceptAfter: [DAY],
};
const NAMES = Object.keys(SPACE) as (keyof SpikeTuning)[];
const COPIES = [0.7, 0.4];
const SIMULATED_EACH = 3;
const SIMULATED_WEEKS = 2;
/** Random candidates that all searches begin with, and how many of the best are changed further. */
const FIRST = 120;
const KEPT = 5;

interface Tried {
  tuning: SpikeTuning;
  /** By copy (the first is the original) and series. */
  scores: Score[][];
  penalty: number;
}

/** @param say told of each better one, and at the end of the cross-validated score */
export function tune(labelled: readonly CountSeries[], seconds: number, say: (text: string) => void): void {
  const end = performance.now() + seconds * 1_000;
  const random = randomOf(1);
  const trial = new Trial(labelled);
  const first = Array.from({ length: FIRST }, () => trial.attempt(changed({ ...SPIKE_TUNING }, NAMES, random)));
  const searches = [-1, ...labelled.keys()].map((left) => new Search(left, trial, first));
  let steps = 0;
  while (performance.now() < end) {
    const search = searches[steps % searches.length];
    if (search?.step(random) === true && search.left === -1) say(`${search.figures()}: ${JSON.stringify(search.best?.tuning)}`);
    steps += 1;
  }
  say(`\n${String(FIRST)} random candidates, ${String(steps)} more in ${String(searches.length)} searches`);
  say(`  all: ${searches[0]?.figures() ?? '-'}: ${JSON.stringify(searches[0]?.best?.tuning)}`);
  const validated = searches.slice(1).flatMap((search) => {
    const score = search.best?.scores[0]?.[search.left];
    say(`  ${labelled[search.left]?.name ?? ''}, by a search without it: ${score === undefined ? '-' : total([score]).toFixed(1)}`);
    say(`    ${search.figures()}: ${JSON.stringify(search.best?.tuning)}`);
    return score ?? [];
  });
  say(`cross-validated score ${total(validated).toFixed(1)}`);
}

/** What candidates are tried on: made once, for all of them. */
class Trial {
  private readonly copies: CountSeries[][];
  private readonly simulated: { kind: SimulatedKind; series: Simulated[] }[];
  private readonly penalties = new Map<SpikeTuning, number>();

  constructor(labelled: readonly CountSeries[]) {
    this.copies = [
      [...labelled],
      ...COPIES.map((part, copy) => labelled.map((series, index) => thinned(series, part, 100 * copy + index))),
    ];
    // What is promised comes first, for it ends most attempts.
    const kinds = [...KINDS].sort((one, other) => Number(other.isPromised) - Number(one.isPromised));
    this.simulated = kinds.map((kind) => ({
      kind,
      series: Array.from({ length: SIMULATED_EACH }, (_, index) => simulate(kind, 1 + index, SIMULATED_WEEKS)),
    }));
  }

  attempt(tuning: SpikeTuning): Tried {
    const scores = this.copies.map((copy) => copy.map((series) => scoreOf(series, alarmsIn(series, tuning))));
    return { tuning, scores, penalty: 0 };
  }

  /** @param most what is more than this need not be known */
  penaltyOf(tuning: SpikeTuning, most: number): number {
    const known = this.penalties.get(tuning);
    if (known !== undefined) return known;
    let penalty = 0;
    for (const { kind, series } of this.simulated) {
      penalty += penaltyIn(series, tuning, kind);
      if (penalty > most) return penalty;
    }
    this.penalties.set(tuning, penalty);
    return penalty;
  }
}

/** Keeps the best candidates, by all series but one (or by all, for -1), and changes them. */
class Search {
  private readonly kept: Tried[] = [];
  private readonly seen = new Set<string>();

  constructor(
    readonly left: number,
    private readonly trial: Trial,
    first: readonly Tried[],
  ) {
    this.consider(trial.attempt(this.typical(first)));
    for (const one of [...first].sort((a, b) => this.valueOf(b) - this.valueOf(a)).slice(0, 4 * KEPT)) this.consider({ ...one });
  }

  get best(): Tried | undefined {
    return this.kept[0];
  }

  figures(): string {
    const { best } = this;
    if (best === undefined) return '-';
    return `${best.scores.map((scores) => total(this.seenOf(scores)).toFixed(1)).join(' ')} less ${best.penalty.toFixed(1)}`;
  }

  /** @returns whether a better one was found */
  step(random: Random): boolean {
    const parent = pick(this.kept, random);
    if (parent === undefined) return false;
    const names = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(NAMES, random) ?? 'score');
    const tuning = changed(parent.tuning, names, random);
    const key = JSON.stringify(tuning);
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    const one = this.trial.attempt(tuning);
    this.consider(one);
    return this.best === one;
  }

  private consider(one: Tried): void {
    const least = this.kept.length < KEPT ? -Infinity : this.valueOf(this.kept.at(-1) ?? one);
    const most = this.valueOf(one) - least;
    if (most <= 0) return;
    one.penalty = this.trial.penaltyOf(one.tuning, most);
    if (one.penalty > most) return;
    this.kept.push(one);
    this.kept.sort((a, b) => this.valueOf(b) - this.valueOf(a));
    this.kept.length = Math.min(KEPT, this.kept.length);
  }

  /** Of each constant the value that did best on average, whatever the others: steadier than the best candidate is. */
  private typical(first: readonly Tried[]): SpikeTuning {
    const tuning = { ...SPIKE_TUNING };
    for (const name of NAMES) {
      const means = SPACE[name].map((value) => {
        const values = first.filter((one) => one.tuning[name] === value).map((one) => this.valueOf(one));
        return values.reduce((sum, one) => sum + one, 0) / values.length;
      });
      Object.assign(tuning, { [name]: SPACE[name][means.indexOf(Math.max(...means))] });
    }
    return tuning;
  }

  private valueOf({ scores, penalty }: Tried): number {
    const totals = scores.map((copy) => total(this.seenOf(copy)));
    return totals.reduce((sum, one) => sum + one, 0) / totals.length - penalty;
  }

  private seenOf(scores: readonly Score[]): Score[] {
    return scores.filter((_, index) => index !== this.left);
  }
}

function changed(tuning: SpikeTuning, names: readonly (keyof SpikeTuning)[], random: Random): SpikeTuning {
  const copy = { ...tuning };
  for (const name of names) Object.assign(copy, { [name]: pick<unknown>(SPACE[name], random) });
  return copy;
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Points for what is missed (of low and high counts all but one in thirty must be found) and for false alarms. */
function penaltyIn(series: readonly Simulated[], tuning: SpikeTuning, { isPromised, hasBursts }: SimulatedKind): number {
  const results = series.map((one) => judgeSimulated(one, tuning));
  const missed = results.filter(({ delay }) => delay === undefined).length / series.length;
  const wrong = results.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0) / series.length;
  const weight = isPromised ? 100 : hasBursts ? 5 : 0;
  return weight * Math.max(0, missed - 0.03) + 15 * Math.max(0, (wrong * 4) / SIMULATED_WEEKS - 0.4);
}
