/** The stages of one process wired as app.module.ts wires them, on a database and a queue of the test's own. */
import { PassThrough } from 'node:stream';
import type { Retention } from '../../src/core/levels.js';
import type { LogRecord } from '../../src/core/log-record.js';
import { ClassifyWorker } from '../../src/classify/classify-worker.js';
import { readRecord } from '../../src/core/refusal.js';
import { Intake, type IntakeRules } from '../../src/ingest/intake.js';
import type { IntakeResult } from '../../src/ingest/request-reader.js';
import { pseudonyms } from '../../src/ingest/pseudonyms.js';
import { Access } from '../../src/ops/access.js';
import { Events } from '../../src/ops/events.js';
import { createLogger } from '../../src/ops/logger.js';
import { Metrics } from '../../src/ops/metrics.js';
import { BatchQueue } from '../../src/queue/batch-queue.js';
import { RuleBook } from '../../src/teach/rule-book.js';
import { TeachingStore } from '../../src/store/teaching-store.js';
import { CountStore } from '../../src/store/count-store.js';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { freshDatabase, freshRedis, type Backend } from './databases.js';

export const DAY = 86_400;
export const RETENTION: Retention = { '10s': 2 * DAY, '1m': 30 * DAY, '1h': 400 * DAY, samples: 7 * DAY };
export const PROJECT = 1;
export const RULES: IntakeRules = { retention: RETENTION, pseudonym: pseudonyms('a key that only tests have') };

export interface Service {
  databaseUrl: string;
  redisUrl: string | undefined;
  database: DataSource;
  queue: BatchQueue;
  intake: Intake;
  worker: ClassifyWorker;
  store: CountStore;
  close(): Promise<void>;
}

/** Metrics and log lines into nowhere. */
export function quietEvents(): Events {
  const nowhere = new PassThrough();
  nowhere.resume();
  return new Events(createLogger('error', nowhere as unknown as NodeJS.WriteStream), new Metrics());
}

/** Nobody is asked for a key. */
export function openAccess(): Access {
  const keys = { key: () => Promise.resolve(undefined), isAnyMade: () => Promise.resolve(false), noteUse: () => Promise.resolve() };
  return new Access({ keys, isRequired: false, events: quietEvents(), onDenied: () => undefined });
}

export async function openService(backend: Backend): Promise<Service> {
  const databaseUrl = await freshDatabase();
  const redisUrl = backend.redisUrl === undefined ? undefined : await freshRedis(backend.redisUrl);
  const events = quietEvents();
  const database = await openDatabase(databaseUrl, () => undefined);
  const queue = await BatchQueue.open({ databaseUrl, redisUrl, onError: () => undefined });
  const store = new CountStore(database, RETENTION);
  const worker = new ClassifyWorker(queue, store, new RuleBook(new TeachingStore(database)), events);
  const close = async (): Promise<void> => {
    await worker.stop();
    await queue.close();
    await database.destroy();
  };
  return { databaseUrl, redisUrl, database, queue, intake: new Intake(queue, events, RULES), worker, store, close };
}

/** Records as a door hands them over. @param digest what a repetition would have too */
export async function take(intake: Intake, records: readonly LogRecord[], digest?: Buffer): Promise<IntakeResult> {
  const reads = records.map((record) => ({ reading: readRecord(record), timeMs: record.timeMs }));
  const { confirmed } = await intake.read({
    projectId: PROJECT,
    door: 'events',
    parts: [reads],
    ...(digest === undefined ? {} : { digest: () => digest }),
  });
  return confirmed;
}

/** A refusal as an application logs it. */
export function refusal(reason: string, timeMs = Date.now(), route = '/orders/{id}'): LogRecord {
  return {
    timeMs,
    body: reason,
    attributes: { 'http.response.status_code': 401, 'http.route': route },
    resource: { 'service.name': 'checkout' },
  };
}

/** Everything that is counted, over all levels. */
export async function countedRecords(database: DataSource): Promise<number> {
  const rows = await database.query<{ count: string | null }[]>('SELECT sum(count) AS count FROM counts');
  return Number(rows[0]?.count ?? 0);
}

/** Polls until the condition holds. @throws after the time limit, with what was seen last */
export async function until<T>(read: () => Promise<T> | T, isGood: (value: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isGood(value)) return value;
    if (Date.now() > deadline) throw new Error(`not reached within ${String(timeoutMs / 1000)} s; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
