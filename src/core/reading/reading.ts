/**
 * Reads a text that no table knows: cuts it into clauses, finds what each is about and what is wrong with it, and takes
 * the clause with the closest reason. Total: any text gives a reading or none.
 */
import type { CauseId } from '../causes.js';
import { GRAMMAR, type GrammarRow } from './grammar.js';
import { overlaps, sensesOf, setOf, type Senses } from './lexicon.js';
import type { Word } from './words.js';

export interface Reading {
  cause: CauseId;
  /** 3 a reason, 2 a hint, 1 a mere refusal. */
  weight: number;
  confidence: number;
  rule: string;
  /** The clause it was read from: positions in the text. */
  start: number;
  end: number;
}

interface Row extends GrammarRow {
  groups: readonly Senses[];
  barred: Senses;
  rank: number;
}

const ROWS: readonly Row[] = GRAMMAR.map((row, index) => ({
  ...row,
  groups: row.has.map(setOf),
  barred: row.not === undefined ? { low: 0, high: 0 } : setOf(row.not),
  rank: index,
}));

/** What comes after these tells the reader what to do, not what went wrong. */
const ADVICE = new Set(
  'please see try make ensure check get contact consult visit use learn refer you for to http kindly bitte veuillez if note example'.split(' '),
);

/** @returns the readings of all clauses, closest reason first, at most one per cause */
export function readText(words: readonly Word[]): Reading[] {
  const found: { row: Row; from: number; to: number; isAdvice: boolean }[] = [];
  for (const [from, to] of clausesOf(words)) {
    const row = rowFor(sensesOf(words, from, to));
    if (row !== undefined) found.push({ row, from, to, isAdvice: ADVICE.has(words[from]?.text ?? '') });
  }
  if (found.every(({ row }) => row.weight < 3)) {
    // Subject and state may stand on both sides of a colon: "token: expired".
    for (const [from, to] of pairsOf(words)) {
      const row = rowFor(sensesOf(words, from, to));
      if (row?.weight === 3) found.push({ row, from, to, isAdvice: true });
    }
  }
  found.sort((a, b) => weightOf(b) - weightOf(a) || a.row.rank - b.row.rank || a.from - b.from);
  const causes = new Set<CauseId>();
  return found
    .filter(({ row }) => !causes.has(row.cause) && causes.add(row.cause))
    .map(({ row, from, to, isAdvice }) => ({
      cause: row.cause,
      weight: row.weight,
      confidence: isAdvice ? row.confidence * 0.8 : row.confidence,
      rule: `text.${row.id}`,
      start: words[from]?.start ?? 0,
      end: words[to - 1]?.end ?? 0,
    }));
}

function weightOf({ row, isAdvice }: { row: Row; isAdvice: boolean }): number {
  return row.weight - (isAdvice ? 0.5 : 0);
}

function rowFor(senses: Senses): Row | undefined {
  if (senses.low === 0 && senses.high === 0) return undefined;
  return ROWS.find((row) => row.groups.every((group) => overlaps(group, senses)) && !overlaps(row.barred, senses));
}

function* clausesOf(words: readonly Word[]): Generator<[from: number, to: number]> {
  let from = 0;
  for (let at = 1; at <= words.length; at += 1) {
    if (at === words.length || words[at]?.clause !== words[from]?.clause) {
      yield [from, at];
      from = at;
    }
  }
}

function* pairsOf(words: readonly Word[]): Generator<[from: number, to: number]> {
  let before = -1;
  for (const [from, to] of clausesOf(words)) {
    if (before >= 0) yield [before, to];
    before = from;
  }
}
