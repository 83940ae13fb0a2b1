/**
 * Folds records into signatures with counts: a million identical refusals are one entry and a number. A request is folded
 * in portions of some records each, which are the unit that is counted once, and into one account of its traffic; a batch
 * gathers those of many requests over one list of signatures. What a fold weighs follows the variety of the failures, not
 * their volume.
 */
import { Distinct, entryOf } from './distinct.js';
import { FACET_SECONDS, FINEST_SECONDS, floorTo, MINUTE_SECONDS, OTHER } from './levels.js';
import type { Refusal } from './refusal.js';
import { reasonKey, signatureKey, type Signature } from './signature.js';
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

/** Signatures, each once, by their position, with when they were seen. */
class Signatures {
  readonly all: Signature[] = [];
  /** Epoch milliseconds. */
  readonly firstMs: number[] = [];
  readonly lastMs: number[] = [];
  readonly traceIds: (string | undefined)[] = [];
  private readonly byKey = new Map<string, number>();
  /** The same objects come again and again: finding them needs no key. */
  private readonly byObject = new Map<Signature, number>();

  /** @param become what a signature is counted as */
  constructor(private readonly become: (signature: Signature) => Signature = (signature) => signature) {}

  get size(): number {
    return this.all.length;
  }

  /** @returns its position, where it was seen from `firstMs` to `lastMs` as well */
  seen(signature: Signature, firstMs: number, lastMs: number): number {
    let position = this.byObject.get(signature);
    if (position === undefined) this.byObject.set(signature, (position = this.positionOf(this.become(signature))));
    if (firstMs < (this.firstMs[position] ?? 0)) this.firstMs[position] = firstMs;
    if (lastMs > (this.lastMs[position] ?? 0)) this.lastMs[position] = lastMs;
    return position;
  }

  private positionOf(signature: Signature): number {
    const key = signatureKey(signature);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const position = this.all.push(signature) - 1;
    this.byKey.set(key, position);
    this.firstMs.push(Infinity);
    this.lastMs.push(-Infinity);
    this.traceIds.push(undefined);
    return position;
  }
}

/** Numbers of one signature or target that are looked through one by one. */
const FEW_NUMBERS = 16;

/** How often something came with a signature or target: rows of its position, a whole number and the count, each pair once. */
class Tallies {
  readonly rows: number[] = [];
  /** By position: the start of its last row. */
  private readonly last: number[] = [];
  /** By row: the start of the one before it of the same position, -1 for the first. */
  private readonly before: number[] = [];
  /** Starts of rows, of positions that have many; most lists have none. */
  private many: Map<number, Map<number, number>> | undefined;

  add(position: number, number: number): void {
    const { rows, last, before } = this;
    const at = this.find(position, number);
    if (at !== -1) {
      rows[at + 2] = (rows[at + 2] ?? 0) + 1;
      return;
    }
    while (last.length <= position) last.push(-1);
    before.push(last[position] ?? -1);
    last[position] = rows.length;
    this.many?.get(position)?.set(number, rows.length);
    rows.push(position, number, 1);
  }

  private find(position: number, number: number): number {
    const { rows, before } = this;
    const all = this.many?.get(position);
    if (all !== undefined) return all.get(number) ?? -1;
    let steps = 0;
    for (let at = this.last[position] ?? -1; at !== -1; at = before[at / 3] ?? -1) {
      if (rows[at + 1] === number) return at;
      steps += 1;
    }
    if (steps >= FEW_NUMBERS) (this.many ??= new Map()).set(position, this.rowsOf(position));
    return -1;
  }

  private rowsOf(position: number): Map<number, number> {
    const all = new Map<number, number>();
    for (let at = this.last[position] ?? -1; at !== -1; at = this.before[at / 3] ?? -1) all.set(this.rows[at + 1] ?? 0, at);
    return all;
  }

  /** How many pairs of a signature and a multiple of `seconds` that the numbers lie in. */
  spans(seconds: number): number {
    const { rows, before } = this;
    let spans = 0;
    for (let row = 0; row < before.length; row += 1) {
      const span = floorTo(rows[3 * row + 1] ?? 0, seconds);
      let earlier = before[row] ?? -1;
      while (earlier !== -1 && floorTo(rows[earlier + 1] ?? 0, seconds) !== span) earlier = before[earlier / 3] ?? -1;
      if (earlier === -1) spans += 1;
    }
    return spans;
  }
}

