/**
 * How many different clients or users there were, without keeping any of them: HyperLogLog (Flajolet et al., 2007) with
 * the estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6), whose
 * standard error is 0.8 % here. What is kept of somebody is the number of a register and how rare their hash was.
 * Sketches of any spans merge, and merging one twice changes nothing.
 */

const REGISTERS = 1 << 14;
/** Bits of the hash behind the register's number; a rank fits 4 bits, and 250 million are still told apart. */
const RANK_BITS = 14;
const DENSE_BYTES = REGISTERS / 2;
const SPARSE_BYTES = 3;
/** Registers in a map, some 30 bytes each. */
const MOST_IN_MAP = 512;
const ALPHA = 1 / (2 * Math.LN2);

/**
 * @param hash 32 bits of a keyed hash; the lowest four are not used
 * @returns what is kept: the register's number times 16, and the rank (1 to 15)
 */
export function entryOf(hash: number): number {
  const rest = (hash << RANK_BITS) >>> (32 - RANK_BITS);
  const rank = rest === 0 ? RANK_BITS + 1 : Math.clz32(rest) - (32 - RANK_BITS) + 1;
  return ((hash >>> (32 - RANK_BITS)) << 4) | rank;
}

export class Distinct {
  private few = new Map<number, number>();
  /** A rank for each register, once a map would take more room. */
  private many: Uint8Array | undefined;
  private filled = 0;

  /** Registers that somebody fell into. */
  get size(): number {
    return this.filled;
  }

  add(entry: number): void {
    const register = entry >>> 4;
    const before = this.rankOf(register);
    if (before >= (entry & 15)) return;
    if (before === 0) this.filled += 1;
    if (this.many === undefined) this.few.set(register, entry & 15);
    else this.many[register] = entry & 15;
    if (this.few.size > MOST_IN_MAP) this.widen();
  }

  /** Whether adding it would change nothing. */
  covers(entry: number): boolean {
    return this.rankOf(entry >>> 4) >= (entry & 15);
  }

  *entries(): Generator<number, undefined> {
    const { many } = this;
    if (many === undefined) for (const [register, rank] of this.few) yield (register << 4) | rank;
    else
      for (let register = 0; register < REGISTERS; register += 1)
        if ((many[register] ?? 0) > 0) yield (register << 4) | (many[register] ?? 0);
  }

  private rankOf(register: number): number {
    return this.many?.[register] ?? this.few.get(register) ?? 0;
  }

  private widen(): void {
    const many = new Uint8Array(REGISTERS);
    for (const [register, rank] of this.few) many[register] = rank;
    this.many = many;
    this.few = new Map();
  }

  /**
   * Adds what `bytes()` gave.
   * @param start where it begins in the bytes, and `end` where it ends
   * @throws RangeError for anything else
   */
  merge(bytes: Uint8Array, start = 0, end = bytes.length): void {
    if (end - start === DENSE_BYTES) {
      for (let register = 0; register < REGISTERS; register += 1) {
        const rank = ((bytes[start + (register >> 1)] ?? 0) >> ((register & 1) * 4)) & 15;
        if (rank > 0) this.add((register << 4) | rank);
      }
      return;
    }
    if ((end - start) % SPARSE_BYTES !== 0) throw new RangeError('cannot merge a sketch that is cut off');
    const { many } = this;
    for (let at = start; at < end; at += SPARSE_BYTES) {
      const entry = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      const rank = entry & 15;
      if (entry >= REGISTERS << 4 || rank === 0) throw new RangeError('cannot merge what is no sketch');
      // Millions of them make an answer: the usual case by itself.
      const before = many?.[entry >>> 4];
      if (many === undefined || before === undefined) this.add(entry);
      else if (before < rank) {
        if (before === 0) this.filled += 1;
        many[entry >>> 4] = rank;
      }
    }
  }

