/**
 * Masking: replaces everything in a text that can differ between two occurrences of the same failure (numbers, ids,
 * addresses, dates, names in known sentence shapes) and everything that can be secret (tokens, keys, passwords) by a
 * placeholder. What is left is the template that is stored. Masking a template again changes nothing.
 */
import { isKnown } from './known-words.js';
import { memo } from './memo.js';
import { isScrambled } from './scrambled.js';

/** Long enough for any sentence; every step costs time in proportion to it. */
const MAX_INPUT = 2_000;
const MAX_TEMPLATE = 400;
const MAX_ROUNDS = 8;

type Groups = readonly (string | undefined)[];
/** A function gets the match, its groups, the offset and the whole text, as `replace` gives them. */
type Step = readonly [pattern: RegExp, replacement: string | ((groups: Groups) => string)];

/**
 * Names of things whose value is secret, as they stand in front of `=` or `:`. The prefix is bounded and begins where a
 * word begins, so that a long run of word characters is read once and not once from each of its places. A password may be
 * any word; a token, a key or a session is none that the language has.
 */
const PASSWORD_NAME =
  '(?<![\\w-])(?:[\\w-]{0,64}?(?:password|passwd|passphrase|passcode|pass|pwd|psk|secret|passwort|kennwort|contraseña|senha)|secret[\\w-]{0,20}|pin|otp|pw)(?:[_-]?(?:confirmation|hash|value|again|old|new))?\\d?';
const TOKEN_NAME =
  '(?<![\\w-])(?:[\\w-]{0,64}?(?:token|key|signature|credential|session[_-]?id|session|verifier)|x-[\\w-]{0,40}auth[\\w-]{0,20}|jwt|sid|sig|nonce|cnonce|opaque|assertion|authorization)(?:[_-]?(?:hash|value))?';
/** What stands between a name and its value in prose, logfmt, JSON (escaped or not), YAML, Ruby, PHP, Elixir and Go. */
const SIGN = '(\\\\{0,4}["\']?\\]? ?(?:=>|:=|==?|:(?: ?:)?) ?[[({<]{0,3})';
const QUOTED = '(?:\\\\{1,4}"[^"\\\\]{0,400}(?:\\\\{1,4}"|$)|"(?:[^"\\\\]|\\\\.){0,400}(?:"|$)|\'(?:[^\'\\\\]|\\\\.){0,400}(?:\'|$))';
const BARE = '([^\\s"\'&<>\\])}]*[^\\s"\'&<>\\])},;.])';
/** Members of a user's record (OpenID Connect Core 5.1 and its spellings). */
const PERSONAL_NAME =
  '(?<![\\w-])(?:name|(?:preferred_?)?user_?name|(?:given|family|middle|first|last|full|display|nick)[_ -]?name|phone(?:_?number)?|birthdate|street(?:_?address)?|x-auth-request-(?:user|preferred-username|email))';
/** A challenge goes on with a parameter where credentials would stand. */
const AUTH_PARAMETER =
  /^(?:realm|error|error_description|error_uri|scope|charset|algorithm|algs|qop|stale|domain|resource_metadata|acr_values|max_age|authorization_uri|title|type|username|uri|response|nonce|cnonce|nc|opaque)=/i;
/** What stands behind "token:", "user:" or "Bearer" in prose. A closed list: any other word may be a value. */
const REASON_WORD =
  /^(?:a|an|absent|access|already|and|are|auth|authentication|authorization|authorized|bad|basic|bearer|belongs|blocked|cannot|challenge|check|claim|could|credentials?|denied|deleted|did|digest|disabled|dpop|does|due|empty|error|expected|expired|failed|failure|for|format|forbidden|from|has|have|header|in|inactive|incorrect|invalid|is|issued|issuer|it|jwt|key|length|locked|login|malformed|mismatch|missing|must|name|negotiate|no|none|not|null|of|on|or|password|please|provided|realm|refused|rejected|required|revoked|scheme|session|signature|should|suspended|the|this|to|token|tokens|too|type|unable|unauthori[sz]ed|undefined|unexpected|unknown|unrecogni[sz]ed|unsupported|unverified|user|username|validation|value|verification|was|were|with|wrong|your)[.:!]?$/i;
