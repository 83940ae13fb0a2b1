/**
 * Reads counts from rollups, and what they do not reach from the counts themselves, on one snapshot. What was read once is kept
 * in memory under its version, so that a question asked again reads only what is new.
 */
import type { EntityManager } from 'typeorm';
import { cellsOf, coverOf, ROLLUP_SECONDS, type Buckets, type Cells } from '../core/rollup.js';
import { KnownSignatures, type Keys, type Values } from './known-signatures.js';
import { packedNow } from './rollup-store.js';

/** Of a process. Thirty days of 5,000 signatures by three hours are 15 MB. */
const MAX_KEPT_BYTES = 48 * 1024 * 1024;
const BYTES_PER_CELL = 12;
/** Two typed arrays and an entry. */
const BYTES_PER_BLOCK = 500;
/** Of one question, with what is not rolled up: 36 MB. */
const MAX_CELLS = 3_000_000;
/** Of one that is packed as it is asked for, where it is not known how many there are. */
const FEWEST_SIGNATURES = 1_000;
/** Rollups that are read from the database at once: some MB. */
const READ_AT_ONCE = 50;
/** Ways of grouping and filtering that are remembered, some MB in all. */
const MAX_KEYS = 16;
const MAX_KEYS_EACH = 2_000;
/** A project with too many signatures is tried again after that. */
const FULL_MS = 600_000;
/** Of a span that is shorter, the last minutes may be more than half. */
const SHORT_SECONDS = 1_800;

interface Span {
  from: number;
  to: number;
}

/** Counts of one bucket. */
export interface Block {
  /** Epoch seconds. */
  at: number;
  cells: Cells;
}

/** How far rollups of one width reach, and what else a snapshot is asked first. */
interface Packed extends Buckets {
  now: number;
  /** When verdicts last changed, by project. */
  verdicts: Record<string, string>;
}

interface Asked {
  span: Span;
  widest: number;
}

interface Listed {
  seconds: number;
  at: number;
  version: string;
  stale: boolean;
  /** How many there are in it. */
  cells: number;
}

/** What a process keeps of one database, for all projects. */
export class RollupMemory {
  private readonly projects = new Map<number, KnownSignatures>();
  /** By version, least recently used first. */
  private readonly kept = new Map<string, Cells>();
  private readonly keys = new WeakMap<object, Map<string, Keys>>();
  private bytes = 0;

  /** @param values of signatures as they are; what is known of them goes with them */
  keysOf(values: object, name: string, make: () => Keys): Keys {
    const ofValues = this.keys.get(values) ?? new Map<string, Keys>();
    this.keys.set(values, ofValues);
    const keys = ofValues.get(name) ?? make();
    ofValues.delete(name);
    ofValues.set(name, keys);
    for (const [oldest, one] of ofValues) if (ofValues.size > MAX_KEYS || one.keys.length > MAX_KEYS_EACH) ofValues.delete(oldest);
    return keys;
  }

  signatures(projectId: number): KnownSignatures {
    const known = this.projects.get(projectId);
    // Among too many, old ones may be that nobody asks for any more.
    if (known !== undefined && (known.fullSinceMs === undefined || performance.now() - known.fullSinceMs < FULL_MS)) return known;
    const fresh = new KnownSignatures(projectId);
    this.projects.set(projectId, fresh);
    return fresh;
  }

  get(key: string): Cells | undefined {
    const cells = this.kept.get(key);
    if (cells !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, cells);
    }
    return cells;
  }

  keep(key: string, cells: Cells): void {
    // Several may have read it at once.
    if (this.kept.has(key)) return;
    this.kept.set(key, cells);
    this.bytes += bytesOf(cells);
    for (const [oldest, other] of this.kept) {
      if (this.bytes <= MAX_KEPT_BYTES) return;
      this.kept.delete(oldest);
      this.bytes -= bytesOf(other);
    }
  }
}

export class RollupReader {
  private progress: Promise<Packed[]> | undefined;

  constructor(
    private readonly transaction: EntityManager,
    private readonly memory: RollupMemory,
  ) {}

  /**
   * All counts of some spans that have nothing in common.
   * @param widest no bucket is wider than this, seconds; those that are not rolled up are this wide
   * @returns undefined where half of it or more is not rolled up, where it is too much for the memory, and for a project with too many signatures
   */
  async blocks(known: KnownSignatures, spans: readonly Span[], widest: number): Promise<Block[] | undefined> {
    if (isFull(known)) return undefined;
    const packed = await this.packed();
    const now = packed[0]?.now ?? 0;
    const { listed, gaps } = await this.cover(
      known.projectId,
      spans.map((span) => ({ span, widest })),
      packed,
    );
    const past = gaps.map(({ from, to }) => Math.max(0, Math.min(to, now) - from));
    const isMostlyGap = 2 * sumOf(past) > Math.max(SHORT_SECONDS, sumOf(spans.map(({ from, to }) => Math.min(to, now) - from)));
    const packedCells = sumOf(past.map((length) => Math.ceil(length / widest))) * Math.max(FEWEST_SIGNATURES, known.size);
    if (isMostlyGap || sumOf(listed.map(({ cells }) => cells)) + packedCells > MAX_CELLS) return undefined;
    const blocks = await this.load(known, listed);
    const indexOf = (id: bigint): number => known.indexOf(id);
    if (gaps.length > 0)
      for (const { at, cells } of await packedNow(this.transaction, known.projectId, gaps, widest))
        blocks.push({ at, cells: cellsOf(cells, indexOf) });
    return isFull(known) ? undefined : blocks;
  }

