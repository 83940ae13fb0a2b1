/**
 * Tags of the OTLP messages that are read: field number times 8 plus wire type. Field numbers are those of opentelemetry-proto 1.x
 * (logs/v1, common/v1, resource/v1).
 */
export const RESOURCE_LOGS = 10;
export const RESOURCE = 10;
export const SCOPE_LOGS = 18;
export const LOG_RECORD = 18;
export const TIME = 9;
export const BODY = 42;
export const ATTRIBUTE = 50;
export const TRACE_ID = 74;
export const OBSERVED_TIME = 89;
export const EVENT_NAME = 98;
export const KEY = 10;
export const VALUE = 18;
export const RESOURCE_ATTRIBUTE = 10;
/** AnyValue. */
export const STRING = 10;
export const BOOL = 16;
export const INT = 24;
export const DOUBLE = 33;
export const ARRAY = 42;
export const MAP = 50;
export const BYTES = 58;
export const ITEM = 10;
