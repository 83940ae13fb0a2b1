/**
 * The one door behind all doors: reads a request's records, folds refusals in portions, and hands them to the queue once
 * the whole request was read. Requests that arrive within some milliseconds share a batch (group commit); each is
 * answered only when the queue holds its portions durably.
 *
 * A batch that the queue did not confirm is offered again under the same id, so that one which arrived after all is
 * counted once. When that fails too, the senders are told to come again; a request that comes again has portions of the
 * same ids, which count once whatever became of the first ones.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SketchMemory, type Distinct } from '../core/distinct.js';
import { Fold } from '../core/fold.js';
import { countedAt, type Retention } from '../core/levels.js';
import { TemplateMerger } from '../core/merge.js';
import { CountedSignatures, Portion, tracer, type Pseudonym, type Tracer } from '../core/portion.js';
import { vocabulary } from '../core/rules/index.js';
import type { Signature } from '../core/signature.js';
import type { Door, Events } from '../ops/events.js';
import type { BatchQueue } from '../queue/batch-queue.js';
import { packBatch, type Payload } from '../queue/payload.js';
import { Budget } from '../ops/budget.js';
import { portionId, signatureId, uuidV7 } from './ids.js';
import {
  IGNORED,
  IntakeUnavailableError,
  RequestReader,
  type IntakeResult,
  type NumberedPortion,
  type Read,
  type Records,
} from './request-reader.js';

export interface IntakeRequest {
  projectId: number;
  /** Where it came in, for the metrics. */
  door: Door;
  /** In one or several parts, as they arrive. */
  parts: Iterable<Records> | AsyncIterable<Records>;
  /** Asked when all records were read: a digest that is the same for every repetition of the request; undefined where repetitions count again. */
  digest?: () => Buffer;
}

export interface IntakeRules {
  retention: Retention;
  /** Of clients and users. */
  pseudonym: Pseudonym;
  /** Says why nothing may be taken now, or nothing. */
  mayTake?: () => string | undefined;
  /** How long a project's next batch is to wait behind the one before, milliseconds, see queue-gate.ts; not at all where it is not given. */
  pauseMs?: () => number;
}

