/** Replays a rule over what was counted: when it would have fired, with the same steps as at present. */
import { setImmediate as immediate } from 'node:timers/promises';
import { secondsOf, timingOf, type RuleSettings } from '../core/alert/rule.js';
import { step, type Observation, type OpenAlert } from '../core/alert/state.js';
import { keyText, makeWatch, type Bucket, type Watch } from '../core/alert/watch.js';
import type { Retention } from '../core/levels.js';
import type { AlertCounts } from '../store/alert-counts.js';
import type { Span } from '../store/count-queries.js';
import { bucketsOf, historyOf } from './rule-memory.js';

export interface Replayed {
  /** Up to where it was looked at, epoch seconds: earlier than asked where the time was up. */
  to: number;
  groups: number;
  alerts: ReplayedAlert[];
}

export interface ReplayedAlert {
  key: readonly string[];
  /** Epoch seconds. */
  startedAt: number;
  resolvedAt: number | undefined;
  /** As it fired. */
  observation: Observation;
  peak: number;
}

interface Open extends OpenAlert {
  alert: ReplayedAlert;
}

const CHUNK_BUCKETS = 360;
/** People wait for it. */
const TIME_LIMIT_MS = 20_000;
const MAX_ALERTS = 1_000;

/** What it replays, and from where. */
export interface Replayable {
  counts: AlertCounts;
  retention: Retention;
  projectId: number;
  settings: RuleSettings;
}

/** Clients are not looked at. @param span whole minutes, within which counts of minutes are kept */
export async function replay(what: Replayable, span: Span): Promise<Replayed> {
  const { counts, retention, projectId, settings } = what;
  if (settings.type === 'new_signature') return replayNew(what, span);
  const started = performance.now();
  const run = new Replay(settings);
  const length = CHUNK_BUCKETS * run.seconds;
  for (let from = span.from - Math.floor(historyOf(settings, retention) / 60) * 60; from < span.to; from += length) {
    if (performance.now() - started > TIME_LIMIT_MS || run.alerts.length >= MAX_ALERTS)
      return { to: from, groups: run.groups, alerts: run.alerts };
    const chunk = { from, to: Math.min(span.to, from + length) };
    // All of them are over.
    for (const bucket of await bucketsOf(counts, { projectId, settings }, chunk, Infinity)) run.take(bucket, bucket.at >= span.from);
    await immediate();
  }
  return { to: span.to, groups: run.groups, alerts: run.alerts };
}

class Replay {
  readonly alerts: ReplayedAlert[] = [];
  private readonly seen = new Set<string>();
  private readonly open = new Map<string, Open>();
  private readonly watch: Watch;

  constructor(private readonly settings: RuleSettings) {
    this.watch = makeWatch(settings);
  }

  get seconds(): number {
    return this.watch.seconds;
  }

  get groups(): number {
    return this.seen.size;
  }

  take(bucket: Bucket, isAsked: boolean): void {
    const observations = new Map(this.watch.observe([bucket]).map((one) => [keyText(one.key), one]));
    this.watch.learn(bucket, false);
    for (const key of observations.keys()) this.seen.add(key);
    if (isAsked)
      for (const key of new Set([...observations.keys(), ...this.open.keys()])) this.follow(key, observations.get(key), bucket.at);
  }

  private follow(key: string, observation: Observation | undefined, at: number): void {
    const open = this.open.get(key);
    const now = at + this.watch.seconds;
    const next = step(timingOf(this.settings), open, observation, now);
    if (open !== undefined && observation?.isBreach === true) {
      open.lastBreachAt = now;
      open.alert.peak = Math.max(open.alert.peak, observation.observed);
    }
    if (next.to === 'dropped') this.open.delete(key);
    else if (next.to === 'resolved') this.close(key, now);
    else if (next.to !== 'same' && observation !== undefined) this.rise(key, { status: next.to, observation, now });
  }

  private rise(key: string, { status, observation, now }: { status: OpenAlert['status']; observation: Observation; now: number }): void {
    const known = this.open.get(key);
    const alert = known?.alert ?? { key: observation.key, startedAt: now, resolvedAt: undefined, observation, peak: observation.observed };
    this.open.set(key, { status, startedAt: known?.startedAt ?? now, lastBreachAt: now, alert });
    if (status === 'firing') this.alerts.push(Object.assign(alert, { observation }));
  }

  private close(key: string, now: number): void {
    const open = this.open.get(key);
    if (open !== undefined) open.alert.resolvedAt = now;
    this.open.delete(key);
  }
}

/** A signature is new once; each is an alert of its own here. */
async function replayNew({ counts, projectId, settings }: Replayable, span: Span): Promise<Replayed> {
  const { resolveAfter } = timingOf(settings);
  const backAfter = settings.type === 'new_signature' && settings.back_after !== null ? secondsOf(settings.back_after) : undefined;
  const found = await counts.newSignatures({ projectId, settings }, span, backAfter);
  const alerts = found
    .filter(({ count }) => count >= settings.min_count)
    .map(({ key, firstSeen, quietSeconds, count }): ReplayedAlert => {
      const startedAt = firstSeen.getTime() / 1000;
      const reason = quietSeconds === null ? 'never seen before' : 'back after a while';
      const observation = { key, isBreach: true, window: 0, observed: count, expected: null, score: null, reason };
      return { key, startedAt, resolvedAt: startedAt + resolveAfter, observation, peak: count };
    })
    .reverse();
  return { to: span.to, groups: new Set(alerts.map(({ key }) => keyText(key))).size, alerts };
}
