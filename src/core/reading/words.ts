/**
 * Cuts a masked text into words and clauses, the form in which texts, codes and exception names are all read:
 * `FST_JWT_AUTHORIZATION_TOKEN_EXPIRED`, `TokenExpiredError` and "the token expired" come out alike.
 * One pass, linear in the text.
 */
export interface Word {
  /** Lower case; apostrophes dropped (`didnt`). A placeholder of the mask keeps its brackets (`<user>`); a URL is `<url>`. */
  text: string;
  /** Where it stands in the text. */
  start: number;
  end: number;
  /** Number of the clause it stands in, from 0; clauses in brackets interrupt the one around them. */
  clause: number;
  /** True for the first word behind a comma: a list may go on there. */
  isListed?: true;
}

/** More words than a template of 400 characters can hold. */
const MAX_WORDS = 250;

/** A URL, the qualifiers of a class or host name (they say where, not what), a placeholder, a word, or a mark that ends a clause (a dot or dash inside a name ends nothing). */
const PART =
  /(?<url>https?:\/\/[^\s"'<>)\]]*)|(?<package>(?:[\p{L}\p{N}_$-]{1,60}(?:\.|::|\\)){2,20}(?=\p{L}))|(?<name><[a-z]+>|[\p{L}\p{N}]+(?:['’´][\p{L}]+)*)|[;,()[\]{}|!?]|:(?! ?(?:Basic|Bearer|Digest|Negotiate)\b)|\.(?![\p{L}\p{N}])|[-–—](?= )/gu;
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
const MAX_NESTING = 20;
const MIXED_CASE = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
/** Between `aB`, and before the last capital of `ABc`. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Names that humps would tear apart. */
const ONE_WORD = /OAuth|OpenID|JWKs|JWTs|DPoP|GitHub|GitLab|WebAuthn|mTLS|JSON|APIKey/g;

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  // What stands in brackets is a clause of its own; behind them the clause around them goes on.
  const around: number[] = [];
  let clauses = 0;
  let clause = 0;
  let isListed = false;
  for (const { 0: part, index, groups } of text.matchAll(PART)) {
    if (groups?.['url'] !== undefined) {
      words.push({ text: '<url>', start: index, end: index + part.length, clause });
      isListed = false;
    } else if (groups?.['package'] !== undefined) {
      continue;
    } else if (groups?.['name'] === undefined) {
      const isClosing = CLOSING.has(part) && around.length > 0;
      if (OPENING.has(part) && around.length < MAX_NESTING) around.push(clause);
      clause = isClosing ? (around.pop() ?? 0) : (clauses += 1);
      isListed = part === ',';
    } else {
      const first = words.length;
      addPieces(words, part, index, clause);
      const word = words[first];
      if (isListed && word !== undefined) word.isListed = true;
      isListed = false;
    }
    if (words.length >= MAX_WORDS) break;
  }
  return words;
}

function addPieces(words: Word[], part: string, start: number, clause: number): void {
  const pieces = MIXED_CASE.test(part) ? part.replace(ONE_WORD, capitalised).split(HUMP) : [part];
  let at = start;
  for (const piece of pieces) {
    words.push({ text: piece.toLowerCase().replace(/['’´]/g, ''), start: at, end: at + piece.length, clause });
    at += piece.length;
  }
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}
