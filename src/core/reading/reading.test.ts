import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GRAMMAR } from './grammar.js';
import { setOf } from './lexicon.js';
import { readText } from './reading.js';
import { wordsOf } from './words.js';

const causeOf = (text: string): string => readText(wordsOf(text))[0]?.cause ?? 'nothing';

describe('the general reading', () => {
  it.each([
    ['the frobnicator token is past its expiration', 'expired_token'],
    ['token has not expired', 'nothing'],
    ['the token never expired', 'nothing'],
    ['the session is not expired but the password is wrong', 'invalid_credentials'],
    ['the certificate of the client has expired', 'client_certificate'],
    ['your password has expired', 'account_locked'],
    ['refresh token expired', 'refresh_failed'],
    ['api key expired', 'invalid_api_key'],
    ['token is invalid, expired, or revoked', 'invalid_token'],
    ['either expired, malformed or tampered with is this token', 'invalid_token'],
    ['no token was found', 'missing_credentials'],
    ['the token could not be decoded', 'malformed_credentials'],
    ['unable to verify the signature', 'invalid_signature'],
    ['issuer https://a.example was not expected', 'issuer_mismatch'],
    ['audience does not match', 'audience_mismatch'],
    ['could not fetch the signing keys: connection refused', 'server_misconfiguration'],
    ['the proxy stripped the Authorization header', 'stripped_credentials'],
    ['second factor required', 'mfa_required'],
    ['DPoP proof has already been used', 'proof_of_possession'],
    ['the user belongs to another tenant', 'wrong_realm'],
    ['too many login attempts', 'account_locked'],
    ['Sitzung abgelaufen', 'session_expired'],
    ['contraseña incorrecta', 'invalid_credentials'],
    ['le jeton a expiré', 'expired_token'],
    ['密码错误', 'invalid_credentials'],
    ['ORDERS_ACCESS_TOKEN_EXPIRED', 'expired_token'],
    ['FrobnicatorTokenExpiredError', 'expired_token'],
    ['com.acme.session.auth.TokenRevokedException', 'revoked_token'],
    ['no signature errors', 'nothing'],
    ['no token needed', 'nothing'],
    ['token is neither expired nor revoked', 'nothing'],
    ['Token revoked flag is false', 'nothing'],
    ['insufficient permissions to lock the user', 'insufficient_scope'],
    ['not allowed to delete the API key', 'insufficient_scope'],
    ['all is well', 'nothing'],
    ['', 'nothing'],
  ])('reads "%s" as %s', (text, cause) => {
    expect(causeOf(text)).toBe(cause);
  });

  it('reads the reason, not the advice behind it', () => {
    expect(causeOf('The token expired. Please check your password and API key.')).toBe('expired_token');
  });

  it.each(['Your token may have expired', 'token will expire in 5 minutes', 'check whether the token is expired'])(
    'is not sure of "%s"',
    (text) => {
      expect(readText(wordsOf(text))[0]?.confidence ?? 0).toBeLessThan(0.8);
    },
  );

  it('takes any text, and gives at most one reading a cause', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const causes = readText(wordsOf(text)).map(({ cause }) => cause);
        expect(new Set(causes).size).toBe(causes.length);
      }),
    );
  });

  it('has rows with ids of their own that name senses there are', () => {
    expect(new Set(GRAMMAR.map(({ id }) => id)).size).toBe(GRAMMAR.length);
    for (const { has, not } of GRAMMAR)
      for (const names of [...has, ...(not === undefined ? [] : [not])]) expect(() => setOf(names)).not.toThrow();
  });
});
