/**
 * The one normal form of what a sender says. Every door (OTLP protobuf, OTLP JSON, events) decodes into it, and nothing
 * behind the doors knows which one a record came through.
 */

/** A value as OpenTelemetry's AnyValue allows it; bytes arrive as base64 text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };

/** Attribute names to values, dots kept as the sender wrote them. */
export type Attributes = Record<string, AttributeValue>;

export interface LogRecord {
  /** When it happened, epoch milliseconds: event time, else observed time, else the time of receipt. */
  timeMs: number;
  body: AttributeValue;
  attributes: Attributes;
  resource: Attributes;
  eventName?: string;
  /** 32 lower-case hex digits; part of no signature. */
  traceId?: string;
}

/** @returns as OpenTelemetry has it, 32 lower-case hex digits; undefined for anything else, and for the invalid one of zeros */
export function traceIdOf(text: unknown): string | undefined {
  const id = typeof text === 'string' && /^[\da-f]{32}$/i.test(text) ? text.toLowerCase() : undefined;
  return id === '0'.repeat(32) ? undefined : id;
}

/** An object with string keys, as opposed to null, an array or a scalar. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
