/**
 * OTLP logs as they come over HTTP and gRPC: requests in protobuf and JSON, record by record, and the answers in either
 * encoding. The messages are those of opentelemetry-proto 1.x; only the fields that are read are named, others are passed.
 */
import protobuf from 'protobufjs';
import { isRecord, traceIdOf, type Attributes, type AttributeValue, type LogRecord } from '../core/log-record.js';
import type { RecordReader } from '../core/record-reader.js';
import type { Reading } from '../core/refusal.js';
import { epochMs } from '../core/time.js';
import { JsonCursor } from '../core/wire/json.js';
import { WireError } from '../core/wire/protobuf.js';
import { readInto, readOne, type Read, type Records } from './request-reader.js';

/** Of the answers alone: requests are read in place. */
const MESSAGES = protobuf.parse(`
  syntax = "proto3";
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
`).root;
const RESPONSE = MESSAGES.lookupType('ExportLogsServiceResponse');
const STATUS = MESSAGES.lookupType('Status');
const RETRY_INFO = MESSAGES.lookupType('RetryInfo');
/** Nesting deeper than this is an attack or a mistake; the value is read as null. */
const MAX_DEPTH = 16;

/** The names that differ in protobuf's spelling, which the JSON mapping accepts as well. */
const SNAKE_NAMES: Partial<Record<string, string>> = {
  timeUnixNano: 'time_unix_nano',
  observedTimeUnixNano: 'observed_time_unix_nano',
  eventName: 'event_name',
  traceId: 'trace_id',
  stringValue: 'string_value',
  boolValue: 'bool_value',
  intValue: 'int_value',
  doubleValue: 'double_value',
  arrayValue: 'array_value',
  kvlistValue: 'kvlist_value',
  bytesValue: 'bytes_value',
};

export type Encoding = 'protobuf' | 'json';

/**
 * @param receivedMs stands in where a record carries no time, epoch milliseconds
 * @returns the records; asking for the next one may throw a WireError, and then the request is none
 */
export function otlpRecords(body: Buffer, encoding: Encoding, reader: RecordReader, receivedMs: number): Records {
  return encoding === 'protobuf' ? protobufRecords(body, reader, receivedMs) : readObjects(jsonLogRecords(body, receivedMs), reader);
}

/** The response body of a request that was taken over, whole or in part. Nothing rejected leaves the count at 0; a message with it is a warning. */
export function encodeSuccess(encoding: Encoding, rejected: number, message: string): Buffer {
  if (encoding === 'json') {
    const partial = { ...(rejected === 0 ? {} : { rejectedLogRecords: String(rejected) }), errorMessage: message };
    return Buffer.from(JSON.stringify(rejected === 0 && message === '' ? {} : { partialSuccess: partial }));
  }
  const partial = rejected === 0 && message === '' ? {} : { partialSuccess: { rejectedLogRecords: rejected, errorMessage: message } };
  return Buffer.from(RESPONSE.encode(RESPONSE.fromObject(partial)).finish());
}

/**
 * google.rpc.Status, which the specification wants as the body of every 4xx and 5xx, and gRPC in its trailers.
 * @param retrySeconds given: a RetryInfo says so
 */
