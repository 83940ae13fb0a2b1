/**
 * Real servers for the integration tests, started once: an embedded PostgreSQL with a migrated template database, and
 * Redis where the machine has it. Their addresses reach the tests through TEST_DATABASE_URL and TEST_REDIS_URL; a
 * server that stands there already is used as it is.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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
  redis?: ChildProcess;
  directory: string;
}

export const servers = globalThis as unknown as { why401Servers: Servers };

export default async function setUp(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'why401-test-'));
  servers.why401Servers = { directory };
  if (process.env['TEST_DATABASE_URL'] === undefined) {
    const postgres = await EmbeddedPostgres.start(join(directory, 'postgres'), () => undefined);
    servers.why401Servers.postgres = postgres;
    process.env['TEST_DATABASE_URL'] = postgres.url;
  }
  await makeTemplate(process.env['TEST_DATABASE_URL']);
  if (process.env['TEST_REDIS_URL'] === undefined) {
    const redis = await startRedis(directory);
    if (redis !== undefined) {
      servers.why401Servers.redis = redis.child;
      process.env['TEST_REDIS_URL'] = redis.url;
    }
  }
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
async function startRedis(directory: string): Promise<{ child: ChildProcess; url: string } | undefined> {
  const port = String(await freePort());
  const child = spawn(
    'redis-server',
    [
      '--port',
      port,
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--appendonly',
      'yes',
      '--maxmemory-policy',
      'noeviction',
      '--databases',
      '64',
      '--save',
      '',
    ],
    { stdio: 'ignore' },
  );
  const isStarted = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]).catch(() => false);
  if (!isStarted) return undefined;
  // Not before it listens may the first test connect.
  await sleep(300);
  return { child, url: `redis://127.0.0.1:${port}` };
}

export async function tearDownServers({ postgres, redis, directory }: Servers): Promise<void> {
  await postgres?.stop();
  if (redis !== undefined) {
    const ended = once(redis, 'exit');
    redis.kill('SIGTERM');
    await ended;
  }
  await rm(directory, { recursive: true, force: true });
}