/** Nouns that a user's own name follows. */
const PERSON =
  '(?:user(?:[ _-]?(?:name|id))?|account|login|principal|subject|sub|uid|upn|member|customer|e-?mail|client[_ -]?id|benutzer|utilisateur|usuario|utente|gebruiker|пользователь)';
/** Words behind which a bare name stands in the messages of servers: "failed for jane", "logged in as jane". */
const NOUN_BEFORE_NAME =
  '(?:user(?:name)?|account|login|principal|subject|member|customer|benutzer|utilisateur|usuario|utente|пользовател[ья]|role|dear)';
const PHRASE_BEFORE_NAME =
  '(?:(?:publickey|password|failure|failed|access|attempts?|exceeded|authentication|session|credentials|certificate) (?:for|of|by)|denied to|(?:logged|log|signed|sign) in as|authenticating|authenticate|named|failed:|not found:|unknown:)';
/** Sentences about signing in, where any other word behind "for" or in front of "is" is a name. */
const ABOUT_SIGN_IN =
  /fail|auth|log[io]n|logon|sign|password|publickey|session|token|lock|attempt|credential|denied|permission|exist|suspend|expire|not (?:found|allowed|active)/i;
/** Words with digits that name an algorithm, a protocol or a catalogue code: the digits are part of the name. */
export const NAMED_WITH_DIGITS =
  /^(?:(?:RS|HS|ES|PS|A)(?:128|256|384|512)(?:GCM|KW|CBC)?|SHA-?\d{1,3}(?:with[A-Z]{2,8})?|MD5|OAuth_?2?|OAuth1|AWS4(?:-HMAC-SHA256)?|Hmac(?:-?SHA)?\d*|[A-Za-z]*OAuth2?[A-Za-z]*|[A-Za-z]*Saml2[A-Za-z]*|[A-Za-z]*(?:X509|Base64)[A-Za-z]*|krb5|NTLMv2|HTTP\/[\d.]+|TLSv?[\d.]*|X\.?509|Base64|base64url|Ed25519|IPv[46]|UTF-?8|AADSTS\d+|AH\d{5}|IDX\d{5}|PGRST\d+|S3|EC2|x5[tc]|S256|auth0|oauth[12]|2FA|E\d{7}|P-?(?:256|384|521))$/i;
/** Prefixes by which big vendors' keys are known, and the shape of an AWS key id. */
const VENDOR_KEY =
  /\b(?:(?:sk|pk|rk|ghp|gho|ghs|ghu|ghr|github_pat|glpat|xox[abeprs]|npm|pypi|shpat|shpss|dop_v1|hf|hv[sb]|ya29|SG|whsec|w401)[_.-]|AIza|EAA[A-Z])[\w-]{8,}(?:\.[\w-]{2,}){0,4}|\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{12,}/g;

