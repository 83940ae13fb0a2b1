import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Attributes, AttributeValue, LogRecord } from '../log-record.js';
import { Dictionary } from './dictionary.js';
import { OtlpLogs } from './otlp-logs.js';
import { MAX_BYTES, RecordBytes } from './record-bytes.js';

const utf8 = (bytes: Uint8Array, start: number, end: number): string => Buffer.from(bytes.subarray(start, end)).toString('utf8');
const written = new RecordBytes(new Uint8Array(MAX_BYTES));
const logs = new OtlpLogs(
  new Dictionary(
    utf8,
    () => 1,
    () => 0,
  ),
  written.bytes,
  0,
);

/** @returns undefined for one that is not written */
function again(record: LogRecord): LogRecord | undefined {
  const length = written.write(record);
  if (length === 0) return undefined;
  logs.reopen(length);
  expect(logs.next()).toBe(true);
  const read = logs.toLogRecord(record.timeMs);
  expect(logs.next()).toBe(false);
  return read;
}

const plain = (body: AttributeValue, attributes: Attributes = {}): LogRecord => ({ timeMs: 0, body, attributes, resource: {} });

describe('a record that came as JSON', () => {
  const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 2_000 }));
  const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
  const value = fc.oneof({ weight: 9, arbitrary: scalar }, fc.array(scalar, { maxLength: 4 }));
  const attributes = fc.dictionary(text, value, { maxKeys: 8 });
  const record = fc.record(
    { timeMs: fc.constant(0), body: value, attributes, resource: attributes, eventName: fc.string({ minLength: 1 }) },
    { requiredKeys: ['timeMs', 'body', 'attributes', 'resource'] },
  );

  it('is read back as it was', () => {
    let read = 0;
    fc.assert(
      fc.property(record, (one) => {
        const back = again(one);
        if (back === undefined) return;
        read += 1;
        expect(back).toEqual(one);
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(1_500);
  });

  it.each<[string, LogRecord]>([
    ['a map', plain({ a: 1 })],
    ['a map in a list', plain(null, { a: [{ b: 1 }] })],
    ['a list of lists', plain(null, { a: [['b']] })],
    ['half a character', plain('\ud800')],
    ['a name that is half a character', plain(null, { 'a\udfff': 1 })],
    ['an event name of nothing', { ...plain('a'), eventName: '' }],
    ['more text than there is room for', plain('a'.repeat(20_000))],
    ['more letters than there is room for', plain('\u00e4'.repeat(10_000))],
    ['more values than there is room for', plain(Array.from({ length: 5_000 }, () => 1.5))],
  ])('is not written with %s', (_what, one) => {
    expect(again(one)).toBeUndefined();
    expect(again(plain('a', { b: 'c' }))).toEqual(plain('a', { b: 'c' }));
  });
});
