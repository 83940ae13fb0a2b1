/**
 * What is kept of the records of one request while it is read, a portion of some records at a time: how often each signature came, and what
 * came with it. A portion holds what it needs in lists that are used again, by the next request too: made anew for each, they would be
 * most of what a service throws away.
 */
import { entryOf } from './distinct.js';
import { FacetCounts, type FacetSums } from './facet-counts.js';
import { FINEST_SECONDS, floorTo, MINUTE_SECONDS, OTHER } from './levels.js';
import { memoByObject } from './memo.js';
import type { Refusal } from './refusal.js';
import { Tallies } from './rows.js';
import { signatureKey, type Signature } from './signature.js';
import { slotOf } from './sketch.js';
import { targetKey, type Target } from './traffic.js';
import type { Facet, Witness } from './witness.js';

/** How many weigh as much as a signature, which is some 2 kB: targets and minutes of either, and values of facets. */
export const MINUTES_PER_SIGNATURE = 8;
const FACETS_PER_SIGNATURE = 16;
/** Values of one facet told apart in one portion; the rest is summed up. */
const MAX_FACET_VALUES = 50;

/** Signatures, by their position, and when they were seen. */
export interface Seen {
  readonly all: Signature[];
  /** Epoch milliseconds. */
  readonly firstMs: number[];
  readonly lastMs: number[];
  readonly traceIds: (string | undefined)[];
}

/** What a signature is counted as, with a number that no other one has there. */
export interface Counted {
  readonly signature: Signature;
  readonly number: number;
}

/** Gives the same for the same signature, in whatever object it comes. The same objects come again and again: finding them needs no key. */
export class CountedSignatures {
  private readonly byObject = new Map<Signature, Counted>();
  private readonly byKey = new Map<string, Counted>();

  /** @param become what a signature is counted as: asked once for an object */
  constructor(private readonly become: (signature: Signature) => Signature = (signature) => signature) {}

  of(signature: Signature): Counted {
    const known = this.byObject.get(signature);
    if (known !== undefined) return known;
    const one = this.byKeyOf(this.become(signature));
    this.byObject.set(signature, one);
    return one;
  }

  private byKeyOf(signature: Signature): Counted {
    const key = signatureKey(signature);
    let one = this.byKey.get(key);
    if (one === undefined) this.byKey.set(key, (one = { signature, number: this.byKey.size }));
    return one;
  }
}

/** What a portion comes to, in rows of numbers. Signatures are given by their position. Whoever adds it to a fold has no use for it afterwards. */
export interface PortionSum extends FacetSums {
  signatures: Seen;
  /** Signature, bucket, count. */
  counts: number[];
  /** Signature, slot, count. */
  tokenTimes: number[];
  /** What is to be added to sketches: signature, minute by its number since the epoch, kind, entry. Of a large request as many as records. */
  sketched: Int32Array;
  /** In signatures. */
  weight: number;
}

export class Portion {
  private readonly positions = new Positions();
  private readonly seen: Seen = { all: [], firstMs: [], lastMs: [], traceIds: [] };
  private readonly counts = new Tallies();
  private readonly tokenTimes = new Tallies();
  /** Who asked, and of the same: signature, minute, and how often without another one in between. */
  private readonly witnesses: (Witness | undefined)[] = [];
  private readonly visited: number[] = [];
  private visits = 0;
  /** By signature. */
  private readonly lastVisit: number[] = [];
  /** Filled by `sum`, which copies what is used. */
  private sketched = new Int32Array(0);
  private counted: CountedSignatures;

  /** @param counted gives what signatures are counted as */
  constructor(counted = new CountedSignatures()) {
    this.counted = counted;
  }

  get isEmpty(): boolean {
    return this.positions.size === 0;
  }

  /** Is as one made anew. */
  begin(counted: CountedSignatures): void {
    this.clear();
    this.counted = counted;
  }

