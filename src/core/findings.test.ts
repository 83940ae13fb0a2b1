import { describe, expect, it } from '@jest/globals';
import { auditSignature, auditTogether, FINDINGS, type FindingId } from './findings.js';
import { judge } from './judge.js';
import type { AttributeValue, LogRecord } from './log-record.js';
import { signatureOf } from './refusal.js';
import type { Signature } from './signature.js';

type Attributes = Record<string, AttributeValue>;

function signature(attributes: Attributes, body: AttributeValue = null, status = 401): Signature {
  const record: LogRecord = {
    timeMs: Date.UTC(2026, 10, 24),
    body,
    attributes: { 'http.response.status_code': status, ...attributes },
    resource: {},
  };
  return signatureOf(record, status);
}

function audit(attributes: Attributes, body: AttributeValue = null, status = 401): { found: FindingId[]; observable: FindingId[] } {
  const of = signature(attributes, body, status);
  const { findings, observable } = auditSignature(of, judge(of));
  return { found: findings.map(({ id }) => id), observable };
}

const challenge = (...lines: string[]): Attributes => ({ 'http.response.header.www-authenticate': lines });
const sent = (value: string): Attributes => ({ 'http.request.header.authorization': [value] });
const MANY_HEADERS: Attributes = Object.fromEntries(
  ['date', 'server', 'via', 'content-length'].map((name) => [`http.response.header.${name}`, ['1']]),
);
const TOKEN = 'Bearer 9f86d081884c7d659a2feaa0c55ad015';

/** What shows a finding, what looks and finds all well, and what cannot show it at all. */
const CASES: readonly [
  FindingId,
  shows: [Attributes, AttributeValue?, number?],
  well: [Attributes, AttributeValue?, number?],
  unseen: [Attributes, AttributeValue?, number?],
][] = [
  [
    'challenge_missing',
    [{ 'http.response.header.www-authenticate': [] }],
    [{ 'http.response.header.WWW-Authenticate': ['Bearer realm="a"'] }],
    [{ 'http.response.header.content-type': ['text/html'] }],
  ],
  ['challenge_malformed', [challenge("Bearer realm='a', error='x'")], [challenge('Bearer realm="a"')], [{}]],
  [
    'challenge_incomplete',
    [challenge('Digest realm="a", nonce="b", qop=auth, algorithm="MD5"')],
    [challenge('Digest realm="a", nonce="b", qop="auth", algorithm=MD5, stale=true')],
    [challenge("Bearer realm='a'")],
  ],
  [
    'challenge_scheme_mismatch',
    [{ ...challenge('Basic realm="a"'), ...sent(TOKEN) }],
    [{ ...challenge('Bearer'), ...sent(TOKEN) }],
    [challenge('Basic realm="a"')],
  ],
  ['realm_missing', [challenge('Basic charset="UTF-8"')], [challenge('Basic realm="a"')], [challenge('Bearer')]],
  [
    'bearer_error_missing',
    [{ ...challenge('Bearer realm="a"'), ...sent(TOKEN) }],
    [{ ...challenge('Bearer error="invalid_token"'), ...sent(TOKEN) }],
    [challenge('Bearer')],
  ],
  [
    'bearer_error_unasked',
    [{ ...challenge('Bearer error="invalid_token"'), 'why401.credential.present': false }],
    [{ ...challenge('Bearer'), 'why401.credential.present': false }],
    [challenge('Bearer error="invalid_token"')],
  ],
  ['authorization_as_401', [{}, 'You do not have permission to delete this order'], [{}, 'jwt expired'], [{}, 'jwt expired', 403]],
  ['authentication_as_403', [{}, 'jwt expired', 403], [{}, 'You do not have permission to delete this order', 403], [{}, 'jwt expired']],
  ['error_as_200', [{}, '{"error":"jwt expired"}', 200], [{}, '{"data":"all fine"}', 200], [{}, 'jwt expired', 200]],
  [
    'proxy_status_from_origin',
    [{ ...MANY_HEADERS, ...challenge('Basic realm="a"') }, '', 407],
    [{ 'http.response.header.proxy-authenticate': ['Basic realm="a"'] }, '', 407],
    [{}, '', 407],
  ],
  [
    'leaky_message',
    [{}, '{"error":"no such user jane@corp.example"}'],
    [{}, '{"error":"refused"}'],
    [{}, 'no such user jane@corp.example'],
  ],
  ['credential_logged', [{}, 'refused token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc'], [{}, 'refused'], [{}]],
  [
    'insecure_transport',
    [{ ...sent(TOKEN), 'url.full': 'http://api.example.com/a' }],
    [{ ...sent(TOKEN), 'url.full': 'https://api.example.com/a' }],
    [{ ...sent(TOKEN), 'url.full': 'http://localhost:3000/a' }],
  ],
  [
    'crawler_refused',
    [{ 'user_agent.original': 'Mozilla/5.0 (compatible; Googlebot/2.1)', 'http.route': '/products', 'http.request.method': 'GET' }],
    [{ 'user_agent.original': 'Googlebot/2.1', 'http.route': '/admin/users' }],
    [{ 'user_agent.original': 'curl/8', 'http.route': '/products' }],
  ],
];

