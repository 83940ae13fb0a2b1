/**
 * Keeps the variety of signatures in bounds: of each project so many new ones a day are told apart, over all workers. What is beyond
 * is counted under one signature for each service and cause, so that nothing is lost but the detail.
 */
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { auditSignature } from '../core/findings.js';
import { judge } from '../core/judge.js';
import { OTHER } from '../core/levels.js';
import { signatureKey, type Signature } from '../core/signature.js';
import type { JudgedBatch } from './count-store.js';
import { idFromHex, idToHex } from './entities.js';

/** Ids that a process remembers of a project, some 100 bytes each. */
const MAX_KNOWN = 100_000;
/** Services that keep their name beyond the limit. */
const MAX_SERVICES = 1_000;

type Judged = JudgedBatch['signatures'][number];

export interface Admitted {
  batches: JudgedBatch[];
  /** Signatures that are counted under another one. */
  beyond: number;
  /** To be called once the transaction is committed. */
  learn: () => void;
}

export class SignatureCap {
  /** Ids that are in the database, by project. */
  private readonly known = new Map<number, Set<string>>();

  /** @param most new signatures of a project and day */
  constructor(private readonly most: number) {}

  async admit(transaction: EntityManager, batches: readonly JudgedBatch[], nowMs: number): Promise<Admitted> {
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const learned: (() => void)[] = [];
    const folded = new Map<number, ReadonlyMap<string, Judged>>();
    for (const projectId of [...new Set(batches.map((batch) => batch.projectId))].sort((a, b) => a - b)) {
      const own = batches.filter((batch) => batch.projectId === projectId);
      const { kept, beyond } = await this.divide(transaction, projectId, own, day);
      learned.push(() => {
        this.remember(projectId, kept);
      });
      if (beyond.length > 0) folded.set(projectId, await substitutes(transaction, projectId, beyond));
    }
    return {
      batches: batches.map((batch) => withSubstitutes(batch, folded.get(batch.projectId))),
      beyond: [...folded.values()].reduce((sum, { size }) => sum + size, 0),
      learn: () => {
        for (const one of learned) one();
      },
    };
  }

  /** What there is, and what there is room for, in the order in which it stands; and the rest. */
  private async divide(
    transaction: EntityManager,
    projectId: number,
    batches: readonly JudgedBatch[],
    day: string,
  ): Promise<{ kept: string[]; beyond: Judged[] }> {
    const known = this.known.get(projectId);
    const strange = new Map<string, Judged>();
    for (const one of batches.flatMap(({ signatures }) => signatures)) if (known?.has(one.id) !== true) strange.set(one.id, one);
    const there = await existing(transaction, projectId, strange.keys());
    const unknown = [...strange.keys()].filter((id) => !there.has(id));
    if (unknown.length === 0) return { kept: [...there], beyond: [] };
    // Others that have new ones wait from here on; what they have written by then is there.
    const [row] = await transaction.query<{ count: number }[]>(
      `INSERT INTO signature_days AS d (project_id, day, count) VALUES ($1, $2, 0)
       ON CONFLICT (project_id, day) DO UPDATE SET count = d.count RETURNING count`,
      [projectId, day],
    );
    for (const id of await existing(transaction, projectId, unknown)) there.add(id);
    const fresh = unknown.filter((id) => !there.has(id));
    const admitted = fresh.slice(0, Math.max(0, this.most - (row?.count ?? 0)));
    if (admitted.length > 0)
      await transaction.query('UPDATE signature_days SET count = count + $3 WHERE project_id = $1 AND day = $2', [
        projectId,
        day,
        admitted.length,
      ]);
    return { kept: [...there, ...admitted], beyond: fresh.slice(admitted.length).flatMap((id) => strange.get(id) ?? []) };
  }

  private remember(projectId: number, ids: readonly string[]): void {
    const known = this.known.get(projectId);
    if (known === undefined || known.size + ids.length > MAX_KNOWN) this.known.set(projectId, new Set(ids));
    else for (const id of ids) known.add(id);
  }
}

/** Numbers of the projects (names are for those who may know of them) that had as many new signatures as they may on a day. @param day as `2026-11-30` */
export async function fullProjects(database: DataSource, day: string, most: number): Promise<number[]> {
  const rows = await database.query<{ id: number }[]>(
    'SELECT project_id AS id FROM signature_days d WHERE d.day = $1 AND d.count >= $2 ORDER BY 1 LIMIT 10',
    [day, most],
  );
  return rows.map(({ id }) => id);
}

/** @param ids hex @returns those that have a row */
export async function existing(transaction: EntityManager, projectId: number, ids: Iterable<string>): Promise<Set<string>> {
  const wanted = [...ids].map(idFromHex);
  if (wanted.length === 0) return new Set();
  const rows = await transaction.query<{ id: string }[]>('SELECT id FROM signatures WHERE project_id = $1 AND id = ANY($2::bigint[])', [
    projectId,
    wanted,
  ]);
  return new Set(rows.map(({ id }) => idToHex(id)));
}

/** For each one, by its id, what it is counted under. Services that are known keep their name; made-up ones have none. */
async function substitutes(transaction: EntityManager, projectId: number, beyond: readonly Judged[]): Promise<Map<string, Judged>> {
  const rows = await transaction.query<{ service: string }[]>(
    `SELECT DISTINCT service FROM signatures WHERE project_id = $1 AND service = ANY($2::text[]) LIMIT ${String(MAX_SERVICES)}`,
    [projectId, [...new Set(beyond.map(({ signature }) => signature.service))]],
  );
  const services = new Set(rows.map(({ service }) => service));
  return new Map(beyond.map((one) => [one.id, substituteOf(one, services)]));
}

function substituteOf({ signature, verdict: { cause }, firstMs, lastMs }: Judged, services: ReadonlySet<string>): Judged {
  const substitute: Signature = {
    service: services.has(signature.service) ? signature.service : OTHER,
    environment: OTHER,
    route: OTHER,
    method: '',
    status: 0,
    scheme: '',
    challenge: '',
    errorCode: '',
    template: OTHER,
    // The judge has nothing else to go by, now and when rules change.
    facts: { statedCause: cause },
  };
  const verdict = judge(substitute);
  const id = createHash('sha256').update(signatureKey(substitute)).digest('hex').slice(0, 16);
  return { id, signature: substitute, verdict, audit: auditSignature(substitute, verdict), firstMs, lastMs };
}

/** Places in the batch stay: several may now be of one signature. */
function withSubstitutes(batch: JudgedBatch, folded: ReadonlyMap<string, Judged> | undefined): JudgedBatch {
  if (folded === undefined) return batch;
  return { ...batch, signatures: batch.signatures.map((one) => folded.get(one.id) ?? one) };
}
