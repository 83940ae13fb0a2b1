import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskPath, maskText } from './mask.js';

describe('maskText', () => {
  it.each([
    ['jwt expired', 'jwt expired'],
    ['Token expired at 2026-11-23T10:00:00Z', 'Token expired at <time>'],
    ['jwt issuer invalid. expected: https://id.example', 'jwt issuer invalid. expected: https://id.example'],
    ['Invalid token: signature mismatch', 'Invalid token: signature mismatch'],
    ['user "bob" not found', 'user "<user>" not found'],
    ['User bob not found', 'User <user> not found'],
    ['login failed for alice@example.com from 203.0.113.9:4711', 'login failed for <email> from <ip>'],
    ['peer 2001:db8::1 refused', 'peer <ip> refused'],
    ['session 550e8400-e29b-41d4-a716-446655440000 expired', 'session <id> expired'],
    ['GET /cb?code=abc&state=xyz failed', 'GET /cb?code=<value>&state=<value> failed'],
    ['password=hunter2 rejected', 'password=<secret> rejected'],
    ['api_key: "zzz" is unknown', 'api_key: "<secret>" is unknown'],
    ['retry after 30 s, attempt 4', 'retry after <n> s, attempt <n>'],
    ['unsupported algorithm RS256', 'unsupported algorithm RS256'],
    ['AADSTS50055: The password is expired', 'AADSTS50055: The password is expired'],
    ['Bearer token malformed', 'Bearer token malformed'],
    ['Bearer realm="orders", error="invalid_token"', 'Bearer realm="orders", error="invalid_token"'],
    ['Digest realm="a", nonce="dcd98b7102dd2f0e", opaque="5ccc069c"', 'Digest realm="a", nonce="<secret>", opaque="<secret>"'],
    ['Negotiate TlRMTVNTUAACAAAAAA', 'Negotiate <credential>'],
    ['header was Bearer 0123456789abcdef', 'header was Bearer <credential>'],
    ['expected com.nimbusds.jose.proc.BadJWTException here', 'expected com.nimbusds.jose.proc.BadJWTException here'],
  ])('%s', (text, template) => {
    expect(maskText(text)).toBe(template);
  });

  it.each([
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTE3In0.c2lnbmF0dXJl'],
    ['a JWT cut off in the middle', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi'],
    ['a hex key', '9f86d081884c7d659a2feaa0c55ad015'],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['a base64 secret', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['a vendor key', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['an opaque token', 'V2tWb05ETnhPV0p5TjJSNU1ERXhPV0k'],
    ['Basic credentials', 'Basic dXNlcjpwYXNz'],
    ['an e-mail address', 'jane.doe@corp.example'],
  ])('leaves nothing of %s', (_, secret) => {
    for (const text of [secret, `refused: ${secret}`, `token=${secret};`, `"${secret}" was not accepted`, `{"credential":"${secret}"}`]) {
      const template = maskText(text);
      for (const part of secret.split(/[ .@/]/).filter((word) => word.length >= 6 && word !== 'Basic' && word !== 'example')) {
        expect(template).not.toContain(part);
      }
    }
  });

  it('gives the same template for the same sentence with other values', () => {
    const sentence = (id: number, ip: string): string => `Token ${String(id)} of user "u${String(id)}" from ${ip} was rejected`;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.ipV4(), fc.ipV4(), (a, b, here, there) => {
        expect(maskText(sentence(a, here))).toBe(maskText(sentence(b, there)));
      }),
    );
  });

  it('changes nothing when it masks a template again', () => {
    const word = fc.oneof(
      fc.constantFrom('token', 'Bearer', 'user', 'password', '=', ':', '"', 'expired', 'at', 'https://a.example/x?y=z', 'key', '<', '>'),
      fc.string(),
      fc.uuid(),
      fc.ipV6(),
      fc.emailAddress(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.base64String(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const template = maskText(words.join(' '));
        expect(maskText(template)).toBe(template);
      }),
      { numRuns: 500 },
    );
  });

  it('is total and bounded, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        const template = maskText(text);
        expect(template.length).toBeLessThanOrEqual(400);
        expect(template.isWellFormed()).toBe(true);
        expect(template).not.toContain('\u0000');
      }),
    );
    expect(maskText('a'.repeat(1_000_000)).length).toBeLessThanOrEqual(400);
  });
});

describe('maskPath', () => {
  it.each([
    ['/orders/17', '/orders/{id}'],
    ['/v2/users/jane@x.example/keys?token=abc', '/v2/users/{id}/keys'],
    ['https://api.example:8443/a/b#c', '/a/b'],
    ['/reset/V2tWb05ETnhPV0p5TjJSNU1ERXhPV0k', '/reset/{id}'],
    ['', '/'],
  ])('%s', (path, masked) => {
    expect(maskPath(path)).toBe(masked);
  });
});
