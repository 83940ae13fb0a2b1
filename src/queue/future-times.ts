/**
 * The queue in PostgreSQL takes its times from the processes that use it. One whose clock is ahead leaves locks, checks for
 * stalled batches and retries that lie in everybody else's future: batches of a worker that was killed would wait that
 * long. Redis counts these times by its own clock. The database's clock decides here what lies in the future.
 */
import { BATCH_QUEUE } from './jobs.js';

/** Longer than any lock, check or retry is set ahead by a clock that is right. */
const TOLERANCE_MS = 60_000;

/** Brings them back to now: what is locked is checked for being stalled, as always, and counted once if it was not. */
export async function bringBackFutureTimes(database: { query: (sql: string, values: unknown[]) => Promise<unknown> }): Promise<void> {
  await database.query(
    `WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms),
       checks AS (
         UPDATE bullmq.meta SET value = now_ms::text FROM clock
         WHERE queue = $1 AND CASE field WHEN 'stalled-check' THEN value::bigint > now_ms + $2 END),
       retries AS (
         UPDATE bullmq.job SET process_at_ms = now_ms FROM clock
         WHERE queue = $1 AND state = 'delayed' AND process_at_ms > now_ms + $2)
     UPDATE bullmq.job SET locked_until_ms = now_ms FROM clock
     WHERE queue = $1 AND state = 'active' AND locked_until_ms > now_ms + $2`,
    [BATCH_QUEUE, TOLERANCE_MS],
  );
}
