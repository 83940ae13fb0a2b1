/** What a service is like that is not driven as hard as it can: how soon it is there, what it weighs, steady rates, and three times what it can take. */
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '../test/support/app.js';
import type { Load } from './load.js';
import { measure, rssOf, type Measured, type Processes } from './measure.js';
import type { Kind } from './requests.js';

const MIB = 1024 * 1024;
const IDLE_MS = 5_000;
const RATE = 20_000;
const CONNECTIONS = 2_000;
/** Records in some 36 requests: what 180 instances send that export every 5 s. */
const FEW = { rate: 200, connections: 180 };

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

export interface Steady {
  /** A fresh process at the steady rate, and the same one later on. */
  fresh: Measured;
  warm: Measured;
  /** Few small requests. */
  few: Measured;
  overload: Measured;
}

/** @param kind of the records, but for those of small requests @throws when any is refused at a steady rate */
export async function steady({ app, processes }: { app: App; processes: Processes }, kind: Kind, seconds: number): Promise<Steady> {
  const load = { ...kind, target: `${app.otlpUrl}/v1/logs`, seconds };
  const atRate = async (own: Partial<Load>): Promise<Measured> => {
    const one = { ...load, rate: RATE, connections: CONNECTIONS, ...own };
    const measured = await measure(app, processes, one);
    if (measured.failed > 0) throw new Error(`${String(measured.failed)} records were refused at ${String(one.rate)} records/s`);
    return measured;
  };
  const fresh = await atRate({});
  const warm = await atRate({});
  const few = await atRate({ ...FEW, scenario: 'C' });
  const most = await measure(app, processes, { ...load, rate: 0, connections: 16 });
  const overload = await measure(app, processes, { ...load, rate: Math.round(3 * most.recordsPerSecond), connections: CONNECTIONS });
  return { fresh, warm, few, overload };
}
