/**
 * Opens what a reason comes wrapped in: JSON (also inside a text, also as Python prints it), problem details, XML and HTML
 * answers, key=value lines, access-log lines, stack traces, log prefixes. Gives the texts that say why and the codes,
 * unmasked: masking comes after. Bounded: long input is cut, nesting is followed a few levels.
 */
import { withoutNumbers } from './interchangeable.js';
import { isRecord } from './log-record.js';
import { memo } from './memo.js';
import { sensesOf } from './reading/lexicon.js';
import { wordsOf } from './reading/words.js';

export interface Opened {
  texts: string[];
  /** Machine-readable codes and exception types, as the sender spelled them. */
  codes: string[];
  /** What an access-log line or an answer's body tells of the exchange. */
  status?: number;
  method?: string;
  path?: string;
}

/** Larger bodies are no messages; their beginning says what there is to say. */
const MAX_TEXT = 65_536;
const MAX_TEXTS = 6;
/** Dicts that Python prints are read up to this length: finding the end of each string costs some of it squared. */
const MAX_PYTHON = 4_000;
const MAX_CODES = 12;
const MAX_DEPTH = 5;
/** At this depth an object that has none of the known keys is not read at all. */
const MAX_EMBEDDED = 3;
const MAX_ITEMS = 20;
/** Of one object: the members that say why stand among the first. */
const MAX_MEMBERS = 500;

