import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  autoStep,
  countedAt,
  FACET_LEVELS,
  LEVELS,
  levelFor,
  MOST_SQUEEZES,
  movesBefore,
  parseDuration,
  parseRetention,
  resolutionAt,
  keptFrom,
  SKETCH_LEVELS,
  sketchCover,
  squeezed,
  TRAFFIC_LEVELS,
  type Retention,
} from './levels.js';
import { epochMs, parseMoment, parseTime } from './time.js';

const DAY = 86_400;
const RETENTION: Retention = { '10s': 2 * DAY, '1m': 30 * DAY, '1h': 400 * DAY, samples: 7 * DAY };
const NOW = Date.UTC(2026, 10, 23, 10, 0, 7) / 1000;

describe('levels', () => {
  it('hold a bucket at the finest level that still reaches back to it', () => {
    const at = (age: number): string | undefined => levelFor(Math.floor((NOW - age) / 10) * 10, NOW, RETENTION)?.table;
    expect([0, 2 * DAY - 60, 2 * DAY + 120, 29 * DAY, 31 * DAY, 399 * DAY, 401 * DAY].map(at)).toEqual([
      'counts_10s',
      'counts_10s',
      'counts_1m',
      'counts_1m',
      'counts_1h',
      'counts_1h',
      undefined,
    ]);
  });

  it('never hold one wider bucket from both sides of the line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), (now) => {
        for (const levels of [LEVELS, TRAFFIC_LEVELS, FACET_LEVELS, SKETCH_LEVELS]) {
          for (const [index, level] of levels.entries()) {
            expect(movesBefore(level, now, RETENTION, levels) % (levels[index + 1]?.seconds ?? level.seconds)).toBe(0);
          }
        }
      }),
    );
  });

  it('are kept for less, the finest first, and never for less than an hour or out of order', () => {
    expect(squeezed(RETENTION, 0)).toEqual(RETENTION);
    expect(squeezed(RETENTION, 2)).toEqual({ ...RETENTION, '10s': DAY / 2 });
    expect(squeezed(RETENTION, 4)).toEqual({ ...RETENTION, '10s': DAY / 4, '1m': 15 * DAY });
    expect(squeezed(RETENTION, MOST_SQUEEZES)).toEqual({ '10s': DAY / 4, '1m': (30 * DAY) / 8, '1h': 50 * DAY, samples: 7 * DAY });
    const seconds = fc.integer({ min: 3_600, max: 400 * DAY });
    fc.assert(
      fc.property(seconds, seconds, seconds, fc.integer({ min: 0, max: MOST_SQUEEZES }), (a, b, c, squeezes) => {
        const [fine = 0, minutes = 0, hours = 0] = [a, b, c].sort((x, y) => x - y);
        const less = squeezed({ '10s': fine, '1m': minutes, '1h': hours, samples: 1 }, squeezes);
        expect(less['10s']).toBeGreaterThanOrEqual(3_600);
        expect(less['10s'] <= less['1m'] && less['1m'] <= less['1h']).toBe(true);
        expect(less['10s'] <= fine && less['1m'] <= minutes && less['1h'] <= hours).toBe(true);
      }),
    );
  });

  it('of sketches hold every span in few buckets, none of them without a part of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_600, max: 90 * DAY }), fc.integer({ min: 1, max: 90 * DAY }), (back, length) => {
        const span = { from: Math.floor(NOW) - back - length, to: Math.floor(NOW) - back };
        const cover = sketchCover(span, NOW, RETENTION).sort((a, b) => a.from - b.from);
        let reached = span.from;
        for (const { level, from, to } of cover) {
          expect([from % level.seconds, to % level.seconds]).toEqual([0, 0]);
          expect(from).toBeLessThanOrEqual(reached);
          expect(to).toBeGreaterThan(span.from);
          if (span.to < NOW) expect(to - level.seconds).toBeLessThan(span.to);
          // Wider than its place needs it is only where nothing finer is kept.
          const finer = SKETCH_LEVELS[SKETCH_LEVELS.indexOf(level) - 1];
          if (from < span.from && finer !== undefined) expect(span.from).toBeLessThan(keptFrom(finer, NOW, RETENTION));
          reached = to;
        }
        expect(reached).toBeGreaterThanOrEqual(span.to);
        expect(cover.reduce((sum, { level, from, to }) => sum + (to - from) / level.seconds, 0)).toBeLessThan(90 + 2 * 24 + 2 * 60);
      }),
    );
  });

  it('count a time far ahead at the time of receipt, and refuse one that is too old', () => {
    const now = NOW * 1000;
    const at = countedAt(now, RETENTION);
    expect(at(now + 599_000)).toBe(now + 599_000);
    expect(at(now + 601_000)).toBe(now);
    expect(at(now - 401 * DAY * 1000)).toBeUndefined();
    expect(at(NaN)).toBeUndefined();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 403 * DAY * 1000 }), (ageMs) => {
        const isKept = levelFor(Math.floor((now - ageMs) / 10_000) * 10, now / 1000, RETENTION) !== undefined;
        expect(at(now - ageMs)).toBe(isKept ? now - ageMs : undefined);
      }),
    );
  });

  it('give charts readable steps of about 300 points, never finer than what is kept', () => {
    expect(autoStep(900, 10)).toBe(10);
    expect(autoStep(901, 10)).toBe(60);
    expect(autoStep(3_600, 10)).toBe(60);
    expect(autoStep(DAY, 10)).toBe(300);
    expect(autoStep(30 * DAY, 60)).toBe(10_800);
    expect(autoStep(900, 3_600)).toBe(3_600);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000 * DAY }), fc.constantFrom(10, 60, 3_600), (span, resolution) => {
        const step = autoStep(span, resolution);
        expect(step % resolution).toBe(0);
        expect(span / step).toBeLessThanOrEqual(300);
      }),
    );
    expect(resolutionAt(NOW - 3 * DAY, NOW, RETENTION)).toBe(60);
  });

  it.each([
    ['10s=1d', { ...RETENTION, '10s': DAY }],
    ['', RETENTION],
    ['1s=1d', expect.stringContaining('"1s" is no level')],
    ['10s=forever', expect.stringContaining('needs a duration')],
    ['10s=60d', expect.stringContaining('cannot be kept longer')],
    ['__proto__=1d', expect.stringContaining('is no level')],
  ])('read the retention "%s"', (text, expected) => {
    expect(parseRetention(text, RETENTION)).toEqual(expected);
  });

  it('read durations', () => {
    expect(['90s', '15m', '24h', '7d', '2w', '', '1', '1y', '-1h'].map(parseDuration)).toEqual([
      90,
      900,
      DAY,
      7 * DAY,
      14 * DAY,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('time', () => {
  it('tells epoch seconds, milliseconds, microseconds and nanoseconds apart', () => {
    const ms = 1_795_000_000_123;
    for (const value of [1_795_000_000.123, ms, ms * 1e3, ms * 1e6]) expect(epochMs(value)).toBe(ms);
    expect([0, -1, NaN, Infinity].map(epochMs)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each([
    ['2026-11-23T10:00:00Z', Date.UTC(2026, 10, 23, 10)],
    ['2026-11-23T12:00:00.5+02:00', Date.UTC(2026, 10, 23, 10, 0, 0, 500)],
    ['1795000000', 1_795_000_000_000],
    ['2026-11-23', undefined],
    ['2026-13-23T10:00:00Z', undefined],
    ['2026-02-30T10:00:00Z', undefined],
    ['2028-02-29T10:00:00Z', Date.UTC(2028, 1, 29, 10)],
    ['yesterday', undefined],
    [null, undefined],
  ])('reads %s', (text, ms) => {
    expect(parseTime(text)).toBe(ms);
  });

  it('reads moments of query parameters', () => {
    expect(parseMoment('now', 1_000_000)).toBe(1_000_000);
    expect(parseMoment('-15m', 1_000_000)).toBe(100_000);
    expect(parseMoment('15m', 1_000_000)).toBeUndefined();
  });
});
