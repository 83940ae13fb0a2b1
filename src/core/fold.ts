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

/** Sketches by id, bucket and kind, as far as they were told of. */
export interface Told {
  get(name: string): Distinct | undefined;
  note(name: string, news: Distinct): void;
}

/** 32 bits of a hash that nobody can repeat without the service's key. */
export type Pseudonym = (kind: string, text: string) => number;

/** How many weigh as much as a signature, which is some 2 kB: targets and minutes of either, and values of facets. */
const MINUTES_PER_SIGNATURE = 8;
const FACETS_PER_SIGNATURE = 16;
/** Values of one facet told apart in one portion; the rest is summed up. */
const MAX_FACET_VALUES = 50;

/** Whole numbers and how often each came: for the few that one signature of a portion has, two lists take less than a map. */
class Tally {
  readonly keys: number[];
  readonly counts: number[];

  /** A list that begins with something has room for little more, an empty one for seventeen. */
  constructor(first: number) {
    this.keys = [first];
    this.counts = [1];
  }

  add(key: number): void {
    const at = this.keys.lastIndexOf(key);
    if (at === -1) {
      this.keys.push(key);
      this.counts.push(1);
    } else this.counts[at] = (this.counts[at] ?? 0) + 1;
  }
}

/** One signature of a portion. */
interface Sum {
  key: string;
  signature: Signature;
  firstMs: number;
  lastMs: number;
  traceId: string | undefined;
  /** By start of ten seconds. */
  counts: Tally;
  /** By slot. */
  tokenTimes: Tally | undefined;
}

/** Who asked when, and how often without another one in between. */
interface Visit {
  witness: Witness;
  minute: number;
  times: number;
}

interface Entry {
  sum: Sum;
  visits: Visit[];
}

/** What a portion comes to. Signatures are given by their position in `sums`; sketches as what is to be added to them. */
export interface PortionSum {
  sums: readonly Sum[];
  sketches: [signature: number, minute: number, kind: 0 | 1, entries: number[]][];
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
    const minute = floorTo(timeMs / 1000, MINUTE_SECONDS);
    const bucket = floorTo(timeMs / 1000, FINEST_SECONDS);
    const known = this.byObject.get(signature) ?? this.knownBy(signature);
    const { sum, visits } = known ?? this.begin(signature, { timeMs, bucket, witness, minute });
    if (known !== undefined) {
      sum.counts.add(bucket);
      const last = visits.at(-1);
      if (last?.witness === witness && last.minute === minute) last.times += 1;
      else visits.push({ witness, minute, times: 1 });
    }
    if (tokenOffset !== undefined) {
      if (sum.tokenTimes === undefined) sum.tokenTimes = new Tally(slotOf(tokenOffset));
      else sum.tokenTimes.add(slotOf(tokenOffset));
    }
    if (traceId !== undefined && sum.traceId === undefined) sum.traceId = traceId();
    if (timeMs < sum.firstMs) sum.firstMs = timeMs;
    if (timeMs > sum.lastMs) sum.lastMs = timeMs;
  }

  /** Who asked ends here: what waits for the rest of a request holds sketches and classes alone, and is small. */
  sum(pseudonym: Pseudonym): PortionSum {
    const entries = [...this.byKey.values()];
    const sketches: PortionSum['sketches'] = [];
    const facetCounts = new FacetCounts();
    const tracesOf = tracer(pseudonym);
    let minutes = 0;
    for (const [position, { sum, visits }] of entries.entries()) {
      const seen: number[] = [];
      const from = sketches.length;
      for (const { witness, minute, times } of visits) {
        const { client, user, facets } = tracesOf(witness);
        if (client !== undefined) addEntry(sketches, from, [position, minute, 0, [client]]);
        if (user !== undefined) addEntry(sketches, from, [position, minute, 1, [user]]);
        if (facets.length > 0) facetCounts.add(sum.signature, position, { minute, facets, count: times });
        if (seen.at(-1) !== minute && !seen.includes(minute)) seen.push(minute);
      }
      minutes += seen.length;
    }
    const facets = [...facetCounts.top(MAX_FACET_VALUES)];
    const more = (minutes - entries.length) / MINUTES_PER_SIGNATURE + facets.length / FACETS_PER_SIGNATURE;
    return { sums: entries.map(({ sum }) => sum), sketches, facets, weight: entries.length + Math.floor(more) };
  }

  private knownBy(signature: Signature): Entry | undefined {
    const entry = this.byKey.get(signatureKey(signature));
    if (entry !== undefined) this.byObject.set(signature, entry);
    return entry;
  }

  private begin(
    signature: Signature,
    { timeMs, bucket, witness, minute }: { timeMs: number; bucket: number; witness: Witness; minute: number },
  ): Entry {
    const key = signatureKey(signature);
    const counts = new Tally(bucket);
    const sum = { key, signature, firstMs: timeMs, lastMs: timeMs, traceId: undefined, counts, tokenTimes: undefined };
    const entry = { sum, visits: [{ witness, minute, times: 1 }] };
    this.byKey.set(key, entry);
    this.byObject.set(signature, entry);
    return entry;
  }
}

