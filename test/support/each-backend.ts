/** Suites that must hold on every queue backend. */
import { describe } from '@jest/globals';
import type { Backend } from './databases.js';

/**
 * Runs a suite once per queue backend. Without Redis its half is skipped and listed at the end of the run; in CI that
 * is a failure.
 */
export function describeEachBackend(name: string, suite: (backend: Backend) => void): void {
  describe(`${name} (queue in PostgreSQL)`, () => {
    suite({ name: 'postgres', redisUrl: undefined });
  });
  const redisUrl = process.env['TEST_REDIS_URL'];
  const title = `${name} (queue in Redis)`;
  if (redisUrl !== undefined)
    describe(title, () => {
      suite({ name: 'redis', redisUrl });
    });
  else if (process.env['CI'] === undefined)
    describe.skip(`${title}: skipped, redis-server is not installed`, () => {
      suite({ name: 'redis', redisUrl: undefined });
    });
  else throw new Error('redis-server is not installed: in CI the Redis half must run');
}
