/**
 * Folds records into signatures with counts: a million identical refusals are one entry and a number. A request is folded
 * in portions of some records each, which are the unit that is counted once, and into one account of its traffic; a batch
 * gathers those of many requests over one list of signatures. What a fold weighs follows the variety of the failures, not
 * their volume.
 */
import { Distinct, entryOf } from './distinct.js';
import { FACET_SECONDS, FINEST_SECONDS, floorTo, MINUTE_SECONDS, OTHER } from './levels.js';
import type { Refusal } from './refusal.js';
import { signatureKey, type Signature } from './signature.js';
import { slotOf } from './sketch.js';
import type { Target } from './traffic.js';
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

/** Records of one request. Signatures, targets and values are given by their position in the batch; buckets by their start in epoch seconds. */
export interface FoldedPortion {
  /** A UUID, the same whenever the request comes again; null where repetitions cannot be told. */
  id: string | null;
  /** Of 10 seconds, each pair once. */
  counts: [signature: number, bucket: number, count: number][];
  /** Token times against the record's, each pair once; see sketch.ts. */
  tokenTimes: [signature: number, slot: number, count: number][];
  /** Of a minute: requests with any status, the refused ones among them. */
  traffic: [target: number, bucket: number, count: number][];
  /** Of five minutes, over all signatures that share a reason with this one (service, environment, template); see witness.ts. */
  facets: [signature: number, bucket: number, facet: number, value: number, count: number][];
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

/** 32 bits of a hash that nobody can repeat without the service's key. */
export type Pseudonym = (kind: string, text: string) => number;

/** How many weigh as much as a signature, which is some 2 kB: targets and minutes of either, and values of facets. */
const MINUTES_PER_SIGNATURE = 8;
const FACETS_PER_SIGNATURE = 16;
/** Values of one facet told apart in one portion; the rest is summed up. */
const MAX_FACET_VALUES = 50;

/** One signature of a portion. */
interface Sum {
  key: string;
  signature: Signature;
  firstMs: number;
  lastMs: number;
  traceId?: string | undefined;
  counts: Map<number, number>;
  tokenTimes: Map<number, number>;
}

interface Entry extends Sum {
  /** By minute: how often each was seen. The same objects come again and again. */
  witnesses: Map<number, Map<Witness, number>>;
}

/** What a portion comes to. Signatures are given by their position in `sums`. */
export interface PortionSum {
  sums: readonly Sum[];
  sketches: [signature: number, minute: number, kind: 0 | 1, sketch: Uint8Array][];
  facets: readonly FacetCount[];
  /** In signatures. */
  weight: number;
}

export class Portion {
  private readonly byKey = new Map<string, Entry>();
  /** The same objects come again and again: finding them needs no key. */
  private readonly byObject = new Map<Signature, Entry>();

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /**
   * @param timeMs when it happened, epoch milliseconds
   * @param traceId asked until a signature has one
   */
  add({ signature, witness, tokenOffset }: Omit<Refusal, 'kind' | 'target'>, timeMs: number, traceId?: () => string | undefined): void {
    const entry = this.byObject.get(signature) ?? this.entryOf(signature, timeMs);
    const minute = floorTo(timeMs / 1000, MINUTE_SECONDS);
    increment(entry.counts, floorTo(timeMs / 1000, FINEST_SECONDS));
    if (tokenOffset !== undefined) increment(entry.tokenTimes, slotOf(tokenOffset));
    if (traceId !== undefined && entry.traceId === undefined) entry.traceId = traceId();
    if (timeMs < entry.firstMs) entry.firstMs = timeMs;
    if (timeMs > entry.lastMs) entry.lastMs = timeMs;
    const witnesses = entry.witnesses.get(minute) ?? new Map<Witness, number>();
    if (witnesses.size === 0) entry.witnesses.set(minute, witnesses);
    increment(witnesses, witness);
  }

  /** Who asked ends here: what waits for the rest of a request holds sketches and classes alone, and is small. */
  sum(pseudonym: Pseudonym): PortionSum {
    const entries = [...this.byKey.values()];
    const sketches: PortionSum['sketches'] = [];
    const facetCounts = new FacetCounts(pseudonym);
    let minutes = 0;
    for (const [position, { signature, witnesses: byMinute }] of entries.entries()) {
      minutes += byMinute.size;
      for (const [minute, witnesses] of byMinute) {
        for (const [kind, sketch] of sketchesOf(witnesses.keys(), pseudonym)) sketches.push([position, minute, kind, sketch]);
        for (const [{ facets }, count] of witnesses) facetCounts.add(signature, position, { minute, facets, count });
      }
    }
    const facets = [...facetCounts.top(MAX_FACET_VALUES)];
    const more = (minutes - entries.length) / MINUTES_PER_SIGNATURE + facets.length / FACETS_PER_SIGNATURE;
    // Without the witnesses: whoever keeps the sum must not keep them.
    const sums = entries.map(({ witnesses: _item, ...sum }) => sum);
    return { sums, sketches, facets, weight: entries.length + Math.floor(more) };
  }