/** @param from where those of the same signature begin */
function addEntry(sketches: PortionSum['sketches'], from: number, one: PortionSum['sketches'][number]): void {
  const [, minute, kind, entries] = one;
  for (let at = sketches.length - 1; at >= from; at -= 1) {
    const known = sketches[at];
    if (known?.[1] !== minute || known[2] !== kind) continue;
    known[3].push(...entries);
    return;
  }
  sketches.push(one);
}

/** What a witness leaves behind: entries of sketches, and values that are safe to store. */
interface Traces {
  client: number | undefined;
  user: number | undefined;
  facets: readonly Facet[];
}

function tracer(pseudonym: Pseudonym): (witness: Witness) => Traces {
  const known = new Map<Witness, Traces>();
  const safe = ({ facet, value, isOpaque }: Facet): Facet => ({
    facet,
    value: isOpaque ? `~${(pseudonym(`facet ${String(facet)}`, value) >>> 0).toString(16).padStart(8, '0')}` : value,
    isOpaque: false,
  });
  return (witness) => {
    let traces = known.get(witness);
    if (traces === undefined) {
      const { client, user, facets } = witness;
      traces = {
        client: client === '' ? undefined : entryOf(pseudonym('client', client)),
        user: user === '' ? undefined : entryOf(pseudonym('user', user)),
        facets: facets.some(({ isOpaque }) => isOpaque) ? facets.map(safe) : facets,
      };
      known.set(witness, traces);
    }
    return traces;
  };
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
  /** By the position of their signature, each by bucket and kind. */
  private readonly sketches: Map<number, OwnSketch>[] = [];
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
      for (const [at, bucket] of counts.keys.entries()) folded.counts.push([position, bucket, counts.counts[at] ?? 0]);
      for (const [at, slot] of tokenTimes?.keys.entries() ?? []) folded.tokenTimes.push([position, slot, tokenTimes?.counts[at] ?? 0]);
    }
    for (const [index, minute, kind, entries] of sketches) this.sketchOf(positions[index] ?? 0, minute, kind).add(entries);
    for (const { key, target, counts } of traffic?.entries ?? []) {
      for (const [minute, count] of counts) folded.traffic.push([this.targetOf(key, target), minute, count]);
    }
    for (const { signature, bucket, facet, value, count } of facets) {
      folded.facets.push([positions[signature] ?? 0, bucket, facet, this.valueOf(value), count]);
    }
    this.rows += folded.counts.length + folded.traffic.length + folded.facets.length / 2;
    this.portions.push(folded);
  }

  /**
   * @param hash text to 16 hex digits; the same text must always give the same digits
   * @param told whoever was told of before is left out, and what is told now is noted
   */
  seal(hash: (key: string) => string, told?: Told): Folded {
    const ids = [...this.positions.keys()].map(hash);
    return {
      signatures: this.signatures.map(({ signature, firstMs, lastMs, traceId }, index) => {
        const id = ids[index] ?? '';
        return traceId === undefined ? { id, signature, firstMs, lastMs } : { id, signature, firstMs, lastMs, traceId };
      }),
      targets: [...this.targets.values()].map(({ target }) => target),
      values: [...this.values.keys()],
      portions: this.portions,
      sketches: this.newSketches(ids, told),
    };
  }

  private newSketches(ids: readonly string[], told?: Told): FoldedSketch[] {
    const sketches: FoldedSketch[] = [];
    this.sketches.forEach((own, signature) => {
      for (const { bucket, kind, entries } of own.values()) {
        const name = `${ids[signature] ?? ''}:${String(bucket)}:${String(kind)}`;
        const known = told?.get(name);
        let news: Distinct | undefined;
        for (const entry of entries) if (known?.covers(entry) !== true) (news ??= new Distinct()).add(entry);
        if (news === undefined) continue;
        told?.note(name, news);
        sketches.push([signature, bucket, kind, base64(news.bytes())]);
      }
    });
    return sketches;
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

  private sketchOf(signature: number, bucket: number, kind: 0 | 1): OwnSketch {
    const own = (this.sketches[signature] ??= new Map<number, OwnSketch>());
    let sketch = own.get(2 * bucket + kind);
    if (sketch === undefined) own.set(2 * bucket + kind, (sketch = new OwnSketch(bucket, kind)));
    return sketch;
  }
}

