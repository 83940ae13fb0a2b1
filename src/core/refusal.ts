/**
 * Decides whether a record tells of a refusal, and turns one that does into its signature. Everything a rule may need
 * is taken out of the record here, before masking; credentials are reduced to their shape and go no further.
 */
import { CATALOGUE } from './causes.js';
import { parseChallenges } from './challenge.js';
import { schemeOf, shapeOfAuthorization, timingOf, type CredentialShape } from './credential.js';
import { fieldOf, linesOf, numberOf, textOf } from './fields.js';
import { isRecord, type LogRecord } from './log-record.js';
import { clip, looksSecret, maskPath, maskRoute, maskText } from './mask.js';
import type { Signature, SignatureFacts } from './signature.js';

export type Reading = { kind: 'refusal'; signature: Signature } | { kind: 'ignored' } | { kind: 'rejected'; reason: string };

/** RFC 9110 sections 15.5.2, 15.5.4 and 15.5.8. */
const REFUSING_STATUS = new Set([401, 403, 407]);
const EVENT_NAME = 'why401.auth_failure';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);
const MAX_LABEL = 100;
/** A body larger than this is no message worth opening as JSON. */
const MAX_JSON_BODY = 65_536;

/** @returns the signature of a refusal; `ignored` for a record of anything else; `rejected` with the reason for one that cannot be used */
export function readRecord(record: LogRecord): Reading {
  const status = fieldOf(record, 'status') === undefined ? 0 : numberOf(record, 'status');
  if (status === undefined || !Number.isInteger(status) || status < 0 || status > 999) {
    return isMarked(record) ? { kind: 'rejected', reason: 'http.response.status_code is not an HTTP status code' } : { kind: 'ignored' };
  }
  if (!REFUSING_STATUS.has(status) && !isMarked(record)) return { kind: 'ignored' };
  const statedCause = textOf(record, 'cause');
  if (statedCause !== undefined && !Object.hasOwn(CATALOGUE, statedCause)) {
    return { kind: 'rejected', reason: 'why401.cause is not an id of the catalogue (GET /v1/causes lists them)' };
  }
  return { kind: 'refusal', signature: signatureOf(record, status) };
}

/** The signature of a record that is known to tell of a refusal. */
export function signatureOf(record: LogRecord, status: number): Signature {
  const body = openBody(record.body);
  const challengeLines = linesOf(record, 'challenge').filter((line) => line !== '');
  const credential = credentialOf(record);
  return {
    service: label(textOf(record, 'service')) || 'unknown_service',
    environment: label(textOf(record, 'environment')),
    route: routeOf(record),
    method: methodOf(record),
    status,
    scheme: credential?.scheme ?? '',
    challenge: maskText(challengeLines.join(', ')),
    errorCode: code(textOf(record, 'code') ?? body.code ?? challengeError(challengeLines) ?? textOf(record, 'errorType')),
    template: maskText(reasonOf(record, body.text)),
    facts: factsOf(record, credential),
  };
}

/** The sender says itself that this is a refusal, whatever the status. */
function isMarked(record: LogRecord): boolean {
  return (
    record.eventName === EVENT_NAME ||
    record.attributes['event.name'] === EVENT_NAME ||
    fieldOf(record, 'cause') !== undefined ||
    Object.hasOwn(record.attributes, 'why401.reason')
  );
}

function factsOf(record: LogRecord, credential: CredentialShape | undefined): SignatureFacts {
  const facts: SignatureFacts = {};
  const statedCause = textOf(record, 'cause');
  const exceptionType = textOf(record, 'exceptionType');
  const times = {
    expiresAt: numberOf(record, 'expiresAt'),
    issuedAt: numberOf(record, 'issuedAt'),
    notBefore: numberOf(record, 'notBefore'),
  };
  const tokenTiming = timingOf({ ...credential?.times, ...defined(times) }, record.timeMs);
  const present = fieldOf(record, 'credentialPresent');
  if (statedCause !== undefined) facts.statedCause = statedCause;
  if (exceptionType !== undefined) facts.exceptionType = code(exceptionType);
  if (tokenTiming !== undefined) facts.tokenTiming = tokenTiming;
  if (present !== undefined) facts.credentialPresent = present === true || present === 'true';
  else if (credential !== undefined) facts.credentialPresent = credential.scheme !== 'none';
  if (credential?.wellFormed !== undefined) facts.credentialWellFormed = credential.wellFormed;
  return facts;
}

