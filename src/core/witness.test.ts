import { describe, expect, it } from '@jest/globals';
import type { Attributes } from './log-record.js';
import { readRecord } from './refusal.js';
import { FACETS, type Witness } from './witness.js';

function witness(attributes: Attributes, resource: Attributes = {}, body = 'jwt expired'): Witness {
  const reading = readRecord({ timeMs: 0, body, attributes: { 'http.response.status_code': 401, ...attributes }, resource });
  if (reading.kind !== 'refusal') throw new Error(`read as ${reading.kind}`);
  return reading.witness;
}

function facets(attributes: Attributes, resource: Attributes = {}): Record<string, string> {
  return Object.fromEntries(
    witness(attributes, resource).facets.map(({ facet, value, isOpaque }): [string, string] => [
      FACETS[facet] ?? '',
      isOpaque ? '(opaque)' : value,
    ]),
  );
}

describe('addresses become networks', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['203.0.113.9:51000', '203.0.113.0/24'],
    ['203.0.113.9, 10.0.0.1', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['[2001:db8:7::1]:443', '2001:db8:7::/48'],
    ['2001:0DB8:0007:9::1', '2001:db8:7::/48'],
    ['2001:db8::1', '2001:db8::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
    ['::1', '::/48'],
    ['unix:', undefined],
    ['-', undefined],
    ['not an address', undefined],
  ])('%s -> %s', (address, network) => {
    expect(facets({ 'client.address': address })['client_network']).toBe(network);
  });

  it('and one client is one, by whatever port', () => {
    expect(witness({ 'client.address': '203.0.113.9:1' }).client).toBe(witness({ remote_addr: '::ffff:203.0.113.9' }).client);
    expect(witness({ 'client.domain': 'a.example.com' }).client).toBe('a.example.com');
  });
});