describe('findings', () => {
  it.each(CASES)('%s is found, is seen to be well, and is silent where nothing was captured', (id, shows, well, unseen) => {
    expect(audit(...shows)).toMatchObject({ found: expect.arrayContaining([id]), observable: expect.arrayContaining([id]) });
    const fine = audit(...well);
    expect(fine.found).not.toContain(id);
    expect(fine.observable).toContain(id);
    const silent = audit(...unseen);
    expect(silent.found).not.toContain(id);
    expect(silent.observable).not.toContain(id);
  });

  it('believe a crawler by its host name or its published range, and only claim it otherwise', () => {
    const asked = (more: Attributes): string | undefined => signature({ 'user_agent.original': 'Googlebot/2.1', ...more }).facts.crawler;
    expect(asked({ 'client.address': 'crawl-66-249-66-1.googlebot.com' })).toBe('Googlebot (verified)');
    expect(asked({ 'client.address': '66.249.66.1' })).toBe('Googlebot (verified)');
    expect(asked({ 'client.address': '203.0.113.9' })).toBe('Googlebot (claimed)');
    expect(asked({ 'client.domain': 'googlebot.com.evil.example' })).toBe('Googlebot (claimed)');
    expect(asked({ 'client.domain': 'crawl.applebot.apple.com' })).toBe('Googlebot (claimed)');
  });

  it('see one code for several causes on a route, and names told apart from passwords', () => {
    const answers = [
      signature({ 'http.route': '/login', ...challenge('Bearer error="invalid_token"') }, 'jwt expired'),
      signature({ 'http.route': '/login', ...challenge('Bearer error="invalid_token"') }, 'invalid signature'),
      signature({ 'http.route': '/told', ...challenge('Bearer error="invalid_token", error_description="The token expired"') }),
      signature({ 'http.route': '/told', ...challenge('Bearer error="invalid_token", error_description="The signature is wrong"') }),
      signature({ 'http.route': '/logged', ...challenge('Basic realm="a"') }, 'user jane not found'),
      signature({ 'http.route': '/logged', ...challenge('Basic realm="a"') }, 'wrong password'),
      signature({ 'http.route': '/session' }, '{"error":"user not found"}'),
      signature({ 'http.route': '/session' }, '{"error":"wrong password"}'),
      signature({ 'http.route': '/other' }, '{"error":"wrong password"}'),
    ];
    const audits = auditTogether(answers.map((one) => ({ signature: one, verdict: judge(one) })));
    expect(audits.map(({ findings }) => findings.map(({ id }) => id))).toEqual([
      ['distinct_code_missing'],
      ['distinct_code_missing'],
      [],
      [],
      [],
      [],
      ['user_enumeration'],
      ['user_enumeration'],
      [],
    ]);
    expect(audits[8]?.observable).toEqual(['user_enumeration']);
    expect(audits[4]?.observable).toEqual([]);
  });

  it('are all of the catalogue: none is without a check', () => {
    const tested = [...CASES.map(([id]) => id), 'distinct_code_missing', 'user_enumeration'].sort();
    expect(tested).toEqual(Object.keys(FINDINGS).sort());
  });
});
