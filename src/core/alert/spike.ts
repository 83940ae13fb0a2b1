/**
 * Finds spikes in the counts of one group: a baseline that knows the hour of the week and learns no spike, a dispersion
 * that it measures, and marks by which a series is compared with its own past. What is kept is the state alone, so that an
 * evaluation costs the same after a year as after a day.
 *
 * For each bucket: `judge` says what was expected (profiles times level), how unlikely the last minutes to hours are
 * (negative binomial, `surprise`), whether growth lasts (a cumulative sum of the likelihood of three times as much), and
 * how all that compares with the largest surprises of this series. `learn` then takes the bucket into the state.
 */
import { BaselineModel, type Baseline, type BaselineTuning } from './baseline.js';
import { surprise } from './tail.js';

const HOUR = 3_600;

export interface SpikeTuning extends BaselineTuning {
  /** Windows that are looked at, seconds, shortest first. */
  windows: readonly number[];
  /** Half-life of the largest surprises, seconds. */
  markHalfLife: number;
  /** Marks fade sooner while the series is young: their half-life is this part of its age. */
  youth: number;
  /** A mark grows by this factor at most at once, and stays between these two. */
  markGrowth: number;
  leastMark: number;
  highestMark: number;
  /** Standard error of an expectation, as a part of it: what the profiles get wrong does not average out in many counts. */
  modelError: number;
  /** Standard deviations above the expectation up to which a count is learnt. */
  cap: number;
  highestDispersion: number;
  /** Growth that lasts: weight of one bucket's likelihood ratio (divided by the dispersion), and the most that one may add. */
  growthGain: number;
  growthStep: number;
  /**
   * An alarm needs a surprise this many times as large as the mark, and this large (-log10 of a probability) in a window of an
   * hour. A window of a tenth of that is looked at ten times as often and needs one more.
   */
  score: number;
  leastSurprise: number;
  /** A spike is over when its windows have been less surprising than this for this long, seconds. */
  calm: number;
  resolveAfter: number;
  /** What has lasted for so long, seconds, is no spike any more but what is normal now. */
  acceptAfter: number;
}

/** Of each constant what most searches of `npm run bench:detect -- --tune` chose, each of which did not see one of the labelled series. */
export const SPIKE_TUNING: SpikeTuning = {
  windows: [60, 300, 1_200, 3_600],
  weekWeight: 0.2,
  dayWeight: 0.08,
  weekShare: 0.8,
  levelHalfLife: 172_800,
  slowHalfLife: 345_600,
  markHalfLife: 1_209_600,
  youth: 0.5,
  highestLevel: 3,
  markGrowth: 2,
  leastMark: 2,
  highestMark: 60,
  modelError: 0.1,
  cap: 3,
  highestDispersion: 300,
  growthGain: 0.5,
  growthStep: 3,
  score: 1.7,
  leastSurprise: 5,
  calm: 2,
  resolveAfter: 600,
  acceptAfter: 86_400,
};

/** Plain data: it is stored as it is. Lists with a place per window are in the order of the windows. */
export interface SpikeState extends Baseline {
  dispersion: number[];
  marks: number[];
  growthMark: number;
  /** The largest surprises since it was last calm: they become marks when that is over, or a slow rise would hide itself. */
  pending: number[];
  growthPending: number;
  growth: number;
  /** The last buckets, as many as the longest window has but one: counts and expectations. */
  counts: number[];
  means: number[];
  /** Start of the last bucket, epoch seconds; -1 before the first one. */
  last: number;
  /** An open spike: place of the window that decides when it ends, how long it has been calm (seconds), since when it is open. */
  open: { window: number; calmFor: number; since: number } | null;
}

export interface Bucket {
  /** Start, epoch seconds. */
  at: number;
  count: number;
  /** Part of the bucket that is over, above 0; 1 for a whole one. */
  elapsed?: number;
  /** Traffic in the bucket divided by what is usual at this hour, where it is known: as many times as much is expected. */
  trafficFactor?: number;
}

