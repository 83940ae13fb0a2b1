import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { moved, rowsOf, sumsByBucket, Tallies } from './rows.js';

describe('rows of numbers', () => {
  it('hold how often each pair came, however many numbers a position has and in whatever order', () => {
    const pairs = fc.array(fc.tuple(fc.nat(3), fc.nat(60)), { maxLength: 400 });
    fc.assert(
      fc.property(pairs, (all) => {
        const tallies = new Tallies();
        const expected = new Map<string, number>();
        for (const [position, number] of all) {
          tallies.add(position, number);
          expected.set(`${String(position)} ${String(number)}`, (expected.get(`${String(position)} ${String(number)}`) ?? 0) + 1);
        }
        const counted = rowsOf(tallies.rows, 3).map(([position, number, count]) => [`${String(position)} ${String(number)}`, count]);
        expect(counted).toEqual([...expected]);
        expect(tallies.spans(10)).toBe(
          new Set(all.map(([position, number]) => `${String(position)} ${String(Math.floor(number / 10))}`)).size,
        );
      }),
    );
  });

  it('are summed by bucket, and moved to other positions', () => {
    const [one, other] = [
      [0, 60, 1, 1, 60, 2, 0, 120, 3],
      [0, 60, 5, 1, 120, 7],
    ];
    expect([...sumsByBucket([one, other])].map(([bucket, sums]) => [bucket, [...sums]])).toEqual([
      [
        60,
        [
          [0, 6],
          [1, 2],
        ],
      ],
      [
        120,
        [
          [0, 3],
          [1, 7],
        ],
      ],
    ]);
    expect(moved(one, 3, [4, 9])).toEqual([4, 60, 1, 9, 60, 2, 4, 120, 3]);
  });
});
