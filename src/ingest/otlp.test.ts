import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeLogs, encodeStatus, encodeSuccess, OtlpDecodeError } from './otlp.js';

const RECEIVED = 1_795_000_000_000;

function decodeRecord(record: object, resource: object[] = []): ReturnType<typeof decodeLogs>[number] | undefined {
  const request = { resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: [record] }] }] };
  return decodeLogs(Buffer.from(JSON.stringify(request)), 'json', RECEIVED)[0];
}

describe('decodeLogs', () => {
  it('reads the event time, else the observed time, else the time of receipt', () => {
    const observed = { observedTimeUnixNano: '1790000000000000000' };
    expect(decodeRecord({ timeUnixNano: '1791000000123456789', ...observed })?.timeMs).toBe(1_791_000_000_123);
    expect(decodeRecord({ timeUnixNano: '0', ...observed })?.timeMs).toBe(1_790_000_000_000);
    expect(decodeRecord({ timeUnixNano: 'soon' })?.timeMs).toBe(RECEIVED);
  });

  it('reads every kind of value, numbers as text or not, names in either spelling', () => {
    const values = [
      { key: 'text', value: { stringValue: 'a' } },
      { key: 'empty', value: { stringValue: '' } },
      { key: 'number', value: { intValue: '401' } },
      { key: 'snake', value: { int_value: 401 } },
      { key: 'double', value: { doubleValue: 0.5 } },
      { key: 'flag', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 1 }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'in', value: { stringValue: 'side' } }] } } },
      { key: 'bytes', value: { bytesValue: 'AQID' } },
      { key: 'nothing', value: {} },
      { key: '__proto__', value: { stringValue: 'plain' } },
    ];
    const record = decodeRecord({ attributes: values, body: { stringValue: 'b' }, event_name: 'e' }, [
      { key: 'service.name', value: { stringValue: 's' } },
    ]);
    expect(Object.entries(record?.attributes ?? {})).toEqual([
      ['text', 'a'],
      ['empty', ''],
      ['number', 401],
      ['snake', 401],
      ['double', 0.5],
      ['flag', false],
      ['list', ['x', 1]],
      ['map', { in: 'side' }],
      ['bytes', 'AQID'],
      ['nothing', null],
      ['__proto__', 'plain'],
    ]);
    expect(record).toMatchObject({ body: 'b', eventName: 'e', resource: { 'service.name': 's' } });
  });

  it('reads values nested deeper than anyone nests as nothing', () => {
    let value: object = { stringValue: 'deep' };
    for (let depth = 0; depth < 1_000; depth += 1) value = { arrayValue: { values: [value] } };
    expect(JSON.stringify(decodeRecord({ body: value })?.body)).toContain('null');
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    const total = (body: Buffer, encoding: 'json' | 'protobuf'): void => {
      try {
        expect(Array.isArray(decodeLogs(body, encoding, RECEIVED))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(OtlpDecodeError);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        total(Buffer.from(bytes), 'protobuf');
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        total(Buffer.from(json), 'json');
      }),
    );
    const names = fc.constantFrom(
      'resourceLogs',
      'resource_logs',
      'scopeLogs',
      'logRecords',
      'attributes',
      'key',
      'value',
      'stringValue',
      'arrayValue',
      'values',
      'body',
      'timeUnixNano',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(names, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        total(Buffer.from(JSON.stringify({ resourceLogs: value })), 'json');
      }),
    );
  });
});

describe('answers', () => {
  it('leave partial success unset when nothing was rejected', () => {
    expect(encodeSuccess('json', 0, '').toString()).toBe('{}');
    expect(encodeSuccess('protobuf', 0, '')).toHaveLength(0);
  });

  it('carry count, message and code in either encoding', () => {
    expect(JSON.parse(encodeSuccess('json', 2, 'why').toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '2', errorMessage: 'why' },
    });
    // Field 1 (partial_success), 7 bytes: field 1 = 2, field 2 = "why".
    expect([...encodeSuccess('protobuf', 2, 'why')]).toEqual([0x0a, 7, 0x08, 2, 0x12, 3, 0x77, 0x68, 0x79]);
    expect([...encodeStatus('protobuf', 3, 'no')]).toEqual([0x08, 3, 0x12, 2, 0x6e, 0x6f]);
  });
});
