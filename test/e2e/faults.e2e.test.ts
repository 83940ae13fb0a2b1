import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Intake } from '../../src/ingest/intake.js';
import { LogsIntake } from '../../src/ingest/logs-intake.js';
import { Receiver } from '../../src/ingest/receiver.js';
import type { Health } from '../../src/ops/health.js';
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';
import { freePort } from '../../src/store/postgres-process.js';
import { App } from '../support/app.js';
import { quietEvents, refusal, RULES, until, take, openAccess } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const EVENT = JSON.stringify({ service: 'checkout', status: 401, reason: 'jwt expired' });
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis && process.env['CI'] !== undefined) throw new Error('redis-server is not installed: in CI the Redis tests must run');

interface Answers {
  accepted: number;
  /** `Retry-After` of each 503. */
  retryAfter: (string | null)[];
  other: number[];
}

/** Sends one event after the other until told to stop; a sender that is refused goes on with the next. */
function sender(app: App): { answers: Answers; stop: () => Promise<void> } {
  const answers: Answers = { accepted: 0, retryAfter: [], other: [] };
  let isRunning = true;
  const one = async (): Promise<void> => {
    while (isRunning) {
      const response = await app.post('/v1/events', EVENT, JSON_TYPE);
      if (response.status === 202) answers.accepted += 1;
      else if (response.status === 503) answers.retryAfter.push(response.headers.get('retry-after'));
      else answers.other.push(response.status);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = Promise.all([one(), one(), one()]);
  return {
    answers,
    stop: async (): Promise<void> => {
      isRunning = false;
      await running;
    },
  };
}

/** Everything that was answered 202 is counted; what was answered 503 may be, and nothing else is. */
async function expectNothingLost(app: App, answers: Answers): Promise<void> {
  expect(answers.other).toEqual([]);
  expect(answers.retryAfter.every((seconds) => Number(seconds) > 0)).toBe(true);
  const total = await until(
    () => app.total(),
    (count) => count >= answers.accepted,
    40_000,
  );
  expect(total).toBeLessThanOrEqual(answers.accepted + answers.retryAfter.length);
}

async function startRedis(directory: string, port: number): Promise<ChildProcess> {
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes', '--save', ''],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  await until(
    () => spawnSync('redis-cli', ['-p', String(port), 'ping']).stdout.toString(),
    (answer) => answer.startsWith('PONG'),
  );
  return child;
}

describe('parts that go away', () => {
  it('answers 503 with Retry-After when no queue takes the batch, in the encoding of the request', async () => {
    const away = { add: (): Promise<void> => Promise.reject(new Error('connection refused')) };
    const receiver = new Receiver(new LogsIntake(new Intake(away, quietEvents(), RULES)), openAccess(), quietEvents());
    const server = createServer((request, response) => void receiver.handle(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const events = await fetch(`${url}/v1/events`, { method: 'POST', body: EVENT, headers: JSON_TYPE });
    expect([events.status, events.headers.get('retry-after'), events.headers.get('content-type')]).toEqual([
      503,
      '2',
      'application/problem+json',
    ]);
    const logs = await fetch(`${url}/v1/logs`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({
        resourceLogs: [
          { scopeLogs: [{ logRecords: [{ attributes: [{ key: 'http.response.status_code', value: { intValue: '401' } }] }] }] },
        ],
      }),
    });
    expect([logs.status, logs.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await logs.json()).toEqual({
      code: 14,
      message: 'the queue cannot be reached',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
    });
    server.close();
  });

  it('sheds instead of growing: requests that wait and bytes in hand are bounded', async () => {
    let confirm: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (confirm = resolve));
    const intake = new Intake({ add: (): Promise<void> => held }, quietEvents(), RULES);
    const waiting = Array.from({ length: 2_000 }, () => take(intake, [refusal('jwt expired')]));
    await expect(take(intake, [refusal('jwt expired')])).rejects.toThrow('too many requests are waiting');
    confirm();
    expect((await Promise.all(waiting)).every(({ accepted }) => accepted === 1)).toBe(true);

    const receiver = new Receiver(new LogsIntake(intake), openAccess(), quietEvents());
    const server = createServer((request, response) => void receiver.handle(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // Five senders of 60 MiB each that never finish: bodies of this size come one at a time.
    const answered = new Promise<string>((resolve) => {
      for (let index = 0; index < 5; index += 1) {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.on('data', (data) => {
          resolve(data.toString());
        });
        socket.write(
          `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${String(61 * 1024 * 1024)}\r\n\r\n`,
        );
        socket.write(Buffer.alloc(60 * 1024 * 1024, 0x20));
      }
    });
    expect(await answered).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 2/);
    server.closeAllConnections();
    await until(
      () =>
        fetch(`http://127.0.0.1:${String(port)}/v1/events`, { method: 'POST', body: EVENT, headers: JSON_TYPE }).then(
          ({ status }) => status,
        ),
      (status) => status === 202,
    );
    server.closeAllConnections();
    server.close();
  });

  it('loses nothing that was answered 202 while its database is killed under it', async () => {
    const app = await App.start();
    try {
      const { answers, stop } = sender(app);
      await until(
        () => answers.accepted,
        (count) => count > 20,
      );
      for (let round = 0; round < 3; round += 1) {
        const postmaster = Number((await readFile(join(app.directory, 'data', 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
        process.kill(postmaster, 'SIGKILL');
        const before = answers.accepted;
        await until(
          () => answers.accepted,
          (count) => count > before + 20,
          30_000,
        );
      }
      await stop();
      await expectNothingLost(app, answers);
      expect(app.output).toContain('starting it again');
    } finally {
      await app.stop();
    }
  }, 120_000);

  (hasRedis ? it : it.skip)(
    'loses nothing that was answered 202 while Redis is killed under it (needs redis-server)',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'why401-redis-'));
      const port = await freePort();
      let redis = await startRedis(directory, port);
      const app = await App.start({ REDIS_URL: `redis://127.0.0.1:${String(port)}` });
      try {
        const { body: ready } = await app.get<Health>('/health/ready');
        expect(ready.parts['queue']).toEqual({ status: 'ok' });
        const { answers, stop } = sender(app);
        await until(
          () => answers.accepted,
          (count) => count > 20,
        );
        redis.kill('SIGKILL');
        await once(redis, 'exit');
        await until(
          () => answers.retryAfter.length,
          (count) => count > 0,
        );
        await until(
          () => app.get<Health>('/health/ready'),
          ({ status, body }) => status === 503 && body.parts['queue']?.status === 'down',
        );
        redis = await startRedis(directory, port);
        const before = answers.accepted;
        await until(
          () => answers.accepted,
          (count) => count > before + 20,
          30_000,
        );
        await stop();
        await expectNothingLost(app, answers);
        await until(
          () => app.get<Health>('/health/ready'),
          ({ status }) => status === 200,
        );
      } finally {
        await app.stop();
        redis.kill('SIGKILL');
        await rm(directory, { recursive: true, force: true });
      }
    },
    120_000,
  );

  (hasRedis ? it : it.skip)('warns of a Redis that forgets or evicts, and goes on (needs redis-server)', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'why401-redis-'));
    const port = await freePort();
    const redis = spawn(
      'redis-server',
      ['--port', String(port), '--dir', directory, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'],
      { stdio: 'ignore' },
    );
    await until(
      () => spawnSync('redis-cli', ['-p', String(port), 'ping']).stdout.toString(),
      (answer) => answer.startsWith('PONG'),
    );
    const app = await App.start({ REDIS_URL: `redis://127.0.0.1:${String(port)}` });
    try {
      const { status, body } = await app.get<Health>('/health/ready');
      expect(status).toBe(200);
      expect(body.status).toBe('warning');
      expect(body.parts['queue']?.detail).toMatch(/appendonly is off.*maxmemory-policy is allkeys-lru/);
    } finally {
      await app.stop();
      redis.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('one process per role on a shared database', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  const apps: App[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'why401-roles-'));
    postgres = await EmbeddedPostgres.start(join(directory, 'data'), () => undefined);
  });
  afterAll(async () => {
    for (const app of apps) await app.stop();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('takes in, judges and answers; each role does only its own', async () => {
    const start = (roles: string): Promise<App> => App.start({ DATABASE_URL: postgres.url, WHY401_ROLES: roles });
    apps.push(...(await Promise.all([start('ingest'), start('worker'), start('worker'), start('api')])));
    const [ingest, worker, , api] = apps;
    if (ingest === undefined || worker === undefined || api === undefined) throw new Error('not all roles started');
    for (let index = 0; index < 50; index += 1) expect((await ingest.post('/v1/events', EVENT, JSON_TYPE)).status).toBe(202);
    await until(
      () => api.total(),
      (total) => total === 50,
    );
    expect((await ingest.get('/v1/trends')).status).toBe(404);
    // Not through the helper: what a process does not do, its document of all roles does not tell.
    expect((await fetch(`${api.url}/v1/events`, { method: 'POST', body: EVENT, headers: JSON_TYPE })).status).toBe(404);
    await expect(fetch(`${worker.otlpUrl}/v1/logs`)).rejects.toThrow();
    for (const app of apps) expect((await app.get('/health/ready')).status).toBe(200);
  });
});
