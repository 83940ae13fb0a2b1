/** What no seed draws: each once, while the senders go on, with what happened in words. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Health } from '../../src/ops/health.js';
import { BatchQueue } from '../../src/queue/batch-queue.js';
import { BATCH_VERSION, packBatch, type Batch, type Payload } from '../../src/queue/payload.js';
import { App } from '../support/app.js';
import { withClient } from '../support/databases.js';
import { until } from '../support/service.js';
import { balanceOf, Counts, PATIENCE_MS, untilFullRate, untilQueueIsEmpty } from './balance.js';
import { PostgresServer, RedisServer, type Installation } from './parts.js';
import type { Report, SpecialCase } from './report.js';
import { postEvents, Workload } from './workload.js';

interface Scene {
  installation: Installation;
  workload: Workload;
  counts: Counts;
  queue: BatchQueue;
}

type Case = (scene: Scene) => Promise<Omit<SpecialCase, 'name'>>;

const HOLD_MS = 2_000;
const HOUR_MS = 3_600_000;
const CLOCK_RECORDS = 100;

const ALWAYS: [string, Case][] = [
  ['a batch that cannot be read', poison],
  ['a batch of a newer version, as an older worker meets it', newerVersion],
  ['a worker whose clock is an hour ahead dies', (scene) => wrongWorker(scene, HOUR_MS)],
];
const WITH_POSTGRES: [string, Case][] = [
  ['a worker whose clock is an hour behind dies beside another', (scene) => wrongWorker(scene, -HOUR_MS)],
  ['senders whose clocks are an hour off', wrongSenders],
  ['PostgreSQL out of connections', outOfConnections],
];
const WITH_REDIS: [string, Case][] = [
  ['Redis may evict', evictingRedis],
  ['Redis is full', fullRedis],
];

export async function specialCases(parts: Omit<Scene, 'queue'>, report: Report): Promise<void> {
  const { databaseUrl, redisUrl } = parts.installation;
  const queue = await BatchQueue.open({ databaseUrl, redisUrl, onError: () => undefined });
  const run = async ([name, one]: [string, Case]): Promise<void> => {
    report.step(name);
    report.addCase({ name, ...(await one({ ...parts, queue })) });
  };
  // Has a database of its own, so that it may go on beside the others.
  const disk = redisUrl === undefined ? run(['the disk of PostgreSQL is full', fullDisk]) : Promise.resolve();
  // Told where it is awaited.
  disk.catch(() => undefined);
  try {
    for (const one of [...ALWAYS, ...(redisUrl === undefined ? WITH_POSTGRES : WITH_REDIS)]) await run(one);
  } finally {
    await disk;
    await queue.close();
  }
}

/** More than the server allows. */
const HOG = 220;

/** All places are taken: the service's sessions are ended again and again, and others are there before it can connect. */
async function outOfConnections({ installation, workload, counts }: Scene): Promise<Omit<SpecialCase, 'name'>> {
  const hog: pg.Client[] = [];
  let refused = '';
  const take = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: installation.databaseUrl, application_name: 'hog' });
    client.on('error', () => undefined);
    await client.connect().then(
      () => hog.push(client),
      (error: unknown) => (refused = (error as Error).message),
    );
  };
  await Promise.all(Array.from({ length: HOG }, take));
  const before = workload.acknowledged;
  for (const deadline = Date.now() + HOLD_MS; Date.now() < deadline;) {
    await hog[0]?.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'why401%'");
    await Promise.all(Array.from({ length: HOG / 4 }, take));
  }
  const meanwhile = workload.acknowledged - before;
  await Promise.all(hog.map((client) => client.end()));
  const back = await untilFullRate(workload, counts);
  return {
    found: `"${refused}", ${String(meanwhile)} ids acknowledged in ${String(HOLD_MS / 1_000)} s; back at full rate after ${back.toFixed(1)} s`,
    isRight: refused !== '' && Number.isFinite(back),
  };
}

/** Counts what the batch does not have. */
function poison(scene: Scene): Promise<Omit<SpecialCase, 'name'>> {
  const portions: Batch['portions'] = [{ id: null, counts: [7, 0, 1], tokenTimes: [], traffic: [], facets: [] }];
  return keptAsFailed(scene, { ...EMPTY, portions });
}

