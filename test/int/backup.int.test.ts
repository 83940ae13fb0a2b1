import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { backUp, restore } from '../../src/store/backup.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { migrate, openDatabase, type DataSource } from '../../src/store/database.js';
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';
import { countedRecords, PROJECT, refusal, RETENTION } from '../support/service.js';

/** Records of a batch. */
const RECORDS = 40;

function batchOf(): JudgedBatch {
  const nowMs = Date.now();
  const signatures = Array.from({ length: RECORDS }, (_, index) => {
    const signature = { ...signatureOf(refusal('jwt expired'), 401), route: `/r${String(index)}` };
    const verdict = judge(signature);
    const id = (index + 1).toString(16).padStart(16, '0');
    return { id, signature, verdict, audit: auditSignature(signature, verdict), firstMs: nowMs, lastMs: nowMs };
  });
  const counts = signatures.flatMap((_, index) => [index, Math.floor(nowMs / 10_000) * 10, 1]);
  return {
    ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 }, signatures },
    portions: [{ id: randomUUID(), counts, tokenTimes: [], traffic: [], facets: [] }],
    ...{ targets: [], values: [], sketches: [] },
  };
}

describe('a backup of the embedded database', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let database: DataSource;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'why401-backup-'));
    // Whoever runs the server must get to it.
    await chmod(directory, 0o755);
    server = await EmbeddedPostgres.start(join(directory, 'data'), () => undefined);
    database = await openDatabase(server.url, () => undefined);
    await migrate(database);
  });
  afterEach(async () => {
    if (database.isInitialized) await database.destroy();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const path = (name: string): string => join(directory, name);

  async function counted(dataDir: string): Promise<{ records: number; batches: number }> {
    const restored = await EmbeddedPostgres.start(dataDir, () => undefined);
    const own = await openDatabase(restored.url, () => undefined);
    const [row] = await own.query<{ batches: number }[]>('SELECT count(*)::int AS batches FROM applied_batches');
    const result = { records: await countedRecords(own), batches: row?.batches ?? NaN };
    await own.destroy();
    await restored.stop();
    return result;
  }

  it('taken while records are counted holds what was counted before it, and every batch whole', async () => {
    const store = new CountStore(database, RETENTION);
    const end = new AbortController();
    let applied = 0;
    const writing = [0, 1].map(async () => {
      while (!end.signal.aborted) {
        await store.apply([batchOf()], Date.now());
        applied += 1;
      }
    });
    while (applied < 30) await new Promise((resolve) => setTimeout(resolve, 10));
    const before = applied;
    let last = 0;
    const note = await backUp({ url: server.url, dataDir: path('data') }, path('copy'), (bytes) => (last = bytes));
    const after = applied;
    expect([note.bytes, after > before]).toEqual([last, true]);
    // What comes behind the backup needs log that is not in it.
    await database.query('CHECKPOINT');
    end.abort();
    await Promise.all(writing);
    expect(await restore(path('copy'), path('other'), () => undefined)).toEqual(note);
    const { records, batches } = await counted(path('other'));
    expect(batches).toBeGreaterThanOrEqual(before);
    expect(batches).toBeLessThanOrEqual(after + 2);
    expect(records).toBe(batches * RECORDS);
    // A backup can be used again, and the server whose it is goes on.
    await restore(path('copy'), path('third'), () => undefined);
    expect(await counted(path('third'))).toEqual({ records, batches });
    expect(await countedRecords(database)).toBe(applied * RECORDS);
  });

  it('is not made over something, and leaves nothing behind where it fails', async () => {
    await backUp({ url: server.url, dataDir: path('data') }, path('copy'), () => undefined);
    await expect(backUp({ url: server.url, dataDir: path('data') }, path('copy'), () => undefined)).rejects.toThrow('not there yet');
    await expect(backUp({ url: server.url, dataDir: path('nowhere') }, path('second'), () => undefined)).rejects.toThrow('ENOENT');
    expect((await readdir(directory)).sort()).toEqual(['copy', 'data']);
    // The server is not left in the middle of one.
    await backUp({ url: server.url, dataDir: path('data') }, path('second'), () => undefined);
  });

  it('is not put over a database, and only a whole one is', async () => {
    await backUp({ url: server.url, dataDir: path('data') }, path('copy'), () => undefined);
    await expect(restore(path('copy'), path('data'), () => undefined)).rejects.toThrow('there is a database in it');
    await rm(join(path('copy'), 'why401-backup.json'));
    await expect(restore(path('copy'), path('other'), () => undefined)).rejects.toThrow('not finished');
    await expect(restore(path('nothing'), path('other'), () => undefined)).rejects.toThrow('no backup');
  });
});
