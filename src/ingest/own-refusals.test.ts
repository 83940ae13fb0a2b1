import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { Asking, Denial } from '../ops/access.js';
import { Events } from '../ops/events.js';
import { createLogger } from '../ops/logger.js';
import { Metrics } from '../ops/metrics.js';
import type { IntakeRequest } from './intake.js';
import type { Read } from './request-reader.js';
import { OwnRefusals } from './own-refusals.js';

const ASKING: Asking = {
  ...{ authorization: [], cookie: undefined, method: 'GET', route: '/v1/trends', origin: 'unknown', address: '203.0.113.9' },
  host: undefined,
  userAgent: 'curl/8',
};
const DENIAL: Denial = { reason: 'missing_key', status: 401, detail: '', headers: {}, projectId: 1, keyId: undefined };

describe('our own refusals', () => {
  let taken: { projectId: number; reads: Read[] }[];
  let failure: Error | undefined;
  let lines: string;
  let own: OwnRefusals;
  beforeEach(() => {
    jest.useFakeTimers();
    [taken, failure, lines] = [[], undefined, ''];
    const output = new PassThrough().on('data', (chunk: Buffer) => (lines += chunk.toString())) as unknown as NodeJS.WriteStream;
    const read = async ({ projectId, parts }: IntakeRequest): Promise<{ confirmed: Promise<never> }> => {
      if (failure !== undefined) throw failure;
      const reads: Read[] = [];
      for await (const part of parts) reads.push(...part);
      taken.push({ projectId, reads });
      return { confirmed: Promise.resolve(undefined as never) };
    };
    own = new OwnRefusals({ read }, new Events(createLogger('warn', output), new Metrics()));
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const second = (): Promise<void> => jest.advanceTimersByTimeAsync(1_000);

  it('are folded, and handed over once a second, project by project', async () => {
    for (let request = 0; request < 1_000; request += 1) own.note(ASKING, DENIAL);
    own.note(ASKING, { ...DENIAL, projectId: 2, reason: 'revoked_key' });
    expect(taken).toEqual([]);
    await second();
    expect(taken.map(({ projectId, reads }) => [projectId, reads.length, new Set(reads).size])).toEqual([
      [1, 1_000, 1],
      [2, 1, 1],
    ]);
    expect(taken[0]?.reads[0]?.reading).toMatchObject({
      kind: 'refusal',
      signature: { service: 'why401', template: 'no API key was sent' },
    });
    await jest.advanceTimersByTimeAsync(10_000);
    expect([taken.length, jest.getTimerCount()]).toEqual([2, 0]);
  });

  it('are a thousand kinds at most: beyond it addresses are one, and then the rest is dropped and told', async () => {
    for (let at = 0; at < 3_000; at += 1) own.note({ ...ASKING, address: `10.0.${String(at >> 8)}.${String(at & 255)}` }, DENIAL);
    await second();
    const reads = taken[0]?.reads ?? [];
    expect([reads.length, new Set(reads).size, lines]).toEqual([3_000, 1_001, '']);
    for (let at = 0; at < 3_000; at += 1) own.note({ ...ASKING, route: `/${String(at)}`, address: '' }, DENIAL);
    await second();
    expect([taken[1]?.reads.length, lines]).toEqual([1_200, expect.stringContaining('1800 refusals of our own are not counted')]);
  });

  it('fail nobody where the intake has no room, and go on after it', async () => {
    failure = new Error('too many requests are waiting for the queue');
    own.note(ASKING, DENIAL);
    await second();
    expect(lines).toContain('1 refusals of our own are not counted: too many requests are waiting for the queue');
    failure = undefined;
    own.note(ASKING, DENIAL);
    await own.stop();
    expect(taken.map(({ reads }) => reads.length)).toEqual([1]);
  });
});
