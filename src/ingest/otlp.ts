/**
 * OTLP logs as they come over HTTP: protobuf and JSON into the normal form, and the answers in either encoding.
 * The messages are those of opentelemetry-proto 1.x; only the fields that are read are named, others are skipped.
 */
import protobuf from 'protobufjs';
import { isRecord, type Attributes, type AttributeValue, type LogRecord } from '../core/log-record.js';
import { epochMs } from '../core/time.js';
import { MAX_RECORDS, RequestBodyError, tooManyRecords } from './request-body.js';

const MESSAGES = protobuf.parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message LogRecord { fixed64 time_unix_nano = 1; AnyValue body = 5; repeated KeyValue attributes = 6; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
  message ScopeLogs { repeated LogRecord log_records = 2; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
  message Status { int32 code = 1; string message = 2; }
`).root;
const REQUEST = MESSAGES.lookupType('ExportLogsServiceRequest');
const RESPONSE = MESSAGES.lookupType('ExportLogsServiceResponse');
const STATUS = MESSAGES.lookupType('Status');
/** Nesting deeper than this is an attack or a mistake; the value is read as null. */
const MAX_DEPTH = 16;

/** The names that differ in protobuf's spelling, which the JSON mapping accepts as well. */
const SNAKE_NAMES: Partial<Record<string, string>> = {
  resourceLogs: 'resource_logs',
  scopeLogs: 'scope_logs',
  logRecords: 'log_records',
  timeUnixNano: 'time_unix_nano',
  observedTimeUnixNano: 'observed_time_unix_nano',
  eventName: 'event_name',
  stringValue: 'string_value',
  boolValue: 'bool_value',
  intValue: 'int_value',
  doubleValue: 'double_value',
  arrayValue: 'array_value',
  kvlistValue: 'kvlist_value',
  bytesValue: 'bytes_value',
};

export type Encoding = 'protobuf' | 'json';

/** A body that is no OTLP logs request. */
export class OtlpDecodeError extends Error {
  readonly code = 'otlp_decode';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OtlpDecodeError';
  }
}

/**
 * @param receivedMs stands in where a record carries no time, epoch milliseconds
 * @throws OtlpDecodeError, or RequestBodyError for more records than a request may have; before the first record, never in between
 */
export function decodeLogs(body: Buffer, encoding: Encoding, receivedMs: number): LogRecord[] {
  const request = encoding === 'protobuf' ? decodeProtobuf(body) : decodeJson(body);
  const count = countIn(request);
  if (count > MAX_RECORDS) throw tooManyRecords(count);
  const records: LogRecord[] = [];
  for (const resourceLogs of listOf(request, 'resourceLogs')) {
    const resource = attributesOf(member(resourceLogs, 'resource'));
    for (const scopeLogs of listOf(resourceLogs, 'scopeLogs')) {
      for (const record of listOf(scopeLogs, 'logRecords')) records.push(toLogRecord(record, resource, receivedMs));
    }
  }
  return records;
}

/** The response body of a request that was taken over, whole or in part. Nothing rejected leaves partial_success unset, as the specification demands. */
export function encodeSuccess(encoding: Encoding, rejected: number, message: string): Buffer {
  const response = rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: rejected, errorMessage: message } };
  if (encoding === 'protobuf') return Buffer.from(RESPONSE.encode(RESPONSE.fromObject(response)).finish());
  return Buffer.from(
    JSON.stringify(rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: message } }),
  );
}

/** google.rpc.Status, which the specification wants as the body of every 4xx and 5xx. */
export function encodeStatus(encoding: Encoding, code: number, message: string): Buffer {
  if (encoding === 'protobuf') return Buffer.from(STATUS.encode({ code, message }).finish());
  return Buffer.from(JSON.stringify({ code, message }));
}

function decodeProtobuf(body: Buffer): unknown {
  try {
    // Before anything is made of it: as objects, 64 MiB of empty records are more than the memory holds.
    const count = countRecords(body);
    if (count > MAX_RECORDS) throw tooManyRecords(count);
    return REQUEST.decode(body);
  } catch (cause) {
    if (cause instanceof RequestBodyError) throw cause;
    throw new OtlpDecodeError(`the body is no protobuf ExportLogsServiceRequest: ${(cause as Error).message}`, { cause });
  }
}

/** Walks resource_logs (1) > scope_logs (2) > log_records (2) over the bytes and counts every message on each level. */
function countRecords(body: Buffer): number {
  const path = [1, 2, 2];
  let count = 0;
  const walk = (reader: protobuf.Reader, end: number, depth: number): void => {
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag >>> 3 !== path[depth] || (tag & 7) !== 2) {
        reader.skipType(tag & 7);
        continue;
      }
      count += 1;
      const length = reader.uint32();
      const next = reader.pos + length;
      if (depth + 1 < path.length) walk(reader, next, depth + 1);
      else reader.skip(length);
    }
  };
  walk(protobuf.Reader.create(body), body.length, 0);
  return count;
}

function countIn(request: unknown): number {
  return listOf(request, 'resourceLogs').reduce<number>(
    (sum, resourceLogs) =>
      sum + listOf(resourceLogs, 'scopeLogs').reduce<number>((all, scopeLogs) => all + listOf(scopeLogs, 'logRecords').length, 0),
    0,
  );
}

function decodeJson(body: Buffer): unknown {
  let request: unknown;
  try {
    request = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    // The parser's message quotes the body, which may hold anything.
    throw new OtlpDecodeError('the body is no JSON', { cause });
  }
  if (!isRecord(request)) throw new OtlpDecodeError('the body is no JSON object with "resourceLogs"');
  return request;
}

function toLogRecord(record: unknown, resource: Attributes, receivedMs: number): LogRecord {
  const time = nanoToMs(member(record, 'timeUnixNano')) ?? nanoToMs(member(record, 'observedTimeUnixNano')) ?? receivedMs;
  const eventName = member(record, 'eventName');
  return {
    timeMs: time,
    body: anyValue(member(record, 'body'), 0),
    attributes: attributesOf(record),
    resource,
    ...(typeof eventName === 'string' && eventName !== '' ? { eventName } : {}),
  };
}

function attributesOf(holder: unknown): Attributes {
  return keyValues(listOf(holder, 'attributes'), 0);
}

function keyValues(list: unknown[], depth: number): Attributes {
  const attributes: Attributes = {};
  for (const item of list) {
    const key = member(item, 'key');
    // defineProperty: a key such as __proto__ becomes a plain property.
    if (typeof key === 'string')
      Object.defineProperty(attributes, key, {
        value: anyValue(member(item, 'value'), depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return attributes;
}

function anyValue(value: unknown, depth: number): AttributeValue {
  if (!isRecord(value) || depth > MAX_DEPTH) return null;
  const text = member(value, 'stringValue');
  if (typeof text === 'string') return text;
  const number = member(value, 'intValue') ?? member(value, 'doubleValue');
  if (number !== undefined) return toNumber(number);
  const bool = member(value, 'boolValue');
  if (typeof bool === 'boolean') return bool;
  const array = member(value, 'arrayValue');
  if (array !== undefined) return listOf(array, 'values').map((item) => anyValue(item, depth + 1));
  const map = member(value, 'kvlistValue');
  if (map !== undefined) return keyValues(listOf(map, 'values'), depth + 1);
  const bytes = member(value, 'bytesValue');
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('base64');
  return typeof bytes === 'string' ? bytes : null;
}

/** Nanoseconds since the epoch, as a number or decimal text; 0 means "not given". Precise to a microsecond, which is ample. */
function nanoToMs(value: unknown): number | undefined {
  const nano = toNumber(value);
  return nano > 0 && Number.isFinite(nano) ? epochMs(nano) : undefined;
}

/** A number, decimal text, or the 64-bit object that protobufjs makes where the package `long` is installed. */
function toNumber(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'string') return Number(value);
  if (!isRecord(value)) return NaN;
  const { high, low } = value;
  return typeof high === 'number' && typeof low === 'number' ? high * 2 ** 32 + (low >>> 0) : NaN;
}

function listOf(holder: unknown, name: string): unknown[] {
  const list = member(holder, name);
  return Array.isArray(list) ? list : [];
}

/** A field under its JSON name or its protobuf name; unset is undefined, whatever the decoder puts on prototypes. */
function member(holder: unknown, camelName: string): unknown {
  if (!isRecord(holder)) return undefined;
  if (Object.hasOwn(holder, camelName)) return holder[camelName] ?? undefined;
  const snakeName = SNAKE_NAMES[camelName];
  if (snakeName === undefined) return undefined;
  return Object.hasOwn(holder, snakeName) ? (holder[snakeName] ?? undefined) : undefined;
}
