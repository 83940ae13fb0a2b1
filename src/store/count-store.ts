/**
 * Writes what the workers judged: signatures, counts and batch ids in one transaction, so that a batch is counted
 * once however often it is delivered. Rows are written in key order, so that parallel workers never deadlock.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { floorTo, levelFor, LEVELS, type Level, type Retention } from '../core/levels.js';
import type { Audit } from '../core/findings.js';
import type { Verdict } from '../core/judge.js';
import type { FoldedPortion } from '../core/fold.js';
import type { Signature } from '../core/signature.js';
import { idFromHex } from './entities.js';
import { Partitions } from './partitions.js';
import type { RuleState } from './teaching-store.js';

/** A batch whose signatures are judged. */
export interface JudgedBatch {
  projectId: number;
  batchId: string;
  /** The rules that the verdicts rest on. */
  state: RuleState;
  signatures: JudgedSignature[];
  portions: FoldedPortion[];
}

interface JudgedSignature {
  /** 16 hex digits. */
  id: string;
  signature: Signature;
  verdict: Verdict;
  audit: Audit;
  firstMs: number;
  lastMs: number;
}

/** What a transaction did, in records. */
export interface Applied {
  batches: number;
  /** Batches that had been counted before. */
  repeated: number;
  /** Portions of requests that had been counted before: the sender repeated the request. */
  repeatedPortions: number;
  records: number;
  /** Records that had become older than the longest retention while they waited. */
  tooOld: number;
}

interface SeenSignature extends JudgedSignature {
  projectId: number;
  state: RuleState;
}

/** PostgreSQL: check_violation, raised for a row that no partition takes. */
const NO_PARTITION = '23514';

export class CountStore {
  private readonly partitions: Partitions;

  constructor(
    private readonly database: DataSource,
    private readonly retention: Retention,
  ) {
    this.partitions = new Partitions(database);
  }

  /**
   * Counts the batches that were not counted before, all of them or none.
   * @param nowMs epoch milliseconds
   */
  async apply(batches: readonly JudgedBatch[], nowMs: number): Promise<Applied> {
    await this.ensurePartitions(batches, nowMs);
    try {
      return await this.database.transaction((transaction) => this.applyIn(transaction, batches, nowMs));
    } catch (error) {
      if ((error as { code?: string }).code !== NO_PARTITION) throw error;
      // Another process dropped a partition that this one knew. Nothing was written; make it again.
      this.partitions.forget();
      await this.ensurePartitions(batches, nowMs);
      return this.database.transaction((transaction) => this.applyIn(transaction, batches, nowMs));
    }
  }

  private async applyIn(transaction: EntityManager, batches: readonly JudgedBatch[], nowMs: number): Promise<Applied> {
    const claimed = await claimBatches(transaction, batches);
    const { fresh, repeatedPortions } = await claimPortions(transaction, claimed);
    const rows = new CountRows(nowMs / 1000, this.retention);
    const seen = new Map<string, SeenSignature>();
    for (const batch of fresh) {
      for (const judged of batch.signatures) mergeSeen(seen, { ...judged, projectId: batch.projectId, state: batch.state });
      for (const { counts } of batch.portions) {
        for (const [at, bucket, count] of counts) rows.add(batch.projectId, batch.signatures[at]?.id ?? '', bucket, count);
      }
    }
    await this.writeSignatures(transaction, [...seen.values()]);
    await writeTokenTimes(transaction, fresh);
    for (const level of LEVELS) await rows.write(transaction, level);
    return { batches: fresh.length, repeated: batches.length - fresh.length, repeatedPortions, records: rows.records, tooOld: rows.tooOld };
  }

  private async ensurePartitions(batches: readonly JudgedBatch[], nowMs: number): Promise<void> {
    const needed = new Map<Level, Set<number>>(LEVELS.map((level) => [level, new Set()]));
    for (const batch of batches) {
      for (const { counts } of batch.portions) {
        for (const [, bucket] of counts) {
          const level = levelFor(bucket, nowMs / 1000, this.retention);
          if (level !== undefined) needed.get(level)?.add(bucket);
        }
      }
    }
    for (const [level, buckets] of needed) await this.partitions.ensure(level, buckets);
  }

