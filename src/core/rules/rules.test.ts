import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { CATALOGUE, isCauseId } from '../causes.js';
import { GRAMMAR } from '../reading/grammar.js';
import { lexiconWords, sensesOf } from '../reading/lexicon.js';
import { wordsOf } from '../reading/words.js';
import { knowledgeOf, RULE_SET_VERSION, TABLES } from './index.js';

const rows = TABLES.flatMap(({ system, source, codes = {}, phrases = {} }) => [
  ...Object.entries(codes).flatMap(([cause, list]) => list.split(' ').map((text) => ({ system, source, cause, kind: 'code', text }))),
  ...Object.entries(phrases).flatMap(([cause, list]) => list.map((text) => ({ system, source, cause, kind: 'phrase', text }))),
]);

/** What the tables, the grammar and the lexicon were when the version was last raised. */
const RULE_SET = { version: 3, digest: 'c5644d2b7bc2ac04' };

describe('the rule set', () => {
  it('has a new version whenever it says something else, so that history is judged again', () => {
    const senses = lexiconWords().map((word) => [word, sensesOf(wordsOf(word))]);
    const digest = createHash('sha256')
      .update(JSON.stringify([TABLES, GRAMMAR, senses]))
      .digest('hex')
      .slice(0, 16);
    // Changed on purpose? Raise RULE_SET_VERSION, then write both here.
    expect({ version: RULE_SET_VERSION, digest }).toEqual(RULE_SET);
  });
});

describe('the rule tables', () => {
  it('name a system, a source and a cause of the catalogue in every row', () => {
    expect(rows.length).toBeGreaterThan(4_000);
    for (const { system, source, cause, text } of rows) {
      expect([system, source, text].every((part) => part.trim().length > 1)).toBe(true);
      expect(isCauseId(cause)).toBe(true);
    }
  });

  it('say nothing twice: no code and no phrase stands under two causes', () => {
    const seen = new Map<string, string>();
    for (const { kind, text, system } of rows) {
      const key =
        kind === 'code'
          ? `code ${text.toLowerCase()}`
          : `phrase ${wordsOf(text.replaceAll('*', ' <any> '))
              .map((word) => word.text)
              .join(' ')}`;
      expect(`${key}: ${seen.get(key) ?? system}`).toBe(`${key}: ${system}`);
      seen.set(key, system);
    }
  });

  it('have phrases of two words and more, and none that begins or ends with a gap', () => {
    for (const { kind, text } of rows) {
      if (kind !== 'phrase') continue;
      expect({ text, words: wordsOf(text).length > 1 }).toEqual({ text, words: true });
      expect(text).not.toMatch(/^\s*\*|\*\s*$/);
    }
  });

  it('cover what the product promises to know', () => {
    const systems = new Set(TABLES.map(({ system }) => system));
    for (const system of [
      'rfc6750',
      'rfc9449',
      'jjwt',
      'golang-jwt',
      'envoy',
      'apache-httpd',
      'kong',
      'keycloak',
      'auth0',
      'okta',
      'azure-ad',
      'cognito',
      'aws-sigv4',
      'google-api',
      'kubernetes',
      'stripe',
      'postgrest',
      'hasura',
    ])
      expect(systems).toContain(system);
  });

  it('find each of their phrases in its own text', () => {
    const { phrases } = knowledgeOf(TABLES);
    const lost = rows.filter(
      ({ kind, text }) => kind === 'phrase' && phrases.find(wordsOf(text.replaceAll('*', 'something'))).length === 0,
    );
    expect(lost.map(({ text }) => text)).toEqual([]);
  });

  it('carry advice for both sides in every cause', () => {
    for (const { advice } of Object.values(CATALOGUE)) {
      expect(advice.client.length).toBeGreaterThan(0);
      expect(advice.server.length).toBeGreaterThan(0);
    }
  });
});