  /** Three bytes a register while there are few (the entry, high byte first), else half a byte for each there is. */
  bytes(): Uint8Array {
    if (this.filled * SPARSE_BYTES >= DENSE_BYTES) return this.dense();
    const bytes = new Uint8Array(this.filled * SPARSE_BYTES);
    let at = 0;
    for (const entry of this.entries()) {
      bytes[at] = entry >> 16;
      bytes[at + 1] = (entry >> 8) & 255;
      bytes[at + 2] = entry & 255;
      at += SPARSE_BYTES;
    }
    return bytes;
  }

  private dense(): Uint8Array {
    const bytes = new Uint8Array(DENSE_BYTES);
    for (const entry of this.entries()) bytes[entry >> 5] = (bytes[entry >> 5] ?? 0) | ((entry & 15) << (((entry >> 4) & 1) * 4));
    return bytes;
  }

  /** @returns about how many different ones were added; whole numbers */
  estimate(): number {
    const having = new Array<number>(RANK_BITS + 2).fill(0);
    for (const rank of this.many ?? this.few.values()) having[rank] = (having[rank] ?? 0) + 1;
    having[0] = REGISTERS - this.filled;
    let sum = REGISTERS * tau(1 - (having[RANK_BITS + 1] ?? 0) / REGISTERS);
    for (let rank = RANK_BITS; rank >= 1; rank -= 1) sum = (sum + (having[rank] ?? 0)) / 2;
    sum += REGISTERS * sigma(having[0] / REGISTERS);
    return Math.round((ALPHA * REGISTERS * REGISTERS) / sum);
  }
}

/** What weighs as much as a sketch, beside its registers: most have few. And as much as an owner of sketches. */
const REGISTERS_BESIDE = 12;
/** Sketches of one owner: clients and users of the minute that is, the one before and a late one. */
const MOST_SLOTS = 6;

/** Sketches by owner and slot, those that were told of lately: whoever has told of somebody need not do it again. Bounded. */
export class SketchMemory {
  private readonly owners = new Map<string, Map<number, Distinct>>();
  private registers = 0;

  /** @param most registers in all, some 30 bytes each; what a sketch and an owner take by themselves counts with them */
  constructor(private readonly most: number) {}

  /** By slot; nobody may change them. */
  of(owner: string): ReadonlyMap<number, Distinct> | undefined {
    return this.owners.get(owner);
  }

  learn(owner: string, slot: number, news: Distinct): void {
    const slots = this.owners.get(owner) ?? new Map<number, Distinct>();
    if (slots.size === 0) this.registers += REGISTERS_BESIDE;
    const known = slots.get(slot) ?? new Distinct();
    if (known.size > 0) this.registers -= known.size + REGISTERS_BESIDE;
    for (const entry of news.entries()) known.add(entry);
    this.registers += known.size + REGISTERS_BESIDE;
    // What was told of last stands at the end.
    slots.delete(slot);
    slots.set(slot, known);
    for (const [oldest, { size }] of slots) {
      if (slots.size <= MOST_SLOTS) break;
      slots.delete(oldest);
      this.registers -= size + REGISTERS_BESIDE;
    }
    this.owners.delete(owner);
    this.owners.set(owner, slots);
    for (const [oldest, other] of this.owners) {
      if (this.registers <= this.most) return;
      this.owners.delete(oldest);
      this.registers -= REGISTERS_BESIDE;
      for (const { size } of other.values()) this.registers -= size + REGISTERS_BESIDE;
    }
  }
}

/** Of the registers that nobody fell into: the series x + x^2 + 2x^4 + 4x^8 + ... */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let sum = x;
  let weight = 1;
  for (let power = x * x, before = NaN; sum !== before; power *= power, weight *= 2) {
    before = sum;
    sum += power * weight;
  }
  return sum;
}

/** Of the registers that are full. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let sum = 1 - x;
  let weight = 0.5;
  for (let root = Math.sqrt(x), before = NaN; sum !== before; root = Math.sqrt(root), weight /= 2) {
    before = sum;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
