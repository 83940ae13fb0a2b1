import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { CountStore, type Applied, type JudgedBatch } from '../../src/store/count-store.js';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { maintain } from '../../src/store/maintenance.js';
import { fullProjects } from '../../src/store/signature-cap.js';
import { freshDatabase } from '../support/databases.js';
import { countedRecords, DAY, PROJECT, refusal, RETENTION } from '../support/service.js';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);
const TODAY = '2026-11-23';
const MOST = 10;

/** One record of each number: routes of their own, reasons by turns. */
function batchOf(numbers: readonly number[], { projectId = PROJECT, service = 'checkout' } = {}): JudgedBatch {
  const signatures = numbers.map((number) => {
    const reason = number % 2 === 0 ? 'jwt expired' : 'invalid signature';
    const signature = { ...signatureOf(refusal(reason), 401), service, route: `/r${String(number)}` };
    const verdict = judge(signature);
    const id = BigInt(number + 1)
      .toString(16)
      .padStart(16, '0');
    return { id, signature, verdict, audit: auditSignature(signature, verdict), firstMs: NOW, lastMs: NOW };
  });
  const counts = signatures.flatMap((_, index) => [index, NOW / 1000, 1]);
  return {
    ...{ projectId, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 }, signatures },
    portions: [{ id: null, counts, tokenTimes: [], traffic: [], facets: [] }],
    ...{ targets: [], values: [], sketches: [] },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('the limit of signatures', () => {
  let database: DataSource;
  let store: CountStore;
  beforeEach(async () => {
    database = await openDatabase(await freshDatabase(), () => undefined);
    store = new CountStore(database, RETENTION, MOST);
  });
  afterEach(() => database.destroy());

  const apply = (batch: JudgedBatch, nowMs = NOW, by = store): Promise<Applied> => by.apply([batch], nowMs);

  function byRoute(): Promise<unknown> {
    return database.query(
      `SELECT s.service, s.route, s.cause, sum(c.count)::int AS count FROM counts c JOIN signatures s ON s.project_id = c.project_id AND s.id = c.signature_id
       WHERE s.route = '__other__' GROUP BY 1, 2, 3 ORDER BY 1, 3`,
    );
  }

  it('counts what is beyond under one for each service and cause, and loses nothing', async () => {
    expect(await apply(batchOf(range(0, 8)))).toMatchObject({ records: 8, beyond: 0 });
    expect(await fullProjects(database, TODAY, MOST)).toEqual([]);
    expect(await apply(batchOf(range(8, 20)))).toMatchObject({ records: 12, beyond: 10 });
    expect(await byRoute()).toEqual([
      { service: 'checkout', route: '__other__', cause: 'expired_token', count: 5 },
      { service: 'checkout', route: '__other__', cause: 'invalid_signature', count: 5 },
    ]);
    expect(await countedRecords(database)).toBe(20);
    expect(await fullProjects(database, TODAY, MOST)).toEqual([1]);
    expect(await database.query('SELECT count(*)::int AS n FROM signatures')).toEqual([{ n: MOST + 2 }]);
  });

  it('gives services that nobody knows no name of their own', async () => {
    await apply(batchOf(range(0, 10)));
    for (let at = 0; at < 20; at += 1) await apply(batchOf([100 + 2 * at], { service: `made-up-${String(at)}` }));
    expect(await byRoute()).toEqual([{ service: '__other__', route: '__other__', cause: 'expired_token', count: 20 }]);
  });

  it('goes on telling apart what is known, in every process and after a restart', async () => {
    await apply(batchOf(range(0, 12)));
    const other = new CountStore(database, RETENTION, MOST);
    for (const by of [store, other]) expect(await apply(batchOf(range(0, 10)), NOW, by)).toMatchObject({ beyond: 0 });
    expect(await apply(batchOf(range(30, 33)), NOW, other)).toMatchObject({ beyond: 3 });
  });

  it('holds over workers that write at the same time', async () => {
    const stores = [store, ...range(0, 3).map(() => new CountStore(database, RETENTION, MOST))];
    await Promise.all(range(0, 24).map((at) => apply(batchOf(range(at * 3, at * 3 + 4)), NOW, stores[at % stores.length])));
    const [row] = await database.query<{ n: number }[]>("SELECT count(*)::int AS n FROM signatures WHERE route <> '__other__'");
    expect(row?.n).toBe(MOST);
    expect(await countedRecords(database)).toBe(24 * 4);
  });

  it('begins anew with each day and for each project', async () => {
    await database.query("INSERT INTO projects (id, name) VALUES (2, 'other')");
    await apply(batchOf(range(0, 12)));
    expect(await apply(batchOf(range(0, 10), { projectId: 2 }))).toMatchObject({ beyond: 0 });
    expect(await apply(batchOf(range(50, 61)), NOW + DAY * 1000)).toMatchObject({ beyond: 1 });
    await maintain(database, { retention: RETENTION, nowMs: NOW + 8 * DAY * 1000, queueAgeMs: 0 });
    expect(await database.query('SELECT day::text AS day FROM signature_days ORDER BY 1')).toEqual([{ day: '2026-11-24' }]);
  });

  it('changes nothing where the transaction fails', async () => {
    await apply(batchOf(range(0, 5)));
    await database.query('ALTER TABLE token_times RENAME TO away');
    const batch = batchOf(range(5, 10));
    const withTimes = {
      ...batch,
      portions: batch.portions.map((portion) => ({ ...portion, tokenTimes: [0, 3, 1] })),
    };
    await expect(apply(withTimes)).rejects.toThrow('token_times');
    await database.query('ALTER TABLE away RENAME TO token_times');
    expect(await apply(withTimes)).toMatchObject({ records: 5, beyond: 0 });
    expect(await apply(batchOf([90]))).toMatchObject({ beyond: 1 });
  });
});
