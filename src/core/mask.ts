/**
 * Masking: replaces everything in a text that can differ between two occurrences of the same failure (numbers, ids,
 * addresses, dates, names in known sentence shapes) and everything that can be secret (tokens, keys, passwords) by a
 * placeholder. What is left is the template that is stored. Masking a template again changes nothing.
 */
import { memo } from './memo.js';

/** Long enough for any sentence; every step costs time in proportion to it. */
const MAX_INPUT = 2_000;
const MAX_TEMPLATE = 400;
const MAX_ROUNDS = 8;

type Step = readonly [pattern: RegExp, replacement: string | ((...groups: string[]) => string)];

/**
 * Names of things whose value is secret, as they stand in front of `=` or `:`. The prefix is bounded and begins where a
 * word begins, so that a long run of word characters is read once and not once from each of its places.
 */
const SECRET_NAME =
  '(?<![\\w-])(?:[\\w-]{0,64}?(?:password|passwd|passphrase|passcode|pass|pwd|psk|secret|token|key|signature|credential|session[_-]?id|session|verifier)|secret[\\w-]{0,20}|pin|otp|jwt|sid|sig|nonce|cnonce|opaque|assertion|authorization)';
/** A challenge goes on with a parameter where credentials would stand. */
const AUTH_PARAMETER =
  /^(?:realm|error|error_description|error_uri|scope|charset|algorithm|algs|qop|stale|domain|resource_metadata|acr_values|max_age|authorization_uri|title|type|username|uri|response|nonce|cnonce|nc|opaque)=/i;
/** What stands behind "token:", "user:" or "Bearer" in prose. A closed list: any other word may be a value. */
const REASON_WORD =
  /^(?:a|an|absent|access|already|and|are|auth|authentication|authorization|authorized|bad|basic|bearer|belongs|blocked|cannot|challenge|check|claim|could|credentials?|denied|deleted|did|digest|disabled|dpop|does|due|empty|error|expected|expired|failed|failure|for|format|forbidden|from|has|have|header|in|inactive|incorrect|invalid|is|issued|issuer|it|jwt|key|length|locked|login|malformed|mismatch|missing|must|name|negotiate|no|none|not|null|of|on|or|password|please|provided|realm|refused|rejected|required|revoked|scheme|session|signature|should|suspended|the|this|to|token|tokens|too|type|unable|unauthori[sz]ed|undefined|unexpected|unknown|unrecogni[sz]ed|unsupported|unverified|user|username|validation|value|verification|was|were|with|wrong|your)[.:!]?$/i;
/** Nouns that a user's own name follows. */
const PERSON = '(?:user(?:[ _-]?(?:name|id))?|account|login|principal|subject|sub|uid|upn|member|customer|e-?mail|client[_ -]?id)';
/** Words with digits that name an algorithm, a protocol or a catalogue code: the digits are part of the name. */
const NAMED_WITH_DIGITS =
  /^(?:(?:RS|HS|ES|PS|A)(?:128|256|384|512)(?:GCM|KW|CBC)?|SHA-?\d{1,3}(?:with[A-Z]{2,8})?|MD5|OAuth_?2?|OAuth1|HTTP\/[\d.]+|TLSv?[\d.]*|X\.?509|Base64|base64url|Ed25519|IPv[46]|UTF-?8|AADSTS\d+|AH\d{5}|IDX\d{5}|PGRST\d+|S3|EC2|x5[tc]|S256|auth0|oauth[12]|2FA|E\d{7}|P-?(?:256|384|521))$/i;
/** Prefixes by which big vendors' keys are known, and the shape of an AWS key id. */
const VENDOR_KEY =
  /\b(?:(?:sk|pk|rk|ghp|gho|ghs|ghu|ghr|github_pat|glpat|xox[abeprs]|npm|pypi|shpat|shpss|dop_v1|hf|hv[sb]|ya29|SG|whsec|w401)[_.-]|AIza|EAA[A-Z])[\w-]{8,}(?:\.[\w-]{2,}){0,4}|\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{12,}/g;

