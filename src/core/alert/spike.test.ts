/** What a group's owner would notice: no alarm for the rhythm of the week, one for a spike, and its end soon after. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SpikeDetector, type Bucket, type SpikeState } from './spike.js';

const DAY = 1_440;
const WEEK = 7 * DAY;
/** A Monday, 00:00 UTC, epoch seconds. */
const START = 1_767_571_200;
const detector = new SpikeDetector(60);

/** Minutes of one group, with a noise that is the same in every run. */
class Group {
  state: SpikeState;
  minute: number;
  /** Minutes at which a spike was opened, and closed. */
  opened: number[] = [];
  closed: number[] = [];
  private seed: number;

  constructor(from?: Group) {
    this.state = from === undefined ? detector.fresh() : (JSON.parse(JSON.stringify(from.state)) as SpikeState);
    this.minute = from?.minute ?? 0;
    this.seed = from?.seed ?? 401;
  }

  run(minutes: number, rate: (minute: number) => number, more?: Omit<Bucket, 'at' | 'count'>): this {
    for (let step = 0; step < minutes; step += 1) this.take({ at: this.at, count: this.poisson(rate(this.minute)), ...more });
    return this;
  }

  take(bucket: Bucket): void {
    const wasOpen = this.state.open !== null;
    detector.learn(this.state, bucket, detector.judge(this.state, bucket));
    if (!wasOpen && this.state.open !== null) this.opened.push(this.minute);
    if (wasOpen && this.state.open === null) this.closed.push(this.minute);
    this.minute += 1;
  }

  get at(): number {
    return START + this.minute * 60;
  }

  expected(minute = this.minute): number {
    return detector.judge(this.state, { at: START + minute * 60, count: 0 }).mean;
  }

  private random(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (this.seed + 0.5) / 2 ** 32;
  }

  private poisson(mean: number): number {
    if (mean > 50) return Math.round(mean + Math.sqrt(-2 * mean * Math.log(this.random())) * Math.cos(2 * Math.PI * this.random()));
    let count = 0;
    for (let product = this.random(); product > Math.exp(-mean); count += 1) product *= this.random();
    return count;
  }
}

/** Days between 0.4 and 1.6 times the mean, and three fifths of that at weekends. */
const seasonal =
  (mean: number) =>
  (minute: number): number =>
    mean * (1 + 0.6 * Math.sin((2 * Math.PI * minute) / DAY)) * (minute % WEEK >= 5 * DAY ? 0.6 : 1);
const low = seasonal(3);
const high = seasonal(200);
const times =
  (factor: number, rate: (minute: number) => number) =>
  (minute: number): number =>
    factor * rate(minute);

let lowGroup: Group;
let highGroup: Group;
beforeAll(() => {
  lowGroup = new Group().run(2 * WEEK, low);
  highGroup = new Group().run(2 * WEEK, high);
});

describe('a group with the rhythm of a week', () => {
  it('gives no alarm for it, low or high', () => {
    expect(new Group(lowGroup).run(WEEK, low).opened).toEqual([]);
    expect(new Group(highGroup).run(WEEK, high).opened).toEqual([]);
  });

  it('expects in a minute about what comes', () => {
    for (const hours of [3, 9, 15, 21]) {
      const minute = highGroup.minute + 60 * hours;
      expect(highGroup.expected(minute) / high(minute)).toBeGreaterThan(0.8);
      expect(highGroup.expected(minute) / high(minute)).toBeLessThan(1.2);
    }
  });

  it('gives no alarm for seldom counts, alone or in pairs', () => {
    const group = new Group().run(2 * WEEK, () => 0.03);
    group.take({ at: group.at, count: 2 });
    expect(group.run(DAY, () => 0.03).opened).toEqual([]);
  });

  it('keeps a state of a few kilobytes that is plain data', () => {
    const text = JSON.stringify(highGroup.state);
    expect(text.length).toBeLessThan(5_000);
    expect(JSON.parse(text)).toEqual(highGroup.state);
  });
});

describe('three times as much', () => {
  it('is found within minutes where counts are high, and within twenty where they are low', () => {
    const loud = new Group(highGroup).run(12, times(3, high));
    expect(loud.opened[0]).toBeLessThan(highGroup.minute + 3);
    const quiet = new Group(lowGroup).run(20, times(3, low));
    expect(quiet.opened).toHaveLength(1);
  });

  it('is found at any hour of two days where counts are low, though each minute of it is more surprising than the last', () => {
    const group = new Group(lowGroup);
    let found = 0;
    for (let start = 0; start < 48; start += 1) {
      found += new Group(group.run(60, low)).run(20, times(3, low)).opened.length;
    }
    expect(found).toBeGreaterThanOrEqual(47);
  });

  it('is found when it rises little by little', () => {
    const group = new Group(lowGroup);
    group.run(240, (minute) => low(minute) * (1 + (minute - lowGroup.minute) / 60));
    expect(group.opened).toHaveLength(1);
  });

  it('is over some ten minutes after the counts are what they were, and is not told again', () => {
    for (const [trained, rate] of [
      [lowGroup, low],
      [highGroup, high],
    ] as const) {
      const group = new Group(trained).run(40, times(4, rate)).run(180, rate);
      expect(group.opened).toHaveLength(1);
      expect(group.closed).toHaveLength(1);
      expect(group.closed[0]).toBeLessThan(trained.minute + 40 + 40);
    }
  });

  it('never becomes what is expected within its first hours', () => {
    for (const [trained, rate] of [
      [lowGroup, low],
      [highGroup, high],
    ] as const) {
      const group = new Group(trained).run(6 * 60, times(3, rate));
      expect(group.state.open).not.toBeNull();
      expect(group.expected()).toBeLessThan(1.35 * trained.expected(group.minute));
    }
  });

  it('is what is normal when it has lasted for a day', () => {
    const group = new Group(highGroup).run(DAY + 60, times(3, high));
    expect(group.opened).toHaveLength(1);
    expect(group.state.open).toBeNull();
    expect(group.run(6 * 60, times(3, high)).opened).toHaveLength(1);
  });
});

