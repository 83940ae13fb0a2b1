/** What is kept of an alert beside its state: the rule as it was, its figures, and what explains it. Stored as it is, and sent in messages. */
import type { Severity } from './rule.js';

/** A rule may change or go while its alert is open. */
export interface AlertRuleSnapshot {
  id: string;
  name: string;
  type: string;
  severity: Severity;
  group_by: string[];
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
  /** Refusals from the beginning to the last look. */
  total: number;
}

export interface AlertDetails {
  summary?: string;
  distinct_clients?: number;
  what_changed?: WhatChanged[];
  samples?: AlertSample[];
  advice?: { client: string[]; server: string[] };
  findings?: { id: string; severity: string; detail: string; reference: string }[];
}

/** One value, or two with ` + ` between that only together account for it. Shares are 0 to 1. */
export interface WhatChanged {
  dimension: string;
  value: string;
  share_before: number;
  share_now: number;
  /** How many times as much as before. */
  lift: number;
  /** Part of the whole difference. */
  explains: number;
}

/** Masked. */
export interface AlertSample {
  signature: string;
  service: string;
  route: string;
  method: string;
  status: number;
  template: string;
  last_seen: string;
  trace_id: string | null;
}
