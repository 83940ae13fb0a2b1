import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Attributes, AttributeValue } from './log-record.js';
import { readRecord } from './refusal.js';

/** A record as a real system exports it, and whether a request was refused. */
interface Shape {
  system: string;
  what: string;
  record: { body?: AttributeValue; attributes?: Attributes; resource?: Attributes; event_name?: string };
  expect: 'refusal' | 'ignored';
}

const SHAPES = readFileSync(new URL('../../../test/fixtures/record-shapes.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Shape);

function kindOf({ body = null, attributes = {}, resource = {}, event_name: eventName }: Shape['record']): string {
  return readRecord({ timeMs: Date.UTC(2026, 10, 24), body, attributes, resource, ...(eventName === undefined ? {} : { eventName }) }).kind;
}

describe('records of real systems', () => {
  it('are many, of both kinds', () => {
    expect(SHAPES.filter((shape) => shape.expect === 'refusal').length).toBeGreaterThan(150);
    expect(SHAPES.filter((shape) => shape.expect === 'ignored').length).toBeGreaterThan(100);
  });

  it.each(SHAPES.map((shape) => [shape.system, shape.what, shape.expect, shape.record] as const))(
    '%s: %s (%s)',
    (_system, _what, kind, record) => {
      expect(kindOf(record)).toBe(kind);
    },
  );
});

describe('a status', () => {
  it.each<[Attributes, number]>([
    [{ StatusCode: 401 }, 401],
    [{ response_code: '403' }, 403],
    [{ DownstreamStatus: 401, OriginStatus: 200 }, 401],
    [{ 'rpc.grpc.status_code': 16 }, 401],
    [{ 'grpc.code': 'PermissionDenied' }, 403],
    [{ res: { statusCode: 401 } }, 401],
    [{ code: '401', method: 'GET' }, 401],
  ])('%j is %d', (attributes, status) => {
    expect(readRecord({ timeMs: 0, body: null, attributes, resource: {} })).toMatchObject({ kind: 'refusal', signature: { status } });
  });

  it.each<Attributes>([
    { code: 401 },
    { status: 'active' },
    { DownstreamStatus: 200, OriginStatus: 401 },
    { 'rpc.grpc.status_code': 0 },
    { status: 4010 },
  ])('is none in %j', (attributes) => {
    expect(readRecord({ timeMs: 0, body: null, attributes, resource: {} }).kind).toBe('ignored');
  });
});

describe('a success with an error in its body', () => {
  const answered = (body: string): string =>
    kindOf({ attributes: { 'http.response.status_code': 200, 'http.response.body.content': body } });

  it('is a refusal, whatever envelope the error has', () => {
    for (const body of [
      '{"errors":[{"message":"You must be logged in","extensions":{"code":"UNAUTHENTICATED"}}]}',
      '{"success":false,"error":"invalid_token"}',
      '{"ok":false,"error":"not_authed"}',
      '{"code":401,"message":"Token expired"}',
    ])
      expect(answered(body)).toBe('refusal');
  });

  it('is none when the error is another, or none at all', () => {
    for (const body of [
      '{"errors":[{"message":"order not found"}]}',
      '{"error":null,"token":"fresh","message":"token refreshed"}',
      '{"success":true,"title":"What 401 Unauthorized means"}',
      '{"success":false,"error":"out_of_stock"}',
    ])
      expect(answered(body)).toBe('ignored');
  });
});
