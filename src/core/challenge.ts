/**
 * Reads WWW-Authenticate and Proxy-Authenticate field values (RFC 9110 section 11.6.1): several field lines, several
 * challenges in one line, token68, quoted pairs, empty list elements. Says whether the grammar was met and gives the
 * complete challenges in front of the first error. What a scheme demands on top of the grammar is not judged here.
 */
export interface Challenge {
  /** Lower case. */
  scheme: string;
  /** Lower-case names, unescaped values. */
  params: Record<string, string>;
  token68: string | null;
}

export interface ChallengeHeader {
  valid: boolean;
  challenges: Challenge[];
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const SPACE = /[ \t]*/y;
/** Linear: every character is matched by exactly one branch. */
const QUOTED = /"((?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\uffff]|\\[\t \x21-\x7e\x80-\uffff])*)"/y;
/** Far above any real header; keeps hostile ones from costing more than reading them once. */
const MAX_CHALLENGES = 10_000;
const MAX_LINES = 1_000;
const MAX_HEADER = 1_048_576;

/**
 * @param lines field values in order, one string per field line
 * @returns `valid` false at the first deviation from the grammar or a parameter named twice in one challenge
 */
export function parseChallenges(lines: readonly string[], onParameter?: Cursor['onParameter']): ChallengeHeader {
  const cursor: Cursor = { text: lines.slice(0, MAX_LINES).join(', '), at: 0, ...(onParameter === undefined ? {} : { onParameter }) };
  // Strings of megabytes are no headers; the engine's stack ends before they do.
  if (cursor.text.length > MAX_HEADER) return { valid: false, challenges: [] };
  const challenges: Challenge[] = [];
  skipSeparators(cursor);
  while (cursor.at < cursor.text.length && challenges.length < MAX_CHALLENGES) {
    const challenge = readChallenge(cursor);
    if (challenge === undefined) return { valid: false, challenges };
    challenges.push(challenge);
    skipSeparators(cursor);
  }
  return { valid: challenges.length > 0 && cursor.at === cursor.text.length, challenges };
}

/**
 * What can be told of a header that breaks the grammar: each scheme with whatever parameters still read as `name=value`,
 * in any quotes and without commas between them. For judging what was meant, never for judging correctness.
 */
export function recoverChallenges(lines: readonly string[]): Challenge[] {
  const strict = parseChallenges(lines);
  if (strict.valid) return strict.challenges;
  const text = lines.join(', ').slice(0, MAX_RECOVERED);
  const challenges: Challenge[] = [];
  for (const match of text.matchAll(PIECE)) {
    const [, name, double, single, bare, scheme, quoted] = match;
    if (name !== undefined) setParameter(challenges, name.toLowerCase(), double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '');
    else if (quoted !== undefined) setParameter(challenges, 'error_description', quoted);
    else if (scheme !== undefined && challenges.length < MAX_CHALLENGES && isScheme(scheme, text, match.index))
      challenges.push({ scheme: scheme.toLowerCase(), params: {}, token68: null });
  }
  return challenges;
}

/** A name that is registered or common, or a word with a parameter right behind it: any other word is no scheme. */
function isScheme(word: string, text: string, at: number): boolean {
  return KNOWN_SCHEMES.test(word) || /^[ \t]{1,5}[\w-]{1,50}[ \t]{0,5}=/.test(text.slice(at + word.length, at + word.length + 70));
}

/** IANA's registry of authentication schemes, and the ones that are common without being in it. */
const KNOWN_SCHEMES =
  /^(?:basic|bearer|digest|dpop|gnap|hoba|mutual|negotiate|ntlm|oauth|privatetoken|scram-sha-(?:1|256)|vapid|apikey|api-key|key|token|hmac|signature|aws4-hmac-sha256|hawk|keystone|cookie|session|jwt)$/i;
const MAX_RECOVERED = 8_000;
/** A parameter in double, single or no quotes; a word, which is a scheme; a quoted string without a name. */
const PIECE = /([!#$%&*+.^_`|~\w-]{1,100})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,"']*))|([A-Za-z][\w-]{0,60})|"([^"]*)"/g;

/** The first of several stays: what stands first is what most clients read. */
function setParameter(challenges: Challenge[], name: string, value: string): void {
  if (challenges.length === 0) challenges.push({ scheme: '', params: {}, token68: null });
  const params = challenges.at(-1)?.params ?? {};
  if (!Object.hasOwn(params, name)) Object.defineProperty(params, name, { value, enumerable: true, configurable: true, writable: true });
}

interface Cursor {
  readonly text: string;
  at: number;
  /** Told of each parameter, and whether its value was quoted. */
  onParameter?: (challenge: Challenge, name: string, isQuoted: boolean) => void;
}

/** What the schemes demand on top of the grammar: RFC 7617 2 and RFC 9110 11.5, RFC 6750 3, RFC 7616 3.3. */
const QUOTED_IN = new Map([
  ['basic', new Set(['realm'])],
  ['digest', new Set(['realm', 'nonce', 'opaque', 'qop', 'domain'])],
]);
const UNQUOTED_IN_DIGEST = new Set(['stale', 'algorithm']);
const DEMANDED_OF_DIGEST = ['nonce', 'qop'];

/** @returns what a readable header does against the rules of its schemes, in words, each once; nothing of an unreadable one */
export function challengeFaults(lines: readonly string[]): string[] {
  const faults = new Set<string>();
  const { valid, challenges } = parseChallenges(lines, ({ scheme }, name, isQuoted) => {
    if (!isQuoted && QUOTED_IN.get(scheme)?.has(name) === true) faults.add(`${scheme} ${name} is not quoted`);
    if (isQuoted && scheme === 'digest' && UNQUOTED_IN_DIGEST.has(name)) faults.add(`digest ${name} is quoted`);
  });
  if (!valid) return [];
  for (const { scheme, params, token68 } of challenges) {
    if (scheme === 'bearer' && Object.keys(params).length === 0) faults.add('bearer has no parameter');
    if (scheme === 'bearer' && token68 !== null) faults.add('bearer has a token where parameters stand');
    if (scheme === 'digest') for (const name of DEMANDED_OF_DIGEST) if (params[name] === undefined) faults.add(`digest has no ${name}`);
  }
  return [...faults].slice(0, MAX_FAULTS);
}

const MAX_FAULTS = 5;

function readChallenge(cursor: Cursor): Challenge | undefined {
  const scheme = take(cursor, TOKEN);
  if (scheme === undefined) return undefined;
  const challenge: Challenge = { scheme: scheme.toLowerCase(), params: {}, token68: null };
  const spaces = take(cursor, SPACE) ?? '';
  if (atElementEnd(cursor)) return spaces.startsWith(' ') ? withEmptyElements(cursor, challenge) : challenge;
  // 1*SP, no tab: section 11.3.
  if (!/^ +$/.test(spaces)) return undefined;
  const start = cursor.at;
  if (isParameterAhead(cursor)) return readParameters(cursor, challenge);
  cursor.at = start;
  const token68 = take(cursor, TOKEN68);
  if (token68 === undefined) return undefined;
  take(cursor, SPACE);
  challenge.token68 = token68;
  return challenge;
}

/** `A , a=b`: the list of parameters may begin with empty elements (section 5.6.1). */
function withEmptyElements(cursor: Cursor, challenge: Challenge): Challenge | undefined {
  const end = cursor.at;
  skipSeparators(cursor);
  if (isParameterAhead(cursor)) return readParameters(cursor, challenge);
  cursor.at = end;
  return challenge;
}

/** Reads `name = value` pairs until the list ends or an element that is no pair (the next challenge) begins. */
function readParameters(cursor: Cursor, challenge: Challenge): Challenge | undefined {
  for (;;) {
    const name = take(cursor, TOKEN)?.toLowerCase();
    take(cursor, SPACE);
    cursor.at += 1;
    take(cursor, SPACE);
    const isQuoted = cursor.text[cursor.at] === '"';
    const value = readValue(cursor);
    if (name === undefined || value === undefined || Object.hasOwn(challenge.params, name)) return undefined;
    Object.defineProperty(challenge.params, name, { value, enumerable: true, configurable: true, writable: true });
    cursor.onParameter?.(challenge, name, isQuoted);
    take(cursor, SPACE);
    if (!atElementEnd(cursor)) return undefined;
    const end = cursor.at;
    skipSeparators(cursor);
    if (!isParameterAhead(cursor)) {
      cursor.at = end;
      return challenge;
    }
  }
}

function readValue(cursor: Cursor): string | undefined {
  if (cursor.text[cursor.at] !== '"') return take(cursor, TOKEN);
  const quoted = take(cursor, QUOTED);
  return quoted?.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** `token BWS "=" BWS` followed by a value; `abc==` and `abc=,` are token68, not a parameter. Moves nothing. */
function isParameterAhead(cursor: Cursor): boolean {
  const start = cursor.at;
  const name = take(cursor, TOKEN);
  take(cursor, SPACE);
  let ahead = false;
  if (name !== undefined && cursor.text[cursor.at] === '=') {
    cursor.at += 1;
    take(cursor, SPACE);
    ahead = cursor.at < cursor.text.length && !'=,'.includes(cursor.text.charAt(cursor.at));
  }
  cursor.at = start;
  return ahead;
}

function atElementEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.text.length || cursor.text[cursor.at] === ',';
}

function skipSeparators(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && ' \t,'.includes(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match[0];
}
