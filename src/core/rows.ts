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

/** Rows of so many numbers, the first of each a position that has become another one. */
export function moved(list: readonly number[], width: number, positionOf: (position: number) => number | undefined): number[] {
  const rows = [...list];
  for (let at = 0; at < rows.length; at += width) rows[at] = positionOf(rows[at] ?? 0) ?? 0;
  return rows;
}

/** Numbers of one signature or target that are looked through one by one. */
const FEW_NUMBERS = 16;

/** How often something came with a signature or target: rows of its position, a whole number and the count, each pair once. */
export class Tallies {
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
