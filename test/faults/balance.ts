/** What was counted of the ids that were sent: each acknowledged one once, each other one at most once, and nothing else. */
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../support/app.js';
import { until } from '../support/service.js';
import { BUCKET_MS, keyOf, type Workload } from './workload.js';

export interface Balance {
  sent: number;
  acknowledged: number;
  /** Sent by a sender that gave up: nobody was told what became of them. */
  unacknowledged: number;
  countedUnacknowledged: number;
  lost: string[];
  twice: string[];
  neverSent: string[];
  /** Sums by service. */
  byService: Map<string, number>;
}

export class Counts {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 1_000, query_timeout: 5_000 });
    // A connection that breaks is replaced at the next question.
    this.pool.on('error', () => undefined);
  }

  /** Keys of what was counted with a time from the given one on, epoch milliseconds; undefined when the database does not answer. */
  async keysSince(timeMs: number): Promise<Set<string> | undefined> {
    return this.recordsSince(timeMs - BUCKET_MS).then(
      (records) => new Set(records.map((one) => keyOf(one.service, one.route, one.timeMs))),
      () => undefined,
    );
  }

  /** Records by service, route and ten seconds. */
  async recordsSince(timeMs: number): Promise<{ service: string; route: string; timeMs: number; count: number }[]> {
    const { rows } = await this.pool.query<{ service: string; route: string; time_ms: string; count: string }>(
      `SELECT service, route, extract(epoch FROM bucket) * 1000 AS time_ms, sum(count) AS count
       FROM counts c JOIN signatures s ON s.id = c.signature_id AND s.project_id = c.project_id
       WHERE bucket >= to_timestamp($1) GROUP BY 1, 2, 3`,
      [timeMs / 1_000],
    );
    return rows.map(({ service, route, time_ms: time, count }) => ({ service, route, timeMs: Number(time), count: Number(count) }));
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

export async function balanceOf({ ids }: Workload, counts: Counts): Promise<Balance> {
  const byService = new Map<string, number>();
  const counted = new Map<string, number>();
  const ours = new Set([...ids.values()].map(({ service }) => service));
  for (const { service, route, timeMs, count } of await counts.recordsSince(0)) {
    byService.set(service, (byService.get(service) ?? 0) + count);
    if (ours.has(service)) counted.set(keyOf(service, route, timeMs), count);
  }
  const keysOf = (isAcknowledged: boolean): string[] =>
    [...ids].filter(([, id]) => id.isAcknowledged === isAcknowledged).map(([key]) => key);
  const acknowledged = keysOf(true);
  const others = keysOf(false);
  return {
    sent: ids.size,
    acknowledged: acknowledged.length,
    unacknowledged: others.length,
    countedUnacknowledged: others.filter((key) => counted.has(key)).length,
    lost: acknowledged.filter((key) => !counted.has(key)),
    twice: [...counted].filter(([, count]) => count !== 1).map(([key]) => key),
    neverSent: [...counted.keys()].filter((key) => !ids.has(key)),
    byService,
  };
}

/** For which senders go on repeating after the last fault. */
export const PATIENCE_MS = 60_000;
/** A batch of a worker that was killed is taken by another after 16 s at most. */
const COUNTED_WITHIN_MS = 60_000;

/** What is missing then is missing for good; what is not counted in time will be found missing. */
export async function untilQueueIsEmpty(reader: App): Promise<void> {
  const waiting = async (): Promise<number> => {
    const { body } = await reader.get<string>('/metrics');
    return Number(/^why401_queue_batches (\d+)/m.exec(body)?.[1] ?? NaN);
  };
  await until(waiting, (batches) => batches === 0, COUNTED_WITHIN_MS).catch(() => undefined);
}

const WINDOW_MS = 500;
/** What is sent is to be acknowledged and counted within it. */
const LATE_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** Of what is sent in a window; the rest may have gone out while connections were still broken. */
const FULL = 0.8;
const GIVEN_UP_MS = 60_000;

/**
 * Waits until acknowledging and counting keep up with sending: what is sent in half a second is both within one more. What
 * waited meanwhile does not help.
 * @returns seconds from now until the beginning of that half second; Infinity when it does not come
 */
export async function untilFullRate(workload: Workload, counts: Counts): Promise<number> {
  const startedMs = Date.now();
  for (;;) {
    const counted = await counts.keysSince(startedMs);
    const nowMs = Date.now();
    if (nowMs - startedMs > GIVEN_UP_MS) return Infinity;
    const oldest = Math.max(startedMs, nowMs - LATE_MS - WINDOW_MS);
    const sent = workload
      .sentSince(oldest)
      .map((id) => ({ ...id, isDone: id.isAcknowledged && counted?.has(keyOf(id.service, id.route, id.timeMs)) === true }));
    for (let from = oldest; from <= nowMs - WINDOW_MS; from += LOOK_EVERY_MS) {
      const window = sent.filter(({ timeMs }) => timeMs >= from && timeMs < from + WINDOW_MS);
      if (window.length > 0 && window.filter(({ isDone }) => isDone).length >= FULL * window.length) return (from - startedMs) / 1_000;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
