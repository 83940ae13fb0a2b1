import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { backUp, restore } from '../../src/store/backup.js';
import { CountStore } from '../../src/store/count-store.js';
import { migrate, openDatabase, replication, type DataSource } from '../../src/store/database.js';
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';
import { RollupStore } from '../../src/store/rollup-store.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { PROJECT, refusal, RETENTION, until } from '../support/service.js';

/** So long ago that it is rolled up. */
const THEN_MS = Date.now() - 3_600_000;

describe('a replica of the database', () => {
  let directory: string;
  let servers: EmbeddedPostgres[];
  let primary: DataSource;
  let replica: DataSource;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'why401-replica-'));
    await chmod(directory, 0o755);
    const [data, copy, other] = ['data', 'copy', 'other'].map((name) => join(directory, name)) as [string, string, string];
    const first = await EmbeddedPostgres.start(data, () => undefined);
    servers = [first];
    primary = await openDatabase(first.url, () => undefined);
    await migrate(primary);
    await backUp({ url: first.url, dataDir: data }, copy, () => undefined);
    await restore(copy, other, () => undefined);
    const { hostname, port, username, password } = new URL(first.url);
    await writeFile(join(other, 'postgres', 'standby.signal'), '');
    await writeFile(
      join(other, 'postgres', 'postgresql.auto.conf'),
      `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n`,
    );
    const second = await EmbeddedPostgres.start(other, () => undefined);
    servers.push(second);
    replica = await openDatabase(second.url, () => undefined);
  });
  afterAll(async () => {
    for (const database of [replica, primary]) await database.destroy();
    for (const server of servers.reverse()) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function count(records: number): Promise<void> {
    const signature = signatureOf(refusal('jwt expired'), 401);
    const verdict = judge(signature);
    await new CountStore(primary, RETENTION).apply(
      [
        {
          ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 } },
          signatures: [
            { id: '0000000000000001', signature, verdict, audit: auditSignature(signature, verdict), firstMs: THEN_MS, lastMs: THEN_MS },
          ],
          portions: [{ id: null, counts: [0, Math.floor(THEN_MS / 10_000) * 10, records], tokenTimes: [], traffic: [], facets: [] }],
          ...{ targets: [], values: [], sketches: [] },
        },
      ],
      Date.now(),
    );
  }

  function counted(database: DataSource): Promise<unknown> {
    const span = { from: Math.floor(THEN_MS / 60_000) * 60 - 600, to: Math.floor(Date.now() / 60_000) * 60 };
    return onSnapshot(database, (queries) => queries.rank({ projectId: PROJECT, span, filters: {} }, ['cause'], 5));
  }

  it('answers as the primary does, from the counts and from rollups', async () => {
    await count(3);
    await until(
      () => counted(replica),
      (ranked) => JSON.stringify(ranked) === JSON.stringify([{ key: ['expired_token'], count: 3 }]),
    );
    while ((await new RollupStore(primary, RETENTION).pack({ nowMs: Date.now(), queueAgeMs: 0 })) !== true);
    await count(4);
    await until(
      () => counted(replica),
      (ranked) => JSON.stringify(ranked) === JSON.stringify([{ key: ['expired_token'], count: 7 }]),
    );
    expect(await counted(replica)).toEqual(await counted(primary));
  });

  it('says how far behind it is, and that of a primary nothing is', async () => {
    expect(await replication(replica)).toEqual({ status: 'ok' });
    expect(await replication(primary)).toEqual({ status: 'warning', detail: expect.stringContaining('is no replica') });
    await replica.query('SELECT pg_wal_replay_pause()');
    await count(1);
    expect(
      await until(
        () => replication(replica, 0.2),
        ({ status }) => status !== 'ok',
      ),
    ).toEqual({
      status: 'warning',
      detail: expect.stringMatching(/^the replica is [\d.]+ s behind/),
    });
    await replica.query('SELECT pg_wal_replay_resume()');
    await until(
      () => replication(replica, 0.2),
      ({ status }) => status === 'ok',
    );
  });
});