const TEXT_KEYS = [
  'error_description',
  'errordescription',
  'error_detail',
  'message',
  'msg',
  'detail',
  'details',
  'reason',
  'hint',
  'description',
  'error_msg',
  'error_message',
  'errormessage',
  'errorsummary',
  'error_summary',
  'failurereason',
  'faultstring',
  'statusmessage',
  'error_info',
  'error',
  'err',
  'error_title',
  'title',
  'text',
  'detailedmessage',
  'debug_message',
  'user_message',
  'authenticationfailurereason',
  'non_field_errors',
  'exp',
  'nbf',
  'data',
];
/** Keys that end like this tell the reason whatever stands in front (`auth_fail_reason`, `failureMessage`). */
const SAYS_WHY = /why|den[iy]|(?:reason|message|msg|error|failure|exception|cause|trace|detail|description)s?$/;
const CODE_KEYS = [
  'code',
  'error_code',
  'errorcode',
  'error',
  'errortype',
  'error_type',
  'type',
  '__type',
  'reason',
  'status',
  'suberror',
  'sub_error',
  'error_reason',
  'errors',
  'internal_code',
  'exception',
  'statuscode',
  'error_id',
  'oauth_error',
];
/** Numbers that mean something only beside their key. */
const NUMBER_KEYS = new Set(['code', 'error_code', 'errorcode', 'error_subcode', 'errno', 'subcode', 'status']);
const NESTED_KEYS = [
  'result',
  'error',
  'errors',
  'fault',
  'detail',
  'details',
  'messages',
  'data',
  'body',
  'cause',
  'inner',
  'exception',
  'extensions',
  'err',
  'root_cause',
  'outcome',
  'response',
  'params',
  'attributes',
  'ui',
];
/** Keys whose values name the thing, not what is wrong with it. */
const NAMES_ONLY = new Set(['type', 'kind', 'id', 'name', 'user', 'username', 'email', 'path', 'url', 'method', 'ip']);
const CODE = /^(?=.{2,80}$)[A-Za-z][\w.:/#-]*$/;
const EXCEPTION =
  /^(?:\[?(?:caused by|cause|inner|exception in thread "[^"]*")\]?:? *)?((?:[\w-]{1,80}(?:\.|::|\\|\$)){0,20}[A-Z]\w{0,80}(?:Error|Exception|Failure|Expired|Invalid|Signature|Fault|Unauthorized|Denied))(?: \[[\w-]+\])?(?:: (.*))?$/i;
const FRAME =
  /^\s*(?:at\s|File "|\.{3} \d+ (?:more|common)|goroutine \d|Traceback|[\^~]+\s*$|from \S+:\d+:in|\S+\.(?:go|rb|py|rs|ex|exs):\d+(?::in\b.*|\s\+0x[0-9a-f]+|:?\s*)$)/;

/** @param value a body: text, or an object as OpenTelemetry carries it */
export function open(value: unknown): Readonly<Opened> {
  return typeof value === 'string' ? openString(value) : openValue(value);
}

const openString = memo<Readonly<Opened>>(openValue);

function openValue(value: unknown): Readonly<Opened> {
  const opened: Opened = { texts: [], codes: [] };
  if (typeof value === 'string') openText(value.slice(0, MAX_TEXT), opened, 0);
  else openJson(value, opened, 0);
  if (opened.texts.length === 0 && opened.codes.length === 0) openUnknown(value, opened);
  // Better a code to read than nothing.
  if (opened.texts.length === 0 && opened.codes[0] !== undefined) opened.texts.push(opened.codes[0]);
  return opened;
}

/** An object with no key that is known: what in it has words that mean something here is better than nothing. */
function openUnknown(value: unknown, opened: Opened): void {
  const left: unknown[] = [typeof value === 'string' ? parseJson(value.slice(0, MAX_TEXT).trim()) : value];
  for (let looked = 0; left.length > 0 && looked < MAX_MEMBERS && opened.texts.length < 2; looked += 1) {
    const next = left.shift();
    if (typeof next === 'string' && meansSomething(next)) addText(opened, next);
    else if (isObject(next)) {
      for (const [key, member] of Object.entries(next).slice(0, MAX_ITEMS)) if (!NAMES_ONLY.has(key.toLowerCase())) left.push(member);
    }
  }
}

function openText(text: string, opened: Opened, depth: number): void {
  const trimmed = text.trim();
  if (trimmed === '') return;
  if (depth < MAX_DEPTH && (openWholeJson(trimmed, opened, depth) || openMarkup(trimmed, opened))) return;
  if (openAccessLine(trimmed, opened)) return;
  if (depth < MAX_DEPTH && openEmbeddedJson(trimmed, opened)) return;
  if (/\bHTTP(?: code|\/[\d.]{1,3})? 407\b|\b407 Proxy Auth/i.test(trimmed)) opened.status ??= 407;
  // Active Directory puts the reason into a number of its own: "AcceptSecurityContext error, data 52e".
  const [, data = ''] = /AcceptSecurityContext error, data ([0-9a-f]{3}),/.exec(trimmed) ?? [];
  if (data !== '') addCode(opened, `data=${data}`);
  for (const [status] of trimmed.matchAll(/\b0x(?:C0000|80090)[0-9A-F]{3}\b/gi)) addCode(opened, status);
  for (const [, code = ''] of trimmed.matchAll(/[?&#]error=([A-Za-z_-]{3,60})/g)) addCode(opened, code);
  const line = openTrace(withoutPrefix(trimmed, opened), opened);
  if (!openPairs(line, opened)) addText(opened, line);
}

function openWholeJson(text: string, opened: Opened, depth: number): boolean {
  if (!/^[{[]/.test(text) || !/[}\]]$/.test(text)) return false;
  const parsed = parseJson(text) ?? parseJson(pythonToJson(text));
  if (typeof parsed !== 'object' || parsed === null) return false;
  openJson(parsed, opened, depth + 1);
  return true;
}

/** `401 Unauthorized: "{"error":…}"`: what stands before it is kept as a text of its own. */
function openEmbeddedJson(text: string, opened: Opened): boolean {
  const start = text.search(/\[?\{ *["'\\]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf('}]') + 1);
  if (start === -1 || end <= start) return false;
  const inner = text.slice(start, end + 1);
  const candidates = [inner, inner.replace(/^\[/, ''), inner.replace(/\\"/g, '"'), pythonToJson(inner)];
  const parsed = candidates.map(parseJson).find(isObject);
  if (parsed === undefined) return false;
  const within: Opened = { texts: [], codes: [] };
  openJson(parsed, within, MAX_EMBEDDED);
  if (within.texts.length === 0 && within.codes.length === 0) return false;
  openText(text.slice(0, start).replace(/[[\s"':-]{1,20}$/, ''), opened, MAX_DEPTH);
  for (const line of within.texts) addText(opened, line);
  for (const code of within.codes) addCode(opened, code);
  addText(opened, text.slice(end + 1).replace(/^[\]\s"':.,)-]+/, ''));
  return true;
}

function openJson(value: unknown, opened: Opened, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    openText(value, opened, depth);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_ITEMS)) openJson(item, opened, depth + 1);
    return;
  }
  if (!isRecord(value)) {
    if (typeof value === 'number' || typeof value === 'boolean') addText(opened, String(value));
    return;
  }
  openObject(value, opened, depth);
}

function openObject(object: Record<string, unknown>, opened: Opened, depth: number): void {
  const byKey = new Map(
    Object.entries(object)
      .slice(0, MAX_MEMBERS)
      .map(([key, value]) => [key.toLowerCase().replace(/^.*[.:](?=\w+$)/, ''), value] as const),
  );
  if (byKey.has('log_id') && typeof byKey.get('type') === 'string') addCode(opened, `auth0:${String(byKey.get('type'))}`);
  for (const key of CODE_KEYS) addCodesOf(byKey.get(key), opened);
  for (const [key, value] of byKey) if (typeof value === 'number' && NUMBER_KEYS.has(key)) addNumber(opened, key, value);
  const before = opened.texts.length;
  for (const key of TEXT_KEYS) openTextAt(key, byKey.get(key), opened, depth);
  for (const [key, value] of byKey) {
    if (!SAYS_WHY.test(key) || TEXT_KEYS.includes(key) || /user|person|client|profile|token/.test(key)) continue;
    addCodesOf(value, opened);
    openTextAt(key, value, opened, depth);
  }
  for (const key of NESTED_KEYS) {
    const value = byKey.get(key);
    if (isObject(value)) openJson(value, opened, depth + 1);
    // By field: {"errors":{"username":"…"}}.
    if (key === 'errors' && isRecord(value))
      for (const one of Object.values(value).slice(0, 3)) if (typeof one === 'string') addText(opened, one);
  }
  if (opened.texts.length === before && byKey.size <= 4 && depth <= 2) {
    for (const [key, value] of byKey) {
      const text = Array.isArray(value) ? (value as unknown[])[0] : value;
      // Under a key that nobody knows, only a sentence with a word that means something here is one of ours.
      if (typeof text === 'string' && text.includes(' ') && meansSomething(text) && !NAMES_ONLY.has(key)) addText(opened, text);
    }
  }
}

function meansSomething(text: string): boolean {
  const { low, high } = sensesOf(wordsOf(text.slice(0, 400)));
  return low !== 0 || high !== 0;
}

function openTextAt(key: string, value: unknown, opened: Opened, depth: number): void {
  // A payload's member is a reason only where it is a sentence.
  if (key === 'data' && (typeof value !== 'string' || !value.includes(' ') || !meansSomething(value))) return;
  const text: unknown = Array.isArray(value) ? value.find((item) => typeof item === 'string') : value;
  if (typeof text !== 'string') return;
  // "error": "token_expired" is a code, not a sentence.
  if (CODE.test(text) && CODE_KEYS.includes(key)) return;
  openText(text, opened, Math.max(depth + 1, 2));
}

function addCodesOf(value: unknown, opened: Opened): void {
  const values: unknown[] = Array.isArray(value) ? value.slice(0, 3) : [value];
  for (const code of values) if (typeof code === 'string' && CODE.test(code)) addCode(opened, code);
}

function addNumber(opened: Opened, key: string, value: number): void {
  if (value >= 100 && value < 600 && key !== 'error_subcode') {
    if (Number.isInteger(value)) opened.status ??= value;
  } else {
    addCode(opened, `${key}=${String(value)}`);
  }
}

/** XML error answers (`<Code>`, `<Message>`), HTML error pages (what a reader would see). */
function openMarkup(text: string, opened: Opened): boolean {
  if (!text.startsWith('<') || !/^<(?:\?xml|!doctype|[a-z][\w:.-]*[\s>/])/i.test(text)) return false;
  const head = text.slice(0, 8_000);
  for (const [, code = ''] of head.matchAll(/<(?:\w+:)?(?:code|errorcode|error|faultcode)>([^<]{2,80})</gi)) addCode(opened, code);
  for (const [, code = ''] of head.matchAll(/<(?:\w+:)?\w{0,30}(?:failure|error|fault)\s[^<>]{0,100}?\bcode="([^"<>]{2,80})"/gi))
    addCode(opened, code);
  const messages = [
    ...head.matchAll(/<(?:\w+:)?\w{0,30}(?:message|description|detail|faultstring|msg|reason|failure)(?:\s[^<>]{0,200})?>([^<]{2,500})</gi),
  ].map(([, message = '']) => message);
  if (messages.length > 0) {
    for (const message of messages.slice(0, 3)) addText(opened, message);
    return true;
  }
  // What XML without a message holds are data: names, tokens, assertions.
  if (!/<(?:html|head|body|h\d|p|title|center)\b/i.test(head)) return true;
  const seen = head
    .replace(/<(?:style|script)\b[^>]*>(?:[^<]|<(?!\/(?:style|script)))*<\/\w+>/gi, ' ')
    .replace(/<\/(?:h\d|p|div|title|center|li|td)>/gi, '. ')
    .replace(/<[^<>]{0,500}>/g, ' ');
  const sentences = seen
    .replace(/&[a-z#0-9]{1,10};/gi, ' ')
    .split('. ')
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '' && sentence !== '.');
  addText(opened, sentences.join('. '));
  return true;
}

/** Common and combined log format, Envoy's default format, HAProxy's and Squid's: status, request and what the proxy noted. */
function openAccessLine(line: string, opened: Opened): boolean {
  const squid = /\b(TCP_[A-Z_]+|NONE)\/(\d{3}) \d+ ([A-Z]+) (\S+)/.exec(line);
  if (squid !== null) {
    opened.status ??= Number(squid[2]);
    opened.method ??= squid[3] ?? '';
    addCode(opened, squid[1] ?? '');
    return true;
  }
  const request = /"([A-Z]{3,8}) (\S+) HTTP\/[\d.]+"(?: (\d{3}) (.{0,300}))?/.exec(line);
  if (request === null) return false;
  const [, method = '', path = '', status, rest = ''] = request;
  const proxied = /^\S+ haproxy|haproxy\[/.test(line) ? / (\d{3}) \d+ \S+ \S+ ([\w-]{4}) /.exec(line) : null;
  if (status === undefined && proxied === null) return false;
  opened.status ??= Number(status ?? proxied?.[1]);
  opened.method ??= method;
  opened.path ??= path;
  // Envoy: response flags, then response code details.
  const [flags = '', details = ''] = rest.split(' ');
  if (/^[A-Z,]{2,}$/.test(flags)) addCode(opened, flags);
  if (/^[a-z]+_[a-z_]{3,}(?:[{[].*)?$/.test(details) && details !== 'via_upstream') addCode(opened, details);
  return true;
}

/** Timestamps, levels, logger names and process numbers in front of a message; nginx's request facts behind it. */
function withoutPrefix(line: string, opened: Opened): string {
  const request = /, client: [^,]*, server: .*?request: "([A-Z]{3,8}) (\S+)/.exec(line.slice(0, 4_000));
  if (request !== null) {
    opened.method ??= request[1] ?? '';
    opened.path ??= request[2] ?? '';
  }
  return (
    line
      .replace(/, client: \S+, server: .*$/s, '')
      // Microsoft's answers end with ids for their support.
      .replace(/[\s.]{1,5}Trace ID: [\s\S]*/, '')
      .replace(/^.{0,120}?\[\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\] \[[\w.: ]{1,60}\] /, '')
      .replace(/^[EWIF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] /, '')
      .replace(
        /^(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]{0,16}[\s|]{0,8})(?:(?:\[?(?:error|warn|warning|info|debug|notice|crit|fatal)\]?:?|\d{1,10}#\d{1,10}:|\*\d{1,12}|\([\w.-]{0,60}\)|\[[\w.:-]{1,100}\]|-)\s{1,8}){0,8}/i,
        '',
      )
      .replace(/^(?:\[[^\]]{1,80}\] ){1,6}(?=\S)/, '')
  );
}

/** Drops the frames of Node, Java, .NET, Python, Ruby and Go stack traces; what was thrown, and what caused it, stays. */
function openTrace(text: string, opened: Opened): string {
  const lines = text.includes('\n') ? text.split(/\r?\n/).slice(0, 400) : [text];
  const kept: string[] = [];
  let inTraceback = false;
  for (const line of lines) {
    // Python prints the source line under each frame, indented.
    if (/^Traceback/.test(line)) inTraceback = true;
    if (FRAME.test(line) || (inTraceback && /^\s/.test(line)) || line.trim() === '') continue;
    const property = /^\s+(?:\[?(code|type|name|error)\]?): '([\w./:-]{2,80})',?$/.exec(line);
    if (property !== null) {
      addCode(opened, property[2] ?? '');
      continue;
    }
    if (/^(?:\s+[\w\]["-]+: (?:\d[\w:.-]*|true|false|null|undefined|\[?\w*\]?),?|\s*[{}\]),]+)\s*$/.test(line) && lines.length > 1)
      continue;
    const thrown = EXCEPTION.exec(line.trim().replace(/ \{$/, ''));
    if (thrown?.[1] !== undefined) addCode(opened, thrown[1]);
    kept.push(thrown?.[1] === undefined ? line.trim() : (thrown[2] ?? ''));
  }
  return kept.filter((line) => line !== '').join(': ');
}

/** logfmt and event lines (`type="LOGIN_ERROR", error="user_not_found"`): only where pairs make up most of the line. */
function openPairs(line: string, opened: Opened): boolean {
  const pairs = [...line.slice(0, 4_000).matchAll(/([A-Za-z_][\w.-]{0,60})=("(?:[^"\\]|\\.)*"|[^\s,;]+(?:(?: [^\s=]+)+$)?)/g)];
  const covered = pairs.reduce((sum, [pair]) => sum + pair.length, 0);
  if (pairs.length < 3 || covered < line.length / 2) return false;
  const values = new Map(pairs.map(([, key = '', value = '']) => [key.toLowerCase(), value.replace(/^"|"$/g, '').replace(/\\"/g, '"')]));
  if (values.get('grant_type') === 'refresh_token') addCode(opened, 'grant_type=refresh_token');
  for (const key of ['error', 'code', 'error_code', 'reason', 'type', 'event']) {
    const value = values.get(key);
    if (value !== undefined && CODE.test(value)) addCode(opened, value);
  }
  for (const key of ['reason', 'msg', 'message', 'error_description', 'err', 'error', 'detail', 'text', 'failurereason']) {
    const value = values.get(key);
    if (value !== undefined && (!CODE.test(value) || key === 'reason')) addText(opened, value);
  }
  return opened.texts.length > 0 || opened.codes.length > 0;
}

function addText(opened: Opened, text: string): void {
  const trimmed = text.trim().slice(0, 4_000);
  if (trimmed === '' || opened.texts.length >= MAX_TEXTS) return;
  if (opened.texts.some((other) => says(other, trimmed))) return;
  opened.texts = opened.texts.filter((other) => !says(trimmed, other));
  opened.texts.push(trimmed);
}

/** Whether a text says all of what another one does, whatever numbers of their length stand in either. */
export function says(text: string, other: string): boolean {
  return other.length <= text.length && withoutNumbers(text).includes(withoutNumbers(other));
}

function addCode(opened: Opened, code: string): void {
  if (code !== '' && opened.codes.length < MAX_CODES && !opened.codes.includes(code)) opened.codes.push(code);
}

/** As `repr` prints a dict: single quotes, True, False, None. */
function pythonToJson(text: string): string {
  if (!/^[[{]\s*'/.test(text) || text.length > MAX_PYTHON) return '';
  return text
    .replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner.replaceAll("\\'", "'")))
    .replace(/\b(?:None|True|False)\b/g, 'null');
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Text that only looks like JSON is read as text.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
