/**
 * Folds records into signatures with counts: a million identical refusals are one entry and a number. A request is folded
 * in portions of some records each, which are the unit that is counted once, and into one account of its traffic; a batch
 * gathers those of many requests over one list of signatures. What a fold weighs follows the variety of the failures, not
 * their volume.
 */
import { Distinct, entryOf } from './distinct.js';
import { FacetCounts, type FacetSums } from './facet-counts.js';
import { FINEST_SECONDS, floorTo, MINUTE_SECONDS, OTHER } from './levels.js';
import type { Refusal } from './refusal.js';
import { memoByObject } from './memo.js';
import { moved, Tallies } from './rows.js';
import { signatureKey, type Signature } from './signature.js';
import { slotOf } from './sketch.js';
import { targetKey, type Target } from './traffic.js';
import type { Facet, Witness } from './witness.js';

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

/** 32 bits of a hash that nobody can repeat without the service's key. */
export type Pseudonym = (kind: string, text: string) => number;

/** How many weigh as much as a signature, which is some 2 kB: targets and minutes of either, and values of facets. */
const MINUTES_PER_SIGNATURE = 8;
const FACETS_PER_SIGNATURE = 16;
/** Values of one facet told apart in one portion; the rest is summed up. */
const MAX_FACET_VALUES = 50;

/** Signatures, by their position, and when they were seen. */
interface Seen {
  readonly all: Signature[];
  /** Epoch milliseconds. */
  readonly firstMs: number[];
  readonly lastMs: number[];
  readonly traceIds: (string | undefined)[];
}

/** Finds the position of each: what it finds them by is many times what is seen, where the same one comes in ever new objects. */
class Signatures {
  readonly seen: Seen = { all: [], firstMs: [], lastMs: [], traceIds: [] };
  private readonly byKey = new Map<string, number>();
  /** The same objects come again and again: finding them needs no key. */
  private readonly byObject = new Map<Signature, number>();

  /** @param become what a signature is counted as */
  constructor(private readonly become: (signature: Signature) => Signature = (signature) => signature) {}

  get size(): number {
    return this.seen.all.length;
  }

