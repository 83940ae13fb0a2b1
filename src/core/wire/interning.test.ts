import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Interner } from './interner.js';
import { TupleMap } from './tuple-map.js';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

describe('Interner', () => {
  const strings = fc.oneof(
    fc.uint8Array({ maxLength: 70 }),
    // Alike but for one byte, anywhere: what a hash of parts would not tell apart.
    fc.tuple(fc.integer({ min: 0, max: 119 }), fc.nat({ max: 3 })).map(([at, byte]) => new Uint8Array(120).fill(byte, at, at + 1)),
  );

  it('gives equal strings equal numbers and others other ones, as long as it remembers', () => {
    fc.assert(
      fc.property(fc.array(strings, { maxLength: 200 }), (all) => {
        const interner = new Interner(64, 32);
        let numbers = new Map<string, number>();
        let epoch = 0;
        for (const bytes of all) {
          // In the middle of other bytes, at any alignment.
          const line = Uint8Array.from([1, 2, 3, ...bytes, 4]);
          const number = interner.idOf(viewOf(line), 3, 3 + bytes.length);
          if (interner.epoch !== epoch) numbers = new Map();
          epoch = interner.epoch;
          const text = bytes.join();
          if (number === -1) continue;
          expect(numbers.get(text) ?? number).toBe(number);
          numbers.set(text, number);
          expect(new Set(numbers.values()).size).toBe(numbers.size);
        }
      }),
    );
  });

  it('gives a number from the second time on where it is selective', () => {
    const interner = new Interner(64, 32, true);
    const bytes = viewOf(Buffer.from('jwt expired'));
    expect([1, 2, 3].map(() => interner.idOf(bytes, 0, bytes.byteLength))).toEqual([-1, 0, 0]);
  });
});

describe('TupleMap', () => {
  it('finds what was set, nothing else, and stays in bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 9 }), { maxLength: 300 }), (rows) => {
        const map = new TupleMap<string>(32, 8);
        const known = new Map<string, string>();
        let found = 0;
        for (const row of rows) {
          map.begin();
          for (const number of row) map.add(number);
          const value = map.get();
          if (value !== undefined) {
            found += 1;
            expect(value).toBe(row.join());
            expect(known.get(row.join())).toBe(value);
          } else {
            known.set(row.join(), row.join());
            map.set(row.join());
            map.begin();
            for (const number of row) map.add(number);
            expect([undefined, row.join()]).toContain(map.get());
            if (row.length > 8) expect(map.get()).toBeUndefined();
          }
        }
        expect(found).toBeLessThanOrEqual(rows.length);
      }),
    );
  });

  it('finds every row that was set and fits, until it is full', () => {
    const map = new TupleMap<number>(256, 8);
    const begin = (row: number): void => {
      map.begin();
      for (const number of [row, row * 7, -1]) map.add(number);
    };
    for (let row = 0; row < 100; row += 1) {
      begin(row);
      expect(map.get()).toBeUndefined();
      map.set(row);
    }
    for (let row = 0; row < 100; row += 1) {
      begin(row);
      expect(map.get()).toBe(row);
    }
  });
});