  /** Lets go of what was counted; to be begun again. */
  end(): void {
    this.begin(NOTHING_COUNTED);
    this.seen.all.length = 0;
    this.seen.traceIds.fill(undefined);
  }

  /**
   * @param timeMs when it happened, epoch milliseconds
   * @param traceId asked until a signature has one
   */
  add({ signature, witness, tokenOffset }: Omit<Refusal, 'kind' | 'target'>, timeMs: number, traceId?: () => string | undefined): void {
    const { seen, witnesses, visited, lastVisit } = this;
    const position = this.positionOf(this.counted.of(signature));
    if (timeMs < (seen.firstMs[position] ?? 0)) seen.firstMs[position] = timeMs;
    if (timeMs > (seen.lastMs[position] ?? 0)) seen.lastMs[position] = timeMs;
    this.counts.add(position, floorTo(timeMs / 1000, FINEST_SECONDS));
    if (tokenOffset !== undefined) this.tokenTimes.add(position, slotOf(tokenOffset));
    if (traceId !== undefined && seen.traceIds[position] === undefined) seen.traceIds[position] = traceId();
    const minute = floorTo(timeMs / 1000, MINUTE_SECONDS);
    const last = lastVisit[position] ?? -1;
    if (last !== -1 && witnesses[last] === witness && visited[3 * last + 1] === minute) {
      visited[3 * last + 2] = (visited[3 * last + 2] ?? 0) + 1;
      return;
    }
    const visit = this.visits;
    this.visits = visit + 1;
    lastVisit[position] = visit;
    witnesses[visit] = witness;
    visited[3 * visit] = position;
    visited[3 * visit + 1] = minute;
    visited[3 * visit + 2] = 1;
  }

  /**
   * Who asked ends here: what waits for the rest of a request holds entries of sketches and classes alone. The portion is empty
   * from then on, and may be filled again.
   */
  sum(tracesOf: Tracer): PortionSum {
    const { seen, visited, witnesses } = this;
    const { size } = this.positions;
    if (this.sketched.length < 8 * this.visits) this.sketched = new Int32Array(16 * this.visits);
    const { sketched } = this;
    let end = 0;
    const sketch = (position: number, minute: number, kind: number, entry: number | undefined): void => {
      if (entry === undefined) return;
      sketched[end] = position;
      sketched[end + 1] = minute / MINUTE_SECONDS;
      sketched[end + 2] = kind;
      sketched[end + 3] = entry;
      end += 4;
    };
    const facetCounts = new FacetCounts();
    for (let visit = 0; visit < this.visits; visit += 1) {
      const [position = 0, minute = 0, times = 0] = [visited[3 * visit], visited[3 * visit + 1], visited[3 * visit + 2]];
      const [signature, witness] = [seen.all[position], witnesses[visit]];
      if (signature === undefined || witness === undefined) continue;
      const { client, user, facets } = tracesOf(witness);
      sketch(position, minute, 0, client);
      sketch(position, minute, 1, user);
      if (facets.length > 0) facetCounts.add(signature, position, { minute, facets, count: times });
    }
    const { facets, facetValues } = facetCounts.top(MAX_FACET_VALUES);
    const more = (this.counts.spans(MINUTE_SECONDS) - size) / MINUTES_PER_SIGNATURE + facetValues.length / FACETS_PER_SIGNATURE;
    const sum: PortionSum = {
      signatures: {
        all: seen.all.slice(0, size),
        firstMs: seen.firstMs.slice(0, size),
        lastMs: seen.lastMs.slice(0, size),
        traceIds: seen.traceIds.slice(0, size),
      },
      ...{ counts: this.counts.rows, tokenTimes: this.tokenTimes.rows },
      // A copy of what is used: a large request waits with as many as it has records.
      ...{ sketched: sketched.slice(0, end), facets, facetValues, weight: size + Math.floor(more) },
    };
    this.clear();
    return sum;
  }