/** What a worker of an older version meets while receivers are newer. No version was released before this one, so that one stands for it. */
function newerVersion(scene: Scene): Promise<Omit<SpecialCase, 'name'>> {
  return keptAsFailed(scene, EMPTY, { version: BATCH_VERSION + 1 } as unknown as Partial<Payload>);
}

const EMPTY = { projectId: 1, signatures: [], targets: [], values: [], portions: [], sketches: [] };

async function keptAsFailed(
  { installation, workload, counts, queue }: Scene,
  batch: Omit<Batch, 'batchId'>,
  wrong: Partial<Payload> = {},
): Promise<Omit<SpecialCase, 'name'>> {
  const { reader } = installation;
  const batchId = randomUUID();
  await queue.add({ ...packBatch({ ...batch, batchId }), ...wrong });
  const failed = async (): Promise<{ id: string; reason: string } | undefined> => {
    const { body } = await reader.get<{ batches: { id: string; reason: string }[] }>('/v1/failed-batches');
    return body.batches.find(({ id }) => id === batchId);
  };
  const kept = await until(failed, (one) => one !== undefined).catch(() => undefined);
  const back = await untilFullRate(workload, counts);
  return {
    found: kept === undefined ? 'is not among the failed batches' : `kept as failed ("${kept.reason}"); the others go on`,
    isRight: kept !== undefined && Number.isFinite(back),
  };
}

async function wrongSenders({ installation, counts }: Scene): Promise<Omit<SpecialCase, 'name'>> {
  const url = `${installation.eventsUrl}/v1/events`;
  const services = { 'clock-ahead': HOUR_MS, 'clock-behind': -HOUR_MS };
  for (const [service, off] of Object.entries(services)) {
    const event = { time: Date.now() + off, service, route: '/clock', status: 401, reason: 'jwt expired' };
    await postEvents(url, JSON.stringify(Array.from({ length: CLOCK_RECORDS }, () => event)), () => true);
  }
  const counted = async (): Promise<number[]> => {
    const all = await counts.recordsSince(0);
    return Object.keys(services).map((service) => all.reduce((sum, one) => sum + (one.service === service ? one.count : 0), 0));
  };
  const [ahead, behind] = await until(counted, (sums) => sums.every((sum) => sum >= CLOCK_RECORDS)).catch(counted);
  return {
    found: `of ${String(CLOCK_RECORDS)} each, counted ${String(ahead)} from ahead (at the time of receipt) and ${String(behind)} from behind`,
    isRight: ahead === CLOCK_RECORDS && behind === CLOCK_RECORDS,
  };
}

