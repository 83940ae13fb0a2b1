/**
 * The signatures of a project as questions need them: a number for each, so that counts can be summed in arrays, and the values of
 * its dimensions as they are now. Verdicts that change are read again.
 */
import type { EntityManager } from 'typeorm';
import type { Cells } from '../core/rollup.js';
import { idToHex } from './entities.js';
import { DIMENSIONS, type Dimension } from './filters.js';

/** Some 600 bytes each. Where there are more, PostgreSQL sums. */
const MAX_SIGNATURES = 100_000;
const LOAD_AT_ONCE = 5_000;
const NAMES = Object.keys(DIMENSIONS) as Dimension[];
const COLUMNS = NAMES.filter((name) => name !== 'signature')
  .map((name) => `${DIMENSIONS[name]} AS ${name}`)
  .join(', ');

/** What a signature is now, and the number of its reason. */
export type Values = Readonly<Record<Dimension | 'reason', string>>;

let instances = 0;

export class KnownSignatures {
  /** Tells instances apart. */
  readonly name = String((instances += 1));
  /** Since when there are too many, `performance.now()`. */
  fullSinceMs: number | undefined;
  /** By number. Replaced, never cleared: whoever has it goes on with it. */
  private values: (Values | undefined)[] = [];
  /** Numbers that were not found: a snapshot from before they were written has been asked, or they are gone. */
  private missing = new Set<number>();
  private readonly numbers = new Map<bigint, number>();
  private readonly ids: bigint[] = [];
  /** Of the same, as they are asked for. */
  private readonly idTexts: (string | undefined)[] = [];
  /** Equal texts are one. */
  private readonly texts = new Map<string, string>();
  private verdictsAt = '';

  constructor(readonly projectId: number) {}

  get size(): number {
    return this.ids.length;
  }

  indexOf(id: bigint): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const number = this.ids.length;
    this.numbers.set(id, number);
    this.ids.push(id);
    if (number === MAX_SIGNATURES) this.fullSinceMs = performance.now();
    return number;
  }

  idOf(index: number): bigint {
    return this.ids[index] ?? 0n;
  }

  /** As decimal text. */
  idTextOf(index: number): string {
    return (this.idTexts[index] ??= String(this.idOf(index)));
  }

  /**
   * @param verdictsAt when verdicts last changed
   * @returns the values of every signature numbered so far, by number; undefined for one that is gone
   */
  async described(transaction: EntityManager, verdictsAt: string): Promise<readonly (Values | undefined)[]> {
    if (verdictsAt !== this.verdictsAt) {
      this.values = [];
      this.missing = new Set();
    }
    this.verdictsAt = verdictsAt;
    const { values, missing } = this;
    for (const again = [...missing]; again.length > 0;) await this.load(transaction, again.splice(0, LOAD_AT_ONCE), { values, missing });
    while (values.length < this.ids.length) {
      const numbers = Array.from({ length: Math.min(LOAD_AT_ONCE, this.ids.length - values.length) }, (_, index) => values.length + index);
      await this.load(transaction, numbers, { values, missing });
    }
    return values;
  }

  private async load(
    transaction: EntityManager,
    numbers: readonly number[],
    { values, missing }: { values: (Values | undefined)[]; missing: Set<number> },
  ): Promise<void> {
    const rows = await transaction.query<(Record<Dimension | 'reason', string> & { id: string })[]>(
      `SELECT s.id, s.reason_id AS reason, ${COLUMNS} FROM signatures s WHERE s.project_id = $1 AND s.id = ANY($2::bigint[])`,
      [this.projectId, numbers.map((number) => String(this.ids[number]))],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const number of numbers) {
      const row = byId.get(String(this.ids[number]));
      if (row !== undefined) {
        values[number] = this.valuesOf(row);
        missing.delete(number);
      } else if (values[number] === undefined) {
        // Somebody else may have found it meanwhile.
        values[number] = undefined;
        missing.add(number);
      }
    }
  }

  private valuesOf(row: Record<Dimension | 'reason', string> & { id: string }): Values {
    // Built one by one, they have one shape: of objects made of entries every reading is a search.
    const values: Partial<Record<Dimension | 'reason', string>> = { reason: this.once(row.reason) };
    for (const name of NAMES) values[name] = name === 'signature' ? idToHex(row.id) : this.once(row[name]);
    return values as Values;
  }

  private once(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

/** Of a signature that is not asked for. */
const NONE = 0xffff_ffff;

/**
 * Sums of a bucket are kept by key where there are no more, which takes 400 bytes at most, for as long as the bucket itself is kept; and only
 * where the bucket is that much larger that the sums of all groupings that are remembered come to no more than it.
 */
const MOST_KEYS_SUMMED = 32;
const FEWEST_CELLS_SUMMED = 500;

/** The keys that signatures fall under by some dimensions, found out as they are asked for and kept for the next question. */
export class Keys {
  readonly keys: string[][] = [];
  /** By number of the key, of the counts that a process keeps. */
  private readonly sums = new WeakMap<Cells, Float64Array>();
  private readonly numbers = new Map<string, number>();
  /** Of each signature: the number of its key plus one; 0 not known yet, NONE for one that is not asked for. */
  private places = new Uint32Array(0);

  constructor(
    private readonly isWanted: (values: Values) => boolean,
    readonly by: readonly Dimension[],
    private readonly values: readonly (Values | undefined)[],
  ) {}

  /** Of signatures. */
  get size(): number {
    return this.values.length;
  }

  /** @returns the number of a signature's key; undefined for one that is not asked for */
  of(index: number): number | undefined {
    let place = this.places[index] ?? 0;
    // One that is gone may be found by a newer snapshot.
    if (place === 0) place = this.placeOf(index) ?? NONE;
    return place === NONE ? undefined : place - 1;
  }

  /** @returns sums of a bucket by number of the key, which nobody may change: keys behind its end have none; undefined among many keys, and of a small bucket */
  sumsOf(cells: Cells): Float64Array | undefined {
    const known = this.sums.get(cells);
    if (known !== undefined || this.keys.length > MOST_KEYS_SUMMED || cells.counts.length < FEWEST_CELLS_SUMMED) return known;
    const sums: number[] = [];
    let isWhole = true;
    for (const [cell, index] of cells.signatures.entries()) {
      const number = this.of(index);
      if (number !== undefined) sums[number] = (sums[number] ?? 0) + (cells.counts[cell] ?? 0);
      else if (this.values[index] === undefined) isWhole = false;
    }
    const packed = Float64Array.from(sums, (sum: number | undefined) => sum ?? 0);
    if (isWhole && sums.length <= MOST_KEYS_SUMMED) this.sums.set(cells, packed);
    return packed;
  }

  /** @returns its number */
  add(key: string[]): number {
    const name = JSON.stringify(key);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.keys.length);
    return this.keys.push(key) - 1;
  }

  private placeOf(index: number): number | undefined {
    const values = this.values[index];
    if (values === undefined) return undefined;
    if (index >= this.places.length) {
      const places = new Uint32Array(this.values.length);
      places.set(this.places);
      this.places = places;
    }
    return (this.places[index] = this.isWanted(values) ? this.add(this.by.map((dimension) => values[dimension])) + 1 : NONE);
  }
}
