/** Lists of numbers as a fold makes and a worker sums them: rows of so many, one behind the other, the first of each a position in the batch. */
import { floorTo } from './levels.js';

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

/** Rows of so many numbers, the first of each a position that becomes another one, in its place. @returns the same list */
export function moved(rows: number[], width: number, positions: readonly number[]): number[] {
  for (let at = 0; at < rows.length; at += width) rows[at] = positions[rows[at] ?? 0] ?? 0;
  return rows;
}

/** Numbers of one signature or target that are looked through one by one. */
const FEW_NUMBERS = 16;

/** How often something came with a signature or target: rows of its position, a whole number and the count, each pair once. */
export class Tallies {
  /** Used again when it is cleared; so are the others. */
  private readonly list: number[] = [];
  private used = 0;
  /** By position: the start of its last row. */
  private readonly last: number[] = [];
  private positions = 0;
  /** By row: the start of the one before it of the same position, -1 for the first. */
  private readonly before: number[] = [];
  /** Starts of rows, of positions that have many; most lists have none. */
  private many: Map<number, Map<number, number>> | undefined;

  add(position: number, number: number): void {
    const { list, last, before, used } = this;
    for (; this.positions <= position; this.positions += 1) last[this.positions] = -1;
    const at = this.find(position, number);
    if (at !== -1) {
      list[at + 2] = (list[at + 2] ?? 0) + 1;
      return;
    }
    before[used / 3] = last[position] ?? -1;
    last[position] = used;
    this.many?.get(position)?.set(number, used);
    list[used] = position;
    list[used + 1] = number;
    list[used + 2] = 1;
    this.used = used + 3;
  }

  /** A copy, that is the caller's. */
  get rows(): number[] {
    return this.list.slice(0, this.used);
  }

  /** In numbers. */
  get length(): number {
    return this.used;
  }

  clear(): void {
    this.used = 0;
    this.positions = 0;
    this.many = undefined;
  }

  private find(position: number, number: number): number {
    const { list, before } = this;
    const all = this.many?.get(position);
    if (all !== undefined) return all.get(number) ?? -1;
    let steps = 0;
    for (let at = this.last[position] ?? -1; at !== -1; at = before[at / 3] ?? -1) {
      if (list[at + 1] === number) return at;
      steps += 1;
    }
    if (steps >= FEW_NUMBERS) (this.many ??= new Map()).set(position, this.rowsOf(position));
    return -1;
  }

  private rowsOf(position: number): Map<number, number> {
    const all = new Map<number, number>();
    for (let at = this.last[position] ?? -1; at !== -1; at = this.before[at / 3] ?? -1) all.set(this.list[at + 1] ?? 0, at);
    return all;
  }

  /** How many pairs of a signature and a multiple of `seconds` that the numbers lie in. */
  spans(seconds: number): number {
    const { list, before } = this;
    let spans = 0;
    for (let row = 0; 3 * row < this.used; row += 1) {
      const span = floorTo(list[3 * row + 1] ?? 0, seconds);
      let earlier = before[row] ?? -1;
      while (earlier !== -1 && floorTo(list[earlier + 1] ?? 0, seconds) !== span) earlier = before[earlier / 3] ?? -1;
      if (earlier === -1) spans += 1;
    }
    return spans;
  }
}
