import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SeriesPoint } from '../store/count-queries.js';
import { LiveCounts, type LiveListener, type LiveQuery } from './live-counts.js';

const QUERY: LiveQuery = { projectId: 1, filters: {}, by: ['cause'] };

interface Heard extends LiveListener {
  heard: unknown[];
}

function listener(): Heard {
  const heard: unknown[] = [];
  return {
    heard,
    counts: (_, total, changes) => heard.push([total, ...changes.map(({ key, count }) => [key[0], count])]),
    alive: () => heard.push('alive'),
    end: (problem) => heard.push(problem ?? 'end'),
  };
}

describe('live counts', () => {
  let points: SeriesPoint[] | Error;
  let reads: number;
  let live: LiveCounts;
  beforeEach(() => {
    jest.useFakeTimers();
    points = [];
    reads = 0;
    live = new LiveCounts(() => {
      reads += 1;
      return points instanceof Error ? Promise.reject(points) : Promise.resolve(points);
    });
  });
  afterEach(() => {
    live.close();
    jest.useRealTimers();
  });
  const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * 1_000);
  const point = (key: string, at: number, count: number): SeriesPoint => ({ key: [key], at, count });

  it('tell what each key gained, whatever leaves the window, and nothing when nothing did', async () => {
    const one = listener();
    points = [point('a', 10, 5), point('b', 20, 1)];
    live.listen(QUERY, one);
    await seconds(2);
    expect(one.heard).toEqual([]);
    points = [point('b', 20, 3), point('a', 30, 1)];
    await seconds(1);
    points = [point('b', 20, 3), point('a', 30, 1), point('c', 30, 7)];
    await seconds(2);
    expect(one.heard).toEqual([
      [3, ['b', 2], ['a', 1]],
      [7, ['c', 7]],
    ]);
  });

  it('share one look between equal questions, and stop looking when all have left', async () => {
    const [one, two] = [listener(), listener()];
    const leave = [live.listen(QUERY, one), live.listen({ ...QUERY }, two)];
    await seconds(3);
    expect(reads).toBe(4);
    points = [point('a', 10, 1)];
    await seconds(1);
    expect([one.heard, two.heard]).toEqual([[[1, ['a', 1]]], [[1, ['a', 1]]]]);
    for (const go of leave) go?.();
    const before = reads;
    await seconds(60);
    expect([reads, jest.getTimerCount()]).toEqual([before, 0]);
  });

  it('make up for a look that failed, and show that they are alive', async () => {
    const one = listener();
    live.listen(QUERY, one);
    await seconds(1);
    points = new Error('gone');
    await seconds(2);
    points = [point('a', 10, 2)];
    await seconds(12);
    expect(one.heard).toEqual([[2, ['a', 2]], 'alive']);
  });

  it('do not take for new what was judged anew', async () => {
    const one = listener();
    points = [point('a', 10, 5), point('a', 20, 5)];
    live.listen(QUERY, one);
    await seconds(1);
    points = [point('b', 10, 5), point('b', 20, 5)];
    await seconds(1);
    expect(one.heard).toEqual([]);
    points = [point('c', 10, 5), point('c', 20, 7)];
    await seconds(1);
    points = [point('c', 20, 8)];
    await seconds(1);
    expect(one.heard).toEqual([
      [2, ['__other__', 2]],
      [1, ['c', 1]],
    ]);
  });

  it('sum up what is beyond a hundred keys', async () => {
    const one = listener();
    live.listen(QUERY, one);
    await seconds(1);
    points = Array.from({ length: 150 }, (_, index) => point(`k${String(index)}`, 10, index < 100 ? 2 : 1));
    await seconds(1);
    const [[total, ...changes]] = one.heard as [[number, ...unknown[]]];
    expect([total, changes.length, changes.at(-1)]).toEqual([250, 101, ['__other__', 50]]);
  });

  it('end what has too many keys to follow', async () => {
    const one = listener();
    points = Array.from({ length: 20_001 }, (_, index) => point(`k${String(index)}`, 10, 1));
    live.listen(QUERY, one);
    await seconds(5);
    expect([one.heard, reads]).toEqual([[expect.stringContaining('too many different keys')], 1]);
  });

  it('hold fifty listeners of a project and no more, and none once closed', () => {
    const leave = Array.from({ length: 50 }, () => live.listen(QUERY, listener()));
    expect(live.listen(QUERY, listener())).toBeUndefined();
    leave[0]?.();
    leave[0]?.();
    const last = listener();
    expect([live.listen(QUERY, last) !== undefined, live.listen(QUERY, listener())]).toEqual([true, undefined]);
    live.close();
    for (const go of leave) go?.();
    expect([last.heard, live.listen(QUERY, listener())]).toEqual([['end'], undefined]);
  });

  it('keep room for every project, however many listeners others have', () => {
    const counts = [1, 2, 3, 4].map((projectId) => {
      for (let count = 0; ; count += 1) if (live.listen({ ...QUERY, projectId }, listener()) === undefined) return count;
    });
    expect(counts).toEqual([50, 25, 12, 6]);
  });
});
