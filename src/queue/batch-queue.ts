/**
 * The queue between receivers and workers: BullMQ over Redis, or over PostgreSQL where no Redis is given. The choice is
 * made here and nowhere else. `add` returns when the queue holds the batch durably; a batch stays in it until its
 * processing returned, and one that fails for good is kept and listed.
 */
import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  UnrecoverableError,
  Worker,
  type BackendFactory,
  type IQueueBackend,
  type Job,
} from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError } from './permanent-error.js';
import { BATCH_JOB, BATCH_QUEUE, MAX_ATTEMPTS, retryDelayMs, type Batch } from './jobs.js';
import { RedisProbe } from './redis-probe.js';
import type { PartHealth } from '../ops/health.js';

export interface QueueOptions {
  /** Used when `redisUrl` is undefined. */
  databaseUrl: string;
  redisUrl: string | undefined;
  onError: (error: Error) => void;
}

/** A batch that failed for good. */
export interface FailedBatch {
  id: string;
  failedAt: Date;
  attempts: number;
  reason: string;
}

export interface Consumer {
  /** Takes no more batches and waits for the ones in hand. */
  close(): Promise<void>;
}

export interface ConsumerOptions {
  /** @throws PermanentError when no repetition can help; any other error is tried again */
  process: (payload: unknown, jobId: string) => Promise<void>;
  onRetry: (error: Error) => void;
  onFailed: (jobId: string, error: Error) => void;
  /** A batch whose worker died is delivered again after at most twice this long. */
  lockMs?: number;
}

/** Batches in hand at a time; what shares a transaction. */
const CONCURRENCY = 32;
/** Renewed at half of it. A worker that is busy for longer loses the batch to another, which is harmless: it is counted once. */
const LOCK_MS = 8_000;
/** After this, an add counts as failed although it may still arrive; adding again with the same id is harmless. */
const ADD_TIMEOUT_MS = 3_000;
const CLOSE_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 10_000;
/** Connections of one process: adds in flight, acknowledgements of the worker. */
const POOL_SIZE = 6;
const SCHEMA = 'bullmq';

export class BatchQueue {
  private constructor(
    private readonly queue: Queue,
    private readonly makeWorker: (options: ConsumerOptions) => Worker,
    private readonly onError: (error: Error) => void,
    private readonly probe: RedisProbe | undefined,
  ) {}

