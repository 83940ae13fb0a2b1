/**
 * Evaluates the alert rules every few seconds, in one process at a time: whoever holds the lease. For each rule it takes
 * the minutes that are over into what the rule knows, looks at what holds now, and writes what follows: the alert with its
 * deliveries in one transaction. What detectors learned is saved now and then; what is younger is learned again from the
 * counts, so that a process that ends at any moment loses nothing.
 */
import { randomUUID } from 'node:crypto';
import type { AlertRuleSnapshot } from '../core/alert/alert.js';
import { isSilenced } from '../core/alert/silence.js';
import { timingOf } from '../core/alert/rule.js';
import { step, type Observation, type OpenAlert, type Step } from '../core/alert/state.js';
import { keyText, MAX_GROUPS } from '../core/alert/watch.js';
import type { Events } from '../ops/events.js';
import type { AlertRuleStore, StoredAlertRule } from '../store/alert-rule-store.js';
import { LeaseLostError, type AlertStore, type NewDelivery, type StoredAlert, type Transition } from '../store/alert-store.js';
import type { EndpointStore, StoredSilence } from '../store/endpoint-store.js';
import type { AlertWriter } from './alert-writer.js';
import type { RuleMemory } from './rule-memory.js';

export interface EvaluatorParts {
  /** Of the lease: this process. */
  holder: string;
  rules: AlertRuleStore;
  alerts: AlertStore;
  endpoints: EndpointStore;
  memory: RuleMemory;
  writer: AlertWriter;
  events: Events;
  /** Told of deliveries that were written. */
  onDeliveries: (ids: string[]) => void;
}

const MAX_PROBLEM = 500;

/** Longer without an evaluation, nobody can say that it was calm. */
const GAP_SECONDS = 60;

/** What one evaluation of all rules works with. */
interface Round {
  /** Epoch seconds. */
  now: number;
  silences: readonly StoredSilence[];
  /** When verdicts last changed, epoch seconds, by project. */
  verdictsAt: ReadonlyMap<number, number>;
}

export class Evaluator {
  /** Problems by rule id, for the health of the service. */
  readonly problems = new Map<string, string>();

  private isHolding = false;
  private evaluatedAt = 0;
  /** Since when calm counts, epoch seconds: all rules, and rules that nothing could be said of in between. */
  private since = 0;
  private readonly sinceOf = new Map<string, number>();

  constructor(private readonly parts: EvaluatorParts) {}

  /** @returns false when another process evaluates */
  async evaluate(nowMs: number): Promise<boolean> {
    const { rules, alerts, endpoints, memory } = this.parts;
    const lease = await rules.holdLease(this.parts.holder);
    this.isHolding = lease !== undefined;
    // Somebody else may have told what is still to be told here.
    if (lease?.isNew !== false) memory.forget();
    if (lease === undefined) {
      this.problems.clear();
      return false;
    }
    const now = nowMs / 1000;
    // Another process may have evaluated until a moment ago.
    if (lease.isNew ? lease.gap > GAP_SECONDS : Math.abs(now - this.evaluatedAt) > GAP_SECONDS) this.since = now;
    this.evaluatedAt = now;
    const round: Round = { now, silences: await endpoints.silences(), verdictsAt: await rules.verdictsChangedAt() };
    const open = await alerts.open();
    const all = (await rules.rules()).filter(({ isEnabled }) => isEnabled);
    memory.keep(all.map(({ id }) => id));
    for (const rule of all) {
      const own = open.filter(({ ruleId, projectId }) => ruleId === rule.id && projectId === rule.projectId);
      // A round may take longer than a lease; another process must not take it for dead.
      await alerts.renewLease(this.parts.holder);
      await this.evaluateRule(rule, own, round);
    }
    const known = new Set(all.map(({ id }) => id));
    for (const id of [...this.problems.keys(), ...this.sinceOf.keys()]) {
      if (known.has(id)) continue;
      this.problems.delete(id);
      this.sinceOf.delete(id);
    }
    for (const alert of open) if (!known.has(alert.ruleId)) await this.end(alert, 'the rule was deleted or switched off', round);
    return true;
  }