interface Pending {
  projectId: number;
  /** Of `performance.now()`. */
  sinceMs: number;
  fold: Fold;
  requests: number;
  /** Of its requests, refusals or not. */
  records: number;
  settled: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** The last batch of a project that went to the queue. */
interface Turn {
  /** Of `performance.now()`. */
  begunMs: number;
  requests: number;
  /** In it or in the one before, whichever had more: where two are on their way, senders may take turns. */
  usualRequests: number;
  /** Until when the next one pauses, of `performance.now()`. */
  pausedMs: number;
}

/**
 * Requests that arrive together share a batch, behind whose first one it waits: longer while fewer came than were in one of the two batches before,
 * as those who got their answers at once mostly send again. One sender, who waits for each answer, is not kept for others.
 */
const GATHERED_MS = { least: 5, most: 20 };
/** So long behind the batch before, those who are still coming again have come. */
const COMING_MS = 200;
/**
 * From the start of one batch of a project to the next. Storing and counting a batch costs some milliseconds of CPU whatever is in it, so that one
 * with little in it waits longer for more; a sender of 512 records at a time, one request after the other, is not kept that long.
 */
const APART_MS = { little: 50, much: 20 };
/** Nothing waits for it. */
const NO_TURN: Turn = { begunMs: -APART_MS.little, requests: 0, usualRequests: 0, pausedMs: 0 };
/** Records, of any kind. */
const MUCH = 500;
/** A batch of this many signatures, or what weighs as much, is some 400 kB on its way; larger ones would hold up the worker's transaction. */
const MAX_BATCH_WEIGHT = 4_000;
/** Two keep the queue busy while one is being confirmed; more would only make batches smaller. */
const MAX_IN_FLIGHT = 2;
/** Requests waiting for the queue, half of them of one project at most; beyond it the receiver sheds. */
const MAX_WAITING = 4_000;
/** Signatures that wait for the queue, some 2 kB each, or what weighs as much. */
const MAX_WEIGHT_IN_HAND = 24_000;
/** Requests that tell what is usual. */
const USUAL_OF = 4;
/** Of a usual request; whoever sends larger ones may send small ones as well. */
const MOST_USUAL = 2_000;
/** What is left of it with each request that is refused by it. */
const FORGOTTEN = 0.98;
/** Signatures, some 0.5 kB each, of which it is known what they merged into; a portion may go beyond it. */
const MAX_MERGED = 10_000;
/** Up to 300 kB each. */
const MAX_IDLE_PORTIONS = 8;
/** Who was told of lately, in all sketches. */
const MAX_TOLD_REGISTERS = 200_000;
const OFFER_PAUSES_MS = [100, 400];

export class Intake {
  /** Batches in the making, by project. */
  private readonly pending = new Map<number, Pending>();
  /** Batches that are complete and wait for their turn. */
  private readonly sealed: Pending[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly merger = new TemplateMerger(vocabulary());
  private mergedAt = 0;
  private mergedCount = 0;
  /** What signatures became, by project. */
  private readonly countedOf = new Map<number, CountedSignatures>();
  /** That no request fills. */
  private readonly portions: Portion[] = [];
  /** Who is in batches that the queue holds. */
  private readonly told = new SketchMemory(MAX_TOLD_REGISTERS);
  private readonly tracesOf: Tracer;
  private readonly requests = new Budget(MAX_WAITING);
  private readonly weights = new Budget(MAX_WEIGHT_IN_HAND);
  /** Of the last requests of each project, on average. */
  private readonly usualWeights = new Map<number, number>();
  private readonly turns = new Map<number, Turn>();
  private timer: NodeJS.Timeout | undefined;
  private timerMs = Infinity;
  private isHurried = false;

  constructor(
    private readonly queue: Pick<BatchQueue, 'add'>,
    private readonly events: Events,
    private readonly rules: IntakeRules,
  ) {
    this.tracesOf = tracer(rules.pseudonym);
  }

  /**
   * Reads the request and has its portions on their way to the queue.
   * @returns what is to be awaited when nothing of the request needs to be kept any more
   * @throws IntakeUnavailableError: the sender should send all of it again; RequestBodyError for more than one request may hold; whatever reading throws
   */
  async read(request: IntakeRequest): Promise<{ confirmed: Promise<IntakeResult> }> {
    const { projectId, door } = request;
    const reason = this.rules.mayTake?.();
    if (reason !== undefined) throw new IntakeUnavailableError(reason);
    // Before anything of it is read: under more than it can take, a service that reads first takes less.
    const usual = this.usualWeights.get(projectId) ?? 0;
    if (!this.weights.has(projectId, Math.min(usual, MOST_USUAL))) {
      // Now and then one is read all the same: smaller ones may come.
      this.usualWeights.set(projectId, usual * FORGOTTEN);
      throw new IntakeUnavailableError('too many refusals are waiting for the queue');
    }
    if (!this.requests.take(projectId, 1)) throw new IntakeUnavailableError('too many requests are waiting for the queue');
    let taken = 0;
    const hold = (weight: number): boolean => {
      const isHeld = this.weights.take(projectId, weight);
      if (isHeld) taken += weight;
      return isHeld;
    };
    const giveBack = (): void => {
      this.requests.give(projectId, 1);
      this.weights.give(projectId, taken);
    };
    try {
      const { portions, result } = await this.portionsOf(request, hold);
      const digest = portions.length === 0 ? undefined : request.digest?.();
      const records = result.accepted + result.ignored + result.rejectedCount;
      const batches = new Set(
        portions.map((numbered, at) =>
          this.add({ projectId, records, isFirst: at === 0, id: portionId(digest, numbered.index) }, numbered),
        ),
      );
      const confirmed = this.confirmed(batches, door, result);
      // The answer goes out with the first batch that failed; the others are held until they have their turn.
      void Promise.allSettled(batches).then(giveBack);
      // Told to whoever awaits it; until then it must not end the process.
      confirmed.catch(() => undefined);
      return { confirmed };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** By itself, so that what reading takes is let go before the queue is waited for. */
  private async portionsOf(
    { projectId, parts }: IntakeRequest,
    hold: (weight: number) => boolean,
  ): Promise<{ portions: NumberedPortion[]; result: IntakeResult }> {
    const portion = this.portions.pop() ?? new Portion();
    const counting = (): CountedSignatures => this.counting(projectId);
    const reader = new RequestReader({ portion, tracesOf: this.tracesOf, placing: () => this.placing(), counting, hold });
    try {
      return { portions: await reader.read(parts), result: reader.result };
    } finally {
      const before = this.usualWeights.get(projectId) ?? 0;
      this.usualWeights.set(projectId, before + (reader.wanted - before) / USUAL_OF);
      portion.end();
      if (this.portions.length < MAX_IDLE_PORTIONS) this.portions.push(portion);
    }
  }

  private async confirmed(batches: ReadonlySet<Promise<void>>, door: Door, result: IntakeResult): Promise<IntakeResult> {
    await Promise.all(batches);
    this.events.recordsRead(door, { accepted: result.accepted, ignored: result.ignored, rejected: result.rejectedCount });
    return result;
  }

  /** Keeps nobody waiting from now on: what waits for more requests or pauses is handed over, and what still comes goes at once. */
  hurry(): void {
    this.isHurried = true;
    this.offerNext();
  }

  /** Hands over what is waiting. Call it when no more requests come. */
  async drain(): Promise<void> {
    this.hurry();
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  /** For records that are read without a pause. */
  private placing(): (read: Read) => Read {
    const at = countedAt(Date.now(), this.rules.retention);
    return (read) => this.placed(read, at);
  }

  /** Where a refusal is counted, or why it is not. */
  private placed(read: Read, at: ReturnType<typeof countedAt>): Read {
    const { reading, timeMs } = read;
    if (read.error !== undefined) this.events.recordUnreadable(read.error);
    if (reading.kind === 'rejected' || (reading.kind === 'ignored' && reading.target === undefined)) return read;
    const countedMs = at(timeMs);
    if (reading.kind === 'ignored') return countedMs === undefined ? { reading: IGNORED, timeMs } : { reading, timeMs: countedMs };
    if (countedMs !== undefined) return countedMs === timeMs ? read : { ...read, timeMs: countedMs };
    const days = String(Math.round(this.rules.retention['1h'] / 86_400));
    return { reading: { kind: 'rejected', reason: `its time is older than the ${days} days that counts are kept` }, timeMs };
  }

  /** For the signatures of a portion. The same ones become the same, as long as nothing more is merged. */
  private counting(projectId: number): CountedSignatures {
    if (this.mergedAt !== this.merger.version || this.mergedCount >= MAX_MERGED) {
      this.mergedAt = this.merger.version;
      this.mergedCount = 0;
      this.countedOf.clear();
    }
    let own = this.countedOf.get(projectId);
    if (own === undefined) this.countedOf.set(projectId, (own = new CountedSignatures((signature) => this.merged(projectId, signature))));
    return own;
  }

  private merged(projectId: number, signature: Signature): Signature {
    this.mergedCount += 1;
    const template = this.merger.merge(`${String(projectId)} ${signature.service}`, signature.template);
    return template === signature.template ? signature : { ...signature, template };
  }

  /** @returns what is settled with the batch that the portion is in */
  private add(
    { projectId, records, isFirst, id }: { projectId: number; records: number; isFirst: boolean; id: string | null },
    { portion, traffic }: NumberedPortion,
  ): Promise<void> {
    let pending = this.pending.get(projectId);
    if (pending !== undefined && pending.fold.weight + portion.weight > MAX_BATCH_WEIGHT) {
      this.seal(projectId);
      pending = undefined;
    }
    if (pending === undefined) {
      pending = { projectId, sinceMs: performance.now(), fold: new Fold(), requests: 0, records: 0, ...withResolvers() };
      this.pending.set(projectId, pending);
    }
    pending.fold.add(portion, id, traffic);
    if (isFirst) {
      pending.requests += 1;
      pending.records += records;
    }
    this.wakeAt(this.dueMs(pending));
    return pending.settled;
  }

  private wakeAt(atMs: number): void {
    if (atMs >= this.timerMs) return;
    clearTimeout(this.timer);
    this.timerMs = atMs;
    const inMs = atMs - performance.now();
    // A timer may fire a fraction of a millisecond early.
    this.timer = setTimeout(
      () => {
        this.timerMs = Infinity;
        this.offerNext();
      },
      Math.max(0, Math.ceil(inMs)) + 1,
    );
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
      const pending = this.next();
      if (pending === undefined) {
        this.wakeAt(Math.min(...this.waiting.map((one) => this.dueMs(one))));
        return;
      }
      const { projectId, requests, resolve, reject } = pending;
      const usualRequests = Math.max(requests, this.turnOf(projectId).requests);
      const turn = { begunMs: performance.now(), requests, usualRequests, pausedMs: this.pausedUntil() };
      this.turns.set(projectId, turn);
      const offer = this.offer(pending).then(resolve, (cause: unknown) => {
        reject(new IntakeUnavailableError('the queue cannot be reached', { cause }));
      });
      const done = offer.finally(() => {
        // Also where another batch of the project went meanwhile.
        (this.turns.get(projectId) ?? turn).pausedMs = this.pausedUntil();
        this.inFlight.delete(done);
        this.offerNext();
      });
      this.inFlight.add(done);
    }
  }

  private turnOf(projectId: number): Turn {
    return this.turns.get(projectId) ?? NO_TURN;
  }

  private pausedUntil(): number {
    return performance.now() + (this.rules.pauseMs?.() ?? 0);
  }

  /** What is complete stands before what is in the making, and oldest first. */
  private get waiting(): Pending[] {
    return [...this.sealed, ...this.pending.values()];
  }

  /** When a batch is to go to the queue, of `performance.now()`. While the queue is busy it keeps growing; the end of an offer takes it. */
  private dueMs(pending: Pending): number {
    if (this.isHurried) return 0;
    const { projectId, sinceMs, requests, records } = pending;
    const before = this.turnOf(projectId);
    const isComplete = this.pending.get(projectId) !== pending;
    const apartMs = records < MUCH ? APART_MS.little : APART_MS.much;
    const isMoreComing = requests < before.usualRequests && sinceMs < before.begunMs + COMING_MS;
    const gatheredMs = isMoreComing ? GATHERED_MS.most : GATHERED_MS.least;
    return Math.max(isComplete ? 0 : Math.max(sinceMs + gatheredMs, before.begunMs + apartMs), before.pausedMs);
  }

  /** Of the projects with something due, the one whose turn was longest ago: what it has complete, or else in the making. */
  private next(): Pending | undefined {
    const nowMs = performance.now();
    const turn = ({ projectId }: Pending): number => this.turnOf(projectId).begunMs;
    const [next] = this.waiting.filter((pending) => this.dueMs(pending) <= nowMs).sort((a, b) => turn(a) - turn(b));
    if (next === undefined) return undefined;
    const index = this.sealed.indexOf(next);
    if (index === -1) this.pending.delete(next.projectId);
    else this.sealed.splice(index, 1);
    return next;
  }

  /** What was folded lives no longer than this, however long the queue takes. */
  private offer(pending: Pending): Promise<void> {
    return new Promise((resolve) => {
      resolve(this.handOver(this.packed(pending)));
    });
  }

  private packed({ projectId, fold }: Pending): Packed {
    const news: Packed['news'] = [];
    const folded = fold.seal(signatureId, {
      of: (id) => this.told.of(ownerOf(projectId, id)),
      note: (id, slot, sketch) => news.push([ownerOf(projectId, id), slot, sketch]),
    });
    return { batch: packBatch({ batchId: uuidV7(Date.now(), randomBytes(10)), projectId, ...folded }), news };
  }

  private async handOver({ batch, news }: Packed): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const started = performance.now();
      try {
        await this.queue.add(batch);
        this.events.batchQueued(performance.now() - started);
        for (const [owner, slot, sketch] of news) this.told.learn(owner, slot, sketch);
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

/** With who is told of in it. */
interface Packed {
  batch: Payload;
  news: [owner: string, slot: number, sketch: Distinct][];
}

function ownerOf(projectId: number, signatureId: string): string {
  return `${String(projectId)}:${signatureId}`;
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