  /** A verdict stands on the row from the first time on; later batches only widen the span in which it was seen. */
  private async writeSignatures(transaction: EntityManager, seen: SeenSignature[]): Promise<void> {
    if (seen.length === 0) return;
    const rows = seen.map(({ projectId, id, signature, verdict, audit, state, firstMs, lastMs }) => ({
      project_id: projectId,
      id: idFromHex(id),
      ...signature,
      error_code: signature.errorCode,
      ...verdict,
      ...audit,
      rule_set_version: state.ruleSetVersion,
      rules_revision: state.revision,
      first_seen: new Date(firstMs),
      last_seen: new Date(lastMs),
    }));
    await transaction.query(
      `INSERT INTO signatures AS s (project_id, id, service, environment, route, method, status, scheme, challenge, error_code, template, facts,
                                    cause, fault, confidence, evidence, also, findings, observable, rule_set_version, rules_revision, first_seen, last_seen)
       SELECT project_id, id, service, environment, route, method, status, scheme, challenge, error_code, template, facts,
              cause, fault, confidence, evidence, also, findings, observable, rule_set_version, rules_revision, first_seen, last_seen
       FROM jsonb_to_recordset($1::jsonb) AS r (project_id integer, id bigint, service text, environment text, route text, method text, status smallint,
              scheme text, challenge text, error_code text, template text, facts jsonb, cause text, fault text, confidence real, evidence jsonb, also text[],
              findings jsonb, observable text[], rule_set_version integer, rules_revision integer, first_seen timestamptz, last_seen timestamptz)
       ORDER BY project_id, id
       ON CONFLICT (project_id, id) DO UPDATE
       SET first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen)
       WHERE excluded.first_seen < s.first_seen OR excluded.last_seen > s.last_seen`,
      [JSON.stringify(rows)],
    );
  }
}

/** By the day of the signature's last occurrence: token times are looked at over days, and rows stay few. */
async function writeTokenTimes(transaction: EntityManager, batches: readonly JudgedBatch[]): Promise<void> {
  const sums = new Map<string, [project: number, signature: string, day: string, slot: number, count: number]>();
  for (const { projectId, signatures, portions } of batches) {
    for (const { tokenTimes } of portions) {
      for (const [at, slot, count] of tokenTimes) {
        const { id = '', lastMs = 0 } = signatures[at] ?? {};
        const day = new Date(lastMs).toISOString().slice(0, 10);
        const key = `${String(projectId)}:${id}:${day}:${String(slot)}`;
        const row = sums.get(key);
        if (row === undefined) sums.set(key, [projectId, idFromHex(id), day, slot, count]);
        else row[4] += count;
      }
    }
  }
  if (sums.size === 0) return;
  const rows = [...sums.values()];
  await transaction.query(
    `INSERT INTO token_times AS t (project_id, signature_id, day, slot, count)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::date[], $4::smallint[], $5::bigint[]) AS r (project_id, signature_id, day, slot, count)
     ORDER BY 1, 2, 3, 4
     ON CONFLICT (project_id, signature_id, day, slot) DO UPDATE SET count = t.count + excluded.count`,
    [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column])),
  );
}

/** Writes the ids; the ones that stood there already belong to batches that were counted before. */
async function claimBatches(transaction: EntityManager, batches: readonly JudgedBatch[]): Promise<JudgedBatch[]> {
  const ordered = [...batches].sort((a, b) => a.projectId - b.projectId || (a.batchId < b.batchId ? -1 : 1));
  const claimed = await transaction.query<{ batch_id: string }[]>(
    `INSERT INTO applied_batches (project_id, batch_id)
     SELECT * FROM unnest($1::integer[], $2::uuid[])
     ON CONFLICT DO NOTHING RETURNING batch_id`,
    [ordered.map((batch) => batch.projectId), ordered.map((batch) => batch.batchId)],
  );
  const ids = new Set(claimed.map((row) => row.batch_id));
  // delete() answers true once, so a batch that stands twice in one call is counted once as well.
  return ordered.filter((batch) => ids.delete(batch.batchId));
}

/**
 * Leaves out the portions of requests that were counted before: what a sender sent again because it was not told of the
 * first time. Signatures that only such portions have are left out with them.
 */
