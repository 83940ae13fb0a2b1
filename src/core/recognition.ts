/**
 * Which records tell of a refusal. In this order: what the sender says itself (`why401.*`), the status (of HTTP or gRPC,
 * in a field or in an access-log line), an authentication error in the body of a success, and without any status a code,
 * an exception or a sentence that stands for a refusal wherever it is logged. Everything else is somebody else's log line.
 */
import { open } from './carrier.js';
import {
  codesOf,
  fieldOf,
  LOOSE_STATUS_NAMES,
  OUTCOME,
  REQUEST_NAMES,
  RPC_NAMES,
  STATUS_NAMES,
  textIn,
  textOf,
  textsOf,
} from './fields.js';
import { judge } from './judge.js';
import type { AttributeValue, LogRecord } from './log-record.js';
import { maskText } from './mask.js';
import { memo } from './memo.js';
import { EVERYTHING, lookUp } from './rules/index.js';
import { VAGUE } from './rules/table.js';
import type { CauseId } from './causes.js';
import type { Signature } from './signature.js';

export interface Recognition {
  isRefusal: boolean;
  /** HTTP status; 0 where the record gives none, undefined for one that is none. A gRPC code counts as the status that it maps to. */
  status: number | undefined;
  /** The sender says itself that this is a refusal. */
  isMarked: boolean;
}

/** RFC 9110 sections 15.5.2, 15.5.4 and 15.5.8. */
export const REFUSING: ReadonlySet<number> = new Set([401, 403, 407]);
const EVENT_NAME = 'why401.auth_failure';
/** Of a line, as far as its status can stand. */
const MAX_LINE = 4_000;

/** @param record spread, header names in lower case */
export function recognise(record: LogRecord): Recognition {
  const status = statusOf(record);
  const isMarked = isMarkedBySender(record);
  const isRefusal = isMarked || (status !== undefined && tellsOfRefusal(record, status));
  return { isRefusal, status, isMarked };
}

function tellsOfRefusal(record: LogRecord, status: number): boolean {
  if (REFUSING.has(status)) return true;
  if (status >= 200 && status < 300) return isErrorInSuccess(record);
  return status === 0 && isKnownRefusal(record);
}

function isMarkedBySender(record: LogRecord): boolean {
  return (
    record.eventName === EVENT_NAME ||
    record.attributes['event.name'] === EVENT_NAME ||
    fieldOf(record, 'cause') !== undefined ||
    Object.hasOwn(record.attributes, 'why401.reason')
  );
}

function statusOf(record: LogRecord): number | undefined {
  const given = STATUS_NAMES.map((name) => textIn(record.attributes[name])).filter((text) => text !== undefined && text !== '');
  const http = given.map(Number).find(isHttpStatus) ?? loosely(record);
  if (http === undefined || http === 200) {
    const rpc = rpcStatus(record);
    if (rpc !== undefined) return rpc;
  }
  if (http !== undefined) return http;
  const line = [record.body, textOf(record, 'exceptionMessage')].map((text) => (typeof text === 'string' ? statusOfLine(text) : undefined));
  const told = line.find((one) => one !== undefined);
  if (told !== undefined) return told;
  // "active" under "status" is no status; the same under a name that can mean nothing else is a mistake.
  return UNMISTAKABLE.some((name) => (textIn(record.attributes[name]) ?? '') !== '') ? undefined : 0;
}

const UNMISTAKABLE = ['http.response.status_code', 'http.status_code'];

function isHttpStatus(number: number): boolean {
  return Number.isInteger(number) && number >= 100 && number <= 599;
}

function loosely({ attributes }: LogRecord): number | undefined {
  if (!REQUEST_NAMES.some((name) => Object.hasOwn(attributes, name))) return undefined;
  return LOOSE_STATUS_NAMES.map((name) => Number(textIn(attributes[name]))).find(isHttpStatus);
}

/** google.rpc.Code 16 and 7, as gRPC maps them to HTTP. */
function rpcStatus({ attributes }: LogRecord): number | undefined {
  for (const name of RPC_NAMES) {
    const code = textIn(attributes[name])?.toLowerCase().replaceAll('_', '');
    if (code === '16' || code === 'unauthenticated') return 401;
    if (code === '7' || code === 'permissiondenied') return 403;
  }
  return undefined;
}

