/**
 * Finds spikes in the counts of one group: a baseline that knows the hour of the week and learns no spike, a dispersion
 * that it measures, and marks by which a series is compared with its own past. What is kept is the state alone, so that an
 * evaluation costs the same after a year as after a day.
 *
 * For each bucket: `judge` says what was expected (profiles times level), how unlikely the last minutes to hours are
 * (negative binomial, `surprise`), whether growth lasts (a cumulative sum of the likelihood of three times as much), and
 * how all that compares with the largest surprises of this series. `learn` then takes the bucket into the state.
 */
import { surprise } from './tail.js';

const MINUTE = 60;
const HOUR = 3_600;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;

export interface SpikeTuning {
  /** Windows that are looked at, seconds, shortest first. */
  windows: readonly number[];
  /** Weight of a new value in the profile of the week and of the day. */
  weekWeight: number;
  dayWeight: number;
  /** Part of the week's profile in the expectation, where both are known. */
  weekShare: number;
  /** Half-lives, seconds: of the level, of dispersion and overall mean, of the largest surprises. */
  levelHalfLife: number;
  slowHalfLife: number;
  markHalfLife: number;
  /** Marks fade sooner while the series is young: their half-life is this part of its age. */
  youth: number;
  /** How far the level may lie above what the profiles say. */
  highestLevel: number;
  /** A mark grows by this factor at most at once, and never falls below the least one. */
  markGrowth: number;
  leastMark: number;
  /** Standard deviations above the expectation up to which a count is learnt. */
  cap: number;
  highestDispersion: number;
  /** Growth that lasts: weight of one bucket's likelihood ratio (divided by the dispersion), and the most that one may add. */
  growthGain: number;
  growthStep: number;
  /** An alarm needs a surprise this many times as large as the mark, and this large (-log10 of a probability). */
  score: number;
  leastSurprise: number;
  /** A spike is over when its windows have been less surprising than this for this long, seconds. */
  calm: number;
  resolveAfter: number;
}

/** Chosen by `npm run bench:detect -- --tune`: cross-validation over labelled series, with simulated ones beside them. */
export const SPIKE_TUNING: SpikeTuning = {
  windows: [60, 300, 900, 3_600, 10_800],
  weekWeight: 0.2,
  dayWeight: 0.15,
  weekShare: 0.8,
  levelHalfLife: 14_400,
  slowHalfLife: 172_800,
  markHalfLife: 1_209_600,
  youth: 0.5,
  highestLevel: 6,
  markGrowth: 2,
  leastMark: 2,
  cap: 3,
  highestDispersion: 300,
  growthGain: 0.8,
  growthStep: 3,
  score: 1.35,
  leastSurprise: 5,
  calm: 1.3,
  resolveAfter: 600,
};

/** Plain data: it is stored as it is. Lists with a place per window are in the order of the windows. */
export interface SpikeState {
  /** Mean count of a bucket by hour of the week and of the day; -1 where nothing is known. */
  week: number[];
  day: number[];
  /** Overall mean; -1 before the first bucket. */
  mean: number;
  /** Learnt counts and what the profiles said of them, as sums over some twenty buckets that fade. */
  observed: number;
  expected: number;
  dispersion: number[];
  marks: number[];
  growthMark: number;
  growth: number;
  /** The last buckets, as many as the longest window has but one: counts and expectations. */
  counts: number[];
  means: number[];
  /** The hour that is being learnt (epoch hours), and its sum and number of buckets. */
  hour: number;
  hourSum: number;
  hourBuckets: number;
  buckets: number;
  /** An open spike: the longest of the windows that fired, and for how long it has been calm, seconds. */
  open: { window: number; calmFor: number } | null;
}

export interface Bucket {
  /** Start, epoch seconds. */
  at: number;
  count: number;
  /** Part of the bucket that is over, above 0; 1 for a whole one. */
  elapsed?: number;
}

export interface SpikeVerdict {
  isSpike: boolean;
  /** Surprise in units of the series' own largest ones; the highest over all windows. */
  score: number;
  /** -log10 of the probability of what was seen in the most surprising window. */
  surprise: number;
  /** Expected in this bucket. */
  mean: number;
  windows: { seconds: number; observed: number; expected: number; surprise: number; score: number }[];
  /** Of lasting growth, as `surprise`. */
  growth: number;
}