async function claimPortions(
  transaction: EntityManager,
  batches: JudgedBatch[],
): Promise<{ fresh: JudgedBatch[]; repeatedPortions: number }> {
  const named = batches.flatMap(({ projectId, portions }) => portions.flatMap(({ id }) => (id === null ? [] : [{ projectId, id }])));
  if (named.length === 0) return { fresh: batches, repeatedPortions: 0 };
  named.sort((a, b) => a.projectId - b.projectId || (a.id < b.id ? -1 : 1));
  const claimed = await transaction.query<{ project_id: number; portion_id: string }[]>(
    `INSERT INTO applied_portions (project_id, portion_id)
     SELECT * FROM unnest($1::integer[], $2::uuid[])
     ON CONFLICT DO NOTHING RETURNING project_id, portion_id`,
    [named.map(({ projectId }) => projectId), named.map(({ id }) => id)],
  );
  const ids = new Set(claimed.map((row) => `${String(row.project_id)}:${row.portion_id}`));
  let repeatedPortions = 0;
  const fresh = batches.map((batch) => {
    // delete() answers true once, as for batches.
    const portions = batch.portions.filter(({ id }) => id === null || ids.delete(`${String(batch.projectId)}:${id}`));
    repeatedPortions += batch.portions.length - portions.length;
    return portions.length === batch.portions.length ? batch : withoutUncounted({ ...batch, portions });
  });
  return { fresh, repeatedPortions };
}

function withoutUncounted(batch: JudgedBatch): JudgedBatch {
  const kept = [...new Set(batch.portions.flatMap(({ counts }) => counts.map(([at]) => at)))].sort((a, b) => a - b);
  const moved = new Map(kept.map((at, index) => [at, index]));
  const move = ([at, of, count]: [number, number, number]): [number, number, number] => [moved.get(at) ?? 0, of, count];
  return {
    ...batch,
    signatures: kept.flatMap((at) => batch.signatures[at] ?? []),
    portions: batch.portions.map(({ id, counts, tokenTimes }) => ({ id, counts: counts.map(move), tokenTimes: tokenTimes.map(move) })),
  };
}

function mergeSeen(seen: Map<string, SeenSignature>, judged: SeenSignature): void {
  const key = `${String(judged.projectId)}:${judged.id}`;
  const known = seen.get(key);
  if (known === undefined) {
    seen.set(key, { ...judged });
    return;
  }
  known.firstMs = Math.min(known.firstMs, judged.firstMs);
  known.lastMs = Math.max(known.lastMs, judged.lastMs);
}

/** Counts of one transaction, summed per level, project, bucket and signature. */
class CountRows {
  records = 0;
  tooOld = 0;
  private readonly levels = new Map<Level, Map<string, [project: number, bucket: number, signature: string, count: number]>>(
    LEVELS.map((level) => [level, new Map()]),
  );

  constructor(
    private readonly now: number,
    private readonly retention: Retention,
  ) {}

  /** @param fine start of a 10-second bucket, epoch seconds */
  add(projectId: number, id: string, fine: number, count: number): void {
    const level = levelFor(fine, this.now, this.retention);
    if (level === undefined) {
      this.tooOld += count;
      return;
    }
    this.records += count;
    const bucket = floorTo(fine, level.seconds);
    const rows = this.levels.get(level);
    const key = `${String(projectId)}:${String(bucket)}:${id}`;
    const row = rows?.get(key);
    if (row === undefined) rows?.set(key, [projectId, bucket, idFromHex(id), count]);
    else row[3] += count;
  }

  async write(transaction: EntityManager, level: Level): Promise<void> {
    const rows = [...(this.levels.get(level)?.values() ?? [])];
    if (rows.length === 0) return;
    await transaction.query(
      `INSERT INTO ${level.table} AS c (project_id, bucket, signature_id, count)
       SELECT project_id, to_timestamp(bucket), signature_id, count
       FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[]) AS r (project_id, bucket, signature_id, count)
       ORDER BY 1, 2, 3
       ON CONFLICT (project_id, bucket, signature_id) DO UPDATE SET count = c.count + excluded.count`,
      [rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2]), rows.map((row) => row[3])],
    );
  }
}
