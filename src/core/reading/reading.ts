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
  /** 0 to 1: the more specific the subject, the higher; orders readings of one weight. */
  closeness: number;
  /** True where it was read from a clause that tells the reader what to do, or pieced together from two. */
  isAdvice: boolean;
  /** True for a guess, a condition or a forecast. */
  isHedged: boolean;
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
  'please see try make ensure check get contact consult visit use learn refer for to http kindly bitte veuillez if note example e eg either'.split(
    ' ',
  ),
);

/** "Please send …", "It must use the bearer method". */
function isAdviceIn([first, second]: readonly Word[]): boolean {
  return ADVICE.has(first?.text ?? '') || (first?.text === 'it' && /^(?:must|should|needs|has)$/.test(second?.text ?? ''));
}

/** Words that make a statement a guess, a condition or a forecast. */
const HEDGES = new Set('may might could will would if whether check until before only when unless soon expires'.split(' '));

const OR = new Set(['or', 'oder', 'ou', 'o']);

/** @returns the readings of all clauses, closest reason first, at most one per cause */
export function readText(words: readonly Word[]): Reading[] {
  const clauses = clausesOf(words);
  const found = clauses.flatMap((clause) => readClauses([clause], isAdviceIn(clause)));
  // Subject and state may stand on both sides of a colon: "token: expired". Who dropped a header is told like that mostly.
  const isOpen = found.every(({ row }) => row.weight < 3);
  for (let at = 1; at < clauses.length; at += 1) {
    const pair = readClauses([clauses[at - 1] ?? [], clauses[at] ?? []], true);
    found.push(...pair.filter(({ row }) => row.cause === 'stripped_credentials' || (isOpen && row.weight === 3)));
  }
  found.sort((a, b) => weightOf(b) - weightOf(a) || a.row.rank - b.row.rank || a.start - b.start);
  const causes = new Set<CauseId>();
  return found
    .filter(({ row }) => !causes.has(row.cause) && causes.add(row.cause))
    .map(({ row, start, end, isAdvice, isHedged }) => ({
      cause: row.cause,
      weight: row.weight,
      closeness: 1 - row.rank / ROWS.length,
      isAdvice: isAdvice && row.cause !== 'stripped_credentials',
      isHedged,
      confidence: row.confidence * (isAdvice ? 0.8 : 1) * (isHedged ? 0.8 : 1),
      rule: `text.${row.id}`,
      start,
      end,
    }));
}

interface Found {
  row: Row;
  isHedged: boolean;
  start: number;
  end: number;
  isAdvice: boolean;
}

/** Reads clauses as one statement; a negation does not reach from one into the other. */
function readClauses(clauses: readonly Word[][], isAdvice: boolean): Found[] {
  const senses = clauses
    .map((clause) => sensesOf(withoutDeed(clause)))
    .reduce((all, more) => ({ low: all.low | more.low, high: all.high | more.high }));
  const row = rowFor(senses);
  const isHedged = clauses.some((clause) => clause.some(({ text }) => HEDGES.has(text)));
  return row === undefined ? [] : [{ row, isHedged, start: clauses[0]?.[0]?.start ?? 0, end: clauses.at(-1)?.at(-1)?.end ?? 0, isAdvice }];
}

const DENIED = setOf('DENIED');

/** "Not allowed to lock the user" tells of the permission; what it would be for is no trouble of its own. */
function withoutDeed(clause: readonly Word[]): readonly Word[] {
  const to = clause.findIndex(({ text }) => text === 'to');
  if (to < 2) return clause;
  const before = clause.slice(0, to + 1);
  return overlaps(sensesOf(before), DENIED) ? before : clause;
}

function weightOf({ row, isAdvice }: { row: Row; isAdvice: boolean }): number {
  // An intermediary's deed explains the absence that the check reports.
  return row.weight - (isAdvice && row.cause !== 'stripped_credentials' ? 0.5 : 0);
}

function rowFor(senses: Senses): Row | undefined {
  if (senses.low === 0 && senses.high === 0) return undefined;
  return ROWS.find((row) => row.groups.every((group) => overlaps(group, senses)) && !overlaps(row.barred, senses));
}

/** Clauses in the order of their beginning. A list ("invalid, expired, or revoked") stays together: its items are one statement. */
function clausesOf(words: readonly Word[]): Word[][] {
  const byNumber = new Map<number, Word[]>();
  for (const word of words) {
    const clause = byNumber.get(word.clause);
    if (clause === undefined) byNumber.set(word.clause, [word]);
    else clause.push(word);
  }
  const clauses: Word[][] = [];
  for (const clause of byNumber.values()) {
    const before = clauses.at(-1);
    const [first] = clause;
    const isEither = before?.some(({ text }) => text === 'either') === true;
    const goesOn = first?.isListed === true && (clause.length <= 2 || OR.has(first.text) || isEither);
    if (before !== undefined && goesOn) before.push(...clause);
    else clauses.push(clause);
  }
  return clauses;
}