describe('a group that has bursts', () => {
  it('gives no alarm for one like those before it, but for one that is many times as large', () => {
    const bursts = (minute: number): number => (minute % 400 < 4 ? 60 : 5);
    const group = new Group().run(10 * DAY, bursts);
    const usual = new Group(group).run(DAY, bursts);
    expect(usual.opened).toEqual([]);
    expect(new Group(usual).run(4, () => 600).opened).toHaveLength(1);
  });
});

describe('accept', () => {
  it('ends a spike, and what is so from then on is no spike', () => {
    const group = new Group(lowGroup).run(30, times(4, low));
    detector.accept(group.state);
    expect(group.state.open).toBeNull();
    group.run(6 * 60, times(4, low));
    expect(group.opened).toHaveLength(1);
    expect(group.expected() / low(group.minute)).toBeGreaterThan(2.5);
  });

  it('lets the expectation fall back within a day when it was not to stay', () => {
    const group = new Group(highGroup).run(30, times(4, high));
    detector.accept(group.state);
    group.run(60, times(4, high)).run(2 * DAY, high);
    expect(group.expected() / high(group.minute)).toBeLessThan(1.5);
  });

  it('leaves a group as it is that counts no more than expected', () => {
    const group = new Group(highGroup);
    group.state.counts.fill(0);
    detector.accept(group.state);
    expect(group.expected()).toBe(highGroup.expected());
  });
});

describe('a new group', () => {
  it('gives no alarm for its first rhythm', () => {
    expect(new Group().run(12 * 60 - 1, low).opened).toEqual([]);
    expect(new Group().run(12 * 60 - 1, high).opened).toEqual([]);
  });

  it('takes its first morning for a spike for some hours at most', () => {
    const group = new Group().run(DAY, (minute) => (minute < 13 * 60 ? 5 : 60));
    expect(group.closed).toHaveLength(1);
    expect(group.closed[0]).toBeLessThan(17 * 60);
    expect(group.run(13 * 60, () => 5).expected()).toBeLessThan(20);
  });

  it('gives none for a small rise, though it would later, but one for a great one', () => {
    const young = new Group().run(3 * 60, () => 3);
    expect(new Group(young).run(5, () => 8).opened).toEqual([]);
    expect(new Group(young).run(5, () => 30).opened).toHaveLength(1);
    const silent = new Group().run(3 * 60, () => 0);
    expect(new Group(silent).run(1, () => 8).opened).toEqual([]);
    expect(new Group(silent).run(1, () => 60).opened).toHaveLength(1);
  });
});

describe('a bucket', () => {
  it('that is not over yet is judged by the part that is', () => {
    const usual = Math.round(highGroup.expected());
    const at = highGroup.at;
    const early = detector.judge(highGroup.state, { at, count: Math.round(usual / 6), elapsed: 1 / 6 });
    expect(early.isSpike).toBe(false);
    expect(early.mean).toBeCloseTo(highGroup.expected() / 6, 6);
    expect(detector.judge(highGroup.state, { at, count: usual, elapsed: 1 / 6 }).isSpike).toBe(true);
    expect(detector.judge(highGroup.state, { at, count: usual }).isSpike).toBe(false);
  });

  it('is judged without a change to what is known', () => {
    const before = JSON.stringify(highGroup.state);
    detector.judge(highGroup.state, { at: highGroup.at, count: 5_000 });
    expect(JSON.stringify(highGroup.state)).toBe(before);
  });

  it('with three times the usual traffic may hold three times as much, and teaches nothing of it', () => {
    const group = new Group(highGroup).run(3 * 60, times(3, high), { trafficFactor: 3 });
    expect(group.opened).toEqual([]);
    expect(group.expected() / high(group.minute)).toBeLessThan(1.2);
    const fewer = detector.judge(highGroup.state, { at: highGroup.at, count: Math.round(highGroup.expected()), trafficFactor: 0.2 });
    expect(fewer.isSpike).toBe(true);
  });
});

describe('missing data', () => {
  it('is neither a fall nor, when it ends, a spike', () => {
    const group = new Group(highGroup);
    group.minute += 5 * 60;
    const before = group.expected();
    group.run(2 * 60, high);
    expect(group.opened).toEqual([]);
    expect(before / high(highGroup.minute + 5 * 60)).toBeGreaterThan(0.8);
  });

  it('leaves what came before it out of windows that do not reach so far', () => {
    const group = new Group(highGroup);
    group.minute += 30;
    const { windows } = detector.judge(group.state, { at: group.at, count: 200 });
    expect(windows.filter(({ seconds }) => seconds <= 1_800).map(({ observed }) => observed)).toEqual(
      windows.filter(({ seconds }) => seconds <= 1_800).map(() => 200),
    );
    expect(windows.at(-1)?.observed).toBeGreaterThan(200 + 20 * 80);
  });
});
