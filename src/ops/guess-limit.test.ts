import { describe, expect, it } from '@jest/globals';
import { GuessLimit, type Outcome } from './guess-limit.js';

const HOST = '203.0.113.9';

/** A try that turns out as given. @returns seconds after which there is one again; undefined where there was one */
function tryOnce(limit: GuessLimit, address: string, nowMs: number, outcome: Outcome = 'wrong'): number | undefined {
  const turn = limit.take(address, nowMs);
  if ('settle' in turn) turn.settle(outcome);
  return 'retryAfterSeconds' in turn ? turn.retryAfterSeconds : undefined;
}

/** How many tries an address has in a row. */
function triesOf(limit: GuessLimit, address: string, nowMs = 0): number {
  for (let tries = 0; ; tries += 1) if (tryOnce(limit, address, nowMs) !== undefined) return tries;
}

function settleOf(limit: GuessLimit): (outcome: Outcome) => void {
  const turn = limit.take(HOST, 0);
  if (!('settle' in turn)) throw new Error('there was no try left');
  return turn.settle;
}

function waitFor(limit: GuessLimit): Promise<Outcome> {
  const turn = limit.take(HOST, 0);
  if (!('after' in turn)) throw new Error('there was nothing to wait for');
  return turn.after;
}

describe('the limit on guessing', () => {
  it('lets an address try thirty keys, then one every two seconds, and says when', () => {
    const limit = new GuessLimit();
    expect(triesOf(limit, HOST)).toBe(30);
    expect([tryOnce(limit, HOST, 500), tryOnce(limit, HOST, 2_000), tryOnce(limit, HOST, 2_000)]).toEqual([2, undefined, 2]);
    expect(triesOf(limit, HOST, 3_600_000)).toBe(30);
  });

  it('costs no other address anything', () => {
    const limit = new GuessLimit();
    triesOf(limit, HOST);
    expect(tryOnce(limit, '203.0.113.10', 0)).toBeUndefined();
  });

  it('counts what was a guess alone, and never gives more than there were', () => {
    const limit = new GuessLimit();
    for (let request = 0; request < 100; request += 1)
      for (const outcome of ['right', 'unknown'] as const) expect(tryOnce(limit, HOST, 0, outcome)).toBeUndefined();
    expect(triesOf(limit, HOST)).toBe(30);
  });

  it('has who finds none left wait for what the others turn out to be: one goes on for each that holds', async () => {
    const limit = new GuessLimit();
    const settles = Array.from({ length: 30 }, () => settleOf(limit));
    const gone: number[] = [];
    const waits = [0, 1, 2].map((at) => waitFor(limit).then((outcome) => gone.push(at) && outcome));
    settles.pop()?.('wrong');
    settles.pop()?.('right');
    expect([await waits[0], gone]).toEqual(['right', [0]]);
    // Whoever goes on takes the try that came back; then there is none for anybody else.
    settles.push(settleOf(limit));
    for (const settle of settles) settle('wrong');
    expect([await waits[1], await waits[2], gone]).toEqual(['wrong', 'wrong', [0, 1, 2]]);
    expect(limit.take(HOST, 0)).toEqual({ retryAfterSeconds: 2 });
  });

  it('leaves nobody waiting where one who went on needs no try any more', async () => {
    const limit = new GuessLimit();
    const settles = Array.from({ length: 30 }, () => settleOf(limit));
    const waits = [0, 1, 2].map(() => waitFor(limit));
    const last = settles.pop();
    for (const settle of settles) settle('wrong');
    last?.('right');
    expect(await Promise.all(waits)).toEqual(['right', 'right', 'right']);
  });

  it('tells all who wait at once where nobody can tell', async () => {
    const limit = new GuessLimit();
    const [settle] = Array.from({ length: 30 }, () => settleOf(limit));
    const waits = [0, 1, 2].map(() => waitFor(limit));
    settle?.('unknown');
    expect(await Promise.all(waits)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('takes the addresses of one IPv6 network, and both spellings of an IPv4 address, for one', () => {
    const limit = new GuessLimit();
    triesOf(limit, '2001:db8:1:2::1');
    expect([tryOnce(limit, '2001:db8:1:2:ffff::9', 0), tryOnce(limit, '2001:db8:1:3::1', 0)]).toEqual([2, undefined]);
    triesOf(limit, '::ffff:203.0.113.9');
    expect(tryOnce(limit, HOST, 0)).toBe(2);
    triesOf(limit, '::1');
    expect([tryOnce(limit, '0:0:0:0:0:0:0:1', 0), tryOnce(limit, 'fe80::1', 0)]).toEqual([2, undefined]);
  });

  it('remembers ten thousand addresses, the latest ones', () => {
    const limit = new GuessLimit();
    triesOf(limit, '192.0.2.1');
    for (let address = 0; address < 10_000; address += 1) tryOnce(limit, `10.0.${String(address >> 8)}.${String(address & 255)}`, 0);
    expect([limit.size, tryOnce(limit, '192.0.2.1', 0)]).toEqual([10_000, undefined]);
  });
});
