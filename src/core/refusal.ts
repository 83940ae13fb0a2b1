/**
 * Decides whether a record tells of a refusal, and turns one that does into its signature. Everything a rule may need
 * is taken out of the record here, before masking; credentials are reduced to their shape and go no further.
 */
import { open, type Opened } from './carrier.js';
import { CATALOGUE } from './causes.js';
import { recoverChallenges } from './challenge.js';
import { offsetOf, schemeOf, shapeOfAuthorization, timingOf, type CredentialShape, type TokenTimes } from './credential.js';
import { fieldOf, linesOf, numberOf, textIn, textOf, textsOf } from './fields.js';
import { isKnown } from './known-words.js';
import type { LogRecord } from './log-record.js';
import { clip, looksSecret, maskPath, maskRoute, maskText } from './mask.js';
import { observe } from './observe.js';
import type { Signature, SignatureFacts } from './signature.js';

/** `tokenOffset`: see `offsetOf`. */
export type Reading =
  { kind: 'refusal'; signature: Signature; tokenOffset?: number } | { kind: 'ignored' } | { kind: 'rejected'; reason: string };

/** RFC 9110 sections 15.5.2, 15.5.4 and 15.5.8. */
const REFUSING_STATUS = new Set([401, 403, 407]);
const EVENT_NAME = 'why401.auth_failure';
/** Headers that end like this name a reason; `x-auth-request-user` and `x-auth-token` do not. */
const REASON_HEADER = /^http\.response\.header\.x-(?:[\w-]{0,60}-)?(?:reason|error|errortype|error-code|message|status)$/i;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);
const MAX_LABEL = 100;
const MAX_CODES = 8;
/** Of an access-log line, as far as its status can stand. */
const MAX_LINE = 4_000;

/** @returns the signature of a refusal; `ignored` for a record of anything else; `rejected` with the reason for one that cannot be used */
export function readRecord(record: LogRecord): Reading {
  const status = statusOf(record);
  if (status === undefined) {
    return isMarked(record) ? { kind: 'rejected', reason: 'http.response.status_code is not an HTTP status code' } : { kind: 'ignored' };
  }
  if (!REFUSING_STATUS.has(status) && !isMarked(record)) return { kind: 'ignored' };
  const statedCause = textOf(record, 'cause');
  if (statedCause !== undefined && !Object.hasOwn(CATALOGUE, statedCause)) {
    return { kind: 'rejected', reason: 'why401.cause is not an id of the catalogue (GET /v1/causes lists them)' };
  }
  const credential = credentialOf(record);
  const tokenOffset = offsetOf(timesOf(record, credential), record.timeMs);
  return { kind: 'refusal', signature: signatureWith(record, status, credential), ...(tokenOffset === undefined ? {} : { tokenOffset }) };
}

/** @returns 0 where the record gives none; undefined for one that is none */
export function statusOf(record: LogRecord): number | undefined {
  if (fieldOf(record, 'status') === undefined) return statusOfLine(record.body);
  const status = numberOf(record, 'status');
  return status === undefined || !Number.isInteger(status) || status < 0 || status > 999 ? undefined : status;
}