/** Below it nothing is expected of a minute. */
const LEAST_MEAN = 0.02;
/** Buckets that the level is measured over, and counts that are added to both sides so that few say little. */
const LEVEL_BUCKETS = 20;
const LEVEL_PRIOR = 3;
const LOWEST_LEVEL = 0.5;
/** Squared error of one bucket that dispersion learns, in units of itself. */
const DISPERSION_STEP = 25;
const MOST_GROWTH = 60;
const LOG_3 = Math.log(3);

export class SpikeDetector {
  /** Buckets of each window, shortest first. */
  private readonly lengths: readonly number[];
  private readonly levelRate: number;
  private readonly slowRate: number;

  /** @param seconds width of a bucket */
  constructor(
    private readonly seconds: number,
    private readonly tuning: SpikeTuning = SPIKE_TUNING,
  ) {
    this.lengths = [...new Set(tuning.windows.map((window) => Math.max(1, Math.round(window / seconds))))];
    this.levelRate = 1 - 0.5 ** (seconds / tuning.levelHalfLife);
    this.slowRate = 1 - 0.5 ** (seconds / tuning.slowHalfLife);
  }

  /** Of a group that nothing is known of. */
  fresh(): SpikeState {
    const { leastMark } = this.tuning;
    return {
      week: new Array<number>(HOURS_A_WEEK).fill(-1),
      day: new Array<number>(HOURS_A_DAY).fill(-1),
      mean: -1,
      observed: 0,
      expected: 0,
      dispersion: this.lengths.map(() => 1),
      marks: this.lengths.map(() => leastMark),
      growthMark: leastMark,
      growth: 0,
      counts: [],
      means: [],
      hour: -1,
      hourSum: 0,
      hourBuckets: 0,
      buckets: 0,
      open: null,
    };
  }

  /** What to think of a bucket, whole or so far. Changes nothing. */
  judge(state: SpikeState, bucket: Bucket): SpikeVerdict {
    const elapsed = bucket.elapsed ?? 1;
    const mean = this.meanAt(state, bucket) * elapsed;
    const windows = this.lengths.map((length, index) => {
      const observed = bucket.count + sumOfLast(state.counts, length - 1);
      const expected = mean + sumOfLast(state.means, length - 1);
      const found = surprise(observed, expected, state.dispersion[index] ?? 1);
      return { seconds: length * this.seconds, observed, expected, surprise: found, score: found / (state.marks[index] ?? 1) };
    });
    const growth = this.grown(state, bucket.count, mean) / Math.LN10;
    const score = Math.max(growth / state.growthMark, ...windows.map((window) => window.score));
    const most = Math.max(growth, ...windows.map((window) => window.surprise));
    const isSpike = score >= this.tuning.score && most >= this.tuning.leastSurprise;
    return { isSpike, score, surprise: most, mean, windows, growth };
  }

  /**
   * Takes a whole bucket into the state, which is changed in place.
   * @param verdict what `judge` said of it
   */
  learn(state: SpikeState, bucket: Bucket, verdict: SpikeVerdict): void {
    const wasOpen = state.open !== null;
    this.openOrClose(state, verdict);
    // Marks learn what opens a spike; what follows in it is the same spike.
    if (!wasOpen) this.mark(state, verdict);
    state.growth = this.grown(state, bucket.count, verdict.mean);
    this.learnCount(state, bucket, verdict);
    const most = (this.lengths.at(-1) ?? 1) - 1;
    push(state.counts, bucket.count, most);
    push(state.means, verdict.mean, most);
    state.buckets += 1;
  }

  /** Open until the windows that fired, and every shorter one, have been calm: a longer one remembers what is over. */
  private openOrClose(state: SpikeState, { isSpike, windows }: SpikeVerdict): void {
    const { calm, resolveAfter, score } = this.tuning;
    if (state.open === null) {
      if (isSpike)
        state.open = {
          window: Math.max(
            0,
            windows.findIndex((window) => window.score >= score),
          ),
          calmFor: 0,
        };
      return;
    }
    const isCalm = windows.slice(0, state.open.window + 1).every((window) => window.surprise < calm);
    state.open.calmFor = isCalm ? state.open.calmFor + this.seconds : 0;
    if (state.open.calmFor >= resolveAfter) state.open = null;
  }

