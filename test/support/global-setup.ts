/**
 * Real servers for the integration tests, started once: an embedded PostgreSQL with a migrated template database, and
 * Redis, alone and as a cluster of three nodes, where the machine has it. Their addresses reach the tests through
 * TEST_DATABASE_URL, TEST_REDIS_URL and TEST_REDIS_CLUSTER_URL; a server that stands there already is used as it is.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { migrate, openDatabase } from '../../src/store/database.js';
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';
import { freePort } from '../../src/store/postgres-process.js';
import { TEMPLATE, withClient } from './databases.js';
import { startRedis, stopRedis } from './redis-server.js';

export interface Servers {
  postgres?: EmbeddedPostgres;
  redis: ChildProcess[];
  directory: string;
}

export const servers = globalThis as unknown as { why401Servers: Servers };

export default async function setUp(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'why401-test-'));
  servers.why401Servers = { directory, redis: [] };
  if (process.env['TEST_DATABASE_URL'] === undefined) {
    const postgres = await EmbeddedPostgres.start(join(directory, 'postgres'), () => undefined);
    servers.why401Servers.postgres = postgres;
    process.env['TEST_DATABASE_URL'] = postgres.url;
  }
  await makeTemplate(process.env['TEST_DATABASE_URL']);
  if (process.env['TEST_REDIS_URL'] === undefined) {
    const url = await redisUrl(join(directory, 'redis'));
    if (url !== undefined) process.env['TEST_REDIS_URL'] = url;
  }
  if (process.env['TEST_REDIS_CLUSTER_URL'] === undefined && process.env['TEST_REDIS_URL'] !== undefined)
    process.env['TEST_REDIS_CLUSTER_URL'] = await startCluster(directory);
}

/** Databases of tests are cloned from it, which takes a tenth of migrating each. */
async function makeTemplate(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
  });
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  const database = await openDatabase(template.href, () => undefined);
  await migrate(database);
  await database.destroy();
}

async function redisUrl(directory: string, ...more: string[]): Promise<string | undefined> {
  const server = await startRedis(directory, ...more);
  if (server !== undefined) servers.why401Servers.redis.push(server.child);
  return server?.url;
}

/** Three nodes that share the slots. */
async function startCluster(directory: string): Promise<string> {
  const urls: string[] = [];
  for (const node of ['a', 'b', 'c']) {
    // The port that nodes speak to each other on would be made out of the other one, and be among those of outgoing connections.
    const own = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort()), '--cluster-node-timeout', '2000'];
    urls.push((await redisUrl(join(directory, `redis-${node}`), ...own)) ?? '');
  }
  const nodes = urls.map((url) => new URL(url).host);
  const joining = spawn('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes'], { stdio: 'ignore' });
  const [code] = (await once(joining, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`redis-cli cannot make a cluster of ${nodes.join(', ')}: it ended with ${String(code)}`);
  return urls.join(',');
}

export async function tearDownServers({ postgres, redis, directory }: Servers): Promise<void> {
  await postgres?.stop();
  for (const child of redis) await stopRedis({ child });
  await rm(directory, { recursive: true, force: true });
}
