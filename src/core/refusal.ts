/**
 * Decides whether a record tells of a refusal, and turns one that does into its signature. Everything a rule may need
 * is taken out of the record here, before masking; credentials are reduced to their shape and go no further.
 */
import { open, says, type Opened } from './carrier.js';
import { CATALOGUE } from './causes.js';
import { recoverChallenges } from './challenge.js';
import { offsetOf, schemeOf, shapeOfAuthorization, timingOf, type CredentialShape, type TokenTimes } from './credential.js';
import { epochSeconds, timesInText } from './token-times.js';
import { codesOf as codesIn, fieldOf, linesOf, numberOf, textIn, textOf, textsOf, withLowerHeaders } from './fields.js';
import { isKnown } from './known-words.js';
import type { LogRecord } from './log-record.js';
import { MAX_LABEL } from './label.js';
import { clip, looksSecret, maskText, NAMED_WITH_DIGITS } from './mask.js';
import { maskPath } from './mask-path.js';
import { memo } from './memo.js';
import { observe } from './observe.js';
import { wordsOf } from './reading/words.js';
import { recognise } from './recognition.js';
import { EVERYTHING, lookUp } from './rules/index.js';
import type { Signature, SignatureFacts } from './signature.js';
import { spread } from './spread.js';
import { targetOf, type Target } from './traffic.js';
import { witnessOf, type Witness } from './witness.js';

export type Reading = Refusal | Ignored | { kind: 'rejected'; reason: string };

export interface Refusal {
  kind: 'refusal';
  signature: Signature;
  /** Where the request went; its route is the signature's only where the record declares it. */
  target: Target;
  witness: Witness;
  /** See `offsetOf`. */
  tokenOffset?: number;
}

export interface Ignored {
  kind: 'ignored';
  /** Where the request went, for a record that has a status. */
  target?: Target;
}

/** Headers that end like this name a reason; `x-auth-request-user` and `x-auth-token` do not. */
const REASON_HEADER = /^http\.response\.header\.x-(?:[\w-]{0,60}-)?(?:reason|error|errortype|error-code|message|status)$/i;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);
const MAX_CODES = 8;
/** RFC 6749 and its extensions. */
const GRANT_TYPE = /^(?:authorization_code|refresh_token|client_credentials|password|implicit|urn:[a-z0-9:_-]{1,80})$/;

/** @returns the signature of a refusal; `ignored` for a record of anything else; `rejected` with the reason for one that cannot be used */
export function readRecord(given: LogRecord): Reading {
  const record = normal(given);
  const { isRefusal, status, isMarked } = recognise(record);
  if (status === undefined && isMarked) return { kind: 'rejected', reason: 'http.response.status_code is not an HTTP status code' };
  if (!isRefusal) return status === undefined || status === 0 ? { kind: 'ignored' } : { kind: 'ignored', target: targetOf(record) };
  const statedCause = textOf(record, 'cause');
  if (statedCause !== undefined && !Object.hasOwn(CATALOGUE, statedCause)) {
    return { kind: 'rejected', reason: 'why401.cause is not an id of the catalogue (GET /v1/causes lists them)' };
  }
  const credential = credentialOf(record);
  const tokenOffset = offsetOf(timesOf(record, credential), record.timeMs);
  const target = targetOf(record);
  const signature = signatureWith(record, { target, status: status ?? 0, credential });
  const witness = witnessOf(record, credential);
  return { kind: 'refusal', signature, target, witness, ...(tokenOffset === undefined ? {} : { tokenOffset }) };
}

/** Whether the record's text tells who asked, beside what its attributes and its resource tell. */
export function isWitnessInText({ body, resource, timeMs }: LogRecord): boolean {
  const [told, known] = [body, null].map((text) => {
    const record = normal({ timeMs, body: text, attributes: {}, resource });
    return witnessOf(record, credentialOf(record));
  });
  return JSON.stringify(told) !== JSON.stringify(known);
}

/** The signature of a record that is judged whatever it tells of. */
export function signatureOf(given: LogRecord, status?: number): Signature {
  const record = normal(given);
  return signatureWith(record, {
    target: targetOf(record),
    status: status ?? recognise(record).status ?? 0,
    credential: credentialOf(record),
  });
}

function normal(record: LogRecord): LogRecord {
  return withLowerHeaders(spread(record));
}

interface Found {
  target: Target;
  status: number;
  credential: CredentialShape | undefined;
}

function signatureWith(record: LogRecord, { target, status, credential }: Found): Signature {
  const opened = openRecord(record);
  const origin = linesOf(record, 'challenge').filter((line) => line !== '');
  const proxy = linesOf(record, 'proxyChallenge').filter((line) => line !== '');
  const challengeLines = [...origin, ...proxy];
  const exceptionType = textOf(record, 'exceptionType');
  const [errorCode = '', ...codes] = [...new Set(codesOf(record, opened, challengeLines))];
  return {
    ...target,
    route: target.route === '' ? pathOf(record, opened.path) : target.route,
    method: methodOf(record, opened.method),
    status: status === 0 ? (opened.status ?? 0) : status,
    scheme: credential?.scheme ?? '',
    challenge: maskText(withPlainErrors(challengeLines.join(', '))),
    errorCode,
    template: maskText(opened.texts.join(': ')),
    facts: {
      ...(exceptionType === undefined ? {} : { exceptionType: code(exceptionType) }),
      ...(codes.length === 0 ? {} : { codes: codes.slice(0, MAX_CODES) }),
      ...factsOf(record, credential),
      ...(challengeLines.length === 0 ? {} : { challengedBy: proxy.length === 0 ? 'origin' : origin.length === 0 ? 'proxy' : 'both' }),
      ...observe(record, challengeLines),
    },
  };
}