  private entryOf(signature: Signature, timeMs: number): Entry {
    const key = signatureKey(signature);
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      entry = { key, signature, firstMs: timeMs, lastMs: timeMs, counts: new Map(), tokenTimes: new Map(), witnesses: new Map() };
      this.byKey.set(key, entry);
    }
    this.byObject.set(signature, entry);
    return entry;
  }
}

function* sketchesOf(witnesses: Iterable<Witness>, pseudonym: Pseudonym): Generator<[kind: 0 | 1, sketch: Uint8Array], undefined> {
  const clients = new Distinct();
  const users = new Distinct();
  for (const { client, user } of witnesses) {
    if (client !== '') clients.add(entryOf(pseudonym('client', client)));
    if (user !== '') users.add(entryOf(pseudonym('user', user)));
  }
  if (clients.size > 0) yield [0, clients.bytes()];
  if (users.size > 0) yield [1, users.bytes()];
}

interface Passed {
  key: string;
  target: Target;
  counts: Map<number, number>;
}

/** Targets of one request told apart; the rest is summed up by service and environment, and of as many of these the rest as one. */
const MAX_TARGETS = 1_000;
const MAX_TARGET_OBJECTS = 10_000;

/** Requests of any status that the records of one request tell of. */
export class Traffic {
  private readonly byKey = new Map<string, Passed>();
  private readonly byObject = new Map<Target, Passed>();
  private minutes = 0;

  /** In signatures, rounded up. */
  get weight(): number {
    return Math.ceil((this.byKey.size + this.minutes) / MINUTES_PER_SIGNATURE);
  }

  get entries(): Iterable<Passed> {
    return this.byKey.values();
  }

  /** @param timeMs epoch milliseconds */
  add(target: Target, timeMs: number): void {
    const { counts } = this.byObject.get(target) ?? this.passedOf(target);
    const before = counts.size;
    increment(counts, floorTo(timeMs / 1000, MINUTE_SECONDS));
    this.minutes += counts.size - before;
  }

  private passedOf(target: Target): Passed {
    const { service, environment } = target;
    let passed = this.byKey.get(keyOf(target));
    if (passed === undefined) {
      const { size } = this.byKey;
      const kept = {
        ...(size >= 2 * MAX_TARGETS ? { service: OTHER, environment: OTHER } : { service, environment }),
        route: size >= MAX_TARGETS ? OTHER : target.route,
      };
      const key = keyOf(kept);
      passed = this.byKey.get(key) ?? { key, target: kept, counts: new Map<number, number>() };
      this.byKey.set(key, passed);
    }
    if (this.byObject.size >= MAX_TARGET_OBJECTS) this.byObject.clear();
    this.byObject.set(target, passed);
    return passed;
  }
}

function keyOf({ service, environment, route }: Target): string {
  return [service, environment, route].join('\u001f');
}

export class Fold {
  private readonly positions = new Map<string, number>();
  private readonly signatures: Omit<FoldedSignature, 'id'>[] = [];
  private readonly targets = new Map<string, { position: number; target: Target }>();
  private readonly values = new Map<string, number>();
  private readonly portions: FoldedPortion[] = [];
  /** By signature, minute and kind. */
  private readonly sketches = new Map<string, { at: [signature: number, bucket: number, kind: 0 | 1]; sketch: Distinct }>();
  /** Of portions and their traffic. */
  private rows = 0;

  /** In signatures. */
  get weight(): number {
    return this.signatures.length + Math.floor((this.targets.size + this.rows) / MINUTES_PER_SIGNATURE);
  }

