/**
 * What findings rest on, taken from a record before anything is masked: whether headers were captured, whether a
 * credential or an internal was told, how the request travelled, who asked. Only classes leave this file, never values.
 */
import { challengeFaults, parseChallenges } from './challenge.js';
import { textIn, textOf, textsOf } from './fields.js';
import type { AttributeValue, LogRecord } from './log-record.js';
import { holdsCredential } from './mask.js';
import { memo } from './memo.js';
import type { SignatureFacts } from './signature.js';

type Observed = Pick<
  SignatureFacts,
  'headersCaptured' | 'challengeValid' | 'challengeFaults' | 'transport' | 'crawler' | 'answered' | 'leaks' | 'credentialLogged'
>;

/** What an answer must not tell, and how it looks. */
const LEAKS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    'an e-mail address',
    /(?<![\w.+-])(?!(?:support|help|info|contact|admin|security|no-?reply|abuse|service)@)[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2,24}\b/i,
  ],
  [
    'a stack trace',
    /(?:\n|\\n)\s{1,8}at [\w$.<>]{1,200} ?\(|#0 \{main\}|SQLSTATE\[|Traceback \(most recent call last\)|\.(?:java|js|py|rb|go|cs):\d{1,6}\b/,
  ],
  [
    'an internal host',
    /\b(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b|\b[\w-]{1,63}\.(?:internal|local|svc|cluster\.local|lan|corp)\b/i,
  ],
  ['a file path', /(?:^|[\s"'(])(?:\/(?:usr|var|home|etc|opt|srv|app|root)\/[\w./-]{2}|[A-Z]:\\[\w\\]{3})/],
  ['a user id', /\b(?:user|account|uid|sub|subject)(?:[ _-]?id)?["']?[ :=]{1,3}["']?(?:\d{2,}|[0-9a-f]{8}-[0-9a-f]{4}-)/i],
];
export const CRAWLER = /\b(Googlebot|bingbot|YandexBot|Baiduspider|DuckDuckBot|Applebot)\b/i;
/** Where the crawlers' operators say that their requests come from: reverse DNS names and Google's main published range. */
const CRAWLER_HOSTS: Partial<Record<string, RegExp>> = {
  googlebot: /\.googlebot\.com$/i,
  bingbot: /\.search\.msn\.com$/i,
  yandexbot: /\.yandex\.(?:com|ru|net)$/i,
  baiduspider: /\.crawl\.baidu\.com$/i,
  applebot: /\.applebot\.apple\.com$/i,
};
const GOOGLEBOT_RANGE = /^66\.249\.(?:6[4-9]|[78]\d|9[0-5])\.\d{1,3}$/;
/** Hops inside a machine or a cluster: plain http there says nothing of the client's. */
const INSIDE =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?(?:::1|f[cd]))|\.(?:local|internal|svc|cluster\.local)(?::\d{1,5})?$|^[\w-]{1,63}(?::\d{1,5})?$/i;
const REDACTED = /\*{3}|redacted|masked|hidden|removed|filtered|<[^>]{0,30}>|^\[|x{4}|\$\{|\{\w+\}|sha256:/i;
const CREDENTIAL_HEADER = /^http\.request\.header\.(?:authorization|proxy-authorization|cookie|(?:x-)?api-key|x-auth-token)$/i;

export function observe(record: LogRecord, challengeLines: readonly string[]): Observed {
  const answer = answerOf(record);
  const observed: Observed = {};
  if (challengeLines.length > 0 || isEveryHeaderCaptured(record)) observed.headersCaptured = true;
  // 'a' is a token by the letter of the grammar, and a realm named with its quotes to every client.
  if (challengeLines.length > 0) {
    const challenge = challengeLines.join(', ');
    observed.challengeValid = isReadable(challenge);
    const faults = faultsOf(challenge);
    if (faults.length > 0) observed.challengeFaults = [...faults];
  }
  const transport = transportOf(record);
  if (transport !== undefined) observed.transport = transport;
  const crawler = crawlerOf(record);
  if (crawler !== undefined) observed.crawler = crawler;
  if (answer !== undefined || challengeLines.length > 0) {
    observed.answered = answer === undefined ? 'challenge' : 'body';
    const told = [answer ?? '', ...challengeLines].join('\n').slice(0, 8_000);
    const leaks = leaksIn(told);
    if (leaks.length > 0) observed.leaks = [...leaks];
  }
  const logged = credentialIn(record);
  if (logged !== undefined) observed.credentialLogged = logged;
  return observed;
}

/**
 * OpenTelemetry captures the headers that somebody listed: one or two say nothing of the others. An empty WWW-Authenticate
 * says that it was looked for; a handful of headers that nobody lists for this (date, server, length) that all were dumped.
 */
function isEveryHeaderCaptured({ attributes }: LogRecord): boolean {
  const names = Object.keys(attributes).filter((name) => name.startsWith('http.response.header.'));
  return names.some((name) => name.endsWith('.www-authenticate') || name.endsWith('.proxy-authenticate')) || names.length >= MANY_HEADERS;
}

const MANY_HEADERS = 4;

const faultsOf = memo((challenge: string): readonly string[] => challengeFaults([challenge]));

const isReadable = memo((challenge) => parseChallenges([challenge]).valid && !/=\s?'[^']{0,200}'/.test(challenge));

const leaksIn = memo((told: string): readonly string[] => {
  const leaks = LEAKS.filter(([, pattern]) => pattern.test(told)).map(([kind]) => kind);
  return holdsCredential(told) ? [...leaks, 'a credential'] : leaks;
});

/** The answer's body, where the record has it: under its own attribute, or as a body that no logger writes like that. */
function answerOf(record: LogRecord): string | undefined {
  const captured = textOf(record, 'responseBody');
  if (captured !== undefined) return captured;
  const { body } = record;
  if (typeof body !== 'string' || textOf(record, 'status') === undefined) return undefined;
  const text = body.trimStart();
  const isDocument = /^(?:\{|\[\s{0,5}\{|<(?:!doctype|html|\?xml|error))/i.test(text);
  return isDocument &&
    !/"(?:user|user_?id|username|request|req|remote_addr|client_ip|ip|trace_?id|span_?id|service|msg|event|level|severity|logger|ts|timestamp|@timestamp|@t|log_id|pid|caller|hostname|stream|L|T|M|time)"\s{0,3}:/.test(
      text.slice(0, 2_000),
    )
    ? text
    : undefined;
}

/** The name of the first field that holds a credential; empty where fields were there to look at and none does. */
function credentialIn(record: LogRecord): string | undefined {
  const places: (readonly [name: string, texts: readonly string[]])[] = [
    ['body', stringsIn(record.body)],
    ['exception.message', textsOf(record, 'exceptionMessage')],
    ['why401.reason', textsOf(record, 'reason')],
    ['url.full', textsOf(record, 'path')],
  ];
  const found = places.find(([, texts]) => texts.some((text) => holdsCredential(text.slice(0, 8_000))));
  if (found !== undefined) return found[0];
  const sent = Object.keys(record.attributes).filter((name) => CREDENTIAL_HEADER.test(name));
  const logged = sent.find((name) => {
    const value = (textIn(record.attributes[name]) ?? '').replace(/^(?:Basic|Bearer|DPoP|Digest|Negotiate|Token|ApiKey) /i, '');
    return value.length >= 8 && !REDACTED.test(value) && !/^(?:basic|bearer|digest|negotiate)$/i.test(value);
  });
  if (logged !== undefined) return logged.toLowerCase();
  return places.some(([, texts]) => texts.some((text) => text.length > 2)) || sent.length > 0 ? '' : undefined;
}

/** The texts of a body, members named, a few levels deep: no more than there is to look at. */
function stringsIn(value: AttributeValue, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  return Object.entries(value)
    .slice(0, 50)
    .flatMap(([name, member]) => (typeof member === 'string' ? [`${name}=${member}`] : stringsIn(member, depth + 1)));
}

function transportOf(record: LogRecord): 'http' | 'https' | undefined {
  // Behind a proxy that ends TLS, the hop that the application sees is not the one that the client took.
  const forwarded =
    textOf(record, 'forwardedScheme')?.split(',', 1)[0]?.trim().toLowerCase() ??
    /\bproto="?(https?)\b/i.exec(textOf(record, 'forwarded') ?? '')?.[1]?.toLowerCase();
  const seen =
    forwarded ?? textOf(record, 'urlScheme')?.toLowerCase() ?? /^(https?):\/\//i.exec(textOf(record, 'path') ?? '')?.[1]?.toLowerCase();
  if (seen !== 'http' && seen !== 'https') return undefined;
  const host = textOf(record, 'serverAddress') ?? /^https?:\/\/([^/?#]{1,255})/i.exec(textOf(record, 'path') ?? '')?.[1] ?? '';
  return INSIDE.test(host) ? undefined : seen;
}

/** `Googlebot (verified)` by its host name or published range, else `(claimed)`. */
function crawlerOf(record: LogRecord): string | undefined {
  const name = CRAWLER.exec(textOf(record, 'userAgent') ?? '')?.[1];
  if (name === undefined) return undefined;
  const hosts = [...textsOf(record, 'clientDomain'), ...textsOf(record, 'clientAddress')];
  const isVerified = hosts.some(
    (host) => CRAWLER_HOSTS[name.toLowerCase()]?.test(host) === true || (/^googlebot$/i.test(name) && GOOGLEBOT_RANGE.test(host)),
  );
  return `${name} (${isVerified ? 'verified' : 'claimed'})`;
}
