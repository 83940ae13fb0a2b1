/** All tables, one per source family, and what the judge asks of them: the code map and the phrase index. */
import { CATALOGUE, type CauseId } from '../causes.js';
import { lexiconWords } from '../reading/lexicon.js';
import { wordsOf } from '../reading/words.js';
import { PhraseIndex } from './phrases.js';
import type { RuleTable } from './table.js';
import { CLOUDS } from './tables/clouds.js';
import { DIRECTORIES } from './tables/directories.js';
import { GATEWAYS } from './tables/gateways.js';
import { IDENTITY_PROVIDERS } from './tables/identity-providers.js';
import { JWT_LIBRARIES } from './tables/jwt-libraries.js';
import { OAUTH } from './tables/oauth.js';
import { WEB_FRAMEWORKS } from './tables/web-frameworks.js';

/** Goes up with every change of a table, of the grammar or of the judge, so that stored verdicts can be told from new ones. */
export const RULE_SET_VERSION = 3;

/** Standards first: where two tables name the same code or phrase, the first one decides. */
export const TABLES: readonly RuleTable[] = [
  ...OAUTH,
  ...JWT_LIBRARIES,
  ...WEB_FRAMEWORKS,
  ...GATEWAYS,
  ...IDENTITY_PROVIDERS,
  ...CLOUDS,
  ...DIRECTORIES,
];

export interface KnownCode {
  cause: CauseId;
  rule: string;
  /** Numbered or qualified codes (`AADSTS50055`, `auth0:fp`) mean one thing; named ones leave room to the text beside them. */
  isExact: boolean;
}

/** What the tables know, in the form in which it is looked up. */
export interface Knowledge {
  codes: ReadonlyMap<string, KnownCode>;
  phrases: PhraseIndex;
}

export function knowledgeOf(tables: readonly RuleTable[]): Knowledge {
  const known = new Map<string, KnownCode>();
  for (const { system, codes = {} } of tables) {
    for (const [cause, list] of Object.entries(codes)) {
      for (const code of list.split(' ')) {
        const key = code.toLowerCase();
        const isExact = /\d{3}|[=:]/.test(code);
        if (!known.has(key)) known.set(key, { cause: cause as CauseId, rule: `${system}: ${code}`, isExact });
      }
    }
  }
  return { codes: known, phrases: new PhraseIndex(tables) };
}

/** What all tables together know. */
export const EVERYTHING = knowledgeOf(TABLES);

/** As it stands, by its last segment (`jwt.exceptions.DecodeError`), and by what stands in front of its parameters. */
export function lookUp({ codes: known }: Knowledge, code: string): KnownCode | undefined {
  const lower = code.toLowerCase();
  const spellings = [lower, lower.split(/[.:$\\/#]/).at(-1) ?? '', lower.split(/[{[(]/, 1)[0] ?? ''];
  return spellings.map((spelling) => known.get(spelling)).find((row) => row !== undefined);
}

/** Words that a rule or the general reading knows: they are what a sentence says, never values in it. */
export function vocabulary(): Set<string> {
  const phrases = TABLES.flatMap(({ phrases: lists = {} }) => Object.values(lists).flat());
  const texts = Object.values(CATALOGUE).flatMap(({ title, meaning }) => [title, meaning]);
  return new Set([...lexiconWords(), ...[...phrases, ...texts].flatMap((text) => wordsOf(text).map((word) => word.text))]);
}
