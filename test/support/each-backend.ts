/** Suites that must hold on every queue backend. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import pg from 'pg';
import type { Backend } from './databases.js';

const REDIS = [
  ['redis', 'Redis', 'TEST_REDIS_URL'],
  ['redis cluster', 'a Redis Cluster', 'TEST_REDIS_CLUSTER_URL'],
] as const;

/** An arbitrary constant of ours. */
const CLUSTER_LOCK = 0x77343041;
const HOLD_TIMEOUT_MS = 300_000;

/**
 * Runs a suite once per queue backend. Without Redis its parts are skipped and listed at the end of the run; in CI that
 * is a failure.
 */
export function describeEachBackend(name: string, suite: (backend: Backend) => void): void {
  describe(`${name} (queue in PostgreSQL)`, () => {
    suite({ name: 'postgres', redisUrl: undefined });
  });
  for (const [backend, title, variable] of REDIS) {
    const redisUrl = process.env[variable];
    if (redisUrl === undefined && process.env['CI'] !== undefined)
      throw new Error('redis-server is not installed: in CI the Redis parts must run');
    const describeIt = redisUrl === undefined ? describe.skip : describe;
    describeIt(`${name} (queue in ${title})${redisUrl === undefined ? ': skipped, redis-server is not installed' : ''}`, () => {
      if (backend === 'redis cluster') holdCluster();
      suite({ name: backend, redisUrl });
    });
  }
}

/** The suite that calls it has the Redis Cluster for itself: there is but one, with one database. */
export function holdCluster(): void {
  const holder = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  beforeAll(async () => {
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [CLUSTER_LOCK]);
  }, HOLD_TIMEOUT_MS);
  afterAll(() => holder.end());
}
