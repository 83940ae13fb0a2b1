/**
 * Takes batches from the queue, judges their signatures and has them counted. Batches in hand share a transaction;
 * when a shared one fails, each is tried on its own, so that one bad batch never holds up its neighbours.
 */
import type { FoldedSignature } from '../core/fold.js';
import type { Signature } from '../core/signature.js';
import type { Events } from '../ops/events.js';
import { BATCHES_IN_HAND, type BatchQueue, type Consumer } from '../queue/batch-queue.js';
import { readBatch, signaturesIn, type Batch } from '../queue/payload.js';
import { PermanentError } from '../queue/permanent-error.js';
import type { CountStore, JudgedBatch, JudgedSignature } from '../store/count-store.js';
import type { Judgement, RuleBook, RulePage } from '../teach/rule-book.js';

/** Some 100 ms of writing. */
const MAX_GROUP_SIGNATURES = 10_000;
/**
 * Batches on each other's heels mostly add to the same rows, and a transaction costs much more than one more batch in it: so much time passes
 * between two, unless there is as much as one takes before, or so many batches: of some queues a process takes one in hand at a time, so that
 * it never has all it may have.
 */
const PAUSE_MS = 250;
const ENOUGH_BATCHES = BATCHES_IN_HAND / 2;

interface Batched {
  resolve: () => void;
  reject: (error: Error) => void;
}

interface Waiting extends Batched {
  /** As it came: what is read of it is many more objects, which need not live for as long as it waits. */
  payload: unknown;
  signatures: number;
}

interface Judged extends Batched {
  batch: JudgedBatch;
}

/** What a signature was judged to be, under the rules of `page`. */
interface Known extends Judgement {
  page: RulePage;
  id: string;
  signature: Signature;
}

/** Verdicts remembered; about 1 kB each. Judging again costs some microseconds, so forgetting all of them is cheap. */
const MAX_VERDICTS = 10_000;

export class ClassifyWorker {
  private readonly waiting: Waiting[] = [];
  /** By project and signature. */
  private readonly verdicts = new Map<number, Map<string, Known>>();
  private verdictCount = 0;
  private committing = false;
  /** When the next transaction may begin, `performance.now()`. */
  private pausedUntil = 0;
  /** Ends the pause. */
  private goOn: (() => void) | undefined;
  private consumer: Consumer | undefined;

  constructor(
    private readonly queue: BatchQueue,
    private readonly store: CountStore,
    private readonly book: RuleBook,
    private readonly events: Events,
  ) {}

  start(): void {
    this.consumer = this.queue.consume({
      process: (payload) => this.process(payload),
      onRetry: (error) => {
        this.events.batchRetried(error);
      },
      onFailed: (jobId, error) => {
        this.events.batchFailed(jobId, error);
      },
    });
  }

  /** Finishes the batches in hand; the others stay in the queue. */
  async stop(): Promise<void> {
    await this.consumer?.close();
  }

