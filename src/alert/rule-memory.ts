/**
 * What the evaluating process knows of each rule's groups: loaded or learned from history when a rule is first looked at,
 * brought forward by the buckets that are over, and saved now and then. An evaluation reads new buckets alone. When
 * verdicts change, what rests on causes is learned anew.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import { secondsOf, timingOf, type RuleSettings } from '../core/alert/rule.js';
import type { Observation } from '../core/alert/state.js';
import { keyOf, keyText, makeWatch, SpikeWatch, type Bucket, type Watch } from '../core/alert/watch.js';
import { ceilTo, FINEST_SECONDS, floorTo, MINUTE_SECONDS, type Retention } from '../core/levels.js';
import type { AlertCounts, GroupCount, Scope } from '../store/alert-counts.js';
import type { AlertRuleStore, StoredAlertRule } from '../store/alert-rule-store.js';
import type { Span } from '../store/count-queries.js';
import { newSignatureObservations } from './new-signatures.js';

/** A week and a day: the rhythm of a week once, and of its last day twice. */
const HISTORY_SECONDS = 8 * 86_400;
/** Counts of an hour in one are no counts of a minute. */
const RETENTION_SLACK_SECONDS = 2 * 3_600;
const LEAST_HISTORY_SECONDS = 1_800;
/** Buckets read at once: some thousand rows of each group. */
const CHUNK_BUCKETS = 360;
const SAVE_EVERY_SECONDS = 600;
const CLOCK_SLACK_SECONDS = 120;
/** Records that wait for longer come late; a batch that fails again and again must not stop time. */
const MOST_BACKLOG_SECONDS = 900;
/** What is longer over is no news, even if nobody was told: so long before the last bucket that is closed. */
const NEWS_SECONDS = 900;
/** Ingestion that was not heard of for this long is away. */
const AWAY_SECONDS = 150;
/** Verdicts that have changed go on changing for a while. */
const SETTLED_SECONDS = 15;
/** A minute that has hardly begun says nothing of a rate. */
const LEAST_ELAPSED = 1 / 6;

export interface Look {
  observations: Observation[];
  /** False when nothing can be said: what is open stays open. */
  isKnown: boolean;
}

interface Known {
  rule: StoredAlertRule;
  watch: Watch;
  /** Start of the first bucket that is not learned, epoch seconds. */
  learnedTo: number;
  savedAt: number;
  /** When verdicts had last changed, epoch seconds. */
  verdictsAt: number;
  /** What ends behind it was not judged by anybody; what lies before was. Epoch seconds. */
  newsFrom: number;
}

/** How long changing verdicts are waited for. */
const LONGEST_WAIT_SECONDS = 60;

export interface RuleMemoryParts {
  rules: AlertRuleStore;
  counts: AlertCounts;
  retention: Retention;
  /** How long the oldest batch has waited: what lies within that time is not counted yet. */
  queueAgeMs: () => Promise<number>;
  /** Called now and then while history is learned, which may take longer than a lease. */
  renew: () => Promise<unknown>;
}

export class RuleMemory {
  private readonly known = new Map<string, Known>();
  /** Since when verdicts keep changing, by rule. */
  private readonly movingSince = new Map<string, number>();

  constructor(private readonly parts: RuleMemoryParts) {}

  /**
   * @param now epoch seconds
   * @param verdictsAt when verdicts of the project last changed, epoch seconds
   */
  async look(rule: StoredAlertRule, now: number, verdictsAt: number): Promise<Look> {
    if (rule.settings.type === 'new_signature') {
      // What it may have counted before it was changed is of no use.
      this.known.delete(rule.id);
      const from = Math.max(newsFromOf(rule), now - NEWS_SECONDS);
      return { observations: await newSignatureObservations(this.parts.counts, rule, { from, now }), isKnown: true };
    }
    const settled = this.settledAt(rule, now, verdictsAt);
    if (settled === undefined) return { observations: [], isKnown: false };
    const known = await this.knownOf(rule, now, settled);
    await this.catchUp(known, now);
    const to = ceilTo(now, FINEST_SECONDS);
    const pending = known.learnedTo >= to ? [] : await bucketsOf(this.parts.counts, rule, { from: known.learnedTo, to }, now);
    if (!(await this.isAlive(pending, now))) return { observations: [], isKnown: false };
    return { observations: known.watch.observe(pending), isKnown: true };
  }

  /** What was observed last is told. */
  async confirm(rule: StoredAlertRule, now: number): Promise<void> {
    const known = this.known.get(rule.id);
    // Signatures are new by when they were written, which nothing delays.
    const judgedTo = known?.learnedTo ?? floorTo(now, MINUTE_SECONDS);
    const delay = known === undefined ? 0 : timingOf(rule.settings).evaluationDelay;
    // Before it is saved: what was learned is of use only as far as it is judged.
    if (judgedTo !== rule.judgedTo.getTime() / 1000) await this.parts.rules.setJudgedTo(rule, judgedTo, delay);
    if (known === undefined) return;
    known.watch.confirm();
    if (now - known.savedAt >= SAVE_EVERY_SECONDS) await this.saveOne(known, now);
  }

