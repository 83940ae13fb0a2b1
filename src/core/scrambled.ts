/**
 * Tells made-up strings (keys, session ids, invitation codes) from words that merely are not in the vocabulary: letters
 * follow each other in words as they follow each other in other words. A model of three letters in a row, learnt from the
 * words that the rules know; unknown product names and people's names pass for words, random letters do not.
 */
import { isKnown, knownWords } from './known-words.js';
import { memo } from './memo.js';

/** Letters a to z, and what stands in front of and behind a word. */
const SIGNS = 27;
const EDGE = 26;
/** Bits a letter below which a string of that many letters is no word; at most 3 of 100 random ones stay above. */
const FEWEST_LETTERS = 7;
const BITS: readonly (readonly [letters: number, bits: number])[] = [
  [16, -4.6],
  [10, -4.8],
  [8, -5],
  [FEWEST_LETTERS, -5.1],
];

/** True for letters and digits, joined by dashes, dots or nothing, that nobody would name a thing by. Placeholders are none. */
export const isScrambled = memo((text: string): boolean => {
  if (alternates(text)) return true;
  const unknown = (text.match(/[A-Za-z]+/g) ?? []).filter((run) => !isKnown(run));
  const letters = unknown.reduce((sum, run) => sum + run.length, 0);
  const [, bits] = BITS.find(([least]) => letters >= least) ?? [];
  if (bits === undefined) return false;
  const sum = unknown.reduce((all, run) => all + likelihood(run.toLowerCase()), 0);
  return sum / (letters + unknown.length) < bits;
});

/** Digits scattered over letters: names have theirs in one place (`v2beta1` is as mixed as they get). */
function alternates(text: string): boolean {
  const changes = text.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return changes >= 4 || (changes === 3 && !/[A-Za-z]{4}/.test(text));
}

let model: Float32Array | undefined;

/** Log2 of how likely the letters follow each other, the end of the word included. */
function likelihood(run: string): number {
  model ??= learn();
  let first = EDGE;
  let second = EDGE;
  let sum = 0;
  for (let at = 0; at <= run.length; at += 1) {
    const next = at === run.length ? EDGE : run.charCodeAt(at) - 97;
    sum += model[(first * SIGNS + second) * SIGNS + next] ?? 0;
    first = second;
    second = next;
  }
  return sum;
}

/** Three letters, smoothed by two, smoothed by chance. */
function learn(): Float32Array {
  const threes = new Float32Array(SIGNS ** 3);
  const twos = new Float32Array(SIGNS ** 2);
  for (const word of knownWords()) {
    if (!/^[a-z]{3,}$/.test(word)) continue;
    let first = EDGE;
    let second = EDGE;
    for (let at = 0; at <= word.length; at += 1) {
      const next = at === word.length ? EDGE : word.charCodeAt(at) - 97;
      add(threes, (first * SIGNS + second) * SIGNS + next);
      add(twos, second * SIGNS + next);
      first = second;
      second = next;
    }
  }
  const bits = new Float32Array(threes.length);
  for (let pair = 0; pair < SIGNS ** 2; pair += 1) {
    const ofPair = sumOf(threes, pair * SIGNS);
    const ofLetter = sumOf(twos, (pair % SIGNS) * SIGNS);
    for (let next = 0; next < SIGNS; next += 1) {
      const three = (threes[pair * SIGNS + next] ?? 0) / Math.max(ofPair, 1);
      const two = (twos[(pair % SIGNS) * SIGNS + next] ?? 0) / Math.max(ofLetter, 1);
      bits[pair * SIGNS + next] = Math.log2(0.6 * three + 0.35 * two + 0.05 / SIGNS);
    }
  }
  return bits;
}

function add(counts: Float32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

function sumOf(counts: Float32Array, start: number): number {
  let sum = 0;
  for (let at = start; at < start + SIGNS; at += 1) sum += counts[at] ?? 0;
  return sum;
}
