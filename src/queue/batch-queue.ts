/**
 * The queue between receivers and workers. `add` returns when the queue holds the batch durably; a batch stays in it until
 * its processing returned, and one that fails for good is kept and listed.
 */
import { UnrecoverableError, type Job, type Queue, type Worker } from 'bullmq';
import { createHash } from 'node:crypto';
import type { PartHealth } from '../ops/health.js';
import { ADD_TIMEOUT_MS, closeInTime, connectQueue, isCluster, withTimeout, type Connected, type QueueOptions } from './backend.js';
import { BATCH_JOB, BATCH_QUEUE, BATCH_SHARDS, madeAtMs, MAX_ATTEMPTS, retryDelayMs } from './jobs.js';
import type { Payload } from './payload.js';
import { PermanentError } from './permanent-error.js';
import { RedisProbe } from './redis-probe.js';

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

/** Waiting for a worker, in the hands of one, or waiting for another attempt. */
type BatchState = 'waiting' | 'active' | 'delayed';
const NOT_COUNTED: readonly BatchState[] = ['waiting', 'active', 'delayed'];

/** Batches in hand at a time, each some MB of objects at most; what shares a transaction. */
export const BATCHES_IN_HAND = 12;
/** Renewed at half of it. A worker that is busy for longer loses the batch to another, which is harmless: it is counted once. */
const LOCK_MS = 8_000;
/** Connections of one process: adds in flight, acknowledgements of the worker. */
const POOL_SIZE = 6;

/** One queue; on a Redis Cluster several, each on a node of its own, that a batch's id chooses between. */
export class BatchQueue {
  private constructor(
    private readonly shards: readonly Connected[],
    private readonly probe: RedisProbe | undefined,
  ) {}

  /** Connects and prepares the backend. @throws when it cannot be reached */
  static async open(options: QueueOptions): Promise<BatchQueue> {
    const { redisUrl, onError } = options;
    const probe = redisUrl === undefined ? undefined : await RedisProbe.connect(redisUrl, onError);
    const names = redisUrl !== undefined && isCluster(redisUrl) ? BATCH_SHARDS : [BATCH_QUEUE];
    return new BatchQueue(await Promise.all(names.map((name) => connectQueue(name, options, POOL_SIZE))), probe);
  }

  /**
   * Adding a batch that the queue holds already changes nothing.
   * @throws when the queue did not confirm in time
   */
  async add(batch: Payload): Promise<void> {
    const adding = this.shardOf(batch.batchId)?.queue.add(BATCH_JOB, batch, {
      jobId: batch.batchId,
      attempts: MAX_ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: false,
      stackTraceLimit: 1,
    });
    await withTimeout(Promise.resolve(adding), ADD_TIMEOUT_MS, 'the queue did not confirm');
  }

  consume(options: ConsumerOptions): Consumer {
    const workers = this.shards.map((shard) => this.makeWorker(shard, options));
    for (const worker of workers)
      worker.on('failed', (job, error) => {
        if (job === undefined || (job.attemptsMade < MAX_ATTEMPTS && error.name !== 'UnrecoverableError')) options.onRetry(error);
        else options.onFailed(job.id ?? '', error);
      });
    return {
      close: async () => {
        await Promise.all(workers.map(closeInTime));
      },
    };
  }

  /** Batches not yet counted: waiting, being processed, or waiting for another attempt. */
  async depth(): Promise<number> {
    const depths = await this.ofEach(async ({ queue }) => {
      const counts = await queue.getJobCounts(...NOT_COUNTED);
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    });
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  /** How long ago the oldest batch was made that is in such a state, milliseconds; 0 while none is. */
  async ageMs(states: readonly BatchState[] = NOT_COUNTED): Promise<number> {
    return Math.max(...(await this.ofEach(({ queue }) => ageOf(queue, states))));
  }

  async failedCount(): Promise<number> {
    const counts = await this.ofEach(({ queue }) => queue.getFailedCount());
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Newest first. */
  async failed(limit: number): Promise<FailedBatch[]> {
    const jobs = (await this.ofEach(({ queue }) => queue.getFailed(0, limit - 1))).flat();
    return jobs
      .map((job) => ({
        id: job.id ?? '',
        failedAt: new Date(job.finishedOn ?? job.timestamp),
        attempts: job.attemptsMade,
        reason: job.failedReason,
      }))
      .sort((a, b) => b.failedAt.getTime() - a.failedAt.getTime())
      .slice(0, limit);
  }

  /** Puts a failed batch back in line. @returns false when there is no such failed batch */
  async retry(id: string): Promise<boolean> {
    const job = (await this.shardOf(id)?.queue.getJob(id)) as Job | undefined;
    if (job === undefined || !(await job.isFailed())) return false;
    await job.retry('failed');
    return true;
  }

  async health(): Promise<PartHealth> {
    await this.ofEach(({ queue }) => queue.getJobCounts('waiting'));
    return this.probe === undefined ? { status: 'ok' } : this.probe.durability();
  }

  async close(): Promise<void> {
    await this.ofEach(async ({ queue, disconnect }) => {
      await closeInTime(queue);
      disconnect();
    });
    await this.probe?.close();
  }

  private shardOf(id: string): Connected | undefined {
    return this.shards[createHash('sha256').update(id).digest().readUInt32BE() % this.shards.length];
  }

  private ofEach<T>(ask: (shard: Connected) => Promise<T>): Promise<T[]> {
    return Promise.all(this.shards.map(ask));
  }

  private makeWorker({ makeWorker }: Connected, options: ConsumerOptions): Worker {
    return makeWorker((job) => processJob(job, options), {
      concurrency: Math.ceil(BATCHES_IN_HAND / this.shards.length),
      lockDuration: options.lockMs ?? LOCK_MS,
      stalledInterval: options.lockMs ?? LOCK_MS,
      // A worker that is killed again and again says nothing against the batch; batches are counted once anyway.
      maxStalledCount: MAX_ATTEMPTS,
      settings: { backoffStrategy: retryDelayMs },
    });
  }
}

async function ageOf(queue: Queue, states: readonly BatchState[]): Promise<number> {
  const counts = await queue.getJobCounts(...states);
  const ends = Object.entries(counts)
    .filter(([, count]) => count > 0)
    // The newest waiting one stands first, the oldest delayed one too.
    .flatMap(([state, count]) => [...new Set([0, count - 1])].map((at) => queue.getRanges([state as BatchState], at, at)));
  // Ids alone: what the batches hold would have to be read in full.
  const made = (await Promise.all(ends)).flat().flatMap((id) => madeAtMs(id) ?? []);
  return made.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...made));
}

async function processJob(job: Job, options: ConsumerOptions): Promise<void> {
  try {
    await options.process(job.data, job.id ?? '');
  } catch (error) {
    if (error instanceof PermanentError) throw new UnrecoverableError(error.message);
    throw error;
  }
}
