import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertData, firing, resolved } from '../../../test/support/alert-messages.js';
import { cut, fit, MAX_PAYLOAD_BYTES } from './fit.js';
import type { AlertData, AlertMessage } from './payload.js';

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Everything as long as it can be, in characters that take the most room. */
function overgrown(character: string): AlertMessage {
  const long = character.repeat(5_000);
  const [change, sample, finding] = [alertData().what_changed[0], alertData().samples[0], alertData().findings[0]];
  if (change === undefined || sample === undefined || finding === undefined) throw new Error('the example has one of each');
  return resolved({
    id: long,
    rule: { id: long, name: long, type: 'spike' },
    group: Object.fromEntries(Array.from({ length: 30 }, (_item, index) => [`${String(index)}${long}`, long])),
    started_at: long,
    window: long,
    summary: long,
    what_changed: Array<typeof change>(100).fill({ ...change, dimension: long, value: long }),
    samples: Array<typeof sample>(100).fill({ ...sample, service: long, route: long, template: long, trace_id: long }),
    advice: { client: Array<string>(50).fill(long), server: Array<string>(60).fill(long) },
    findings: Array<typeof finding>(40).fill({ ...finding, detail: long, reference: long }),
    links: { dashboard: `https://d/${long}`, explain: `https://d/e?${long}`, signatures: `https://d/s#${long}` },
  });
}

describe('a message that is too long', () => {
  it.each(['x', '"', '\\', 'ß', '語', '🙂', '\u0001', '\ud800', '\u2028'])(
    'made of %j is brought under the limit, and says what is missing',
    (character) => {
      const given = overgrown(character);
      const { data } = fit(given);
      expect(bytesOf(given)).toBeGreaterThan(1_000_000);
      expect(bytesOf(fit(given))).toBeLessThan(MAX_PAYLOAD_BYTES);
      const omitted: Record<string, number> = data.omitted ?? {};
      expect(data.what_changed.length + (omitted['what_changed'] ?? 0)).toBe(100);
      expect(data.samples.length + (omitted['samples'] ?? 0)).toBe(100);
      expect(data.advice.client.length + (omitted['advice_client'] ?? 0)).toBe(50);
      expect(data.advice.server.length + (omitted['advice_server'] ?? 0)).toBe(60);
      expect(data.findings.length + (omitted['findings'] ?? 0)).toBe(40);
      expect(Object.keys(data.group).length + (omitted['group'] ?? 0)).toBe(30);
      // Each kind keeps some of its entries: the longest list gives way first.
      for (const list of [data.what_changed, data.samples, data.advice.client, data.advice.server, data.findings])
        expect(list.length).toBeGreaterThan(0);
    },
  );

  it('keeps five samples at most, and the first entries of each list', () => {
    const changes = Array.from({ length: 25 }, (_item, index) => ({
      dimension: 'route',
      value: String(index),
      share_before: 0,
      share_now: 1,
      lift: null,
      explains: 1,
    }));
    const { data } = fit(firing({ what_changed: changes }));
    expect(data.what_changed).toEqual(changes.slice(0, 20));
    expect(data.omitted).toEqual({ what_changed: 5 });
  });

  it('loses the query of a link, never a part of it', () => {
    const { links } = fit(
      firing({ links: { dashboard: 'https://d/', explain: `https://d/e?${'a=b&'.repeat(900)}`, signatures: 'https://d/s?a' } }),
    ).data;
    expect(links).toEqual({ dashboard: 'https://d/', explain: 'https://d/e', signatures: 'https://d/s?a' });
  });
});

describe('a message that is short', () => {
  it('stays as it is, numbers rounded', () => {
    const { data, ...rest } = firing();
    expect(fit(firing())).toEqual({ ...rest, data: { ...data, expected: 4, factor: 29.996 } });
    expect(fit(fit(resolved()))).toEqual(fit(resolved()));
  });

  it('passes nothing on that the payload has no member for', () => {
    const data = {
      ...alertData(),
      client_ip: '203.0.113.9',
      samples: [{ ...alertData().samples[0], body: 'raw' }],
    } as unknown as AlertData;
    const sent = JSON.stringify(fit({ type: 'alert.firing', timestamp: '', data }));
    expect(sent).not.toContain('203.0.113.9');
    expect(sent).not.toContain('raw');
  });

  it('has null for what is no number', () => {
    expect(fit(firing({ expected: 0, factor: Infinity, score: NaN })).data).toMatchObject({ expected: 0, factor: null, score: null });
  });
});

describe('cutting a text', () => {
  it('keeps to the bytes and to whole characters, and marks the cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 3, max: 60 }), (text, maxBytes) => {
        const short = cut(text, maxBytes);
        const whole = cut(text, 10_000);
        expect(bytesOf(short) - 2).toBeLessThanOrEqual(maxBytes);
        expect(short.isWellFormed()).toBe(true);
        if (bytesOf(whole) - 2 <= maxBytes) expect(short).toBe(whole);
        else expect(whole.startsWith(short.replace(/…$/, ''))).toBe(true);
        expect(short.endsWith('…') || short === whole).toBe(true);
        expect(cut(short, maxBytes)).toBe(short);
      }),
    );
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abc…');
    expect(cut('ab🙂🙂', 9)).toBe('ab🙂…');
  });
});
