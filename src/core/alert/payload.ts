/**
 * What an alert says to the outside: the `standard` webhook payload, member for member as it is sent and published in
 * message-schema.ts. Every text in it is masked or comes from closed lists before it gets here; nothing masks it again.
 */

export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const RULE_TYPES = ['spike', 'threshold', 'ratio', 'new_signature', 'finding'] as const;
export type RuleType = (typeof RULE_TYPES)[number];

export type AlertMessage =
  | { type: 'alert.firing' | 'alert.test'; timestamp: string; data: AlertData }
  | { type: 'alert.resolved'; timestamp: string; data: ResolvedData };

export interface AlertData {
  /** The same from firing to resolved. */
  id: string;
  rule: { id: string; name: string; type: RuleType };
  /** The dimensions that the rule groups by, and this group's value of each: `service` and `cause` by default. */
  group: Readonly<Record<string, string>>;
  severity: Severity;
  /** RFC 3339, as all times here. */
  started_at: string;
  /** The span that `observed` was counted in: `1m`, `15m`, `1h`. */
  window: string;
  observed: number;
  /** Null, as the next three, where the rule's type knows no such number. */
  expected: number | null;
  /** observed / expected */
  factor: number | null;
  score: number | null;
  distinct_clients: number | null;
  summary: string;
  /** The strongest first. */
  what_changed: readonly Change[];
  samples: readonly Sample[];
  advice: { client: readonly string[]; server: readonly string[] };
  findings: readonly AlertFinding[];
  links: { dashboard: string; explain: string; signatures: string };
  /** How many entries of each list were left out to keep the payload short; absent where none were. */
  omitted?: Readonly<Partial<Record<ListName, number>>>;
}

export type ListName = 'group' | 'what_changed' | 'samples' | 'advice_client' | 'advice_server' | 'findings';

interface ResolvedData extends AlertData {
  duration_seconds: number;
  /** Refusals of the group while the alert was open. */
  total: number;
  /** The most in one minute. */
  peak: number;
}

/** A value, or a pair of values (`service,route`), that accounts for the difference. Shares are between 0 and 1. */
export interface Change {
  dimension: string;
  value: string;
  share_before: number;
  share_now: number;
  /** Null where there was nothing before. */
  lift: number | null;
  /** Share of the excess. */
  explains: number;
}

export interface Sample {
  time: string;
  service: string;
  method: string;
  route: string;
  status: number;
  template: string;
  trace_id?: string;
}

export interface AlertFinding {
  id: string;
  severity: 'critical' | 'high' | 'medium' | 'low';
  detail: string;
  reference: string;
}