/** Order matters: whole structures first, then named values, then words and digits. */
const STEPS: readonly Step[] = [
  [/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' '],
  [/-----BEGIN [A-Z ]{1,40}-----.{0,2000}?(?:-----END [A-Z ]{1,40}-----|$)/g, '<key>'],
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, '<jwt>'],
  [VENDOR_KEY, '<credential>'],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'<>]{1,200}@/gi, '$1<credential>@'],
  [/\b((?:set-)?cookies?)( ?[:=] ?)([^"'}=]{0,200}=[^"'}]*)/gi, '$1$2<credential>'],
  [
    /\b(Bearer|Basic|Digest|Negotiate|DPoP|ApiKey|Token) +("?)([A-Za-z0-9+/_.~=:-]{4,})/gi,
    (all, scheme, quote, value) => (isProse(scheme, value) ? all : `${scheme} ${quote}<credential>`),
  ],
  [new RegExp(`(${SECRET_NAME}["']?)( ?[=:] ?)(["'])[^"']*(["']|$)`, 'gi'), '$1$2$3<secret>$4'],
  [
    new RegExp(`(${SECRET_NAME}["']?)( ?[=:] ?)([^\\s"',;&<>)}\\]]+)`, 'gi'),
    (all, name, sign, value) => (sign.includes(':') && saysWhy(name, value) ? all : `${name}${sign}<secret>`),
  ],
  [/([?&][\w.%-]{1,64}=)[^&\s"'#<>]+/g, '$1<value>'],
  [/[\p{L}\p{N}_.!#$&'*+/=?^`{|}~-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*/gu, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?)?/g, '<time>'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6},? )?(?:\d{1,2}[ /-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}(?:[ /-]\d{2,4})?|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6} \d{1,2}(?= \d\d:|,? \d{4}))(?:,?[ :]\d{4})?(?:[ :]\d\d:\d\d(?::\d\d)?)?(?: \d{4}\b)?(?: (?:GMT|UTC|[+-]\d{4})\b)?/g,
    '<time>',
  ],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2}|:\d{1,5})?\b/g, '<ip>'],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi, (text) => (/\d/.test(text) ? '<ip>' : text)],
  [/\b(CN|OU|DC|UID)=[^,;"'<>]+?(?= (?:is|was|are|has|not|does|did|cannot|could|in|from|for|with)\b|[,;"'<>]|$)/gi, '$1=<value>'],
  [/\b[A-Za-z][\w.-]{0,30}\\[\p{L}\w.$-]+/gu, '<user>'],
  [
    new RegExp(`\\b(${PERSON}["']?)( ?[=:] ?| )(["'\`\u201c\u2018])([^"'\`\u201d\u2019]{1,200})(["'\`\u201d\u2019])`, 'gi'),
    '$1$2$3<user>$5',
  ],
  [
    new RegExp(`\\b(${PERSON}["']?)( ?[=:] ?)([^\\s"',;&<>()]+)`, 'gi'),
    (all, noun, sign, value) => (REASON_WORD.test(value) ? all : `${noun}${sign}<user>`),
  ],
  [
    /\b(user|account|principal) ([^\s"'<>,:;]{1,100}(?: [A-Z][^\s"'<>,:;]{1,50})?) (?=(?:was |is |has been |could |cannot be )?(?:not found|not exist|unknown|locked|disabled|failed|denied|does not|doesn't|not allowed|authentication))/gi,
    (all, noun, name) => (REASON_WORD.test(name) ? all : `${noun} <user> `),
  ],
  [
    /\b((?:for|unknown|no such|invalid)(?: user| account)?|password for|login failed for) ([^\s"'<>,:;]{2,100})(?=$|[.,;] ?| from | at | on | in )/gi,
    (all, before, name) => (isNameAfter(before, name) ? `${before} <user>` : all),
  ],
  [/[A-Za-z0-9][A-Za-z0-9+/_.=~-]{7,}/g, (word) => maskLongWord(word)],
  [/(?<![\w.-])[-+]?\d+(?:[.,]\d+)*(?![\w])/g, '<n>'],
  [
    /[\w.-]+/g,
    (word) => (/\d/.test(word) && !NAMED_WITH_DIGITS.test(word.replace(/[.-]{1,5}$/, '')) ? word.replace(/\d+(?:\.\d+)*/g, '<n>') : word),
  ],
];

/**
 * @param text anything a sender wrote; unpaired surrogates and control characters allowed
 * @returns the template, at most 400 characters, safe to store
 */
export const maskText = memo(computeMask);

function computeMask(text: string): string {
  // The tail beyond the limit goes first, so that nothing unmasked can be left of a value that straddles the cut.
  let masked = text.slice(0, MAX_INPUT);
  // One replacement can bring together what another one matches. It settles after two rounds on nearly every text.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = masked;
    for (const [pattern, replacement] of STEPS) masked = masked.replace(pattern, replacement as string);
    masked = shorten(masked.trim()).toWellFormed();
    if (masked === before) break;
  }
  return masked;
}

/** Masks the segments of a URL path that look like values; query and fragment are dropped. `/a/17?x=1` -> `/a/{id}`. */
export function maskPath(urlOrPath: string): string {
  const path = clip(urlOrPath, MAX_INPUT)
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    .split(/[?#&]/, 1)
    .join('');
  const segments = path.split('/').map((segment) => (looksLikeValue(segment) ? '{id}' : segment));
  return clip(segments.join('/'), 200) || '/';
}

/** Masks the segments of a declared route that are no words after all: frameworks now and then fill in what was asked for. */
export function maskRoute(route: string): string {
  const segments = clip(route, MAX_INPUT)
    .split(/[?#]/, 1)
    .join('')
    .split('/')
    .map((segment) =>
      /^\d+$|@|%|\d{4,}|^\d+(?:\.\d+)+$/.test(segment) || (segment.length >= 12 && looksLikeValue(segment)) ? '{id}' : segment,
    );
  return clip(segments.join('/'), 200);
}

/** Cuts without leaving half a character or anything that a database cannot store (U+0000 and its kin become spaces). */
export function clip(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .toWellFormed();
}

/** A key by its vendor's prefix, or letters and digits that no person would name a thing by. */
export function looksSecret(text: string): boolean {
  VENDOR_KEY.lastIndex = 0;
  return VENDOR_KEY.test(text) || looksEncoded(text);
}

/** Whether a text holds something that opens doors: a token, a key, a password beside its name. Names and numbers are none. */
export const holdsCredential = memo(computeHoldsCredential);

function computeHoldsCredential(text: string): boolean {
  VENDOR_KEY.lastIndex = 0;
  return VENDOR_KEY.test(text) || CREDENTIAL.test(text) || holdsBearer(text) || holdsPassword(text);
}

const CREDENTIAL =
  /\beyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----|\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@"'<>:]{1,100}:[^\s/@"'<>]{3,200}@/i;

function holdsBearer(text: string): boolean {
  const [, value = ''] = /\b(?:Bearer|Basic|DPoP|Token) ([A-Za-z0-9+/_.~=-]{16,})/i.exec(text) ?? [];
  return /\d/.test(value) || looksEncoded(value);
}

function holdsPassword(text: string): boolean {
  const [, value = ''] =
    /\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token)["']?\s{0,2}=\s{0,2}["']?([^\s"'&,;<>*]{4,})/i.exec(text) ?? [];
  return value !== '' && !REASON_WORD.test(value) && !/redacted|masked|filtered|hidden|null/i.test(value);
}

/** Keeps placeholders whole where the template is cut. */
function shorten(template: string): string {
  if (template.length <= MAX_TEMPLATE) return template;
  return (
    template
      .slice(0, MAX_TEMPLATE - 1)
      .replace(/<[a-z]*$/, '')
      .trimEnd() + '…'
  );
}

function maskLongWord(word: string): string {
  const pieces = word.split(/([/=]|\.(?=[A-Za-z]))/);
  if (pieces.length > 1 && !looksEncoded(word)) return pieces.map((piece) => (piece.length >= 8 ? maskLongPiece(piece) : piece)).join('');
  return maskLongPiece(word);
}

function maskLongPiece(piece: string): string {
  if (NAMED_WITH_DIGITS.test(piece)) return piece;
  if (/^\d+$/.test(piece)) return piece;
  if (/^(?:0x)?[0-9a-f]{8,}$/i.test(piece) && /\d/.test(piece)) return '<id>';
  const digits = piece.replace(/\D/g, '').length;
  if (piece.length >= 12 && digits >= 2 && /[A-Za-z]/.test(piece) && digits < piece.length) return '<token>';
  if (piece.length >= 20 && looksEncoded(piece)) return '<token>';
  return piece;
}

/** Random letters change case at every other place; words and CamelCase names do not. */
function looksEncoded(text: string): boolean {
  const letters = text.replace(/[^A-Za-z]/g, '');
  if (letters.length < 12) return false;
  const changes = letters.match(/[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g)?.length ?? 0;
  return changes / letters.length > 0.2 || (/[+=]/.test(text) && changes / letters.length > 0.12);
}

function looksLikeValue(segment: string): boolean {
  if (/^v\d{1,3}(?:\.\d+)*$/i.test(segment)) return false;
  return /\d/.test(segment) || segment.includes('@') || segment.includes('%') || segment.length > 40 || looksEncoded(segment);
}

/** "token: expired", "Could not verify JWT: JWTExpired": a word behind the colon. A password may be a word, a token is none. */
function saysWhy(name: string, value: string): boolean {
  if (REASON_WORD.test(value) || /^(?:exp|nbf|iat|aud|iss|sub|jti)\b/.test(value)) return true;
  return (
    /(?:token|jwt|key|signature|session|credential|assertion|authorization)$/i.test(name) &&
    /^[A-Za-z][A-Za-z_'-]{1,40}[.!]?$/.test(value) &&
    !looksSecret(value)
  );
}

/** "Bearer token expired" and "Basic realm=…" are prose and challenges; what else follows a scheme is a credential. */
function isProse(scheme: string, value: string): boolean {
  if (AUTH_PARAMETER.test(value) || REASON_WORD.test(value) || /^\d+$/.test(value)) return true;
  // "Token" is a noun before it is a scheme: any short word may follow it.
  return scheme.toLowerCase() === 'token' && /^[a-z]{2,16}[.:]?$/.test(value);
}

/** "invalid user jane", "failed for jane": after these a name stands, unless the word is one of the language. */
function isNameAfter(before: string, name: string): boolean {
  if (REASON_WORD.test(name) || name.startsWith('<')) return false;
  return /user|account|password for|failed for/i.test(before);
}
