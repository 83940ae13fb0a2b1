/**
 * Brings records to one shape before anybody looks at their fields: nested maps become dotted names, and a body that is a
 * log line of its own (a map, a line of JSON, key=value pairs) lends its members. What the record itself names wins.
 * Bounded: a few levels, a few hundred names.
 */
import { STATUS_NAMES, textIn } from './fields.js';
import { isRecord, type Attributes, type AttributeValue, type LogRecord } from './log-record.js';
import { memo } from './memo.js';

const MAX_DEPTH = 4;
const MAX_NAMES = 300;
/** Log lines are shorter; what is longer is a document. */
const MAX_LINE = 16_384;
const PAIR = /(?<![\w.-])([A-Za-z_][\w.-]{0,60})=("(?:[^"\\]|\\.)*"|[^\s"]\S{0,500})/g;

/** @returns the record with every field that it or its body names at the top; the same object where there is nothing to spread */
export function spread(given: LogRecord): LogRecord {
  // A record that has a status is about its own request; its body may be the answer, or about another one.
  const isOwn = hasStatus(given.attributes);
  const record = isOwn ? given : unwrapped(given);
  const { attributes, body } = record;
  const isNested = Object.values(attributes).some((value) => isRecord(value));
  const members = isOwn ? undefined : membersOf(body);
  if (!isNested && members === undefined) return record;
  return { ...record, attributes: { ...members, ...(isNested ? flat(attributes) : attributes) } };
}

/** Fluent Bit and container runtimes put the line into a map: the line is the body, what surrounds it are attributes. */
function unwrapped(record: LogRecord): LogRecord {
  const { body, attributes } = record;
  if (!isRecord(body) || typeof body['log'] !== 'string') return record;
  const { log, log_processed: processed, ...around } = body;
  return { ...record, body: log.trimEnd(), attributes: { ...around, ...(isRecord(processed) ? processed : {}), ...attributes } };
}

function hasStatus(attributes: Attributes): boolean {
  return STATUS_NAMES.some((name) => {
    const status = Number(textIn(attributes[name]) ?? NaN);
    return status >= 100 && status <= 599;
  });
}

/** Upper bound of what a string is worth parsing for: only lines that begin like an object, or that are made of pairs. */
function membersOf(body: AttributeValue): Attributes | undefined {
  if (isRecord(body)) return flat(body);
  if (typeof body !== 'string' || body.length > MAX_LINE) return undefined;
  return membersOfLine(body);
}

const membersOfLine = memo((line: string): Attributes | undefined => {
  const start = line.indexOf('{');
  if (start !== -1 && start < 200 && line.trimEnd().endsWith('}')) {
    const parsed = parse(line.slice(start));
    if (isRecord(parsed)) return flat(parsed as Attributes);
  }
  const pairs = [...line.matchAll(PAIR)];
  if (pairs.length < 3) return undefined;
  return Object.fromEntries(
    pairs.slice(0, MAX_NAMES).map(([, name = '', value = '']) => [name, value.replace(/^"|"$/g, '').replaceAll('\\"', '"')]),
  );
});

function flat(map: Attributes): Attributes {
  const names: Attributes = {};
  let left = MAX_NAMES;
  const walk = (value: Attributes, prefix: string, depth: number): void => {
    for (const [name, member] of Object.entries(value)) {
      if (left === 0) return;
      left -= 1;
      // defineProperty: a member named __proto__ stays a plain one.
      Object.defineProperty(names, prefix + name, { value: member, enumerable: true, configurable: true, writable: true });
      if (isRecord(member) && depth < MAX_DEPTH) walk(member, `${prefix}${name}.`, depth + 1);
    }
  };
  walk(map, '', 0);
  return names;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line that only looks like JSON lends nothing.
    return undefined;
  }
}
