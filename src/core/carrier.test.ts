import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plant } from '../../test/support/planted.js';
import { open } from './carrier.js';
import type { Attributes, AttributeValue } from './log-record.js';
import { maskText } from './mask.js';
import { readRecord, signatureOf } from './refusal.js';

describe('open', () => {
  it.each<[string, unknown, { texts?: string[]; codes?: string[]; status?: number; method?: string; path?: string }]>([
    [
      'OAuth errors',
      '{"error":"invalid_token","error_description":"The access token expired"}',
      { texts: ['The access token expired'], codes: ['invalid_token'] },
    ],
    [
      'problem details',
      { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'jwt expired' },
      { texts: ['jwt expired', 'Unauthorized'], status: 401 },
    ],
    ['JSON inside a sentence', '401 Unauthorized: "{"error":"x_y","message":"jwt expired"}" (retrying)', { codes: ['x_y'] }],
    ['JSON inside JSON', '{"level":"error","detail":"{\\"message\\":\\"jwt expired\\"}"}', { texts: ['jwt expired'] }],
    [
      'a dict as Python prints it',
      "{'error': {'message': 'it\\'s expired', 'code': 'token_expired'}}",
      { texts: ["it's expired"], codes: ['token_expired'] },
    ],
    [
      'XML',
      '<Error><Code>ExpiredToken</Code><Message>The token expired</Message></Error>',
      { texts: ['The token expired'], codes: ['ExpiredToken'] },
    ],
    [
      'an HTML page',
      '<html><head><style>b{}</style></head><body><h1>401 Unauthorized</h1><p>No token.</p></body></html>',
      { texts: ['401 Unauthorized. No token.'] },
    ],
    [
      'an event line',
      'type="LOGIN_ERROR", realmId="a", error="user_not_found", username="bob"',
      { codes: ['user_not_found', 'LOGIN_ERROR'] },
    ],
    ['logfmt', 'level=warn ts=2026-11-24 msg="token expired" caller=auth.go:12', { texts: ['token expired'] }],
    [
      'a common log line',
      '10.0.0.5 - - [21/May/2024:09:10:11 +0000] "GET /api/v1 HTTP/1.1" 401 179 "-" "curl/8.5.0"',
      { texts: [], status: 401, method: 'GET', path: '/api/v1' },
    ],
    [
      "Envoy's log line",
      '[2024-05-21T09:14:03Z] "GET /a HTTP/1.1" 401 - jwt_authn_access_denied{Jwt_is_expired} - "-" 0',
      { codes: ['jwt_authn_access_denied{Jwt_is_expired}'], status: 401 },
    ],
    ["Squid's log line", '1716282611.123 0 10.0.0.5 TCP_DENIED/407 4022 CONNECT api.example.com:443 -', { status: 407, method: 'CONNECT' }],
    [
      "nginx's error line",
      '2024/05/21 09:10:11 [error] 31#31: *7 user "bob" was not found in "/etc/x", client: 10.0.0.5, server: a, request: "GET /admin HTTP/1.1"',
      { texts: ['user "bob" was not found in "/etc/x"'], method: 'GET', path: '/admin' },
    ],
    [
      'a Java trace',
      'a.b.OuterException: outer\n\tat a.b.C.d(C.java:1)\nCaused by: a.b.ExpiredJwtException: JWT expired\n\t... 3 more',
      { texts: ['outer: JWT expired'], codes: ['a.b.OuterException', 'a.b.ExpiredJwtException'] },
    ],
    [
      'a Python trace',
      'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g(token)\njwt.exceptions.DecodeError: Not enough segments',
      { texts: ['Not enough segments'], codes: ['jwt.exceptions.DecodeError'] },
    ],
    [
      'a Node error with properties',
      "Error: no\n    at a (/b.js:1:1) {\n  code: 'invalid_token',\n  status: 401\n}",
      { texts: ['Error: no'], codes: ['invalid_token'] },
    ],
    ['a redirect with an error', 'https://app.example/cb?error=access_denied&state=1', { codes: ['access_denied'] }],
    [
      "Active Directory's number",
      '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839',
      { codes: ['data=52e'] },
    ],
    ['nothing', '', { texts: [], codes: [] }],
    ['a number', 7, { texts: ['7'] }],
  ])('takes %s apart', (_, value, expected) => {
    expect(open(value)).toMatchObject(expected);
  });

  it('takes any value and any text, and stays within its bounds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.json(), fc.object()), (value) => {
        const { texts, codes } = open(value);
        expect(texts.length).toBeLessThanOrEqual(7);
        expect(codes.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

describe('a record', () => {
  it('keeps no planted secret, nor a part of one, and gives the same sentence the same template', () => {
    const templates = new Map<string, Set<string>>();
    for (const { shape, event, needles } of plant(3_600, 7)) {
      const { body = null, attributes = {}, ...flat } = event as { body?: AttributeValue; attributes?: Attributes } & Attributes;
      const signature = signatureOf({ timeMs: 0, body, attributes: { ...flat, ...attributes }, resource: {} }, 401);
      const kept = JSON.stringify(signature);
      expect({ shape, leaked: needles.filter((needle) => kept.includes(needle)) }).toEqual({ shape, leaked: [] });
      templates.set(shape, (templates.get(shape) ?? new Set()).add(signature.template));
    }
    expect([...templates].filter(([, seen]) => seen.size > 2).map(([shape, seen]) => `${shape}: ${[...seen].join(' | ')}`)).toEqual([]);
  });

  it('is counted when it is an access-log line of a refusal, and only then', () => {
    const line = (status: number): string => `10.0.0.5 - - [21/May/2024:09:10:11 +0000] "GET /a HTTP/1.1" ${String(status)} 17`;
    const kindOf = (body: string): string => readRecord({ timeMs: 0, body, attributes: {}, resource: {} }).kind;
    expect([kindOf(line(401)), kindOf(line(200)), kindOf('GET /products/401 is fine')]).toEqual(['refusal', 'ignored', 'ignored']);
  });

  it('masks a template no further when it is masked again', () => {
    for (const { event } of plant(1_000, 11)) {
      const template = maskText(JSON.stringify(event));
      expect(maskText(template)).toBe(template);
    }
  });
});