  private positionOf({ signature, number }: Counted): number {
    const { size } = this.positions;
    const position = this.positions.of(number);
    if (position < size) return position;
    const { seen } = this;
    seen.all[position] = signature;
    seen.firstMs[position] = Infinity;
    seen.lastMs[position] = -Infinity;
    seen.traceIds[position] = undefined;
    this.lastVisit[position] = -1;
    return position;
  }

  private clear(): void {
    // Who asked is kept no longer than it takes to read a request.
    this.witnesses.fill(undefined, 0, this.visits);
    this.visits = 0;
    this.positions.clear();
    this.counts.clear();
    this.tokenTimes.clear();
  }
}

/** Of portions that nobody fills. */
const NOTHING_COUNTED = new CountedSignatures();

/** Places of a table; a power of two, twice as many as the signatures of a portion are at most. */
const PLACES = 2_048;
/** Knuth, "The Art of Computer Programming", volume 3, 6.4: numbers in a row come to lie far from each other. */
const SCATTER = 0x9e3779b1;

/** Positions of numbers, in the order in which they came. */
class Positions {
  size = 0;
  private readonly numbers: number[] = [];
  /** Position + 1 of what lies at each place; 0: free. */
  private places = new Int32Array(0);

  /** @returns the position of a number, the next one for one that has none yet */
  of(number: number): number {
    // Not before: of the requests that are open, many have sent nothing yet.
    if (this.places.length === 0) this.places = new Int32Array(PLACES);
    const { numbers, places } = this;
    const mask = places.length - 1;
    for (let place = Math.imul(number, SCATTER) >>> 16; ; place += 1) {
      const position = (places[place & mask] ?? 0) - 1;
      if (position === -1) return this.add(number, place & mask);
      if (numbers[position] === number) return position;
    }
  }

  clear(): void {
    this.size = 0;
    this.places.fill(0);
  }

  private add(number: number, place: number): number {
    const position = this.size;
    this.size = position + 1;
    this.numbers[position] = number;
    this.places[place] = position + 1;
    if (2 * this.size > this.places.length) this.widen();
    return position;
  }

  /** No request comes to it, whose portions have 1,000 records; whoever fills one with more is served all the same. */
  private widen(): void {
    const places = new Int32Array(2 * this.places.length);
    const mask = places.length - 1;
    for (let position = 0; position < this.size; position += 1) {
      let place = Math.imul(this.numbers[position] ?? 0, SCATTER) >>> 16;
      while (places[place & mask] !== 0) place += 1;
      places[place & mask] = position + 1;
    }
    this.places = places;
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

/** 32 bits of a hash that nobody can repeat without the service's key. */
export type Pseudonym = (kind: string, text: string) => number;

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
    return Math.ceil((this.targets.length + this.tallies.length / 3) / MINUTES_PER_SIGNATURE);
  }

  /** Rows of three: position of the target, minute, count. */
  get rows(): number[] {
    return this.tallies.rows;
  }

  /** @param timeMs epoch milliseconds */
  add(target: Target, timeMs: number): void {
    this.tallies.add(this.byObject.get(target) ?? this.find(target), floorTo(timeMs / 1000, MINUTE_SECONDS));
  }

  private find(target: Target): number {
    const key = targetKey(target);
    const position = this.byKey.get(key) ?? this.begin(target, key);
    if (this.byObject.size >= MAX_TARGET_OBJECTS) this.byObject.clear();
    this.byObject.set(target, position);
    return position;
  }

  private begin(target: Target, key: string): number {
    const { length } = this.targets;
    if (length >= 2 * MAX_TARGETS) return this.rest({ service: OTHER, environment: OTHER, route: OTHER });
    if (length >= MAX_TARGETS) return this.rest({ ...target, route: OTHER });
    this.byKey.set(key, length);
    return this.targets.push(target) - 1;
  }

  private rest(target: Target): number {
    const key = targetKey(target);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    this.byKey.set(key, this.targets.length);
    return this.targets.push(target) - 1;
  }
}
