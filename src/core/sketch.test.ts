import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secondsOf, slotOf, spreadOf } from './sketch.js';

describe('the sketch of token times', () => {
  it('is within 5 % of the truth from a second to a hundred years, on both sides', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 3e9, noNaN: true }), fc.constantFrom(1, -1), (distance, sign) => {
        const back = secondsOf(slotOf(sign * distance));
        expect(Math.sign(back)).toBe(sign);
        expect(Math.abs(Math.abs(back) - distance) / distance).toBeLessThanOrEqual(0.05);
      }),
    );
  });

  it('tells expired by seconds from expired by days, and keeps what is in time apart', () => {
    const slots = new Map<number, number>();
    for (const seconds of [...Array<number>(90).fill(3), ...Array<number>(10).fill(259_200), 0, 0, -30]) {
      const slot = slotOf(seconds);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    const expired = spreadOf([...slots], 1);
    expect(expired?.count).toBe(100);
    expect(expired?.p50).toBeCloseTo(3, 0);
    expect(expired?.p95).toBeGreaterThan(240_000);
    expect(spreadOf([...slots], -1)?.count).toBe(1);
    expect(slots.get(0)).toBe(2);
    expect(spreadOf([], 1)).toBeUndefined();
  });

  it('takes any number', () => {
    for (const seconds of [NaN, Infinity, -Infinity, 1e300, -1e300, 1e-9, -0]) expect(Math.abs(slotOf(seconds))).toBeLessThanOrEqual(300);
  });
});