/** An access-log line carries its status itself: behind the quoted request, or behind Squid's result code. */
function statusOfLine(body: LogRecord['body']): number {
  if (typeof body !== 'string') return 0;
  const [, status] = /(?: HTTP\/[\d.]{1,3}" |\bTCP_[A-Z_]{1,40}\/)(\d{3}) /.exec(body.slice(0, MAX_LINE)) ?? [];
  return Number(status ?? 0);
}

/** The signature of a record that is known to tell of a refusal. */
export function signatureOf(record: LogRecord, status: number): Signature {
  return signatureWith(record, status, credentialOf(record));
}

function signatureWith(record: LogRecord, status: number, credential: CredentialShape | undefined): Signature {
  const opened = openRecord(record);
  const challengeLines = [...linesOf(record, 'challenge'), ...linesOf(record, 'proxyChallenge')].filter((line) => line !== '');
  const exceptionType = textOf(record, 'exceptionType');
  const [errorCode = '', ...codes] = [...new Set(codesOf(record, opened, challengeLines))];
  return {
    service: label(textOf(record, 'service')) || 'unknown_service',
    environment: label(textOf(record, 'environment')),
    route: routeOf(record, opened.path),
    method: methodOf(record, opened.method),
    status: status === 0 ? (opened.status ?? 0) : status,
    scheme: credential?.scheme ?? '',
    challenge: maskText(challengeLines.join(', ')),
    errorCode,
    template: maskText(opened.texts.join(': ')),
    facts: {
      ...(exceptionType === undefined ? {} : { exceptionType: code(exceptionType) }),
      ...(codes.length === 0 ? {} : { codes: codes.slice(0, MAX_CODES) }),
      ...factsOf(record, credential),
      ...observe(record, challengeLines),
    },
  };
}

/** Everything in the record that says why, carriers opened: the most general text first, each said once. */
function openRecord(record: LogRecord): Opened {
  const parts = [
    textOf(record, 'reason'),
    record.body,
    textOf(record, 'responseBody'),
    textOf(record, 'detail'),
    textOf(record, 'exceptionMessage'),
  ].map((part) => open(part));
  const all: Opened = { texts: [], codes: [] };
  for (const part of parts) {
    for (const text of part.texts) if (!all.texts.some((other) => other.includes(text))) all.texts.push(text);
    all.codes.push(...part.codes);
    all.status ??= part.status as number;
    all.method ??= part.method as string;
    all.path ??= part.path as string;
  }
  return all;
}

function codesOf(record: LogRecord, opened: Opened, challengeLines: string[]): string[] {
  const grantType = textOf(record, 'grantType');
  const named = [
    ...opened.codes,
    ...challengeErrors(challengeLines),
    ...textsOf(record, 'errorType'),
    ...(grantType === undefined ? [] : [`grant_type=${grantType}`]),
    ...headerCodes(record),
  ];
  // Only what the sender calls a code may be a sentence.
  return [...textsOf(record, 'code'), ...named.filter((text) => !/\s/.test(text))].map(code);
}

/** `x-clerk-auth-reason`, `x-amzn-errortype` and their like: headers in which a service names the reason. */
function headerCodes({ attributes }: LogRecord): string[] {
  return Object.keys(attributes)
    .filter((name) => REASON_HEADER.test(name))
    .slice(0, 5)
    .flatMap((name) => textIn(attributes[name]) ?? []);
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
  const tokenTiming = timingOf(timesOf(record, credential), record.timeMs);
  const present = fieldOf(record, 'credentialPresent');
  if (statedCause !== undefined) facts.statedCause = statedCause;
  if (tokenTiming !== undefined) facts.tokenTiming = tokenTiming;
  if (present !== undefined) facts.credentialPresent = present === true || present === 'true';
  else if (credential !== undefined) facts.credentialPresent = credential.scheme !== 'none';
  if (credential?.wellFormed !== undefined) facts.credentialWellFormed = credential.wellFormed;
  return facts;
}

/** The token's times: the ones that the record names win over the ones in the token itself. */
function timesOf(record: LogRecord, credential: CredentialShape | undefined): TokenTimes {
  const named = {
    expiresAt: numberOf(record, 'expiresAt'),
    issuedAt: numberOf(record, 'issuedAt'),
    notBefore: numberOf(record, 'notBefore'),
  };
  return { ...credential?.times, ...defined(named) };
}

function credentialOf(record: LogRecord): CredentialShape | undefined {
  const authorization = textOf(record, 'authorization');
  if (authorization !== undefined) return shapeOfAuthorization(authorization);
  const scheme = textOf(record, 'scheme');
  return scheme === undefined ? undefined : { scheme: schemeOf(scheme), times: {} };
}

function routeOf(record: LogRecord, logged: string | undefined): string {
  const route = textOf(record, 'route');
  if (route !== undefined) return maskRoute(route);
  const path = textOf(record, 'path') ?? logged;
  return path === undefined ? '' : maskPath(path);
}

function methodOf(record: LogRecord, logged: string | undefined): string {
  const method = (textOf(record, 'method') ?? logged)?.toUpperCase();
  if (method === undefined) return '';
  // "_OTHER" is what OpenTelemetry's HTTP conventions write for methods outside the known list.
  return METHODS.has(method) ? method : '_OTHER';
}

function challengeErrors(lines: string[]): string[] {
  return recoverChallenges(lines)
    .map((challenge) => challenge.params['error'])
    .filter((error) => error !== undefined);
}

/** A code is kept as it is when it looks like one (AADSTS50055 is no number to mask); anything else is masked. */
function code(text: string | undefined): string {
  if (text === undefined) return '';
  if (isPlainCode(text)) return text;
  return /^[\w:=/.-]+$/.test(text) && maskText(text) === text ? '<token>' : clip(maskText(text), MAX_LABEL);
}

/** Words joined by the signs that codes use. Digits only where codes have them: a few, and never scattered over a word. */
function isPlainCode(text: string): boolean {
  if (text.length > MAX_LABEL || !/^[A-Za-z][\w.:$/#'{}[\]\\=-]*$/.test(text) || looksSecret(text)) return false;
  const pieces = text.split(/[^A-Za-z0-9]+/);
  // A single lower-case word that nobody knows is as likely a name or a key as a code.
  if (/^[a-z.]+$/.test(text) && !text.split('.').some((piece) => isKnown(piece))) return false;
  if (/^(?:user|account|login|sub|uid|email|name)[:=/.]/i.test(text)) return false;
  return (
    pieces.every((piece) => /^(?:[A-Za-z]*\d{0,8}|[A-Za-z]{1,12}\d{1,3}[A-Za-z]{1,30}|\d{2}[0-9a-f]|0x[89c]0\d{2}\w{4})$/i.test(piece)) &&
    text.replace(/\D/g, '').length <= 9
  );
}

/** Names that people give (services, environments): kept readable, but no address, e-mail or token slips in. */
function label(text: string | undefined): string {
  if (text === undefined) return '';
  const isPlain =
    text.length <= MAX_LABEL &&
    /^[\w ./:()-]*$/.test(text) &&
    !/[A-Za-z0-9_-]{32,}|\d{6,}|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/.test(text) &&
    !looksSecret(text);
  return isPlain ? text : clip(maskText(text), MAX_LABEL);
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
