import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { challengeFaults, parseChallenges, type Challenge } from './challenge.js';

/** Vectors kept beside the repository. Where they are absent, the cases below still hold the parser to the grammar. */
const VECTORS = resolve('../shared/corpus/www-authenticate.jsonl');
interface Vector {
  id: string;
  header: string[];
  challenges: Challenge[];
  valid: boolean;
}

describe('parseChallenges', () => {
  it.each([
    ['one challenge', ['Basic realm="x"'], [{ scheme: 'basic', params: { realm: 'x' }, token68: null }]],
    ['token68', ['Negotiate abc=='], [{ scheme: 'negotiate', params: {}, token68: 'abc==' }]],
    ['a bare scheme', ['Bearer'], [{ scheme: 'bearer', params: {}, token68: null }]],
    [
      'several in one line',
      ['Bearer error="invalid_token", error_description="gone", Basic realm=a'],
      [
        { scheme: 'bearer', params: { error: 'invalid_token', error_description: 'gone' }, token68: null },
        { scheme: 'basic', params: { realm: 'a' }, token68: null },
      ],
    ],
    [
      'several lines and empty elements',
      [',Negotiate', ', ,Basic  realm = "a\\"b",'],
      [
        { scheme: 'negotiate', params: {}, token68: null },
        { scheme: 'basic', params: { realm: 'a"b' }, token68: null },
      ],
    ],
  ])('reads %s', (_, lines, challenges) => {
    expect(parseChallenges(lines)).toEqual({ valid: true, challenges });
  });

  it.each([['Basic realm="x'], ['Basic realm="x" charset="y"'], ['Basic realm=a, realm=b'], [''], ['=x']])(
    'says that %s is no challenge',
    (line) => {
      expect(parseChallenges([line]).valid).toBe(false);
    },
  );

  it('reads empty list elements in front of parameters, a hundred challenges, and no tab behind a scheme', () => {
    expect(parseChallenges(['A , a=b'])).toEqual({ valid: true, challenges: [{ scheme: 'a', params: { a: 'b' }, token68: null }] });
    expect(parseChallenges(['A , B'])).toMatchObject({ valid: true, challenges: [{ scheme: 'a' }, { scheme: 'b' }] });
    expect(parseChallenges([Array(150).fill('A').join(', ')]).challenges).toHaveLength(150);
    expect(parseChallenges(['Basic \trealm="a"']).valid).toBe(false);
  });

  it('knows what schemes demand beyond the grammar', () => {
    expect(challengeFaults(['Bearer'])).toEqual(['bearer has no parameter']);
    expect(challengeFaults(['Basic realm=x'])).toEqual(['basic realm is not quoted']);
    expect(challengeFaults(['Digest realm="x", qop=auth, algorithm="MD5"']).sort()).toEqual([
      'digest algorithm is quoted',
      'digest has no nonce',
      'digest qop is not quoted',
    ]);
    expect(challengeFaults(['Digest realm="x", nonce="a", qop="auth", algorithm=MD5, stale=true', 'Basic realm="x"'])).toEqual([]);
    expect(challengeFaults(["Bearer realm='a'b"])).toEqual([]);
  });

  it('keeps the complete challenges in front of an error', () => {
    expect(parseChallenges(['Negotiate, Basic realm="x']).challenges).toEqual([{ scheme: 'negotiate', params: {}, token68: null }]);
  });

  it('never throws, and reads what it wrote as the same', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '1', '=', ' ', ',', '"', '\\', '\t', ';', '\u00e9'), maxLength: 60 }),
        (line) => {
          const { challenges } = parseChallenges([line]);
          expect(parseChallenges([challenges.map(write).join(', ')]).challenges).toEqual(challenges);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('reads a hostile header once', () => {
    const line = `Digest ${Array.from({ length: 10_000 }, (_, index) => `p${String(index)}="${'\\"'.repeat(20)}"`).join(', ')}`;
    expect(Object.keys(parseChallenges([line]).challenges[0]?.params ?? {})).toHaveLength(10_000);
  });

  (existsSync(VECTORS) ? it : it.skip)('agrees with the published vectors (skipped where ../shared/corpus is absent)', () => {
    const vectors = readFileSync(VECTORS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Vector);
    const wrong = vectors.filter(({ header, valid, challenges }) => {
      const read = parseChallenges(header);
      return read.valid !== valid || (valid && JSON.stringify(read.challenges) !== JSON.stringify(challenges));
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(vectors.length).toBeGreaterThan(20);
  });
});

function write({ scheme, params, token68 }: Challenge): string {
  const pairs = Object.entries(params).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
  return `${scheme} ${token68 ?? pairs.join(', ')}`.trim();
}