  /** @param traffic of the whole request, with one of its portions */
  add({ sums, sketches, facets }: PortionSum, id: string | null, traffic?: Traffic): void {
    const positions = sums.map((sum) => this.positionOf(sum));
    const folded: FoldedPortion = { id, counts: [], tokenTimes: [], traffic: [], facets: [] };
    for (const [index, { counts, tokenTimes }] of sums.entries()) {
      const position = positions[index] ?? 0;
      for (const [bucket, count] of counts) folded.counts.push([position, bucket, count]);
      for (const [slot, count] of tokenTimes) folded.tokenTimes.push([position, slot, count]);
    }
    for (const [index, minute, kind, sketch] of sketches) this.sketchOf(positions[index] ?? 0, minute, kind).merge(sketch);
    for (const { key, target, counts } of traffic?.entries ?? []) {
      for (const [minute, count] of counts) folded.traffic.push([this.targetOf(key, target), minute, count]);
    }
    for (const { signature, bucket, facet, value, count } of facets) {
      folded.facets.push([positions[signature] ?? 0, bucket, facet, this.valueOf(value), count]);
    }
    this.rows += folded.counts.length + folded.traffic.length + folded.facets.length / 2;
    this.portions.push(folded);
  }

  /** @param hash text to 16 hex digits; the same text must always give the same digits */
  seal(hash: (key: string) => string): Folded {
    const keys = [...this.positions.keys()];
    return {
      signatures: this.signatures.map((one, index) => ({ id: hash(keys[index] ?? ''), ...one })),
      targets: [...this.targets.values()].map(({ target }) => target),
      values: [...this.values.keys()],
      portions: this.portions,
      sketches: [...this.sketches.values()].map(({ at, sketch }) => [...at, base64(sketch.bytes())]),
    };
  }

  private positionOf({ key, signature, firstMs, lastMs, traceId }: Sum): number {
    const known = this.positions.get(key);
    if (known === undefined) {
      this.positions.set(key, this.signatures.length);
      return this.signatures.push({ signature, firstMs, lastMs, ...(traceId === undefined ? {} : { traceId }) }) - 1;
    }
    const one = this.signatures[known];
    if (one !== undefined) {
      one.firstMs = Math.min(one.firstMs, firstMs);
      one.lastMs = Math.max(one.lastMs, lastMs);
      if (traceId !== undefined) one.traceId = traceId;
    }
    return known;
  }

  private targetOf(key: string, target: Target): number {
    const known = this.targets.get(key) ?? { position: this.targets.size, target };
    this.targets.set(key, known);
    return known.position;
  }

  private valueOf(value: string): number {
    const known = this.values.get(value) ?? this.values.size;
    this.values.set(value, known);
    return known;
  }

  private sketchOf(signature: number, minute: number, kind: 0 | 1): Distinct {
    const key = `${String(signature)}:${String(minute)}:${String(kind)}`;
    const known = this.sketches.get(key) ?? { at: [signature, minute, kind] satisfies [number, number, 0 | 1], sketch: new Distinct() };
    this.sketches.set(key, known);
    return known.sketch;
  }
}

interface FacetCount {
  signature: number;
  bucket: number;
  facet: number;
  value: string;
  count: number;
}

/** Facets of one portion, by reason, five minutes, facet and value. */
class FacetCounts {
  private readonly groups = new Map<string, { signature: number; bucket: number; facet: number; counts: Map<string, number> }>();

  constructor(private readonly pseudonym: Pseudonym) {}

  add(
    { service, environment, template }: Signature,
    position: number,
    { minute, facets, count }: { minute: number; facets: readonly Facet[]; count: number },
  ): void {
    const bucket = floorTo(minute, FACET_SECONDS);
    const reason = [service, environment, template, String(bucket)].join('\u001f');
    for (const one of facets) {
      const key = `${String(one.facet)}${reason}`;
      const group = this.groups.get(key) ?? { signature: position, bucket, facet: one.facet, counts: new Map<string, number>() };
      this.groups.set(key, group);
      increment(group.counts, this.safe(one), count);
    }
  }

  *top(most: number): Generator<FacetCount, undefined> {
    for (const { counts, ...group } of this.groups.values()) {
      const ranked = counts.size > most ? [...counts].sort((a, b) => b[1] - a[1]) : [...counts];
      const rest = ranked.splice(most).reduce((sum, [, count]) => sum + count, 0);
      if (rest > 0) ranked.push([OTHER, rest]);
      for (const [value, count] of ranked) yield { ...group, value, count };
    }
  }

  private safe({ facet, value, isOpaque }: Facet): string {
    return isOpaque ? `~${(this.pseudonym(`facet ${String(facet)}`, value) >>> 0).toString(16).padStart(8, '0')}` : value;
  }
}

function increment<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
