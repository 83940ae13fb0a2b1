/**
 * Writes what is known beside the counts: traffic by target, facets by reason, and sketches of distinct clients and users.
 * Sketches are only added to, each row what this process had not written yet. What it remembers for that, and to keep
 * variety in bounds, is bounded itself.
 */
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Distinct } from '../core/distinct.js';
import { floorTo, levelFor, OTHER, SKETCH_LEVELS, type Level, type Retention } from '../core/levels.js';
import type { Signature } from '../core/signature.js';
import type { Target } from '../core/traffic.js';
import type { JudgedBatch } from './count-store.js';
import { idFromHex } from './entities.js';
import { FACETS_BY_REASON, SeriesRows, TRAFFIC } from './series.js';

/** Values of one facet and reason told apart in five minutes: the first ones that come. The rest is summed up. */
const MAX_FACET_VALUES = 50;
/** Targets of a project told apart in a day: a scanner's made-up paths are no routes. */
const MAX_TARGETS = 20_000;
const MAX_KNOWN_FACETS = 20_000;
/** The small ones weigh little; of the large ones, 250 kB each, there are few. */
const MAX_KNOWN_REGISTERS = 200_000;

interface TargetRow extends Target {
  projectId: number;
  id: string;
}

interface SketchRow {
  key: string;
  projectId: number;
  level: Level;
  bucket: number;
  signatureId: string;
  kind: number;
  sketch: Distinct;
}

export class WitnessStore {
  /** Values by project, five minutes, reason and facet. */
  private readonly facets = new Map<string, Set<string>>();
  /** Ids by project. */
  private readonly targets = new Map<number, Set<string>>();
  private targetsDay = '';
  private readonly written = new Map<string, Distinct>();
  private writtenRegisters = 0;

  constructor(private readonly retention: Retention) {}

  /** @returns to be called once the transaction is committed */
  async write(transaction: EntityManager, batches: readonly JudgedBatch[], nowMs: number): Promise<() => void> {
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const { traffic, targets } = this.trafficOf(batches, nowMs, day);
    const sketches = this.sketchesOf(batches, nowMs);
    await writeTargets(transaction, targets, day);
    await traffic.write(transaction);
    await this.facetsOf(batches, nowMs).write(transaction);
    await writeSketches(transaction, sketches);
    return () => {
      for (const { projectId, id } of targets) this.targets.get(projectId)?.add(id);
      for (const { key, sketch } of sketches) this.learn(key, sketch);
    };
  }

  private trafficOf(batches: readonly JudgedBatch[], nowMs: number, day: string): { traffic: SeriesRows; targets: TargetRow[] } {
    const traffic = new SeriesRows(TRAFFIC, nowMs / 1000, this.retention);
    const unknown = new Map<string, TargetRow>();
    if (day !== this.targetsDay) this.targets.clear();
    this.targetsDay = day;
    for (const { projectId, targets, portions } of batches) {
      const known = this.targets.get(projectId) ?? new Set<string>();
      this.targets.set(projectId, known);
      const rows = targets.map((target) => {
        const row = rowOf(projectId, target);
        const isKept = known.has(row.id) || unknown.has(`${String(projectId)}:${row.id}`) || known.size + unknown.size < MAX_TARGETS;
        return isKept ? row : rowOf(projectId, { ...target, route: OTHER });
      });
      for (const [at, bucket, count] of portions.flatMap((portion) => portion.traffic)) {
        const row = rows[at];
        if (row === undefined || !traffic.add(projectId, bucket, [row.id], count)) continue;
        if (!known.has(row.id)) unknown.set(`${String(projectId)}:${row.id}`, row);
      }
    }
    return { traffic, targets: [...unknown.values()] };
  }

  private facetsOf(batches: readonly JudgedBatch[], nowMs: number): SeriesRows {
    const rows = new SeriesRows(FACETS_BY_REASON, nowMs / 1000, this.retention);
    for (const { projectId, signatures, values, portions } of batches) {
      const reasons = signatures.map(({ signature }) => reasonId(signature));
      for (const [at, bucket, facet, value, count] of portions.flatMap(({ facets }) => facets)) {
        const reason = reasons[at] ?? '';
        const kept = this.admitted(`${String(projectId)}:${String(bucket)}:${reason}:${String(facet)}`, values[value] ?? OTHER);
        rows.add(projectId, bucket, [reason, facet, kept], count);
      }
    }
    return rows;
  }