  /** @returns by which verdicts the rule is to be judged; undefined while they are changing, for a while */
  private settledAt(rule: StoredAlertRule, now: number, verdictsAt: number): number | undefined {
    if (!restsOnCauses(rule.settings) || Math.abs(now - verdictsAt) >= SETTLED_SECONDS) {
      this.movingSince.delete(rule.id);
      return verdictsAt;
    }
    const since = this.movingSince.get(rule.id) ?? now;
    this.movingSince.set(rule.id, since);
    // A long change of all history must not keep everybody from being told of anything.
    return now - since > LONGEST_WAIT_SECONDS ? (this.known.get(rule.id)?.verdictsAt ?? verdictsAt) : undefined;
  }

  private async isAlive(pending: readonly Bucket[], now: number): Promise<boolean> {
    if (pending.some(({ at, counts }) => counts.size > 0 && at >= now - AWAY_SECONDS)) return true;
    const { minutes, first } = await this.parts.counts.alive({ from: now - AWAY_SECONDS, to: now + MINUTE_SECONDS });
    return minutes.size > 0 || first === undefined || now < first;
  }

  /** "This is normal": what is counted now is what is expected of the group from now on. */
  accept(rule: StoredAlertRule, key: readonly string[], now: number): void {
    const known = this.known.get(rule.id);
    if (!(known?.watch instanceof SpikeWatch)) return;
    known.watch.accept(keyText(key), now);
    known.savedAt = 0;
  }

  /** Groups of the last bucket that the rule does not look at, because there are too many. */
  leftOut(ruleId: string): number {
    return this.known.get(ruleId)?.watch.leftOut ?? 0;
  }

  /** Forgets rules that are gone. */
  keep(ids: readonly string[]): void {
    const kept = new Set(ids);
    for (const id of [...this.known.keys(), ...this.movingSince.keys()]) {
      if (kept.has(id)) continue;
      this.known.delete(id);
      this.movingSince.delete(id);
    }
  }

  /** Another process evaluates now and learns what this one does not see. */
  forget(): void {
    this.known.clear();
  }

  async save(now: number): Promise<void> {
    for (const known of this.known.values()) await this.saveOne(known, now);
  }

  private async catchUp(known: Known, now: number): Promise<void> {
    const { rule, watch } = known;
    const backlog = Math.min(MOST_BACKLOG_SECONDS, (await this.parts.queueAgeMs()) / 1000);
    const closedTo = floorTo(now - timingOf(rule.settings).evaluationDelay - backlog, watch.seconds);
    // After a long time away, or a clock that was set forward, no more is read than for a new rule.
    const most = historyOf(rule.settings, this.parts.retention) + NEWS_SECONDS + MOST_BACKLOG_SECONDS;
    known.learnedTo = Math.max(known.learnedTo, floorTo(closedTo - most, watch.seconds));
    while (known.learnedTo < closedTo) {
      const to = Math.min(closedTo, known.learnedTo + CHUNK_BUCKETS * watch.seconds);
      for (const bucket of await bucketsOf(this.parts.counts, rule, { from: known.learnedTo, to }, now)) {
        watch.learn(bucket, bucket.at + watch.seconds > known.newsFrom && bucket.at >= closedTo - NEWS_SECONDS);
      }
      known.learnedTo = to;
      if (to < closedTo) await Promise.all([this.parts.renew(), immediate()]);
    }
  }

  private async knownOf(rule: StoredAlertRule, now: number, verdictsAt: number): Promise<Known> {
    const known = this.known.get(rule.id);
    const isSame =
      known?.rule.updatedAt.getTime() === rule.updatedAt.getTime() && (known.verdictsAt === verdictsAt || !restsOnCauses(rule.settings));
    // What was learned of a time that has not come yet was a wrong clock's.
    if (known !== undefined && isSame && known.learnedTo <= now + CLOCK_SLACK_SECONDS) return known;
    const loaded = await this.load(rule, now, verdictsAt);
    this.known.set(rule.id, loaded);
    return loaded;
  }

