/** Suites that must hold on every queue backend. */
import { describe } from '@jest/globals';
import type { Backend } from './databases.js';

const REDIS = [
  ['redis', 'Redis', 'TEST_REDIS_URL'],
  ['redis cluster', 'a Redis Cluster', 'TEST_REDIS_CLUSTER_URL'],
] as const;

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
      suite({ name: backend, redisUrl });
    });
  }
}
