/** What is kept of an alert beside its state: the rule as it was, its figures, and what explains it. Stored as it is; messages are made of it. */
import type { AlertFinding, Change, RuleType, Sample, Severity } from './payload.js';

/** A rule may change or go while its alert is open. */
export interface AlertRuleSnapshot {
  id: string;
  name: string;
  type: RuleType;
  severity: Severity;
  group_by: string[];
  filter: Record<string, string[]>;
  /** Of rules that look for a finding. */
  finding?: string;
  labels: Record<string, string>;
  endpoints: string[] | null;
}

export interface AlertFigures {
  /** Seconds that `observed` and `expected` are of. */
  window_seconds: number;
  observed: number;
  expected: number | null;
  score: number | null;
  /** The highest `observed` so far. */
  peak: number;
  /** Refusals since it began, as of the last time that they were counted. */
  total: number;
}

/** Empty until the alert fires. */
export interface AlertDetails {
  summary?: string;
  distinct_clients?: number;
  what_changed?: Change[];
  samples?: Sample[];
  advice?: { client: string[]; server: string[] };
  findings?: AlertFinding[];
}
