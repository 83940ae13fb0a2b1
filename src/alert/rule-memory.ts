/**
 * What the evaluating process knows of each rule's groups: loaded or learned from history when a rule is first looked at,
 * brought forward by the minutes that are over, and saved now and then. An evaluation reads new minutes alone.
 */
import { secondsOf, timingOf, type RuleSettings } from '../core/alert/rule.js';
import type { Observation } from '../core/alert/state.js';
import { keyOf, keyText, makeWatch, SpikeWatch, type Minute, type Watch } from '../core/alert/watch.js';
import { floorTo, MINUTE_SECONDS } from '../core/levels.js';
import type { AlertCounts, GroupCount, Scope } from '../store/alert-counts.js';
import type { Span } from '../store/count-queries.js';
import type { AlertRuleStore, StoredAlertRule } from '../store/alert-rule-store.js';
import { newSignatureObservations } from './new-signatures.js';

/** A week and a day: the rhythm of a week once, and of its last day twice. */
const HISTORY_SECONDS = 8 * 86_400;
/** Read at once: some thousand rows of each group. */
const CHUNK_SECONDS = 6 * 3_600;
const SAVE_EVERY_SECONDS = 600;
const CLOCK_SLACK_SECONDS = 120;
/** A minute that has hardly begun says nothing of a rate. */
const LEAST_ELAPSED = 1 / 6;

interface Known {
  rule: StoredAlertRule;
  watch: Watch;
  /** Start of the first minute that is not learned, epoch seconds. */
  learnedTo: number;
  savedAt: number;
}

export class RuleMemory {
  private readonly known = new Map<string, Known>();

  /**
   * @param queueAgeMs how long the oldest batch has waited: what lies within that time is not counted yet
   * @param renew called now and then while history is learned, which may take longer than a lease
   */
  constructor(
    private readonly rules: AlertRuleStore,
    private readonly counts: AlertCounts,
    private readonly queueAgeMs: () => Promise<number>,
    private readonly renew: () => Promise<unknown>,
  ) {}

  /** @param now epoch seconds @returns what holds now, of groups that show something */
  async observe(rule: StoredAlertRule, now: number): Promise<Observation[]> {
    if (rule.settings.type === 'new_signature') return newSignatureObservations(this.counts, rule, now);
    const known = await this.knownOf(rule, now);
    const backlog = (await this.queueAgeMs()) / 1000;
    const closedTo = floorTo(now - timingOf(rule.settings).evaluationDelay - backlog, MINUTE_SECONDS);
    // After a long time away, or a clock that was set forward, no more is read than for a new rule.
    known.learnedTo = Math.max(known.learnedTo, closedTo - historyOf(rule.settings));
    while (known.learnedTo < closedTo) {
      const to = Math.min(closedTo, known.learnedTo + CHUNK_SECONDS);
      for (const minute of await minutesOf(this.counts, rule, { from: known.learnedTo, to }, now)) known.watch.learn(minute);
      known.learnedTo = to;
      if (to < closedTo) await this.renew();
    }
    const from = known.learnedTo;
    const pending = from > now ? [] : await minutesOf(this.counts, rule, { from, to: floorTo(now, MINUTE_SECONDS) + MINUTE_SECONDS }, now);
    if (now - known.savedAt >= SAVE_EVERY_SECONDS) await this.saveOne(known, now);
    return known.watch.observe(pending);
  }

  /** "This is normal": what is counted now is what is expected of the group from now on. */
  async accept(rule: StoredAlertRule, key: readonly string[], now: number): Promise<void> {
    const known = await this.knownOf(rule, now);
    if (known.watch instanceof SpikeWatch) known.watch.accept(keyText(key));
    await this.saveOne(known, now);
  }

  /** Groups of the last minute that the rule does not look at, because there are too many. */
  leftOut(ruleId: string): number {
    return this.known.get(ruleId)?.watch.leftOut ?? 0;
  }

