/**
 * Folds refusals into signatures with counts: a million identical refusals are one entry and a number. What a fold
 * weighs follows the variety of the failures, not their volume.
 */
import { FINEST_SECONDS } from './levels.js';
import { signatureKey, type Signature } from './signature.js';
import { slotOf } from './sketch.js';

/** One signature with its counts, as it travels to the worker. */
export interface FoldedSignature {
  /** 16 lower-case hex digits. */
  id: string;
  signature: Signature;
  /** Epoch milliseconds of the first and last occurrence in this batch. */
  firstMs: number;
  lastMs: number;
  /** `[start of the 10-second bucket in epoch seconds, occurrences]`, each bucket once. */
  counts: [bucket: number, count: number][];
  /** `[slot, occurrences]` of token times against the record's, each slot once; see sketch.ts. */
  tokenTimes: [slot: number, count: number][];
}

interface Entry {
  signature: Signature;
  firstMs: number;
  lastMs: number;
  counts: Map<number, number>;
  tokenTimes: Map<number, number>;
}

export class Fold {
  private readonly entries = new Map<string, Entry>();
  private added = 0;

  /** Refusals added so far. */
  get records(): number {
    return this.added;
  }

  /** Distinct signatures held. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * @param timeMs when it happened, epoch milliseconds
   * @param tokenOffset seconds between the token's time and the record's, where known
   */
  add(signature: Signature, timeMs: number, tokenOffset?: number): void {
    const key = signatureKey(signature);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { signature, firstMs: timeMs, lastMs: timeMs, counts: new Map(), tokenTimes: new Map() };
      this.entries.set(key, entry);
    }
    const bucket = Math.floor(timeMs / 1000 / FINEST_SECONDS) * FINEST_SECONDS;
    entry.counts.set(bucket, (entry.counts.get(bucket) ?? 0) + 1);
    if (tokenOffset !== undefined) {
      const slot = slotOf(tokenOffset);
      entry.tokenTimes.set(slot, (entry.tokenTimes.get(slot) ?? 0) + 1);
    }
    if (timeMs < entry.firstMs) entry.firstMs = timeMs;
    if (timeMs > entry.lastMs) entry.lastMs = timeMs;
    this.added += 1;
  }

  /** @param hash text to 16 hex digits; the same text must always give the same digits */
  toSignatures(hash: (key: string) => string): FoldedSignature[] {
    return [...this.entries].map(([key, { signature, firstMs, lastMs, counts, tokenTimes }]) => ({
      id: hash(key),
      signature,
      firstMs,
      lastMs,
      counts: [...counts],
      tokenTimes: [...tokenTimes],
    }));
  }
}
