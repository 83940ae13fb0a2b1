import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { BatchQueue } from '../../src/queue/batch-queue.js';
import { DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { BATCH_SHARDS } from '../../src/queue/jobs.js';
import { packBatch, type Payload } from '../../src/queue/payload.js';
import { freshRedis } from '../support/databases.js';
import { holdCluster } from '../support/each-backend.js';
import { PROJECT, until } from '../support/service.js';

const SLOTS = 16_384;
const url = process.env['TEST_REDIS_CLUSTER_URL'];
if (url === undefined && process.env['CI'] !== undefined) throw new Error('redis-server is not installed: in CI this must run');
const describeCluster = url === undefined ? describe.skip : describe;

function emptyBatch(): Payload {
  return packBatch({
    batchId: randomUUID(),
    projectId: PROJECT,
    signatures: [],
    targets: [],
    values: [],
    portions: [],
    sketches: [],
  });
}

describeCluster(`a queue in a Redis Cluster${url === undefined ? ': skipped, redis-server is not installed' : ''}`, () => {
  holdCluster();
  let nodes: Redis[];
  let options: { databaseUrl: string; redisUrl: string; onError: () => void };
  beforeEach(async () => {
    options = { databaseUrl: '', redisUrl: await freshRedis(url ?? ''), onError: () => undefined };
    nodes = options.redisUrl.split(',').map((node) => new Redis(node));
  });
  afterEach(() => {
    for (const node of nodes) node.disconnect();
  });

  it('has its shards in slots that are spread evenly', async () => {
    const slots = await Promise.all(BATCH_SHARDS.map(async (name) => nodes[0]?.cluster('KEYSLOT', `bull:${name}:wait`)));
    const parts = slots.map((slot) => Math.floor((Number(slot) / SLOTS) * BATCH_SHARDS.length));
    expect(parts).toEqual(BATCH_SHARDS.map((_, index) => index));
  });

  it('gives every node its part of the batches, and counts, lists and takes all of them', async () => {
    const queue = await BatchQueue.open(options);
    const batches = Array.from({ length: 300 }, emptyBatch);
    await Promise.all(batches.map((batch) => queue.add(batch)));
    // The same once more is no other batch.
    await Promise.all(batches.slice(0, 50).map((batch) => queue.add(batch)));
    expect(await queue.depth()).toBe(300);
    const waiting = await Promise.all(nodes.map(async (node) => (await node.keys('bull:*why401-batches*:*-*-*')).length));
    for (const count of waiting) expect(count).toBeGreaterThan(50);
    const taken = new Set<string>();
    const consumer = queue.consume({
      process: (payload) => {
        taken.add((payload as Payload).batchId);
        return Promise.resolve();
      },
      onRetry: () => undefined,
      onFailed: () => undefined,
    });
    await until(
      () => queue.depth(),
      (depth) => depth === 0,
    );
    expect(taken).toEqual(new Set(batches.map(({ batchId }) => batchId)));
    await consumer.close();
    await queue.close();
  });

  it('says which settings of any node lose batches', async () => {
    const [queue, other] = [await BatchQueue.open(options), await BatchQueue.open(options)];
    expect(await queue.health()).toEqual({ status: 'ok' });
    await nodes[2]?.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      expect(await other.health()).toMatchObject({ status: 'warning', detail: expect.stringContaining('maxmemory-policy is allkeys-lru') });
    } finally {
      await nodes[2]?.config('SET', 'maxmemory-policy', 'noeviction');
    }
    for (const one of [queue, other]) await one.close();
  });

  it('delivers webhooks too, at once and later', async () => {
    const queue = await DeliveryQueue.open(options);
    const attempted: string[] = [];
    queue.consume((id) => {
      attempted.push(id);
      return Promise.resolve();
    });
    const [now, later] = [randomUUID(), randomUUID()];
    await queue.add(later, 300);
    await queue.add(now);
    await until(
      () => attempted.length,
      (length) => length === 2,
    );
    expect(attempted).toEqual([now, later]);
    await queue.close();
  });

  it('that cannot be reached is named by its nodes, without their passwords', async () => {
    const redisUrl = 'redis://:secret@127.0.0.1:1,redis://:secret@127.0.0.1:2';
    const failure = await BatchQueue.open({ ...options, redisUrl }).catch((error: unknown) => (error as Error).message);
    expect(failure).toContain('127.0.0.1:1, 127.0.0.1:2');
    expect(failure).not.toContain('secret');
  });
});
