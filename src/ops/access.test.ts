import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { Access, type AccessParts, type Admission, type Asking, type Denial } from './access.js';
import { Events } from './events.js';
import { newKey, type NewKey } from './key-secret.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';

type Known = NonNullable<Awaited<ReturnType<AccessParts['keys']['key']>>>;

const ASKING: Asking = {
  ...{ authorization: [], cookie: undefined, method: 'GET', route: '/v1/trends', origin: 'unknown', address: '203.0.113.9' },
  host: undefined,
  userAgent: undefined,
};

/** Keys in memory, and how often somebody looked for one. */
class Keys {
  readonly rows = new Map<string, Known>();
  looks = 0;
  uses: string[] = [];
  isAway = false;
  isSilent = false;
  /** Answers that are lost on the way, as they were when somebody asked. */
  lost: (() => void)[] = [];

  add(key: NewKey, more: Partial<Known> = {}): string {
    const { id, hash } = key;
    const dates = { expiresAt: null, revokedAt: null, lastUsedAt: null };
    this.rows.set(id, { id, hash, projectId: 7, project: 'shop', scopes: ['read'], ...dates, ...more });
    return key.text;
  }

  key(id: string): Promise<Known | undefined> {
    this.looks += 1;
    const row = this.rows.get(id);
    if (this.isSilent)
      return new Promise((resolve) =>
        this.lost.push(() => {
          resolve(row);
        }),
      );
    return this.isAway ? Promise.reject(new Error('connection refused')) : Promise.resolve(this.rows.get(id));
  }

  isAnyMade(): Promise<boolean> {
    return Promise.resolve(this.rows.size > 0);
  }

  noteUse(id: string): Promise<void> {
    this.uses.push(id);
    return Promise.resolve();
  }
}

function partsOf(keys: Keys): AccessParts {
  const nowhere = new PassThrough().resume() as unknown as NodeJS.WriteStream;
  const events = new Events(createLogger('error', nowhere), new Metrics());
  return { keys, isRequired: true, events, onDenied: () => undefined };
}

function accessTo(keys: Keys, note: (denial: Denial) => void = () => undefined): Access {
  const onDenied = (_: Asking, denial: Denial): void => {
    note(denial);
  };
  return new Access({ ...partsOf(keys), onDenied });
}

const ask = (access: Access, key: string, more: Partial<Asking> = {}): Promise<Admission> =>
  access.admit({ ...ASKING, authorization: [`Bearer ${key}`], ...more }, { scopes: ['read'] });
const reasonOf = (admission: Admission): string => ('denial' in admission ? admission.denial.reason : 'granted');

