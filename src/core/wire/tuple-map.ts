/**
 * Remembers values by short rows of whole numbers, without making an object or a string of a row. Bounded: when there is
 * no room left it forgets everything.
 */

/** Places looked at for one row. */
const MAX_PROBES = 8;

export class TupleMap<T> {
  private readonly row: Int32Array;
  private length = 0;
  private hash = 0;
  /** Number + 1 of the row at each place; 0: free. */
  private readonly places: Int32Array;
  private readonly hashes: Int32Array;
  private readonly starts: Int32Array;
  private readonly rows: Int32Array;
  private values: T[] = [];

  /**
   * @param capacity rows, a power of two
   * @param maxLength numbers of a row; there is room for half as many on average
   */
  constructor(
    private readonly capacity: number,
    private readonly maxLength: number,
  ) {
    this.row = new Int32Array(maxLength);
    this.places = new Int32Array(capacity * 2);
    this.hashes = new Int32Array(capacity);
    this.starts = new Int32Array(capacity + 1);
    this.rows = new Int32Array(capacity * (maxLength >> 1));
  }

  /** Begins a row. */
  begin(): void {
    this.length = 0;
    this.hash = 0x2f0b4a27;
  }

  /** Adds a number to it. What is too long is found nowhere. @returns false for -1, which stands for anything */
  add(number: number): boolean {
    if (this.length < this.maxLength) this.row[this.length] = number;
    this.length += 1;
    const mixed = Math.imul(this.hash ^ number, 0x9e3779b1);
    this.hash = mixed ^ (mixed >>> 15);
    return number !== -1;
  }

  /** What is remembered of the row. */
  get(): T | undefined {
    const { hash, length, places } = this;
    if (length > this.maxLength) return undefined;
    const mask = places.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const id = (places[(hash + probe) & mask] ?? 0) - 1;
      if (id === -1) return undefined;
      if (this.hashes[id] === hash && this.equals(id)) return this.values[id];
    }
    return undefined;
  }

  /** Remembers a value of the row, which has none yet. */
  set(value: T): void {
    const { hash, length, places } = this;
    if (length > this.maxLength) return;
    const id = this.values.length;
    const start = this.starts[id] ?? 0;
    if (id === this.capacity || start + length > this.rows.length) {
      this.clear();
      this.set(value);
      return;
    }
    const mask = places.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const place = (hash + probe) & mask;
      if (places[place] !== 0) continue;
      places[place] = id + 1;
      this.hashes[id] = hash;
      for (let index = 0; index < length; index += 1) this.rows[start + index] = this.row[index] ?? 0;
      this.starts[id + 1] = start + length;
      this.values.push(value);
      return;
    }
  }

  clear(): void {
    this.places.fill(0);
    this.values = [];
  }

  private equals(id: number): boolean {
    const start = this.starts[id] ?? 0;
    const { length } = this;
    if ((this.starts[id + 1] ?? 0) - start !== length) return false;
    for (let index = 0; index < length; index += 1) if (this.rows[start + index] !== this.row[index]) return false;
    return true;
  }
}
