import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BatchQueue } from '../../src/queue/batch-queue.js';
import type { Payload } from '../../src/queue/payload.js';
import type { Applied, CountStore } from '../../src/store/count-store.js';
import type { TeachingStore } from '../../src/store/teaching-store.js';
import { RuleBook } from '../../src/teach/rule-book.js';
import { Intake } from '../../src/ingest/intake.js';
import { readRecord } from '../../src/core/refusal.js';
import { quietEvents, refusal, RULES } from '../support/service.js';
import { ClassifyWorker } from '../../src/classify/classify-worker.js';

const WRITING_MS = 10;
const APPLIED: Applied = { batches: 1, repeated: 0, repeatedPortions: 0, records: 1, refusals: [], tooOld: 0, beyond: 0 };

/** A batch of so many signatures, as a receiver makes it. */
async function payloadOf(signatures: number): Promise<Payload> {
  const payloads: Payload[] = [];
  const intake = new Intake({ add: (payload) => Promise.resolve(void payloads.push(payload)) }, quietEvents(), RULES);
  const letters = (index: number): string => String(index).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const reads = Array.from({ length: signatures }, (_, index) => ({
    reading: readRecord(refusal('jwt expired', Date.now(), `/${letters(index)}`)),
    timeMs: Date.now(),
  }));
  const { confirmed } = await intake.read({ projectId: 1, door: 'events', parts: [reads] });
  await intake.drain();
  await confirmed;
  return payloads[0] ?? ({} as Payload);
}

describe('between two transactions', () => {
  /** Batches of each transaction, and when it began. */
  let transactions: [batches: number, atMs: number][];
  let worker: ClassifyWorker;
  let one: Payload;
  let large: Payload;

  beforeEach(async () => {
    [one, large] = [await payloadOf(1), await payloadOf(3_500)];
    transactions = [];
    jest.useFakeTimers();
    const begun = performance.now();
    const store: Pick<CountStore, 'apply'> = {
      apply: (batches) => {
        transactions.push([batches.length, performance.now() - begun]);
        // As PostgreSQL refuses what it cannot store.
        const refused = batches.some(({ signatures }) => signatures.some(({ signature }) => signature.environment === 'refused'));
        if (refused) return Promise.reject(Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' }));
        return new Promise((resolve) => setTimeout(resolve, WRITING_MS, APPLIED));
      },
    };
    const rules = { rules: () => Promise.resolve({ revision: 0, rules: [] }), revision: () => Promise.resolve(0) };
    const book = new RuleBook(rules as unknown as TeachingStore);
    worker = new ClassifyWorker({} as BatchQueue, store as CountStore, book, quietEvents());
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const take = async (payload: Payload, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) void worker.process(payload);
    await jest.advanceTimersByTimeAsync(0);
  };

  it('is a pause, in which batches gather', async () => {
    await take(one, 1);
    await jest.advanceTimersByTimeAsync(WRITING_MS + 10);
    await take(one, 1);
    await jest.advanceTimersByTimeAsync(20);
    await take(one, 2);
    await jest.advanceTimersByTimeAsync(300);
    expect(transactions).toEqual([
      [1, 0],
      [3, WRITING_MS + 250],
    ]);
  });

  it('is none when some time has gone by', async () => {
    await take(one, 1);
    await jest.advanceTimersByTimeAsync(1_000);
    await take(one, 1);
    expect(transactions).toEqual([
      [1, 0],
      [1, 1_000],
    ]);
  });

  it.each([
    ['batches', 6, (): Payload => one],
    ['signatures', 3, (): Payload => large],
  ])('is none when there are %s enough', async (_what, enough, payload) => {
    await take(payload(), 1);
    await jest.advanceTimersByTimeAsync(WRITING_MS);
    await take(payload(), enough - 1);
    await jest.advanceTimersByTimeAsync(5);
    expect(transactions).toHaveLength(1);
    await take(payload(), 1);
    expect(transactions[1]?.[1]).toBe(WRITING_MS + 5);
  });

  it('counts the neighbours of a batch that breaks the reading, and tells whoever waits for it', async () => {
    // So many mistakes that the list of them overflows the stack.
    const broken = { ...one, facts: [{ codes: Array<number>(200_000).fill(1) }] };
    const told = Promise.allSettled([worker.process(broken), worker.process(one)]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await told).toMatchObject([{ status: 'rejected', reason: { name: 'PermanentError' } }, { status: 'fulfilled' }]);
    await take(one, 1);
    expect(transactions.length).toBeGreaterThan(1);
  });

  it('takes nothing from a batch that cannot be counted for another one', async () => {
    // The same id, of another text: no receiver makes one.
    const refused = { ...one, texts: one.texts.map((text) => (text === '' ? 'refused' : text)) };
    const told = Promise.allSettled([worker.process(refused)]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await told).toMatchObject([{ status: 'rejected', reason: { name: 'PermanentError' } }]);
    const next = worker.process(one);
    await jest.advanceTimersByTimeAsync(1_000);
    await next;
  });
});
