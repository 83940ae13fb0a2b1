import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Distinct, entryOf, SketchMemory } from './distinct.js';

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}

function sketchOf(from: number, to: number): Distinct {
  const sketch = new Distinct();
  for (let index = from; index < to; index += 1) sketch.add(entryOf(hashOf(String(index))));
  return sketch;
}

function merged(...sketches: Distinct[]): Distinct {
  const all = new Distinct();
  for (const sketch of sketches) all.merge(sketch.bytes());
  return all;
}

describe('distinct counts', () => {
  it.each([0, 1, 2, 10, 100, 1_000, 5_000, 20_000, 50_000, 200_000, 1_000_000])('are within 3 %% of %i', (count) => {
    const estimate = sketchOf(0, count).estimate();
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(0.03 * count);
  });

  it('are the same however sketches are merged, and merging one again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.nat({ max: 3_000 })), { minLength: 1, maxLength: 5 }), (spans) => {
        const sketches = spans.map(([from, length]) => sketchOf(from, from + length));
        const whole = merged(...sketches).estimate();
        expect(merged(...sketches.reverse(), ...sketches).estimate()).toBe(whole);
        const union = new Set(spans.flatMap(([from, length]) => Array.from({ length }, (_, index) => from + index))).size;
        expect(Math.abs(whole - union)).toBeLessThanOrEqual(1 + 0.03 * union);
      }),
      { numRuns: 30 },
    );
  });

  it('take three bytes a client while there are few, and 8 kB at most', () => {
    expect(sketchOf(0, 100).bytes().length).toBeLessThanOrEqual(300);
    expect(sketchOf(0, 100_000).bytes()).toHaveLength(8_192);
    expect(merged(sketchOf(0, 100_000)).estimate()).toBe(sketchOf(0, 100_000).estimate());
  });

  it('refuse bytes that are none of theirs', () => {
    for (const bytes of [[1], [255, 255, 255], [0, 0, 0], [1, 2, 3, 4]]) {
      expect(() => {
        new Distinct().merge(Uint8Array.from(bytes));
      }).toThrow(RangeError);
    }
  });

  it('know what is covered already', () => {
    const sketch = sketchOf(0, 50);
    for (const entry of sketch.entries()) expect(sketch.covers(entry)).toBe(true);
    expect(sketch.covers(entryOf(hashOf('somebody else')))).toBe(false);
  });
});

describe('the memory of sketches', () => {
  it('forgets the ones told of longest ago, each of which weighs more than its registers', () => {
    const memory = new SketchMemory(100);
    const one = new Distinct();
    one.add(entryOf(0x12345678));
    for (let index = 0; index < 20; index += 1) memory.learn(String(index), 0, one);
    memory.learn('17', 0, one);
    memory.learn('20', 0, one);
    const known = Array.from({ length: 21 }, (_, index) => String(index)).filter((owner) => memory.of(owner) !== undefined);
    // Each 25 registers' worth: owner, sketch and register.
    expect(known).toEqual(['17', '18', '19', '20']);
  });

  it('keeps the last sketches of an owner, and weighs them alone', () => {
    const memory = new SketchMemory(200);
    const one = new Distinct();
    one.add(entryOf(0x12345678));
    memory.learn('another', 0, one);
    for (let slot = 0; slot < 100; slot += 1) memory.learn('one', slot, one);
    expect([...(memory.of('one')?.keys() ?? [])]).toEqual([94, 95, 96, 97, 98, 99]);
    expect(memory.of('another')?.get(0)?.size).toBe(1);
    // One more of 13 does not fit beside 25 and 12 + 6 * 13 twice: the owner of long ago goes.
    for (let slot = 0; slot < 6; slot += 1) memory.learn('third', slot, one);
    expect(memory.of('another')).toBeUndefined();
    expect(memory.of('one')?.size).toBe(6);
  });
});
