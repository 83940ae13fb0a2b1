/**
 * Puts an alert into words and figures: who was refused, what changed, what to do, samples, and the message of all that.
 * A part that cannot be had is left out rather than the alert.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { adviceOf } from '../core/advice.js';
import type { AlertDetails } from '../core/alert/alert.js';
import type { Change as Attributed, Explanation } from '../core/alert/attribution.js';
import type { AlertData, AlertMessage, Change, Sample } from '../core/alert/payload.js';
import type { Observation } from '../core/alert/state.js';
import { CATALOGUE, isCauseId } from '../core/causes.js';
import { FINDINGS } from '../core/findings.js';
import { ceilTo, floorTo, MINUTE_SECONDS } from '../core/levels.js';
import type { Events } from '../ops/events.js';
import { amongCondition, conditionOf, keyCondition, type AlertCounts, type Scope } from '../store/alert-counts.js';
import type { StoredAlert, Transition } from '../store/alert-store.js';
import { spansBefore, type ChangeQueries } from '../store/change-queries.js';
import type { Span } from '../store/count-queries.js';
import { verdictOf, type SignatureRow } from '../store/entities.js';

const MAX_SAMPLES = 5;
const EXPLAIN_LIMIT_MS = 5_000;

export class AlertWriter {
  /** @param baseUrl where this service answers, without a slash at its end */
  constructor(
    private readonly counts: AlertCounts,
    private readonly changes: ChangeQueries,
    private readonly events: Events,
    private readonly baseUrl: string,
  ) {}

  /** Whether as many clients are affected as the rule asks for. @param now epoch seconds */
  async hasClients(scope: Scope, observation: Observation, now: number): Promise<boolean> {
    const { min_clients: least } = scope.settings;
    if (least === 0) return true;
    const clients = await this.counts.distinctClients(scope, observation.key, windowOf(observation.window, now), now);
    // Too many to be counted are enough.
    return (clients ?? Infinity) >= least;
  }

  /** The alert with everything that explains it. */
  async explain(scope: Scope, alert: StoredAlert, now: number, signatures?: readonly string[]): Promise<StoredAlert> {
    try {
      return await inTime(this.explained(scope, alert, now, signatures));
    } catch (error) {
      // An alert without its explanation is worth more than none.
      this.events.alertNotExplained(alert.id, error);
      return { ...alert, details: { summary: summaryOf(alert, undefined) } };
    }
  }

  /** With the refusals since it began, as far as they can be had. */
  async withTotal(alert: StoredAlert, now: number): Promise<StoredAlert> {
    // What was new is so no more; the group has more than that.
    if (alert.rule.type === 'new_signature') return alert;
    return inTime(this.counted(scopeOf(alert), alert, now)).catch((error: unknown) => {
      this.events.alertNotExplained(alert.id, error);
      return alert;
    });
  }

  private async explained(scope: Scope, alert: StoredAlert, now: number, signatures?: readonly string[]): Promise<StoredAlert> {
    const counted = await this.counted(scope, alert, now, signatures);
    return { ...counted, details: await this.detailsOf(scope, counted, now, signatures) };
  }

  private async counted(scope: Scope, alert: StoredAlert, now: number, signatures?: readonly string[]): Promise<StoredAlert> {
    const from = floorTo(alert.startedAt.getTime() / 1000 - alert.figures.window_seconds, MINUTE_SECONDS);
    const total = await this.counts.total(scope, alert.key, { from, to: ceilTo(now, MINUTE_SECONDS) }, signatures);
    return { ...alert, figures: { ...alert.figures, total } };
  }

  message(alert: StoredAlert, transition: Transition, now: number): AlertMessage {
    const timestamp = new Date(now * 1000).toISOString();
    const data = this.dataOf(alert);
    if (transition !== 'resolved') return { type: transition === 'test' ? 'alert.test' : 'alert.firing', timestamp, data };
    const duration = Math.max(0, Math.round(now - alert.startedAt.getTime() / 1000));
    return {
      type: 'alert.resolved',
      timestamp,
      data: { ...data, duration_seconds: duration, total: alert.figures.total, peak: alert.figures.peak },
    };
  }

  private dataOf({ id, rule, key, startedAt, figures, details, reason }: StoredAlert): AlertData {
    const { observed, expected, score } = figures;
    return {
      id,
      rule: { id: rule.id, name: rule.name, type: rule.type },
      group: Object.fromEntries(rule.group_by.map((name, index) => [name, key[index] ?? ''])),
      severity: rule.severity,
      started_at: startedAt.toISOString(),
      window: durationText(figures.window_seconds),
      observed,
      expected: expected === null ? null : rounded(expected),
      factor: expected === null || expected === 0 ? null : rounded(observed / expected),
      score: score === null ? null : rounded(score),
      distinct_clients: details.distinct_clients ?? null,
      summary: details.summary ?? reason,
      what_changed: details.what_changed ?? [],
      samples: details.samples ?? [],
      advice: details.advice ?? { client: [], server: [] },
      findings: details.findings ?? [],
      links: this.linksOf(rule.group_by, key, startedAt),
    };
  }

  private linksOf(groupBy: readonly string[], key: readonly string[], startedAt: Date): AlertData['links'] {
    const filters = groupBy.map((name, index) => `&${name}=${encodeURIComponent(key[index] ?? '')}`).join('');
    const from = encodeURIComponent(new Date(startedAt.getTime() - 3_600_000).toISOString());
    return {
      dashboard: `${this.baseUrl}/?from=${from}${filters}`,
      explain: `${this.baseUrl}/v1/explain?from=${encodeURIComponent(startedAt.toISOString())}${filters}`,
      signatures: `${this.baseUrl}/v1/signatures?from=${from}${filters}`,
    };
  }

  private async detailsOf(scope: Scope, alert: StoredAlert, now: number, ids?: readonly string[]): Promise<AlertDetails> {
    const span = windowOf(alert.figures.window_seconds, now);
    const where = (parameters: unknown[]): string =>
      [conditionOf(scope.settings, parameters), keyCondition(scope.settings, alert.key, parameters), amongCondition(ids, parameters)].join(
        ' AND ',
      );
    const { explanation, signatures } = await this.changes.changes({
      ...{ projectId: scope.projectId, where, now: span, before: spansBefore(span) },
      asked: scope.settings.group_by,
    });
    const rows = await this.changes.load(
      scope.projectId,
      signatures.slice(0, MAX_SAMPLES).map(({ id }) => id),
    );
    const clients = await this.counts.distinctClients(scope, alert.key, span, now);
    return {
      summary: summaryOf(alert, explanation),
      // None at all: the records do not tell.
      ...(clients === undefined || clients === 0 ? {} : { distinct_clients: clients }),
      what_changed: explanation.changes.map(changeOf),
      samples: rows.map(sampleOf),
      advice: adviceFor(alert, rows[0]),
      findings: findingsOf(rows),
    };
  }
}