  /** Forgets rules that are gone. */
  keep(ids: readonly string[]): void {
    const kept = new Set(ids);
    for (const id of this.known.keys()) if (!kept.has(id)) this.known.delete(id);
  }

  /** Another process evaluates now and learns what this one does not see. */
  forget(): void {
    this.known.clear();
  }

  async save(now: number): Promise<void> {
    for (const known of this.known.values()) await this.saveOne(known, now);
  }

  private async knownOf(rule: StoredAlertRule, now: number): Promise<Known> {
    const known = this.known.get(rule.id);
    const isSame = known?.rule.updatedAt.getTime() === rule.updatedAt.getTime();
    // What was learned of a time that has not come yet was a wrong clock's.
    if (known !== undefined && isSame && known.learnedTo <= now + CLOCK_SLACK_SECONDS) return known;
    const loaded = await this.load(rule, now);
    this.known.set(rule.id, loaded);
    return loaded;
  }

  private async load(rule: StoredAlertRule, now: number): Promise<Known> {
    const { settings } = rule;
    const watch = makeWatch(settings);
    const oldest = floorTo(now - historyOf(settings), MINUTE_SECONDS);
    if (!(watch instanceof SpikeWatch)) return { rule, watch, learnedTo: oldest, savedAt: now };
    const stored = await this.rules.groups(rule);
    if (stored === undefined || stored.learnedTo < oldest || stored.learnedTo > now + CLOCK_SLACK_SECONDS)
      return { rule, watch, learnedTo: oldest, savedAt: now };
    for (const { key, state, lastSeen } of stored.groups) watch.remember(keyText(key), state, lastSeen);
    return { rule, watch, learnedTo: stored.learnedTo, savedAt: now };
  }

  private async saveOne(known: Known, now: number): Promise<void> {
    known.savedAt = now;
    if (!(known.watch instanceof SpikeWatch)) return;
    const groups = known.watch.memory.map(({ key, ...rest }) => ({ key: keyOf(key), ...rest }));
    await this.rules.saveGroups(known.rule, known.learnedTo, groups);
  }
}

/** What has to be read before a rule can be judged, seconds. */
export function historyOf(settings: RuleSettings): number {
  return settings.type === 'spike'
    ? HISTORY_SECONDS
    : 'window' in settings
      ? secondsOf(settings.window) + timingOf(settings).evaluationDelay
      : 0;
}

/** Every minute of the span, in order. @param now epoch seconds: minutes that are not over are there in part */
export async function minutesOf(counts: AlertCounts, scope: Scope, span: Span, now: number): Promise<Minute[]> {
  const [counted, requests, alive] = await Promise.all([
    counts.minutes(scope, span),
    scope.settings.type === 'ratio' ? counts.traffic(scope, span) : [],
    counts.alive(span),
  ]);
  const countsAt = byMinute(counted);
  const trafficAt = byMinute(requests);
  const minutes: Minute[] = [];
  for (let { from: at } = span; at < span.to; at += MINUTE_SECONDS) {
    const own = countsAt.get(at) ?? new Map<string, number>();
    // Of times before anybody noted it, nothing speaks against it.
    const isAlive = own.size > 0 || alive.minutes.has(at) || alive.first === undefined || at < alive.first;
    const elapsed = Math.min(1, Math.max(LEAST_ELAPSED, (now - at) / MINUTE_SECONDS));
    minutes.push({ at, counts: own, traffic: trafficAt.get(at) ?? new Map<string, number>(), isAlive, elapsed });
  }
  return minutes;
}

function byMinute(counts: readonly GroupCount[]): Map<number, Map<string, number>> {
  const minutes = new Map<number, Map<string, number>>();
  for (const { at, key, count } of counts) {
    const minute = minutes.get(at) ?? new Map<string, number>();
    minutes.set(at, minute.set(keyText(key), count));
  }
  return minutes;
}
