/**
 * Whether the queue may take more: looked at every second, so that asking costs nothing. A queue that nobody empties must
 * not grow until Redis or the disk is full; senders keep what is refused, and send it again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PartHealth } from '../ops/health.js';
import type { BatchQueue } from './batch-queue.js';

/** Batches; some 100 kB each, 1 MB where most of it is texts of their own. */
const MAX_DEPTH = 5_000;
/** Alerts on counts that are older than this are history. */
const MAX_AGE_MS = 6 * 3_600_000;
/** From here on somebody should look. */
const LATE_MS = 60_000;
const INTERVAL_MS = 1_000;
/** What waits for less is as fresh as it should be. */
const FRESH_MS = 500;
const LONGEST_PAUSE_MS = 1_000;

export class QueueGate {
  /** Why nothing may be taken; undefined while it may. */
  reason: string | undefined;
  private depth = 0;
  private ageMs = 0;
  private waitedMs = 0;
  private isStopped = false;

  /** @param onChange told when the gate closes, and with undefined when it opens */
  constructor(
    private readonly queue: Pick<BatchQueue, 'depth' | 'ageMs'>,
    private readonly onChange: (reason: string | undefined) => void,
  ) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Looks now. A queue that does not answer says nothing about its depth: adding to it fails by itself. */
  async look(): Promise<void> {
    try {
      [this.depth, this.ageMs, this.waitedMs] = await Promise.all([this.queue.depth(), this.queue.ageMs(), this.queue.ageMs(['waiting'])]);
    } catch {
      return;
    }
    const before = this.reason;
    this.reason = reasonOf(this.depth, this.ageMs);
    if ((before === undefined) !== (this.reason === undefined)) this.onChange(this.reason);
  }

  /**
   * How long a project's next batch is to wait behind the one before, milliseconds: it grows meanwhile, and larger ones cost less to count.
   * A batch that is tried again, or that a worker died with, says nothing about the others: only the ones in line do. From a minute on there
   * is no pause: perhaps nobody counts at all, and the queue is there to hold what comes.
   */
  get pauseMs(): number {
    return this.waitedMs < FRESH_MS || this.waitedMs > LATE_MS ? 0 : Math.min((this.waitedMs - FRESH_MS) / 2, LONGEST_PAUSE_MS);
  }

  health(): PartHealth {
    if (this.reason !== undefined) return { status: 'warning', detail: `requests are answered 503: ${this.reason}` };
    if (this.ageMs < LATE_MS) return { status: 'ok' };
    const seconds = String(Math.round(this.ageMs / 1000));
    return { status: 'warning', detail: `the oldest of ${String(this.depth)} batches has been waiting for ${seconds} s; run more workers` };
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      await this.look();
      await sleep(INTERVAL_MS, undefined, { ref: false });
    }
  }
}

function reasonOf(depth: number, ageMs: number): string | undefined {
  if (depth >= MAX_DEPTH) return `${String(depth)} batches wait to be counted; run more workers`;
  if (ageMs >= MAX_AGE_MS) return `batches have been waiting for ${(ageMs / 3_600_000).toFixed(1)} hours; see why no worker counts them`;
  return undefined;
}
