/**
 * An alert as an event of PagerDuty's Events API v2. One alert is one incident: both its events bear the alert's id as
 * dedup_key, so that the second resolves what the first opened. Our severities are PagerDuty's own four.
 */
import type { AlertMessage } from './payload.js';
import { changeText, countText, titleOf } from './wording.js';

const MAX_SUMMARY = 1_024;
const MAX_DEDUP_KEY = 255;

/** A test opens an incident as an alert does, or it would test nothing; it is marked, and never urgent. */
export function pagerdutyEvent(message: AlertMessage, routingKey: string): object {
  const { type, data, timestamp } = message;
  const { service = 'why401', cause } = data.group;
  return {
    routing_key: routingKey,
    event_action: type === 'alert.resolved' ? 'resolve' : 'trigger',
    dedup_key: data.id.slice(0, MAX_DEDUP_KEY),
    client: 'why401',
    client_url: data.links.dashboard,
    links: [
      { href: data.links.explain, text: 'What changed' },
      { href: data.links.signatures, text: 'Signatures' },
    ],
    payload: {
      summary: `${titleOf(message)}. ${data.summary}`.slice(0, MAX_SUMMARY).toWellFormed(),
      source: service === '' ? 'why401' : service,
      severity: type === 'alert.test' ? 'info' : data.severity,
      timestamp: type === 'alert.resolved' ? timestamp : data.started_at,
      ...(cause === undefined ? {} : { class: cause }),
      custom_details: detailsOf(message),
    },
  };
}

function detailsOf(message: AlertMessage): object {
  const { rule, group, distinct_clients, score, what_changed, advice, findings, samples, omitted } = message.data;
  return {
    rule,
    group,
    count: countText(message.data),
    score,
    distinct_clients,
    what_changed: what_changed.map(changeText),
    advice,
    findings,
    samples,
    ...(omitted === undefined ? {} : { omitted }),
    ...(message.type === 'alert.resolved'
      ? { duration_seconds: message.data.duration_seconds, total: message.data.total, peak: message.data.peak }
      : {}),
  };
}
