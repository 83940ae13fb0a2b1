/** BullMQ over Redis or a Redis Cluster, or over PostgreSQL where no Redis is given. The choice is made here and nowhere else. */
import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  Worker,
  type BackendFactory,
  type IQueueBackend,
  type Job,
  type WorkerOptions,
} from 'bullmq';
import { Cluster, type ClusterOptions, type RedisOptions } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';

export interface QueueOptions {
  /** Used when `redisUrl` is undefined. */
  databaseUrl: string;
  /** Of a Redis, or of some nodes of a Redis Cluster with commas between. */
  redisUrl: string | undefined;
  onError: (error: Error) => void;
}

export interface Connected {
  queue: Queue;
  makeWorker: (process: (job: Job) => Promise<void>, options: Omit<WorkerOptions, 'connection'>) => Worker;
  /** Ends connections that outlive queue and workers. */
  disconnect: () => void;
}

/** After this, an add counts as failed although it may still arrive; adding again with the same id is harmless. */
export const ADD_TIMEOUT_MS = 3_000;
const CLOSE_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
const REDIS_PORT = 6_379;
const SCHEMA = 'bullmq';
const EVENTS_KEPT = 100;

/**
 * Connects and prepares the backend.
 * @param poolSize connections to PostgreSQL of this queue in this process
 * @throws when it cannot be reached
 */
export async function connectQueue(name: string, { databaseUrl, redisUrl, onError }: QueueOptions, poolSize: number): Promise<Connected> {
  if (redisUrl !== undefined) {
    // Without the offline queue an add fails at once while Redis is away, instead of waiting for it unseen.
    const producer = { enableOfflineQueue: false, maxRetriesPerRequest: 1 };
    const consumer = { maxRetriesPerRequest: null };
    if (isCluster(redisUrl)) return overCluster(name, redisUrl, { producer, consumer }, onError);
    return over(name, createRedisBackend, { producer: { url: redisUrl, ...producer }, consumer: { url: redisUrl, ...consumer } }, onError);
  }
  const connection = {
    connectionString: databaseUrl,
    schema: SCHEMA,
    migrate: true,
    max: poolSize,
    connectionTimeoutMillis: ADD_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A connection that died unheard would otherwise be waited for until TCP gives up.
    query_timeout: QUERY_TIMEOUT_MS,
    application_name: 'why401 queue',
  };
  return over(name, createPostgresBackend, { producer: connection, consumer: connection }, onError);
}

export function isCluster(redisUrl: string): boolean {
  return redisUrl.includes(',');
}

/** @param urls of some nodes, with commas between; the others are learned from them. Credentials and TLS are those of the first one. */
export function clusterOf(urls: string, options: RedisOptions, more: ClusterOptions = {}): Cluster {
  const nodes = urls.split(',').map((url) => new URL(url));
  const [first] = nodes;
  const credentials = {
    ...(first?.username ? { username: decodeURIComponent(first.username) } : {}),
    ...(first?.password ? { password: decodeURIComponent(first.password) } : {}),
    ...(first?.protocol === 'rediss:' ? { tls: { servername: first.hostname } } : {}),
  };
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname, port: port === '' ? REDIS_PORT : Number(port) })),
    { ...more, redisOptions: { ...credentials, ...options } },
  );
}

/** BullMQ takes a cluster as a client that is there already, and leaves it open when it closes. */
async function overCluster(
  name: string,
  urls: string,
  options: { producer: RedisOptions; consumer: RedisOptions },
  onError: (error: Error) => void,
): Promise<Connected> {
  const producer = clusterOf(urls, options.producer, { lazyConnect: true, enableOfflineQueue: false });
  producer.on('error', onError);
  try {
    await withTimeout(producer.connect(), CONNECT_TIMEOUT_MS, 'the cluster did not answer');
  } catch (cause) {
    producer.disconnect();
    throw new Error(`cannot reach the Redis Cluster at ${hostsOf(urls)}: ${(cause as Error).message}`, { cause });
  }
  const consumers: Cluster[] = [];
  const connected = await over(name, createRedisBackend, { producer, consumer: producer }, onError);
  const makeWorker: Connected['makeWorker'] = (process, workerOptions) => {
    const consumer = clusterOf(urls, options.consumer);
    consumer.on('error', onError);
    consumers.push(consumer);
    const worker = new Worker(name, process, { ...workerOptions, connection: consumer });
    worker.on('error', onError);
    return worker;
  };
  const disconnect = (): void => {
    for (const cluster of [producer, ...consumers]) cluster.disconnect();
  };
  return { ...connected, makeWorker, disconnect };
}

/** Without the passwords that URLs may hold. */
export function hostsOf(urls: string): string {
  return urls
    .split(',')
    .map((url) => new URL(url).host)
    .join(', ');
}

async function over<B extends IQueueBackend, C>(
  name: string,
  factory: BackendFactory<B, C>,
  connections: { producer: C; consumer: C },
  onError: (error: Error) => void,
): Promise<Connected> {
  // Nobody reads events; by itself BullMQ keeps 10,000 of them, 3 MB.
  const queue = new Queue(name, { connection: connections.producer, streams: { events: { maxLen: EVENTS_KEPT } } }, factory);
  queue.on('error', onError);
  await queue.waitUntilReady();
  const makeWorker: Connected['makeWorker'] = (process, options) => {
    const worker = new Worker(name, process, { ...options, connection: connections.consumer }, factory) as unknown as Worker;
    worker.on('error', onError);
    return worker;
  };
  return { queue: queue as unknown as Queue, makeWorker, disconnect: () => undefined };
}

/** @throws when the work is not done in time */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, problem: string): Promise<T> {
  const cancel = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: cancel.signal }).then(() => {
    throw new Error(`${problem} within ${String(timeoutMs / 1000)} s`);
  });
  // Whichever loses the race is settled later and must not end the process.
  timeout.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    cancel.abort();
  }
}

/** A backend that is away must not hold up the end of the process. */
export async function closeInTime(closable: { close(): Promise<void> }): Promise<void> {
  await withTimeout(closable.close(), CLOSE_TIMEOUT_MS, 'the queue did not close').catch(() => undefined);
}
