import { describe, expect, it } from '@jest/globals';
import { TemplateMerger } from './merge.js';
import { vocabulary } from './rules/index.js';

const names = ['alice', 'bruno', 'chidi', 'dagny', 'emeka', 'fatma', 'gustav', 'hiroko', 'ingrid', 'jamal'];
const merger = (): TemplateMerger => new TemplateMerger(vocabulary());

describe('TemplateMerger', () => {
  it('makes one template of sentences that differ in one unknown word, from the third on', () => {
    const one = merger();
    const merged = names.map((name) => one.merge('shop', `quarantine of ${name} refused the turnstile`));
    expect(new Set(merged.slice(2))).toEqual(new Set(['quarantine of <any> refused the turnstile']));
    expect(one.merge('shop', 'quarantine of alice refused the turnstile')).toBe('quarantine of <any> refused the turnstile');
  });

  it('makes one template of sentences that differ in several unknown words, after some more of them', () => {
    const one = merger();
    const merged = names.map((name, index) => one.merge('shop', `${name} may not pet ${names[(index * 3 + 1) % names.length] ?? ''}`));
    expect(new Set(merged.slice(7)).size).toBe(1);
  });

  it('never merges words that the rules know: expired and revoked are two reasons', () => {
    const one = merger();
    for (const state of ['expired', 'revoked', 'malformed', 'missing', 'invalid', 'blacklisted'])
      expect(one.merge('shop', `the token is ${state}`)).toBe(`the token is ${state}`);
  });

  it('keeps services apart', () => {
    const one = merger();
    for (const [index, name] of names.slice(0, 6).entries())
      expect(one.merge(`service-${String(index)}`, `gate of ${name} shut`)).toBe(`gate of ${name} shut`);
  });

  it('leaves long lists of unknown words alone, and everything else as it is', () => {
    const one = merger();
    for (const name of names) {
      const text = `${name} qux quux corge grault garply waldo fred`;
      expect(one.merge('shop', text)).toBe(text);
    }
    expect(one.merge('shop', '')).toBe('');
  });
});