/** What a portion comes to, in rows of numbers. Signatures are given by their position in `signatures`. */
export interface PortionSum {
  signatures: Signatures;
  /** Signature, bucket, count. */
  counts: readonly number[];
  /** Signature, slot, count. */
  tokenTimes: readonly number[];
  /** What is to be added to sketches: signature, minute, kind, entry. */
  sketched: readonly number[];
  /** Signature, bucket, facet, count; the values stand beside them. */
  facets: readonly number[];
  facetValues: readonly string[];
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
    const position = signatures.seen(signature, timeMs, timeMs);
    this.counts.add(position, floorTo(timeMs / 1000, FINEST_SECONDS));
    if (tokenOffset !== undefined) this.tokenTimes.add(position, slotOf(tokenOffset));
    if (traceId !== undefined && signatures.traceIds[position] === undefined) signatures.traceIds[position] = traceId();
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
      const [signature, witness] = [signatures.all[position], witnesses[visit]];
      if (signature === undefined || witness === undefined) continue;
      const { client, user, facets } = tracesOf(witness);
      if (client !== undefined) sketched.push(position, minute, 0, client);
      if (user !== undefined) sketched.push(position, minute, 1, user);
      if (facets.length > 0) counts.add(signature, position, { minute, facets, count: times });
    }
    const { facets, facetValues } = counts.top(MAX_FACET_VALUES);
    const more = (this.counts.spans(MINUTE_SECONDS) - signatures.size) / MINUTES_PER_SIGNATURE + facetValues.length / FACETS_PER_SIGNATURE;
    const weight = signatures.size + Math.floor(more);
    return { signatures, counts: this.counts.rows, tokenTimes: this.tokenTimes.rows, sketched, facets, facetValues, weight };
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
  const known = new WeakMap<Witness, Traces>();
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
    const position = this.byKey.get(keyOf(target)) ?? this.begin(target);
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
    const known = this.byKey.get(keyOf(kept));
    if (known !== undefined) return known;
    this.byKey.set(keyOf(kept), length);
    return this.targets.push(kept) - 1;
  }
}