export interface SpikeVerdict {
  isSpike: boolean;
  /** Surprise in units of the series' own largest ones; the highest over all windows. */
  score: number;
  /** -log10 of the probability of what was seen in the most surprising window. */
  surprise: number;
  /** Expected in this bucket. */
  mean: number;
  windows: WindowVerdict[];
  /** Of lasting growth, as `surprise`. */
  growth: number;
}

export interface WindowVerdict {
  seconds: number;
  observed: number;
  expected: number;
  surprise: number;
  score: number;
}

/** Squared error of one bucket that dispersion learns, in units of itself. */
const DISPERSION_STEP = 25;
const MOST_GROWTH = 60;
const GROWTH_SECONDS = 1_200;
const LOG_3 = Math.log(3);
/** So long nothing is known of a day's rhythm: an alarm then needs this, and so many, against the overall mean. */
const COLD_SECONDS = 12 * HOUR;
const COLD_SURPRISE = 6;
const COLD_COUNT = 20;
/** In hours of the day that were never seen, a spike is what is normal after so long, seconds. */
const FIRST_PATIENCE = 3 * HOUR;
const LEAST_TRAFFIC = 0.05;

export class SpikeDetector {
  private readonly baseline: BaselineModel;
  /** Buckets of each window, shortest first. */
  private readonly lengths: readonly number[];
  /** Place of the longest window that calm is measured in. */
  private readonly recent: number;
  private readonly slowRate: number;

  /** @param seconds width of a bucket */
  constructor(
    private readonly seconds: number,
    private readonly tuning: SpikeTuning = SPIKE_TUNING,
  ) {
    this.baseline = new BaselineModel(seconds, tuning);
    this.lengths = [...new Set(tuning.windows.map((window) => Math.max(1, Math.round(window / seconds))))];
    this.recent = Math.max(
      0,
      this.lengths.findLastIndex((length) => length * seconds <= tuning.resolveAfter / 2),
    );
    this.slowRate = 1 - 0.5 ** (seconds / tuning.slowHalfLife);
  }

  /** Of a group that nothing is known of. */
  fresh(): SpikeState {
    const { leastMark } = this.tuning;
    return {
      ...this.baseline.fresh(),
      dispersion: this.lengths.map(() => 1),
      marks: this.lengths.map(() => leastMark),
      growthMark: leastMark,
      pending: this.lengths.map(() => 0),
      growthPending: 0,
      growth: 0,
      counts: [],
      means: [],
      last: -1,
      open: null,
    };
  }

  /** What to think of a bucket, whole or so far. Changes nothing. */
  judge(state: SpikeState, bucket: Bucket): SpikeVerdict {
    const mean = this.baseline.meanAt(state, bucket.at, bucket.count) * (bucket.elapsed ?? 1) * trafficOf(bucket);
    const windows = this.windowsOf(state, bucket, mean);
    const growth = this.grown(state, bucket.count, mean) / Math.LN10;
    let score = growth / state.growthMark;
    let most = growth;
    for (const window of windows) {
      score = Math.max(score, window.score);
      most = Math.max(most, window.surprise);
    }
    const hasGrown = growth >= this.tuning.leastSurprise && growth / state.growthMark >= this.tuning.score;
    const isSpike = (hasGrown || windows.some((window) => this.hasFired(window))) && !this.isTooNew(state, windows);
    return { isSpike, score, surprise: most, mean, windows, growth };
  }

  /**
   * Takes a whole bucket into the state, which is changed in place.
   * @param verdict what `judge` said of it
   */
  learn(state: SpikeState, bucket: Bucket, verdict: SpikeVerdict): void {
    const wasOpen = state.open !== null;
    this.leaveGap(state, bucket.at);
    this.openOrClose(state, bucket.at, verdict);
    state.growth = this.grown(state, bucket.count, verdict.mean);
    this.mark(state, verdict);
    this.learnCount(state, bucket, verdict);
    if (state.open === null) this.disperse(state, verdict);
    this.remember(state, bucket.count, verdict.mean);
    state.last = bucket.at;
    state.buckets += 1;
    if (wasOpen && state.open === null) this.forgetExcess(state);
    else if (state.open !== null) this.losePatience(state, bucket.at - state.open.since);
  }