  private mark(state: SpikeState, { windows, growth }: SpikeVerdict): void {
    const age = Math.max(HOUR, this.tuning.youth * state.buckets * this.seconds);
    // What surprises before the rhythm of a day is known says little of later.
    const fade = 0.5 ** (this.seconds / Math.min(this.tuning.markHalfLife, age));
    state.marks = state.marks.map((mark, index) => this.marked(mark * fade, windows[index]?.surprise ?? 0));
    state.growthMark = this.marked(state.growthMark * fade, growth);
  }

  private marked(mark: number, found: number): number {
    const { leastMark, markGrowth } = this.tuning;
    return Math.max(leastMark, mark, Math.min(found, markGrowth * mark));
  }

  /** The logarithm of how much likelier three times as much has become, over the buckets since that began. */
  private grown(state: SpikeState, count: number, mean: number): number {
    const { growthGain, growthStep } = this.tuning;
    const step = (growthGain / (state.dispersion[0] ?? 1)) * (count * LOG_3 - 2 * mean);
    return clip(state.growth + clip(step, -5, growthStep), 0, MOST_GROWTH);
  }

  private learnCount(state: SpikeState, { at, count }: Bucket, { mean, windows }: SpikeVerdict): void {
    this.turnHour(state, Math.floor(at / HOUR));
    const learnt = Math.min(count, mean + this.tuning.cap * Math.sqrt((state.dispersion[0] ?? 1) * mean) + 2);
    state.hourSum += learnt;
    state.hourBuckets += 1;
    const profile = this.profileAt(state, at);
    // The first buckets are averaged, so that the very first one does not weigh for days.
    state.mean =
      state.mean < 0 ? count : state.mean + Math.max(this.slowRate, 1 / Math.min(state.buckets + 1, FIRST_BUCKETS)) * (learnt - state.mean);
    state.observed += this.levelRate * (LEVEL_BUCKETS * learnt - state.observed);
    state.expected += this.levelRate * (LEVEL_BUCKETS * profile - state.expected);
    state.dispersion = state.dispersion.map((dispersion, index) => {
      const { observed = 0, expected = 1 } = windows[index] ?? {};
      const error = Math.min((observed - expected) ** 2 / expected, DISPERSION_STEP * dispersion, this.tuning.highestDispersion);
      return Math.max(1, dispersion + this.slowRate * (error - dispersion));
    });
  }

  /** An hour that is over goes into the profiles. */
  private turnHour(state: SpikeState, hour: number): void {
    if (hour === state.hour) return;
    if (state.hourBuckets > 0) {
      const mean = state.hourSum / state.hourBuckets;
      blend(state.week, state.hour % HOURS_A_WEEK, mean, this.tuning.weekWeight);
      blend(state.day, state.hour % HOURS_A_DAY, mean, this.tuning.dayWeight);
    }
    state.hour = hour;
    state.hourSum = 0;
    state.hourBuckets = 0;
  }

  private meanAt(state: SpikeState, { at, count }: Bucket): number {
    const level = (state.observed + LEVEL_PRIOR) / (state.expected + LEVEL_PRIOR);
    const profile = state.mean < 0 ? Math.max(count, this.leastMean) : this.profileAt(state, at);
    return profile * clip(level, LOWEST_LEVEL, this.tuning.highestLevel);
  }

  private profileAt({ week, day, mean }: SpikeState, at: number): number {
    const hour = Math.floor(at / HOUR);
    const ofWeek = week[hour % HOURS_A_WEEK] ?? -1;
    const ofDay = day[hour % HOURS_A_DAY] ?? -1;
    const { weekShare } = this.tuning;
    const known =
      ofWeek >= 0 && ofDay >= 0 ? weekShare * ofWeek + (1 - weekShare) * ofDay : ofWeek >= 0 ? ofWeek : ofDay >= 0 ? ofDay : mean;
    return Math.max(known, this.leastMean);
  }

  private get leastMean(): number {
    return (LEAST_MEAN * this.seconds) / MINUTE;
  }
}

const FIRST_BUCKETS = 50;

function sumOfLast(values: readonly number[], count: number): number {
  let sum = 0;
  for (let index = Math.max(0, values.length - count); index < values.length; index += 1) sum += values[index] ?? 0;
  return sum;
}

function push(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) values.shift();
}

function blend(values: number[], index: number, value: number, weight: number): void {
  const known = values[index] ?? -1;
  values[index] = known < 0 ? value : known + weight * (value - known);
}

function clip(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
