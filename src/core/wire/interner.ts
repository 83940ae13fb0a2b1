/**
 * Gives equal byte strings equal small numbers, without making a string of them. Bounded: when there is no room left it
 * forgets everything and starts anew, which callers see by `epoch`.
 */

/** Longer strings are rarely the same twice. */
const MAX_LENGTH = 2_000;
/** Places looked at for one string: many strings made to fall on one place must not make looking slow. */
const MAX_PROBES = 8;

export class Interner {
  /** Grows each time that all numbers given so far became void. */
  epoch = 0;
  private count = 0;
  private used = 0;
  private readonly arena: Uint8Array;
  private readonly arenaView: DataView;
  /** Number + 1 of the string at each place; 0: free. A power of two, twice as many as there are numbers. */
  private readonly places: Int32Array;
  private readonly starts: Int32Array;
  private readonly hashes: Int32Array;
  /** Hashes of strings seen once: one that never comes again takes no room. */
  private readonly seen: Int32Array | undefined;

  /**
   * @param capacity distinct strings, a power of two
   * @param bytesEach room that there is for one, on average
   * @param isSelective a string gets a number only from the second time on
   */
  constructor(
    private readonly capacity: number,
    bytesEach: number,
    isSelective = false,
  ) {
    this.arena = new Uint8Array(capacity * bytesEach);
    this.arenaView = new DataView(this.arena.buffer);
    this.places = new Int32Array(capacity * 2);
    this.starts = new Int32Array(capacity + 1);
    this.hashes = new Int32Array(capacity);
    this.seen = isSelective ? new Int32Array(capacity * 2) : undefined;
  }

  /**
   * @param isAdded false for a look that remembers nothing
   * @returns a number from 0 to `capacity` - 1, or -1 for a string that is not remembered (now)
   */
  idOf(view: DataView, start: number, end: number, isAdded = true): number {
    const length = end - start;
    if (length > MAX_LENGTH) return -1;
    const hash = hashOf(view, start, end);
    const mask = this.places.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const place = (hash + probe) & mask;
      const id = (this.places[place] ?? 0) - 1;
      if (id === -1 && (!isAdded || this.isNews(hash))) return -1;
      if (id === -1) return this.add(new Uint8Array(view.buffer, view.byteOffset + start, length), hash, place);
      if (this.hashes[id] === hash && this.equals(id, view, start, length)) return id;
    }
    return -1;
  }

  /** Whether a string has this number, as the one before it had: a look without a hash. */
  is(id: number, view: DataView, start: number, end: number): boolean {
    return id >= 0 && id < this.count && this.equals(id, view, start, end - start);
  }

  private equals(id: number, view: DataView, start: number, length: number): boolean {
    const { arenaView } = this;
    const from = this.starts[id] ?? 0;
    if ((this.starts[id + 1] ?? 0) - from !== length) return false;
    let index = 0;
    for (; index + 4 <= length; index += 4) if (arenaView.getInt32(from + index, true) !== view.getInt32(start + index, true)) return false;
    for (; index < length; index += 1) if (arenaView.getUint8(from + index) !== view.getUint8(start + index)) return false;
    return true;
  }

  private isNews(hash: number): boolean {
    if (this.seen === undefined) return false;
    const place = hash & (this.seen.length - 1);
    if (this.seen[place] === hash) return false;
    this.seen[place] = hash;
    return true;
  }

  private add(text: Uint8Array, hash: number, place: number): number {
    if (this.count === this.capacity || this.used + text.length > this.arena.length) {
      this.forget();
      return this.add(text, hash, hash & (this.places.length - 1));
    }
    const id = this.count++;
    this.arena.set(text, this.used);
    this.hashes[id] = hash;
    this.places[place] = id + 1;
    this.used += text.length;
    this.starts[id + 1] = this.used;
    return id;
  }

  private forget(): void {
    this.epoch += 1;
    this.count = 0;
    this.used = 0;
    this.places.fill(0);
  }
}

/**
 * Of four bytes at a time: all of a short string; of a longer one its length, head, middle and tail, since what differs
 * between values that share a length is rarely elsewhere, and equality is checked anyway.
 */
function hashOf(view: DataView, start: number, end: number): number {
  const length = end - start;
  let hash = Math.imul(length ^ 0x2c1b3c6d, PRIME);
  if (length < 4) {
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), PRIME);
    return hash ^ (hash >>> 15);
  }
  const head = length <= WHOLE ? end - 4 : start + PART - 4;
  for (let at = start; at < head; at += 4) hash = mix(hash, view.getInt32(at, true));
  if (length > WHOLE) {
    const middle = ((start + end) >> 1) - PART / 2;
    for (let at = middle; at < middle + PART; at += 4) hash = mix(hash, view.getInt32(at, true));
    for (let at = end - PART; at < end - 4; at += 4) hash = mix(hash, view.getInt32(at, true));
  }
  hash = mix(hash, view.getInt32(end - 4, true));
  return hash ^ (hash >>> 13);
}

const PRIME = 0x01000193;
/** Bytes up to which all of a string is looked at, and of each part of a longer one. */
const WHOLE = 48;
const PART = 16;

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
