/** OTLP logs messages by protobufjs, from their definition: what the cursor over the bytes is held against. */
import protobuf from 'protobufjs';
import { isRecord, type Attributes, type AttributeValue } from '../../src/core/log-record.js';

const MESSAGES = protobuf.parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
  message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
  message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
`).root;
const REQUEST = MESSAGES.lookupType('ExportLogsServiceRequest');
export const RESPONSE = MESSAGES.lookupType('ExportLogsServiceResponse');
export const STATUS = MESSAGES.lookupType('Status');

export interface PlainRecord {
  timeNano?: string;
  observedNano?: string;
  body?: AttributeValue;
  attributes?: Attributes;
  eventName?: string;
}

/** @returns a request of one resource in the JSON mapping's objects */
export function requestOf(records: readonly PlainRecord[], resource: Attributes = {}): object {
  const logRecords = records.map(({ timeNano = '0', observedNano = '0', body = null, attributes = {}, eventName = '' }) => ({
    timeUnixNano: timeNano,
    observedTimeUnixNano: observedNano,
    severityNumber: 13,
    severityText: 'WARN',
    ...(body === null ? {} : { body: anyValue(body) }),
    attributes: keyValues(attributes),
    traceId: Buffer.alloc(16, 7),
    eventName,
  }));
  return { resourceLogs: [{ resource: { attributes: keyValues(resource) }, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] };
}

export function encodeRequest(request: object): Buffer {
  return Buffer.from(REQUEST.encode(REQUEST.fromObject(request)).finish());
}

/** @returns protobufjs's own objects */
export function decodeWithProtobufjs(bytes: Uint8Array): protobuf.Message {
  return REQUEST.decode(bytes);
}

/** What protobufjs reads, in the JSON mapping. */
export function decodedAsJson(bytes: Uint8Array): string {
  return JSON.stringify(REQUEST.toObject(REQUEST.decode(bytes), { longs: String, bytes: String }));
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return isRecord(value) ? { kvlistValue: { values: keyValues(value) } } : {};
}