  /**
   * Resolves once the batch is counted.
   * @throws PermanentError for a payload that nobody can count; anything else is worth trying again
   */
  async process(payload: unknown): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ payload, signatures: signaturesIn(payload), resolve, reject });
      if (!this.committing) void this.commitAll();
      else if (this.isEnough()) this.goOn?.();
    });
  }

  /** One transaction at a time; what arrives meanwhile makes up the next. */
  private async commitAll(): Promise<void> {
    this.committing = true;
    while (this.waiting.length > 0) {
      const pauseMs = this.pausedUntil - performance.now();
      if (pauseMs > 0 && !this.isEnough()) await this.pause(pauseMs);
      const group: Judged[] = [];
      for (const one of this.nextGroup()) group.push(...(await this.judgedOf(one)));
      if (group.length > 0 && !(await this.commit(group, group.length === 1))) {
        for (const one of group) await this.commit([one], true);
      }
      this.pausedUntil = performance.now() + PAUSE_MS;
    }
    this.committing = false;
  }

  private isEnough(): boolean {
    return (
      this.waiting.length >= ENOUGH_BATCHES || this.waiting.reduce((sum, { signatures }) => sum + signatures, 0) >= MAX_GROUP_SIGNATURES
    );
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** As many as make a transaction of reasonable length; always at least one. */
  private nextGroup(): Waiting[] {
    let sum = 0;
    const fits = this.waiting.findIndex(({ signatures }, index) => (sum += signatures) > MAX_GROUP_SIGNATURES && index > 0);
    return this.waiting.splice(0, fits === -1 ? this.waiting.length : fits);
  }

  /** @returns none when it cannot be, of which who waits for it is told */
  private async judgedOf({ payload, resolve, reject }: Waiting): Promise<Judged[]> {
    try {
      const batch = this.read(payload);
      const page = await this.book.page(batch.projectId);
      const verdicts = this.verdictsOf(batch.projectId);
      const signatures = batch.signatures.map((folded) => this.judged(verdicts, page, folded));
      return [{ batch: { ...batch, state: page.state, signatures }, resolve, reject }];
    } catch (error) {
      reject(error as Error);
      return [];
    }
  }

  /** @returns false when a shared transaction failed and nobody was told */
  private async commit(group: Judged[], isFinal: boolean): Promise<boolean> {
    const started = performance.now();
    try {
      const applied = await this.store.apply(
        group.map(({ batch }) => batch),
        Date.now(),
      );
      this.events.batchesApplied(applied, performance.now() - started);
      for (const { resolve } of group) resolve();
      return true;
    } catch (error) {
      if (!isFinal) return false;
      for (const { batch, reject } of group) {
        if (isPermanent(error)) {
          this.forget(batch);
          reject(new PermanentError(`cannot count the batch: ${(error as Error).message}`, { cause: error }));
        } else reject(error as Error);
      }
      return true;
    }
  }

  /** What nobody could count must not stand in for what other batches say of the same signatures. */
  private forget({ projectId, signatures }: JudgedBatch): void {
    for (const { id } of signatures) if (this.verdicts.get(projectId)?.delete(id) === true) this.verdictCount -= 1;
  }

  /** @throws PermanentError for one that cannot be read, now or later */
  private read(payload: unknown): Batch {
    let batch: Batch | string;
    try {
      batch = readBatch(payload, (projectId, id) => this.verdicts.get(projectId)?.get(id)?.signature);
    } catch (cause) {
      throw new PermanentError(`cannot read the batch: ${(cause as Error).message}`, { cause });
    }
    if (typeof batch === 'string') throw new PermanentError(`cannot read the batch: ${batch}`);
    return batch;
  }

  private verdictsOf(projectId: number): Map<string, Known> {
    if (this.verdictCount >= MAX_VERDICTS) {
      this.verdicts.clear();
      this.verdictCount = 0;
    }
    let own = this.verdicts.get(projectId);
    if (own === undefined) this.verdicts.set(projectId, (own = new Map<string, Known>()));
    return own;
  }

  private judged(
    verdicts: Map<string, Known>,
    page: RulePage,
    { id, signature, firstMs, lastMs, traceId }: FoldedSignature,
  ): JudgedSignature {
    let known = verdicts.get(id);
    if (known?.page !== page) {
      if (known === undefined) this.verdictCount += 1;
      // A copy: a part of a text keeps all of it, which is the ids of a batch.
      const own = known?.id ?? Buffer.from(id, 'latin1').toString('latin1');
      known = { page, id: own, signature, ...page.judge(signature) };
      verdicts.set(own, known);
    }
    // The text and the object that are remembered: those of the batch can go, and who looks for the same text again finds it sooner.
    const judged = { id: known.id, signature: known.signature, firstMs, lastMs, verdict: known.verdict, audit: known.audit };
    return traceId === undefined ? judged : { ...judged, traceId };
  }
}

/** PostgreSQL refuses the data itself (class 22) or its size (54), or a rule of the schema forbids it (23, but for a missing partition). */
function isPermanent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:22|23|54)\w{3}$/.test(code) && code !== '23514';
}
