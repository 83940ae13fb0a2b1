/**
 * The one door behind all doors: reads records, folds refusals, and hands them to the queue. Requests that arrive
 * within some milliseconds share a batch (group commit); each is answered only when the queue holds its batch durably.
 *
 * A batch that the queue did not confirm is offered again under the same id, so that one which arrived after all is
 * counted once. Only when that fails too are the senders told to come again.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Fold } from '../core/fold.js';
import { countedAt, type Retention } from '../core/levels.js';
import type { LogRecord } from '../core/log-record.js';
import { TemplateMerger } from '../core/merge.js';
import { readRecord, type Reading } from '../core/refusal.js';
import { vocabulary } from '../core/rules/index.js';
import type { Signature } from '../core/signature.js';
import type { Door, Events } from '../ops/events.js';
import type { BatchQueue } from '../queue/batch-queue.js';
import { BATCH_VERSION, type Batch } from '../queue/jobs.js';

export interface Rejection {
  /** Position of the record in the request, from 0. */
  index: number;
  reason: string;
}

export interface IntakeResult {
  accepted: number;
  ignored: number;
  rejected: Rejection[];
}

/** The queue is away, or there is no room: the sender should come again. */
export class IntakeUnavailableError extends Error {
  readonly code = 'intake_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IntakeUnavailableError';
  }
}

type Refusal = Extract<Reading, { kind: 'refusal' }> & { timeMs: number };

