/** Does something to the store again and again while a worker runs. A failure is told once until it is another or over, and it is tried again the next time. */
import type { Events } from '../ops/events.js';

export class MaintenanceLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failure: string | undefined;

  constructor(
    private readonly maintain: () => Promise<void>,
    private readonly intervalMs: number,
    private readonly events: Events,
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
      this.failure = undefined;
    } catch (error) {
      if (String(error) !== this.failure) this.events.maintenanceFailed(error);
      this.failure = String(error);
    } finally {
      this.running = undefined;
    }
  }
}
