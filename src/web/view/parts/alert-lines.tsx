/** Alerts in one line each: how grave, what, since when. */
import type { JSX } from 'preact';
import { agoText, countText, valueText, words } from '../../model/text.js';
import type { Alert } from '../api.js';
import { Link } from '../place.js';
import { Severity, Status } from './badges.js';
import { Empty } from './states.js';

export function AlertLines({ alerts, empty }: { alerts: readonly Alert[]; empty: string }): JSX.Element {
  if (alerts.length === 0) return <Empty title={empty} />;
  return (
    <ul class="alert-lines">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Severity severity={alert.severity} />
          <div>
            <Link href={`/alerts/${alert.id}`}>{titleOf(alert)}</Link>
            <p class="quiet-text">
              {alert.rule.name}: {countText(alert.observed)}
              {alert.expected === null ? '' : ` where ${countText(alert.expected)} were expected`}, {agoText(alert.started_at, Date.now())}
              {alert.acknowledged_at !== null && ', acknowledged'}
            </p>
          </div>
          <Status status={alert.status} />
        </li>
      ))}
    </ul>
  );
}

/** The group by itself; rules that group by nothing have their name alone. */
export function titleOf({ group, rule }: Pick<Alert, 'group' | 'rule'>): string {
  const { cause, ...rest } = group;
  const others = Object.entries(rest).map(([dimension, value]) => valueText(dimension, value));
  const parts = [...(cause === undefined ? [] : [words(cause)]), ...others];
  return parts.length === 0 ? rule.name : parts.join(' · ');
}
