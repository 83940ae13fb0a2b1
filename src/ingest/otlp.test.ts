import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { Attributes, AttributeValue, LogRecord } from '../core/log-record.js';
import { copyInterchanged, interchanged, unlike, withoutNumbers } from '../core/interchangeable.js';
import { RecordReader } from '../core/record-reader.js';
import { canBeTold } from '../core/recognition.js';
import { readRecord } from '../core/refusal.js';
import { WireError } from '../core/wire/protobuf.js';
import { decodedAsJson, encodeRequest, requestOf, RESPONSE, STATUS, type PlainRecord } from '../../test/support/otlp-messages.js';
import { fuzz } from '../../test/support/mutations.js';
import { encodeStatus, encodeSuccess, jsonLogRecords } from './otlp.js';

const RECEIVED = 1_795_000_000_000;
const newReader = (): RecordReader =>
  new RecordReader(
    (bytes, start, end) => (bytes as Buffer).toString('utf8', start, end),
    (size) => Buffer.alloc(size),
  );

function fromJson(request: unknown): LogRecord[] {
  return [...jsonLogRecords(Buffer.from(JSON.stringify(request)), RECEIVED)];
}

function fromProtobuf(bytes: Buffer, reader = newReader()): LogRecord[] {
  const logs = reader.open(bytes);
  const records: LogRecord[] = [];
  while (logs.next()) records.push(logs.toLogRecord(RECEIVED));
  return records;
}

function oneOf(record: object, resource: object[] = []): LogRecord | undefined {
  return fromJson({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: [record] }] }] })[0];
}

