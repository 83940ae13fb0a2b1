import { describe, expect, it } from '@jest/globals';
import { GuessLimit } from './guess-limit.js';

/** How many tries an address has in a row. */
function triesOf(limit: GuessLimit, address: string, nowMs = 0): number {
  for (let tries = 0; ; tries += 1) if (limit.take(address, nowMs) !== undefined) return tries;
}

describe('the limit on guessing', () => {
  it('lets an address try thirty keys, then one every two seconds, and says when', () => {
    const limit = new GuessLimit();
    expect(triesOf(limit, '203.0.113.9')).toBe(30);
    expect([limit.take('203.0.113.9', 500), limit.take('203.0.113.9', 2_000), limit.take('203.0.113.9', 2_000)]).toEqual([2, undefined, 2]);
    expect(triesOf(limit, '203.0.113.9', 3_600_000)).toBe(30);
  });

  it('costs no other address anything', () => {
    const limit = new GuessLimit();
    triesOf(limit, '203.0.113.9');
    expect(limit.take('203.0.113.10', 0)).toBeUndefined();
  });

  it('gives back what was no guess, and never more than there was', () => {
    const limit = new GuessLimit();
    for (let request = 0; request < 100; request += 1) {
      expect(limit.take('203.0.113.9', 0)).toBeUndefined();
      limit.giveBack('203.0.113.9');
    }
    limit.giveBack('203.0.113.9');
    expect(triesOf(limit, '203.0.113.9')).toBe(30);
  });

  it('takes the addresses of one IPv6 network, and both spellings of an IPv4 address, for one', () => {
    const limit = new GuessLimit();
    triesOf(limit, '2001:db8:1:2::1');
    expect([limit.take('2001:db8:1:2:ffff::9', 0), limit.take('2001:db8:1:3::1', 0)]).toEqual([2, undefined]);
    triesOf(limit, '::ffff:203.0.113.9');
    expect(limit.take('203.0.113.9', 0)).toBe(2);
    triesOf(limit, '::1');
    expect([limit.take('0:0:0:0:0:0:0:1', 0), limit.take('fe80::1', 0)]).toEqual([2, undefined]);
  });

  it('remembers ten thousand addresses, the latest ones', () => {
    const limit = new GuessLimit();
    triesOf(limit, '192.0.2.1');
    for (let address = 0; address < 10_000; address += 1) limit.take(`10.0.${String(address >> 8)}.${String(address & 255)}`, 0);
    expect([limit.size, limit.take('192.0.2.1', 0)]).toEqual([10_000, undefined]);
  });
});
