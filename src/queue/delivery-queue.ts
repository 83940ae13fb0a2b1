/**
 * The queue of webhook deliveries. A job says only which delivery is to be attempted: rows in the database say what, when
 * and whether, so that a job that is lost, or there twice, changes nothing but the moment.
 */
import type { Worker } from 'bullmq';
import { ADD_TIMEOUT_MS, closeInTime, connectQueue, isCluster, withTimeout, type Connected, type QueueOptions } from './backend.js';
import { DELIVERY_JOB, DELIVERY_QUEUE, readDeliveryJob, type DeliveryJob } from './jobs.js';

const POOL_SIZE = 3;
/** Attempts at a time in one process, which wait for others nearly all the time: as many as a hundred endpoints can have. */
const CONCURRENCY = 200;
/** What a process had in hand that was killed is sent by another one half a minute later; with BullMQ's own 30 s it took a whole one. */
const LOCK_MS = 8_000;

export class DeliveryQueue {
  private worker: Worker | undefined;

  private constructor(private readonly connected: Connected) {}

  /** @throws when the backend cannot be reached */
  static async open(options: QueueOptions): Promise<DeliveryQueue> {
    // On a cluster all keys of a queue must lie in one slot.
    const isOnCluster = options.redisUrl !== undefined && isCluster(options.redisUrl);
    return new DeliveryQueue(await connectQueue(isOnCluster ? `{${DELIVERY_QUEUE}}` : DELIVERY_QUEUE, options, POOL_SIZE));
  }

  /** @throws when the queue did not confirm in time */
  async add(id: string, delayMs = 0): Promise<void> {
    const job: DeliveryJob = { version: 1, id };
    // One that is in line already is not added again, nor is a later attempt's while it waits.
    const adding = this.connected.queue.add(DELIVERY_JOB, job, {
      jobId: `${id}-${delayMs > 0 ? 'later' : 'now'}`,
      delay: delayMs,
      removeOnComplete: true,
      removeOnFail: true,
      stackTraceLimit: 1,
    });
    await withTimeout(adding, ADD_TIMEOUT_MS, 'the queue did not confirm');
  }

  /** @param attempt must not throw for what an endpoint does */
  consume(attempt: (id: string) => Promise<void>): void {
    this.worker = this.connected.makeWorker(
      async ({ data }) => {
        const job = readDeliveryJob(data);
        if (job !== undefined) await attempt(job.id);
      },
      { concurrency: CONCURRENCY, lockDuration: LOCK_MS, stalledInterval: LOCK_MS },
    );
  }

  async close(): Promise<void> {
    if (this.worker !== undefined) await closeInTime(this.worker);
    await closeInTime(this.connected.queue);
    this.connected.disconnect();
  }
}
