/** What was counted of the ids that were sent: each acknowledged one once, each other one at most once, and nothing else. */
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../support/app.js';
import { until } from '../support/service.js';
import { keyOf, type Workload } from './workload.js';

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

const LEVELS = 'SELECT * FROM counts_10s UNION ALL SELECT * FROM counts_1m UNION ALL SELECT * FROM counts_1h';

export class Counts {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 1_000, query_timeout: 5_000 });
    // A connection that breaks is replaced at the next question.
    this.pool.on('error', () => undefined);
  }

  /** Records that lie behind the time given, epoch milliseconds; undefined when the database does not answer. */
  async since(timeMs: number): Promise<number | undefined> {
    return this.pool
      .query<{ count: string }>('SELECT coalesce(sum(count), 0) AS count FROM counts_10s WHERE bucket >= to_timestamp($1)', [timeMs / 1_000])
      .then(
        ({ rows }) => Number(rows[0]?.count),
        () => undefined,
      );
  }

  /** Records by service, route and ten seconds. */
  async all(): Promise<{ service: string; route: string; timeMs: number; count: number }[]> {
    const { rows } = await this.pool.query<{ service: string; route: string; time_ms: string; count: string }>(
      `SELECT service, route, extract(epoch FROM bucket) * 1000 AS time_ms, sum(count) AS count
       FROM (${LEVELS}) c JOIN signatures s ON s.id = c.signature_id AND s.project_id = c.project_id GROUP BY 1, 2, 3`,
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
  for (const { service, route, timeMs, count } of await counts.all()) {
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
const LOOK_EVERY_MS = 100;
/** Of what is sent meanwhile; a window holds some fifty ids, and batches come in lumps. */
const FULL = 0.8;
const GIVEN_UP_SECONDS = 60;

/** @returns seconds until acknowledging and counting keep up with sending again; Infinity when they do not */
export async function untilFullRate(workload: Workload, counts: Counts): Promise<number> {
  const startedMs = Date.now();
  const looks: { at: number; sent: number; acknowledged: number; counted: number }[] = [];
  while (Date.now() - startedMs < GIVEN_UP_SECONDS * 1_000) {
    const counted = await counts.since(startedMs - 60_000);
    if (counted !== undefined) {
      const now = { at: Date.now(), sent: workload.ids.size, acknowledged: workload.acknowledged, counted };
      const keptUp = looks.find(
        (before) =>
          now.at - before.at >= WINDOW_MS &&
          Math.min(now.acknowledged - before.acknowledged, now.counted - before.counted) >= FULL * (now.sent - before.sent),
      );
      if (keptUp !== undefined) return Math.max(0, keptUp.at - startedMs) / 1_000;
      looks.push(now);
    }
    await sleep(LOOK_EVERY_MS);
  }
  return Infinity;
}
