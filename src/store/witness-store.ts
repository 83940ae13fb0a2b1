/**
 * Writes what is known beside the counts: traffic by target and facets by reason. What it remembers to keep variety in bounds is
 * bounded itself.
 */
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { MAX_FACETS } from '../core/facet-counts.js';
import { OTHER, type Retention } from '../core/levels.js';
import { memo } from '../core/memo.js';
import { sumsByBucket } from '../core/rows.js';
import { reasonKey, type Signature } from '../core/signature.js';
import { targetKey, type Target } from '../core/traffic.js';
import type { JudgedBatch } from './count-store.js';
import { idFromHex } from './entities.js';
import { FACETS_BY_REASON, SeriesRows, TRAFFIC } from './series.js';

/** Values of one facet and reason told apart in five minutes: the first ones that come. The rest is summed up. */
const MAX_FACET_VALUES = 50;
/** Targets of a project told apart in a day: a scanner's made-up paths are no routes. */
const MAX_TARGETS = 20_000;
const MAX_KNOWN_FACETS = 20_000;
const MAX_KNOWN_REASONS = 20_000;

interface TargetRow extends Target {
  projectId: number;
  id: string;
}

export class WitnessStore {
  /** Values by project, five minutes, reason and facet. */
  private readonly facets = new Map<string, Set<string>>();
  /** By signature, whose id tells the same in every project. */
  private readonly reasons = new Map<string, string>();
  /** Ids by project. */
  private readonly targets = new Map<number, Set<string>>();
  private targetsDay = '';

  constructor(private readonly retention: Retention) {}

  /** @returns to be called once the transaction is committed */
  async write(transaction: EntityManager, batches: readonly JudgedBatch[], nowMs: number): Promise<() => void> {
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const { traffic, targets } = this.trafficOf(batches, nowMs, day);
    await writeTargets(transaction, targets, day);
    await traffic.write(transaction);
    await this.facetsOf(batches, nowMs).write(transaction);
    return () => {
      for (const { projectId, id } of targets) this.targets.get(projectId)?.add(id);
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
      for (const [bucket, sums] of sumsByBucket(portions.map((portion) => portion.traffic))) {
        for (const [at, count] of sums) {
          const row = rows[at];
          if (row === undefined || !traffic.add(projectId, bucket, [row.id], count)) continue;
          if (!known.has(row.id)) unknown.set(`${String(projectId)}:${row.id}`, row);
        }
      }
    }
    return { traffic, targets: [...unknown.values()] };
  }

  private facetsOf(batches: readonly JudgedBatch[], nowMs: number): SeriesRows {
    const rows = new SeriesRows(FACETS_BY_REASON, nowMs / 1000, this.retention);
    for (const { projectId, signatures, values, portions } of batches) {
      const reasons = signatures.map((one) => this.reasonOf(one));
      const places = new Map([...new Set(reasons)].map((reason, place) => [reason, place]));
      const named = [...places.keys()];
      // Portions of a batch have most of it in common: summed by numbers before a row is looked for by its texts.
      const told: number[] = [];
      for (const { facets } of portions) {
        for (let row = 0; row < facets.length; row += 5) {
          const place = places.get(reasons[facets[row] ?? 0] ?? '') ?? 0;
          told.push((place * MAX_FACETS + (facets[row + 2] ?? 0)) * values.length + (facets[row + 3] ?? 0));
          told.push(facets[row + 1] ?? 0, facets[row + 4] ?? 0);
        }
      }
      for (const [bucket, sums] of sumsByBucket([told])) {
        for (const [number, count] of sums) {
          const facet = Math.floor(number / values.length) % MAX_FACETS;
          const reason = named[Math.floor(number / values.length / MAX_FACETS)] ?? '';
          const kept = this.admitted(
            `${String(projectId)}:${String(bucket)}:${reason}:${String(facet)}`,
            values[number % values.length] ?? OTHER,
          );
          rows.add(projectId, bucket, [reason, facet, kept], count);
        }
      }
    }
    return rows;
  }

  private reasonOf({ id, signature }: { id: string; signature: Signature }): string {
    let reason = this.reasons.get(id);
    if (reason === undefined) {
      reason = reasonId(signature);
      // The oldest goes first: Map keeps the order of insertion.
      if (this.reasons.size >= MAX_KNOWN_REASONS) this.reasons.delete(this.reasons.keys().next().value ?? '');
      this.reasons.set(id, reason);
    }
    return reason;
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
}

/** What signatures have in common that differ in route, method or challenge alone; as decimal text of 64 bits. */
export function reasonId(signature: Signature): string {
  return idOf(reasonKey(signature));
}

function rowOf(projectId: number, target: Target): TargetRow {
  const { service, environment, route } = target;
  return { projectId, id: idOf(targetKey(target)), service, environment, route };
}

const idOf = memo((key: string) => idFromHex(createHash('sha256').update(key).digest('hex').slice(0, 16)));

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