  /** The signatures numbered so far, as they are in this snapshot. */
  async described(known: KnownSignatures): Promise<readonly (Values | undefined)[]> {
    const [row] = await this.packed();
    return known.described(this.transaction, row?.verdicts[String(known.projectId)] ?? '');
  }

  private packed(): Promise<Packed[]> {
    this.progress ??= this.transaction.query(
      `SELECT seconds, extract(epoch FROM packed_from)::float8 AS from, extract(epoch FROM packed_before)::float8 AS to,
              extract(epoch FROM now())::float8 AS now, (SELECT json_object_agg(id, verdicts_changed_at) FROM projects) AS verdicts
       FROM rollup_progress`,
    );
    return this.progress;
  }

  /** The fewest buckets that are not stale; in the place of a stale one, narrower ones. */
  private async cover(projectId: number, asked: readonly Asked[], packed: readonly Buckets[]): Promise<{ listed: Listed[]; gaps: Span[] }> {
    const found: { listed: Listed[]; gaps: Span[] } = { listed: [], gaps: [] };
    let open = asked;
    while (open.length > 0) {
      const covers = open.map((one) => coverOf(one.span, packed, one.widest));
      found.gaps.push(...covers.flatMap(({ gaps }) => gaps));
      const listed = await this.list(
        projectId,
        covers.flatMap(({ buckets }) => buckets),
      );
      found.listed.push(...listed.filter(({ stale }) => !stale));
      open = listed.filter(({ stale }) => stale).map(({ at, seconds }) => ({ span: { from: at, to: at + seconds }, widest: seconds - 1 }));
    }
    return { ...found, gaps: joined(found.gaps) };
  }

  private async list(projectId: number, buckets: readonly Buckets[]): Promise<Listed[]> {
    if (buckets.length === 0) return [];
    return this.transaction.query(
      `SELECT r.seconds, extract(epoch FROM r.bucket)::float8 AS at, r.version, r.stale_since IS NOT NULL AS stale, octet_length(r.cells) / 16 AS cells
       FROM unnest($2::integer[], $3::float8[], $4::float8[]) AS b (seconds, start, stop) JOIN rollups r
         ON r.project_id = $1 AND r.seconds = b.seconds AND r.bucket >= to_timestamp(b.start) AND r.bucket < to_timestamp(b.stop)`,
      [projectId, buckets.map(({ seconds }) => seconds), buckets.map(({ from }) => from), buckets.map(({ to }) => to)],
    );
  }

  private async load(known: KnownSignatures, listed: readonly Listed[]): Promise<Block[]> {
    const blocks: Block[] = [];
    const missing: Listed[] = [];
    for (const one of listed) {
      const cells = this.memory.get(keyOf(known, one.version));
      if (cells === undefined) missing.push(one);
      else blocks.push({ at: one.at, cells });
    }
    for (let at = 0; at < missing.length; at += READ_AT_ONCE) {
      const rows = await this.transaction.query<{ at: number; version: string; cells: Buffer }[]>(
        `SELECT extract(epoch FROM r.bucket)::float8 AS at, r.version, r.cells
         FROM unnest($2::integer[], $3::float8[]) AS b (seconds, at) JOIN rollups r ON r.project_id = $1 AND r.seconds = b.seconds AND r.bucket = to_timestamp(b.at)`,
        [known.projectId, ...(['seconds', 'at'] as const).map((name) => missing.slice(at, at + READ_AT_ONCE).map((one) => one[name]))],
      );
      for (const row of rows) {
        const cells = cellsOf(row.cells, (id) => known.indexOf(id));
        this.memory.keep(keyOf(known, row.version), cells);
        blocks.push({ at: row.at, cells });
      }
    }
    return blocks;
  }
}

function bytesOf({ counts }: Cells): number {
  return counts.length * BYTES_PER_CELL + BYTES_PER_BLOCK;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function isFull({ fullSinceMs }: KnownSignatures): boolean {
  return fullSinceMs !== undefined;
}

/** Versions are those of one database; numbers of signatures those of one `known`. */
function keyOf(known: KnownSignatures, version: string): string {
  return `${known.name}:${version}`;
}

/** Spans that touch become one. */
function joined(spans: readonly Span[]): Span[] {
  const ordered = [...spans].sort((a, b) => a.from - b.from);
  const joint: Span[] = [];
  for (const { from, to } of ordered) {
    const last = joint.at(-1);
    if (last?.to === from) last.to = to;
    else joint.push({ from, to });
  }
  return joint;
}

export const WIDEST_ROLLUP = ROLLUP_SECONDS.at(-1) ?? 0;
