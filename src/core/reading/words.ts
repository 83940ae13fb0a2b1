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
  /** Number of the clause it stands in, from 0. */
  clause: number;
}

/** More words than a template of 400 characters can hold. */
const MAX_WORDS = 250;

/** A URL, a placeholder, a word, or a mark that ends a clause (a dot or dash inside a name ends nothing). */
const PART =
  /(?<url>https?:\/\/[^\s"'<>)\]]*)|(?<name><[a-z]+>|[\p{L}\p{N}]+(?:['’´][\p{L}]+)*)|[;:,()[\]{}|!?]|\.(?![\p{L}\p{N}])|[-–—](?= )/gu;
const MIXED_CASE = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
/** Between `aB`, and before the last capital of `ABc`. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Names that humps would tear apart. */
const ONE_WORD = /OAuth|OpenID|JWKs|JWTs|DPoP|GitHub|GitLab|WebAuthn|mTLS|JSON|APIKey/g;

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let clause = 0;
  let isOpen = false;
  for (const { 0: part, index, groups } of text.matchAll(PART)) {
    if (groups?.['url'] !== undefined) {
      words.push({ text: '<url>', start: index, end: index + part.length, clause });
    } else if (groups?.['name'] === undefined) {
      if (isOpen) clause += 1;
      isOpen = false;
      continue;
    } else {
      addPieces(words, part, index, clause);
    }
    isOpen = true;
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
