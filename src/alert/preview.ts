/** Replays a rule over what was counted: when it would have fired, with the same steps as at present. */
import { timingOf, type RuleSettings } from '../core/alert/rule.js';
import { step, type Observation, type OpenAlert } from '../core/alert/state.js';
import { keyText, makeWatch, type Minute, type Watch } from '../core/alert/watch.js';
import { MINUTE_SECONDS } from '../core/levels.js';
import type { AlertCounts } from '../store/alert-counts.js';
import type { Span } from '../store/count-queries.js';
import { historyOf, minutesOf } from './rule-memory.js';

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

const CHUNK_SECONDS = 6 * 3_600;
/** People wait for it. */
const TIME_LIMIT_MS = 20_000;
const MAX_ALERTS = 1_000;

/** @param span whole minutes */
export async function replay(counts: AlertCounts, projectId: number, settings: RuleSettings, span: Span): Promise<Replayed> {
  if (settings.type === 'new_signature') return replayNew(counts, projectId, settings, span);
  const started = performance.now();
  const run = new Replay(settings);
  for (let from = span.from - historyOf(settings); from < span.to; from += CHUNK_SECONDS) {
    if (performance.now() - started > TIME_LIMIT_MS || run.alerts.length >= MAX_ALERTS)
      return { to: from, groups: run.groups, alerts: run.alerts };
    const chunk = { from, to: Math.min(span.to, from + CHUNK_SECONDS) };
    // All of them are over.
    for (const minute of await minutesOf(counts, { projectId, settings }, chunk, Infinity)) run.take(minute, minute.at >= span.from);
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

  get groups(): number {
    return this.seen.size;
  }

  take(minute: Minute, isAsked: boolean): void {
    const observations = new Map(this.watch.observe([minute]).map((one) => [keyText(one.key), one]));
    this.watch.learn(minute);
    for (const key of observations.keys()) this.seen.add(key);
    if (isAsked)
      for (const key of new Set([...observations.keys(), ...this.open.keys()])) this.follow(key, observations.get(key), minute.at);
  }

  private follow(key: string, observation: Observation | undefined, at: number): void {
    const open = this.open.get(key);
    const now = at + MINUTE_SECONDS;
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
async function replayNew(counts: AlertCounts, projectId: number, settings: RuleSettings, span: Span): Promise<Replayed> {
  const { resolveAfter } = timingOf(settings);
  const found = await counts.newSignatures({ projectId, settings }, span, undefined);
  const alerts = found
    .map(({ key, firstSeen, count }): ReplayedAlert => {
      const startedAt = firstSeen.getTime() / 1000;
      const observation = { key, isBreach: true, window: 0, observed: count, expected: null, score: null, reason: 'never seen before' };
      return { key, startedAt, resolvedAt: startedAt + resolveAfter, observation, peak: count };
    })
    .reverse();
  return { to: span.to, groups: new Set(alerts.map(({ key }) => keyText(key))).size, alerts };
}
