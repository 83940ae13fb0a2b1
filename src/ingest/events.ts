/** Plain events: a JSON object, an array of them, or one a line. OpenTelemetry-shaped and flat members may be mixed. */
import { isRecord, traceIdOf, type Attributes, type AttributeValue, type LogRecord } from '../core/log-record.js';
import type { RecordReader } from '../core/record-reader.js';
import type { Read } from './request-reader.js';
import { parseTime } from '../core/time.js';
import { JsonCursor } from '../core/wire/json.js';
import { WireError } from '../core/wire/protobuf.js';
import { readObject } from './otlp.js';
import { RequestBodyError } from './request-body.js';

/** What stood at an index of the request: a record, or why it is none. */
export type EventReading = LogRecord | { unreadable: string };

/** Flat member -> the attribute that carries the same fact. */
const FLAT_NAMES = new Map(
  Object.entries({
    service: 'service.name',
    environment: 'deployment.environment.name',
    method: 'http.request.method',
    route: 'http.route',
    path: 'url.path',
    status: 'http.response.status_code',
    cause: 'why401.cause',
    error_code: 'why401.code',
    www_authenticate: 'http.response.header.www-authenticate',
    authorization_scheme: 'why401.credential.scheme',
    authorization: 'http.request.header.authorization',
    exception_type: 'exception.type',
    client_ip: 'client.address',
    user_agent: 'user_agent.original',
    user: 'user.id',
  }),
);
const TOKEN_NAMES = new Map(
  Object.entries({
    exp: 'why401.token.expires_at',
    iat: 'why401.token.issued_at',
    nbf: 'why401.token.not_before',
    iss: 'why401.token.issuer',
    aud: 'why401.token.audience',
    kid: 'why401.token.key_id',
  }),
);
const SHAPED_MEMBERS = new Set(['time', 'timestamp', 'body', 'attributes', 'resource', 'trace_id', 'span_id', 'event_name', 'token']);

/**
 * The events of a body that was read whole: a JSON object, or an array of them.
 * @throws RequestBodyError for a body that is no JSON
 */
export function* decodeEvents(body: Buffer, receivedMs: number): Generator<EventReading, undefined> {
  const cursor = new JsonCursor(body);
  try {
    if (!cursor.isList()) {
      if (!cursor.isObject()) throw new WireError('the body is no JSON object or array');
      yield eventOf(cursor.value(), receivedMs);
    } else for (const _item of cursor.items()) yield eventOf(cursor.value(), receivedMs);
    cursor.end();
  } catch (cause) {
    if (cause instanceof WireError) throw new RequestBodyError(400, 'the body is no JSON object or array', { cause });
    throw cause;
  }
}

/** A longer line is no event. */
const MAX_LINE_BYTES = 1_048_576;
const LINE_END = 0x0a;

/**
 * The events of a body of lines, one JSON object each, as the body comes: no more of it is held than a line.
 * @throws RequestBodyError when not one of the lines could be read
 */
export async function* decodeLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  receivedMs: number,
): AsyncGenerator<EventReading[], undefined> {
  const lines = new Lines();
  let readable = 0;
  let unreadable = 0;
  const read = (line: Buffer | undefined): EventReading[] => {
    const text = line
      ?.toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text === '') return [];
    const reading: EventReading = text === undefined ? { unreadable: 'is longer than 1 MiB' } : eventOf(parse(text), receivedMs);
    if ('unreadable' in reading) unreadable += 1;
    else readable += 1;
    return [reading];
  };
  for await (const chunk of chunks) yield lines.split(chunk).flatMap(read);
  yield lines.rest().flatMap(read);
  if (readable === 0 && unreadable > 0) throw new RequestBodyError(400, 'the body is no JSON lines');
}

/** Cuts what comes in pieces into lines; undefined stands for one that is too long. */
class Lines {
  private held: Buffer[] = [];
  private size = 0;

  split(chunk: Buffer): (Buffer | undefined)[] {
    const lines: (Buffer | undefined)[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      this.hold(chunk.subarray(start, end));
      lines.push(...this.rest());
      start = end + 1;
    }
    this.hold(chunk.subarray(start));
    return lines;
  }

  rest(): (Buffer | undefined)[] {
    const line = this.size > MAX_LINE_BYTES ? undefined : Buffer.concat(this.held);
    const isNothing = this.size === 0;
    this.held = [];
    this.size = 0;
    return isNothing ? [] : [line];
  }

  private hold(piece: Buffer): void {
    this.size += piece.length;
    if (this.size <= MAX_LINE_BYTES) this.held.push(piece);
    else this.held = [];
  }
}

/** @returns what the intake takes */
export function* readEvents(events: Iterable<EventReading>, reader: RecordReader): Generator<Read, undefined> {
  for (const event of events) {
    if ('unreadable' in event) yield { reading: { kind: 'rejected', reason: event.unreadable }, timeMs: 0 };
    else yield readObject(event, reader);
  }
}

function eventOf(event: unknown, receivedMs: number): EventReading {
  if (event === undefined) return { unreadable: 'is no JSON' };
  if (!isRecord(event)) return { unreadable: 'is no JSON object' };
  const given = event['time'] ?? event['timestamp'];
  const timeMs = given === undefined || given === null ? receivedMs : parseTime(given);
  if (timeMs === undefined) return { unreadable: 'time is neither RFC 3339 nor an epoch number' };
  const eventName = event['event_name'];
  const traceId = traceIdOf(event['trace_id']);
  return {
    timeMs,
    body: (event['body'] ?? null) as AttributeValue,
    attributes: attributesOf(event),
    resource: isRecord(event['resource']) ? (event['resource'] as Attributes) : {},
    ...(typeof eventName === 'string' ? { eventName } : {}),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function attributesOf(event: Record<string, unknown>): Attributes {
  const attributes = Object.entries(event)
    .filter(([name, value]) => !SHAPED_MEMBERS.has(name) && value !== null)
    .map(([name, value]) => [attributeOf(event, name), value]);
  const token = isRecord(event['token'])
    ? Object.entries(event['token']).map(([name, value]) => [TOKEN_NAMES.get(name) ?? `why401.token.${name}`, value])
    : [];
  const shaped = isRecord(event['attributes']) ? Object.entries(event['attributes']) : [];
  // fromEntries defines properties, so a member named __proto__ stays a plain one.
  return Object.fromEntries([...attributes, ...token, ...shaped]) as Attributes;
}

/** A reason without any status says that there was a refusal; beside a status it only says why. */
function attributeOf(event: Record<string, unknown>, name: string): string {
  if (name === 'reason' && event['status'] === undefined) return 'why401.reason';
  return FLAT_NAMES.get(name) ?? name;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller turns undefined into a rejection with the index.
    return undefined;
  }
}
