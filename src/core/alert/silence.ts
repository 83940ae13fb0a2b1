/** Which alerts are silenced: the ones that have every value that a silence names, while it lasts. */
import type { AlertRuleSnapshot } from './alert.js';

export interface Silence {
  /** Values by label: `rule`, `severity`, the rule's own labels and its dimensions; `value*` is a prefix. */
  matchers: Record<string, string>;
  startsAt: Date;
  endsAt: Date;
}

export interface Labelled {
  rule: AlertRuleSnapshot;
  key: readonly string[];
}

/** What an alert is told apart by, as monitoring systems have it. */
export function labelsOf({ rule, key }: Labelled): Record<string, string> {
  const dimensions = Object.fromEntries(rule.group_by.map((name, index) => [name, key[index] ?? '']));
  return { ...rule.labels, ...dimensions, rule: rule.name, severity: rule.severity };
}

/** @param now epoch seconds */
export function isSilenced(alert: Labelled, silences: readonly Silence[], now: number): boolean {
  const labels = labelsOf(alert);
  return silences.some(
    ({ matchers, startsAt, endsAt }) =>
      startsAt.getTime() <= now * 1000 &&
      now * 1000 < endsAt.getTime() &&
      Object.entries(matchers).every(([name, value]) => fits(Object.hasOwn(labels, name) ? labels[name] : undefined, value)),
  );
}

function fits(given: string | undefined, wanted: string): boolean {
  if (given === undefined) return false;
  return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
}
