/**
 * Judges history again: whenever built-in or taught rules changed, every signature that was judged by other rules gets a
 * new verdict, in portions, in the background. Counts point at signatures, so all trends change with it. Several
 * processes may work at once; one that is stopped leaves nothing half done.
 */
import type { Events } from '../ops/events.js';
import type { PartHealth } from '../ops/health.js';
import type { SignatureRow } from '../store/entities.js';
import type { TeachingStore } from '../store/teaching-store.js';
import type { RuleBook, RulePage } from './rule-book.js';

const CHECK_EVERY_MS = 1_000;
/** Some 50 ms of judging and writing, so that counting is never held up for long. */
const PORTION = 1_000;

export class Rejudging {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isStopped = false;
  /** Signatures still to judge, over all projects; 0 when verdicts are up to date. */
  pending = 0;

  constructor(
    private readonly store: TeachingStore,
    private readonly book: RuleBook,
    private readonly events: Events,
  ) {}

  start(): void {
    this.running = this.run();
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, CHECK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  health(): PartHealth {
    return this.pending === 0
      ? { status: 'ok' }
      : { status: 'ok', detail: `judging history again: ${String(this.pending)} signatures to go` };
  }

  private async run(): Promise<void> {
    try {
      for (const { id } of await this.store.projects()) await this.project(id);
    } catch (error) {
      this.events.rejudgingFailed(error);
    } finally {
      this.running = undefined;
    }
  }

  private async project(projectId: number): Promise<void> {
    const page = await this.book.page(projectId);
    const outdated = await this.store.outdated(projectId, page.state);
    if (outdated === 0) return;
    const started = performance.now();
    this.pending += outdated;
    let judged = 0;
    try {
      while (!this.isStopped) {
        const portion = await this.store.rejudge(projectId, page.state, PORTION, (row) => judgementOf(page, row));
        judged += portion;
        this.pending -= Math.min(portion, outdated);
        if (portion < PORTION) break;
      }
    } finally {
      this.pending = 0;
    }
    this.events.rejudged(judged, performance.now() - started);
  }
}

/** In the form in which verdicts are stored. */
export function judgementOf(page: RulePage, row: SignatureRow): ReturnType<Parameters<TeachingStore['rejudge']>[3]> {
  const { verdict, audit } = page.judge(row.signature(), row.taughtCause);
  return { verdict, findings: audit.findings, observable: audit.observable };
}
