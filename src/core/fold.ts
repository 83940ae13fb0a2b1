/**
 * Folds refusals into signatures with counts: a million identical refusals are one entry and a number. A request is folded
 * in portions of some records each, which are the unit that is counted once; a batch gathers portions of many requests
 * over one list of signatures. What a fold weighs follows the variety of the failures, not their volume.
 */
import { FINEST_SECONDS } from './levels.js';
import { signatureKey, type Signature } from './signature.js';
import { slotOf } from './sketch.js';

/** One signature of a batch, as it travels to the worker. */
export interface FoldedSignature {
  /** 16 lower-case hex digits. */
  id: string;
  signature: Signature;
  /** Epoch milliseconds of the first and last occurrence in this batch. */
  firstMs: number;
  lastMs: number;
}

/** Records of one request. Signatures are given by their position in the batch. */
export interface FoldedPortion {
  /** A UUID, the same whenever the request comes again; null where repetitions cannot be told. */
  id: string | null;
  /** `[signature, start of the 10-second bucket in epoch seconds, occurrences]`, each pair once. */
  counts: [signature: number, bucket: number, count: number][];
  /** `[signature, slot, occurrences]` of token times against the record's, each pair once; see sketch.ts. */
  tokenTimes: [signature: number, slot: number, count: number][];
}

interface Entry {
  key: string;
  signature: Signature;
  firstMs: number;
  lastMs: number;
  counts: Map<number, number>;
  tokenTimes: Map<number, number>;
}

export class Portion {
  private readonly byKey = new Map<string, Entry>();
  /** The same objects come again and again: finding them needs no key. */
  private readonly byObject = new Map<Signature, Entry>();

  /** Distinct signatures. */
  get size(): number {
    return this.byKey.size;
  }

  get entries(): Iterable<Entry> {
    return this.byKey.values();
  }

  /**
   * @param timeMs when it happened, epoch milliseconds
   * @param tokenOffset seconds between the token's time and the record's, where known
   */
  add(signature: Signature, timeMs: number, tokenOffset?: number): void {
    const entry = this.byObject.get(signature) ?? this.entryOf(signature, timeMs);
    increment(entry.counts, Math.floor(timeMs / 1000 / FINEST_SECONDS) * FINEST_SECONDS);
    if (tokenOffset !== undefined) increment(entry.tokenTimes, slotOf(tokenOffset));
    if (timeMs < entry.firstMs) entry.firstMs = timeMs;
    if (timeMs > entry.lastMs) entry.lastMs = timeMs;
  }

  private entryOf(signature: Signature, timeMs: number): Entry {
    const key = signatureKey(signature);
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      entry = { key, signature, firstMs: timeMs, lastMs: timeMs, counts: new Map(), tokenTimes: new Map() };
      this.byKey.set(key, entry);
    }
    this.byObject.set(signature, entry);
    return entry;
  }
}

export class Fold {
  private readonly positions = new Map<string, number>();
  private readonly signatures: Omit<FoldedSignature, 'id'>[] = [];
  private readonly portions: FoldedPortion[] = [];

  /** Distinct signatures held. */
  get size(): number {
    return this.signatures.length;
  }

  add(portion: Portion, id: string | null): void {
    const folded: FoldedPortion = { id, counts: [], tokenTimes: [] };
    for (const entry of portion.entries) {
      const position = this.positionOf(entry);
      for (const [bucket, count] of entry.counts) folded.counts.push([position, bucket, count]);
      for (const [slot, count] of entry.tokenTimes) folded.tokenTimes.push([position, slot, count]);
    }
    this.portions.push(folded);
  }

  /** @param hash text to 16 hex digits; the same text must always give the same digits */
  seal(hash: (key: string) => string): { signatures: FoldedSignature[]; portions: FoldedPortion[] } {
    const keys = [...this.positions.keys()];
    return { signatures: this.signatures.map((one, index) => ({ id: hash(keys[index] ?? ''), ...one })), portions: this.portions };
  }

  private positionOf({ key, signature, firstMs, lastMs }: Entry): number {
    const known = this.positions.get(key);
    if (known === undefined) {
      this.positions.set(key, this.signatures.length);
      return this.signatures.push({ signature, firstMs, lastMs }) - 1;
    }
    const one = this.signatures[known];
    if (one !== undefined) {
      one.firstMs = Math.min(one.firstMs, firstMs);
      one.lastMs = Math.max(one.lastMs, lastMs);
    }
    return known;
  }
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
