/**
 * What an alert rule says, as it is stored and as the API has it: names of the contract, durations as text. `timingOf` and
 * `windowOf` give the numbers. What a rule may say is checked where it comes in; what it means is watch.ts's business.
 */
import { parseDuration } from '../levels.js';
import type { Severity } from './payload.js';

interface CommonSettings {
  /** Values by dimension, as in queries: `!value` excludes, `value*` is a prefix. */
  filter: Record<string, string[]>;
  group_by: string[];
  /** In the window, for an alarm. */
  min_count: number;
  /** Distinct clients in the window. */
  min_clients: number;
  for: string;
  resolve_after: string;
  /** How late records may come: minutes are learnt after it, and judged at once all the same. */
  evaluation_delay: string;
  severity: Severity;
  labels: Record<string, string>;
  /** Ids; null for all that there are. */
  endpoints: string[] | null;
}

export type RuleSettings =
  | (CommonSettings & { type: 'spike' })
  | (CommonSettings & { type: 'threshold'; count: number; window: string })
  | (CommonSettings & { type: 'ratio'; ratio: number; window: string })
  | (CommonSettings & { type: 'new_signature'; back_after: string | null })
  | (CommonSettings & { type: 'finding'; finding: string; count: number; window: string });

export interface AlertRule {
  projectId: number;
  id: string;
  name: string;
  settings: RuleSettings;
}

export interface Timing {
  /** Seconds. */
  pendingFor: number;
  resolveAfter: number;
  evaluationDelay: number;
}

export function timingOf(settings: RuleSettings): Timing {
  return {
    pendingFor: secondsOf(settings.for),
    resolveAfter: secondsOf(settings.resolve_after),
    evaluationDelay: secondsOf(settings.evaluation_delay),
  };
}

/** @param text a duration such as 10m, which was checked when it came in */
export function secondsOf(text: string): number {
  return parseDuration(text) ?? 0;
}
