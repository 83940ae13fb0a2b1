/** What is well and what is not, part by part, for /health/ready. Parts say it themselves; this only asks them. */

/** `warning`: works, but a promise does not hold (for example, a queue that forgets when it crashes). */
export interface PartHealth {
  status: 'ok' | 'warning' | 'down';
  detail?: string;
}

export interface Health {
  status: 'ok' | 'warning' | 'down';
  parts: Record<string, PartHealth>;
}

/** A part that does not answer within this time is down. */
const CHECK_TIMEOUT_MS = 2_000;

export class HealthChecks {
  private readonly checks = new Map<string, () => Promise<PartHealth>>();

  add(part: string, check: () => Promise<PartHealth>): void {
    this.checks.set(part, check);
  }

  async ready(): Promise<Health> {
    const parts = await Promise.all([...this.checks].map(async ([part, check]) => [part, await withTimeout(check)] as const));
    const statuses = parts.map(([, health]) => health.status);
    const status = (['down', 'warning'] as const).find((worst) => statuses.includes(worst)) ?? 'ok';
    return { status, parts: Object.fromEntries(parts) };
  }
}

async function withTimeout(check: () => Promise<PartHealth>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(() => {
      resolve({ status: 'down', detail: `does not answer within ${String(CHECK_TIMEOUT_MS / 1000)} s` });
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check(), timeout]);
  } catch (error) {
    return { status: 'down', detail: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}