const ANSI = '(?:\\x1b\\[[\\d;]{0,10}m)*';
/** Where lines of servers, proxies and frameworks have the status. */
const LINES: readonly RegExp[] = [
  new RegExp(` HTTP/[\\d.]{1,3}${ANSI}" ${ANSI}(\\d{3})\\b`),
  /\bTCP_[A-Z_]{1,40}\/(\d{3}) /,
  /^\[GIN\].{1,60}\| {0,3}(\d{3}) \|/,
  / [\w.~-]+\/\S+ [-\d]{1,9}\/[-\d]{1,9}\/[-\d]{1,9}\/[-\d]{1,9}\/\+?[-\d]{1,9} (\d{3}) /,
  / (\d{3}) (?:\d{3}|-) \d{1,12} \d{1,12} "[A-Z]{3,8} \S/,
  new RegExp(`^${ANSI}(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|CONNECT) \\S{1,500} ${ANSI}(\\d{3})\\b`),
  /"HTTP\/[\d.]{1,3} (\d{3})\b/,
  /\b(?:Completed|completed with status:|Sent|responded|status code|statusCode:|Error code:|HTTP status|HTTP code|HTTP response headers after [\d.]{1,12}ms -|- ) ?(\d{3})\b(?! ?(?:ms|µs|s)\b)/i,
  /\b(?:status|http_status|statusCode|status_code|resp)=["']?(\d{3})\b/,
  /(?<![\w./-])(\d{3}) (?:Unauthorized|Forbidden|Proxy Authentication Required|Client Error)\b/,
  /^(?:Got|HTTP) (\d{3})\b/,
];

const statusOfLine = memo((line: string): number | undefined => {
  const text = line.slice(0, MAX_LINE);
  if (!/\b[1-5]\d\d\b/.test(text)) return undefined;
  for (const pattern of LINES) {
    const status = Number(pattern.exec(text)?.[1]);
    if (isHttpStatus(status)) return status;
  }
  return undefined;
});

/** Members by which an answer says that it is an error although its status says success. */
const FAILED_MEMBER =
  /"(?:success|ok|is_?success|authenticated)"\s{0,3}:\s{0,3}(?:false|"false"|0)|"(?:error|errors|fault|faultstring|error_code|errorcode)"\s{0,3}:\s{0,3}(?!null|false|""|\[\s{0,3}\]|\{\s{0,3}\}|0\b)|"(?:code|status|status_?code)"\s{0,3}:\s{0,3}"?(?:401|403|407)\b|<(?:\w{1,20}:)?fault(?:code|string)?[>\s]/i;
/** JSON or XML, whatever stands before it. */
const DOCUMENT = /[{<]/;
const MAX_ANSWER = 16_384;

/** A 2xx whose body is an authentication error: GraphQL, SOAP, JSON-RPC, and home-made envelopes. */
function isErrorInSuccess(record: LogRecord): boolean {
  const bodies = [textsOf(record, 'responseBody'), [record.body]].flat();
  return bodies.some((body) => {
    const text = typeof body === 'object' && body !== null ? JSON.stringify(body) : body;
    return typeof text === 'string' && text.length <= MAX_ANSWER && isFailedAnswer(text);
  });
}

const isFailedAnswer = memo((text: string): boolean => {
  if (!DOCUMENT.test(text) || !FAILED_MEMBER.test(text)) return false;
  const { texts, codes } = open(text);
  const { cause, confidence } = judge(sketchOf(texts.join(': '), codes));
  return (confidence >= 0.6 && !NOT_THE_CALLER.has(cause)) || REFUSED.test([...texts, ...codes].join(' '));
});

/** Refusals that name no cause. */
const REFUSED =
  /\bunauthori[sz]ed\b|unauthenticated|not[ _]authed|invalid_auth\b|not authenticated|could not be authenticated|authentication (?:failed|required)|FailedAuthentication|access denied/i;

/** Types and codes that prove nothing by themselves, whatever a table says of them beside a status. */
const NO_PROOF =
  /^(?:java\.nio\..*|(?:http|client|server|request|axios|io)?(?:error|exception)|unauthorized_client|error|access_denied_to_path|invalid_request|AADSTS50140)$/i;
/** Exceptions whose name says it, in frameworks that no table has. */
const REFUSING_TYPE =
  /(?:Unauthori[sz]ed|Unauthenticated|NotAuthenticated|AuthenticationFailed|AccessDenied|AccessForbidden|(?:Authentication|Authorization))(?:Error|Exception)?$|^(?:Unauthorized|Forbidden)$/;
/** What audit logs call the event. */
const REFUSING_EVENT =
  /^(?:(?:anonymous_)?access_denied|auth(?:entication)?[._-]?fail(?:ed|ure)?|log-?in[._-]?(?:fail(?:ed|ure)?|error)|TokenValidationFailed|AuthenticationSchemeNotAuthenticatedWithFailure)$/i;
const AUTH_EVENT = /session|auth|mfa|login|credential|password|token/i;

/** Without a status: an exception, a code or an event that stands for a refusal wherever it is logged. */
function isKnownRefusal(record: LogRecord): boolean {
  const exception = textOf(record, 'exceptionType');
  if (exception !== undefined && (isProof(exception) || (REFUSING_TYPE.test(exception) && !NO_PROOF.test(exception)))) return true;
  if ([...codesOf(record), ...textsOf(record, 'errorType')].some((code) => isProof(code) || REFUSING_TYPE.test(code))) return true;
  const events = textsOf(record, 'event');
  if (events.some((event) => REFUSING_EVENT.test(event))) return true;
  const outcome = textIn(record.attributes[OUTCOME])?.toUpperCase();
  if ((outcome === 'FAILURE' || outcome === 'DENY') && events.some((event) => AUTH_EVENT.test(event))) return true;
  return isToldBy(record.body);
}

function isProof(code: string): boolean {
  if (NO_PROOF.test(code)) return false;
  const known = lookUp(EVERYTHING, code);
  return known !== undefined && (!NOT_THE_CALLER.has(known.cause) || (known.isExact && known.cause === 'unknown'));
}

/** Troubles of the server that no caller may have met. */
const NOT_THE_CALLER: ReadonlySet<CauseId> = new Set<CauseId>(['server_misconfiguration', 'unknown']);

function isToldBy(body: AttributeValue): boolean {
  if (typeof body === 'string') return isTellingLine(body.slice(0, MAX_LINE));
  if (typeof body !== 'object' || body === null) return false;
  const text = JSON.stringify(body);
  return text.length <= MAX_ANSWER && isTellingLine(text);
}

/** Words without which no line tells of a refusal: nearly every other line ends here. */
const HINT =
  /auth|token|jwt|credential|password|denied|forbidden|unauthor|login|session|signature|expired|api.?key|challenged|AH0\d{4}|IDX\d|permission/i;

/** False where a line of a record without any telling attribute surely tells of no request: a look, for every line of every log. */
export function canBeTold(line: string): boolean {
  // Members of a line (JSON, key=value) may be anything.
  return line.includes('{') || line.split('=', 4).length > 3 || HINT.test(line) || statusOfLine(line) !== undefined;
}

const isTellingLine = memo((line: string): boolean => {
  // "Token expired" alone may be anybody's remark.
  if (!HINT.test(line) || (!/^[{[<]/.test(line) && line.trim().split(/\s+/, 4).length < 4)) return false;
  const { texts, codes } = open(line);
  if (codes.some((code) => (isProof(code) && isExactCode(code)) || (REFUSING_TYPE.test(code) && THROWN.test(code)))) return true;
  const sketch = sketchOf(maskText(texts.join(': ')), codes);
  return isDocumented(sketch) || (SERVER_LINE.test(line) && isSure(sketch, 0.7));
});

/** nginx writes what it refused to its error log; the line names the client, so it is about a request. */
const SERVER_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w{1,10}\] [^]*, client: /;

const THROWN = /(?:Error|Exception)$/;

function isExactCode(code: string): boolean {
  return lookUp(EVERYTHING, code)?.isExact === true || /(?:Error|Exception|Expired|Unauthorized|Denied)$/.test(code);
}

/** Enough of a signature to ask the judge whether a text is about a refusal at all. */
function sketchOf(template: string, codes: readonly string[]): Signature {
  const [errorCode = '', ...more] = codes;
  return {
    service: '',
    environment: '',
    route: '',
    method: '',
    status: 0,
    scheme: '',
    challenge: '',
    errorCode,
    template: template.slice(0, 400),
    facts: more.length === 0 ? {} : { codes: more.slice(0, 8) },
  };
}

/** What a table has as a sentence of its system: what only reads like trouble may be anybody's remark about it. */
function isDocumented(signature: Signature): boolean {
  const { evidence } = judge(signature);
  return isSure(signature, 0.9) && evidence.some(({ rule }) => !/^(?:text|name|status|token|credential|challenge)\./.test(rule));
}

function isSure(signature: Signature, least: number): boolean {
  const { cause, confidence } = judge(signature);
  return confidence >= least && !VAGUE.has(cause) && !NOT_THE_CALLER.has(cause);
}
