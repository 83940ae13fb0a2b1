/**
 * The shape of the rule tables. A table holds what one system is documented to say: machine-readable codes, exception
 * types and the fixed words of its messages, each under the cause that it means. Every row takes its source from its table.
 */
import type { CauseId } from '../causes.js';

export interface RuleTable {
  /** Short name of the library or product, as in the shared corpus where it is there. */
  system: string;
  /** Repository path or document where the strings stand. */
  source: string;
  /**
   * Codes and exception types, parted by spaces, compared in lower case. An exception is named by its last segment
   * (`ExpiredJwtException`); a code that means something in its place only is written `key=value`.
   */
  codes?: Readonly<Partial<Record<CauseId, string>>>;
  /** Fixed words of messages; `*` stands for a few words of any kind. Case, quotes and punctuation do not count. */
  phrases?: Readonly<Partial<Record<CauseId, readonly string[]>>>;
}

/** Causes that say less than any other: what is known more closely is believed first. */
export const VAGUE: ReadonlySet<CauseId> = new Set<CauseId>(['unknown', 'invalid_token']);