  /** Connects and prepares the backend. @throws when it cannot be reached */
  static async open(options: QueueOptions): Promise<BatchQueue> {
    if (options.redisUrl !== undefined) {
      const probe = await RedisProbe.connect(options.redisUrl, options.onError);
      // Without the offline queue an add fails at once while Redis is away, instead of waiting for it unseen.
      const producer = { url: options.redisUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
      return BatchQueue.over(
        createRedisBackend,
        { producer, consumer: { url: options.redisUrl, maxRetriesPerRequest: null } },
        options.onError,
        probe,
      );
    }
    const connection = {
      connectionString: options.databaseUrl,
      schema: SCHEMA,
      migrate: true,
      max: POOL_SIZE,
      connectionTimeoutMillis: ADD_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // A connection that died unheard would otherwise be waited for until TCP gives up.
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'why401 queue',
    };
    return BatchQueue.over(createPostgresBackend, { producer: connection, consumer: connection }, options.onError);
  }

  private static async over<B extends IQueueBackend, C>(
    factory: BackendFactory<B, C>,
    connections: { producer: C; consumer: C },
    onError: (error: Error) => void,
    probe?: RedisProbe,
  ): Promise<BatchQueue> {
    const queue = new Queue(BATCH_QUEUE, { connection: connections.producer }, factory);
    queue.on('error', onError);
    await queue.waitUntilReady();
    const makeWorker = (options: ConsumerOptions): Worker =>
      new Worker(
        BATCH_QUEUE,
        (job) => processJob(job, options),
        {
          connection: connections.consumer,
          concurrency: CONCURRENCY,
          lockDuration: options.lockMs ?? LOCK_MS,
          stalledInterval: options.lockMs ?? LOCK_MS,
          // A worker that is killed again and again says nothing against the batch; batches are counted once anyway.
          maxStalledCount: MAX_ATTEMPTS,
          settings: { backoffStrategy: retryDelayMs },
        },
        factory,
      ) as unknown as Worker;
    return new BatchQueue(queue as unknown as Queue, makeWorker, onError, probe);
  }

  /**
   * Adding a batch that the queue holds already changes nothing.
   * @throws when the queue did not confirm in time
   */
  async add(batch: Batch): Promise<void> {
    const adding = this.queue.add(BATCH_JOB, batch, {
      jobId: batch.batchId,
      attempts: MAX_ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: false,
      stackTraceLimit: 1,
    });
    await withTimeout(adding, ADD_TIMEOUT_MS, 'the queue did not confirm');
  }

  consume(options: ConsumerOptions): Consumer {
    const worker = this.makeWorker(options);
    worker.on('error', this.onError);
    worker.on('failed', (job, error) => {
      if (job === undefined || (job.attemptsMade < MAX_ATTEMPTS && error.name !== 'UnrecoverableError')) options.onRetry(error);
      else options.onFailed(job.id ?? '', error);
    });
    return { close: () => closeWithin(worker, CLOSE_TIMEOUT_MS) };
  }

  /** Batches not yet counted: waiting, being processed, or waiting for another attempt. */
  async depth(): Promise<number> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** How long the oldest batch that waits has been in the queue, milliseconds; 0 while none waits. */
  async ageMs(): Promise<number> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed');
    const ends = Object.entries(counts)
      .filter(([, count]) => count > 0)
      // The newest waiting one stands first, the oldest delayed one too.
      .flatMap(([state, count]) => [...new Set([0, count - 1])].map((at) => this.queue.getJobs([state as 'waiting'], at, at)));
    const added = (await Promise.all(ends)).flat().map(({ timestamp }) => timestamp);
    return added.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...added));
  }

  async failedCount(): Promise<number> {
    return this.queue.getFailedCount();
  }

  /** Newest first. */
  async failed(limit: number): Promise<FailedBatch[]> {
    const jobs = await this.queue.getFailed(0, limit - 1);
    return jobs.map((job) => ({
      id: job.id ?? '',
      failedAt: new Date(job.finishedOn ?? job.timestamp),
      attempts: job.attemptsMade,
      reason: job.failedReason,
    }));
  }

  /** Puts a failed batch back in line. @returns false when there is no such failed batch */
  async retry(id: string): Promise<boolean> {
    const job = (await this.queue.getJob(id)) as Job | undefined;
    if (job === undefined || !(await job.isFailed())) return false;
    await job.retry('failed');
    return true;
  }

  async health(): Promise<PartHealth> {
    await this.queue.getJobCounts('waiting');
    return this.probe === undefined ? { status: 'ok' } : this.probe.durability();
  }

  async close(): Promise<void> {
    await closeWithin(this.queue, CLOSE_TIMEOUT_MS);
    await this.probe?.close();
  }
}

async function processJob(job: Job, options: ConsumerOptions): Promise<void> {
  try {
    await options.process(job.data, job.id ?? '');
  } catch (error) {
    if (error instanceof PermanentError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number, problem: string): Promise<T> {
  const cancel = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: cancel.signal }).then(() => {
    throw new Error(`${problem} within ${String(timeoutMs / 1000)} s`);
  });
  // Whichever loses the race is settled later and must not end the process.
  timeout.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    cancel.abort();
  }
}

/** A backend that is away must not hold up the end of the process. */
async function closeWithin(closable: { close(): Promise<void> }, timeoutMs: number): Promise<void> {
  await withTimeout(closable.close(), timeoutMs, 'the queue did not close').catch(() => undefined);
}
