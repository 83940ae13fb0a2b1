/** Maintains the store once a minute while a worker runs. A failure is told and tried again a minute later. */
import type { Events } from '../ops/events.js';
import type { MaintenanceReport } from '../store/maintenance.js';

const INTERVAL_MS = 60_000;

export class MaintenanceLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly maintain: () => Promise<MaintenanceReport | undefined>,
    private readonly events: Events,
  ) {}

  start(): void {
    this.running = this.run();
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      const report = await this.maintain();
      if (report !== undefined) this.events.maintained(report);
    } catch (error) {
      this.events.maintenanceFailed(error);
    } finally {
      this.running = undefined;
    }
  }
}
