/**
 * The two shapes in which Prometheus Alertmanager speaks of an alert: the body that it posts to webhook receivers
 * (version "4"), for what already understands that, and the array that its own POST /api/v2/alerts takes. Labels identify
 * the alert and are the same from firing to resolved; annotations may differ.
 */
import type { AlertData, AlertMessage } from './payload.js';
import { changeText, countText, omittedText } from './wording.js';

/** Go's zero time, which Alertmanager writes where an alert has no end yet. */
const NO_END = '0001-01-01T00:00:00Z';
/**
 * Alertmanager resolves by itself what is not sent again within minutes, and we send at transitions alone: an alert gets an
 * end far ahead, which the resolved message brings forward. A lost one ends after this.
 */
const FIRING_LASTS_MS = 7 * 86_400_000;
/** Nobody resolves a test. */
const TEST_LASTS_MS = 5 * 60_000;

export interface WebhookNames {
  /** Name of the endpoint. */
  receiver: string;
  /** Where this service's dashboard is. */
  externalUrl: string;
}

export function alertmanagerWebhook(message: AlertMessage, { receiver, externalUrl }: WebhookNames): object {
  const status = message.type === 'alert.resolved' ? 'resolved' : 'firing';
  const { labels, annotations, startsAt, generatorURL } = coreOf(message);
  const groupLabels = groupLabelsOf(message);
  return {
    version: '4',
    groupKey: `{}:{${Object.entries(groupLabels)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}}`,
    truncatedAlerts: 0,
    status,
    receiver,
    groupLabels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: externalUrl,
    alerts: [{ status, labels, annotations, startsAt, endsAt: endOf(message) ?? NO_END, generatorURL, fingerprint: fingerprintOf(labels) }],
  };
}

export function alertmanagerAlerts(message: AlertMessage): object[] {
  const { labels, annotations, startsAt, generatorURL } = coreOf(message);
  const lastsMs = message.type === 'alert.test' ? TEST_LASTS_MS : FIRING_LASTS_MS;
  return [{ labels, annotations, startsAt, endsAt: endOf(message) ?? after(message.timestamp, lastsMs), generatorURL }];
}

/** As Alertmanager makes it: FNV-1a of 64 bits over the labels in order of their names, each text followed by 0xff. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const texts = Object.keys(labels)
    .sort()
    .flatMap((name) => [name, labels[name] ?? '']);
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const text of texts) {
    for (const byte of [...new TextEncoder().encode(text), 0xff]) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

function coreOf(message: AlertMessage) {
  const { data } = message;
  const labels: Record<string, string> = { ...groupLabelsOf(message), severity: data.severity };
  return { labels, annotations: annotationsOf(data), startsAt: data.started_at, generatorURL: data.links.explain };
}

/**
 * Label names are restricted, and an empty value means "no such label" to Prometheus. A test has a label of its own: it is
 * never taken for an alert, can be routed away, and cannot resolve one.
 */
function groupLabelsOf({ type, data: { rule, group } }: AlertMessage): Record<string, string> {
  const named = Object.entries(group)
    .filter(([, value]) => value !== '')
    .map(([name, value]): [string, string] => [name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_'), value]);
  return { ...Object.fromEntries(named), alertname: rule.name, rule_id: rule.id, ...(type === 'alert.test' ? { test: 'true' } : {}) };
}

function annotationsOf(data: AlertData): Record<string, string> {
  const lists = {
    what_changed: data.what_changed.map(changeText),
    advice_server: data.advice.server,
    advice_client: data.advice.client,
    findings: data.findings.map(({ id, detail }) => `${id}: ${detail}`),
  };
  const annotations = {
    summary: data.summary,
    count: countText(data),
    alert_id: data.id,
    dashboard: data.links.dashboard,
    explain: data.links.explain,
    signatures: data.links.signatures,
    omitted: omittedText(data),
    ...Object.fromEntries(Object.entries(lists).map(([name, lines]) => [name, lines.join('\n')])),
  };
  return Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== ''));
}

function endOf(message: AlertMessage): string | undefined {
  return message.type === 'alert.resolved' ? after(message.data.started_at, message.data.duration_seconds * 1_000) : undefined;
}

function after(time: string, durationMs: number): string {
  return new Date(Date.parse(time) + durationMs).toISOString();
}
