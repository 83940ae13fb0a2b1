import { describe, expect, it } from '@jest/globals';
import type { RuleSettings } from './rule.js';
import { keyText, makeWatch, MAX_GROUPS, SpikeWatch, type Bucket, type Watch } from './watch.js';

const COMMON = {
  ...{ filter: {}, group_by: ['service'], min_count: 0, min_clients: 0, for: '0s', resolve_after: '10m', evaluation_delay: '1m' },
  ...{ severity: 'error' as const, labels: {}, endpoints: null },
};
const SPIKE: RuleSettings = { ...COMMON, type: 'spike', min_count: 10 };
const START = 1_790_000_040;
const KEY = keyText(['shop']);

function minute(at: number, counts: Record<string, number>, more: Partial<Bucket> = {}): Bucket {
  return {
    at: START + at * 60,
    counts: new Map(Object.entries(counts).map(([name, count]) => [keyText([name]), count])),
    isAlive: true,
    elapsed: 1,
    ...more,
  };
}

/** A day of some refusals a minute. */
function quiet(watch: Watch, minutes = 1_500): void {
  for (let at = 0; at < minutes; at += 1) watch.learn(minute(at, { shop: 2 + (at % 3) }), false);
}

describe('the watch of a spike rule', () => {
  it('sees a spike in the unfinished minute, and changes nothing by looking', () => {
    const watch = new SpikeWatch(SPIKE);
    quiet(watch);
    expect(watch.observe([minute(1_500, { shop: 3 })])[0]?.isBreach).toBe(false);
    const before = JSON.stringify(watch.memory);
    const [seen] = watch.observe([minute(1_500, { shop: 3 }), minute(1_501, { shop: 60 }, { elapsed: 1 / 6 })]);
    expect(seen).toMatchObject({ key: ['shop'], isBreach: true });
    expect(seen?.observed).toBeGreaterThanOrEqual(60);
    expect(JSON.stringify(watch.memory)).toBe(before);
  });

  it('wakes nobody for less than the rule asks for', () => {
    const watch = new SpikeWatch({ ...SPIKE, min_count: 1_000 });
    quiet(watch);
    expect(watch.observe([minute(1_500, { shop: 60 })])[0]?.isBreach).toBe(false);
  });

  it('takes a minute without records for a zero only while ingestion was alive', () => {
    const dead = new SpikeWatch(SPIKE);
    const silent = new SpikeWatch(SPIKE);
    for (const watch of [dead, silent]) quiet(watch);
    const before = JSON.stringify(dead.memory);
    for (let at = 1_500; at < 1_560; at += 1) {
      dead.learn(minute(at, {}, { isAlive: false }), false);
      silent.learn(minute(at, {}), false);
    }
    expect(JSON.stringify(dead.memory)).toBe(before);
    expect(JSON.stringify(silent.memory)).not.toBe(before);
    expect(dead.observe([minute(1_560, {}, { isAlive: false })])).toEqual([]);
  });

  it('goes on from what it remembered', () => {
    const watch = new SpikeWatch(SPIKE);
    quiet(watch);
    const other = new SpikeWatch(SPIKE);
    for (const { key, state, lastSeen } of watch.memory) other.remember(key, structuredClone(state), lastSeen);
    const next = [minute(1_500, { shop: 90 })];
    expect(other.observe(next)).toEqual(watch.observe(next));
  });

  it('expects what it was told is normal', () => {
    const watch = new SpikeWatch(SPIKE);
    quiet(watch);
    for (let at = 1_500; at < 1_520; at += 1) watch.learn(minute(at, { shop: 60 }), false);
    expect(watch.observe([minute(1_520, { shop: 60 })])[0]?.isBreach).toBe(true);
    watch.accept(KEY, START + 1_520 * 60);
    expect(watch.observe([minute(1_520, { shop: 60 })])[0]?.isBreach).toBe(false);
  });

  it('calls a group that turns up among known ones a spike, and none where nothing is known yet', () => {
    const known = new SpikeWatch(SPIKE);
    quiet(known);
    const isSpike = (watch: Watch, at: number, count: number): boolean =>
      watch
        .observe([minute(at, { shop: 2 }), minute(at + 1, { shop: 2, new: count }, { elapsed: 0.5 })])
        .find(({ key }) => key[0] === 'new')?.isBreach === true;
    expect(isSpike(known, 1_500, 40)).toBe(true);
    expect(isSpike(known, 1_500, 2)).toBe(false);
    const young = new SpikeWatch(SPIKE);
    quiet(young, 60);
    expect(isSpike(young, 60, 40)).toBe(false);
    expect(isSpike(new SpikeWatch(SPIKE), 0, 4_000)).toBe(false);
  });

  it('looks at so many groups, counts the rest, and makes room when one was silent for a week', () => {
    const watch = new SpikeWatch(SPIKE);
    const names = (count: number, from = 0): Record<string, number> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${String(from + index)}`, 1]));
    watch.learn(minute(0, names(MAX_GROUPS + 7)), false);
    expect([watch.memory.length, watch.leftOut]).toEqual([MAX_GROUPS, 7]);
    watch.learn(minute(8 * 1_440, names(1, 5_000)), false);
    expect(watch.memory.map(({ key }) => key)).toContain(keyText(['s5000']));
    expect(watch.memory).toHaveLength(MAX_GROUPS);
  });
});

describe('the watch of a window', () => {
  const bucket = (at: number, count: number, more: Partial<Bucket> = {}): Bucket => ({
    ...minute(0, count === 0 ? {} : { shop: count }),
    at: START + at * 10,
    ...more,
  });
  const seen = (watch: Watch, buckets: Bucket[]): unknown => watch.observe(buckets).map(({ observed, isBreach }) => [observed, isBreach]);

  it('sums up whole buckets of the window, and no more', () => {
    const watch = makeWatch({ ...COMMON, type: 'threshold', count: 60, window: '1m' });
    for (let at = 0; at < 30; at += 1) watch.learn(bucket(at, 10), false);
    expect(seen(watch, [])).toEqual([[60, true]]);
    expect(seen(watch, [bucket(30, 9)])).toEqual([[59, false]]);
    // One that has just begun does not count yet, and takes none out.
    expect(seen(watch, [bucket(30, 10), bucket(31, 1, { elapsed: 0.3 })])).toEqual([[60, true]]);
    expect(
      seen(
        watch,
        Array.from({ length: 7 }, (_, index) => bucket(30 + index, 0)),
      ),
    ).toEqual([]);
    expect(seen(watch, [])).toEqual([[60, true]]);
  });

  it('tells late of what came late, once, and not of what it had told', () => {
    const watch = makeWatch({ ...COMMON, type: 'threshold', count: 50, window: '1m' });
    watch.observe([bucket(0, 0), bucket(1, 0)]);
    watch.learn(bucket(0, 80), true);
    for (let at = 1; at < 20; at += 1) watch.learn(bucket(at, 0), true);
    // Until somebody says that it was told, it is told.
    expect(seen(watch, [bucket(20, 0)])).toEqual([[80, true]]);
    expect(seen(watch, [bucket(20, 0)])).toEqual([[80, true]]);
    watch.confirm();
    expect(seen(watch, [bucket(21, 0)])).toEqual([]);
    expect(seen(watch, [bucket(21, 90)])).toEqual([[90, true]]);
    watch.confirm();
    for (let at = 20; at < 40; at += 1) watch.learn(bucket(at, at === 21 ? 90 : 0), true);
    expect(seen(watch, [bucket(40, 0)])).toEqual([]);
  });

  it('tells late only of what lasted for as long as the rule asks, with when it began', () => {
    const watch = makeWatch({ ...COMMON, type: 'threshold', count: 50, window: '10s', for: '30s' });
    // The second breach begins before anybody could miss it, and pauses for a moment; the first one is over too soon.
    const counts = [80, 80, 0, 0, 0, 0, 60, 0, 60, 0, 0];
    for (const [at, count] of counts.entries()) {
      watch.learn(bucket(at, count), at !== 6);
      expect(watch.observe([]).some(({ isBreach }) => isBreach)).toBe(count > 0 || at >= 8);
    }
    expect(watch.observe([]).map(({ observed, at, lateSince }) => [observed, at, lateSince])).toEqual([[60, START + 90, START + 70]]);
    // The same group breaches again: that it was there before is told with it.
    expect(watch.observe([bucket(11, 90)]).map(({ observed, lateSince }) => [observed, lateSince])).toEqual([[90, START + 70]]);
  });

  it('is reminded of what was told before', () => {
    const watch = makeWatch({ ...COMMON, type: 'threshold', count: 50, window: '10s' });
    // A bucket that had just begun was not looked at.
    watch.remind(KEY, START + 25);
    for (const at of [0, 1]) watch.learn(bucket(at, 80), true);
    watch.learn(bucket(3, 0), true);
    expect(seen(watch, [])).toEqual([]);
    watch.learn(bucket(4, 80), true);
    watch.learn(bucket(5, 0), true);
    expect(seen(watch, [])).toEqual([[80, true]]);
  });

  it('divides by requests where the rule is about a share, in the minutes that they are counted by', () => {
    const watch = makeWatch({ ...COMMON, type: 'ratio', ratio: 0.1, min_count: 5, window: '2m' });
    expect(watch.seconds).toBe(60);
    const at = (count: number, requests: number): unknown =>
      watch.observe([bucket(0, count, { traffic: new Map([[KEY, requests]]) })]).map(({ isBreach, score }) => [isBreach, score]);
    expect(at(5, 50)).toEqual([[true, 1]]);
    expect(at(5, 51)).toEqual([[false, expect.closeTo(0.98, 2)]]);
    expect(at(4, 4)).toEqual([[false, 10]]);
    // More refusals than requests: then the requests are not all told.
    expect(at(50, 10)).toEqual([[false, 0]]);
    expect(at(50, 0)).toEqual([[false, 0]]);
  });

  it('looks at so many groups, and counts the rest', () => {
    const watch = makeWatch({ ...COMMON, type: 'threshold', count: 1, window: '1m' });
    const counts = new Map(Array.from({ length: MAX_GROUPS + 9 }, (_, index) => [keyText([`s${String(index)}`]), 1]));
    watch.learn(bucket(0, 0, { counts }), false);
    expect([watch.observe([]).length, watch.leftOut]).toEqual([MAX_GROUPS, 9]);
    // What was left out is not taken off later.
    const late = keyText([`s${String(MAX_GROUPS + 3)}`]);
    for (let at = 1; at < 6; at += 1) watch.learn(bucket(at, 0), false);
    watch.learn(bucket(6, 0, { counts: new Map([[late, 5]]) }), false);
    watch.learn(bucket(7, 0), false);
    expect(watch.observe([]).map(({ key, observed }) => [keyText(key), observed])).toEqual([[late, 5]]);
  });
});
