/**
 * Everything the service says of itself, one function an event: its log line and its metric together, so that neither
 * is forgotten. What a sender sent is never logged; it is counted by reason.
 */
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Where records come in; `own` are the refusals of the service itself. */
const DOORS = ['otlp_http', 'otlp_grpc', 'events', 'own'] as const;
export type Door = (typeof DOORS)[number];

/** Services that have series of their own in a process; the others share one. With 24 causes each, a few thousand lines a scrape. */
export const MAX_SERVICES = 200;

export class Events {
  private readonly services = new Set<string>();
  private readonly refusals;
  private readonly accepted;
  private readonly ignored;
  private readonly rejected;
  private readonly refusedRequests;
  private readonly deniedRequests;
  private readonly droppedConnections;
  private toldDroppedMs = 0;
  private readonly queuedBatches;
  private readonly beyondLimit;
  private readonly appliedBatches;
  private readonly repeatedBatches;
  private readonly repeatedPortions;
  private readonly appliedRecords;
  private readonly lateRecords;
  private readonly failedBatches;
  private readonly retriedBatches;
  private readonly movedRows;
  private readonly rejudgedSignatures;
  private readonly firedAlerts;
  private readonly failedEvaluations;
  private readonly deliveryAttempts;
  private readonly evaluationSeconds;
  private readonly enqueueSeconds;
  private readonly applySeconds;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const doors = DOORS.map((door) => ({ door }));
    this.accepted = metrics.counter('why401_records_accepted', 'Refusals that the queue took over, by door', doors);
    this.ignored = metrics.counter('why401_records_ignored', 'Records that tell of no refusal, by door', doors);
    this.rejected = metrics.counter('why401_records_rejected', 'Refusals that could not be used, by door', doors);
    this.refusedRequests = metrics.counter(
      'why401_ingest_requests_refused',
      'Ingest requests answered with an error, by door and status',
      [],
    );
    this.deniedRequests = metrics.counter(
      'why401_requests_denied',
      'Requests refused for the key that they sent or did not, by reason',
      [],
    );
    this.droppedConnections = metrics.counter('why401_connections_dropped', 'Connections closed because too many were open');
    this.queuedBatches = metrics.counter('why401_batches_queued', 'Folded batches handed to the queue');
    this.appliedBatches = metrics.counter('why401_batches_applied', 'Batches counted in the database');
    this.repeatedBatches = metrics.counter('why401_batches_repeated', 'Batches delivered again after they had been counted');
    this.repeatedPortions = metrics.counter('why401_portions_repeated', 'Portions of requests that senders repeated, counted once');
    this.appliedRecords = metrics.counter('why401_records_applied', 'Refusals counted in the database');
    this.refusals = metrics.counter('why401_refusals', 'Refusals counted in the database by this process, by service and cause', []);
    this.lateRecords = metrics.counter('why401_records_too_old', 'Refusals that outgrew the retention while they waited in the queue');
    this.failedBatches = metrics.counter('why401_batches_failed', 'Batches that failed for good and are kept for inspection');
    this.retriedBatches = metrics.counter('why401_batches_retried', 'Attempts that failed and will be repeated');
    this.beyondLimit = metrics.counter(
      'why401_signatures_beyond_limit',
      'Signatures of batches that were counted as __other__, as their project had too many new ones that day',
    );
    this.rejudgedSignatures = metrics.counter('why401_signatures_rejudged', 'Signatures judged again because rules changed');
    this.movedRows = metrics.counter('why401_count_rows_moved', 'Count rows moved up to the next wider level');
    this.firedAlerts = metrics.counter('why401_alerts_fired', 'Alerts that began to fire');
    this.failedEvaluations = metrics.counter(
      'why401_alert_evaluations_failed',
      'Evaluations of alert rules that failed and will be repeated',
    );
    this.deliveryAttempts = metrics.counter('why401_webhook_attempts', 'Attempts to deliver a webhook, by outcome', []);
    this.evaluationSeconds = metrics.histogram('why401_alert_evaluation_duration', 'Time of one evaluation of all alert rules');
    this.enqueueSeconds = metrics.histogram('why401_enqueue_duration', 'Time until the queue held a batch durably');
    this.applySeconds = metrics.histogram('why401_apply_duration', 'Time of one transaction that counts batches');
  }

  recordsRead(door: Door, counts: { accepted: number; ignored: number; rejected: number }): void {
    this.accepted(counts.accepted, { door });
    this.ignored(counts.ignored, { door });
    this.rejected(counts.rejected, { door });
  }

  ingestRefused(door: Door, status: number, detail: string): void {
    this.refusedRequests(1, { door, status: String(status) });
    this.logger.debug(`${door}: answered ${String(status)}: ${detail}`);
  }

  requestDenied(reason: string, status: number): void {
    this.deniedRequests(1, { reason, status: String(status) });
  }

  ownRefusalsLost(count: number, why: string): void {
    this.logger.warn(`${String(count)} refusals of our own are not counted: ${why}`);
  }

  /** @param reason undefined: it is open again */
  intakeClosed(reason: string | undefined): void {
    if (reason === undefined) this.logger.log('the queue has room again: requests are taken');
    else this.logger.warn(`requests are answered 503: ${reason}`);
  }

  batchQueued(durationMs: number): void {
    this.queuedBatches(1);
    this.enqueueSeconds(durationMs / 1000);
  }

  enqueueFailed(error: unknown, attempt: number): void {
    this.logger.warn(`cannot hand a batch to the queue (attempt ${String(attempt)}): ${textOf(error)}`);
  }

  batchesApplied(
    applied: {
      batches: number;
      repeated: number;
      repeatedPortions: number;
      records: number;
      refusals: readonly { service: string; cause: string; count: number }[];
      tooOld: number;
      beyond: number;
    },
    durationMs: number,
  ): void {
    this.appliedBatches(applied.batches);
    this.repeatedBatches(applied.repeated);
    this.repeatedPortions(applied.repeatedPortions);
    this.appliedRecords(applied.records);
    for (const { service, cause, count } of applied.refusals) this.refusals(count, { service: this.serviceLabel(service), cause });
    this.lateRecords(applied.tooOld);
    this.beyondLimit(applied.beyond);
    this.applySeconds(durationMs / 1000);
    if (applied.tooOld > 0)
      this.logger.warn(
        `${String(applied.tooOld)} records waited in the queue until they were older than the retention; they are not counted`,
      );
  }

  private serviceLabel(service: string): string {
    if (this.services.has(service)) return service;
    if (this.services.size >= MAX_SERVICES) return '__other__';
    this.services.add(service);
    return service;
  }

  batchRetried(error: unknown): void {
    this.retriedBatches(1);
    this.logger.warn(`cannot count a batch, will try again: ${textOf(error)}`);
  }

  batchFailed(jobId: string, error: unknown): void {
    this.failedBatches(1);
    this.logger.error(`batch ${jobId} failed for good and is kept: ${textOf(error)}; GET /v1/failed-batches lists it`);
  }

  recordUnreadable(error: unknown): void {
    this.logger.error(`cannot read a record, rejected it: ${stackOf(error)}`);
  }

  maintained(report: { moved: number; droppedPartitions: string[]; forgottenBatches: number }): void {
    this.movedRows(report.moved);
    for (const name of report.droppedPartitions) this.logger.log(`dropped ${name}, whose time is over`);
  }

  maintenanceFailed(error: unknown): void {
    this.logger.warn(`cannot maintain the store, will try again: ${textOf(error)}`);
  }

  rejudged(signatures: number, durationMs: number): void {
    this.rejudgedSignatures(signatures);
    this.logger.log(`judged ${String(signatures)} signatures again by the rules that hold now, in ${(durationMs / 1000).toFixed(1)} s`);
  }

  ruleUnusable(id: string, problem: string): void {
    this.logger.error(`rule ${id} cannot be used and matches nothing: ${problem}; change it with PUT /v1/rules/${id}`);
  }

  rejudgingFailed(error: unknown): void {
    this.logger.warn(`cannot judge history again, will go on: ${textOf(error)}`);
  }

  rulesEvaluated(durationMs: number): void {
    this.evaluationSeconds(durationMs / 1000);
  }

  ruleNotEvaluated(id: string, error: unknown): void {
    this.failedEvaluations(1);
    this.logger.error(`cannot evaluate alert rule ${id}, will try again: ${textOf(error)}`);
  }

  evaluationFailed(error: unknown): void {
    this.failedEvaluations(1);
    this.logger.warn(`cannot evaluate alert rules, will try again: ${textOf(error)}`);
  }

  alertFired(rule: string, key: readonly string[], reason: string): void {
    this.firedAlerts(1);
    this.logger.log(`alert "${rule}" fires for ${key.join(', ')}: ${reason}`);
  }

  alertResolved(rule: string, key: readonly string[], reason: string): void {
    this.logger.log(`alert "${rule}" is over for ${key.join(', ')}: ${reason}`);
  }

  alertNotExplained(id: string, error: unknown): void {
    this.logger.warn(`alert ${id} goes out without its explanation: ${textOf(error)}`);
  }

  deliveryAttempted(endpoint: string, outcome: string, reason: string, status: string): void {
    this.deliveryAttempts(1, { outcome });
    if (outcome !== 'delivered') this.logger.warn(`endpoint "${endpoint}": ${reason}; the delivery is ${status}`);
  }

  connectionFailed(part: string, error: unknown): void {
    this.logger.warn(`${part}: ${textOf(error)}`);
  }

  /** One line a minute: whoever opens too many opens more. */
  connectionDropped(limit: number): void {
    this.droppedConnections(1);
    if (Date.now() - this.toldDroppedMs < 60_000) return;
    this.toldDroppedMs = Date.now();
    this.logger.warn(
      `connections beyond ${String(limit)} are closed unanswered; let senders go through a Collector, or run more processes`,
    );
  }

  requestFailed(path: string, error: unknown): void {
    this.logger.error(`${path}: ${stackOf(error)}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
