/**
 * Folds records into signatures with counts: a million identical refusals are one entry and a number. A request is folded
 * in portions of some records each, which are the unit that is counted once, and into one account of its traffic; a batch
 * gathers those of many requests over one list of signatures. What a fold weighs follows the variety of the failures, not
 * their volume.
 */
import { Distinct } from './distinct.js';
import { MINUTE_SECONDS } from './levels.js';
import { MINUTES_PER_SIGNATURE, type PortionSum, type Seen, type Traffic } from './portion.js';
import { moved } from './rows.js';
import { signatureKey, type Signature } from './signature.js';
import { targetKey, type Target } from './traffic.js';

/** One signature of a batch, as it travels to the worker. */
export interface FoldedSignature {
  /** 16 lower-case hex digits. */
  id: string;
  signature: Signature;
  /** Epoch milliseconds of the first and last occurrence in this batch. */
  firstMs: number;
  lastMs: number;
  /** Of one occurrence in this batch. */
  traceId?: string;
}

/**
 * Records of one request, in lists of numbers, a row behind the other. Signatures, targets and values are given by their position in the
 * batch; buckets by their start in epoch seconds.
 */
export interface FoldedPortion {
  /** A UUID, the same whenever the request comes again; null where repetitions cannot be told. */
  id: string | null;
  /** Rows of three: signature, bucket of 10 seconds, count. Each pair once. */
  counts: number[];
  /** Rows of three: signature, slot of token times against the record's (see sketch.ts), count. Each pair once. */
  tokenTimes: number[];
  /** Rows of three: target, bucket of a minute, requests with any status, the refused ones among them. */
  traffic: number[];
  /** Rows of five: signature, bucket of five minutes, facet, value, count over all signatures that share a reason with this one (service, environment, template); see witness.ts. */
  facets: number[];
}

/** Clients (0) or users (1) of a signature in a minute, as base64 of a sketch. Sketches merge, so that repetitions do not matter. */
type FoldedSketch = [signature: number, bucket: number, kind: 0 | 1, sketch: string];

export interface Folded {
  signatures: FoldedSignature[];
  targets: Target[];
  values: string[];
  portions: FoldedPortion[];
  sketches: FoldedSketch[];
}

/** Sketches by id of the signature, and by minute and kind as one number, as far as they were told of. */
export interface Told {
  of(id: string): ReadonlyMap<number, Distinct> | undefined;
  note(id: string, slot: number, news: Distinct): void;
}

/** Finds the position of each: what it finds them by is many times what is seen, where the same one comes in ever new objects. */
class Signatures {
  readonly seen: Seen = { all: [], firstMs: [], lastMs: [], traceIds: [] };
  private readonly byKey = new Map<string, number>();
  /** The same objects come again and again: finding them needs no key. */
  private readonly byObject = new Map<Signature, number>();

  get size(): number {
    return this.seen.all.length;
  }

  /** @returns its position, where it was seen from `firstMs` to `lastMs` as well */
  note(signature: Signature, firstMs: number, lastMs: number): number {
    let position = this.byObject.get(signature);
    if (position === undefined) this.byObject.set(signature, (position = this.positionOf(signature)));
    const { seen } = this;
    if (firstMs < (seen.firstMs[position] ?? 0)) seen.firstMs[position] = firstMs;
    if (lastMs > (seen.lastMs[position] ?? 0)) seen.lastMs[position] = lastMs;
    return position;
  }

  private positionOf(signature: Signature): number {
    const key = signatureKey(signature);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const position = this.seen.all.push(signature) - 1;
    this.byKey.set(key, position);
    this.seen.firstMs.push(Infinity);
    this.seen.lastMs.push(-Infinity);
    this.seen.traceIds.push(undefined);
    return position;
  }
}

export class Fold {
  private readonly signatures = new Signatures();
  private readonly targets = new Map<string, { position: number; target: Target }>();
  private readonly values = new Map<string, number>();
  private readonly portions: FoldedPortion[] = [];
  /** What is to be added to sketches, as portions have it, and where their signatures are in the batch. */
  private sketched: { positions: readonly number[]; entries: Int32Array }[] = [];
  private sketchedLength = 0;
  /** By signature, minute and kind: made when they are asked for, and of what would be too long a list. */
  private readonly sketches = new Map<number, OwnSketch>();
  /** Of any sketch. */
  private firstMinute: number | undefined;
  /** Of portions and their traffic. */
  private rows = 0;

  /** In signatures. */
  get weight(): number {
    return this.signatures.size + Math.floor((this.targets.size + this.rows) / MINUTES_PER_SIGNATURE);
  }

  /** @param traffic of the whole request, with one of its portions */
  add({ signatures, counts, tokenTimes, sketched, facets, facetValues }: PortionSum, id: string | null, traffic?: Traffic): void {
    const positions = signatures.all.map((_, index) => this.positionOf(signatures, index));
    const folded: FoldedPortion = {
      id,
      counts: moved(counts, 3, positions),
      tokenTimes: moved(tokenTimes, 3, positions),
      traffic: traffic === undefined ? [] : this.trafficOf(traffic),
      facets: this.facetsOf(facets, facetValues, positions),
    };
    if (sketched.length > 0) this.sketched.push({ positions, entries: sketched });
    this.sketchedLength += sketched.length;
    if (this.sketchedLength > MOST_SKETCHED) this.sketch();
    this.rows += (folded.counts.length + folded.traffic.length) / 3 + facetValues.length / 2;
    this.portions.push(folded);
  }

