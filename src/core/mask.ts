/**
 * Masking: replaces everything in a text that can differ between two occurrences of the same failure (numbers, ids,
 * addresses, dates, names in known sentence shapes) and everything that can be secret (tokens, keys, passwords) by a
 * placeholder. What is left is the template that is stored. Masking a template again changes nothing.
 */

/** Long enough for any sentence, short enough that a stack trace pasted into a body costs little. */
const MAX_INPUT = 4_000;
const MAX_TEMPLATE = 400;
const MAX_ROUNDS = 8;

type Step = readonly [pattern: RegExp, replacement: string | ((...groups: string[]) => string)];

/** Names of things whose value is secret, as they stand in front of `=` or `:`. */
const SECRET_NAME =
  '(?:[\\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|apikey|signature|credential|cookie|session[_-]?id|sessionid)|pin|otp|jwt|sid|sig|nonce|opaque|assertion|authorization)';
/** A challenge goes on with a parameter where credentials would stand. */
const AUTH_PARAMETER =
  /^(?:realm|error|error_description|error_uri|scope|charset|algorithm|algs|qop|stale|domain|resource_metadata|acr_values|max_age|authorization_uri|title|type)=/i;
/** Nouns that a user's own name follows. */
const PERSON = '(?:user(?:[ _-]?name)?|account|login|principal|subject|sub|member|customer|e-?mail|client[_ -]?id)';
/** Words with digits that name an algorithm, a protocol or a catalogue code: the digits are part of the name. */
const NAMED_WITH_DIGITS =
  /^(?:(?:RS|HS|ES|PS|A)(?:128|256|384|512)\w*|SHA-?\d{1,3}|MD5|OAuth_?2?|OAuth1|HTTP\/[\d.]+|TLSv?[\d.]*|X\.?509|Base64|base64url|Ed25519|IPv[46]|UTF-?8|AADSTS\d+|AH\d{5}|IDX\d{5}|PGRST\d+|S3|EC2|P-?(?:256|384|521))$/i;

/** Order matters: whole structures first, then named values, then words and digits. */
const STEPS: readonly Step[] = [
  [/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' '],
  [/-----BEGIN [A-Z ]{1,40}-----.{0,4000}?(?:-----END [A-Z ]{1,40}-----|$)/g, '<key>'],
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, '<jwt>'],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'<>]{1,200}@/gi, '$1<credential>@'],
  [
    /\b(Bearer|Basic|Digest|Negotiate|DPoP|ApiKey|Token) +("?)([A-Za-z0-9+/_.~=:-]{4,})/gi,
    (all, scheme, quote, value) =>
      isPlainWord(value) || /^\d+$/.test(value) || AUTH_PARAMETER.test(value) ? all : `${scheme} ${quote}<credential>`,
  ],
  [
    new RegExp(`\\b(${SECRET_NAME}["']?)( ?[=:] ?["']?)([^\\s"',;&<>)}\\]]{1,500})`, 'gi'),
    (all, name, sign, value) => (/^ ?: ?$/.test(sign) && isPlainWord(value) ? all : `${name}${sign}<secret>`),
  ],
  [/([?&][\w.%-]{1,64}=)[^&\s"'#<>]{1,500}/g, '$1<value>'],
  [/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*/g, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?)?/g, '<time>'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6},? )?(?:\d{1,2}[ /-])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}[ /-]\d{1,4}(?:[ :]\d{2,4})?(?: \d\d:\d\d(?::\d\d)?)?(?: (?:GMT|UTC|[+-]\d{4})\b)?(?:[+-]\d{4}\b)?/g,
    '<time>',
  ],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2}|:\d{1,5})?\b/g, '<ip>'],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi, '<ip>'],
  [new RegExp(`\\b(${PERSON})( ?[=:]? ?)(["'\`\u201c\u2018])([^"'\`\u201d\u2019]{1,200})(["'\`\u201d\u2019])`, 'gi'), '$1$2$3<user>$5'],
  [new RegExp(`\\b(${PERSON})( ?[=:] ?)([^\\s"',;&<>()]{1,200})`, 'gi'), '$1$2<user>'],
  [
    /\b([Uu]ser|[Aa]ccount|[Pp]rincipal) ([^\s"'<>,:;]{1,100}) ((?:was |is |has been |could )?(?:not found|not exist|unknown|locked|disabled|failed|denied|does not|doesn't|not allowed|authentication))/g,
    (all, noun, name, rest) => (isFunctionWord(name) ? all : `${noun} <user> ${rest}`),
  ],
  [/[A-Za-z0-9][A-Za-z0-9+/_.=~-]{7,}/g, (word) => maskLongWord(word)],
  [/[A-Za-z][\w.-]*\d[\w.-]*/g, (word) => (NAMED_WITH_DIGITS.test(word) ? word : word.replace(/\d+(?:\.\d+)*/g, '<n>'))],
  [/(?<![A-Za-z0-9._-])[-+]?\d+(?:[.,]\d+)*/g, '<n>'],
];

/**
 * @param text anything a sender wrote; unpaired surrogates and control characters allowed
 * @returns the template, at most 400 characters, safe to store
 */
export function maskText(text: string): string {
  // The tail beyond the limit goes first, so that nothing unmasked can be left of a value that straddles the cut.
  let masked = text.slice(0, MAX_INPUT).toWellFormed();
  // One replacement can bring together what another one matches. It settles after two rounds on nearly every text.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = masked;
    for (const [pattern, replacement] of STEPS) masked = masked.replace(pattern, replacement as string);
    masked = shorten(masked.trim());
    if (masked === before) break;
  }
  return masked;
}

/** Masks the segments of a URL path that look like values; query and fragment are dropped. `/a/17?x=1` -> `/a/{id}`. */
export function maskPath(urlOrPath: string): string {
  const path = urlOrPath
    .slice(0, MAX_INPUT)
    .toWellFormed()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/s, '');
  const segments = path.split('/').map((segment) => (looksLikeValue(segment) ? '{id}' : segment));
  return segments.join('/').slice(0, 200) || '/';
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

/** `expired`, `Invalid`: what stands behind "token:" or "Bearer" in prose. */
function isPlainWord(value: string): boolean {
  return /^[A-Z]?[a-z]{2,14}[.:]?$/.test(value);
}

function isFunctionWord(word: string): boolean {
  return /^(?:is|was|has|had|not|or|and|could|does|did|with|for|by|to|the|a|account|name|password|credentials?|login|session|token|authentication)$/i.test(
    word,
  );
}
