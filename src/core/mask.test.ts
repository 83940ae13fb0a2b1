import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskText } from './mask.js';
import { maskPath, maskRoute } from './mask-path.js';

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
    ['login rejected: {"user":"jane","why":"x"}', 'login rejected: {"user":"<user>","why":"x"}'],
    ['password="correct horse battery" refused', 'password="<secret>" refused'],
    ['wrong password: correcthorse', 'wrong password: <secret>'],
    ['Cookie: lang=en; session=abcdefghijkl; remember_me=xyz', 'Cookie: <credential>'],
    ['Failed password for jane from 203.0.113.9', 'Failed password for <user> from <ip>'],
    ['Login failed for user jane', 'Login failed for user <user>'],
    ['User Jane Doe not found', 'User <user> not found'],
    ['unknown user jane', 'unknown user <user>'],
    ['CORP\\jsmith was refused', '<user> was refused'],
    ['bind as CN=John Smith,OU=people failed', 'bind as CN=<value>,OU=<value>'],
    ['user: not found', 'user: not found'],
    ['login: invalid password', 'login: invalid password'],
    ['username: unknown', 'username: unknown'],
    ['Digest username="Mufasa"', 'Digest username="<user>"'],
    ['use of a::b::c', 'use of a::b::c'],
    ['SHA256withRSA is not allowed', 'SHA256withRSA is not allowed'],
    ['march 10 attempts', 'march <n> attempts'],
    ['at Mon Nov 23 10:00:00 2026 GMT', 'at <time>'],
    ['at Mon, 23 Nov 2026 10:00:00 GMT', 'at <time>'],
    ['23/Nov/2026:10:00:00 +0000', '<time>'],
    ['header was Bearer 0123456789abcdef', 'header was Bearer <credential>'],
    ['client abcd:ef::cafe refused', 'client <ip> refused'],
    ['from ::ffff:1.2.3.4', 'from <ip>'],
    ['device aa:bb:cc:dd:ee:ff', 'device <id>'],
    ['bad%20password%20hunter', 'bad password <secret>'],
    ['login failed for "jane"', 'login failed for "<value>"'],
    ['no such entry "jane"', 'no such entry "<value>"'],
    ['cannot sign in as jane', 'cannot sign in as <user>'],
    ['token for subject jane expired', 'token for subject <user> expired'],
    ['Jane Doe is not authorized', '<user> is not authorized'],
    ['@janedoe is suspended', '<user> is suspended'],
    ['Пользователь Иванов не найден', 'Пользователь <user> не найден'],
    ['session setup failed: NT_STATUS_LOGON_FAILURE', 'session setup failed: NT_STATUS_LOGON_FAILURE'],
    ['header "Authorization" missing', 'header "Authorization" missing'],
    ['expected com.nimbusds.jose.proc.BadJWTException here', 'expected com.nimbusds.jose.proc.BadJWTException here'],
  ])('%s', (text, template) => {
    expect(maskText(text)).toBe(template);
  });

  it.each([
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTE3In0.c2lnbmF0dXJl'],
    ['a JWT cut off in the middle', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi'],
    ['a hex key', '9f86d081884c7d659a2feaa0c55ad015'],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['a base64 secret', 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'],
    ['a vendor key', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a vendor key of letters', 'sk_live_abcdefghijklmnop'],
    ['an opaque token', 'V2tWb05ETnhPV0p5TjJSNU1ERXhPV0k'],
    ['Basic credentials', 'Basic dXNlcjpwYXNz'],
    ['Bearer credentials of letters', 'Bearer abcdefhushhushghij'],
    ['an e-mail address', 'jane.doe@corp.example'],
    ['an e-mail address of other letters', 'jos\u00e9@ex\u00e4mple.de'],
    ['an encoded e-mail address', 'jane.doe%40corp.example'],
    ['a long password', `password=${'xyzzy'.repeat(120)}`],
    ['a passphrase', 'passphrase: correcthorse'],
    ['an access key', 'access_key=letmeinplease'],
    ['a code verifier', 'code_verifier=letmeinplease'],
  ])('leaves nothing of %s', (_, secret) => {
    // The value without its name and without ordinary words: no six letters of it in a row may be left.
    const value = secret.replace(/^(?:Basic|Bearer) |^[a-z_]+[=:] ?/, '');
    const pieces = Array.from({ length: value.length - 5 }, (_unused, at) => value.slice(at, at + 6));
    const asValue = value === secret ? [`token=${secret};`] : [];
    for (const text of [secret, `refused: ${secret}`, `"${secret}" was not accepted`, `{"credential":"${secret}"}`, ...asValue]) {
      const template = maskText(text);
      expect([text, template, pieces.filter((piece) => template.includes(piece))]).toEqual([text, template, []]);
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
    const unit = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
      fc.constantFrom('\u{1f600}', '\u0000', '\ud800', '-a', 'user=', 'a', ' '),
    );
    fc.assert(
      fc.property(fc.array(unit, { minLength: 200, maxLength: 1_500, size: 'max' }), (units) => {
        for (const masked of [maskText(units.join('')), maskPath(units.join('')), maskRoute(units.join(''))]) {
          expect(masked.length).toBeLessThanOrEqual(400);
          expect(masked.isWellFormed()).toBe(true);
          expect(masked).not.toContain('\u0000');
        }
      }),
    );
    expect(maskText('a'.repeat(1_000_000)).length).toBeLessThanOrEqual(400);
  });
});

describe('routes and paths', () => {
  it.each([
    ['/reset/abcdefghijk', '/reset/{id}'],
    ['/orders/a8f3k', '/orders/{id}'],
    ['/x;sid=abcd', '/{id}'],
    ['/users/janedoe', '/users/{id}'],
    ['/files/qwertyzxcvbnasdf', '/files/{id}'],
    ['/users/{userId}/orders/:id', '/users/{userId}/orders/:id'],
    ['/api/v2/inventory/batch', '/api/v2/inventory/batch'],
    ['/docs/jane.doe', '/docs/{id}'],
    ['/docs/index.html', '/docs/index.html'],
  ])('%s', (route, masked) => {
    expect(maskRoute(route)).toBe(masked);
    expect(maskPath(route)).toBe(masked);
  });
});

describe('maskRoute', () => {
  it.each([
    ['/users/:id/keys', '/users/:id/keys'],
    ['/oauth2/v2/token', '/oauth2/v2/token'],
    ['/users/12345/orders', '/users/{id}/orders'],
    ['/reset/Ab3dEf6hIj9lMn2pQr5t', '/reset/{id}'],
    ['/by-mail/jane@x.example', '/by-mail/{id}'],
    ['/a/10.1.2.3', '/a/{id}'],
  ])('%s', (route, masked) => {
    expect(maskRoute(route)).toBe(masked);
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