  private admitted(key: string, value: string): string {
    const values = this.facets.get(key) ?? new Set<string>();
    if (!this.facets.has(key)) {
      if (this.facets.size >= MAX_KNOWN_FACETS) this.facets.delete(this.facets.keys().next().value ?? '');
      this.facets.set(key, values);
    }
    if (values.has(value)) return value;
    if (values.size >= MAX_FACET_VALUES) return OTHER;
    values.add(value);
    return value;
  }

  /** Of each sketch what was not written before. */
  private sketchesOf(batches: readonly JudgedBatch[], nowMs: number): SketchRow[] {
    const rows = new Map<string, SketchRow>();
    for (const { projectId, signatures, sketches } of batches) {
      for (const [at, fine, kind, text] of sketches) {
        const level = levelFor(fine, nowMs / 1000, this.retention, SKETCH_LEVELS);
        const { id } = signatures[at] ?? {};
        if (level === undefined || id === undefined) continue;
        const bucket = floorTo(fine, level.seconds);
        const key = [projectId, level.table, bucket, id, kind].join(':');
        const row = rows.get(key) ?? { key, projectId, level, bucket, signatureId: idFromHex(id), kind, sketch: new Distinct() };
        const known = this.written.get(key);
        const told = new Distinct();
        told.merge(Buffer.from(text, 'base64'));
        for (const entry of told.entries()) if (known?.covers(entry) !== true) row.sketch.add(entry);
        if (row.sketch.size > 0) rows.set(key, row);
      }
    }
    return [...rows.values()];
  }

  private learn(key: string, news: Distinct): void {
    const known = this.written.get(key) ?? new Distinct();
    this.writtenRegisters -= known.size;
    for (const entry of news.entries()) known.add(entry);
    this.writtenRegisters += known.size;
    this.written.set(key, known);
    // The oldest goes first: Map keeps the order of insertion.
    for (const [oldest, { size }] of this.written) {
      if (this.writtenRegisters <= MAX_KNOWN_REGISTERS) return;
      this.written.delete(oldest);
      this.writtenRegisters -= size;
    }
  }
}

/** What signatures have in common that differ in route, method or challenge alone; as decimal text of 64 bits. */
export function reasonId({ service, environment, template }: Signature): string {
  return idOf(service, environment, template);
}

function rowOf(projectId: number, { service, environment, route }: Target): TargetRow {
  return { projectId, id: idOf(service, environment, route), service, environment, route };
}

/** U+001F cannot occur in the parts: masking turns control characters into spaces. */
function idOf(...parts: string[]): string {
  return idFromHex(createHash('sha256').update(parts.join('\u001f')).digest('hex').slice(0, 16));
}

async function writeTargets(transaction: EntityManager, targets: TargetRow[], day: string): Promise<void> {
  if (targets.length === 0) return;
  await transaction.query(
    `INSERT INTO targets AS t (project_id, id, service, environment, route, last_day)
     SELECT project_id, id, service, environment, route, $2::date
     FROM jsonb_to_recordset($1::jsonb) AS r (project_id integer, id bigint, service text, environment text, route text)
     ORDER BY project_id, id
     ON CONFLICT (project_id, id) DO UPDATE SET last_day = excluded.last_day WHERE excluded.last_day > t.last_day`,
    [JSON.stringify(targets.map(({ projectId, ...row }) => ({ project_id: projectId, ...row }))), day],
  );
}

async function writeSketches(transaction: EntityManager, rows: readonly SketchRow[]): Promise<void> {
  for (const level of SKETCH_LEVELS) {
    const own = rows.filter((row) => row.level === level);
    if (own.length === 0) continue;
    await transaction.query(
      `INSERT INTO ${level.table} (project_id, bucket, signature_id, kind, registers)
       SELECT project_id, to_timestamp(bucket), signature_id, kind, registers
       FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bytea[]) AS r (project_id, bucket, signature_id, kind, registers)`,
      [
        own.map(({ projectId }) => projectId),
        own.map(({ bucket }) => bucket),
        own.map(({ signatureId }) => signatureId),
        own.map(({ kind }) => kind),
        own.map(({ sketch }) => Buffer.from(sketch.bytes())),
      ],
    );
  }
}
