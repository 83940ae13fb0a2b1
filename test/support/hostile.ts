/** What a JSON schema allows, what it nearly allows, and what nobody wants to get: arbitraries for fast-check. */
import fc from 'fast-check';

/** As far as the OpenAPI document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

/** Of no harm when an answer repeats them: no word of them passes for SQL or for a stack trace of ours. */
const HOSTILE_TEXTS = [
  ...['', ' ', '\0', 'a\0b', '\r\nX-Injected: yes', '\u2028', '\ufeff', '\ud800', 'a\udfffb', '\u202eabc', 'ﷺ', 'e\u0301'.repeat(50)],
  ...[
    "' OR '1'='1",
    "'; DROP TABLE rules;--",
    '1) union all (values (1))--',
    '\\',
    "\\'",
    '%',
    '_',
    '%%%',
    '$1',
    '${7*7}',
    '{{7*7}}',
    '$(id)',
  ],
  ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'javascript:alert(1)', '=1+1', '@SUM(A1)', '&lt;', ']]>'],
  ...[
    '../../../etc/passwd',
    '..',
    '.',
    '/',
    '//',
    'a/b',
    '%2e%2e%2f',
    'C:\\',
    'file:///etc/passwd',
    'http://[::1',
    'http://169.254.169.254/',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'Infinity', 'true'],
  ...['-0', '0', '-1', '1e999', '1e308', '9007199254740993', '99999999999999999999999', '0x10', '1_000', '١٢٣', '1,000', ' 1', '1 '],
  ...['(', '[', '*', '+', '(?=a)', '(a+)+$', '\\p{L}', 'a{1,100000}', '(?P<n>a)', 'x'.repeat(10_000)],
  ...['!', '!!', '*', '!*', 'a*b', ',', ',,', 'service,service', 'service,cause,route,status'],
  ...[
    '-15m',
    '-0s',
    '--15m',
    '-99999999d',
    '+15m',
    '1m',
    '0s',
    'auto',
    'now',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '-292277022657-01-27',
  ],
  ...['2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01', '1790000000', '1790000000000', '1790000000000000000', '-1790000000'],
  ...[
    'ffffffffffffffff',
    '0000000000000000',
    'FFFFFFFFFFFFFFFF',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ],
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 600 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom('\ud83d', '\ude00', '\0', 'ä', '%', "'", '"', '\\'), { maxLength: 20 }).map((all) => all.join('')),
  },
);

const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 2 ** 63, 1e21, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

/** JSON that is none of the kind that is asked for. */
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], [{}]) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(100, 2_000).map(nested) },
  { weight: 1, arbitrary: fc.dictionary(hostileText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Bodies that are no JSON, or more of it than anybody needs. */
export const hostileBody: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.constantFrom(
      '',
      ' ',
      '{',
      '[',
      '"',
      'null',
      'true',
      '0',
      '""',
      '[]',
      '{}',
      '[[]]',
      '{"a":1}garbage',
      "{'a':1}",
      'NaN',
      '-',
      '01',
      '1e999',
      '\ufeff{}',
    ),
    fc.constantFrom(
      '[1,2',
      '{"a":',
      '{"a" 1}',
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{"admin":true}}}',
      '{"a":1,"a":2}',
      '"\\ud800"',
      '"\\u0000"',
    ),
    fc.constantFrom('[', '{"a":', '[{"attributes":').map((open) => open.repeat(5_000)),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    fc.integer({ min: 1, max: 5_000 }).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
    fc.constantFrom(
      '9'.repeat(5_000),
      `[${'0,'.repeat(5_000)}0]`,
      `{${Array.from({ length: 2_000 }, (_, index) => `"k${String(index)}":0`).join(',')}}`,
    ),
    hostileText,
  )
  .map((text) => Buffer.from(text))
  .chain((bytes) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(bytes) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)) },
    ),
  );

export class Schemas {
  /**
   * @param resolve what a reference is to
   * @param texts that the service knows or understands, for members of which the schema says no more than that they are text
   */
  constructor(
    private readonly resolve: (schema: Schema) => Schema,
    private readonly texts: () => readonly string[],
  ) {}

  /** What the schema allows, as far as it says so itself. */
  valid(given: Schema, depth = 0): fc.Arbitrary<unknown> {
    const schema = this.resolve(given);
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map((one) => this.valid(one, depth)));
    if (schema.allOf !== undefined)
      return fc
        .tuple(...schema.allOf.map((one) => this.valid(one, depth)))
        .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
    const types = [schema.type ?? 'any'].flat();
    return fc.oneof(...types.map((type) => this.ofType(type, schema, depth)));
  }

  /** The value, with something in it replaced, left out or added. */
  nearly(value: unknown): fc.Arbitrary<unknown> {
    if (typeof value !== 'object' || value === null) return hostileValue;
    const entries = Object.entries(value);
    const rebuilt = (changed: [string, unknown][]): unknown =>
      Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
    const added = fc
      .tuple(fc.oneof(hostileText, fc.constantFrom('id', 'project_id', '__proto__')), hostileValue)
      .map((pair) => rebuilt([...entries, pair]));
    if (entries.length === 0) return fc.oneof(added, hostileValue);
    const place = fc.nat(entries.length - 1);
    const replaced = place.chain((at) =>
      this.nearly(entries[at]?.[1]).map((one) => rebuilt(entries.map(([name, old], index) => [name, index === at ? one : old]))),
    );
    const leftOut = place.map((at) => rebuilt(entries.filter((_, index) => index !== at)));
    return fc.oneof(
      { weight: 6, arbitrary: replaced },
      { weight: 1, arbitrary: leftOut },
      { weight: 1, arbitrary: added },
      { weight: 1, arbitrary: hostileValue },
    );
  }

  private ofType(type: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return this.text(schema);
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -(2 ** 31), max: schema.maximum ?? 2 ** 31 - 1 });
      case 'number':
        return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(this.valid(schema.items ?? {}, depth + 1), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
        });
      case 'object':
        return depth > 6 ? fc.constant({}) : this.object(schema, depth);
      default:
        return fc.oneof(this.text({}), fc.jsonValue({ maxDepth: 2 }));
    }
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): fc.Arbitrary<unknown> {
    const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.valid(schema, depth + 1)]));
    const known = fc.record(members, { requiredKeys: required.filter((name) => name in members) });
    if (typeof additionalProperties !== 'object') return known;
    const others = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), this.valid(additionalProperties, depth + 1), { maxKeys: 3 });
    return fc.tuple(others, known).map(([more, own]) => ({ ...more, ...own }));
  }

  private text({ format, pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
    if (format === 'uuid') return fc.oneof(fc.uuid(), this.known(/^[\da-f-]{36}$/));
    if (format === 'date-time')
      return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString());
    if (pattern !== undefined) return fc.oneof(fc.stringMatching(new RegExp(pattern)), this.known(new RegExp(pattern)));
    return fc.oneof(this.known(/(?:)/), fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 20) }));
  }

  private known(pattern: RegExp): fc.Arbitrary<string> {
    // Looked up when a value is drawn: what is known grows.
    return fc.nat().map((at) => {
      const fitting = this.texts().filter((text) => pattern.test(text));
      return fitting[at % fitting.length] ?? '';
    });
  }
}