function keyOf({ service, environment, route }: Target): string {
  return [service, environment, route].join('\u001f');
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
    for (let at = 0; at < sketched.length; at += 4)
      this.sketched.push(positions[sketched[at] ?? 0] ?? 0, sketched[at + 1] ?? 0, sketched[at + 2] ?? 0, sketched[at + 3] ?? 0);
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
    const { all, firstMs, lastMs, traceIds } = this.signatures;
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
    for (const { signature, bucket, kind, entries } of this.sketches.values()) {
      const name = `${ids[signature] ?? ''}:${String(bucket)}:${String(kind)}`;
      const known = told?.get(name);
      let news: Distinct | undefined;
      for (const entry of entries) if (known?.covers(entry) !== true) (news ??= new Distinct()).add(entry);
      if (news === undefined) continue;
      told?.note(name, news);
      sketches.push([signature, bucket, kind, base64(news.bytes())]);
    }
    return sketches;
  }

  private positionOf({ all, firstMs, lastMs, traceIds }: Signatures, index: number): number {
    const signature = all[index];
    if (signature === undefined) throw new RangeError(`there is no signature ${String(index)}`);
    const position = this.signatures.seen(signature, firstMs[index] ?? 0, lastMs[index] ?? 0);
    if (traceIds[index] !== undefined) this.signatures.traceIds[position] = traceIds[index];
    return position;
  }

  private trafficOf({ targets, rows }: Traffic): number[] {
    const positions = targets.map((target) => {
      const key = keyOf(target);
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

/** The lists of a portion, row by row. */
export function rowsOf(list: readonly number[], width: number): number[][] {
  return Array.from({ length: list.length / width }, (_, row) => list.slice(row * width, (row + 1) * width));
}

/** Of a batch's portions, which have most in common: rows of three, by bucket and by the position that each begins with. */
export function sumsByBucket(lists: readonly (readonly number[])[]): Map<number, Map<number, number>> {
  const buckets = new Map<number, Map<number, number>>();
  for (const list of lists) {
    for (let row = 0; row < list.length; row += 3) {
      const [at = 0, bucket = 0, count = 0] = [list[row], list[row + 1], list[row + 2]];
      let sums = buckets.get(bucket);
      if (sums === undefined) buckets.set(bucket, (sums = new Map<number, number>()));
      sums.set(at, (sums.get(at) ?? 0) + count);
    }
  }
  return buckets;
}

/** Rows of so many numbers, the first of each a position that has become another one. */
export function moved(list: readonly number[], width: number, positionOf: (position: number) => number | undefined): number[] {
  const rows = [...list];
  for (let at = 0; at < rows.length; at += width) rows[at] = positionOf(rows[at] ?? 0) ?? 0;
  return rows;
}

/** Far more than a batch ever has: positions are below. */
const MOST_SIGNATURES = 1 << 20;
/** Of some 16,000 records that tell who asked. */
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

/** Values of one reason and five minutes, by place. */
interface FacetGroup {
  /** The first one of the reason. */
  signature: number;
  bucket: number;
  facets: number[];
  values: string[];
  counts: number[];
  /** By facet and value, where there are many. */
  places: Map<string, number> | undefined;
}

/** Values that are looked through one by one. */
const FEW_VALUES = 16;

/** Facets of one portion, by reason, five minutes, facet and value. */
class FacetCounts {
  /** By reason; of one there are few, of as many times. */
  private readonly groups = new Map<string, FacetGroup[]>();
  /** By signature, the one that it had last. */
  private readonly groupAt: FacetGroup[] = [];

  add(
    signature: Signature,
    position: number,
    { minute, facets, count }: { minute: number; facets: readonly Facet[]; count: number },
  ): void {
    const bucket = floorTo(minute, FACET_SECONDS);
    let group = this.groupAt[position];
    if (group?.bucket !== bucket) this.groupAt[position] = group = this.groupOf(signature, position, bucket);
    for (const { facet, value } of facets) {
      const place = placeOf(group, facet, value);
      group.counts[place] = (group.counts[place] ?? 0) + count;
    }
  }

  /** The most frequent values of each facet, the others in one. */
  top(most: number): Pick<PortionSum, 'facets' | 'facetValues'> {
    const facets: number[] = [];
    const facetValues: string[] = [];
    for (const alike of this.groups.values()) {
      for (const group of alike) {
        for (const place of kept(group, most)) {
          facets.push(group.signature, group.bucket, group.facets[place] ?? 0, group.counts[place] ?? 0);
          facetValues.push(group.values[place] ?? OTHER);
        }
      }
    }
    return { facets, facetValues };
  }

  private groupOf(signature: Signature, position: number, bucket: number): FacetGroup {
    const reason = reasonKey(signature);
    let alike = this.groups.get(reason);
    if (alike === undefined) this.groups.set(reason, (alike = []));
    let group = alike.find((one) => one.bucket === bucket);
    if (group === undefined) alike.push((group = { signature: position, bucket, facets: [], values: [], counts: [], places: undefined }));
    return group;
  }
}

function placeOf(group: FacetGroup, facet: number, value: string): number {
  const { facets, values, places } = group;
  if (places === undefined) {
    for (let place = 0; place < values.length; place += 1) if (facets[place] === facet && values[place] === value) return place;
  } else {
    const known = places.get(nameOf(facet, value));
    if (known !== undefined) return known;
    places.set(nameOf(facet, value), values.length);
  }
  facets.push(facet);
  const place = values.push(value) - 1;
  if (place === FEW_VALUES) group.places = new Map(values.map((one, at) => [nameOf(facets[at] ?? 0, one), at]));
  return place;
}

function nameOf(facet: number, value: string): string {
  return `${String(facet)} ${value}`;
}

/** Places of what is told apart; the rest of each facet is summed up in a place of its own. */
function kept(group: FacetGroup, most: number): number[] {
  const places = [...group.values.keys()];
  if (places.length <= most) return places;
  return [...new Set(group.facets)].flatMap((facet) => {
    const ranked = places.filter((place) => group.facets[place] === facet).sort((a, b) => (group.counts[b] ?? 0) - (group.counts[a] ?? 0));
    const rest = ranked.splice(most);
    if (rest.length === 0) return ranked;
    group.facets.push(facet);
    group.counts.push(rest.reduce((sum, place) => sum + (group.counts[place] ?? 0), 0));
    return [...ranked, group.values.push(OTHER) - 1];
  });
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