describe('access', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks for a key once for all requests of some seconds, at once or one after the other', async () => {
    const keys = new Keys();
    const text = keys.add(newKey());
    const access = accessTo(keys);
    const admissions = await Promise.all(Array.from({ length: 100 }, () => ask(access, text)));
    for (let request = 0; request < 100; request += 1) admissions.push(await ask(access, text));
    expect([new Set(admissions.map(reasonOf)), keys.looks, keys.uses.length]).toEqual([new Set(['granted']), 1, 1]);
    const [first] = admissions;
    expect(first).toMatchObject({ grant: { projectId: 7, project: 'shop', scopes: ['read'], isOperator: false } });
  });

  it('notes a use once a minute', async () => {
    const keys = new Keys();
    const [recent, older] = [newKey(), newKey()];
    const access = accessTo(keys);
    await ask(access, keys.add(recent, { lastUsedAt: new Date(Date.now() - 50_000) }));
    await ask(access, keys.add(older, { lastUsedAt: new Date(Date.now() - 70_000) }));
    expect(keys.uses).toEqual([older.id]);
  });

  it('tells the reasons of refusals apart for the operator, with the project and the key, and for nobody else', async () => {
    const keys = new Keys();
    const denials: Denial[] = [];
    const access = accessTo(keys, (denial) => denials.push(denial));
    const [expired, revoked, small] = [newKey(), newKey(), newKey()];
    const texts = [
      keys.add(expired, { expiresAt: new Date(Date.now() - 1) }),
      keys.add(revoked, { revokedAt: new Date() }),
      newKey().text,
      // The id of a key that is there, and another secret.
      small.text.slice(0, 18) + newKey().text.slice(18),
    ];
    keys.add(small, { scopes: ['ingest'] });
    for (const text of texts) await ask(access, text);
    await ask(access, small.text);
    expect(denials.map(({ reason, projectId, keyId }) => [reason, projectId, keyId])).toEqual([
      ['expired_key', 7, expired.id],
      ['revoked_key', 7, revoked.id],
      ['unknown_key', 1, undefined],
      ['unknown_key', 1, undefined],
      ['insufficient_scope', 7, small.id],
    ]);
    const answers = denials.slice(0, 4).map(({ status, detail, headers }) => JSON.stringify([status, detail, headers]));
    expect(new Set(answers).size).toBe(1);
  });

  it('remembers ten thousand keys, the ones that were asked for last', async () => {
    const keys = new Keys();
    const texts = Array.from({ length: 10_001 }, () => keys.add(newKey()));
    const access = accessTo(keys);
    for (const text of texts) await ask(access, text);
    await ask(access, texts.at(-1) ?? '');
    expect(keys.looks).toBe(10_001);
    await ask(access, texts[0] ?? '');
    expect(keys.looks).toBe(10_002);
  });

  it('asks to come again while the database is away, and takes nobody for a guesser', async () => {
    const keys = new Keys();
    const denials: Denial[] = [];
    const access = accessTo(keys, (denial) => denials.push(denial));
    const text = keys.add(newKey());
    keys.isAway = true;
    const during = await Promise.all(Array.from({ length: 100 }, () => ask(access, newKey().text, { address: '198.51.100.1' })));
    expect(new Set(during.map(reasonOf))).toEqual(new Set(['unavailable']));
    for (let request = 0; request < 100; request += 1) {
      const away = await ask(access, text);
      expect(away).toMatchObject({ denial: { status: 503, headers: { 'retry-after': '2' } } });
    }
    keys.isAway = false;
    expect(reasonOf(await ask(access, text))).toBe('granted');
    // It says nothing of whoever asked.
    expect(denials.filter(({ reason }) => reason === 'unavailable')).toEqual([]);
  });

  describe('while the database does not answer', () => {
    const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * 1_000);
    const revoke = (keys: Keys, { id }: NewKey): void => {
      const row = keys.rows.get(id);
      if (row !== undefined) keys.rows.set(id, { ...row, revokedAt: new Date() });
    };

    it('believes a key that held for five minutes, and asks for it once a second', async () => {
      jest.useFakeTimers();
      const keys = new Keys();
      const access = accessTo(keys);
      const [text, other] = [keys.add(newKey()), keys.add(newKey())];
      await ask(access, text);
      keys.isAway = true;
      await seconds(4);
      for (let request = 0; request < 100; request += 1) expect(reasonOf(await ask(access, text))).toBe('granted');
      expect([keys.looks, reasonOf(await ask(access, other))]).toEqual([2, 'unavailable']);
      await seconds(295);
      expect(reasonOf(await ask(access, text))).toBe('granted');
      await seconds(2);
      expect(reasonOf(await ask(access, text))).toBe('unavailable');
      keys.isAway = false;
      expect(reasonOf(await ask(access, text))).toBe('granted');
    });

    it('lets a request wait a second for an answer that does not come, and the next ones no longer', async () => {
      jest.useFakeTimers();
      const keys = new Keys();
      const access = accessTo(keys);
      const text = keys.add(newKey());
      await ask(access, text);
      keys.isSilent = true;
      await seconds(4);
      let first = '';
      void ask(access, text).then((admission) => (first = reasonOf(admission)));
      await jest.advanceTimersByTimeAsync(999);
      expect(first).toBe('');
      await jest.advanceTimersByTimeAsync(1);
      expect(first).toBe('granted');
      const started = performance.now();
      const next = ask(access, text);
      await jest.advanceTimersByTimeAsync(1);
      expect([reasonOf(await next), performance.now() - started, keys.looks]).toEqual(['granted', 1, 2]);
    });

    it('asks again where an answer may be lost, and believes the newest one', async () => {
      jest.useFakeTimers();
      const keys = new Keys();
      const access = accessTo(keys);
      const key = newKey();
      const text = keys.add(key);
      await ask(access, text);
      keys.isSilent = true;
      await seconds(4);
      const during = ask(access, text);
      await seconds(1);
      expect(reasonOf(await during)).toBe('granted');
      keys.isSilent = false;
      revoke(keys, key);
      await seconds(2);
      expect(reasonOf(await ask(access, text))).toBe('revoked_key');
      for (const arrive of keys.lost) arrive();
      keys.isAway = true;
      await seconds(1);
      expect([keys.lost.length, reasonOf(await ask(access, text))]).toEqual([1, 'revoked_key']);
    });

    it('goes on refusing a key whose end was seen, and lets none live longer than it was made for', async () => {
      jest.useFakeTimers();
      const keys = new Keys();
      const access = accessTo(keys);
      const [revoked, short] = [newKey(), newKey()];
      const [text, ending] = [keys.add(revoked), keys.add(short, { expiresAt: new Date(Date.now() + 10_000) })];
      await ask(access, text);
      await ask(access, ending);
      revoke(keys, revoked);
      await seconds(3.001);
      expect(reasonOf(await ask(access, text))).toBe('revoked_key');
      keys.isAway = true;
      expect(reasonOf(await ask(access, ending))).toBe('granted');
      await seconds(10);
      expect([reasonOf(await ask(access, text)), reasonOf(await ask(access, ending))]).toEqual(['revoked_key', 'unavailable']);
      // When it is forgotten why, it is not believed either.
      await seconds(61);
      expect(reasonOf(await ask(access, text))).toBe('unavailable');
    });

    it('refuses a revoked key within five seconds of when it was revoked, or of when the database answers again', async () => {
      jest.useFakeTimers();
      const keys = new Keys();
      const access = accessTo(keys);
      const [one, two] = [newKey(), newKey()];
      const [text, other] = [keys.add(one), keys.add(two)];
      await ask(access, text);
      await ask(access, other);
      revoke(keys, one);
      await seconds(5);
      expect(reasonOf(await ask(access, text))).toBe('revoked_key');
      keys.isAway = true;
      revoke(keys, two);
      expect(reasonOf(await ask(access, other))).toBe('granted');
      await seconds(100);
      expect(reasonOf(await ask(access, other))).toBe('granted');
      keys.isAway = false;
      await seconds(5);
      expect(reasonOf(await ask(access, other))).toBe('revoked_key');
    });
  });

  it('turns away no key that holds, however many new ones come from one address at once, and guesses among them', async () => {
    const keys = new Keys();
    const access = accessTo(keys);
    const texts = Array.from({ length: 200 }, (_, at) => (at % 10 === 0 ? newKey().text : keys.add(newKey())));
    const reasons = (await Promise.all(texts.map((text) => ask(access, text)))).map(reasonOf);
    expect(reasons).toEqual(texts.map((_, at) => (at % 10 === 0 ? 'unknown_key' : 'granted')));
    // The twenty guesses count, and ten more: the others are not looked for.
    const looks = keys.looks;
    const guesses = await Promise.all(Array.from({ length: 200 }, () => ask(access, newKey().text)));
    expect([guesses.filter((one) => reasonOf(one) === 'unknown_key').length, keys.looks - looks]).toEqual([10, 10]);
    expect(new Set(guesses.map(reasonOf))).toEqual(new Set(['unknown_key', 'too_many_guesses']));
  });

  it('lets pages of other sites change nothing where no key is asked', async () => {
    const access = new Access({ ...partsOf(new Keys()), isRequired: false });
    const post = async (origin: Asking['origin'], method = 'POST'): Promise<string> =>
      reasonOf(await access.admit({ ...ASKING, method, origin }, { scopes: ['admin'], isOperator: true }));
    expect([await post('foreign'), await post('foreign', 'GET'), await post('own'), await post('unknown')]).toEqual([
      ...['foreign_page', 'granted', 'granted', 'granted'],
    ]);
    access.keyMade();
    expect(await post('own')).toBe('missing_key');
  });

  it('is there under no name that somebody else may have made lead here, where no key is asked', async () => {
    const keys = new Keys();
    const text = keys.add(newKey());
    const access = new Access({ ...partsOf(keys), isRequired: false });
    const get = async (host: string): Promise<string> => reasonOf(await access.admit({ ...ASKING, host }, { scopes: ['read'] }));
    expect([await get('rebound.example:4010'), await get('localhost:4010')]).toEqual(['foreign_host', 'granted']);
    access.keyMade();
    // Cookies belong to one host, and no page knows a key.
    expect(reasonOf(await ask(access, text, { host: 'why401.example' }))).toBe('granted');
  });
});