/** The example that the protocol's definition publishes (opentelemetry-proto, examples/logs.json), in its values. */
const EXAMPLE = {
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
      scopeLogs: [
        {
          scope: {
            name: 'my.library',
            version: '1.0.0',
            attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
          },
          logRecords: [
            {
              timeUnixNano: '1544712660300000000',
              observedTimeUnixNano: '1544712660300000000',
              severityNumber: 10,
              severityText: 'Information',
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'EEE19B7EC3C1B174',
              body: { stringValue: 'Example log record' },
              attributes: [
                { key: 'string.attribute', value: { stringValue: 'some string' } },
                { key: 'boolean.attribute', value: { boolValue: true } },
                { key: 'int.attribute', value: { intValue: '10' } },
                { key: 'double.attribute', value: { doubleValue: 637.704 } },
                { key: 'array.attribute', value: { arrayValue: { values: [{ stringValue: 'many' }, { stringValue: 'values' }] } } },
                {
                  key: 'map.attribute',
                  value: { kvlistValue: { values: [{ key: 'some.map.key', value: { stringValue: 'some value' } }] } },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

describe('requests in JSON', () => {
  it('read the published example', () => {
    const [record] = fromJson(EXAMPLE);
    expect(record).toEqual({
      timeMs: 1_544_712_660_300,
      body: 'Example log record',
      attributes: {
        'string.attribute': 'some string',
        'boolean.attribute': true,
        'int.attribute': 10,
        'double.attribute': 637.704,
        'array.attribute': ['many', 'values'],
        'map.attribute': { 'some.map.key': 'some value' },
      },
      resource: { 'service.name': 'my.service' },
      traceId: '5b8efff798038103d269b633813fc60c',
    });
  });

  it('have the event time, else the observed time, else the time of receipt', () => {
    const observed = { observedTimeUnixNano: '1790000000000000000' };
    expect(oneOf({ timeUnixNano: '1791000000123456789', ...observed })?.timeMs).toBe(1_791_000_000_123);
    expect(oneOf({ timeUnixNano: '0', ...observed })?.timeMs).toBe(1_790_000_000_000);
    expect(oneOf({ timeUnixNano: 'soon' })?.timeMs).toBe(RECEIVED);
  });

  it('have every kind of value, numbers as text or not, names in either spelling', () => {
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
    const record = oneOf({ attributes: values, body: { stringValue: 'b' }, event_name: 'e' }, [
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

  it('may have their members in any order, in either spelling, with others between', () => {
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 's' } }] };
    const records = fromJson({
      other: [{ a: '}]"\\' }],
      resource_logs: [
        { schemaUrl: 'x', scope_logs: [{ log_records: [{ body: { stringValue: 'a' } }], scope: {} }, {}], more: null, resource },
        { scopeLogs: null },
        { resource: null, scopeLogs: [{ logRecords: [{}, { body: { stringValue: 'b' } }] }] },
      ],
    });
    expect(records.map(({ body, resource: of }) => [body, of['service.name']])).toEqual([
      ['a', 's'],
      [null, undefined],
      ['b', undefined],
    ]);
  });

  it('are refused whole when they are no JSON, wherever that shows', () => {
    for (const body of [
      '',
      '[]',
      '1',
      '{',
      '{"resourceLogs":[{]}',
      '{"resourceLogs":[]} x',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":tru}]}]}]}',
      '{"resourceLogs":[{},]}x',
    ])
      expect(() => [...jsonLogRecords(Buffer.from(body), RECEIVED)]).toThrow(WireError);
    expect([...jsonLogRecords(Buffer.from('{}'), RECEIVED)]).toEqual([]);
  });

  it('have values nested deeper than anyone nests as nothing', () => {
    let value: object = { stringValue: 'deep' };
    for (let depth = 0; depth < 1_000; depth += 1) value = { arrayValue: { values: [value] } };
    expect(JSON.stringify(oneOf({ body: value })?.body)).toContain('null');
  });

  it('throw nothing but their own error, whatever the text', () => {
    const total = (text: string): void => {
      try {
        expect(Array.isArray([...jsonLogRecords(Buffer.from(text), RECEIVED)])).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    };
    fc.assert(fc.property(fc.json(), total));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '1', 'a') }), (text) => {
        total(`{"resourceLogs":${text}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read as the published example of an event has them, its list included', () => {
    const member = (key: string, value: object): object => ({ key, value });
    const read = oneOf({
      timeUnixNano: '1544712660300000000',
      severityNumber: 9,
      attributes: [member('event.name', { stringValue: 'browser.page_view' })],
      body: { kvlistValue: [member('type', { intValue: '0' }), member('url', { stringValue: 'https://www.example.com/page' })] },
    });
    expect(read).toMatchObject({
      body: { type: 0, url: 'https://www.example.com/page' },
      attributes: { 'event.name': 'browser.page_view' },
    });
  });
});

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isSafeInteger(one)),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const attributes = fc.dictionary(
  fc.oneof(
    fc.constantFrom('http.response.status_code', 'exception.type', 'service.name', 'url.path'),
    fc.string({ minLength: 1, maxLength: 8 }),
  ),
  value,
  { maxKeys: 6 },
) as fc.Arbitrary<Attributes>;
const nano = fc.bigInt({ min: 0n, max: 2_000_000_000_000_000_000n }).map(String);
const plain = fc.record({ timeNano: nano, observedNano: nano, body: value, attributes, eventName: fc.string({ maxLength: 5 }) });

/** A length-delimited field. @param tag field number times 8 plus 2 */
function field(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let left = content.length; ; left >>>= 7) {
    length.push((left & 0x7f) | (left > 127 ? 128 : 0));
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** Without any time in it, so that the same words are read the same at any time. */
const TOKEN = [{ alg: 'RS256', kid: 'signing-key' }, { iss: 'https://id.example.com/' }, 'c2ln']
  .map((part) => (typeof part === 'string' ? part : Buffer.from(JSON.stringify(part)).toString('base64url')))
  .join('.');

describe('the cursor over protobuf', () => {
  it('reads the published example', () => {
    const { resourceLogs } = structuredClone(EXAMPLE);
    const request = JSON.parse(JSON.stringify({ resourceLogs }).replace(/"(?:traceId|spanId)":"[^"]*",/g, '')) as object;
    expect(fromProtobuf(encodeRequest(request))).toEqual(fromJson(EXAMPLE).map(({ traceId: _item, ...record }) => record));
  });

  it('reads what protobufjs reads, of any message', () => {
    const reader = newReader();
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 4 }), attributes, (records, resource) => {
        const bytes = encodeRequest(requestOf(records, resource));
        const expected = [...jsonLogRecords(Buffer.from(decodedAsJson(bytes)), RECEIVED)];
        expect(JSON.stringify(fromProtobuf(bytes, reader))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('passes fields that it does not know, groups included, and merges what stands twice', () => {
    const known = encodeRequest(requestOf([{ body: 'a', attributes: { b: 1 } }], { 'service.name': 's' }));
    // Field 15 as varint, 64 bits, bytes, group with a field inside, 32 bits.
    const unknown = Buffer.from([0x78, 0x81, 0x01, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 9, 9, 0x7b, 0x08, 1, 0x7c, 0x7d, 1, 2, 3, 4]);
    expect(fromProtobuf(Buffer.concat([unknown, known, unknown, known]))).toEqual([...fromProtobuf(known), ...fromProtobuf(known)]);
  });

  it('bounds what one record can make of few bytes', () => {
    const items = Buffer.concat(Array.from({ length: 200_000 }, () => Buffer.from([0x0a, 0])));
    const record = field(0x2a, field(0x2a, items));
    const [read] = fromProtobuf(field(0x0a, field(0x12, field(0x12, record))));
    expect((read?.body as unknown[]).length).toBeLessThanOrEqual(10_000);
  });

  it('throws nothing but its own error on bytes that were changed, and ends', () => {
    const { refused, records } = fuzz(30_000, 401);
    expect(refused).toBeGreaterThan(1_000);
    expect(records).toBeGreaterThan(10_000);
  });
});

describe('the trace of a record', () => {
  it('is told for each record that has a valid one, in either encoding', () => {
    const ids = ['5B8EFFF798038103D269B633813FC60C', '0'.repeat(32), '', 'abcd', '5b8efff798038103d269b633813fc60d00'];
    const logRecords = ids.map((traceId) => ({ traceId, body: { stringValue: 'a' } }));
    const expected = ['5b8efff798038103d269b633813fc60c', undefined, undefined, undefined, undefined];
    expect(fromJson({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }).map(({ traceId }) => traceId)).toEqual(expected);
    const bytes = encodeRequest({
      resourceLogs: [
        { scopeLogs: [{ logRecords: logRecords.map((record) => ({ ...record, traceId: Buffer.from(record.traceId, 'hex') })) }] },
      ],
    });
    const logs = newReader().open(bytes);
    const seen: (string | undefined)[] = [];
    while (logs.next()) seen.push(logs.traceId());
    expect(seen).toEqual(expected);
  });
});

describe('the reader of protobuf records', () => {
  const shapes = readFileSync(new URL('../../../test/fixtures/record-shapes.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { record: { body?: AttributeValue; attributes?: Attributes; resource?: Attributes; event_name?: string } },
    );

  it('answers what readRecord answers, at the first sight and later ones', () => {
    const reader = newReader();
    for (let time = 0; time < 4; time += 1) {
      for (const { record } of shapes) {
        const { body = null, attributes: of = {}, resource = {}, event_name: eventName = '' } = record;
        const bytes = encodeRequest(requestOf([{ timeNano: '1790000000000000000', body, attributes: of, eventName }], resource));
        const logs = reader.open(bytes);
        expect(logs.next()).toBe(true);
        expect(reader.read(logs, RECEIVED)).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      }
    }
  });

  it('has a resource for each request, however many others came while it was read', () => {
    const reader = newReader();
    const of = (service: string): Buffer =>
      encodeRequest(
        requestOf(
          Array.from({ length: 3 }, () => ({ body: 'jwt expired', attributes: { 'http.response.status_code': 401 } })),
          { 'service.name': service },
        ),
      );
    const serviceAt = (logs: ReturnType<RecordReader['open']>): string => {
      expect(logs.next()).toBe(true);
      const reading = reader.read(logs, RECEIVED);
      return reading.kind === 'refusal' ? reading.signature.service : '';
    };
    const paused = reader.open(of('checkout'));
    expect(serviceAt(paused)).toBe('checkout');
    // More than are remembered, so that numbers begin again; the last ones have those of the first.
    const word = (index: number): string => `service-${'abcdefghijklmnopqrstuvwxyz'[index % 26] ?? ''}-${String(Math.floor(index / 26))}`;
    for (let index = 0; index < 600; index += 1) expect(serviceAt(reader.open(of(word(index))))).toBe(word(index));
    for (let index = 500; index < 600; index += 1) expect(serviceAt(reader.open(of(word(index))))).toBe(word(index));
    expect(serviceAt(paused)).toBe('checkout');
    expect(serviceAt(paused)).toBe('checkout');
  });

  it('has the last of values that stand twice, as protobuf says', () => {
    const reader = newReader();
    // status: 401 in a map, behind a text in the same AnyValue.
    const status = field(0x0a, Buffer.concat([field(0x0a, Buffer.from('status')), field(0x12, Buffer.from([0x18, 0x91, 0x03]))]));
    const body = field(0x2a, Buffer.concat([field(0x0a, Buffer.from('hello')), field(0x32, status)]));
    for (const [record, kind] of [
      [body, 'refusal'],
      [field(0x2a, field(0x0a, Buffer.from('hello'))), 'ignored'],
    ] as const) {
      const logs = reader.open(field(0x0a, field(0x12, field(0x12, record))));
      expect(logs.next()).toBe(true);
      expect(reader.read(logs, RECEIVED)).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      expect(reader.read(logs, RECEIVED).kind).toBe(kind);
    }
  });

  it('finds an error in JSON wherever in the text of a success it begins', () => {
    const reader = newReader();
    for (const body of [
      'answered {"error":"unauthorized","message":"jwt expired"}',
      'answered "error":"unauthorized", jwt expired',
      'answered <soap:Fault><faultcode>Client.Authentication</faultcode><faultstring>Authentication failed</faultstring></soap:Fault>',
    ]) {
      const logs = reader.open(encodeRequest(requestOf([{ body, attributes: { 'http.response.status_code': 200 } }])));
      expect(logs.next()).toBe(true);
      const reading = reader.read(logs, RECEIVED);
      expect(reading).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      expect(reading.kind).toBe(/[{<]/.test(body) ? 'refusal' : 'ignored');
    }
  });

  it('takes the path from the text where the attribute for it is empty, also after texts without one', () => {
    const reader = newReader();
    for (const [path, body] of [
      ['', 'GET / HTTP/1.1" 200 0'],
      ['', 'done'],
      ['', '1.2.3.4 - - [x] "GET /orders/17 HTTP/1.1" 200 0'],
      ['/a', '1.2.3.4 - - [x] "GET /orders/17 HTTP/1.1" 200 0'],
      [null, '1.2.3.4 - - [x] "GET /orders/17 HTTP/1.1" 200 0'],
    ] as const)
      for (let time = 0; time < 3; time += 1) {
        const logs = reader.open(encodeRequest(requestOf([{ body, attributes: { 'http.response.status_code': 401, 'url.path': path } }])));
        expect(logs.next()).toBe(true);
        expect(reader.read(logs, RECEIVED)).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      }
  });

  it('answers the same for any mixture of attributes that mean something', () => {
    const reader = newReader();
    const names = fc.constantFrom(
      'http.response.status_code',
      'status',
      'StatusCode',
      'code',
      'response',
      'method',
      'request',
      'URI',
      'http.verb',
      'why401.cause',
      'why401.reason',
      'event.name',
      'exception.type',
      'exception.message',
      'http.response.body.content',
      'rpc.grpc.status_code',
      'outcome.result',
      'event.action',
      'user_agent.original',
      'client.address',
      'http.request.header.User-Agent',
      'remote_addr',
      'user.id',
      'service.name',
      'env',
      'http.route',
      'url.path',
      'service.instance.id',
      'service.version',
      'why401.token.issuer',
      'why401.token.key_id',
      'http.response.header.www-authenticate',
      'http.request.header.Authorization',
      'http',
      'why401',
      'unread',
    );
    const meanings = fc.constantFrom<AttributeValue>(
      401,
      '401',
      200,
      '200',
      500,
      16,
      'TokenExpiredError',
      'expired_token',
      'why401.auth_failure',
      'jwt expired',
      '{"error":"invalid_token"}',
      'FAILURE',
      'Googlebot/2.1',
      '66.249.66.1',
      '1.2.3.4',
      '/orders/17',
      ['Bearer error="invalid_token"'],
      'Basic YTpi',
      { status_code: 401 },
      { cause: 'expired_token' },
      '',
      null,
      true,
    );
    const bodies = fc.constantFrom<AttributeValue>(
      null,
      'request done',
      'token expired for all',
      '{"status":401}',
      'status=401 path=/ method=GET',
      '1.2.3.4 - - [x] "GET / HTTP/1.1" 403 0',
      '1.2.3.4 - - [x] "GET /orders/17 HTTP/1.1" 200 0',
      'served /orders/17 in 200 ms',
      '{"client_ip":"203.0.113.9","msg":"jwt expired"}',
      { log: 'x', status: 401 },
      `{"http":{"request":{"header":{"authorization":"Bearer ${TOKEN}"}}},"status":401}`,
      ' {"success":false,"error":"invalid_token"}',
    );
    const record = fc.record({
      body: bodies,
      attributes: fc.dictionary(names, meanings, { maxKeys: 6 }),
      eventName: fc.constantFrom('', 'why401.auth_failure'),
    });
    const resources = fc.dictionary(
      fc.constantFrom(
        'service.name',
        'exception.type',
        'why401.cause',
        'user_agent.original',
        'client.address',
        'http.route',
        'event.action',
      ),
      meanings,
      { maxKeys: 2 },
    );
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 5 }),
        fc.oneof(fc.constant({}), resources),
        (records: PlainRecord[], resource) => {
          const logs = reader.open(encodeRequest(requestOf(records, resource)));
          while (logs.next()) {
            const record = logs.toLogRecord(RECEIVED);
            expect(reader.read(logs, RECEIVED)).toEqual(readRecord(record));
            expect(reader.readObject(record)).toEqual(readRecord(record));
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('texts that differ in a number or a UUID', () => {
  const digits = fc.oneof(
    fc.stringMatching(/^\d{1,20}$/),
    // Codes of tables, statuses, epoch times.
    fc.constantFrom('900901', '50055', '18456', '1045', '2026', '4010', '16', '401', '1790000000', '1790000000000', '1790000000000000000'),
  );
  const hex = fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  const frames = fc.constantFrom(
    'jwt expired (request #)',
    'jwt expired at #',
    'token exp=# nbf=# iat=#',
    'exp # must be after now #',
    'expiredAt: #',
    'expired by #s',
    'user # not found',
    'user_id=# is not allowed',
    'error #: invalid credentials',
    'error code # (#): wrong key',
    'status=# path=/orders/# method=GET',
    'GET /orders/# # 12 ms - 5',
    '{"code":#,"message":"API key invalid"}',
    '{"error":"invalid_token","trace":"#"}',
    '[#] Unauthorized: token # for account # is revoked',
    'AADSTS#: The user has no password #',
    'ORA-#: invalid username/password',
    'password # for # rejected',
    "Login failed for user '#'. Error: #",
    '#,#;# unauthorized access by # at #.#.#.#',
    'haproxy[#]: 10.0.0.1:# web app/srv #/0/0/#/# 401 #',
    '# - "GET /orders HTTP/1.1" 401 # "-"',
    'order # written',
    '#',
  );
  const text = fc
    .tuple(frames, fc.array(fc.oneof(digits, hex), { minLength: 5, maxLength: 5 }))
    .map(([frame, values]) => values.reduce((filled, value) => filled.replace('#', value), frame));

  it('are read like any other, however many came before', () => {
    const reader = newReader();
    const names = fc.constantFrom('exception.message', 'why401.reason', 'error.code', 'resultType', 'http.route', 'error');
    fc.assert(
      fc.property(fc.array(fc.tuple(text, names, text), { minLength: 1, maxLength: 20 }), (records) => {
        const logs = reader.open(
          encodeRequest(
            requestOf(
              records.map(([body, name, value]) => ({ body, attributes: { 'http.response.status_code': 401, [name]: value } })),
              { 'service.name': 'shop' },
            ),
          ),
        );
        while (logs.next()) {
          const record = logs.toLogRecord(RECEIVED);
          expect(reader.read(logs, RECEIVED)).toEqual(readRecord(record));
          expect(reader.readObject(record)).toEqual(readRecord(record));
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('are read once, though each of them comes twice', () => {
    const reader = newReader();
    const read = (number: number): unknown => {
      const body = `jwt expired (request ${String(number)})`;
      const logs = reader.open(encodeRequest(requestOf([{ body, attributes: { 'http.response.status_code': 401 } }])));
      expect(logs.next()).toBe(true);
      const reading = reader.read(logs, RECEIVED);
      return reading.kind === 'refusal' ? reading.signature : undefined;
    };
    // Each of its parts is remembered from the second time on, one behind the other.
    const known = Array.from({ length: 10 }, (_, index) => read(100_000 + index)).at(-1);
    expect(known).toBeDefined();
    for (let number = 200_000; number < 200_100; number += 1) for (let time = 0; time < 3; time += 1) expect(read(number)).toBe(known);
  });

  it('are read once as JSON too', () => {
    const reader = newReader();
    const read = (number: number): unknown => {
      const attributes = { 'http.response.status_code': 401, 'http.route': '/orders/{id}' };
      const body = `jwt expired (request ${String(number)})`;
      const reading = reader.readObject({ timeMs: number, body, attributes, resource: { 'service.name': 'shop' } });
      return reading.kind === 'refusal' ? reading.signature : undefined;
    };
    const known = Array.from({ length: 10 }, (_, index) => read(100_000 + index)).at(-1);
    expect(known).toMatchObject({ service: 'shop', template: 'jwt expired (request <n>)' });
    for (let number = 200_000; number < 200_100; number += 1) expect(read(number)).toBe(known);
  });

  it('are read alike, whether a record says one number twice or two numbers', () => {
    const reader = newReader();
    const traces = [...Array.from({ length: 10 }, (_, index) => String(2_345_678_900 + index)), '1790000000'];
    for (const trace of traces) {
      const attributes = { 'http.response.status_code': 401, error: `{"error":"invalid_token","trace":"${trace}"}` };
      const logs = reader.open(encodeRequest(requestOf([{ body: 'error 1790000000000: invalid credentials', attributes }])));
      expect(logs.next()).toBe(true);
      const reading = reader.read(logs, RECEIVED);
      expect(reading).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      expect(reading).toMatchObject({ signature: { template: 'error <n>: invalid credentials' } });
    }
  });

  it('are read once too where their numbers matter, as long as they are the same', () => {
    const reader = newReader();
    const read = (body: string): unknown => {
      const logs = reader.open(encodeRequest(requestOf([{ body, attributes: { 'http.response.status_code': 401 } }])));
      expect(logs.next()).toBe(true);
      const reading = reader.read(logs, RECEIVED);
      expect(reading).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      return reading.kind === 'refusal' ? reading.signature : undefined;
    };
    const body = '{"code":30017,"message":"denied"}';
    const known = Array.from({ length: 10 }, () => read(body)).at(-1);
    expect(known).toMatchObject({ errorCode: expect.stringContaining('30017') });
    expect(read(body)).toBe(known);
    expect(read('{"code":30018,"message":"denied"}')).not.toEqual(known);
    expect(read(body)).toBe(known);
  });

  it('are none of a crawler, whatever the name that tells of it', () => {
    const reader = newReader();
    for (let time = 0; time < 8; time += 1) {
      for (const more of [{}, { 'user_agent.original': 'curl/8.5.0' }]) {
        const attributes = { 'http.response.status_code': 401, 'http.request.header.User-Agent': 'Googlebot/2.1', ...more };
        const logs = reader.open(encodeRequest(requestOf([{ body: 'jwt expired', attributes }])));
        expect(logs.next()).toBe(true);
        expect(reader.read(logs, RECEIVED)).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      }
    }
  });

  it('are none of a crawler, whose length in front of it is the code of a digit or a letter', () => {
    for (const agent of ['Baiduspider+(+http://www.baidu.com/search/spider.htm)', `Googlebot/2.1 (${'a'.repeat(80)})`]) {
      const reader = newReader();
      for (let time = 0; time < 8; time += 1) {
        for (const one of [agent, 'curl/8.5.0']) {
          const attributes = { 'http.response.status_code': 401, 'user_agent.original': one };
          const logs = reader.open(encodeRequest(requestOf([{ body: 'jwt expired', attributes }])));
          expect(logs.next()).toBe(true);
          const record = logs.toLogRecord(RECEIVED);
          expect(reader.read(logs, RECEIVED)).toEqual(readRecord(record));
          expect(reader.readObject(record)).toEqual(readRecord(record));
        }
      }
    }
  });

  it('says a text once that another one holds, whatever their numbers', () => {
    const attributes = { 'http.response.status_code': 401, 'exception.message': 'Login failed for user 12345678' };
    const reading = readRecord({ timeMs: 0, body: 'Login failed for user 12345678: invalid password', attributes, resource: {} });
    expect(reading).toMatchObject({ signature: { template: 'Login failed for user <n>: invalid password' } });
  });

  it('are other texts where one is JSON and the other is not', () => {
    const reader = newReader();
    for (const code of ['1234567', '7654321', '0234567', '0000000', '4444444', '0876543']) {
      const body = `{"code":${code},"message":"invalid token"}`;
      for (let time = 0; time < 3; time += 1) {
        const logs = reader.open(encodeRequest(requestOf([{ body, attributes: { 'http.response.status_code': 401 } }])));
        expect(logs.next()).toBe(true);
        expect(reader.read(logs, RECEIVED)).toEqual(readRecord(logs.toLogRecord(RECEIVED)));
      }
    }
  });

  it('are found to be the same', () => {
    const copy = (from: string): string => {
      const bytes = Buffer.from(from);
      const out = Buffer.alloc(bytes.length);
      return copyInterchanged(bytes, 0, bytes.length, out) ? out.toString('utf8', 0, bytes.length) : from;
    };
    fc.assert(
      fc.property(text, (one) => {
        expect(copy(one)).toBe(interchanged(one));
        expect(copy(unlike()(one))).toBe(copy(one));
        expect([interchanged(one), unlike()(one)].map(withoutNumbers)).toEqual([withoutNumbers(one), withoutNumbers(one)]);
        expect([interchanged(one), unlike()(one)].map(canBeTold)).toEqual([canBeTold(one), canBeTold(one)]);
      }),
      { numRuns: 2_000 },
    );
    expect(copy('user 12345 (7b1f8a52-0d3c-4e9b-8f6a-1c2d3e4f5a6b) 401')).toBe('user 17000 (1700000a-0b00-4c00-8d00-00e0f0000001) 401');
    expect(copy('error 900901, IDX10223, v2026.1, 401')).toBe('error 900901, IDX10223, v2026.1, 401');
  });
});

describe('answers', () => {
  it('leave partial success unset when nothing was rejected, and warn without rejecting', () => {
    expect(encodeSuccess('json', 0, '').toString()).toBe('{}');
    expect(encodeSuccess('protobuf', 0, '')).toHaveLength(0);
    expect(JSON.parse(encodeSuccess('json', 0, 'slow').toString())).toEqual({ partialSuccess: { errorMessage: 'slow' } });
  });

  it('carry count, message and code in either encoding', () => {
    expect(JSON.parse(encodeSuccess('json', 2, 'why').toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '2', errorMessage: 'why' },
    });
    expect(RESPONSE.toObject(RESPONSE.decode(encodeSuccess('protobuf', 2, 'why')), { longs: Number })).toEqual({
      partialSuccess: { rejectedLogRecords: 2, errorMessage: 'why' },
    });
    expect(STATUS.toObject(STATUS.decode(encodeStatus('protobuf', 3, 'no')))).toEqual({ code: 3, message: 'no' });
    expect(STATUS.toObject(STATUS.decode(encodeStatus('protobuf', 14, 'later', 2)))).toMatchObject({
      code: 14,
      details: [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: Buffer.from([0x0a, 2, 0x08, 2]) }],
    });
  });
});