  private async load(rule: StoredAlertRule, now: number, verdictsAt: number): Promise<Known> {
    const watch = makeWatch(rule.settings);
    const newsFrom = await this.remind(rule, watch, { now, verdictsAt });
    // What is news needs what lies before it to be judged by.
    const first = Math.min(now, Math.max(newsFrom, now - NEWS_SECONDS - MOST_BACKLOG_SECONDS));
    const oldest = floorTo(first - historyOf(rule.settings, this.parts.retention), watch.seconds);
    if (watch instanceof SpikeWatch)
      for (const { key, at } of await this.parts.rules.accepted(rule, oldest)) watch.acceptAt(keyText(key), at);
    const fresh: Known = { rule, watch, learnedTo: oldest, savedAt: now, verdictsAt, newsFrom };
    if (!(watch instanceof SpikeWatch)) return fresh;
    const stored = await this.parts.rules.groups(rule);
    if (stored === undefined || (restsOnCauses(rule.settings) && stored.verdictsAt !== verdictsAt)) return fresh;
    // No breach is found in what is learned already: what nobody judged, or a version that does not note it, is learned again.
    if (stored.learnedTo < oldest || stored.learnedTo > Math.min(newsFrom, now + CLOCK_SLACK_SECONDS)) return fresh;
    for (const { key, state, lastSeen } of stored.groups) watch.remember(keyText(key), state, lastSeen);
    return { ...fresh, learnedTo: stored.learnedTo };
  }

  /**
   * Has the watch know what alerts told of already.
   * @returns from when on breaches are news, epoch seconds
   */
  private async remind(rule: StoredAlertRule, watch: Watch, { now, verdictsAt }: { now: number; verdictsAt: number }): Promise<number> {
    const from = newsFromOf(rule);
    const breaches = await this.parts.rules.lastBreaches(rule, from - watch.seconds);
    // Of a clock that was ahead no more is told than has come.
    for (const { key, at } of breaches) watch.remind(keyText(key), Math.min(at, now));
    if (!restsOnCauses(rule.settings) || verdictsAt < from) return from;
    // What was told under a cause must not be told again under another one.
    return Math.max(from, ...breaches.map(({ at }) => Math.min(at, now)));
  }

  private async saveOne(known: Known, now: number): Promise<void> {
    known.savedAt = now;
    if (!(known.watch instanceof SpikeWatch)) return;
    const groups = known.watch.memory.map(({ key, ...rest }) => ({ key: keyOf(key), ...rest }));
    await this.parts.rules.saveGroups(known.rule, { learnedTo: known.learnedTo, verdictsAt: known.verdictsAt, groups });
  }
}

/** Of a rule that is new or was changed, nothing before is news. Epoch seconds. */
function newsFromOf({ judgedTo, updatedAt }: StoredAlertRule): number {
  return Math.max(judgedTo.getTime(), updatedAt.getTime()) / 1000;
}

function restsOnCauses({ group_by, filter }: RuleSettings): boolean {
  return [...group_by, ...Object.keys(filter)].some((name) => name === 'cause' || name === 'fault');
}

/** What has to be read before a rule can be judged, seconds. */
export function historyOf(settings: RuleSettings, retention: Retention): number {
  if (settings.type === 'spike')
    return Math.min(HISTORY_SECONDS, Math.max(LEAST_HISTORY_SECONDS, retention['1m'] - RETENTION_SLACK_SECONDS));
  return 'window' in settings ? secondsOf(settings.window) + timingOf(settings).evaluationDelay + MINUTE_SECONDS : 0;
}

/** Every bucket of the span that a rule of this kind takes, in order. @param now epoch seconds: what is not over is there in part */
export async function bucketsOf(counts: AlertCounts, scope: Scope, span: Span, now: number): Promise<Bucket[]> {
  const { type } = scope.settings;
  const seconds = type === 'spike' || type === 'ratio' ? MINUTE_SECONDS : FINEST_SECONDS;
  const [counted, requests, alive] = await Promise.all([
    counts.buckets(scope, span, seconds),
    type === 'ratio' ? counts.traffic(scope, span, seconds) : [],
    counts.alive(span),
  ]);
  const countsAt = byBucket(counted);
  const trafficAt = byBucket(requests);
  const buckets: Bucket[] = [];
  for (let { from: at } = span; at < span.to; at += seconds) {
    const own = countsAt.get(at) ?? new Map<string, number>();
    // Of times before anybody noted it, nothing speaks against it.
    const isAlive = own.size > 0 || alive.minutes.has(floorTo(at, MINUTE_SECONDS)) || alive.first === undefined || at < alive.first;
    const elapsed = Math.min(1, Math.max(LEAST_ELAPSED, (now - at) / seconds));
    buckets.push({ at, counts: own, traffic: trafficAt.get(at) ?? new Map<string, number>(), isAlive, elapsed });
  }
  return buckets;
}

function byBucket(counts: readonly GroupCount[]): Map<number, Map<string, number>> {
  const buckets = new Map<number, Map<string, number>>();
  for (const { at, key, count } of counts) {
    const bucket = buckets.get(at) ?? new Map<string, number>();
    buckets.set(at, bucket.set(keyText(key), count));
  }
  return buckets;
}
