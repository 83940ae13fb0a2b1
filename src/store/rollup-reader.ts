/**
 * Reads counts from rollups, and what they do not reach from the counts themselves, on one snapshot. What was read once is kept
 * in memory under its version, so that a question asked again reads only what is new.
 */
import type { EntityManager } from 'typeorm';
import { cellsOf, coverOf, FINEST_KEPT_SECONDS, ROLLUP_SECONDS, type Buckets, type Cells } from '../core/rollup.js';
import { KnownSignatures, type Keys, type Values } from './known-signatures.js';
import { FINEST_SECONDS } from '../core/levels.js';
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
/** What is read for all questions is no more than that; where packing is behind, each reads its own. */
const SHARED_TAIL_SECONDS = FINEST_KEPT_SECONDS;
/** A question that was asked that long ago still tells where rollups are. */
const SHORT_AGO_SECONDS = 180;
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

/** What a snapshot is asked first. */
interface First {
  now: number;
  verdicts: string | null;
  reach: Buckets[] | null;
  listed: [seconds: number, at: number, version: string, stale: boolean, cells: number][] | null;
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
  /** How far rollups reached when somebody last looked. */
  reach: readonly Buckets[] = [];
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
  /** How far rollups reach, at least: as the first question of this snapshot took it. */
  private reach: readonly Buckets[] | undefined;
  private now = 0;
  /** When verdicts last changed, by project. */
  private readonly verdicts = new Map<number, string>();
  private readonly tails = new Map<string, Promise<Block[]>>();

  constructor(
    private readonly transaction: EntityManager,
    private readonly memory: RollupMemory,
  ) {}

  /**
   * All counts of some spans that have nothing in common.
   * @param widest no bucket is wider than this, seconds; those that are not rolled up are not wider either
   * @returns undefined where half of it or more is not rolled up, where it is too much for the memory, and for a project with too many signatures
   */
  async blocks(known: KnownSignatures, spans: readonly Span[], widest: number): Promise<Block[] | undefined> {
    if (isFull(known)) return undefined;
    const { listed, gaps } = await this.cover(
      known.projectId,
      spans.map((span) => ({ span, widest })),
    );
    const { now } = this;
    const past = gaps.map(({ from, to }) => Math.max(0, Math.min(to, now) - from));
    const isMostlyGap = 2 * sumOf(past) > Math.max(SHORT_SECONDS, sumOf(spans.map(({ from, to }) => Math.min(to, now) - from)));
    const packedCells = sumOf(past.map((length) => Math.ceil(length / widest))) * Math.max(FEWEST_SIGNATURES, known.size);
    if (isMostlyGap || sumOf(listed.map(({ cells }) => cells)) + packedCells > MAX_CELLS) return undefined;
    const blocks = [...(await this.load(known, listed)), ...(await this.notRolledUp(known, gaps, widest))];
    return isFull(known) ? undefined : blocks;
  }

  /** The signatures numbered so far, as they are in this snapshot. To be called behind `blocks`. */
  described(known: KnownSignatures): Promise<readonly (Values | undefined)[]> {
    return known.described(this.transaction, this.verdicts.get(known.projectId) ?? '');
  }

  /** The fewest buckets that are not stale; in the place of a stale one, narrower ones. */
  private async cover(projectId: number, asked: readonly Asked[]): Promise<{ listed: Listed[]; gaps: Span[] }> {
    const found: { listed: Listed[]; gaps: Span[] } = { listed: [], gaps: [] };
    for (let open = asked; open.length > 0;) {
      const isFirst = this.reach === undefined;
      const reach = this.reach ?? this.memory.reach;
      const covers = open.map((one) => coverOf(one.span, reach, one.widest));
      const buckets = covers.flatMap((one) => one.buckets);
      const listed = await this.list(projectId, buckets);
      if (isFirst && !this.goesOnWith(reach, buckets)) continue;
      found.gaps.push(...covers.flatMap(({ gaps }) => gaps));
      found.listed.push(...listed.filter(({ stale }) => !stale));
      open = listed.filter(({ stale }) => stale).map(({ at, seconds }) => ({ span: { from: at, to: at + seconds }, widest: seconds - 1 }));
    }
    return { ...found, gaps: joined(found.gaps) };
  }

