import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALOGUE, type CauseId } from './causes.js';
import { judge } from './judge.js';
import type { AttributeValue, LogRecord } from './log-record.js';
import { signatureOf } from './refusal.js';

const NOW = Date.UTC(2026, 10, 23, 10);

function causeOf(
  attributes: Record<string, AttributeValue>,
  body: AttributeValue = null,
  status = 401,
): { cause: CauseId; rules: string[] } {
  const record: LogRecord = { timeMs: NOW, body, attributes, resource: {} };
  const { cause, evidence } = judge(signatureOf(record, status));
  return { cause, rules: evidence.map(({ rule }) => rule) };
}

describe('judge', () => {
  it.each<[string, CauseId]>([
    ['jwt expired', 'expired_token'],
    ['Signature has expired', 'expired_token'],
    ['The access token expired', 'expired_token'],
    ['"exp" claim timestamp check failed', 'expired_token'],
    ['No authorization header', 'missing_credentials'],
    ['Authentication credentials were not provided.', 'missing_credentials'],
    ['Full authentication is required to access this resource', 'missing_credentials'],
    ['No API key found in request', 'missing_credentials'],
    ['API key not valid. Please pass a valid API key.', 'invalid_api_key'],
    ['Invalid API Key', 'invalid_api_key'],
    ['jwt malformed', 'malformed_credentials'],
    ['Unsupported authorization scheme: Token', 'malformed_credentials'],
    ['Format is Authorization: Bearer [token]', 'malformed_credentials'],
    ['Session expired, please log in', 'session_expired'],
    ['Your session has timed out', 'session_expired'],
    ['Token belongs to another realm', 'wrong_realm'],
    ['jwt not active', 'clock_skew'],
    ['"nbf" claim timestamp check failed', 'clock_skew'],
    ['The difference between the request time and the current time is too large.', 'clock_skew'],
    ['Signature expired: 20261123T100000Z is now earlier than 20261123T101500Z (20261123T102000Z - 5 min.)', 'clock_skew'],
    ["Token used too early, 1795000000 < 1795000300. Check that your computer's clock is set correctly.", 'clock_skew'],
    ['password authentication failed for user "x"', 'invalid_credentials'],
    ['No such user', 'invalid_credentials'],
    ["You didn't provide an API key.", 'missing_credentials'],
    ['Invalid basic header. No credentials provided.', 'malformed_credentials'],
    ['Invalid JWT serialization: Missing dot delimiter(s)', 'malformed_credentials'],
    ['JWT strings must contain exactly 2 period characters. Found: 0', 'malformed_credentials'],
    ['token contains an invalid number of segments', 'malformed_credentials'],
    ['Error: user: not found', 'invalid_credentials'],
    ['login: invalid password', 'invalid_credentials'],
    ['SESSION_EXPIRED', 'session_expired'],
    ['session is not expired', 'unknown'],
    ['token has not expired', 'unknown'],
    ['token introspection timed out', 'server_misconfiguration'],
    ['CSRF token missing', 'session_cookie_missing'],
    ['Bad credentials', 'invalid_credentials'],
    ['user "bob" not found', 'invalid_credentials'],
    ['invalid signature', 'invalid_signature'],
    ['Signature verification failed', 'invalid_signature'],
    ['Unauthorized', 'unknown'],
    ['certificate has expired', 'client_certificate'],
    ['Your password has expired', 'account_locked'],
    ['', 'unknown'],
  ])('reads "%s" as %s', (reason, cause) => {
    expect(causeOf({}, reason).cause).toBe(cause);
  });

  it('lets the record name its own cause, whatever its text says', () => {
    expect(causeOf({ 'why401.cause': 'mfa_required' }, 'jwt expired')).toEqual({ cause: 'mfa_required', rules: ['record.cause'] });
  });

  it('prefers a code to the text, and the closer reason to a general one', () => {
    expect(causeOf({ 'why401.code': 'RequestTimeTooSkewed' }, 'request refused').cause).toBe('clock_skew');
    expect(causeOf({ 'why401.code': 'invalid_token' }, 'The access token expired').cause).toBe('expired_token');
    expect(
      causeOf(
        { 'http.response.header.www-authenticate': ['Bearer error="invalid_token", error_description="The access token expired"'] },
        'Unauthorized',
      ).cause,
    ).toBe('expired_token');
    expect(causeOf({ 'http.response.header.www-authenticate': ['Bearer error="invalid_token"'] }, 'Unauthorized').cause).toBe(
      'invalid_token',
    );
  });

  it('knows exception types with and without their package', () => {
    for (const type of [
      'TokenExpiredError',
      'jwt.exceptions.ExpiredSignatureError',
      'io.jsonwebtoken.ExpiredJwtException',
      'JWT::ExpiredSignature',
      'Microsoft.IdentityModel.Tokens.SecurityTokenExpiredException',
    ]) {
      expect(causeOf({ 'exception.type': type }).cause).toBe('expired_token');
    }
  });

  it('reads a bare Bearer challenge as "nothing was sent", unless something was', () => {
    const header = { 'http.response.header.www-authenticate': ['Bearer realm="a"'] };
    expect(causeOf(header).cause).toBe('missing_credentials');
    expect(causeOf(header, 'Unauthorized').cause).toBe('missing_credentials');
    expect(causeOf(header, 'The account is locked').cause).toBe('account_locked');
    expect(causeOf({ ...header, 'why401.credential.present': true }).cause).toBe('unknown');
  });

  it('uses the shape of what was sent and the times of the token', () => {
    const claims = (values: object): string => `Bearer eyJhbGciOiJIUzI1NiJ9.${btoa(JSON.stringify(values))}.sig`;
    expect(causeOf({ 'http.request.header.authorization': 'Basic %%%' }).cause).toBe('malformed_credentials');
    expect(causeOf({ 'http.request.header.authorization': claims({ exp: NOW / 1000 - 3 }) })).toEqual({
      cause: 'expired_token',
      rules: ['token.timing'],
    });
    expect(causeOf({ 'http.request.header.authorization': claims({ nbf: NOW / 1000 + 60 }) }).cause).toBe('clock_skew');
    expect(causeOf({ 'why401.credential.present': false }).cause).toBe('missing_credentials');
    expect(causeOf({ 'why401.token.expires_at': NOW / 1000 - 90_000 }).cause).toBe('expired_token');
  });

  it('finds the reason below a framework exception, and opens JSON bodies', () => {
    const stack =
      'UnauthorizedException: Unauthorized\n    at JwtGuard.canActivate (/srv/app/guard.js:12:11)\n[cause]: TokenExpiredError: jwt expired\n    at verify (/srv/app/node_modules/jsonwebtoken/verify.js:190:21)';
    expect(causeOf({}, stack).cause).toBe('expired_token');
    expect(causeOf({}, '{"error":"invalid_token","error_description":"Token has expired"}').cause).toBe('expired_token');
    expect(causeOf({}, { error: { code: 'session_expired', message: 'please log in' } }).cause).toBe('session_expired');
  });

  it('is total and deterministic, and its confidence lies between 0 and 1', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const names = fc.constantFrom(
      'http.response.status_code',
      'exception.type',
      'exception.message',
      'why401.code',
      'http.response.header.www-authenticate',
      'http.request.header.authorization',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(value, fc.constantFrom('constructor', '__proto__ x', 'toString'))),
        fc.oneof(value, fc.json()),
        (attributes, body) => {
          const signature = signatureOf({ timeMs: NOW, body, attributes, resource: {} }, 401);
          expect(typeof signature.scheme).toBe('string');
          const verdict = judge(signature);
          expect(judge(signature)).toEqual(verdict);
          expect(Object.hasOwn(CATALOGUE, verdict.cause)).toBe(true);
          expect(verdict.confidence).toBeGreaterThanOrEqual(0);
          expect(verdict.confidence).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
