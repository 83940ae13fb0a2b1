import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Retention } from './levels.js';
import { cellsOf, coverOf, ROLLUP_SECONDS, rolledUpFrom, widestWithin, type Buckets } from './rollup.js';

const DAY = 86_400;
const RETENTION: Retention = { '10s': 2 * DAY, '1m': 30 * DAY, '1h': 400 * DAY, samples: 7 * DAY };

describe('widths', () => {
  it('divide each other, and the widest that divides a step is used', () => {
    ROLLUP_SECONDS.slice(1).forEach((seconds, index) => {
      expect(seconds % (ROLLUP_SECONDS[index] ?? 0)).toBe(0);
    });
    expect([10, 30, 60, 120, 600, 3_600, 21_600, DAY, 7 * DAY].map(widestWithin)).toEqual([
      ...[undefined, undefined, 60, 60, 300, 3_600, 10_800, DAY, DAY],
    ]);
  });

  it('are kept for no time in which counts stand in buckets wider than they are', () => {
    const now = 1_790_000_123;
    for (const seconds of ROLLUP_SECONDS) expect(rolledUpFrom(seconds, now, RETENTION) % seconds).toBe(0);
    const days = ROLLUP_SECONDS.map((seconds) => Math.round((now - rolledUpFrom(seconds, now, RETENTION)) / DAY));
    expect(days).toEqual([0, 2, 30, 400, 400, 400]);
    expect(now - rolledUpFrom(10, now, RETENTION)).toBe(593);
  });
});

describe('a cover', () => {
  const moment = fc.integer({ min: 0, max: 3 * DAY });
  const packed = fc.tuple(
    ...ROLLUP_SECONDS.map((seconds) =>
      fc.tuple(moment, moment).map(([a, b]): Buckets => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((at) => Math.floor(at / seconds) * seconds);
        return { seconds, from: from ?? 0, to: to ?? 0 };
      }),
    ),
  );

  it('holds every second of the span once, and no bucket that is not packed or too wide', () => {
    fc.assert(
      fc.property(packed, moment, moment, fc.constantFrom(...ROLLUP_SECONDS), (buckets, a, b, widest) => {
        const span = { from: Math.min(a, b), to: Math.max(a, b) };
        const cover = coverOf(span, buckets, widest);
        const parts = [...cover.buckets, ...cover.gaps].sort((x, y) => x.from - y.from);
        let at = span.from;
        for (const { from, to } of parts) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBe(span.to);
        for (const { seconds, from, to } of cover.buckets) {
          const known = buckets.find((one) => one.seconds === seconds);
          expect(seconds).toBeLessThanOrEqual(widest);
          expect([from % seconds, to % seconds]).toEqual([0, 0]);
          expect(known !== undefined && known.from <= from && to <= known.to).toBe(true);
        }
      }),
    );
  });

  it('takes the widest there are', () => {
    const all = ROLLUP_SECONDS.map((seconds) => ({ seconds, from: 0, to: 2 * DAY }));
    expect(coverOf({ from: DAY - 3_600 - 120, to: 2 * DAY }, all, DAY)).toEqual({
      buckets: [
        { seconds: 60, from: DAY - 3_720, to: DAY - 3_600 },
        { seconds: 3_600, from: DAY - 3_600, to: DAY },
        { seconds: DAY, from: DAY, to: 2 * DAY },
      ],
      gaps: [],
    });
  });
});

describe('cells', () => {
  it('are read as they were written, whatever the sign of the id and the size of the count', () => {
    const written: [bigint, number][] = [
      [-(2n ** 63n), 1],
      [2n ** 63n - 1n, 2 ** 32 + 5],
      [0n, Number.MAX_SAFE_INTEGER],
    ];
    const bytes = Buffer.alloc(16 * written.length);
    written.forEach(([id, count], index) => {
      bytes.writeBigInt64BE(id, 16 * index);
      bytes.writeBigInt64BE(BigInt(count), 16 * index + 8);
    });
    const ids: bigint[] = [];
    const { signatures, counts } = cellsOf(bytes, (id) => ids.push(id) - 1);
    expect(ids).toEqual(written.map(([id]) => id));
    expect([...signatures]).toEqual([0, 1, 2]);
    expect([...counts]).toEqual(written.map(([, count]) => count));
  });
});
