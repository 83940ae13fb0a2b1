/**
 * What a group's counts usually are at an hour of the week: a profile of the week, one of the day, and a level that says how
 * far today lies above or below them. Between the middles of two hours the expectation goes in a straight line: a step from
 * hour to hour would look like a spike where counts are high. Pure data in and out; nothing here knows of spikes.
 */
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;

export interface BaselineTuning {
  /** Weight of a new value in the profile of the week and of the day; while they are young, the plain average is taken. */
  weekWeight: number;
  dayWeight: number;
  /** Part of the week's profile in the expectation, where both are known. */
  weekShare: number;
  /** Half-lives, seconds: of the level; of the overall mean (and of what else is learnt slowly). */
  levelHalfLife: number;
  slowHalfLife: number;
  /** How far the level may lie above what the profiles say. */
  highestLevel: number;
}

export interface Baseline {
  /** Mean count of a bucket by hour of the week and of the day, from the epoch on; -1 where nothing is known. */
  week: number[];
  day: number[];
  /** Overall mean of a bucket; -1 before the first one. */
  mean: number;
  /** Learnt counts and what the profiles said of them, as sums over some twenty buckets that fade. */
  observed: number;
  expected: number;
  /** Factor by which a higher level was taken into the profiles; fades to 1. The level may fall back as far. */
  accepted: number;
  /** The hour that is being learnt (epoch hours), and its sum and number of buckets. */
  hour: number;
  hourSum: number;
  hourBuckets: number;
  /** Buckets seen. */
  buckets: number;
}

/** Below it nothing is expected of a minute. */
const LEAST_MEAN = 0.02;
/** Buckets that the level is measured over, and counts that are added to both sides so that few say little. */
const LEVEL_BUCKETS = 20;
const LEVEL_PRIOR = 3;
const LOWEST_LEVEL = 0.5;
/** The first buckets are averaged, so that the very first one does not weigh for days. */
const FIRST_BUCKETS = 50;
/** Of a spike, profiles learn so much times the expectation at most. */
const HIGHEST_RISE = 1.5;
const ACCEPTED_HALF_LIFE = 7 * DAY;
/** A factor that was accepted counts as gone below this; until then the level has this half-life at most, seconds. */
const ACCEPTED = 1.2;
const ACCEPTED_LEVEL_HALF_LIFE = 4 * HOUR;

export class BaselineModel {
  private readonly levelRate: number;
  private readonly acceptedRate: number;
  private readonly slowRate: number;
  private readonly acceptedFade: number;
  private readonly leastMean: number;

  /** @param seconds width of a bucket */
  constructor(
    private readonly seconds: number,
    private readonly tuning: BaselineTuning,
  ) {
    this.levelRate = 1 - 0.5 ** (seconds / tuning.levelHalfLife);
    this.acceptedRate = 1 - 0.5 ** (seconds / Math.min(tuning.levelHalfLife, ACCEPTED_LEVEL_HALF_LIFE));
    this.slowRate = 1 - 0.5 ** (seconds / tuning.slowHalfLife);
    this.acceptedFade = 0.5 ** (seconds / ACCEPTED_HALF_LIFE);
    this.leastMean = (LEAST_MEAN * seconds) / MINUTE;
  }

  fresh(): Baseline {
    return {
      week: new Array<number>(HOURS_A_WEEK).fill(-1),
      day: new Array<number>(HOURS_A_DAY).fill(-1),
      mean: -1,
      observed: 0,
      expected: 0,
      accepted: 1,
      hour: -1,
      hourSum: 0,
      hourBuckets: 0,
      buckets: 0,
    };
  }

  /** Expected in the bucket that begins at `at`; `count` stands in for it while nothing at all is known. */
  meanAt(baseline: Baseline, at: number, count: number): number {
    if (baseline.mean < 0) return Math.max(count, this.leastMean);
    const level = (baseline.observed + LEVEL_PRIOR) / (baseline.expected + LEVEL_PRIOR);
    const lowest = LOWEST_LEVEL / Math.max(1, baseline.accepted);
    return Math.max(this.leastMean, this.profileAt(baseline, at) * Math.min(this.tuning.highestLevel, Math.max(lowest, level)));
  }

  /** Overall mean of a bucket, whatever the hour. */
  overallMean(baseline: Baseline): number {
    return Math.max(baseline.mean, this.leastMean);
  }