function credentialOf(record: LogRecord): CredentialShape | undefined {
  const authorization = textOf(record, 'authorization');
  if (authorization !== undefined) return shapeOfAuthorization(authorization);
  const scheme = textOf(record, 'scheme');
  return scheme === undefined ? undefined : { scheme: schemeOf(scheme), times: {} };
}

function routeOf(record: LogRecord): string {
  const route = textOf(record, 'route');
  if (route !== undefined) return maskRoute(route);
  const path = textOf(record, 'path');
  return path === undefined ? '' : maskPath(path);
}

function methodOf(record: LogRecord): string {
  const method = textOf(record, 'method')?.toUpperCase();
  if (method === undefined) return '';
  // "_OTHER" is what OpenTelemetry's HTTP conventions write for methods outside the known list.
  return METHODS.has(method) ? method : '_OTHER';
}

/** The texts that say why, most specific last, each said once. */
function reasonOf(record: LogRecord, bodyText: string): string {
  const texts = [textOf(record, 'reason'), bodyText, textOf(record, 'exceptionMessage')];
  const kept: string[] = [];
  for (const text of texts) {
    const line = text === undefined ? '' : withoutStackFrames(text);
    if (line !== '' && !kept.some((other) => other.includes(line))) kept.push(line);
  }
  return kept.join(': ');
}

/** Drops the frames of Node, Java, .NET, Python and Go stack traces; what was thrown, and what caused it, stays. */
function withoutStackFrames(text: string): string {
  if (!text.includes('\n')) return text.trim();
  const lines = text
    .split(/\r?\n/)
    .filter((line) => !/^\s*(?:at\s|File "|\.{3} \d+ (?:more|common)|goroutine \d|\t|Traceback|[\^~]+\s*$)/.test(line));
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A JSON body's message and code: OAuth 2.0 (RFC 6749 section 5.2), problem details (RFC 9457) and common loggers. */
function openBody(body: LogRecord['body']): { text: string; code?: string } {
  if (typeof body === 'string') {
    const trimmed = body.trim();
    const parsed = trimmed.startsWith('{') && trimmed.length <= MAX_JSON_BODY ? parseJson(trimmed) : undefined;
    return isRecord(parsed) ? openObject(parsed, 0) : { text: body };
  }
  return isRecord(body) ? openObject(body, 0) : { text: typeof body === 'number' || typeof body === 'boolean' ? String(body) : '' };
}

function openObject(body: Record<string, unknown>, depth: number): { text: string; code?: string } {
  const nested = body['error'];
  const inner = isRecord(nested) && depth < 2 ? openObject(nested, depth + 1) : undefined;
  const texts = ['error_description', 'message', 'detail', 'title', 'reason', 'msg', 'description', 'error']
    .map((name) => body[name])
    .filter((value) => typeof value === 'string');
  const codes = [body['code'], body['error_code'], body['errorCode'], nested, body['type']].filter(
    (value) => typeof value === 'string' && /^[\w.:/-]{2,80}$/.test(value),
  );
  const found = (codes[0] as string | undefined) ?? inner?.code;
  const text = texts[0] ?? inner?.text ?? '';
  return found === undefined ? { text } : { text, code: found };
}

function challengeError(lines: string[]): string | undefined {
  return parseChallenges(lines)
    .challenges.map((challenge) => challenge.params['error'])
    .find((error) => error !== undefined);
}

/** A code is kept as it is when it looks like one (AADSTS50055 is no number to mask); anything else is masked. */
function code(text: string | undefined): string {
  if (text === undefined) return '';
  const isPlain = text.length <= 100 && /^[A-Za-z][A-Za-z_.:$/-]*\d{0,6}$/.test(text) && !looksSecret(text);
  return isPlain ? text : clip(maskText(text), 100);
}

/** Names that people give (services, environments): kept readable, but no address, e-mail or token slips in. */
function label(text: string | undefined): string {
  if (text === undefined) return '';
  const isPlain =
    text.length <= MAX_LABEL &&
    /^[\w ./:()-]*$/.test(text) &&
    !/[A-Za-z0-9_-]{32,}|\d{6,}|\d+\.\d+\.\d+\.\d+/.test(text) &&
    !looksSecret(text);
  return isPlain ? text : clip(maskText(text), MAX_LABEL);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that only looks like JSON is read as text.
    return undefined;
  }
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
