import { describe, expect, it } from '@jest/globals';
import { allows, challengeOf, keyIdOf, readAuthorization } from './api-key.js';
import { challengeFaults, parseChallenges } from './challenge.js';

const KEY = `w401_4hQ7c2mZbX1d_${'a'.repeat(43)}`;

describe('keys', () => {
  it('are found by the id in them, and nothing else is a key', () => {
    expect(keyIdOf(KEY)).toBe('4hQ7c2mZbX1d');
    for (const other of ['', 'w401_', KEY.slice(1), `${KEY}a`, KEY.slice(0, -1), KEY.replace('d_', 'd-'), ` ${KEY}`, `${KEY}\n`])
      expect(keyIdOf(other)).toBeUndefined();
  });

  it('allow what their scopes say; admin includes the others, and no other does', () => {
    expect(allows(['admin'], ['ingest'])).toBe(true);
    expect(allows(['admin'], ['read'])).toBe(true);
    expect([allows(['ingest'], ['read']), allows(['read'], ['ingest']), allows(['ingest', 'read'], ['admin'])]).toEqual([
      false,
      false,
      false,
    ]);
    expect([allows(['ingest'], ['read', 'ingest']), allows([], ['read'])]).toEqual([true, false]);
  });
});

describe('Authorization', () => {
  it('gives the token behind Bearer, in any case and behind any spaces', () => {
    for (const line of [`Bearer ${KEY}`, `bearer   ${KEY} `, `BEARER ${KEY}`])
      expect(readAuthorization([line])).toEqual({ kind: 'token', token: KEY });
    expect(readAuthorization(['Bearer eyJ.e30.x=='])).toEqual({ kind: 'token', token: 'eyJ.e30.x==' });
  });

  it('is as if it were not there with another scheme (RFC 6750 section 3.1)', () => {
    for (const lines of [[], [''], ['Basic dTpw'], ['Digest username="a"'], ['Bearertoken'], [KEY.slice(5)]])
      expect(readAuthorization(lines)).toEqual({ kind: 'nothing' });
  });

  it('is malformed where it can be no request with a token', () => {
    const problems = [
      ['Bearer'],
      ['Bearer '],
      [`Bearer ${KEY} ${KEY}`],
      ['Bearer "x"'],
      ['Bearer schlüssel'],
      [KEY],
      [`Bearer ${KEY}`, 'Basic x'],
    ];
    for (const lines of problems) expect(readAuthorization(lines)).toMatchObject({ kind: 'malformed', problem: expect.any(String) });
  });
});

describe('our own challenges', () => {
  const DENIALS = [
    {},
    { error: 'invalid_token', error_description: 'the key is unknown, expired or revoked' },
    { error: 'insufficient_scope', scope: 'admin' },
  ] as const;

  it.each(DENIALS)('are read by our own parser as they were meant: %j', (parameters) => {
    const line = challengeOf(parameters);
    expect(parseChallenges([line])).toEqual({
      valid: true,
      challenges: [{ scheme: 'bearer', params: { realm: 'why401', ...parameters }, token68: null }],
    });
    expect(challengeFaults([line])).toEqual([]);
  });
});