interface Pending {
  projectId: number;
  fold: Fold;
  settled: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Long enough to gather concurrent requests, short enough that no sender notices. */
const LINGER_MS = 20;
/** A batch of this many signatures is about 1 MB of JSON; larger ones would hold up the worker's transaction. */
const MAX_BATCH_SIGNATURES = 2_000;
/** Two keep the queue busy while one is being confirmed; more would only make batches smaller. */
const MAX_IN_FLIGHT = 2;
/** Requests waiting for the queue; beyond it the receiver sheds. */
const MAX_WAITING = 2_000;
/** Read without a pause: some 30 ms, after which other requests have their turn. */
const RECORDS_AT_ONCE = 1_000;
const OFFER_PAUSES_MS = [100, 400];

export class Intake {
  /** Batches in the making, by project. */
  private readonly pending = new Map<number, Pending>();
  /** Batches that are complete and wait for their turn. */
  private readonly sealed: Pending[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly merger = new TemplateMerger(vocabulary());
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(
    private readonly queue: Pick<BatchQueue, 'add'>,
    private readonly events: Events,
    private readonly retention: Retention,
  ) {}

  /**
   * A request with very many signatures becomes several batches. Should only some of them reach the queue, the sender is
   * told to send all again: then some are counted twice, where the alternative would be to lose the others.
   * @param door where they came in, for the metrics
   * @throws IntakeUnavailableError: the sender should send all of it again
   */
  async accept(projectId: number, records: readonly (LogRecord | { unreadable: string })[], door: Door): Promise<IntakeResult> {
    if (this.waiting >= MAX_WAITING) throw new IntakeUnavailableError('too many requests are waiting for the queue');
    this.waiting += 1;
    try {
      const result: IntakeResult = { accepted: 0, ignored: 0, rejected: [] };
      const batches = new Set<Pending>();
      for (let start = 0; start < records.length; start += RECORDS_AT_ONCE) {
        if (start > 0) await immediate();
        this.read(records.slice(start, start + RECORDS_AT_ONCE), start, result, (refusal) => batches.add(this.add(projectId, refusal)));
      }
      await Promise.all([...batches].map(({ settled }) => settled));
      this.events.recordsRead(door, { accepted: result.accepted, ignored: result.ignored, rejected: result.rejected.length });
      return result;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Hands over what is waiting. Call it when no more requests come. */
  async drain(): Promise<void> {
    clearTimeout(this.timer);
    for (const projectId of [...this.pending.keys()]) this.seal(projectId);
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  private read(
    records: readonly (LogRecord | { unreadable: string })[],
    start: number,
    result: IntakeResult,
    take: (refusal: Refusal) => void,
  ): void {
    const now = Date.now();
    for (const [offset, record] of records.entries()) {
      const reading = 'unreadable' in record ? { kind: 'rejected' as const, reason: record.unreadable } : this.readOne(record, now);
      if (reading.kind === 'refusal') take(reading);
      if (reading.kind === 'refusal') result.accepted += 1;
      else if (reading.kind === 'ignored') result.ignored += 1;
      else result.rejected.push({ index: start + offset, reason: reading.reason });
    }
  }

  private readOne(record: LogRecord, now: number): Refusal | Exclude<Reading, { kind: 'refusal' }> {
    let reading: Reading;
    try {
      reading = readRecord(record);
    } catch (error) {
      // A mistake of ours about one record must not cost its neighbours.
      this.events.recordUnreadable(error);
      return { kind: 'rejected', reason: 'cannot be read; the log of the service names why' };
    }
    if (reading.kind !== 'refusal') return reading;
    const timeMs = countedAt(record.timeMs, now, this.retention);
    if (timeMs !== undefined) return { ...reading, signature: this.merged(reading.signature), timeMs };
    return {
      kind: 'rejected',
      reason: `its time is older than the ${String(Math.round(this.retention['1h'] / 86_400))} days that counts are kept`,
    };
  }

  private merged(signature: Signature): Signature {
    const template = this.merger.merge(signature.service, signature.template);
    return template === signature.template ? signature : { ...signature, template };
  }

  /** @returns the batch that the refusal is in */
  private add(projectId: number, { signature, timeMs, tokenOffset }: Refusal): Pending {
    let pending = this.pending.get(projectId);
    if (pending === undefined) {
      pending = { projectId, fold: new Fold(), ...withResolvers() };
      this.pending.set(projectId, pending);
    }
    pending.fold.add(signature, timeMs, tokenOffset);
    if (pending.fold.size >= MAX_BATCH_SIGNATURES) this.seal(projectId);
    else
      this.timer ??= setTimeout(() => {
        this.onTimer();
      }, LINGER_MS);
    return pending;
  }

  private onTimer(): void {
    this.timer = undefined;
    // While the queue is busy the batch keeps growing; the end of an offer calls again.
    if (this.inFlight.size >= MAX_IN_FLIGHT) return;
    for (const projectId of [...this.pending.keys()]) this.seal(projectId);
  }

  private seal(projectId: number): void {
    const pending = this.pending.get(projectId);
    if (pending === undefined) return;
    this.pending.delete(projectId);
    this.sealed.push(pending);
    this.offerNext();
  }

  private offerNext(): void {
    while (this.inFlight.size < MAX_IN_FLIGHT) {
      const pending = this.sealed.shift();
      if (pending === undefined) return;
      const offer = this.offer(pending).then(pending.resolve, (cause: unknown) => {
        pending.reject(new IntakeUnavailableError('the queue cannot be reached', { cause }));
      });
      const done = offer.finally(() => {
        this.inFlight.delete(done);
        this.offerNext();
        if (this.pending.size > 0)
          this.timer ??= setTimeout(() => {
            this.onTimer();
          }, 0);
      });
      this.inFlight.add(done);
    }
  }

  private async offer(pending: Pending): Promise<void> {
    const batch = sealBatch(pending.projectId, pending.fold);
    for (let attempt = 0; ; attempt += 1) {
      const started = performance.now();
      try {
        await this.queue.add(batch);
        this.events.batchQueued(performance.now() - started);
        return;
      } catch (error) {
        this.events.enqueueFailed(error, attempt + 1);
        const pause = OFFER_PAUSES_MS[attempt];
        if (pause === undefined) throw error;
        await sleep(pause);
      }
    }
  }
}

function sealBatch(projectId: number, fold: Fold): Batch {
  return { version: BATCH_VERSION, batchId: uuidV7(Date.now(), randomBytes(10)), projectId, signatures: fold.toSignatures(signatureId) };
}

/**
 * 64 bits of SHA-256. Two of a million signatures share an id with a probability of 3 in 100 million; they would be
 * shown as one.
 */
function signatureId(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** RFC 9562 section 5.7; ids grow with time, so that the index of counted batches grows at one end. */
function uuidV7(nowMs: number, random: Buffer): string {
  const bytes = Buffer.concat([Buffer.alloc(6), random]);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function withResolvers(): Pick<Pending, 'settled' | 'resolve' | 'reject'> {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const settled = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Every request awaits it too; this only keeps a rejection between two awaits from ending the process.
  settled.catch(() => undefined);
  return { settled, resolve, reject };
}