describe('user agents become families', () => {
  it.each([
    ['curl/8.5.0', 'curl'],
    ['python-requests/2.32.3', 'python-requests'],
    ['Go-http-client/1.1', 'Go-http-client'],
    ['okhttp/4.12.0', 'okhttp'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari'],
    ['Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot'],
    ['Mozilla/5.0 something', 'other browser'],
    ['shop-ios/4.2.1 (iPhone)', 'shop-ios'],
    ['node', 'node'],
    ['alice.smith', '(opaque)'],
    ['alice.smith/1.0', '(opaque)'],
    ['alice-smith', '(opaque)'],
    ['janedoebot', '(opaque)'],
    ['k7Gq2xWv9RtZ4mNp/1.0', '(opaque)'],
    ['{"a":1}', 'other'],
  ])('%s', (agent, family) => {
    expect(facets({ 'user_agent.original': agent })['user_agent']).toBe(family);
  });
});

describe('what answered, and what was sent', () => {
  it('is named by instance, version, issuer and key', () => {
    expect(
      facets(
        { 'why401.token.issuer': 'https://ID.example.com/realms/shop?x=1', 'why401.token.key_id': 'key-2026' },
        { 'k8s.pod.name': 'shop-7f9c6dd5b-x2x9z', 'service.version': '1.4.2' },
      ),
    ).toEqual({ instance: 'shop-7f9c6dd5b-x2x9z', version: '1.4.2', issuer: 'id.example.com/realms/shop', key_id: 'key-2026' });
  });

  it('reads issuer and key out of a token, which goes no further', () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256', kid: 'signing-key' })}.${part({ iss: 'https://id.example.com/', sub: 'u', exp: 1 })}.c2ln`;
    expect(facets({ 'http.request.header.authorization': `Bearer ${token}` })).toEqual({ issuer: 'id.example.com', key_id: 'signing-key' });
  });

  it('keeps no identifier that may be a secret', () => {
    const secret = 'sk_live_51H8xYzAbCdEfGhIjKlMnOpQr';
    expect(facets({ 'why401.token.key_id': secret, 'service.instance.id': secret })).toEqual({ instance: '(opaque)', key_id: '(opaque)' });
    for (const name of ['service.version', 'user_agent.original', 'why401.token.issuer'])
      expect(JSON.stringify(facets({ [name]: secret }))).not.toContain('51H8xYz');
  });

  it.each([
    ['instance', 'k8s.pod.name', 'akia5xk2j9qz8w7vt3mn-1234', '(opaque)'],
    ['instance', 'host.name', 'ip-203-0-113-7', '(opaque)'],
    ['instance', 'host.name', 'ip-203-0-113-7.ec2.internal', '(opaque)'],
    ['instance', 'host.name', 'web-3', 'web-3'],
    ['key_id', 'why401.token.key_id', 'akia5xk2j9qz8w7vt3mn-1234', '(opaque)'],
    ['key_id', 'why401.token.key_id', 'alice-smith-1980', '(opaque)'],
    ['key_id', 'why401.token.key_id', 'shop-7f9c6dd5b-x2x9z', '(opaque)'],
    ['key_id', 'why401.token.key_id', 'signing-key-2', 'signing-key-2'],
    ['issuer', 'why401.token.issuer', 'https://203.0.113.9', '203.0.113.0/24'],
    ['issuer', 'why401.token.issuer', 'accounts.google.com', 'accounts.google.com'],
    ['issuer', 'why401.token.issuer', 'alice.smith', '(opaque)'],
    ['issuer', 'why401.token.issuer', 'https://jane-doe', '(opaque)'],
    ['instance', 'host.name', 'ip-2001-db8-0-1', '(opaque)'],
    ['issuer', 'why401.token.issuer', 'https://203.0.113.9:8443/realms/shop', '203.0.113.0/24/realms/shop'],
    ['issuer', 'why401.token.issuer', 'https://[2001:db8:7::1]/', '2001:db8:7::/48'],
    ['issuer', 'why401.token.issuer', 'https://ip-203-0-113-9.example.com', '<id>.example.com'],
    ['issuer', 'why401.token.issuer', 'alice@example.com', '(opaque)'],
  ])('tells %s by %s=%s as %s', (facet, name, value, told) => {
    expect(facets({ [name]: value })[facet]).toBe(told);
  });

  it('is found in a line of JSON as well', () => {
    const line = JSON.stringify({ status: 401, msg: 'jwt expired', remote_addr: '203.0.113.9', user: 'u-1' });
    const reading = readRecord({ timeMs: 0, body: line, attributes: {}, resource: {} });
    expect(reading).toMatchObject({ kind: 'refusal', witness: { client: '203.0.113.9', user: 'u-1' } });
  });
});

describe('requests that were not refused', () => {
  it('tell where they went by the route that is declared, and by no path', () => {
    const resource = { 'service.name': 'shop', 'deployment.environment.name': 'prod' };
    const target = { service: 'shop', environment: 'prod', route: '' };
    const read = (attributes: Attributes, body: string): unknown => readRecord({ timeMs: 0, body, attributes, resource });
    expect(read({ 'http.response.status_code': 200, 'http.route': '/orders/{id}' }, 'done')).toEqual({
      kind: 'ignored',
      target: { ...target, route: '/orders/{id}' },
    });
    expect(read({ 'http.response.status_code': 200, 'url.path': '/teams/smith-family/photos' }, 'done')).toEqual({
      kind: 'ignored',
      target,
    });
    expect(read({}, '203.0.113.9 - - [23/Nov/2026:10:00:00 +0000] "GET /teams/smith-family HTTP/1.1" 200 5 "-" "curl/8"')).toEqual({
      kind: 'ignored',
      target,
    });
    expect(read({}, 'cache warmed')).toEqual({ kind: 'ignored' });
  });

  it('are counted beside refusals that go to the same place, which keep their path for themselves', () => {
    const read = (attributes: Attributes): unknown => readRecord({ timeMs: 0, body: 'jwt expired', attributes, resource: {} });
    expect(read({ 'http.response.status_code': 401, 'url.path': '/orders/17' })).toMatchObject({
      signature: { route: '/orders/{id}' },
      target: { service: 'unknown_service', environment: '', route: '' },
    });
    expect(read({ 'http.response.status_code': 401, 'url.path': '/orders/17', 'http.route': '/orders/:id' })).toMatchObject({
      signature: { route: '/orders/:id' },
      target: { route: '/orders/:id' },
    });
  });
});
