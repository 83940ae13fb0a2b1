/**
 * Writes what the workers judged: signatures, counts and batch ids in one transaction, so that a batch is counted
 * once however often it is delivered. Rows are written in key order, so that parallel workers never deadlock.
 */
import type { DataSource, EntityManager } from 'typeorm';
import type { Audit } from '../core/findings.js';
import type { Folded, FoldedSignature } from '../core/fold.js';
import { rowsOf, sumsByBucket } from '../core/rows.js';
import type { Verdict } from '../core/judge.js';
import { floorTo, keptFrom, SKETCH_LEVELS, type Retention } from '../core/levels.js';
import { idFromHex } from './entities.js';
import { Partitions } from './partitions.js';
import { markStale } from './rollup-store.js';
import { bucketsOf, COUNTS, FACETS_BY_REASON, SeriesRows, TRAFFIC, type Series } from './series.js';
import { existing, SignatureCap } from './signature-cap.js';
import { SignatureWriter } from './signature-writer.js';
import { SketchStore } from './sketch-store.js';
import type { RuleState } from './teaching-store.js';
import { WitnessStore } from './witness-store.js';

/** A batch whose signatures are judged. */
export interface JudgedBatch extends Omit<Folded, 'signatures'> {
  projectId: number;
  batchId: string;
  /** The rules that the verdicts rest on. */
  state: RuleState;
  signatures: JudgedSignature[];
  /** Of signatures that only portions have which another batch counted: what receivers tell once must stand in one of them. */
  repeatedSketches?: [id: string, bucket: number, kind: 0 | 1, sketch: string][];
}

export interface JudgedSignature extends FoldedSignature {
  verdict: Verdict;
  audit: Audit;
}

export interface RefusalCount {
  service: string;
  cause: string;
  count: number;
}

/** What a transaction did, in records. */
export interface Applied {
  batches: number;
  /** Batches that had been counted before. */
  repeated: number;
  /** Portions of requests that had been counted before: the sender repeated the request. */
  repeatedPortions: number;
  records: number;
  /** The same records by service and cause. */
  refusals: RefusalCount[];
  /** Records that had become older than the longest retention while they waited. */
  tooOld: number;
  /** Signatures that were counted under another one, see signature-cap.ts. */
  beyond: number;
}

/** New ones of a project and day, where nobody says. */
const MAX_SIGNATURES = 20_000;

export class CountStore {
  private readonly partitions: Partitions;
  private readonly witnesses: WitnessStore;
  private readonly sketches: SketchStore;
  private readonly signatures = new SignatureWriter();
  private readonly cap: SignatureCap;

  constructor(
    private readonly database: DataSource,
    private readonly retention: Retention,
    maxSignatures = MAX_SIGNATURES,
  ) {
    this.cap = new SignatureCap(maxSignatures);
    this.partitions = new Partitions(database);
    this.witnesses = new WitnessStore(retention);
    this.sketches = new SketchStore(retention);
  }

  /**
   * Counts the batches that were not counted before, all of them or none.
   * @param nowMs epoch milliseconds
   */
  async apply(batches: readonly JudgedBatch[], nowMs: number): Promise<Applied> {
    return this.partitions.with(
      () => this.ensurePartitions(batches, nowMs),
      () => this.applyOnce(batches, nowMs),
    );
  }

  private async applyOnce(batches: readonly JudgedBatch[], nowMs: number): Promise<Applied> {
    const { applied, learn } = await this.database.transaction(async (transaction) => {
      const claimed = await claimBatches(transaction, batches);
      const { fresh: uncapped, repeatedPortions } = await claimPortions(transaction, claimed);
      const { batches: fresh, beyond, learn: learnSignatures } = await this.cap.admit(transaction, uncapped, nowMs);
      const learnSeen = await this.signatures.write(transaction, fresh);
      const sketched = await withoutUnknown(transaction, fresh);
      await writeTokenTimes(transaction, fresh);
      const { rows, records, tooOld, refusals } = this.countRows(fresh, nowMs);
      await rows.write(transaction);
      await markStale(transaction, rows.buckets());
      const learnTargets = await this.witnesses.write(transaction, fresh, nowMs);
      const learnSketches = await this.sketches.write(transaction, sketched, nowMs);
      const repeated = batches.length - fresh.length;
      return {
        applied: { batches: fresh.length, repeated, repeatedPortions, records, refusals, tooOld, beyond },
        learn: [learnSignatures, learnSeen, learnTargets, learnSketches],
      };
    });
    // Only what is committed is known.
    for (const one of learn) one();
    return applied;
  }

  private countRows(
    batches: readonly JudgedBatch[],
    nowMs: number,
  ): { rows: SeriesRows; records: number; refusals: RefusalCount[]; tooOld: number } {
    const rows = new SeriesRows(COUNTS, nowMs / 1000, this.retention);
    const refusals = new Map<string, RefusalCount>();
    let tooOld = 0;
    for (const { projectId, signatures, portions } of batches) {
      const ids = signatures.map(({ id }) => idFromHex(id));
      const counted = signatures.map(() => 0);
      for (const [bucket, sums] of sumsByBucket(portions.map(({ counts }) => counts))) {
        for (const [at, count] of sums) {
          if (rows.add(projectId, bucket, [ids[at] ?? ''], count)) counted[at] = (counted[at] ?? 0) + count;
          else tooOld += count;
        }
      }
      for (const [at, { signature, verdict }] of signatures.entries())
        addRefusals(refusals, signature.service, verdict.cause, counted[at] ?? 0);
    }
    const sums = [...refusals.values()];
    return { rows, records: sums.reduce((sum, { count }) => sum + count, 0), refusals: sums, tooOld };
  }

