/**
 * Finds the phrases of the rule tables in a text, all at once: each phrase is filed under its rarest word, so that a
 * text is compared only with the few phrases that share one with it. Linear in the text for phrases of bounded length.
 */
import type { CauseId } from '../causes.js';
import { isPlaceholder } from '../reading/lexicon.js';
import { readText, type Reading } from '../reading/reading.js';
import { wordsOf, type Word } from '../reading/words.js';
import type { RuleTable } from './table.js';

export interface Phrase {
  cause: CauseId;
  rule: string;
  /** `*` is a gap. */
  words: readonly string[];
  /** Words that are no gap: the more, the more it says. */
  length: number;
  /** What the general reading makes of the phrase by itself; a mere refusal counts as nothing. */
  reading: Reading | undefined;
}

export interface PhraseMatch {
  phrase: Phrase;
  start: number;
  end: number;
}

/** Words that a `*` may stand for at most. */
const MAX_GAP = 12;

export class PhraseIndex {
  private readonly byWord = new Map<string, { phrase: Phrase; at: number }[]>();

  constructor(tables: readonly RuleTable[]) {
    const phrases = tables.flatMap(phrasesOf);
    const frequency = new Map<string, number>();
    for (const { words } of phrases) for (const word of new Set(words)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    for (const phrase of phrases) {
      const head = phrase.words.indexOf('*');
      // The anchor lies in front of the first gap, so that its place in the text gives the phrase's beginning.
      const candidates = phrase.words.slice(0, head === -1 ? phrase.words.length : head);
      const rarest = candidates.reduce((a, b) => ((frequency.get(b) ?? 0) < (frequency.get(a) ?? 0) ? b : a));
      const filed = this.byWord.get(rarest) ?? [];
      filed.push({ phrase, at: phrase.words.indexOf(rarest) });
      this.byWord.set(rarest, filed);
    }
  }

  /** @returns every phrase in the text, in the order of the text */
  find(words: readonly Word[]): PhraseMatch[] {
    const matches: PhraseMatch[] = [];
    words.forEach(({ text }, index) => {
      for (const { phrase, at } of this.byWord.get(text) ?? []) {
        const from = index - at;
        const to = from < 0 ? -1 : matchAt(words, from, phrase.words);
        if (to > 0) matches.push({ phrase, start: words[from]?.start ?? 0, end: words[to - 1]?.end ?? 0 });
      }
    });
    return matches;
  }
}

function phrasesOf({ system, phrases }: RuleTable): Phrase[] {
  return Object.entries(phrases ?? {}).flatMap(([cause, list]) =>
    list.map((text) => {
      const words = text.split('*').flatMap((part, index) => [...(index > 0 ? ['*'] : []), ...wordsOf(part).map((word) => word.text)]);
      while (words.at(-1) === '*') words.pop();
      while (words[0] === '*') words.shift();
      const length = words.filter((word) => word !== '*').length;
      const [reading] = readText(wordsOf(text.replaceAll('*', ' ')));
      return {
        cause: cause as CauseId,
        rule: `${system}: ${text}`,
        words,
        length,
        reading: reading !== undefined && reading.weight > 1 ? reading : undefined,
      };
    }),
  );
}

/** @returns the end of the match (excluded), or -1 */
function matchAt(words: readonly Word[], from: number, phrase: readonly string[]): number {
  let at = from;
  for (let index = 0; index < phrase.length; index += 1) {
    if (phrase[index] === '*') {
      const next = phrase[index + 1] ?? '';
      const limit = Math.min(words.length, at + MAX_GAP + 1);
      while (at < limit && words[at]?.text !== next) at += 1;
      if (at === limit) return -1;
    } else {
      // Values that the mask took out may stand anywhere between two words of a message.
      while (index > 0 && at < words.length && isPlaceholder(words[at]?.text ?? '') && words[at]?.text !== phrase[index]) at += 1;
      if (words[at]?.text !== phrase[index]) return -1;
      at += 1;
    }
  }
  return at;
}
