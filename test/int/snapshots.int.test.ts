import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { freshDatabase } from '../support/databases.js';

/** As many as are answered at once. */
const ENOUGH = 2;
const MAX_WAITING = 1_000;

describe('snapshots', () => {
  let database: DataSource;
  beforeEach(async () => {
    database = await openDatabase(await freshDatabase(), () => undefined);
  });
  afterEach(() => database.destroy());

  /** Has every place taken until it is told to give them back. */
  function occupied(): { free: () => Promise<unknown> } {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const busy = Array.from({ length: ENOUGH }, () => onSnapshot(database, () => gate));
    return {
      free: () => {
        open();
        return Promise.all(busy);
      },
    };
  }

  /** When the snapshot's transaction began. */
  function began(timeoutMs?: number): Promise<string> {
    return onSnapshot(
      database,
      async (_, transaction) => (await transaction.query<{ began: string }[]>('SELECT now()::text AS began'))[0]?.began ?? '',
      timeoutMs,
    );
  }

  it('are one for questions that wait, which see what was there when they were asked', async () => {
    const { free } = occupied();
    const waiting = [began(), began()];
    await database.query("INSERT INTO projects (id, name) VALUES (2, 'other')");
    const projects = onSnapshot(database, (_, transaction) => transaction.query<unknown[]>('SELECT id FROM projects ORDER BY id'));
    await free();
    expect(new Set(await Promise.all(waiting)).size).toBe(1);
    expect(await projects).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await began()).not.toBe(await waiting[0]);
  });

  it('do not stand behind those alone that take long', async () => {
    const { free } = occupied();
    expect(await began()).not.toBe('');
    await free();
  });

  it('fail one question and answer the others', async () => {
    const { free } = occupied();
    const before = began();
    const wrong = onSnapshot(database, (_, transaction) => transaction.query('SELECT 1 / 0'));
    const after = [began(), began()];
    const failed = expect(wrong).rejects.toMatchObject({ code: '22012' });
    await free();
    await failed;
    expect(await before).not.toBe('');
    expect(new Set(await Promise.all(after)).size).toBe(1);
  });

  it('give each question its own time', async () => {
    const { free } = occupied();
    const limits = [undefined, 70, undefined].map((timeoutMs) =>
      onSnapshot(database, (_, transaction) => transaction.query<{ statement_timeout: string }[]>('SHOW statement_timeout'), timeoutMs),
    );
    await free();
    expect((await Promise.all(limits)).map(([row]) => row?.statement_timeout)).toEqual(['10s', '70ms', '10s']);
  });

  it('refuse a question where a thousand wait', async () => {
    const { free } = occupied();
    const waiting = Array.from({ length: MAX_WAITING }, () => onSnapshot(database, () => Promise.resolve(1)));
    await expect(onSnapshot(database, () => Promise.resolve(1))).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    await free();
    expect((await Promise.all(waiting)).length).toBe(MAX_WAITING);
  });

  it('change nothing', async () => {
    await expect(onSnapshot(database, (_, transaction) => transaction.query('DELETE FROM projects'))).rejects.toMatchObject({
      code: '25006',
    });
  });
});
