import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LogRecord } from '../core/log-record.js';
import { readRecord } from '../core/refusal.js';
import { WireError } from '../core/wire/protobuf.js';
import { readBatch, type Batch, type Payload } from '../queue/payload.js';
import { quietEvents, refusal, RULES, until } from '../../test/support/service.js';
import { Intake } from './intake.js';
import { IntakeUnavailableError, readOne, type IntakeResult, type Read } from './request-reader.js';

async function accept(intake: Intake, reads: Iterable<Read>, projectId = 1): Promise<IntakeResult> {
  const { confirmed } = await intake.read({ projectId, door: 'events', parts: [reads] });
  return confirmed;
}

function read(record: LogRecord): Read {
  return { reading: readRecord(record), timeMs: record.timeMs };
}

function keeping(batches: Batch[]): { add: (payload: Payload) => Promise<void> } {
  return { add: (payload) => Promise.resolve(void batches.push(unpacked(payload))) };
}

function unpacked(payload: Payload): Batch {
  const batch = readBatch(JSON.parse(JSON.stringify(payload)));
  if (typeof batch === 'string') throw new Error(batch);
  return batch;
}

/** A route of its own for each: letters, since numbers would be masked. */
function* different(count: number): Generator<Read, undefined> {
  const word = (index: number): string =>
    [index % 24, Math.floor(index / 24) % 24, Math.floor(index / 576)].map((at) => WORDS[at] ?? '').join('/');
  for (let index = 0; index < count; index += 1) yield read(refusal('jwt expired', Date.now(), `/${word(index)}`));
}

const WORDS =
  'orders items carts search reports files events notes tags plans jobs media maps news rates stock tests weeks years zones prices parts rooms'.split(
    ' ',
  );

