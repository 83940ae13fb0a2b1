/** Plain events: a JSON object, an array of them, or one a line. OpenTelemetry-shaped and flat members may be mixed. */
import { isRecord, type Attributes, type AttributeValue, type LogRecord } from '../core/log-record.js';
import { parseTime } from '../core/time.js';
import { MAX_RECORDS, tooManyRecords } from './request-body.js';

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
 * @param isLines one JSON value a line (`application/x-ndjson`)
 * @throws RequestBodyError for more records than a request may have
 * @returns one reading per event in order; undefined when the body is no JSON at all
 */
export function decodeEvents(body: Buffer, isLines: boolean, receivedMs: number): EventReading[] | undefined {
  // A byte order mark is no part of JSON (RFC 8259 section 8.1 lets readers ignore it).
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  if (isLines) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > MAX_RECORDS) throw tooManyRecords(lines.length);
    const readings = lines.map((line) => eventOf(parse(line), receivedMs));
    return readings.length > 0 && readings.every((reading) => 'unreadable' in reading) ? undefined : readings;
  }
  const parsed = parse(text);
  if (Array.isArray(parsed) && parsed.length > MAX_RECORDS) throw tooManyRecords(parsed.length);
  if (Array.isArray(parsed)) return parsed.map((item) => eventOf(item, receivedMs));
  return isRecord(parsed) ? [eventOf(parsed, receivedMs)] : undefined;
}

function eventOf(event: unknown, receivedMs: number): EventReading {
  if (event === undefined) return { unreadable: 'is no JSON' };
  if (!isRecord(event)) return { unreadable: 'is no JSON object' };
  const given = event['time'] ?? event['timestamp'];
  const timeMs = given === undefined || given === null ? receivedMs : parseTime(given);
  if (timeMs === undefined) return { unreadable: 'time is neither RFC 3339 nor an epoch number' };
  const eventName = event['event_name'];
  return {
    timeMs,
    body: (event['body'] ?? null) as AttributeValue,
    attributes: attributesOf(event),
    resource: isRecord(event['resource']) ? (event['resource'] as Attributes) : {},
    ...(typeof eventName === 'string' ? { eventName } : {}),
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
