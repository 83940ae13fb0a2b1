import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAttempt, retryAfterMs } from './retry.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the schedule of attempts', () => {
  it('waits longer each time, ten times, and then gives up', () => {
    const waits = Array.from({ length: 11 }, (_item, attempt) => nextAttempt(attempt, 0));
    expect(waits).toEqual([0, 5_000, 300_000, 1_800_000, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, undefined]);
    expect(nextAttempt(1_000, 0)).toBeUndefined();
  });

  it('draws waits out by chance, by a fifth at most, and never shortens one', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), random, fc.integer({ min: 0, max: DAY }), (attempt, chance, asked) => {
        const least = Math.max(nextAttempt(attempt, 0) ?? NaN, asked);
        const wait = nextAttempt(attempt, chance, asked) ?? NaN;
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(Math.ceil(least * 1.2));
      }),
    );
    expect(nextAttempt(2, 0.5)).toBe(330_000);
  });

  it('lets a receiver ask for more time, not for less, and not for another attempt', () => {
    expect(nextAttempt(1, 0, 60_000)).toBe(60_000);
    expect(nextAttempt(3, 0, 60_000)).toBe(1_800_000);
    expect(nextAttempt(10, 0, 60_000)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);

  it('is seconds or any of the three forms of an HTTP date', () => {
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs(' 0 ', now)).toBe(0);
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', now)).toBe(37_000);
    expect(retryAfterMs('Sunday, 06-Nov-94 08:49:37 GMT', now)).toBe(37_000);
    expect(retryAfterMs('Sun Nov  6 08:49:37 1994', now)).toBe(37_000);
  });

  it('is between now and a day from now', () => {
    expect(retryAfterMs('86401', now)).toBe(DAY);
    expect(retryAfterMs('9'.repeat(400), now)).toBe(DAY);
    expect(retryAfterMs('Sat, 06 Nov 2094 08:49:37 GMT', now)).toBe(DAY);
    expect(retryAfterMs('Sat, 05 Nov 1994 08:49:37 GMT', now)).toBe(0);
  });

  it('is nothing when it is neither', () => {
    const wrong = [
      '',
      '-1',
      '1.5',
      '1e3',
      'soon',
      '10s',
      '2026-11-24T00:00:00Z',
      'Sun, 99 Nov 1994 08:49:37 GMT',
      'Sun, 06 Xyz 1994 08:49:37 GMT',
    ];
    expect(wrong.filter((text) => retryAfterMs(text, now) !== undefined)).toEqual([]);
  });
});
