import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { App } from '../support/app.js';
import { until } from '../support/service.js';
import { balanceOf, Counts, PATIENCE_MS, untilFullRate, untilQueueIsEmpty } from '../faults/balance.js';
import { PostgresServer, RedisServer } from '../faults/parts.js';
import { plant, Planted } from '../faults/planted.js';
import { Workload } from '../faults/workload.js';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis && process.env['CI'] !== undefined) throw new Error('redis-server is not installed: in CI the Redis tests must run');
const TOLD_WITHIN_MS = 60_000;

/** A process of the service, and those who send to it alone. */
interface Instance {
  app: App;
  workload: Workload;
}

describe.each(['PostgreSQL', 'Redis'].filter((queue) => hasRedis || queue !== 'Redis'))('two processes with the queue in %s', (queue) => {
  let postgres: PostgresServer;
  let redis: RedisServer | undefined;
  let counts: Counts;
  let planted: Planted | undefined;
  const instances: Instance[] = [];
  beforeAll(async () => {
    postgres = await PostgresServer.start();
    redis = queue === 'Redis' ? await RedisServer.start() : undefined;
    counts = new Counts(postgres.url);
    // Refusals are told at this level.
    const settings = { DATABASE_URL: postgres.url, WHY401_LOG_LEVEL: 'debug', ...(redis === undefined ? {} : { REDIS_URL: redis.url }) };
    for (const name of ['a', 'b']) {
      const app = await App.start(settings);
      instances.push({ app, workload: new Workload([app.otlpUrl, app.grpcUrl, app.url], `${name}-`) });
    }
  });
  afterAll(async () => {
    planted?.close();
    await Promise.all(instances.map(({ workload }) => workload.stop(0)));
    for (const { app } of instances) await app.stop();
    await counts.close();
    await redis?.stop();
    await postgres.stop();
  });

  it('are restarted one after the other while records come in: none is refused, lost or counted twice, and an alert is told once', async () => {
    const [{ app: reader }] = instances as [Instance, Instance];
    const inbox = (planted = await Planted.open(reader, postgres.url));
    for (const { workload } of instances) workload.start();
    for (const { workload } of instances) expect(await untilFullRate(workload, counts)).toBeLessThan(Infinity);
    for (const [index, { app, workload }] of instances.entries()) {
      const other = instances.at(index - 1)?.workload;
      const before = other?.acknowledged ?? 0;
      if (index === 0) await plant(instances.at(-1)?.app.url ?? '', 'planted-restart');
      // With everything in hand done: what is not done within ten seconds ends with 1.
      expect([await app.signal('SIGTERM'), app.output.slice(-500)]).toEqual([0, expect.any(String)]);
      await until(
        () => other?.acknowledged ?? 0,
        (acknowledged) => acknowledged > before,
      );
      await app.launch();
      expect(await untilFullRate(workload, counts)).toBeLessThan(Infinity);
    }
    await until(() => inbox.outcome('planted').length, Boolean, TOLD_WITHIN_MS);
    await Promise.all(instances.map(({ workload }) => workload.stop(PATIENCE_MS)));
    await untilQueueIsEmpty(reader);
    for (const { app, workload } of instances) {
      const { acknowledged, lost, twice, neverSent, countedUnacknowledged } = await balanceOf(workload, counts);
      expect(acknowledged).toBeGreaterThan(100);
      // What was counted was told to its sender, also by the process that was ending.
      expect({ lost, twice, neverSent, countedUnacknowledged }).toEqual({ lost: [], twice: [], neverSent: [], countedUnacknowledged: 0 });
      expect(workload.troubles).toEqual([]);
      expect(app.output.split('\n').filter((line) => /answered [45]\d\d/.test(line))).toEqual([]);
    }
    expect(inbox.outcome('planted')).toEqual(['alert.firing planted-restart']);
  }, 240_000);
});
