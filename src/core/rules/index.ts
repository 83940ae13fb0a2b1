/** All tables as one: the code map and the phrase index that the judge asks. */
import type { CauseId } from '../causes.js';
import { PhraseIndex } from './phrases.js';
import type { RuleTable } from './table.js';

/** Goes up with every change of a table, of the grammar or of the judge, so that stored verdicts can be told from new ones. */
export const RULE_SET_VERSION = 2;

export const TABLES: readonly RuleTable[] = [];

export interface KnownCode {
  cause: CauseId;
  /** True where the text beside the code is believed first. */
  isHint: boolean;
  rule: string;
}

export const CODES: ReadonlyMap<string, KnownCode> = codesOf(TABLES);
export const PHRASES = new PhraseIndex(TABLES);

function codesOf(tables: readonly RuleTable[]): Map<string, KnownCode> {
  const codes = new Map<string, KnownCode>();
  for (const { system, codes: sure = {}, hints = {} } of tables) {
    for (const [lists, isHint] of [
      [sure, false],
      [hints, true],
    ] as const) {
      for (const [cause, list] of Object.entries(lists)) {
        for (const code of list.split(/\s+/).filter(Boolean)) {
          // The first table that names a code decides what it means.
          const key = code.toLowerCase();
          if (!codes.has(key)) codes.set(key, { cause: cause as CauseId, isHint, rule: `${system}: ${code}` });
        }
      }
    }
  }
  return codes;
}
