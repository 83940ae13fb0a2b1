/**
 * Real servers for the integration tests, started once: an embedded PostgreSQL with a migrated template database, and
 * Redis, alone and as a cluster of three nodes, where the machine has it. Their addresses reach the tests through
 * TEST_DATABASE_URL, TEST_REDIS_URL and TEST_REDIS_CLUSTER_URL; a server that stands there already is used as it is.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '../../src/store/database.js';
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';
import { freePort } from '../../src/store/postgres-process.js';
import { TEMPLATE, withClient } from './databases.js';

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
    const url = await startRedis(join(directory, 'redis'));
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

/** As production wants it: append-only file on, nothing evicted. @returns undefined where no redis-server is installed */
async function startRedis(directory: string, ...more: string[]): Promise<string | undefined> {
  await mkdir(directory);
  const port = String(await freePort());
  const settings = { port, bind: '127.0.0.1', dir: directory, appendonly: 'yes', 'maxmemory-policy': 'noeviction', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', [...args, ...more], { stdio: 'ignore' });
  const isStarted = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]).catch(() => false);
  if (!isStarted) return undefined;
  servers.why401Servers.redis.push(child);
  // Not before it listens may the first test connect.
  await sleep(300);
  return `redis://127.0.0.1:${port}`;
}

/** Three nodes that share the slots. */
async function startCluster(directory: string): Promise<string> {
  const urls: string[] = [];
  for (const node of ['a', 'b', 'c']) {
    // The port that nodes speak to each other on is not made out of the other one, which may be too high for that.
    const own = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort()), '--cluster-node-timeout', '2000'];
    urls.push((await startRedis(join(directory, `redis-${node}`), ...own)) ?? '');
  }
  const nodes = urls.map((url) => new URL(url).host);
  const joining = spawn('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes'], { stdio: 'ignore' });
  const [code] = (await once(joining, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`redis-cli cannot make a cluster of ${nodes.join(', ')}: it ended with ${String(code)}`);
  return urls.join(',');
}

export async function tearDownServers({ postgres, redis, directory }: Servers): Promise<void> {
  await postgres?.stop();
  for (const one of redis) {
    const ended = once(one, 'exit');
    one.kill('SIGTERM');
    await ended;
  }
  await rm(directory, { recursive: true, force: true });
}
