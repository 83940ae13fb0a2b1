/** A database and a queue backend of its own for each test file. */
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';

export const TEMPLATE = 'why401_template';

export interface Backend {
  name: 'postgres' | 'redis' | 'redis cluster';
  /** Unset for the queue in PostgreSQL; of a cluster several. */
  redisUrl: string | undefined;
}

/** @returns the URL of a fresh, migrated database */
export async function freshDatabase(): Promise<string> {
  const server = process.env['TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('TEST_DATABASE_URL is not set: run the tests through npm test');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks fails the query in hand.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An emptied Redis database that no other worker of this run uses; an emptied cluster, which has but one. */
export async function freshRedis(url: string): Promise<string> {
  if (url.includes(',')) {
    for (const node of url.split(',')) await emptied(node, (redis) => redis.flushall());
    return url;
  }
  const own = new URL(url);
  own.pathname = `/${process.env['JEST_WORKER_ID'] ?? '1'}`;
  await emptied(own.href, (redis) => redis.flushdb());
  return own.href;
}

async function emptied(url: string, empty: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url);
  await empty(redis);
  redis.disconnect();
}
