/** Does something to the store again and again while a worker runs. A failure is told, the same one every ten minutes, and it is tried again the next time. */
import type { Events } from '../ops/events.js';

const TOLD_AGAIN_MS = 600_000;

export class MaintenanceLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private told: { failure: string; atMs: number } | undefined;

  constructor(
    private readonly maintain: () => Promise<void>,
    private readonly intervalMs: number,
    private readonly events: Pick<Events, 'maintenanceFailed'>,
  ) {}

  start(): void {
    this.running = this.run();
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, this.intervalMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.maintain();
      this.told = undefined;
    } catch (error) {
      this.tell(error);
    } finally {
      this.running = undefined;
    }
  }

  private tell(error: unknown): void {
    const failure = String(error);
    const now = performance.now();
    if (this.told?.failure === failure && now - this.told.atMs < TOLD_AGAIN_MS) return;
    this.told = { failure, atMs: now };
    this.events.maintenanceFailed(error);
  }
}