  /** @returns its position, where it was seen from `firstMs` to `lastMs` as well */
  note(signature: Signature, firstMs: number, lastMs: number): number {
    let position = this.byObject.get(signature);
    if (position === undefined) this.byObject.set(signature, (position = this.positionOf(this.become(signature))));
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

/** What a portion comes to, in rows of numbers. Signatures are given by their position. */
export interface PortionSum extends FacetSums {
  signatures: Seen;
  /** Signature, bucket, count. */
  counts: readonly number[];
  /** Signature, slot, count. */
  tokenTimes: readonly number[];
  /** What is to be added to sketches: signature, minute by its number since the epoch, kind, entry. Of a large request as many as records. */
  sketched: Int32Array;
  /** In signatures. */
  weight: number;
}

export class Portion {
  private readonly signatures: Signatures;
  private readonly counts = new Tallies();
  private readonly tokenTimes = new Tallies();
  /** Who asked, and of the same: signature, minute, and how often without another one in between. */
  private readonly witnesses: Witness[] = [];
  private readonly visits: number[] = [];
  /** By signature. */
  private readonly lastVisit: number[] = [];

  /** @param become what a signature is counted as: asked once for an object */
  constructor(become?: (signature: Signature) => Signature) {
    this.signatures = new Signatures(become);
  }

  get isEmpty(): boolean {
    return this.signatures.size === 0;
  }

  /**
   * @param timeMs when it happened, epoch milliseconds
   * @param traceId asked until a signature has one
   */
  add({ signature, witness, tokenOffset }: Omit<Refusal, 'kind' | 'target'>, timeMs: number, traceId?: () => string | undefined): void {
    const { signatures, witnesses, visits, lastVisit } = this;
    const position = signatures.note(signature, timeMs, timeMs);
    this.counts.add(position, floorTo(timeMs / 1000, FINEST_SECONDS));
    if (tokenOffset !== undefined) this.tokenTimes.add(position, slotOf(tokenOffset));
    if (traceId !== undefined && signatures.seen.traceIds[position] === undefined) signatures.seen.traceIds[position] = traceId();
    const minute = floorTo(timeMs / 1000, MINUTE_SECONDS);
    const last = lastVisit[position];
    if (last !== undefined && witnesses[last] === witness && visits[3 * last + 1] === minute) {
      visits[3 * last + 2] = (visits[3 * last + 2] ?? 0) + 1;
      return;
    }
    lastVisit[position] = witnesses.length;
    witnesses.push(witness);
    visits.push(position, minute, 1);
  }

  /** Who asked ends here: what waits for the rest of a request holds entries of sketches and classes alone. */
  sum(tracesOf: Tracer): PortionSum {
    const { signatures, witnesses, visits } = this;
    const sketched: number[] = [];
    const counts = new FacetCounts();
    for (let visit = 0; visit < witnesses.length; visit += 1) {
      const [position = 0, minute = 0, times = 0] = [visits[3 * visit], visits[3 * visit + 1], visits[3 * visit + 2]];
      const [signature, witness] = [signatures.seen.all[position], witnesses[visit]];
      if (signature === undefined || witness === undefined) continue;
      const { client, user, facets } = tracesOf(witness);
      if (client !== undefined) sketched.push(position, minute / MINUTE_SECONDS, 0, client);
      if (user !== undefined) sketched.push(position, minute / MINUTE_SECONDS, 1, user);
      if (facets.length > 0) counts.add(signature, position, { minute, facets, count: times });
    }
    const { facets, facetValues } = counts.top(MAX_FACET_VALUES);
    const more = (this.counts.spans(MINUTE_SECONDS) - signatures.size) / MINUTES_PER_SIGNATURE + facetValues.length / FACETS_PER_SIGNATURE;
    const weight = signatures.size + Math.floor(more);
    return {
      ...{ signatures: signatures.seen, counts: this.counts.rows, tokenTimes: this.tokenTimes.rows },
      // Half of what a list takes, and a large request waits with as many as it has records.
      ...{ sketched: Int32Array.from(sketched), facets, facetValues, weight },
    };
  }
}

/** What a witness leaves behind: entries of sketches, and values that are safe to store. */
interface Traces {
  client: number | undefined;
  user: number | undefined;
  facets: readonly Facet[];
}

export type Tracer = (witness: Witness) => Traces;

/** @returns what remembers the traces of a witness for as long as somebody else does the witness: the same objects come again and again */
export function tracer(pseudonym: Pseudonym): Tracer {
  const safe = ({ facet, value, isOpaque }: Facet): Facet => ({
    facet,
    value: isOpaque ? `~${(pseudonym(`facet ${String(facet)}`, value) >>> 0).toString(16).padStart(8, '0')}` : value,
    isOpaque: false,
  });
  return memoByObject(({ client, user, facets }: Witness) => ({
    client: client === '' ? undefined : entryOf(pseudonym('client', client)),
    user: user === '' ? undefined : entryOf(pseudonym('user', user)),
    facets: facets.some(({ isOpaque }) => isOpaque) ? facets.map(safe) : facets,
  }));
}

/** Targets of one request told apart; the rest is summed up by service and environment, and of as many of these the rest as one. */
const MAX_TARGETS = 1_000;
const MAX_TARGET_OBJECTS = 10_000;

/** Requests of any status that the records of one request tell of. */
export class Traffic {
  /** By position. */
  readonly targets: Target[] = [];
  private readonly tallies = new Tallies();
  private readonly byKey = new Map<string, number>();
  private readonly byObject = new Map<Target, number>();

  /** In signatures, rounded up. */
  get weight(): number {
    return Math.ceil((this.targets.length + this.rows.length / 3) / MINUTES_PER_SIGNATURE);
  }

  /** Rows of three: position of the target, minute, count. */
  get rows(): readonly number[] {
    return this.tallies.rows;
  }

  /** @param timeMs epoch milliseconds */
  add(target: Target, timeMs: number): void {
    this.tallies.add(this.byObject.get(target) ?? this.find(target), floorTo(timeMs / 1000, MINUTE_SECONDS));
  }

  private find(target: Target): number {
    const position = this.byKey.get(targetKey(target)) ?? this.begin(target);
    if (this.byObject.size >= MAX_TARGET_OBJECTS) this.byObject.clear();
    this.byObject.set(target, position);
    return position;
  }

  private begin({ service, environment, route }: Target): number {
    const { length } = this.targets;
    const isNamed = length < 2 * MAX_TARGETS;
    const kept: Target = {
      service: isNamed ? service : OTHER,
      environment: isNamed ? environment : OTHER,
      route: length < MAX_TARGETS ? route : OTHER,
    };
    const known = this.byKey.get(targetKey(kept));
    if (known !== undefined) return known;
    this.byKey.set(targetKey(kept), length);
    return this.targets.push(kept) - 1;
  }
}

export class Fold {
  private readonly signatures = new Signatures();
  private readonly targets = new Map<string, { position: number; target: Target }>();
  private readonly values = new Map<string, number>();
  private readonly portions: FoldedPortion[] = [];
  /** What is to be added to sketches: signature, minute, kind, entry. */
  private sketched: number[] = [];
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
    const ofBatch = (position: number): number | undefined => positions[position];
    const folded: FoldedPortion = {
      id,
      counts: moved(counts, 3, ofBatch),
      tokenTimes: moved(tokenTimes, 3, ofBatch),
      traffic: traffic === undefined ? [] : this.trafficOf(traffic),
      facets: [],
    };
    for (let at = 0; at < sketched.length; at += 4) {
      const minute = (sketched[at + 1] ?? 0) * MINUTE_SECONDS;
      this.sketched.push(positions[sketched[at] ?? 0] ?? 0, minute, sketched[at + 2] ?? 0, sketched[at + 3] ?? 0);
    }
    if (this.sketched.length > MOST_SKETCHED) this.sketch();
    for (const [index, value] of facetValues.entries()) {
      const at = 4 * index;
      const position = positions[facets[at] ?? 0] ?? 0;
      folded.facets.push(position, facets[at + 1] ?? 0, facets[at + 2] ?? 0, this.valueOf(value), facets[at + 3] ?? 0);
    }
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
    for (const { signature, bucket, kind, entries } of this.sketches.values()) {
      const slot = (2 * bucket) / MINUTE_SECONDS + kind;
      const known = toldOf[signature]?.get(slot);
      let news: Distinct | undefined;
      for (const entry of entries) if (known?.covers(entry) !== true) (news ??= new Distinct()).add(entry);
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
    return moved(rows, 3, (position) => positions[position]);
  }

  private valueOf(value: string): number {
    const known = this.values.get(value) ?? this.values.size;
    this.values.set(value, known);
    return known;
  }

  private sketch(): void {
    const { sketched } = this;
    for (let at = 0; at < sketched.length; at += 4)
      this.sketchOf(sketched[at] ?? 0, sketched[at + 1] ?? 0, sketched[at + 2] === 1 ? 1 : 0).add(sketched[at + 3] ?? 0);
    this.sketched = [];
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

  get entries(): Iterable<number> {
    return this.sketch?.entries() ?? this.list;
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