  /** "This is normal": as many times what is expected as were counted since the spike began (or in the last hour, if that is less). */
  accept(state: SpikeState): void {
    this.baseline.scale(state, this.rise(state));
    this.end(state);
  }

  private losePatience(state: SpikeState, open: number): void {
    if (open >= this.tuning.acceptAfter) this.accept(state);
    else if (open >= FIRST_PATIENCE && !this.baseline.knows(state, state.last)) {
      // Before a day's rhythm is known, its morning looks like a spike.
      this.baseline.scaleUnknown(state, this.rise(state));
      this.end(state);
    }
  }

  /** How many times what was expected is counted now. */
  private rise(state: SpikeState): number {
    const open = state.open === null ? HOUR : state.last - state.open.since + this.seconds;
    const buckets = Math.max(1, Math.round(Math.min(HOUR, open) / this.seconds));
    const observed = sum(state.counts.slice(-buckets));
    const expected = sum(state.means.slice(-buckets));
    return expected > 0 ? Math.max(1, observed / expected) : 1;
  }

  /** Ends a spike that was none after all: no mark is made of it. */
  private end(state: SpikeState): void {
    this.forgetExcess(state);
    state.pending.fill(0);
    state.growthPending = 0;
    state.open = null;
  }

  private windowsOf(state: SpikeState, { at, count }: Bucket, mean: number): WindowVerdict[] {
    const gap = this.gapBefore(state, at);
    let observed = count;
    let expected = mean;
    let taken = 1;
    return this.lengths.map((length, index) => {
      for (; taken + gap < length && taken <= state.counts.length; taken += 1) {
        observed += state.counts.at(-taken) ?? 0;
        expected += state.means.at(-taken) ?? 0;
      }
      const dispersion = (state.dispersion[index] ?? 1) * this.inflation(expected);
      const found = surpriseOf(observed, expected, dispersion);
      return { seconds: length * this.seconds, observed, expected, surprise: found, score: found / (state.marks[index] ?? 1) };
    });
  }

  /** A relative error of the expectation widens what may be counted the more, the more is expected. */
  private inflation(expected: number): number {
    return 1 + this.tuning.modelError ** 2 * expected;
  }

  private hasFired({ seconds, surprise: found, score }: WindowVerdict): boolean {
    return score >= this.tuning.score && found >= this.tuning.leastSurprise + Math.log10(HOUR / seconds);
  }

  private isTooNew(state: SpikeState, windows: readonly WindowVerdict[]): boolean {
    if (state.buckets * this.seconds >= COLD_SECONDS) return false;
    const overall = this.baseline.overallMean(state) / this.seconds;
    return !windows.some(({ seconds, observed }, index) => {
      if (observed < COLD_COUNT || state.buckets === 0) return false;
      return surprise(observed, overall * seconds, state.dispersion[index] ?? 1) >= COLD_SURPRISE;
    });
  }

  /** Whole buckets that are missing: nobody was there to count them. */
  private gapBefore(state: SpikeState, at: number): number {
    return state.last < 0 ? 0 : Math.max(0, Math.round((at - state.last) / this.seconds) - 1);
  }

  private leaveGap(state: SpikeState, at: number): void {
    const gap = Math.min(this.gapBefore(state, at), (this.lengths.at(-1) ?? 1) - 1);
    for (let bucket = 0; bucket < gap; bucket += 1) this.remember(state, 0, 0);
  }

  private remember(state: SpikeState, count: number, mean: number): void {
    const most = (this.lengths.at(-1) ?? 1) - 1;
    push(state.counts, count, most);
    push(state.means, Math.round(mean * 1e4) / 1e4, most);
  }

