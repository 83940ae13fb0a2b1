/**
 * The one door behind all doors: reads records, folds refusals, and hands them to the queue. Requests that arrive
 * within some milliseconds share a batch (group commit); each is answered only when the queue holds its batch durably.
 *
 * A batch that the queue did not confirm is offered again under the same id, so that one which arrived after all is
 * counted once. Only when that fails too are the senders told to come again.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fold } from '../core/fold.js';
import { countedAt, type Retention } from '../core/levels.js';
import type { LogRecord } from '../core/log-record.js';
import { readRecord, type Reading } from '../core/refusal.js';
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
const OFFER_PAUSES_MS = [100, 400];

export class Intake {
  private readonly pending = new Map<number, Pending>();
  private readonly inFlight = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(
    private readonly queue: Pick<BatchQueue, 'add'>,
    private readonly events: Events,
    private readonly retention: Retention,
  ) {}

  /**
   * @param door where they came in, for the metrics
   * @throws IntakeUnavailableError: nothing of the request counts, the sender should send all of it again
   */
  async accept(projectId: number, records: readonly (LogRecord | { unreadable: string })[], door: Door): Promise<IntakeResult> {
    if (this.waiting >= MAX_WAITING) throw new IntakeUnavailableError('too many requests are waiting for the queue');
    const result: IntakeResult = { accepted: 0, ignored: 0, rejected: [] };
    const refusals = this.read(records, result);
    if (refusals.length > 0) {
      const pending = this.pendingOf(projectId);
      for (const { signature, timeMs } of refusals) pending.fold.add(signature, timeMs);
      this.schedule(pending);
      this.waiting += 1;
      await pending.settled.finally(() => (this.waiting -= 1));
    }
    this.events.recordsRead(door, { accepted: result.accepted, ignored: result.ignored, rejected: result.rejected.length });
    return result;
  }

  /** Hands over what is waiting. Call it when no more requests come. */
  async drain(): Promise<void> {
    clearTimeout(this.timer);
    for (const projectId of [...this.pending.keys()]) this.flush(projectId);
    await Promise.all(this.inFlight);
  }

  private read(
    records: readonly (LogRecord | { unreadable: string })[],
    result: IntakeResult,
  ): { signature: Extract<Reading, { kind: 'refusal' }>['signature']; timeMs: number }[] {
    const now = Date.now();
    const refusals = [];
    for (const [index, record] of records.entries()) {
      const reading: Reading = 'unreadable' in record ? { kind: 'rejected', reason: record.unreadable } : readRecord(record);
      if (reading.kind === 'ignored') {
        result.ignored += 1;
      } else if (reading.kind === 'rejected') {
        result.rejected.push({ index, reason: reading.reason });
      } else {
        const timeMs = countedAt((record as LogRecord).timeMs, now, this.retention);
        if (timeMs === undefined) {
          result.rejected.push({
            index,
            reason: `its time is older than the ${String(Math.round(this.retention['1h'] / 86_400))} days that counts are kept`,
          });
        } else {
          refusals.push({ signature: reading.signature, timeMs });
          result.accepted += 1;
        }
      }
    }
    return refusals;
  }

  private pendingOf(projectId: number): Pending {
    let pending = this.pending.get(projectId);
    if (pending === undefined) {
      pending = { projectId, fold: new Fold(), ...withResolvers() };
      this.pending.set(projectId, pending);
    }
    return pending;
  }

  private schedule(pending: Pending): void {
    if (pending.fold.size >= MAX_BATCH_SIGNATURES) this.flush(pending.projectId);
    else
      this.timer ??= setTimeout(() => {
        this.onTimer();
      }, LINGER_MS);
  }

  private onTimer(): void {
    this.timer = undefined;
    // While the queue is busy the batch keeps growing; the end of an offer calls again.
    if (this.inFlight.size >= MAX_IN_FLIGHT) return;
    for (const projectId of [...this.pending.keys()]) this.flush(projectId);
  }

  private flush(projectId: number): void {
    const pending = this.pending.get(projectId);
    if (pending === undefined) return;
    this.pending.delete(projectId);
    const offer = this.offer(pending).then(pending.resolve, (cause: unknown) => {
      pending.reject(new IntakeUnavailableError('the queue cannot be reached', { cause }));
    });
    const done = offer.finally(() => {
      this.inFlight.delete(done);
      if (this.pending.size > 0)
        this.timer ??= setTimeout(() => {
          this.onTimer();
        }, 0);
    });
    this.inFlight.add(done);
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