/** Killed with batches in hand, which another worker must get although they were locked until an hour later, or earlier. */
async function wrongWorker({ installation, workload, counts }: Scene, offMs: number): Promise<Omit<SpecialCase, 'name'>> {
  const shift = `const now = Date.now; Date.now = () => now() + ${String(offMs)};`;
  const app = await installation.openExtra(`worker with a clock off by ${String(offMs)} ms`, {
    WHY401_ROLES: 'worker',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}`,
  });
  const worker = installation.part('worker');
  // Alone, all batches in hand are its own. One that is behind shows more beside another, who takes its locks for expired.
  if (offMs > 0) await worker.kill();
  const withIt = await untilFullRate(workload, counts);
  await sleep(HOLD_MS);
  await withClient(installation.databaseUrl, async (client) => {
    await client.query('BEGIN; LOCK TABLE applied_batches IN ACCESS EXCLUSIVE MODE');
    await sleep(HOLD_MS / 4);
    await app.signal('SIGKILL');
  });
  const startedMs = Date.now();
  if (offMs > 0) await worker.revive();
  const back = await untilFullRate(workload, counts);
  const age = async (): Promise<number> => {
    const { body } = await installation.reader.get<string>('/metrics');
    return Number(/^why401_queue_age_seconds (\S+)/m.exec(body)?.[1] ?? NaN);
  };
  const oldest = await until(age, (seconds) => seconds < 2, 40_000).catch(age);
  const passed = ((Date.now() - startedMs) / 1_000).toFixed(1);
  return {
    found: `full rate ${withIt.toFixed(1)} s after it came and ${back.toFixed(1)} s after it went; what it had in hand ${oldest < 2 ? `counted after ${passed} s` : 'still waits'}`,
    isRight: Number.isFinite(withIt) && Number.isFinite(back) && oldest < 2,
  };
}

async function evictingRedis({ installation }: Scene): Promise<Omit<SpecialCase, 'name'>> {
  const redis = await RedisServer.start(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
  try {
    const app = await installation.openExtra('on an evicting Redis', { WHY401_ROLES: 'ingest', REDIS_URL: redis.url });
    const { body } = await app.get<Health>('/health/ready');
    await app.stop();
    const { status = '', detail = '' } = body.parts['queue'] ?? {};
    return { found: `/health/ready: ${status}, ${detail}`, isRight: status === 'warning' && detail.includes('allkeys-lru') };
  } finally {
    await redis.stop();
  }
}

async function fullRedis({ installation, workload, counts }: Scene): Promise<Omit<SpecialCase, 'name'>> {
  const redis = installation.part('Redis') as RedisServer;
  await redis.ask((client) => client.config('SET', 'maxmemory', '1mb'));
  const before = workload.acknowledged;
  await sleep(HOLD_MS);
  const meanwhile = workload.acknowledged - before;
  await redis.ask((client) => client.config('SET', 'maxmemory', '0'));
  const back = await untilFullRate(workload, counts);
  return {
    found: `for ${String(HOLD_MS / 1_000)} s, ${String(meanwhile)} ids acknowledged meanwhile; back at full rate after ${back.toFixed(1)} s`,
    isRight: Number.isFinite(back),
  };
}

/** Enough for a fresh database and a minute of writing. */
const DISK_MIB = 220;

/** A database of its own, on a disk of its own. */
async function fullDisk(): Promise<Omit<SpecialCase, 'name'>> {
  const disk = await mkdtemp(join(tmpdir(), 'why401-faults-disk-'));
  const run = promisify(execFile);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${String(DISK_MIB)}m`, 'tmpfs', disk]);
  } catch (error) {
    await rm(disk, { recursive: true });
    return { found: `no disk can be mounted here (${(error as Error).message.trim()})`, isRight: undefined };
  }
  try {
    return await onDisk(disk);
  } finally {
    await run('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  }
}

async function onDisk(disk: string): Promise<Omit<SpecialCase, 'name'>> {
  const postgres = await PostgresServer.start(join(disk, 'data'));
  const app = await App.start({ DATABASE_URL: postgres.url });
  const counts = new Counts(postgres.url);
  try {
    const workload = new Workload([app.otlpUrl, app.grpcUrl, app.url]);
    workload.start();
    await untilFullRate(workload, counts);
    await sleep(HOLD_MS);
    await fill(join(disk, 'filler'));
    // What is left of the log's last file would do for a while.
    for (let switched = 0; switched < 5; switched += 1)
      await withClient(postgres.url, (client) => client.query('SELECT pg_switch_wal()')).catch(() => undefined);
    const before = workload.acknowledged;
    await sleep(HOLD_MS);
    const meanwhile = workload.acknowledged - before;
    await rm(join(disk, 'filler'));
    const back = await untilFullRate(workload, counts);
    await workload.stop(PATIENCE_MS);
    await untilQueueIsEmpty(app);
    const { acknowledged, lost, twice } = await balanceOf(workload, counts);
    return {
      found: `for ${String(HOLD_MS / 1_000)} s, ${String(meanwhile)} ids acknowledged meanwhile; back at full rate after ${back.toFixed(1)} s; of ${String(acknowledged)} acknowledged ${String(lost.length)} lost, ${String(twice.length)} counted twice`,
      isRight: Number.isFinite(back) && lost.length === 0 && twice.length === 0,
    };
  } finally {
    await counts.close();
    await app.stop();
    await postgres.stop();
  }
}

async function fill(path: string): Promise<void> {
  for (const size of [1_048_576, 4_096]) {
    const piece = Buffer.alloc(size);
    for (let isFull = false; !isFull;)
      isFull = await appendFile(path, piece).then(
        () => false,
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          return true;
        },
      );
  }
}
