import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Distinct } from './distinct.js';
import { endOf, MAX_SET_BYTES, mergeSketchSets, readSketchSet, writeSketchSets, type OneSketch } from './sketch-set.js';

const sketch = fc.uniqueArray(fc.integer({ min: 0, max: (1 << 14) - 1 }), { minLength: 1, maxLength: 60 }).map((registers) => {
  const one = new Distinct();
  for (const register of registers) one.add((register << 4) | 3);
  return one.bytes();
});
const few = fc.constantFrom(-(2n ** 63n), -1n, 0n, 1n, 2n ** 63n - 1n);
const sketches = fc.array(fc.record({ signature: few, kind: fc.constantFrom(0, 1), bytes: sketch }), { maxLength: 30 });

function readAll(sets: readonly Uint8Array[]): OneSketch[] {
  return sets.map(readSketchSet).flatMap((set) =>
    [...set.signatures].map((signature, index) => ({
      signature,
      kind: set.kinds[index] ?? -1,
      bytes: set.bytes.subarray(set.starts[index], endOf(set.starts, index)),
    })),
  );
}

function unions(all: readonly OneSketch[]): Map<string, number> {
  const merged = new Map<string, Distinct>();
  for (const { signature, kind, bytes } of all) {
    const name = `${String(signature)}:${String(kind)}`;
    const one = merged.get(name) ?? new Distinct();
    merged.set(name, one);
    one.merge(bytes);
  }
  return new Map([...merged].map(([name, one]) => [name, one.size]));
}

describe('sets of sketches', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(sketches, (all) => {
        const plain = (list: readonly OneSketch[]): unknown => list.map(({ signature, kind, bytes }) => [signature, kind, [...bytes]]);
        expect(plain(readAll(writeSketchSets(all)))).toEqual(plain(all));
      }),
    );
  });

  it('merge to one sketch for each signature and kind, the union of theirs', () => {
    fc.assert(
      fc.property(sketches, sketches, (one, other) => {
        const merged = mergeSketchSets([one, other].flatMap(writeSketchSets).map(readSketchSet));
        expect(unions(merged)).toEqual(unions([...one, ...other]));
        expect(merged).toHaveLength(unions(merged).size);
      }),
    );
  });

  it('are cut into values of a megabyte, and nothing is lost between them', () => {
    const dense = new Uint8Array(8_192).fill(0x11);
    const all = Array.from({ length: 300 }, (_, index) => ({ signature: BigInt(index), kind: 0, bytes: dense }));
    const sets = writeSketchSets(all);
    expect(sets.length).toBeGreaterThan(1);
    for (const { length } of sets) expect(length).toBeLessThanOrEqual(MAX_SET_BYTES + dense.length + 11);
    expect(readAll(sets).map(({ signature }) => signature)).toEqual(all.map(({ signature }) => signature));
  });

  it('refuse what is cut off', () => {
    const [set = new Uint8Array()] = writeSketchSets([{ signature: 7n, kind: 1, bytes: Uint8Array.of(0, 0, 1, 0, 1, 2) }]);
    for (let length = 1; length < set.length; length += 1) expect(() => readSketchSet(set.subarray(0, length))).toThrow(RangeError);
  });
});