/** Order matters: whole structures first, then named values, then words and digits. */
const STEPS: readonly Step[] = [
  [/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' '],
  [/-----BEGIN [A-Z ]{1,40}-----.{0,2000}?(?:-----END [A-Z ]{1,40}-----|$)/gi, '<key>'],
  [/(?<![\w-])eyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, '<jwt>'],
  [VENDOR_KEY, '<credential>'],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'<>]{1,200}@/gi, '$1<credential>@'],
  [/\b((?:set-)?cookies?)( ?[:=] ?)([^"'}=]{0,200}=[^}]*)/gi, '$1$2<credential>'],
  [/\b(arn:[\w-]{1,20}:[\w-]{0,30}:[\w-]{0,30}:)[^\s"',]+/g, '$1<id>'],
  [/(\/(?:home|Users|users)\/|\/~)[^/\s"'<>]+/g, '$1<user>'],
  [/>([^<>]{1,200})(<\/(?:\w{1,20}:)?\w{0,30}(?:password|username|nameid|secret|token|e-?mail|login|user|key)\b)/gi, '><secret>$2'],
  [/(?<=[:\s])[\w.-]{1,60}\/[^\s@/]{1,100}@/g, '<credential>@'],
  [/(\s-u ?|--user[ =])[^\s:<]+:[^\s<]+/g, '$1<credential>'],
  [/(--(?:password|token|secret|key|pass)[ =])[^\s<]+/g, '$1<secret>'],
  [
    /\b(Bearer|Basic|Digest|Negotiate|NTLM|Kerberos|Hawk|GSSAPI|PrivateToken|DPoP|ApiKey|Token) +("?)([A-Za-z0-9+/_.~=:-]{4,})/gi,
    ([all = '', scheme = '', quote = '', value = '']) => (isProse(value) ? all : `${scheme} ${quote}<credential>`),
  ],
  [
    new RegExp(`(${PASSWORD_NAME}|${TOKEN_NAME})${SIGN}(${QUOTED})`, 'gi'),
    ([, name = '', sign = '', value = '']) => `${name}${sign}${quoted(value, '<secret>')}`,
  ],
  [
    new RegExp(`(${PASSWORD_NAME})${SIGN}${BARE.replaceAll('&', '')}((?: [^\\s"',;:()=<>]+){0,6})`, 'gi'),
    ([all = '', name = '', sign = '', value = '', more = '']) =>
      (sign.includes(':') ? REASON_WORD : NO_VALUE).test(value) || isMasked(sign, value)
        ? all
        : `${name}${sign}<secret>${afterUnknown(more)}`,
  ],
  [
    new RegExp(`(${TOKEN_NAME})${SIGN}${BARE}`, 'gi'),
    ([all = '', name = '', sign = '', value = '']) => (saysWhy(value) || isMasked(sign, value) ? all : `${name}${sign}<secret>`),
  ],
  [
    new RegExp(`(${PERSONAL_NAME})${SIGN}(?:(${QUOTED})|${BARE}((?: \\p{Lu}[\\p{L}'’-]{1,40})?))`, 'giu'),
    ([all = '', name = '', sign = '', value, bare = '', second = '']) =>
      isMasked(sign, bare) || isKnown(value ?? bare)
        ? all
        : `${name}${sign}${value === undefined ? `<user>${secondName(second)}` : quoted(value, '<user>')}`,
  ],
  [
    /\b(pass(?:word|phrase|code)|secret|otp|(?:api|access)[ _-]?key|token|credentials?)((?: (?:is|was|for|provided))?:? )(?:"([^"<>]{1,200})"|'([^'<>]{1,200})'|\[([^\]<>]{1,200})\])/gi,
    ([all = '', noun = '', link = '', double, single, bracketed]) => {
      const value = double ?? single ?? bracketed ?? '';
      return isKnown(value) ? all : `${noun}${link}${quoted(all.slice(noun.length + link.length), '<secret>')}`;
    },
  ],
  [
    /\b(pass(?:word|phrase|code)|secret|otp|api[ _-]?key|bearer token|token)((?: (?:is|was))? )([A-Za-z][\w!@#$%^&*+'’-]{3,})/gi,
    ([all = '', noun = '', link = '', value = '']) => (isKnown(value) ? all : `${noun}${link}<secret>`),
  ],
  [/([?&][\w.%-]{1,64}=)[^&\s"'#<>]+/g, '$1<value>'],
  [/"[^"<>@]{1,64}"@[\w.-]{1,100}/g, '<email>'],
  [/[\p{L}\p{N}_.!#$&'*+/=?^`{|}~-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*/gu, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?)?/g, '<time>'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6},? )?(?:\d{1,2}[ /-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}(?:[ /-]\d{2,4})?|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6} \d{1,2}(?= \d\d:|,? \d{4}))(?:,?[ :]\d{4})?(?:[ :]\d\d:\d\d(?::\d\d)?)?(?: \d{4}\b)?(?: (?:GMT|UTC|[+-]\d{4})\b)?/g,
    '<time>',
  ],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2}|:\d{1,5})?\b/g, '<ip>'],
  [
    /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3}|<ip>)?(?![\w:])/gi,
    // "a::b::c" is a name in C++, Rust or Ruby: letters alone are an address where one group has all four.
    ([text = '']) => (/\d|<ip>|(?:^|:)[0-9a-f]{4}(?:$|:)/i.test(text) ? '<ip>' : text),
  ],
  [/\b(CN|OU|DC|UID)=[^,;"'<>]+?(?= (?:is|was|are|has|not|does|did|cannot|could|in|from|for|with)\b|[,;"'<>]|$)/gi, '$1=<value>'],
  [/\b[A-Za-z][\w.-]{0,30}\\[\p{L}\w.$-]+/gu, '<user>'],
  [
    new RegExp(
      `(?<![\\p{L}\\w-])(${PERSON}["']?)( ?(?:=>|[=:]) ?| )("[^"]{1,200}"|'[^']{1,200}'(?!\\w)|'[^"]{1,200}'|\`[^\`'"]{1,200}['\`]|“[^”]{1,200}”|‘[^’]{1,200}’|\\[[^\\]]{1,200}\\]|\\([^()<>]{1,100}\\)|<(?!(?:any|credential|email|id|ip|jwt|key|n|secret|time|token|user|value)>)[^<>]{1,100}>)`,
      'giu',
    ),
    ([all = '', noun = '', sign = '', value = '']) =>
      /^[(<]/.test(value) && isKnown(value.slice(1, -1)) ? all : `${noun}${sign}${quoted(value, '<user>')}`,
  ],
  [
    new RegExp(`(?<![\\p{L}\\w-])(${PERSON}["']?)( ?[=:] ?)([^\\s"',;&<>()]+)((?: \\p{Lu}[\\p{L}'’-]{1,40})?)`, 'giu'),
    ([all = '', noun = '', sign = '', value = '', second = '']) => (isKnown(value) ? all : `${noun}${sign}<user>${secondName(second)}`),
  ],
  [
    new RegExp(`(?<![\\p{L}\\w])(${NOUN_BEFORE_NAME}) ([^\\s"'<>,:;()[\\]=]{2,100})((?: \\p{Lu}[\\p{L}'’.-]{1,40})?)`, 'giu'),
    ([all = '', before = '', name = '', second = '']) => (isNoName(name) ? all : `${before} <user>${secondName(second)}`),
  ],
  [
    new RegExp(`(?<![\\p{L}\\w])(${PHRASE_BEFORE_NAME}) ([^\\s"'<>,:;()[\\]=]{2,100})((?: \\p{Lu}[\\p{L}'’.-]{1,40})?)`, 'giu'),
    ([all = '', before = '', name = '', second = '']) => (isNoName(name) ? all : `${before} <user>${secondName(second)}`),
  ],
  [
    /\b(for|by|of|to) ([^\s"'<>,:;()[\]=]{2,100})((?: \p{Lu}[\p{L}'’.-]{1,40})?)(?=[.,;)]?$| (?:from|on|at|port|in|via|with|was|is|has|not|rejected|refused|failed|denied|tried|and|to)\b)/gu,
    (groups) => {
      const [all = '', before = '', name = '', second = ''] = groups;
      return isNoName(name) || !ABOUT_SIGN_IN.test(groups.at(-1) ?? '') ? all : `${before} <user>${secondName(second)}`;
    },
  ],
  [
    /^([\p{L}][\p{L}\w.-]{1,60})(?: \p{Lu}[\p{L}'’.-]{1,40})?(?= (?:is|was|has|does|may|cannot|could|tried|entered|did) )/u,
    (groups) => {
      const [all = '', name = ''] = groups;
      return isNoName(name) || !ABOUT_SIGN_IN.test(groups.at(-1) ?? '') ? all : '<user>';
    },
  ],
  [/(?<![\w/@.])@[A-Za-z]\w{2,40}\b(?!\.)/g, '<user>'],
  [
    /(?<!=)"([^"<>]{2,200})"|(?<![\p{L}\w])'([^'<>]{2,200})'(?![\p{L}\w])|“([^”<>]{2,200})”|`([^`<>]{2,200})`/gu,
    ([all = '', double, single, curly, back]) => (isNamedThing(double ?? single ?? curly ?? back ?? '') ? all : quoted(all, '<value>')),
  ],
  [/(<user>(?: ?\())([^()<>]{1,100})\)/g, '$1<user>)'],
  [/('?@')[^'<>]{1,200}'/g, "$1<ip>'"],
  [/\b(role ")[^"<>]{1,200}(?=" (?:does not|is not|cannot|has))/g, '$1<user>'],
  [/[A-Za-z0-9_-][A-Za-z0-9+/_.=~-]{6,}/g, ([word = '']) => maskLongWord(word)],
  [/(?<![\w.-])[-+]?\d+(?:[.,]\d+)*(?![\w])/g, '<n>'],
  [
    /[\w.-]+/g,
    ([word = '']) =>
      /\d/.test(word) && !NAMED_WITH_DIGITS.test(word.replace(/[.-]{1,5}$/, '')) ? word.replace(/\d+(?:\.\d+)*/g, '<n>') : word,
  ],
];

/**
 * @param text anything a sender wrote; unpaired surrogates and control characters allowed
 * @returns the template, at most 400 characters, safe to store
 */
export const maskText = memo(computeMask);

function computeMask(text: string): string {
  // The tail beyond the limit goes first, so that nothing unmasked can be left of a value that straddles the cut.
  let masked = decoded(text.slice(0, MAX_INPUT));
  // One replacement can bring together what another one matches. It settles after two rounds on nearly every text.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = masked;
    for (const [pattern, replacement] of STEPS)
      masked =
        typeof replacement === 'string'
          ? masked.replace(pattern, replacement)
          : masked.replace(pattern, (...groups: string[]) => replacement(groups));
    masked = shorten(masked.trim()).toWellFormed();
    if (masked === before) break;
  }
  return masked;
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
  return VENDOR_KEY.test(text) || looksEncoded(text) || isScrambled(text);
}

/** Whether a text holds something that opens doors: a token, a key, a password beside its name. Names and numbers are none. */
export const holdsCredential = memo((text) => computeHoldsCredential(text.slice(0, 8_000)));

function computeHoldsCredential(text: string): boolean {
  VENDOR_KEY.lastIndex = 0;
  return VENDOR_KEY.test(text) || CREDENTIAL.test(text) || holdsBearer(text) || holdsPassword(text);
}

const CREDENTIAL =
  /(?<![\w-])eyJ[\w-]{10,2000}\.[\w-]{10}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----|\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@"'<>:]{1,100}:[^\s/@"'<>]{3,200}@/i;

function holdsBearer(text: string): boolean {
  const [, value = ''] = /\b(?:Bearer|Basic|DPoP|Token) ([A-Za-z0-9+/_.~=-]{16,})/i.exec(text) ?? [];
  return (/\d/.test(value) || looksEncoded(value)) && !NO_CREDENTIAL.test(value) && !/^[A-Za-z]{1,100}(?:\d[A-Za-z]{1,100})?$/.test(value);
}

function holdsPassword(text: string): boolean {
  const [, value = ''] =
    /\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token)\\{0,4}["']?\]?\s{0,2}(?:=>?|:)\s{0,2}\\{0,4}["']?([^\s"'&,;<>*\\]{4,})/i.exec(
      text,
    ) ?? [];
  return value !== '' && !isKnown(value) && !NO_CREDENTIAL.test(value);
}

/** What documentation, templates and loggers put where a credential would stand. */
const NO_CREDENTIAL = /redacted|masked|filtered|hidden|null|x{4}|\*{3}|\$|\{|<|your|example|sha256:|\.{3}/i;

/** Sentences travel percent-encoded in grpc-message and in redirects: as they are, nothing in them would be recognised. */
function decoded(text: string): string {
  if ((text.match(/%20/g)?.length ?? 0) < 2) return text;
  return text.replace(/%(2[0-9a-f]|3[a-f]|40|5[bcdf]|7[bcd])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
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

/** A class with its package: the roots are conventions, and what follows them names software. */
const QUALIFIED_NAME = /^(?:com|org|io|net|dev|java|javax|jakarta|kotlin|scala|akka|ch|de|fr|System|Microsoft)(?:\.[A-Za-z]\w{0,40}){1,8}$/;

function maskLongWord(word: string): string {
  if (QUALIFIED_NAME.test(word)) return word;
  const pieces = word.split(/([/=]|\.(?=[A-Za-z]))/);
  if (pieces.length > 1 && !looksEncoded(word)) return pieces.map((piece) => (piece.length >= 7 ? maskLongPiece(piece) : piece)).join('');
  return maskLongPiece(word);
}

function maskLongPiece(piece: string): string {
  if (NAMED_WITH_DIGITS.test(piece)) return piece;
  if (/^\d+$/.test(piece)) return piece;
  if (/^(?:0x)?[0-9a-f]{8,}$/i.test(piece) && /\d/.test(piece)) return '<id>';
  const digits = piece.replace(/\D/g, '').length;
  if (piece.length >= 12 && digits >= 2 && /[A-Za-z]/.test(piece) && digits < piece.length) return '<token>';
  if (piece.length >= 20 && looksEncoded(piece)) return '<token>';
  if (/^[A-Z2-7]{16,}$/.test(piece) && !isKnown(piece)) return '<token>';
  if (isScrambled(piece)) return '<token>';
  if (piece.length % 4 === 0 && /[a-z]/.test(piece) && /[A-Z]/.test(piece) && isPair(piece)) return '<credential>';
  return piece;
}

/** `user:password` in base64, whatever stands in front of it. */
function isPair(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text)) return false;
  try {
    return isPrintablePair(atob(text));
  } catch {
    // Not base64: no pair.
    return false;
  }
}

function isPrintablePair(text: string): boolean {
  return text.indexOf(':') > 0 && !text.endsWith(':') && /^[\x20-\x7e]+$/.test(text);
}

/** Random letters change case at every other place; words and CamelCase names do not. */
export function looksEncoded(text: string): boolean {
  const letters = text.replace(/[^A-Za-z]/g, '');
  if (letters.length < 12) return false;
  const changes = letters.match(/[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g)?.length ?? 0;
  return changes / letters.length > 0.2 || (/[+=]/.test(text) && changes / letters.length > 0.12);
}

/** A placeholder of ours: the sign took its bracket. */
function isMasked(sign: string, value: string): boolean {
  return sign.endsWith('<') && /^(?:any|credential|email|id|ip|jwt|key|n|secret|time|token|user|value)$/.test(value);
}

/** Nothing that a password could be. */
const NO_VALUE = /^(?:missing|null|nil|none|empty|undefined|expired|YES|NO)$/;

/** "token: expired", "Could not verify JWT: JWTExpired", "session=expired": words of the language behind the sign. */
function saysWhy(value: string): boolean {
  return (
    REASON_WORD.test(value) ||
    /^(?:exp|nbf|iat|aud|iss|sub|jti)\b/.test(value) ||
    (/^[A-Za-z][A-Za-z_'-]{1,40}[.!]?$/.test(value) && isKnown(value))
  );
}

/** What stands in quotes is a value, unless it holds a word of the language or looks like a code, a scheme or an address of a service. */
function isNamedThing(text: string): boolean {
  return (
    isNoName(text) ||
    /:\/\/|^[A-Z][A-Z\d]*[_-][A-Z\d_-]+$/.test(text) ||
    (text.match(/[A-Za-z]+/g) ?? []).some((run) => run.length > 1 && isKnown(run))
  );
}

/** The placeholder in the quotes that the value had. */
function quoted(value: string, placeholder: string): string {
  const [open = ''] = /^\\{0,4}["'`“‘[(]/.exec(value) ?? [];
  const [close = ''] = /\\{0,4}["'`”’\])]$/.exec(value.slice(open.length)) ?? [];
  return `${open}${placeholder}${close}`;
}

/** Words behind a password belong to it until one of the language comes. */
function afterUnknown(more: string): string {
  const words = more.split(' ').slice(1);
  const known = words.findIndex((word) => isKnown(word));
  return known === -1 ? '' : ` ${words.slice(known).join(' ')}`;
}

/** A capitalised word behind a name belongs to it; patterns that ignore case cannot tell. */
function secondName(word: string): string {
  return /^ \p{Lu}/u.test(word) && !isKnown(word) ? '' : word;
}

/** A word of the language, a placeholder, or something that looks like no name at all. */
function isNoName(word: string): boolean {
  if (/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(word)) return true;
  return REASON_WORD.test(word) || NAMED_WITH_DIGITS.test(word) || word.startsWith('<') || !/\p{L}/u.test(word) || isKnown(word);
}

/** "Bearer token expired" and "Basic realm=…" are prose and challenges; what else follows a scheme is a credential. */
function isProse(value: string): boolean {
  if (AUTH_PARAMETER.test(value) || REASON_WORD.test(value) || /^\d+$/.test(value)) return true;
  // "Token" is a noun before it is a scheme: any short word may follow it.
  return /^[A-Za-z]{2,24}[.:]?$/.test(value) && isKnown(value);
}