describe('intake', () => {
  it('has the next batch of a project pause while workers are behind, other projects go on, and nobody wait once it hurries', async () => {
    const batches: Batch[] = [];
    const intake = new Intake(keeping(batches), quietEvents(), { ...RULES, pauseMs: () => 600_000 });
    const one = [read(refusal('jwt expired'))];
    // Complete at once, and yet the second one waits for its pause.
    const twice = [1, 2, 3].map(() => accept(intake, different(2_100), 6));
    expect(await Promise.race(twice)).toMatchObject({ accepted: 2_100 });
    const before = batches.splice(0);
    expect(before.map(({ projectId }) => projectId)).toEqual([6]);
    for (const projectId of [1, 2, 3, 4]) expect(await accept(intake, one, projectId)).toMatchObject({ accepted: 1 });
    const paused = [accept(intake, one), accept(intake, one), accept(intake, different(3_900)), accept(intake, different(3_900))];
    expect(await accept(intake, one, 5)).toMatchObject({ accepted: 1 });
    expect(batches.map(({ projectId }) => projectId)).toEqual([1, 2, 3, 4, 5]);
    intake.hurry();
    expect((await Promise.all([...paused, ...twice])).map(({ accepted }) => accepted)).toEqual([1, 1, 3_900, 3_900, 2_100, 2_100, 2_100]);
    expect(await accept(intake, one)).toMatchObject({ accepted: 1 });
    await intake.drain();
    expect([...before, ...batches].reduce((sum, { portions }) => sum + portions.length, 0)).toBe(5 + 2 + 2 * 4 + 3 * 3 + 1);
  });

  it('has a project pause behind each batch that the queue took, also where another one is on its way', async () => {
    let pauseMs = 0;
    const taken: (() => void)[] = [];
    const queue = { add: () => new Promise<void>((resolve) => taken.push(resolve)) };
    const intake = new Intake(queue, quietEvents(), { ...RULES, pauseMs: () => pauseMs });
    const sent: Promise<IntakeResult>[] = [];
    for (const onTheirWay of [1, 2]) {
      sent.push(accept(intake, different(1)));
      await until(
        () => taken.length,
        (count) => count === onTheirWay,
      );
    }
    sent.push(accept(intake, different(1)));
    pauseMs = 600_000;
    taken[0]?.();
    await sent[0];
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toHaveLength(2);
    intake.hurry();
    expect(taken).toHaveLength(3);
    for (const resolve of taken) resolve();
    expect((await Promise.all(sent)).map(({ accepted }) => accepted)).toEqual([1, 1, 1]);
  });

  describe('with time told by the test', () => {
    let batches: Batch[];
    let intake: Intake;

    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
      batches = [];
      intake = new Intake(keeping(batches), quietEvents(), RULES);
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    const send = (records: number, projectId = 1): Promise<unknown> =>
      intake.read({ projectId, door: 'events', parts: [different(records)] });
    /** @returns milliseconds until so many batches went, to five: a timer of Node may fire a millisecond late */
    const until = async (count: number): Promise<number> => {
      let ms = 0;
      for (; batches.length < count && ms < 100; ms += 1) await jest.advanceTimersByTimeAsync(1);
      return Math.floor(ms / 5) * 5;
    };

    it.each([
      [1, 1],
      [4, 1],
      [1, 3_500],
    ])('hands over %d requests of %d records after 5 ms', async (requests, records) => {
      for (let index = 0; index < requests; index += 1) await send(records);
      expect(await until(1)).toBe(5);
      expect(batches).toHaveLength(1);
    });

    it.each([
      ['50 ms behind the one before where little is in it', 50, [1, 498]],
      ['20 ms behind it where much is', 20, [500]],
      ['20 ms behind it where much comes one by one', 20, [1, 499]],
    ])('hands over the next batch of a project %s', async (_how, apartMs, sizes) => {
      await send(1);
      await until(1);
      for (const records of sizes) await send(records);
      expect(await until(2)).toBe(apartMs);
    });

    it('keeps a request until as many are there as in one of the two batches before, 20 ms at most, and not long behind them', async () => {
      let batch = 0;
      const next = async (pauseMs: number, requests: number[]): Promise<number> => {
        await jest.advanceTimersByTimeAsync(pauseMs);
        for (const records of requests) await send(records);
        return until((batch += 1));
      };
      // A large request, of several portions, is one.
      expect(await next(0, [2_100])).toBe(5);
      expect(await next(60, [1])).toBe(5);
      expect(await next(60, [1, 1])).toBe(5);
      for (const expected of [20, 20, 5]) expect(await next(60, [1])).toBe(expected);
      expect(await next(60, [1, 1])).toBe(5);
      expect(await next(60, [1, 1])).toBe(5);
      expect(await next(250, [1])).toBe(5);
    });

    it('counts the records of a request that begins with what is no refusal', async () => {
      await send(1);
      await until(1);
      const ignored = Array.from({ length: 1_000 }, (): Read => ({ reading: { kind: 'ignored' }, timeMs: Date.now() }));
      await intake.read({ projectId: 1, door: 'events', parts: [[...ignored, ...different(1)]] });
      expect(await until(2)).toBe(20);
    });

    it('has a project wait for no other one, and for none that is long gone', async () => {
      await send(1);
      await until(1);
      await send(1, 2);
      expect(await until(2)).toBe(5);
      await jest.advanceTimersByTimeAsync(60);
      await send(1);
      expect(await until(3)).toBe(5);
    });
  });

  it('tells of a client once in a minute, but for one in a batch that the queue did not take', async () => {
    const batches: Batch[] = [];
    let fails = false;
    const queue = { add: (payload: Payload) => (fails ? Promise.reject(new Error('away')) : keeping(batches).add(payload)) };
    const intake = new Intake(queue, quietEvents(), RULES);
    const minute = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
    const from = (client: string, projectId = 1): Promise<IntakeResult> => {
      const record = refusal('jwt expired', minute);
      return accept(intake, [read({ ...record, attributes: { ...record.attributes, 'client.address': client } })], projectId);
    };
    await from('203.0.113.7');
    await from('203.0.113.7');
    await from('203.0.113.7', 2);
    fails = true;
    await expect(from('203.0.113.8')).rejects.toThrow('cannot be reached');
    fails = false;
    await from('203.0.113.8');
    await from('203.0.113.8');
    expect(batches.map(({ projectId, sketches }) => [projectId, sketches.length])).toEqual([
      [1, 1],
      [1, 0],
      [2, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  it('has projects served in turn, however much one of them sends', async () => {
    const batches: Batch[] = [];
    let confirm: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (confirm = resolve));
    const queue = {
      add: async (payload: Payload): Promise<void> => {
        batches.push(unpacked(payload));
        if (batches.length <= 2) await first;
      },
    };
    const intake = new Intake(queue, quietEvents(), RULES);
    // Some batches of project 1 are complete and wait before the others send anything.
    const flood = Array.from({ length: 3 }, () => accept(intake, different(3_900)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const others = [2, 3].map((projectId) => accept(intake, [read(refusal('jwt expired'))], projectId));
    await new Promise((resolve) => setTimeout(resolve, 100));
    confirm();
    await Promise.all([...flood, ...others]);
    const order = batches.map(({ projectId }) => projectId);
    expect(order.filter((projectId) => projectId !== 1).sort()).toEqual([2, 3]);
    expect(Math.max(order.indexOf(2), order.indexOf(3))).toBeLessThan(order.lastIndexOf(1));
  });

  it('reads nothing of a request that there is no room for, and takes it when there is', async () => {
    let confirm: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (confirm = resolve));
    const intake = new Intake({ add: () => taken }, quietEvents(), RULES);
    let asked = 0;
    const counted = function* (): Generator<Read, undefined> {
      for (const one of different(1_000)) {
        asked += 1;
        yield one;
      }
    };
    const waiting: Promise<IntakeResult>[] = [];
    const refused: unknown[] = [];
    for (let request = 0; request < 40; request += 1) {
      await intake.read({ projectId: 1, door: 'events', parts: [counted()] }).then(
        ({ confirmed }) => waiting.push(confirmed),
        (error: unknown) => refused.push(error),
      );
    }
    expect(refused.length).toBeGreaterThan(20);
    expect(refused.every((error) => error instanceof IntakeUnavailableError)).toBe(true);
    // Now and then one is tried.
    expect(asked).toBeLessThan(1_000 * (waiting.length + refused.length / 3));
    confirm();
    await Promise.all(waiting);
    expect(await accept(intake, counted())).toMatchObject({ accepted: 1_000 });
  });

  it('weighs rejections that are listed', async () => {
    const queue = { add: () => new Promise<void>(() => undefined) };
    const intake = new Intake(queue, quietEvents(), RULES);
    const unreadable: Read = { reading: { kind: 'rejected', reason: 'is no JSON' }, timeMs: 0 };
    let taken = 0;
    // Each lists 10,000, up to a megabyte: of those a project may have some two dozen waiting.
    for (let request = 0; request < 40; request += 1) {
      const reads = [read(refusal('jwt expired')), ...Array<Read>(10_000).fill(unreadable)];
      await intake.read({ projectId: 1, door: 'events', parts: [reads] }).then(
        () => (taken += 1),
        (error: unknown) => {
          expect(error).toBeInstanceOf(IntakeUnavailableError);
        },
      );
    }
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(30);
  });

  it('takes 8,000 different refusals in a request, and not many more', async () => {
    const intake = new Intake({ add: () => Promise.resolve() }, quietEvents(), RULES);
    const routes = [...different(8_000)].map(({ reading }) => (reading.kind === 'refusal' ? reading.signature.route : ''));
    expect(new Set(routes).size).toBe(8_000);
    expect(await accept(intake, different(8_000))).toMatchObject({ accepted: 8_000 });
    await expect(accept(intake, different(10_001))).rejects.toMatchObject({ status: 413 });
    expect(await accept(intake, different(8_000))).toMatchObject({ accepted: 8_000 });
  });

  it('takes refusals and traffic of some thousand minutes in a request, and no more than memory allows', async () => {
    const intake = new Intake({ add: () => Promise.resolve() }, quietEvents(), RULES);
    const start = Date.now() - 300 * 86_400_000;
    const minutes = function* (record: LogRecord, count: number): Generator<Read, undefined> {
      const { reading } = read(record);
      for (let index = 0; index < count; index += 1) yield { reading, timeMs: start + index * 60_000 };
    };
    const done: LogRecord = { ...refusal('done'), attributes: { 'http.response.status_code': 200 } };
    for (const record of [refusal('jwt expired'), done]) {
      expect(await accept(intake, minutes(record, 20_000))).toMatchObject({ rejectedCount: 0 });
      await expect(accept(intake, minutes(record, 200_000))).rejects.toMatchObject({ status: 413 });
    }
  });

  it('counts all rejections and lists the first ones', async () => {
    const intake = new Intake({ add: () => Promise.resolve() }, quietEvents(), RULES);
    const unreadable: Read = { reading: { kind: 'rejected', reason: 'is no JSON' }, timeMs: 0 };
    const { rejected, rejectedCount } = await accept(intake, Array<Read>(12_345).fill(unreadable));
    expect([rejected.length, rejected[9_999], rejectedCount]).toEqual([10_000, { index: 9_999, reason: 'is no JSON' }, 12_345]);
  });

  it('rejects a record that makes a mistake of ours show, and takes its neighbours', async () => {
    const intake = new Intake({ add: () => Promise.resolve() }, quietEvents(), RULES);
    const broken = readOne(Date.now(), () => {
      throw new TypeError('cannot read properties of undefined');
    });
    const { accepted, rejected } = await accept(intake, [read(refusal('jwt expired')), broken, read(refusal('jwt expired'))]);
    expect([accepted, rejected]).toEqual([2, [{ index: 1, reason: 'cannot be read; the log of the service names why' }]]);
    expect(() =>
      readOne(0, () => {
        throw new WireError('the bytes end in the middle of a field');
      }),
    ).toThrow(WireError);
  });

  it('has the queue hold traffic as well, and asks it for nothing where nothing counts', async () => {
    const batches: Batch[] = [];
    const intake = new Intake(keeping(batches), quietEvents(), RULES);
    const done = { ...refusal('done'), attributes: { 'http.response.status_code': 200, 'http.route': '/orders/{id}' } };
    const old = { ...done, timeMs: Date.now() - 500 * 86_400_000 };
    expect(await accept(intake, [{ ...done, attributes: {} }, old].map(read))).toMatchObject({ ignored: 2 });
    expect(batches).toEqual([]);
    expect(await accept(intake, [read(done), read(done)])).toMatchObject({ accepted: 0, ignored: 2 });
    expect(batches).toMatchObject([
      { signatures: [], targets: [{ service: 'checkout', route: '/orders/{id}' }], portions: [{ traffic: [0, expect.any(Number), 2] }] },
    ]);
  });
});
