/**
 * Sketches of many signatures as one value: for each the signature (64 bits), whom it counts (8 bits), how long it is (16 bits) and
 * the sketch as distinct.ts writes it; high byte first. What several values hold of a signature, or one value twice, is one sketch.
 */
import { Distinct } from './distinct.js';

/** Whom sketches count. */
export const CLIENTS = 0;
export const USERS = 1;

const HEADER_BYTES = 11;
/** Values beyond that are not merged any more: none is too large to be read at once. */
export const MAX_SET_BYTES = 1024 * 1024;

export interface OneSketch {
  /** Signed, as the database has it. */
  signature: bigint;
  kind: number;
  /** Of `Distinct`. */
  bytes: Uint8Array;
}

/** What was read of a value: parts that stand at the same place belong together. */
export interface SketchSet {
  signatures: BigInt64Array;
  kinds: Uint8Array;
  /** Where each sketch begins; it ends eleven bytes before the next one. */
  starts: Uint32Array;
  bytes: Uint8Array;
}

/** @returns some values, each of about a megabyte at most */
export function writeSketchSets(sketches: Iterable<OneSketch>): Uint8Array[] {
  const sets: Uint8Array[] = [];
  let parts: OneSketch[] = [];
  let size = 0;
  for (const sketch of sketches) {
    parts.push(sketch);
    size += HEADER_BYTES + sketch.bytes.length;
    if (size < MAX_SET_BYTES) continue;
    sets.push(setOf(parts, size));
    parts = [];
    size = 0;
  }
  return parts.length === 0 ? sets : [...sets, setOf(parts, size)];
}

function setOf(sketches: readonly OneSketch[], size: number): Uint8Array {
  const set = new Uint8Array(size);
  const view = new DataView(set.buffer);
  let at = 0;
  for (const { signature, kind, bytes } of sketches) {
    view.setBigInt64(at, signature);
    view.setUint8(at + 8, kind);
    view.setUint16(at + 9, bytes.length);
    set.set(bytes, at + HEADER_BYTES);
    at += HEADER_BYTES + bytes.length;
  }
  return set;
}

/** @throws RangeError for what is cut off */
export function readSketchSet(bytes: Uint8Array): SketchSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    starts.push(at + HEADER_BYTES);
    at += HEADER_BYTES + view.getUint16(at + 9);
  }
  if (at !== bytes.length) throw new RangeError('cannot read sketches that are cut off');
  const signatures = new BigInt64Array(starts.length);
  const kinds = new Uint8Array(starts.length);
  starts.forEach((start, index) => {
    signatures[index] = view.getBigInt64(start - HEADER_BYTES);
    kinds[index] = view.getUint8(start - HEADER_BYTES + 8);
  });
  return { signatures, kinds, starts: Uint32Array.from([...starts, at + HEADER_BYTES]), bytes };
}

/** Where the sketch at a place ends. */
export function endOf(starts: SketchSet['starts'], index: number): number {
  return (starts[index + 1] ?? 0) - HEADER_BYTES;
}

/** One sketch for each signature and kind, in no order. */
export function mergeSketchSets(sets: readonly SketchSet[]): OneSketch[] {
  const merged = new Map<bigint, Map<number, Distinct>>();
  for (const set of sets) {
    set.signatures.forEach((signature, index) => {
      const kind = set.kinds[index] ?? 0;
      const kinds = merged.get(signature) ?? new Map<number, Distinct>();
      merged.set(signature, kinds);
      const sketch = kinds.get(kind) ?? new Distinct();
      kinds.set(kind, sketch);
      sketch.merge(set.bytes, set.starts[index], endOf(set.starts, index));
    });
  }
  return [...merged].flatMap(([signature, kinds]) => [...kinds].map(([kind, sketch]) => ({ signature, kind, bytes: sketch.bytes() })));
}