  /** Saves what was learned and lets another process take over at once. */
  async stop(nowMs: number): Promise<void> {
    if (this.isHolding) await this.parts.memory.save(nowMs / 1000);
    await this.parts.rules.giveUpLease(this.parts.holder);
  }

  /** A rule that cannot be evaluated says so, and costs no other one its evaluation. */
  private async evaluateRule(rule: StoredAlertRule, open: readonly StoredAlert[], round: Round): Promise<void> {
    try {
      const { observations, isKnown } = await this.parts.memory.look(rule, round.now, round.verdictsAt.get(rule.projectId) ?? 0);
      if (!isKnown) this.sinceOf.set(rule.id, round.now);
      const byKey = new Map(observations.map((observation) => [keyText(observation.key), observation]));
      const openByKey = new Map(open.map((alert) => [keyText(alert.key), alert]));
      for (const key of new Set([...byKey.keys(), ...openByKey.keys()])) {
        if (isKnown || openByKey.get(key)?.acceptedAt != null) await this.follow(rule, openByKey.get(key), byKey.get(key), round);
      }
      if (isKnown) await this.parts.memory.confirm(rule, round.now);
      await this.tell(rule, problemOf(this.parts.memory.leftOut(rule.id)));
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      this.sinceOf.set(rule.id, round.now);
      this.parts.events.ruleNotEvaluated(rule.id, error);
      await this.tell(rule, (error instanceof Error ? error.message : String(error)).slice(0, MAX_PROBLEM));
    }
  }

  private async tell(rule: StoredAlertRule, problem: string | null): Promise<void> {
    if (problem === null) this.problems.delete(rule.id);
    else this.problems.set(rule.id, problem);
    if (problem !== rule.problem) await this.parts.rules.setProblem(rule, problem);
  }

  private async follow(
    rule: StoredAlertRule,
    alert: StoredAlert | undefined,
    observation: Observation | undefined,
    round: Round,
  ): Promise<void> {
    const next = step(timingOf(rule.settings), alert && this.stateOf(alert, round.now), observation, round.now);
    if (alert === undefined) {
      if (observation !== undefined && next.to !== 'same') await this.begin(rule, observation, next, round);
      return;
    }
    if (alert.acceptedAt !== null) {
      this.parts.memory.accept(rule, alert.key, round.now);
      await this.end(alert, 'accepted as normal', round);
      return;
    }
    const followed = withFigures(alert, observation, round.now);
    if (next.to === 'firing') await this.fire(rule, { ...followed, reason: next.reason }, round, observation);
    else if (next.to === 'resolved') await this.end(followed, next.reason, round);
    else if (next.to === 'dropped') await this.parts.alerts.drop(this.parts.holder, alert);
    else if (alert.status === 'firing' && alert.notifiedAt === null && observation?.isBreach === true) await this.notify(followed, round);
    else if (next.to === 'same' && next.isBreach) await this.parts.alerts.follow(this.parts.holder, followed);
  }

  private stateOf({ status, startedAt, lastBreachAt, ruleId }: StoredAlert, now: number): OpenAlert {
    const began = startedAt.getTime() / 1000;
    if (status === 'pending') return { status, startedAt: began, lastBreachAt: lastBreachAt.getTime() / 1000 };
    // A clock that was ahead must not keep it open; and what nobody looked at was not calm.
    const breach = Math.min(now, Math.max(lastBreachAt.getTime() / 1000, this.since, this.sinceOf.get(ruleId) ?? 0));
    return { status: 'firing', startedAt: began, lastBreachAt: breach };
  }