export function encodeStatus(encoding: Encoding, code: number, message: string, retrySeconds?: number): Buffer {
  const type = 'type.googleapis.com/google.rpc.RetryInfo';
  if (encoding === 'json') {
    const details = retrySeconds === undefined ? {} : { details: [{ '@type': type, retryDelay: `${String(retrySeconds)}s` }] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const value =
    retrySeconds === undefined ? undefined : RETRY_INFO.encode(RETRY_INFO.fromObject({ retryDelay: { seconds: retrySeconds } })).finish();
  const details = value === undefined ? {} : { details: [{ typeUrl: type, value }] };
  return Buffer.from(STATUS.encode(STATUS.fromObject({ code, message, ...details })).finish());
}

/** One object says all of them, one after the other: they are most of what a service reads, and nobody keeps them. */
function protobufRecords(body: Buffer, reader: RecordReader, receivedMs: number): Records {
  const logs = reader.open(body);
  const read = (): Reading => reader.read(logs, receivedMs);
  const one: Read = { reading: { kind: 'ignored' }, timeMs: 0, traceId: () => logs.traceId(), error: undefined };
  const next = { done: false, value: one };
  const records: Iterator<Read> = {
    next: () => {
      if (!logs.next()) return { done: true, value: undefined };
      readInto(one, logs.timeMs(receivedMs), read);
      return next;
    },
  };
  return { [Symbol.iterator]: () => records };
}

function* readObjects(records: Iterable<LogRecord>, reader: RecordReader): Generator<Read, undefined> {
  for (const record of records) yield readObject(record, reader);
}

/** Reads a record that came as JSON. */
export function readObject(record: LogRecord, reader: RecordReader): Read {
  return readOne(
    record.timeMs,
    () => reader.readObject(record),
    () => record.traceId,
  );
}

/**
 * Each record is parsed by itself: a request of 64 MiB must not become objects all at once.
 * @throws WireError when asked for a record that is no JSON
 */
export function* jsonLogRecords(body: Uint8Array, receivedMs: number): Generator<LogRecord, undefined> {
  const cursor = new JsonCursor(body);
  if (!cursor.isObject()) throw new WireError('the body is no JSON object with "resourceLogs"');
  for (const name of cursor.members()) {
    if (name !== 'resourceLogs' && name !== 'resource_logs') continue;
    for (const _item of cursor.items()) yield* resourceRecords(cursor, receivedMs);
  }
  cursor.end();
}

function* resourceRecords(cursor: JsonCursor, receivedMs: number): Generator<LogRecord, undefined> {
  let resource: Attributes | undefined;
  for (const name of cursor.members()) {
    if (name === 'resource') resource = attributesOf(cursor.value());
    if (name !== 'scopeLogs' && name !== 'scope_logs') continue;
    resource ??= resourceBehind(cursor);
    for (const _item of cursor.items()) yield* scopeRecords(cursor, resource, receivedMs);
  }
}

/** Members come in any order: the resource may stand behind the records that it is of. */
function resourceBehind(cursor: JsonCursor): Attributes {
  const { at } = cursor;
  let resource: Attributes = {};
  cursor.pass();
  for (const name of cursor.membersBehind()) if (name === 'resource') resource = attributesOf(cursor.value());
  cursor.at = at;
  return resource;
}

function* scopeRecords(cursor: JsonCursor, resource: Attributes, receivedMs: number): Generator<LogRecord, undefined> {
  for (const name of cursor.members()) {
    if (name !== 'logRecords' && name !== 'log_records') continue;
    for (const _item of cursor.items()) yield toLogRecord(cursor.value(), resource, receivedMs);
  }
}

function toLogRecord(record: unknown, resource: Attributes, receivedMs: number): LogRecord {
  const time = nanoToMs(member(record, 'timeUnixNano')) ?? nanoToMs(member(record, 'observedTimeUnixNano')) ?? receivedMs;
  const eventName = member(record, 'eventName');
  const traceId = traceIdOf(member(record, 'traceId'));
  return {
    timeMs: time,
    body: anyValue(member(record, 'body'), 0),
    attributes: attributesOf(record),
    resource,
    ...(typeof eventName === 'string' && eventName !== '' ? { eventName } : {}),
    ...(traceId === undefined ? {} : { traceId }),
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
  if (number !== undefined) return numberOf(number);
  const bool = member(value, 'boolValue');
  if (typeof bool === 'boolean') return bool;
  const array = member(value, 'arrayValue');
  if (array !== undefined) return listOf(array, 'values').map((item) => anyValue(item, depth + 1));
  const map = member(value, 'kvlistValue');
  // The protocol's own example of an event has the list where the object with the list belongs.
  if (map !== undefined) return keyValues(Array.isArray(map) ? map : listOf(map, 'values'), depth + 1);
  const bytes = member(value, 'bytesValue');
  return typeof bytes === 'string' ? bytes : null;
}

/** Nanoseconds since the epoch, as a number or decimal text; 0 means "not given". Precise to a microsecond, which is ample. */
function nanoToMs(value: unknown): number | undefined {
  const nano = numberOf(value);
  return nano > 0 && Number.isFinite(nano) ? epochMs(nano) : undefined;
}

/** int64 comes as text or as a number; anything else is no number. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
}

function listOf(holder: unknown, name: string): unknown[] {
  const list = member(holder, name);
  return Array.isArray(list) ? list : [];
}

/** A field under its JSON name or its protobuf name. */
function member(holder: unknown, camelName: string): unknown {
  if (!isRecord(holder)) return undefined;
  if (Object.hasOwn(holder, camelName)) return holder[camelName] ?? undefined;
  const snakeName = SNAKE_NAMES[camelName];
  if (snakeName === undefined) return undefined;
  return Object.hasOwn(holder, snakeName) ? (holder[snakeName] ?? undefined) : undefined;
}