  learn(baseline: Baseline, at: number, count: number): void {
    this.learnHour(baseline, at, count);
    const profile = baseline.mean < 0 ? count : this.profileAt(baseline, at);
    const rate = Math.max(this.slowRate, 1 / Math.min(baseline.buckets + 1, FIRST_BUCKETS));
    baseline.mean = baseline.mean < 0 ? count : baseline.mean + rate * (count - baseline.mean);
    // What was accepted may not last: the level then finds its way back sooner.
    const levelRate = baseline.accepted > ACCEPTED ? this.acceptedRate : this.levelRate;
    baseline.observed += levelRate * (LEVEL_BUCKETS * count - baseline.observed);
    baseline.expected += levelRate * (LEVEL_BUCKETS * profile - baseline.expected);
  }

  /**
   * During a spike the level stands still, or the spike would become what it is measured by. The profiles, which matter a
   * day or a week later, learn a part, or what is so every Monday would be a spike for ever.
   * @param mean what was expected
   */
  learnSpike(baseline: Baseline, at: number, count: number, mean: number): void {
    if (this.knows(baseline, at)) this.learnHour(baseline, at, Math.min(count, HIGHEST_RISE * mean));
  }

  /** Whether this hour of the day was seen before. */
  knows(baseline: Baseline, at: number): boolean {
    return (baseline.day[Math.floor(at / HOUR) % HOURS_A_DAY] ?? -1) >= 0;
  }

  /** Takes a factor into what is expected of hours that were never seen. */
  scaleUnknown(baseline: Baseline, factor: number): void {
    baseline.mean *= factor;
  }

  /** Takes a factor by which counts have changed for good into all that is known. */
  scale(baseline: Baseline, factor: number): void {
    const scaled = (value: number): number => (value < 0 ? value : rounded(value * factor));
    baseline.week = baseline.week.map(scaled);
    baseline.day = baseline.day.map(scaled);
    baseline.mean = scaled(baseline.mean);
    baseline.hourSum *= factor;
    baseline.observed *= factor;
    baseline.expected *= factor;
    baseline.accepted *= factor;
  }

  private learnHour(baseline: Baseline, at: number, count: number): void {
    this.turnHour(baseline, Math.floor(at / HOUR));
    baseline.hourSum += count;
    baseline.hourBuckets += 1;
    baseline.accepted = 1 + this.acceptedFade * (baseline.accepted - 1);
  }

  /** An hour that is over goes into the profiles. */
  private turnHour(baseline: Baseline, hour: number): void {
    if (hour === baseline.hour) return;
    const { weekWeight, dayWeight } = this.tuning;
    const mean = baseline.hourSum / Math.max(1, baseline.hourBuckets);
    const part = Math.min(1, (baseline.hourBuckets * this.seconds) / HOUR);
    const age = (baseline.buckets * this.seconds) / DAY;
    if (part > 0) {
      blend(baseline.week, baseline.hour % HOURS_A_WEEK, mean, part * Math.max(weekWeight, 1 / (age / 7 + 1)));
      blend(baseline.day, baseline.hour % HOURS_A_DAY, mean, part * Math.max(dayWeight, 1 / (age + 1)));
    }
    baseline.hour = hour;
    baseline.hourSum = 0;
    baseline.hourBuckets = 0;
  }

  /** What the profiles say, without today's level. */
  private profileAt(baseline: Baseline, at: number): number {
    const place = (at + this.seconds / 2) / HOUR - 0.5;
    const hour = Math.floor(place);
    const before = this.hourly(baseline, hour);
    const after = this.hourly(baseline, hour + 1);
    if (before < 0 && after < 0) return Math.max(baseline.mean, this.leastMean);
    if (before < 0 || after < 0) return Math.max(before, after, this.leastMean);
    return Math.max(before + (place - hour) * (after - before), this.leastMean);
  }

  private hourly({ week, day }: Baseline, hour: number): number {
    const ofWeek = week[hour % HOURS_A_WEEK] ?? -1;
    const ofDay = day[hour % HOURS_A_DAY] ?? -1;
    if (ofWeek < 0 || ofDay < 0) return Math.max(ofWeek, ofDay);
    return this.tuning.weekShare * ofWeek + (1 - this.tuning.weekShare) * ofDay;
  }
}

function blend(values: number[], index: number, value: number, weight: number): void {
  const known = values[index] ?? -1;
  values[index] = rounded(known < 0 ? value : known + weight * (value - known));
}

/** Five digits are more than a count knows, and keep the stored state small. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
