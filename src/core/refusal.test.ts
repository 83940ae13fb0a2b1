import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AttributeValue, LogRecord } from './log-record.js';
import { readRecord } from './refusal.js';
import { signatureKey, type Signature } from './signature.js';

function record(attributes: Record<string, AttributeValue>, more: Partial<LogRecord> = {}): LogRecord {
  return { timeMs: 1_795_000_000_000, body: null, attributes, resource: {}, ...more };
}

function signature(attributes: Record<string, AttributeValue>, more: Partial<LogRecord> = {}): Signature {
  const reading = readRecord(record({ 'http.response.status_code': 401, ...attributes }, more));
  if (reading.kind !== 'refusal') throw new Error(`read as ${reading.kind}`);
  return reading.signature;
}

describe('readRecord', () => {
  it.each<[string, LogRecord, string]>([
    ['a 401', record({ 'http.response.status_code': 401 }), 'refusal'],
    ['a 403 as text under its older name', record({ 'http.status_code': '403' }), 'refusal'],
    ['a 407', record({ status: 407 }), 'refusal'],
    ['a 200', record({ 'http.response.status_code': 200 }), 'ignored'],
    ['a 500', record({ 'http.response.status_code': 500 }), 'ignored'],
    ['a log line without a status', record({}, { body: 'token expired' }), 'ignored'],
    ['a status that is no number', record({ status: 'active' }), 'ignored'],
    ['our event without a status', record({}, { eventName: 'why401.auth_failure' }), 'refusal'],
    ['a stated cause without a status', record({ 'why401.cause': 'expired_token' }), 'refusal'],
    ['a cause that is not in the catalogue', record({ 'http.response.status_code': 401, 'why401.cause': 'constructor' }), 'rejected'],
    ['our event with a broken status', record({ 'http.response.status_code': 'x', 'why401.cause': 'expired_token' }), 'rejected'],
  ])('reads %s', (_, input, kind) => {
    expect(readRecord(input).kind).toBe(kind);
  });

  it('takes current, older and ECS names alike', () => {
    const current = signature(
      { 'http.request.method': 'GET', 'http.route': '/a/{id}' },
      { resource: { 'service.name': 'a', 'deployment.environment.name': 'prod' } },
    );
    const older = signature(
      { 'http.method': 'get', 'http.route': '/a/{id}' },
      { resource: { 'service.name': 'a', 'deployment.environment': 'prod' } },
    );
    expect(signatureKey(older)).toBe(signatureKey(current));
  });

  it('derives a route from the path where the framework gave none', () => {
    expect(signature({ 'url.path': '/orders/4711/items' }).route).toBe('/orders/{id}/items');
    expect(signature({ 'url.full': 'https://a.example/users/jane@x.example?token=abc' }).route).toBe('/users/{id}');
  });

  it('names unknown methods as OpenTelemetry does, and services that are not named', () => {
    expect(signature({ 'http.request.method': 'BREW' })).toMatchObject({ method: '_OTHER', service: 'unknown_service' });
  });

  it('reduces credentials to their shape', () => {
    const claims = btoa(JSON.stringify({ exp: 1_794_999_000, sub: 'secret-subject' })).replaceAll('=', '');
    const token = `eyJhbGciOiJIUzI1NiJ9.${claims}.c2ln`;
    const read = signature({ 'http.request.header.authorization': [`Bearer ${token}`] });
    expect(read).toMatchObject({
      scheme: 'bearer',
      facts: { tokenTiming: 'expired_by_minutes', credentialPresent: true, credentialWellFormed: true },
    });
    expect(JSON.stringify(read)).not.toContain(token.slice(25, 45));
  });

  it('keeps codes and masks what only pretends to be one', () => {
    expect(signature({ 'why401.code': 'AADSTS50055' }).errorCode).toBe('AADSTS50055');
    expect(signature({ 'why401.code': 'failure for jane@x.example, key 9f86d081884c7d65' }).errorCode).toBe(
      'failure for <email>, key <id>',
    );
  });

  it.each([
    ['an unknown lower-case word', 'hunter'],
    ['a name', 'JaneDoe'],
    ['names joined', 'jane_doe'],
    ['an assignment', 'password=hunter'],
    ['a licence key', 'ABCD-EFGH-IJKL-MNOP'],
    ['an address', 'dead:beef::cafe'],
    ['letters only', 'qwertyzxcvbnasdfghjklp'],
    ['a one-time password', 'otp482913'],
  ])('takes no %s for a code, wherever codes stand', (_, value) => {
    const challenge = { 'http.response.header.www-authenticate': [`Bearer error="${value}"`] };
    for (const attributes of [{ 'why401.code': value }, { 'exception.type': value }, { 'error.type': value }, challenge])
      expect(JSON.stringify(signature(attributes))).not.toContain(value);
    expect(
      JSON.stringify(signature({}, { body: JSON.stringify({ error: value, code: value }) })).replace(/"template":"[^"]*"/, ''),
    ).not.toContain(value);
  });

  it('keeps names of services readable and free of what they should not hold', () => {
    const service = (name: string): string => signature({}, { resource: { 'service.name': name } }).service;
    expect(['checkout-v2', 'Orders API (eu-west-1)', 'billing.worker'].map(service)).toEqual([
      'checkout-v2',
      'Orders API (eu-west-1)',
      'billing.worker',
    ]);
    expect(service('checkout-7d9f8b6c5d-x2x4z')).toBe('checkout-<id>-<id>');
    expect(service('a1b2c3d4e5f6a7b8')).toBe('<id>');
    expect(service('bob:hunter@db')).not.toContain('hunter');
    expect(service('2001:db8::ff00:42')).toBe('<ip>');
  });

  it('knows credentials by other headers and by what the record says of them', () => {
    expect(signature({ 'http.request.header.cookie': ['sid=1'] })).toMatchObject({ scheme: 'cookie', facts: { credentialPresent: true } });
    expect(signature({ 'http.request.header.X-Api-Key': ['k'] })).toMatchObject({ scheme: 'api_key', facts: { credentialPresent: true } });
    expect(signature({ 'why401.credential.location': 'none' })).toMatchObject({ scheme: 'none', facts: { credentialPresent: false } });
    // The server's own handler, not what the client sent.
    expect(signature({ 'aspnetcore.authentication.scheme': 'Bearer' })).toMatchObject({ scheme: '', facts: {} });
  });

  it('takes token times from the text where the record names none', () => {
    const body = {
      name: 'TokenExpiredError',
      message: 'jwt expired',
      expiredAt: new Date(1_795_000_000_000 - 3 * 86_400_000).toISOString(),
    };
    expect(signature({}, { body }).facts.tokenTiming).toBe('expired_by_days');
    expect(signature({ 'token.exp': 1_794_999_997_000 }).facts.tokenTiming).toBe('expired_by_seconds');
  });

  it('gives one signature to refusals that differ only in values', () => {
    const read = (id: number, ip: string): Signature =>
      signature({ 'http.route': '/a', 'exception.message': `token ${String(id)} from ${ip} expired` });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.ipV4(), fc.ipV4(), (a, b, here, there) => {
        expect(signatureKey(read(a, here))).toBe(signatureKey(read(b, there)));
      }),
    );
  });

  it('is total: any attributes and any body give an answer', () => {
    const value: fc.Arbitrary<AttributeValue> = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'status',
        'http.route',
        'url.full',
        'service.name',
        'why401.cause',
        'www_authenticate',
        'http.request.header.authorization',
        'token.exp',
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.dictionary(names, value), value, (attributes, body) => {
        const reading = readRecord(record({ ...attributes, 'http.response.status_code': 401 }, { body }));
        expect(['refusal', 'rejected']).toContain(reading.kind);
        // The store's jsonb takes no U+0000, and no text that is not well-formed.
        if (reading.kind === 'refusal') expect(JSON.stringify(reading.signature)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 500 },
    );
  });
});