/** An alert must not wait for its explanation: then it goes out without. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = sleep(EXPLAIN_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`it was not there within ${String(EXPLAIN_LIMIT_MS / 1_000)} s`);
  });
  // Whichever comes second is told to nobody.
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}

function scopeOf({ projectId, rule }: StoredAlert): Scope {
  const common = { filter: rule.filter, group_by: rule.group_by, min_count: 0, min_clients: 0, for: '0s', resolve_after: '0s' };
  const rest = { evaluation_delay: '0s', severity: rule.severity, labels: {}, endpoints: null };
  if (rule.finding === undefined) return { projectId, settings: { type: 'spike', ...common, ...rest } };
  return { projectId, settings: { type: 'finding', finding: rule.finding, count: 1, window: '1m', ...common, ...rest } };
}

/** Whole minutes, at least two, so that one that has just begun is not all. */
function windowOf(seconds: number, now: number): Span {
  const to = ceilTo(now, MINUTE_SECONDS);
  return { from: to - Math.max(ceilTo(seconds, MINUTE_SECONDS), MINUTE_SECONDS) - MINUTE_SECONDS, to };
}

function summaryOf({ rule, key, reason }: StoredAlert, explanation: Explanation | undefined): string {
  const group = Object.fromEntries(rule.group_by.map((name, index) => [name, key[index] ?? '']));
  const { cause, service } = group;
  const title = cause !== undefined && isCauseId(cause) ? CATALOGUE[cause].title : rule.name;
  const where = service === undefined ? '' : ` in ${service}`;
  const [first] = explanation?.changes ?? [];
  const what = first === undefined ? '' : `; mostly ${first.values.map(({ dimension, value }) => `${dimension} ${value}`).join(' with ')}`;
  return `${title}${where}: ${reason}${what}`;
}

function changeOf({ values, shareBefore, shareNow, lift, explains, before }: Attributed): Change {
  return {
    dimension: values.map(({ dimension }) => dimension).join(','),
    value: values.map(({ value }) => value).join(','),
    share_before: rounded(shareBefore),
    share_now: rounded(shareNow),
    lift: before === 0 || !Number.isFinite(lift) ? null : rounded(lift),
    // What chance adds or takes can make it a little more than all.
    explains: rounded(Math.min(1, explains)),
  };
}

function sampleOf({ lastSeen, service, method, route, status, template, lastTraceId }: SignatureRow): Sample {
  const trace = lastTraceId === null ? {} : { trace_id: lastTraceId };
  return { time: lastSeen.toISOString(), service, method, route, status, template, ...trace };
}

/** For the cause of the group, or of what grew most. */
function adviceFor({ rule, key }: StoredAlert, row: SignatureRow | undefined): { client: string[]; server: string[] } {
  const cause = key[rule.group_by.indexOf('cause')];
  if (row !== undefined && (cause === undefined || cause === row.cause)) {
    const { user, client, server } = adviceOf(row.signature(), verdictOf(row), row.findings);
    return { client: [...client, ...user], server };
  }
  if (cause === undefined || !isCauseId(cause)) return { client: [], server: [] };
  const { client, server } = CATALOGUE[cause].advice;
  return { client: [...client], server: [...server] };
}

function findingsOf(rows: readonly SignatureRow[]): NonNullable<AlertDetails['findings']> {
  const byId = new Map(rows.flatMap(({ findings }) => findings).map((finding) => [finding.id, finding]));
  return [...byId.values()].map(({ id, detail }) => ({ id, detail, severity: FINDINGS[id].severity, reference: FINDINGS[id].reference }));
}

function rounded(number: number): number {
  return Number(number.toFixed(3));
}

function durationText(seconds: number): string {
  if (seconds % 3_600 === 0) return `${String(seconds / 3_600)}h`;
  return seconds % 60 === 0 ? `${String(seconds / 60)}m` : `${String(seconds)}s`;
}
