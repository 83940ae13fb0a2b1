import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Fold } from '../../src/core/fold.js';
import { Portion, tracer } from '../../src/core/portion.js';
import { readRecord } from '../../src/core/refusal.js';
import { uuidV7 } from '../../src/ingest/ids.js';
import { Intake } from '../../src/ingest/intake.js';
import { IntakeUnavailableError } from '../../src/ingest/request-reader.js';
import { bringBackFutureTimes } from '../../src/queue/future-times.js';
import { BATCH_QUEUE } from '../../src/queue/jobs.js';
import { QueueTable, storeBatchesAsTheyCome } from '../../src/store/queue-table.js';
import { packBatch, type Batch, type Payload } from '../../src/queue/payload.js';
import { Distinct } from '../../src/core/distinct.js';
import { CLIENTS, mergeSketchSets, readSketchSet } from '../../src/core/sketch-set.js';
import type { LogRecord } from '../../src/core/log-record.js';
import { TeachingStore } from '../../src/store/teaching-store.js';
import { RuleBook } from '../../src/teach/rule-book.js';
import { withClient } from '../support/databases.js';
import { describeEachBackend } from '../support/each-backend.js';
import { countedRecords, openService, PROJECT, quietEvents, refusal, RULES, take, until, type Service } from '../support/service.js';

function batchOf(reasons: string[], id: string | null = null): Payload {
  const portion = new Portion();
  for (const reason of reasons) {
    const reading = readRecord(refusal(reason));
    if (reading.kind === 'refusal') portion.add(reading, Date.now());
  }
  const fold = new Fold();
  fold.add(portion.sum(tracer(RULES.pseudonym)), id);
  let next = 0;
  const sealed = fold.seal(() => (next++).toString(16).padStart(16, '0'));
  return packBatch({ batchId: uuidV7(Date.now(), randomBytes(10)), projectId: PROJECT, ...sealed });
}