  /**
   * Buckets were chosen by what an earlier snapshot knew, so that one message is enough. All questions of this one go on with that, so
   * that the last minutes are the same for all, as long as it is not far behind.
   */
  private goesOnWith(reach: readonly Buckets[], buckets: readonly Buckets[]): boolean {
    const newer = this.memory.reach;
    const isThere = ({ seconds, from, to }: Buckets): boolean =>
      newer.some((one) => one.seconds === seconds && one.from <= from && one.to >= to);
    const endsOf = (width: number): number => reach.find(({ seconds }) => seconds === width)?.to ?? 0;
    // Of each width: one may have been far behind the others, and a chart of fine steps needs just that one.
    const isNear = newer.every(({ seconds, to }) => to - endsOf(seconds) < SHORT_AGO_SECONDS + seconds);
    const isGood = isNear && buckets.every(isThere);
    this.reach = isGood ? newer.map((one) => ({ ...one, to: Math.min(one.to, endsOf(one.seconds)) })) : newer;
    return isGood;
  }

  /** In one message with what else a snapshot is asked first: each costs as much as a small query. */
  private async list(projectId: number, buckets: readonly Buckets[]): Promise<Listed[]> {
    if (buckets.length === 0 && this.verdicts.has(projectId)) return [];
    const [row] = await this.transaction.query<First[]>(
      `SELECT extract(epoch FROM now())::float8 AS now, (SELECT verdicts_changed_at::text FROM projects WHERE id = $1) AS verdicts,
         (SELECT json_agg(json_build_object('seconds', seconds, 'from', extract(epoch FROM packed_from), 'to', extract(epoch FROM packed_before))) FROM rollup_progress) AS reach,
         (SELECT json_agg(json_build_array(r.seconds, extract(epoch FROM r.bucket), r.version, r.stale_since IS NOT NULL, octet_length(r.cells) / 16))
          FROM unnest($2::integer[], $3::float8[], $4::float8[]) AS b (seconds, start, stop) JOIN rollups r
            ON r.project_id = $1 AND r.seconds = b.seconds AND r.bucket >= to_timestamp(b.start) AND r.bucket < to_timestamp(b.stop)) AS listed`,
      [projectId, buckets.map(({ seconds }) => seconds), buckets.map(({ from }) => from), buckets.map(({ to }) => to)],
    );
    this.now = row?.now ?? 0;
    this.verdicts.set(projectId, row?.verdicts ?? '');
    if (this.reach === undefined) this.memory.reach = row?.reach ?? [];
    return (row?.listed ?? []).map(([seconds, at, version, stale, cells]) => ({ seconds, at, version, stale, cells }));
  }

  private async notRolledUp(known: KnownSignatures, gaps: readonly Span[], widest: number): Promise<Block[]> {
    const end = endOf(this.reach ?? []);
    // Every question ends in the last minutes: they are read once.
    const isShared = this.now - end < SHARED_TAIL_SECONDS;
    const shared = gaps.filter(({ from }) => isShared && from >= end);
    const own = gaps.filter((gap) => !shared.includes(gap));
    const tail = shared.length === 0 ? [] : await this.tail(known, end);
    return [
      ...(own.length === 0 ? [] : await this.packedNow(known, own, widest)),
      ...tail.filter(({ at }) => shared.some(({ from, to }) => at >= from && at < to)),
    ];
  }

  private tail(known: KnownSignatures, from: number): Promise<Block[]> {
    const tail = this.tails.get(known.name) ?? this.packedNow(known, [{ from, to: Infinity }], FINEST_SECONDS);
    this.tails.set(known.name, tail);
    return tail;
  }

  private async packedNow(known: KnownSignatures, spans: readonly Span[], seconds: number): Promise<Block[]> {
    const rows = await packedNow(this.transaction, known.projectId, spans, seconds);
    return rows.map(({ at, cells }) => ({ at, cells: cellsOf(cells, (id) => known.indexOf(id)) }));
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

/** Of what is packed and kept: of a width that is far behind there may be nothing. */
function endOf(reach: readonly Buckets[]): number {
  return reach.reduce((latest, { from, to }) => (from < to ? Math.max(latest, to) : latest), 0);
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
