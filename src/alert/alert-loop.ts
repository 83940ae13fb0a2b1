/** Keeps alerts going: evaluates every few seconds, finds deliveries that are due, and forgets what is old. A failure is told and tried again. */
import type { Events } from '../ops/events.js';
import type { PartHealth } from '../ops/health.js';
import type { AlertRuleStore } from '../store/alert-rule-store.js';
import type { AlertStore } from '../store/alert-store.js';
import type { Deliverer } from './deliverer.js';
import type { Evaluator } from './evaluator.js';

/** Detection and delivery stay well below the 15 s that a spike may take to reach its webhook. */
const INTERVAL_MS = 5_000;
/** Without an evaluation for this long, somebody should look. */
const LATE_MS = 60_000;
const ALERTS_KEPT_MS = 400 * 86_400_000;
const TESTS_KEPT_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

export interface AlertLoopParts {
  evaluator: Evaluator;
  deliverer: Deliverer;
  rules: AlertRuleStore;
  alerts: AlertStore;
  events: Events;
}

export class AlertLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private sweeping: Promise<void> | undefined;
  private lastMs = Date.now();
  private forgottenMs = 0;

  constructor(private readonly parts: AlertLoopParts) {}

  start(): void {
    this.parts.deliverer.start();
    this.timer = setInterval(() => {
      this.running ??= this.run();
      // By itself: what is due must not wait for an evaluation that takes long.
      this.sweeping ??= this.sweep();
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.parts.deliverer.stop();
    await Promise.all([this.running, this.sweeping]);
    await this.parts.evaluator.stop(Date.now()).catch((error: unknown) => {
      this.parts.events.evaluationFailed(error);
    });
  }

  health(): PartHealth {
    const { problems } = this.parts.evaluator;
    if (Date.now() - this.lastMs > LATE_MS)
      return { status: 'warning', detail: 'no alert rule was evaluated for a minute; the log says why' };
    if (problems.size === 0) return { status: 'ok' };
    return { status: 'warning', detail: `${String(problems.size)} alert rules have a problem; GET /v1/alert-rules says which` };
  }

  private async sweep(): Promise<void> {
    try {
      await this.parts.deliverer.sweep();
    } catch (error) {
      this.parts.events.connectionFailed('deliveries', error);
    } finally {
      this.sweeping = undefined;
    }
  }

  private async run(): Promise<void> {
    const { evaluator, events } = this.parts;
    const startedMs = Date.now();
    try {
      const isHere = await evaluator.evaluate(startedMs);
      if (isHere) events.rulesEvaluated(Date.now() - startedMs);
      this.lastMs = Date.now();
      if (isHere && startedMs - this.forgottenMs > FORGET_EVERY_MS) {
        await this.parts.alerts.forget(new Date(startedMs - ALERTS_KEPT_MS), new Date(startedMs - TESTS_KEPT_MS));
        await this.parts.rules.forgetAlive();
        this.forgottenMs = startedMs;
      }
    } catch (error) {
      events.evaluationFailed(error);
    } finally {
      this.running = undefined;
    }
  }
}

/** Notes that ingestion is alive, for as long as it is: a minute without records is a zero only then. */
export class AliveNotes {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rules: AlertRuleStore,
    private readonly isOpen: () => boolean,
    private readonly events: Events,
  ) {}

  start(): void {
    const note = (): void => {
      if (!this.isOpen()) return;
      this.rules.noteAlive().catch((error: unknown) => {
        this.events.connectionFailed('alerts', error);
      });
    };
    note();
    this.timer = setInterval(note, 2 * INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
