/**
 * "What is stored can hold no secret": 10,000 secrets of 36 shapes go in through the real service, then the raw bytes of
 * PostgreSQL and Redis, the log at its most talkative, and every answer are searched for them and for parts of them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/store/postgres-process.js';
import { App } from '../support/app.js';
import { plant, SHAPES } from '../support/planted.js';
import { Scanner } from '../support/scan.js';
import { until } from '../support/service.js';

const COUNT = 10_000;
const AT_ONCE = 1_000;
const LINES = { 'content-type': 'application/x-ndjson' };

const planted = plant(COUNT);
const scanner = new Scanner(planted.flatMap(({ needles }) => needles));

describe('10,000 planted secrets', () => {
  it('have at least 30 shapes, and are found where they stand', () => {
    expect(Object.keys(SHAPES).length).toBeGreaterThanOrEqual(30);
    for (const { event, needles, shape } of planted.slice(0, 200)) {
      // A credential pair is base64 in the event; what is searched for stands in it all the same.
      expect({ shape, found: scanner.find(Buffer.from(textOf(event))).length > 0, needles: needles.length > 0 }).toMatchObject({
        found: true,
        needles: true,
      });
    }
  });

  for (const backend of ['PostgreSQL alone', 'Redis'] as const) {
    describe(`with ${backend}`, () => {
      let redis: { child: ChildProcess; directory: string; url: string } | undefined;
      let app: App | undefined;

      beforeAll(async () => {
        if (backend === 'Redis') {
          redis = await startRedis();
          if (redis === undefined && process.env['CI'] !== undefined)
            throw new Error('redis-server is not installed: in CI the Redis half must run');
          if (redis === undefined) return;
        }
        app = await App.start({ WHY401_LOG_LEVEL: 'debug', ...(redis === undefined ? {} : { REDIS_URL: redis.url }) });
      });
      afterAll(async () => {
        await app?.stop();
        if (redis === undefined) return;
        redis.child.kill('SIGKILL');
        await rm(redis.directory, { recursive: true, force: true, maxRetries: 5 });
      });

      it('leave no trace in what is stored, logged or answered', async () => {
        if (app === undefined) {
          console.warn('skipped: redis-server is not installed');
          return;
        }
        const answers = await tell(app);
        await app.signal('SIGTERM');
        const stores = await scanner.findInFiles(app.directory);
        expect(stores.found).toEqual([]);
        expect(stores.bytes).toBeGreaterThan(10_000_000);
        if (redis !== undefined) {
          redis.child.kill('SIGTERM');
          await once(redis.child, 'exit');
          const queued = await scanner.findInFiles(redis.directory);
          expect(queued.found).toEqual([]);
          expect(queued.bytes).toBeGreaterThan(50_000);
        }
        expect(scanner.find(Buffer.from(app.output))).toEqual([]);
        expect(app.output.length).toBeGreaterThan(100);
        expect(scanner.find(Buffer.from(answers))).toEqual([]);
        expect(answers).toContain('Incorrect API key provided');
      });
    });
  }
});

/** Sends every event to be stored and to be classified, then asks for everything there is. @returns all answers */
async function tell(app: App): Promise<string> {
  let answers = '';
  for (let at = 0; at < COUNT; at += AT_ONCE) {
    const lines = planted.slice(at, at + AT_ONCE).map(({ event }) => JSON.stringify(event));
    const stored = await app.post('/v1/events', lines.join('\n'), LINES);
    expect(stored.status).toBe(202);
    const classified = await app.post('/v1/classify', lines.join('\n'), LINES);
    expect(classified.status).toBe(200);
    answers += (await stored.text()) + (await classified.text());
  }
  await until(
    () => app.total('&service=planted'),
    (total) => total === COUNT,
  );
  let path: string | undefined = '/v1/signatures?limit=500';
  while (path !== undefined) {
    const page: { body: { next_cursor: string | null } } = await app.get(path);
    answers += JSON.stringify(page.body);
    path = page.body.next_cursor === null ? undefined : `/v1/signatures?limit=500&cursor=${page.body.next_cursor}`;
  }
  for (const other of [
    '/v1/trends?by=route,error_code&limit=1000',
    '/v1/top?by=service,scheme&limit=1000',
    '/v1/findings',
    '/v1/causes',
    '/v1/failed-batches',
    '/metrics',
    '/health/ready',
  ]) {
    const { status, body } = await app.get(other);
    expect(status).toBe(200);
    answers += JSON.stringify(body);
  }
  return answers;
}

/** The event with JSON inside JSON opened, so that escaping hides nothing from the search. */
function textOf(value: unknown): string {
  if (typeof value === 'string') {
    try {
      return `${value} ${textOf(JSON.parse(value))}`;
    } catch {
      // No JSON: the text is all there is.
      return value;
    }
  }
  return typeof value === 'object' && value !== null ? Object.values(value).map(textOf).join(' ') : String(value);
}

async function startRedis(): Promise<{ child: ChildProcess; directory: string; url: string } | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'why401-redis-'));
  const port = String(await freePort());
  const options = [
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
    '--save',
    '',
  ];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  const isStarted = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]);
  if (!isStarted) return undefined;
  await sleep(300);
  return { child, directory, url: `redis://127.0.0.1:${port}` };
}
