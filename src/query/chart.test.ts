import { describe, expect, it } from '@jest/globals';
import { countPoints, linesOf, ratesOfLine, Requests, restOf, targetDimensions } from './chart.js';

const SPAN = { from: 600, to: 780 };
const point = (key: string[], at: number, count: number): { key: string[]; at: number; count: number } => ({ key, at, count });

describe('charts', () => {
  it('fills every step, and sums up what is beyond the lines shown', () => {
    const points = [point(['a'], 600, 3), point(['a'], 720, 1)];
    const lines = linesOf([{ key: ['a'], count: 4 }], points);
    expect(lines.map((line) => countPoints(line, SPAN, 60))).toEqual([
      [
        [600_000, 3],
        [660_000, 0],
        [720_000, 1],
      ],
    ]);
    const rest = restOf(['service'], [point([], 600, 5), point([], 660, 2), point([], 720, 1)], points);
    expect([rest.key, rest.total, countPoints(rest, SPAN, 60).map(([, count]) => count)]).toEqual([['__other__'], 4, [2, 2, 0]]);
  });

  it('divides by the requests of what requests have too', () => {
    const requests = new Requests(['cause', 'service']);
    const lines = linesOf(
      [
        { key: ['expired_token', 'a'], count: 4 },
        { key: ['wrong_password', 'a'], count: 1 },
        { key: ['expired_token', 'b'], count: 1 },
      ],
      [point(['expired_token', 'a'], 600, 4), point(['wrong_password', 'a'], 660, 1), point(['expired_token', 'b'], 600, 1)],
    );
    expect(targetDimensions(['cause', 'service'])).toEqual(['service']);
    expect(requests.keysOf(lines)).toEqual([['a'], ['b']]);
    const known = [point(['a'], 600, 8), point(['a'], 660, 10)];
    const figures = requests.of(lines, known);
    const rates = lines.map((line, index) => ratesOfLine(line, figures[index] ?? new Map(), SPAN, 60));
    expect(rates.map(({ points }) => points.map(([, rate]) => rate))).toEqual([
      [0.5, 0, null],
      [0, 0.1, null],
      [null, null, null],
    ]);
    expect(rates.map(({ rate }) => rate)).toEqual([4 / 18, 1 / 18, null]);
    // A service may have refusals in lines shown and in the rest: the rest is compared with everything.
    expect([...requests.beyond([point([], 600, 20)], known)]).toEqual([[600, 20]]);
  });

  it('takes the requests of lines shown from those of the rest, where each has its own', () => {
    const requests = new Requests(['service']);
    expect([...requests.beyond([point([], 600, 20)], [point(['a'], 600, 8)])]).toEqual([[600, 12]]);
  });

  it('says nothing where fewer requests are known than refusals', () => {
    const [line] = linesOf([{ key: [], count: 3 }], [point([], 600, 3)]);
    const rates = ratesOfLine(line ?? { key: [], total: 0, counts: new Map() }, new Map([[600, 2]]), { from: 600, to: 660 }, 60);
    expect(rates).toEqual({ rate: null, points: [[600_000, null]] });
  });
});