  /**
   * Open until the last minutes have been calm for long enough, and the window that fired is calm too: a longer one still
   * remembers what is over, and a single minute is seldom calm for long.
   */
  private openOrClose(state: SpikeState, at: number, { isSpike, windows }: SpikeVerdict): void {
    const { calm, resolveAfter } = this.tuning;
    if (state.open === null) {
      const fired = windows.findIndex((window) => this.hasFired(window));
      // Growth that lasts shows in no single minute; it is over when some twenty of them say so.
      const grown = windows.findLastIndex(({ seconds }) => seconds <= GROWTH_SECONDS);
      if (isSpike) state.open = { window: Math.max(0, fired === -1 ? grown : fired), calmFor: 0, since: at };
      return;
    }
    const { window } = state.open;
    const isCalm = (index: number): boolean => (windows[index]?.surprise ?? 0) < calm;
    state.open.calmFor = isCalm(this.recent) ? state.open.calmFor + this.seconds : 0;
    const isOver = windows.every((_, index) => index < this.recent || index > window || isCalm(index));
    if (state.open.calmFor >= resolveAfter && isOver) state.open = null;
  }

  /** What has been told is not told again because a longer window still remembers it. */
  private forgetExcess(state: SpikeState): void {
    state.counts = state.counts.map((count, index) => Math.min(count, state.means[index] ?? 0));
    state.growth = 0;
  }

  private mark(state: SpikeState, { windows, growth }: SpikeVerdict): void {
    const age = Math.max(HOUR, this.tuning.youth * state.buckets * this.seconds);
    // What surprises before the rhythm of a day is known says little of later.
    const fade = 0.5 ** (this.seconds / Math.min(this.tuning.markHalfLife, age));
    for (let index = 0; index < state.marks.length; index += 1) {
      const found = windows[index]?.surprise ?? 0;
      const pending = Math.max(state.pending[index] ?? 0, found);
      const isOver = found < this.tuning.calm;
      state.marks[index] = this.marked((state.marks[index] ?? 1) * fade, isOver ? pending : 0);
      state.pending[index] = isOver ? 0 : pending;
    }
    const pending = Math.max(state.growthPending, growth);
    const isOver = growth < this.tuning.calm;
    state.growthMark = this.marked(state.growthMark * fade, isOver ? pending : 0);
    state.growthPending = isOver ? 0 : pending;
  }

  private marked(mark: number, found: number): number {
    const { leastMark, highestMark, markGrowth } = this.tuning;
    return Math.min(highestMark, Math.max(leastMark, mark, Math.min(found, markGrowth * mark)));
  }

  /** The logarithm of how much likelier three times as much has become, over the buckets since that began. */
  private grown(state: SpikeState, count: number, mean: number): number {
    const { growthGain, growthStep } = this.tuning;
    const dispersion = (state.dispersion[0] ?? 1) * this.inflation(mean);
    return clip(state.growth + clip((growthGain / dispersion) * (count * LOG_3 - 2 * mean), -5, growthStep), 0, MOST_GROWTH);
  }

  private learnCount(state: SpikeState, bucket: Bucket, { mean }: SpikeVerdict): void {
    const deviation = Math.sqrt((state.dispersion[0] ?? 1) * this.inflation(mean) * mean);
    const learnt = Math.min(bucket.count, mean + this.tuning.cap * deviation + 2);
    const traffic = trafficOf(bucket);
    if (state.open === null) this.baseline.learn(state, bucket.at, learnt / traffic);
    else this.baseline.learnSpike(state, bucket.at, learnt / traffic, mean / traffic);
  }

  private disperse(state: SpikeState, { windows }: SpikeVerdict): void {
    for (let index = 0; index < state.dispersion.length; index += 1) {
      const { observed = 0, expected = 1 } = windows[index] ?? {};
      const known = state.dispersion[index] ?? 1;
      const squared = (observed - expected) ** 2 / (expected * this.inflation(expected));
      const error = Math.min(squared, DISPERSION_STEP * known, this.tuning.highestDispersion);
      state.dispersion[index] = Math.max(1, known + this.slowRate * (error - known));
    }
  }
}

/** Within one standard deviation nothing is surprising enough to be worth its sum. */
function surpriseOf(observed: number, expected: number, dispersion: number): number {
  const excess = observed - expected;
  return excess <= 0 || excess * excess < dispersion * expected ? 0 : surprise(observed, expected, dispersion);
}

function trafficOf({ trafficFactor }: Bucket): number {
  return Math.max(LEAST_TRAFFIC, trafficFactor ?? 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function push(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) values.shift();
}

function clip(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
