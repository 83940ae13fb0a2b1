/**
 * The contracts of what travels through the queue: job names, payloads, and how often a failure is tried again.
 * A payload carries its version. A worker reads every version since the last major release; one that it does not know
 * fails for good and is kept. Versions 1 and 2 were never released: nothing reads them.
 */
import { z } from 'zod';
import type { Folded } from '../core/fold.js';

export const BATCH_QUEUE = 'why401-batches';
/**
 * On a Redis Cluster all keys of a queue lie in one slot: as many queues, whose slots are spread evenly, keep as many as twelve nodes
 * busy alike. The numbers are the first ones whose hash slots lie near the middle of a twelfth of all slots, one each.
 */
export const BATCH_SHARDS = [12, 9, 41, 13, 8, 40, 10, 3, 43, 11, 2, 42].map((number) => `{${BATCH_QUEUE}-${String(number)}}`);
export const BATCH_JOB = 'batch';
export const BATCH_VERSION = 3;

/** One folded batch of one project. */
export interface Batch extends Folded {
  version: typeof BATCH_VERSION;
  /** UUID version 7; the same over all deliveries of the batch. */
  batchId: string;
  projectId: number;
}

/** @returns when the batch of this id was made, by its receiver's clock, epoch milliseconds: what a UUID of version 7 begins with */
export function madeAtMs(batchId: string): number {
  return parseInt(batchId.slice(0, 8) + batchId.slice(9, 13), 16);
}

const scheme = z.enum([
  'basic',
  'bearer',
  'dpop',
  'digest',
  'negotiate',
  'mutual_tls',
  'cookie',
  'api_key',
  'signature',
  'none',
  'other',
  '',
]);

/** Of a signature in the batch's list. */
const position = z.int().min(0);

/** Newer receivers may tell of more facets than this worker has names for. */
const MAX_FACET = 99;

const batch = z.object({
  version: z.literal(BATCH_VERSION),
  batchId: z.uuid(),
  projectId: z.int().positive(),
  signatures: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{16}$/),
      signature: z.object({
        service: z.string(),
        environment: z.string(),
        route: z.string(),
        method: z.string(),
        status: z.int().min(0).max(999),
        scheme,
        challenge: z.string(),
        errorCode: z.string(),
        template: z.string(),
        facts: z.object({
          statedCause: z.string().exactOptional(),
          exceptionType: z.string().exactOptional(),
          codes: z.array(z.string()).exactOptional(),
          tokenTiming: z.string().exactOptional(),
          credentialPresent: z.boolean().exactOptional(),
          credentialWellFormed: z.boolean().exactOptional(),
          headersCaptured: z.boolean().exactOptional(),
          challengeValid: z.boolean().exactOptional(),
          transport: z.enum(['http', 'https']).exactOptional(),
          crawler: z.string().exactOptional(),
          answered: z.enum(['body', 'challenge']).exactOptional(),
          challengedBy: z.enum(['origin', 'proxy', 'both']).exactOptional(),
          challengeFaults: z.array(z.string()).exactOptional(),
          leaks: z.array(z.string()).exactOptional(),
          credentialLogged: z.string().exactOptional(),
        }),
      }),
      firstMs: z.number(),
      lastMs: z.number(),
      traceId: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .exactOptional(),
    }),
  ),
  portions: z.array(
    z.object({
      id: z.uuid().nullable(),
      counts: z.array(z.tuple([position, z.int(), z.int().positive()])),
      tokenTimes: z.array(z.tuple([position, z.int().min(-300).max(300), z.int().positive()])),
      traffic: z.array(z.tuple([position, z.int(), z.int().positive()])),
      facets: z.array(z.tuple([position, z.int(), z.int().min(0).max(MAX_FACET), position, z.int().positive()])),
    }),
  ),
  targets: z.array(z.object({ service: z.string(), environment: z.string(), route: z.string() })),
  values: z.array(z.string()),
  sketches: z.array(z.tuple([position, z.int(), z.literal([0, 1]), z.base64()])),
}) satisfies z.ZodType<Batch>;

/** @returns the batch, or what is wrong with it in words */
export function readBatch(payload: unknown): Batch | string {
  const result = batch.safeParse(payload);
  if (result.success && !positionsFit(result.data)) return 'a portion counts what the batch does not have';
  return result.success ? result.data : z.prettifyError(result.error).replace(/\s+/g, ' ').slice(0, 500);
}

function positionsFit({ signatures, targets, values, portions, sketches }: Batch): boolean {
  const hasSignature = ([at]: readonly [number, ...unknown[]]): boolean => at < signatures.length;
  return (
    sketches.every(hasSignature) &&
    portions.every(
      ({ counts, tokenTimes, traffic, facets }) =>
        counts.every(hasSignature) &&
        tokenTimes.every(hasSignature) &&
        traffic.every(([target]) => target < targets.length) &&
        facets.every(([signature, , , value]) => signature < signatures.length && value < values.length),
    )
  );
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