  /**
   * @param hash text to 16 hex digits; the same text must always give the same digits
   * @param told whoever was told of before is left out, and what is told now is noted
   */
  seal(hash: (key: string) => string, told?: Told): Folded {
    const { all, firstMs, lastMs, traceIds } = this.signatures.seen;
    const ids = all.map((signature) => hash(signatureKey(signature)));
    return {
      signatures: all.map((signature, index) => {
        const traceId = traceIds[index];
        const one = { id: ids[index] ?? '', signature, firstMs: firstMs[index] ?? 0, lastMs: lastMs[index] ?? 0 };
        return traceId === undefined ? one : { ...one, traceId };
      }),
      targets: [...this.targets.values()].map(({ target }) => target),
      values: [...this.values.keys()],
      portions: this.portions,
      sketches: this.newSketches(ids, told),
    };
  }

  private newSketches(ids: readonly string[], told?: Told): FoldedSketch[] {
    const sketches: FoldedSketch[] = [];
    this.sketch();
    const toldOf: (ReadonlyMap<number, Distinct> | undefined)[] = ids.map((id) => told?.of(id));
    for (const own of this.sketches.values()) {
      const { signature, bucket, kind } = own;
      const slot = (2 * bucket) / MINUTE_SECONDS + kind;
      const news = own.newsTo(toldOf[signature]?.get(slot));
      if (news === undefined) continue;
      told?.note(ids[signature] ?? '', slot, news);
      sketches.push([signature, bucket, kind, base64(news.bytes())]);
    }
    return sketches;
  }

  private positionOf({ all, firstMs, lastMs, traceIds }: Seen, index: number): number {
    const signature = all[index];
    if (signature === undefined) throw new RangeError(`there is no signature ${String(index)}`);
    const position = this.signatures.note(signature, firstMs[index] ?? 0, lastMs[index] ?? 0);
    if (traceIds[index] !== undefined) this.signatures.seen.traceIds[position] = traceIds[index];
    return position;
  }

  private trafficOf({ targets, rows }: Traffic): number[] {
    const positions = targets.map((target) => {
      const key = targetKey(target);
      const known = this.targets.get(key) ?? { position: this.targets.size, target };
      this.targets.set(key, known);
      return known.position;
    });
    return moved(rows, 3, positions);
  }

  private facetsOf(facets: readonly number[], values: readonly string[], positions: readonly number[]): number[] {
    const rows = new Array<number>(5 * values.length);
    for (const [index, value] of values.entries()) {
      const [from, to] = [4 * index, 5 * index];
      rows[to] = positions[facets[from] ?? 0] ?? 0;
      rows[to + 1] = facets[from + 1] ?? 0;
      rows[to + 2] = facets[from + 2] ?? 0;
      rows[to + 3] = this.valueOf(value);
      rows[to + 4] = facets[from + 3] ?? 0;
    }
    return rows;
  }

  private valueOf(value: string): number {
    const known = this.values.get(value) ?? this.values.size;
    this.values.set(value, known);
    return known;
  }

  private sketch(): void {
    for (const { positions, entries } of this.sketched) {
      for (let at = 0; at < entries.length; at += 4) {
        const [signature, minute] = [positions[entries[at] ?? 0] ?? 0, (entries[at + 1] ?? 0) * MINUTE_SECONDS];
        this.sketchOf(signature, minute, entries[at + 2] === 1 ? 1 : 0).add(entries[at + 3] ?? 0);
      }
    }
    this.sketched = [];
    this.sketchedLength = 0;
  }

  private sketchOf(signature: number, bucket: number, kind: 0 | 1): OwnSketch {
    this.firstMinute ??= bucket;
    // A small whole number as long as minutes lie within some hours: V8 makes an object of a larger one.
    const name = ((2 * (bucket - this.firstMinute)) / MINUTE_SECONDS + kind) * MOST_SIGNATURES + signature;
    let sketch = this.sketches.get(name);
    if (sketch === undefined) this.sketches.set(name, (sketch = new OwnSketch(signature, bucket, kind)));
    return sketch;
  }
}

/** Far more than a batch ever has: positions are below. */
const MOST_SIGNATURES = 1 << 20;
/** Of 12,500 records that tell of a client and a user. */
const MOST_SKETCHED = 100_000;
/** Entries of a sketch in a list: fewer than are told of once, most times, so that no sketch has to be made of them. */
const MOST_LISTED = 500;

class OwnSketch {
  private list: number[] = [];
  private sketch: Distinct | undefined;

  constructor(
    readonly signature: number,
    readonly bucket: number,
    readonly kind: 0 | 1,
  ) {}

  /** @returns what the other one does not cover; undefined where it covers all */
  newsTo(known: Distinct | undefined): Distinct | undefined {
    let news: Distinct | undefined;
    const { list } = this;
    // By index: there are thousands of lists of one or two in a batch.
    for (let at = 0; at < list.length; at += 1) {
      const entry = list[at] ?? 0;
      if (known?.covers(entry) !== true) (news ??= new Distinct()).add(entry);
    }
    if (this.sketch === undefined) return news;
    for (const entry of this.sketch.entries()) if (known?.covers(entry) !== true) (news ??= new Distinct()).add(entry);
    return news;
  }

  add(entry: number): void {
    if (this.sketch !== undefined) this.sketch.add(entry);
    else if (this.list.length === 0) this.list = [entry];
    else if (this.list.at(-1) !== entry) this.list.push(entry);
    if (this.list.length <= MOST_LISTED) return;
    // However many records there are, a sketch takes no more than its registers.
    this.sketch = new Distinct();
    for (const one of this.list) this.sketch.add(one);
    this.list = [];
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