/** Entries of a sketch in a list: fewer than are told of once, most times, so that no sketch has to be made of them. */
const MOST_LISTED = 500;

class OwnSketch {
  private list: number[] = [];
  private sketch: Distinct | undefined;

  constructor(
    readonly bucket: number,
    readonly kind: 0 | 1,
  ) {}

  get entries(): Iterable<number> {
    return this.sketch?.entries() ?? this.list;
  }

  add(entries: readonly number[]): void {
    if (this.sketch === undefined && this.list.length === 0) this.list = [...entries];
    else if (this.sketch === undefined) this.list.push(...entries);
    else for (const entry of entries) this.sketch.add(entry);
    if (this.list.length <= MOST_LISTED) return;
    // However many records there are, a sketch takes no more than its registers.
    this.sketch = new Distinct();
    for (const entry of this.list) this.sketch.add(entry);
    this.list = [];
  }
}

interface FacetCount {
  signature: number;
  bucket: number;
  facet: number;
  value: string;
  count: number;
}

interface FacetGroup {
  /** The first one of the reason. */
  signature: number;
  service: string;
  environment: string;
  bucket: number;
  /** By facet: values and how often each came. */
  values: Map<string, number>[];
}

/** Facets of one portion, by reason, five minutes, facet and value. */
class FacetCounts {
  /** By template; of one template there are few, of as many services and times. */
  private readonly groups = new Map<string, FacetGroup[]>();
  /** The last signature and bucket, which the next one often has too. */
  private last: { signature: Signature; group: FacetGroup } | undefined;

  add(
    signature: Signature,
    position: number,
    { minute, facets, count }: { minute: number; facets: readonly Facet[]; count: number },
  ): void {
    const { values } = this.groupOf(signature, position, floorTo(minute, FACET_SECONDS));
    for (const { facet, value } of facets) increment((values[facet] ??= new Map<string, number>()), value, count);
  }

  *top(most: number): Generator<FacetCount, undefined> {
    for (const { signature, bucket, values } of [...this.groups.values()].flat()) {
      for (const [facet, counts] of values.entries()) {
        // Of facets that none of them has there is no place in the list.
        const ranked = [...((counts as Map<string, number> | undefined) ?? [])];
        if (ranked.length > most) ranked.sort((a, b) => b[1] - a[1]);
        const rest = ranked.splice(most).reduce((sum, [, count]) => sum + count, 0);
        if (rest > 0) ranked.push([OTHER, rest]);
        for (const [value, count] of ranked) yield { signature, bucket, facet, value, count };
      }
    }
  }

  private groupOf(signature: Signature, position: number, bucket: number): FacetGroup {
    if (this.last?.signature === signature && this.last.group.bucket === bucket) return this.last.group;
    const { service, environment, template } = signature;
    const alike = this.groups.get(template) ?? [];
    if (alike.length === 0) this.groups.set(template, alike);
    let group = alike.find((one) => one.bucket === bucket && one.service === service && one.environment === environment);
    if (group === undefined) alike.push((group = { signature: position, service, environment, bucket, values: [] }));
    this.last = { signature, group };
    return group;
  }
}

function increment<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
