/**
 * Writes signatures with their verdicts. What this process wrote a moment ago is not written again: when a signature was seen last is
 * right to ten seconds, and a row is not made anew for every batch that has it.
 */
import type { EntityManager } from 'typeorm';
import type { JudgedBatch, JudgedSignature } from './count-store.js';
import { idFromHex } from './entities.js';
import type { RuleState } from './teaching-store.js';
import { reasonId } from './witness-store.js';

/** Some 150 bytes each. */
const MAX_KNOWN = 100_000;
const SEEN_AGAIN_MS = 10_000;
/** Values of the last four digits of an id. */
const PHASES = 2 ** 16;

interface Written {
  firstMs: number;
  lastMs: number;
  hasTrace: boolean;
}

interface SeenSignature extends JudgedSignature {
  projectId: number;
  state: RuleState;
}

export class SignatureWriter {
  /** What stands in the database at least, by project and id. */
  private readonly known = new Map<number, Map<string, Written>>();
  private size = 0;

  /** @returns to be called once the transaction is committed */
  async write(transaction: EntityManager, batches: readonly JudgedBatch[]): Promise<() => void> {
    const news = this.newsIn(batches);
    await insert(transaction, news);
    return () => {
      for (const one of news) this.learn(one);
    };
  }

  private newsIn(batches: readonly JudgedBatch[]): SeenSignature[] {
    const seen = new Map<number, Map<string, SeenSignature>>();
    for (const { projectId, state, signatures } of batches) {
      const known = this.known.get(projectId);
      const own = seen.get(projectId) ?? new Map<string, SeenSignature>();
      seen.set(projectId, own);
      for (const judged of signatures) {
        const one = own.get(judged.id);
        if (one !== undefined) widen(one, judged);
        else if (isNews(known?.get(judged.id), judged)) own.set(judged.id, { ...judged, projectId, state });
      }
    }
    return [...seen.values()].flatMap((own) => [...own.values()]);
  }

  private learn({ projectId, id, firstMs, lastMs, traceId }: SeenSignature): void {
    if (this.size >= MAX_KNOWN) {
      this.known.clear();
      this.size = 0;
    }
    const own = this.known.get(projectId) ?? new Map<string, Written>();
    this.known.set(projectId, own);
    const known = own.get(id);
    if (known === undefined) this.size += 1;
    own.set(id, {
      firstMs: Math.min(firstMs, known?.firstMs ?? Infinity),
      lastMs: Math.max(lastMs, known?.lastMs ?? 0),
      hasTrace: traceId !== undefined || known?.hasTrace === true,
    });
  }
}

function isNews(known: Written | undefined, { id, firstMs, lastMs, traceId }: JudgedSignature): boolean {
  return (
    known === undefined ||
    firstMs < known.firstMs ||
    roundOf(id, lastMs) > roundOf(id, known.lastMs) ||
    (traceId !== undefined && !known.hasTrace)
  );
}

/**
 * Each signature has ten seconds of its own, so that of those in a page few are written at once: their second versions find room in it.
 * All at once, they would take a table twice as large.
 */
function roundOf(id: string, ms: number): number {
  return Math.floor(ms / SEEN_AGAIN_MS + Number.parseInt(id.slice(-4), 16) / PHASES);
}

function widen(one: SeenSignature, { firstMs, lastMs, traceId }: JudgedSignature): void {
  one.firstMs = Math.min(one.firstMs, firstMs);
  one.lastMs = Math.max(one.lastMs, lastMs);
  if (traceId !== undefined) one.traceId = traceId;
}

/** A verdict stands on the row from the first time on; later batches only widen the span in which it was seen, and number the reason where an older version did not. */
async function insert(transaction: EntityManager, seen: readonly SeenSignature[]): Promise<void> {
  if (seen.length === 0) return;
  const rows = seen.map(({ projectId, id, signature, verdict, audit, state, firstMs, lastMs, traceId }) => ({
    project_id: projectId,
    id: idFromHex(id),
    ...signature,
    error_code: signature.errorCode,
    reason_id: reasonId(signature),
    ...verdict,
    ...audit,
    rule_set_version: state.ruleSetVersion,
    rules_revision: state.revision,
    first_seen: new Date(firstMs),
    last_seen: new Date(lastMs),
    last_trace_id: traceId ?? null,
  }));
  await transaction.query(
    `INSERT INTO signatures AS s (project_id, id, service, environment, route, method, status, scheme, challenge, error_code, template, reason_id, facts,
                                  cause, fault, confidence, evidence, also, findings, observable, rule_set_version, rules_revision, first_seen, last_seen, last_trace_id)
     SELECT project_id, id, service, environment, route, method, status, scheme, challenge, error_code, template, reason_id, facts,
            cause, fault, confidence, evidence, also, findings, observable, rule_set_version, rules_revision, first_seen, last_seen, last_trace_id
     FROM jsonb_to_recordset($1::jsonb) AS r (project_id integer, id bigint, service text, environment text, route text, method text, status smallint,
            scheme text, challenge text, error_code text, template text, reason_id bigint, facts jsonb, cause text, fault text, confidence real, evidence jsonb, also text[],
            findings jsonb, observable text[], rule_set_version integer, rules_revision integer, first_seen timestamptz, last_seen timestamptz, last_trace_id text)
     ORDER BY project_id, id
     ON CONFLICT (project_id, id) DO UPDATE
     SET first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen), reason_id = excluded.reason_id,
         last_trace_id = coalesce(excluded.last_trace_id, s.last_trace_id),
         returned_at = CASE WHEN excluded.first_seen - s.last_seen > interval '1 day' THEN excluded.created_at ELSE s.returned_at END,
         quiet_seconds = CASE WHEN excluded.first_seen - s.last_seen > interval '1 day'
                              THEN extract(epoch FROM excluded.first_seen - s.last_seen)::integer ELSE s.quiet_seconds END
     WHERE excluded.first_seen < s.first_seen OR excluded.last_seen > s.last_seen OR s.reason_id = 0
          OR (s.last_trace_id IS NULL AND excluded.last_trace_id IS NOT NULL)`,
    [JSON.stringify(rows)],
  );
}