  private async ensurePartitions(batches: readonly JudgedBatch[], nowMs: number): Promise<void> {
    const portions = batches.flatMap((batch) => batch.portions);
    const fine: [Series, Iterable<number>][] = [
      [
        TRAFFIC,
        bucketsIn(
          portions.map(({ traffic }) => traffic),
          3,
        ),
      ],
      [
        FACETS_BY_REASON,
        bucketsIn(
          portions.map(({ facets }) => facets),
          5,
        ),
      ],
    ];
    for (const [series, buckets] of fine) {
      for (const [level, starts] of bucketsOf(series, buckets, nowMs / 1000, this.retention)) await this.partitions.ensure(level, starts);
    }
    const minutes = [...new Set(batches.flatMap(({ sketches }) => sketches.map(([, minute]) => minute)))];
    for (const level of SKETCH_LEVELS) {
      const kept = keptFrom(level, nowMs / 1000, this.retention);
      await this.partitions.ensure(
        level,
        new Set(minutes.map((minute) => floorTo(minute, level.seconds)).filter((bucket) => bucket >= kept)),
      );
    }
  }
}

/** @param lists rows of so many numbers, the second of each a bucket */
function bucketsIn(lists: readonly (readonly number[])[], width: number): Set<number> {
  const buckets = new Set<number>();
  for (const list of lists) for (let at = 1; at < list.length; at += width) buckets.add(list[at] ?? 0);
  return buckets;
}

function addRefusals(sums: Map<string, RefusalCount>, service: string, cause: string, count: number): void {
  if (count === 0) return;
  // No cause has a space in it.
  const key = `${cause} ${service}`;
  const known = sums.get(key);
  if (known === undefined) sums.set(key, { service, cause, count });
  else known.count += count;
}

/** By the day of the signature's last occurrence: token times are looked at over days, and rows stay few. */
async function writeTokenTimes(transaction: EntityManager, batches: readonly JudgedBatch[]): Promise<void> {
  const sums = new Map<string, [project: number, signature: string, day: string, slot: number, count: number]>();
  for (const { projectId, signatures, portions } of batches) {
    for (const { tokenTimes } of portions) {
      for (const [at = 0, slot = 0, count = 0] of rowsOf(tokenTimes, 3)) {
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
  const named = batches.flatMap(({ projectId, portions }) =>
    portions.flatMap(({ id }) => (id === null ? [] : [{ projectId, id: shortId(id) }])),
  );
  if (named.length === 0) return { fresh: batches, repeatedPortions: 0 };
  named.sort((a, b) => a.projectId - b.projectId || (a.id < b.id ? -1 : 1));
  const claimed = await transaction.query<{ project_id: number; portion_id: string }[]>(
    `INSERT INTO applied_portions (project_id, portion_id)
     SELECT * FROM unnest($1::integer[], $2::bigint[])
     ON CONFLICT DO NOTHING RETURNING project_id, portion_id`,
    [named.map(({ projectId }) => projectId), named.map(({ id }) => id)],
  );
  const ids = new Set(claimed.map((row) => `${String(row.project_id)}:${row.portion_id}`));
  let repeatedPortions = 0;
  const fresh = batches.map((batch) => {
    // delete() answers true once, as for batches.
    const portions = batch.portions.filter(({ id }) => id === null || ids.delete(`${String(batch.projectId)}:${shortId(id)}`));
    repeatedPortions += batch.portions.length - portions.length;
    return portions.length === batch.portions.length ? batch : withoutUncounted({ ...batch, portions });
  });
  return { fresh, repeatedPortions };
}

/**
 * 64 of the bits of a portion's id that come from its content. Of 300,000 portions in a quarter of an hour (150 million refusals), two share
 * them with a probability of 1 in 400 million, and one would be taken for a repetition of the other.
 */
function shortId(uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  return String(BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 12)}${hex.slice(-4)}`)));
}

/** A signature beyond the limit of its day has no row, and is counted under another one. */
async function withoutUnknown(transaction: EntityManager, batches: JudgedBatch[]): Promise<JudgedBatch[]> {
  const known: JudgedBatch[] = [];
  for (const batch of batches) {
    const { projectId, repeatedSketches = [] } = batch;
    const ids = [...new Set(repeatedSketches.map(([id]) => id))];
    const there = await existing(transaction, projectId, ids);
    known.push(ids.length === 0 ? batch : { ...batch, repeatedSketches: repeatedSketches.filter(([id]) => there.has(id)) });
  }
  return known;
}

function withoutUncounted(batch: JudgedBatch): JudgedBatch {
  const counted = batch.portions.flatMap(({ counts }) => counts.filter((_, index) => index % 3 === 0));
  const kept = [...new Set(counted)].sort((a, b) => a - b);
  const positions = new Map(kept.map((at, index) => [at, index]));
  const ownRows = (rows: readonly number[], width: number): number[] => {
    const own: number[] = [];
    for (let at = 0; at < rows.length; at += width) {
      const position = positions.get(rows[at] ?? -1);
      if (position !== undefined) own.push(position, ...rows.slice(at + 1, at + width));
    }
    return own;
  };
  return {
    ...batch,
    signatures: kept.flatMap((at) => batch.signatures[at] ?? []),
    portions: batch.portions.map((portion) => ({
      ...portion,
      counts: ownRows(portion.counts, 3),
      tokenTimes: ownRows(portion.tokenTimes, 3),
      facets: ownRows(portion.facets, 5),
    })),
    sketches: batch.sketches.filter(([at]) => positions.has(at)).map(([at, ...rest]) => [positions.get(at) ?? 0, ...rest]),
    repeatedSketches: batch.sketches.filter(([at]) => !positions.has(at)).map(([at, ...rest]) => [batch.signatures[at]?.id ?? '', ...rest]),
  };
}
