/** What a service is like that is not driven as hard as it can: how soon it is there, what it weighs, a steady rate, and three times what it can take. */
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '../test/support/app.js';
import { measure, rssOf, type Measured, type Processes } from './measure.js';
import type { Kind } from './requests.js';

const MIB = 1024 * 1024;
const IDLE_MS = 5_000;
const RATE = 20_000;
const CONNECTIONS = 2_000;

export interface Starts {
  emptySeconds: number;
  againSeconds: number;
  idleMib: number;
}

/** With a database of its own, as `npm start` has it. */
export async function starts(): Promise<Starts> {
  const started = performance.now();
  const app = await App.start();
  try {
    const emptySeconds = (performance.now() - started) / 1_000;
    await app.signal('SIGTERM');
    const again = performance.now();
    await app.launch();
    const againSeconds = (performance.now() - again) / 1_000;
    await sleep(IDLE_MS);
    return { emptySeconds, againSeconds, idleMib: rssOf(app.pid) / MIB };
  } finally {
    await app.stop();
  }
}

/** @param kind of the records @throws when any is refused at the steady rate */
export async function steady(
  { app, processes }: { app: App; processes: Processes },
  kind: Kind,
  seconds: number,
): Promise<{ steady: Measured; overload: Measured }> {
  const load = { ...kind, target: `${app.otlpUrl}/v1/logs`, seconds };
  const atRate = await measure(app, processes, { ...load, rate: RATE, connections: CONNECTIONS });
  if (atRate.failed > 0) throw new Error(`${String(atRate.failed)} records were refused at ${String(RATE)} records/s`);
  const most = await measure(app, processes, { ...load, rate: 0, connections: 16 });
  const overload = await measure(app, processes, { ...load, rate: Math.round(3 * most.recordsPerSecond), connections: CONNECTIONS });
  return { steady: atRate, overload };
}
