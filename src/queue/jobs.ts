/**
 * The contracts of what travels through the queue: job names, ids, and how often a failure is tried again. What a batch holds is in
 * payload.ts.
 */
import { z } from 'zod';

export const BATCH_QUEUE = 'why401-batches';
/**
 * On a Redis Cluster all keys of a queue lie in one slot: as many queues, whose slots are spread evenly, keep as many as twelve nodes
 * busy alike. The numbers are the first ones whose hash slots lie near the middle of a twelfth of all slots, one each.
 */
export const BATCH_SHARDS = [12, 9, 41, 13, 8, 40, 10, 3, 43, 11, 2, 42].map((number) => `{${BATCH_QUEUE}-${String(number)}}`);
export const BATCH_JOB = 'batch';

/** @returns when the batch of this id was made, by its receiver's clock, epoch milliseconds: what a UUID of version 7 begins with; undefined for any other id */
export function madeAtMs(batchId: string): number | undefined {
  const [, high = '', low = ''] = /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-/.exec(batchId) ?? [];
  return high === '' ? undefined : parseInt(high + low, 16);
}

/** Doubles from 0.2 s to 30 s, then every 30 s: about a day of attempts, longer than any outage that nobody notices. */
export const MAX_ATTEMPTS = 3_000;
export function retryDelayMs(attemptsMade: number): number {
  return Math.min(30_000, 100 * 2 ** Math.min(attemptsMade, 20));
}

export const DELIVERY_QUEUE = 'why401-deliveries';
export const DELIVERY_JOB = 'delivery';

/** Which delivery is to be attempted; what it says and whether its time has come stands in its row. */
export interface DeliveryJob {
  version: 1;
  id: string;
}

const deliveryJob = z.object({ version: z.literal(1), id: z.uuid() }) satisfies z.ZodType<DeliveryJob>;

/** @returns undefined for a payload of another version: its row is found by the next sweep */
export function readDeliveryJob(payload: unknown): DeliveryJob | undefined {
  return deliveryJob.safeParse(payload).data;
}