  private async begin(rule: StoredAlertRule, observation: Observation, next: Exclude<Step, { to: 'same' }>, round: Round): Promise<void> {
    if (!(await this.parts.writer.hasClients(rule, observation, observation.at ?? round.now))) return;
    const at = new Date(round.now * 1000);
    const startedAt = new Date((observation.lateSince ?? round.now) * 1000);
    const { window, observed, expected, score } = observation;
    const alert: StoredAlert = {
      ...{ projectId: rule.projectId, id: randomUUID(), ruleId: rule.id, rule: snapshotOf(rule), key: [...observation.key] },
      ...{ status: 'pending', reason: next.reason, startedAt, firedAt: null, resolvedAt: null, lastBreachAt: at },
      ...{ notifiedAt: null, acknowledgedAt: null, acknowledgedNote: null, acceptedAt: null, details: {} },
      figures: { window_seconds: window, observed, expected, score, peak: observed, total: observed },
    };
    if (next.to === 'firing') await this.fire(rule, alert, round, observation);
    else await this.parts.alerts.write(this.parts.holder, alert, []);
  }

  private async fire(rule: StoredAlertRule, alert: StoredAlert, round: Round, observation?: Observation): Promise<void> {
    const at = new Date(round.now * 1000);
    const explained = await this.parts.writer.explain(
      rule,
      { ...alert, status: 'firing', firedAt: at },
      observation?.at ?? round.now,
      observation?.signatures,
    );
    this.parts.events.alertFired(rule.name, alert.key, alert.reason);
    await this.notify(explained, round);
  }

  /** Tells its endpoints, unless it is silenced: then it is told when that is over, if it still fires. */
  private async notify(alert: StoredAlert, round: Round): Promise<void> {
    if (
      isSilenced(
        alert,
        round.silences.filter(({ projectId }) => projectId === alert.projectId),
        round.now,
      )
    ) {
      await this.parts.alerts.write(this.parts.holder, alert, []);
      return;
    }
    await this.send({ ...alert, notifiedAt: new Date(round.now * 1000) }, 'firing', round.now);
  }

  private async end(alert: StoredAlert, reason: string, { now }: Round): Promise<void> {
    if (alert.status === 'pending') {
      await this.parts.alerts.drop(this.parts.holder, alert);
      return;
    }
    const counted = await this.parts.writer.withTotal(alert, now);
    const resolved: StoredAlert = { ...counted, status: 'resolved', resolvedAt: new Date(now * 1000), reason };
    this.parts.events.alertResolved(alert.rule.name, alert.key, reason);
    if (alert.notifiedAt === null) await this.parts.alerts.write(this.parts.holder, resolved, []);
    else await this.send(resolved, 'resolved', now);
  }

  private async send(alert: StoredAlert, transition: Exclude<Transition, 'test'>, now: number): Promise<void> {
    const endpoints = await this.parts.endpoints.endpoints(alert.projectId);
    const wanted = endpoints.filter(
      ({ id, disabledReason, sendsResolved }) =>
        // What was told that it fires is told that it is over, as soon as it is switched on again.
        (disabledReason === null || transition === 'resolved') &&
        (alert.rule.endpoints === null || alert.rule.endpoints.includes(id)) &&
        (transition === 'firing' || sendsResolved),
    );
    const message = this.parts.writer.message(alert, transition, now);
    const deliveries = wanted.map(({ id }): NewDelivery => ({ endpointId: id, transition, message }));
    this.parts.onDeliveries(await this.parts.alerts.write(this.parts.holder, alert, deliveries));
  }
}

function problemOf(leftOut: number): string | null {
  if (leftOut === 0) return null;
  return `${String(leftOut)} groups are not looked at: a rule has ${String(MAX_GROUPS)} at most; filter, or group by less`;
}

function withFigures(alert: StoredAlert, observation: Observation | undefined, now: number): StoredAlert {
  if (observation === undefined) return alert;
  const { window, observed, expected, score, isBreach } = observation;
  const peak = Math.max(alert.figures.peak, observed);
  return {
    ...alert,
    lastBreachAt: isBreach ? new Date(now * 1000) : alert.lastBreachAt,
    figures: { ...alert.figures, window_seconds: window, observed, expected, score, peak },
  };
}

function snapshotOf({ id, name, settings }: StoredAlertRule): AlertRuleSnapshot {
  const { type, severity, group_by, filter, labels, endpoints } = settings;
  const finding = settings.type === 'finding' ? { finding: settings.finding } : {};
  return { id, name, type, severity, group_by, filter, labels, endpoints, ...finding };
}