describeEachBackend('pipeline', (backend) => {
  let service: Service;
  beforeEach(async () => {
    service = await openService(backend);
  });
  afterEach(() => service.close());

  it('counts what the intake accepted, by cause', async () => {
    service.worker.start();
    const records = [
      refusal('jwt expired'),
      refusal('jwt expired'),
      refusal('No authorization header'),
      { ...refusal('fine'), attributes: { 'http.response.status_code': 200 } },
    ];
    const result = await take(service.intake, records);
    expect(result).toEqual({ accepted: 3, ignored: 1, rejected: [], rejectedCount: 0 });
    await until(
      () => countedRecords(service.database),
      (count) => count === 3,
    );
    const rows = await service.database.query<{ cause: string; template: string }[]>(
      'SELECT cause, template FROM signatures ORDER BY cause',
    );
    expect(rows).toEqual([
      { cause: 'expired_token', template: 'jwt expired' },
      { cause: 'missing_credentials', template: 'No authorization header' },
    ]);
  });

  it('answers the sender only when the queue holds the batch', async () => {
    await take(service.intake, [refusal('jwt expired')]);
    expect(await service.queue.depth()).toBe(1);
    expect(await countedRecords(service.database)).toBe(0);
  });

  it('has the table of the queue, where there is one, store batches as they come', async () => {
    const storage = (): Promise<unknown> =>
      service.database.query("SELECT attstorage AS as FROM pg_attribute WHERE attrelid = to_regclass('bullmq.job') AND attname = 'data'");
    for (let time = 0; time < 2; time += 1) await storeBatchesAsTheyCome(service.database);
    expect(await storage()).toEqual(backend.name === 'postgres' ? [{ as: 'e' }] : []);
    await take(service.intake, [refusal('jwt expired')]);
    service.worker.start();
    await until(
      () => countedRecords(service.database),
      (count) => count === 1,
    );
  });

  it('has the table of the queue, where there is one, cleared of batches that are counted', async () => {
    const toast = async (): Promise<{ dead: number; vacuums: number } | undefined> => {
      const rows = await service.database.query<{ dead: number; vacuums: number }[]>(
        `SELECT pg_stat_get_dead_tuples(reltoastrelid)::int AS dead, pg_stat_get_vacuum_count(reltoastrelid)::int AS vacuums
         FROM pg_class WHERE oid = to_regclass('bullmq.job')`,
      );
      return rows[0];
    };
    await storeBatchesAsTheyCome(service.database);
    const table = new QueueTable(service.database);
    await table.clear();
    expect((await toast())?.vacuums).toBe(backend.name === 'postgres' ? 0 : undefined);
    service.worker.start();
    const words = [
      'billing',
      'catalog',
      'delivery',
      'inventory',
      'notification',
      'payment',
      'recommendation',
      'search',
      'shipping',
      'warehouse',
    ];
    const names = words.flatMap((a) => words.flatMap((b) => words.map((c) => `${a}-${b}-${c}`)));
    for (let request = 0; request < 12; request += 1)
      await take(
        service.intake,
        names.map((name) => ({ ...refusal('jwt expired'), resource: { 'service.name': name } })),
      );
    await until(
      () => countedRecords(service.database),
      (count) => count === 12_000,
    );
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    if (backend.name !== 'postgres') return;
    // Who removed them tells the server's statistics when it has nothing else to do, some seconds later.
    const cleared = await until(
      async () => {
        await table.clear();
        return toast();
      },
      (one) => (one?.vacuums ?? 0) > 0 && (one?.dead ?? Infinity) < 250,
      40_000,
    );
    expect(cleared?.vacuums).toBeGreaterThanOrEqual(1);
  });

  it('shares a batch between requests that arrive together', async () => {
    await Promise.all(Array.from({ length: 50 }, () => take(service.intake, [refusal('jwt expired')])));
    expect(await service.queue.depth()).toBeLessThanOrEqual(3);
    service.worker.start();
    await until(
      () => countedRecords(service.database),
      (count) => count === 50,
    );
  });

  it('counts a batch once that is delivered twice', async () => {
    const batch = batchOf(['jwt expired', 'jwt expired', 'invalid signature']);
    service.worker.start();
    await service.queue.add(batch);
    await service.queue.add(batch);
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    await service.queue.add(batch);
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    await Promise.all([service.worker.process(batch), service.worker.process(batch)]);
    expect(await countedRecords(service.database)).toBe(3);
  });

  it('counts once when a worker is killed between commit and acknowledgement', async () => {
    await service.queue.add(batchOf(['jwt expired', 'jwt expired']));
    const script = fileURLToPath(new URL('../support/killed-worker.js', import.meta.url));
    const child = spawn(process.execPath, [script, service.databaseUrl, service.redisUrl ?? '-'], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect(await countedRecords(service.database)).toBe(2);
    expect(await service.queue.depth()).toBe(1);

    let deliveries = 0;
    const consumer = service.queue.consume({
      process: async (payload) => {
        deliveries += 1;
        await service.worker.process(payload);
      },
      onRetry: () => undefined,
      onFailed: () => undefined,
      lockMs: 1_000,
    });
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    await consumer.close();
    expect(deliveries).toBe(1);
    expect(await countedRecords(service.database)).toBe(2);
  });

  if (backend.name === 'postgres')
    it('hands on the batches of a worker whose clock was an hour ahead when it died', async () => {
      const ahead = 3_600_000;
      await service.queue.add(batchOf(['jwt expired']));
      await service.queue.add(batchOf(['invalid signature']));
      await service.database.query(
        `UPDATE bullmq.job SET state = 'active', lock_token = 'dead', stalled_marked = true, locked_until_ms = $1
         WHERE id = (SELECT min(id) FROM bullmq.job)`,
        [Date.now() + ahead],
      );
      await service.database.query(
        `UPDATE bullmq.job SET state = 'delayed', process_at_ms = $1 WHERE id = (SELECT max(id) FROM bullmq.job)`,
        [Date.now() + ahead],
      );
      await service.database.query(
        `INSERT INTO bullmq.meta (queue, field, value) VALUES ($1, 'stalled-check', $2) ON CONFLICT (queue, field) DO UPDATE SET value = EXCLUDED.value`,
        [BATCH_QUEUE, String(Date.now() + ahead)],
      );
      await bringBackFutureTimes(service.database);
      const consumer = service.queue.consume({
        process: (payload) => service.worker.process(payload),
        onRetry: () => undefined,
        onFailed: () => undefined,
        lockMs: 1_000,
      });
      await until(
        () => service.queue.depth(),
        (depth) => depth === 0,
      );
      await consumer.close();
      expect(await countedRecords(service.database)).toBe(2);
    });

  it('keeps and lists a batch that nobody can read, and counts its neighbours', async () => {
    service.worker.start();
    const poison = { ...batchOf(['jwt expired']), version: 99 } as unknown as Payload;
    await Promise.all([
      service.queue.add(batchOf(['jwt expired'])),
      service.queue.add(poison),
      service.queue.add(batchOf(['jwt expired'])),
    ]);
    await until(
      () => countedRecords(service.database),
      (count) => count === 2,
    );
    await until(
      () => service.queue.failedCount(),
      (count) => count === 1,
    );
    const [failed] = await service.queue.failed(10);
    expect(failed).toMatchObject({ id: poison.batchId, reason: expect.stringContaining('version') });
    expect(await service.queue.retry(poison.batchId)).toBe(true);
    await until(
      () => service.queue.failedCount(),
      (count) => count === 1,
    );
    expect(await service.queue.retry(randomUUID())).toBe(false);
  });

  it('counts a request once that comes again, in whatever batch, and what came with it', async () => {
    service.worker.start();
    const digest = Buffer.alloc(32, 7);
    const many = Array.from({ length: 2_500 }, (_, index) => refusal('jwt expired', Date.now(), `/${'abc'[index % 3] ?? ''}`));
    await Promise.all([take(service.intake, many, digest), take(service.intake, [refusal('wrong password')])]);
    await take(service.intake, many, digest);
    await Promise.all([take(service.intake, many, digest), take(service.intake, [refusal('wrong password')], Buffer.alloc(32, 8))]);
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    expect(await countedRecords(service.database)).toBe(2_502);
    expect(await service.database.query('SELECT count(*)::int AS portions FROM applied_portions')).toEqual([{ portions: 4 }]);
  });

  it('does not show a signature that only repeated portions have', async () => {
    const id = randomUUID();
    service.worker.start();
    await service.queue.add(batchOf(['jwt expired'], id));
    await until(
      () => countedRecords(service.database),
      (count) => count === 1,
    );
    await service.queue.add(batchOf(['wrong password', 'invalid signature'], id));
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    expect(await service.database.query('SELECT template FROM signatures')).toEqual([{ template: 'jwt expired' }]);
  });

  it('counts traffic once over repetitions, and tells clients apart without keeping them', async () => {
    service.worker.start();
    const from = (client: string): LogRecord => {
      const record = refusal('jwt expired');
      return { ...record, attributes: { ...record.attributes, 'client.address': client, 'user_agent.original': 'curl/8.5.0' } };
    };
    const done = { ...refusal('done'), attributes: { 'http.response.status_code': 200, 'http.route': '/orders/{id}' } };
    const records = [from('203.0.113.7'), from('203.0.113.8'), from('203.0.113.8'), done, done, { ...done, attributes: {} }];
    const digest = randomBytes(32);
    expect(await take(service.intake, records, digest)).toMatchObject({ accepted: 3, ignored: 3 });
    await take(service.intake, records, digest);
    await take(service.intake, [done], randomBytes(32));
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    expect(
      await service.database.query(
        'SELECT t.route, sum(m.count)::int AS count FROM traffic_1m m JOIN targets t ON t.id = m.target_id GROUP BY 1',
      ),
    ).toEqual([{ route: '/orders/{id}', count: 6 }]);
    expect(await countedRecords(service.database)).toBe(3);
    expect(
      await service.database.query(
        'SELECT facet, value, sum(f.count)::int AS count FROM facets_5m f WHERE reason_id IN (SELECT reason_id FROM signatures) GROUP BY 1, 2 ORDER BY 1',
      ),
    ).toEqual([
      { facet: 2, value: '203.0.113.0/24', count: 3 },
      { facet: 3, value: 'curl', count: 3 },
    ]);
    const rows = await service.database.query<{ sketches: Buffer }[]>('SELECT sketches FROM sketches_1m');
    const all = mergeSketchSets(rows.map(({ sketches }) => readSketchSet(sketches)));
    const sketch = new Distinct();
    for (const { bytes } of all.filter(({ kind }) => kind === CLIENTS)) sketch.merge(bytes);
    expect(sketch.estimate()).toBe(2);
  });

  it('keeps a batch whose portions count what it does not have', async () => {
    service.worker.start();
    const { batchId } = batchOf(['jwt expired']);
    const portions: Batch['portions'] = [{ id: null, counts: [5, 0, 1], tokenTimes: [], traffic: [], facets: [] }];
    await service.queue.add(packBatch({ batchId, projectId: PROJECT, signatures: [], targets: [], values: [], portions, sketches: [] }));
    await until(
      () => service.queue.failedCount(),
      (count) => count === 1,
    );
    expect((await service.queue.failed(1))[0]?.reason).toContain('does not have');
  });

  it('knows how long the oldest batch has waited', async () => {
    expect(await service.queue.ageMs()).toBe(0);
    await service.queue.add(batchOf(['jwt expired']));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await service.queue.add(batchOf(['jwt expired']));
    expect(await service.queue.ageMs()).toBeGreaterThanOrEqual(290);
    expect(await service.queue.ageMs()).toBeLessThan(10_000);
    expect(await service.queue.ageMs(['waiting'])).toBeGreaterThanOrEqual(290);
    expect(await service.queue.ageMs(['active', 'delayed'])).toBe(0);
  });

  it('tries a batch again while the tables are away, and counts it when they are back', async () => {
    await withClient(service.databaseUrl, (client) => client.query('ALTER TABLE signatures RENAME TO signatures_away'));
    service.worker.start();
    await take(service.intake, [refusal('jwt expired')]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await countedRecords(service.database)).toBe(0);
    await withClient(service.databaseUrl, (client) => client.query('ALTER TABLE signatures_away RENAME TO signatures'));
    await until(
      () => countedRecords(service.database),
      (count) => count === 1,
    );
    expect(await service.queue.failedCount()).toBe(0);
  });

  it('counts exactly while many workers take batches with the same signatures', async () => {
    const others = await Promise.all([1, 2].map(async () => openWorker(service)));
    service.worker.start();
    const batches = Array.from({ length: 200 }, () => batchOf(['jwt expired', 'invalid signature', 'No authorization header']));
    await Promise.all(batches.map((batch) => service.queue.add(batch)));
    await until(
      () => countedRecords(service.database),
      (count) => count >= 600,
    );
    await until(
      () => service.queue.depth(),
      (depth) => depth === 0,
    );
    expect(await countedRecords(service.database)).toBe(600);
    for (const other of others) await other();
  });
});

/** A second worker on the same queue and database, as another process would have it. */
async function openWorker(service: Service): Promise<() => Promise<void>> {
  const { BatchQueue } = await import('../../src/queue/batch-queue.js');
  const { ClassifyWorker } = await import('../../src/classify/classify-worker.js');
  const queue = await BatchQueue.open({ databaseUrl: service.databaseUrl, redisUrl: service.redisUrl, onError: () => undefined });
  const worker = new ClassifyWorker(queue, service.store, new RuleBook(new TeachingStore(service.database)), quietEvents());
  worker.start();
  return async () => {
    await worker.stop();
    await queue.close();
  };
}

it('tells the sender to come again when the queue cannot be reached, and says so only after trying', async () => {
  let attempts = 0;
  const away = {
    add: (): Promise<void> => {
      attempts += 1;
      return Promise.reject(new Error('connection refused'));
    },
  };
  const intake = new Intake(away, quietEvents(), RULES);
  await expect(take(intake, [refusal('jwt expired')])).rejects.toBeInstanceOf(IntakeUnavailableError);
  expect(attempts).toBe(3);
});