/** What stands for a route where none is declared. */
function pathOf(record: LogRecord, logged: string | undefined): string {
  const path = textOf(record, 'path') ?? logged;
  return path === undefined ? '' : maskPath(path);
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
    for (const text of part.texts) if (!all.texts.some((other) => says(other, text))) all.texts.push(text);
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
    ...(grantType === undefined || !GRANT_TYPE.test(grantType) ? [] : [`grant_type=${grantType}`]),
    ...headerCodes(record),
  ];
  // Only what the sender calls a code may be a sentence.
  return [...codesIn(record), ...named.filter((text) => !/\s/.test(text))].map(code);
}

/** `x-clerk-auth-reason`, `x-amzn-errortype` and their like: headers in which a service names the reason. */
function headerCodes({ attributes }: LogRecord): string[] {
  return Object.keys(attributes)
    .filter((name) => REASON_HEADER.test(name))
    .slice(0, 5)
    .flatMap((name) => textIn(attributes[name]) ?? []);
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
    expiresAt: epochSeconds(numberOf(record, 'expiresAt')),
    issuedAt: epochSeconds(numberOf(record, 'issuedAt')),
    notBefore: epochSeconds(numberOf(record, 'notBefore')),
  };
  return { ...timesInTexts(record), ...credential?.times, ...defined(named) };
}

/** What the record's texts tell of the token's times, as the libraries that refused it print them. */
function timesInTexts(record: LogRecord): TokenTimes {
  const body = typeof record.body === 'object' && record.body !== null ? JSON.stringify(record.body) : record.body;
  const texts = [body, textOf(record, 'exceptionMessage'), textOf(record, 'reason'), textOf(record, 'detail')];
  return Object.assign({}, ...texts.map((text) => (typeof text === 'string' ? timesInText(text, record.timeMs) : {}))) as TokenTimes;
}

/** What names the credential first: the header itself, what the record says of it, then other headers that carry one. */
function credentialOf(record: LogRecord): CredentialShape | undefined {
  const authorization = textOf(record, 'authorization') ?? textOf(record, 'proxyAuthorization');
  if (authorization !== undefined) return shapeOfAuthorization(authorization);
  const scheme = textOf(record, 'scheme');
  if (scheme !== undefined) return { scheme: schemeOf(scheme), times: {} };
  const location = textOf(record, 'credentialLocation')?.toLowerCase();
  if (location === 'none') return { scheme: 'none', times: {} };
  if (textOf(record, 'apiKey') !== undefined) return { scheme: 'api_key', times: {} };
  return location === 'cookie' || textOf(record, 'cookie') !== undefined ? { scheme: 'cookie', times: {} } : undefined;
}

function methodOf(record: LogRecord, logged: string | undefined): string {
  const method = (textOf(record, 'method') ?? logged)?.toUpperCase();
  if (method === undefined) return '';
  // "_OTHER" is what OpenTelemetry's HTTP conventions write for methods outside the known list.
  return METHODS.has(method) ? method : '_OTHER';
}

/** What is no code where codes stand is masked like everywhere. */
function withPlainErrors(challenge: string): string {
  return challenge.replace(
    /\b(error=)("?)([\w.:-]{1,100})\2/gi,
    (_, name: string, quote: string, value: string) => `${name}${quote}${code(value)}${quote}`,
  );
}

function challengeErrors(lines: string[]): string[] {
  return recoverChallenges(lines)
    .map((challenge) => challenge.params['error'])
    .filter((error) => error !== undefined);
}

/** A code is kept as it is when it looks like one (AADSTS50055 is no number to mask); anything else is masked. */
const code = memo((text: string): string => {
  if (isPlainCode(text)) return text;
  if (/^\w{1,40}=\d{1,40}$/.test(text)) return `${text.split('=', 1).join('')}=<n>`;
  return /^[\w:=/.-]+$/.test(text) ? '<token>' : clip(maskText(text), MAX_LABEL);
});

/** How vendors number their codes: a prefix in capitals and a few digits. */
const NUMBERED = /^[A-Z]{1,10}[A-Z]?[-_.]?\d{1,6}[A-Z]?$/;
const ASSIGNED = /(?:pass\w*|pwd|pw|secret|token|key|otp|pin|session|sid|user|account|login|sub|uid|e?mail|name)[:=/.]|\/(?:home|users)\//i;
/** Digits of an identifier that a code may carry; one-time passwords have six. */
const MAX_CODE_DIGITS = 5;

/**
 * A code that a table knows, one that is numbered as vendors do, or words joined by the signs that codes use, of which at
 * least one means something here: any other string is as likely a name or a key as a code.
 */
function isPlainCode(text: string): boolean {
  if (text.length > MAX_LABEL || !/^[A-Za-z][\w.:$/#'{}[\]\\=-]*$/.test(text)) return false;
  if (lookUp(EVERYTHING, text) !== undefined || NAMED_WITH_DIGITS.test(text)) return true;
  if (looksSecret(text) || ASSIGNED.test(text)) return false;
  if (NUMBERED.test(text)) return true;
  const [, digits] = /^\w{1,40}=(\d{1,40})$/.exec(text) ?? [];
  if (digits !== undefined) return digits.length <= MAX_CODE_DIGITS;
  const pieces = text.split(/[^A-Za-z0-9]+/);
  return (
    pieces.every((piece) => /^(?:[A-Za-z]*\d{0,5}|[A-Za-z]{1,12}\d{1,3}[A-Za-z]{1,30}|\d{2}[0-9a-f]|0x[89c]0\d{2}\w{4})$/i.test(piece)) &&
    wordsOf(text.replace(/[.:\\$]/g, ' ')).some(({ text: word }) => word.length > 2 && isKnown(word))
  );
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
