/**
 * `npm run bench:soak`: a steady rate for a long time, minute by minute. Prints memory and acknowledgement times of each minute, and how
 * both change: what leaks, or slows down as counts grow, shows here. Every record acknowledged must be counted.
 */
import { parseArgs } from 'node:util';
import { App } from '../test/support/app.js';
import { measure, percentile, rssOf, type Measured } from './measure.js';
import { say, sayMachine, table } from './print.js';
import { SIGNATURES } from './requests.js';

const HELP = `Usage: npm run bench:soak [-- options]

  --minutes N   for how long           (default 30)
  --rate N      records a second       (default 5000)
  --help        this text
`;
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '5000' },
    help: { type: 'boolean', default: false },
  },
});
const MIB = 1024 * 1024;
const CONNECTIONS = 64;
const MINUTE_SECONDS = 60;
const SAMPLE_MS = 2_000;
/** Caches fill, and code is compiled. */
const WARM_UP_MINUTES = 5;

interface Minute extends Measured {
  /** Of the Node process, median of the samples. */
  rssMib: number;
}

if (values.help) process.stdout.write(HELP);
else await soak();

async function soak(): Promise<void> {
  sayMachine();
  say(`${values.rate} records/s for ${values.minutes} minutes\n`);
  const app = await App.start();
  const minutes: Minute[] = [];
  try {
    for (let minute = 0; minute < Number(values.minutes); minute += 1) {
      const one = await oneMinute(app);
      minutes.push(one);
      process.stderr.write(
        `minute ${String(minute + 1)}: ${one.rssMib.toFixed(0)} MiB, p50 ${one.ackP50Ms.toFixed(0)} ms, p99 ${one.ackP99Ms.toFixed(0)} ms\n`,
      );
    }
  } finally {
    await app.stop();
  }
  sayMinutes(minutes);
}

async function oneMinute(app: App): Promise<Minute> {
  const samples: number[] = [];
  const watch = setInterval(() => samples.push(rssOf(app.pid) / MIB), SAMPLE_MS);
  const load = { scenario: 'A' as const, service: 'bench', signatures: SIGNATURES, target: `${app.otlpUrl}/v1/logs` };
  try {
    const measured = await measure(app, () => [app.pid], {
      ...load,
      ...{ rate: Number(values.rate), seconds: MINUTE_SECONDS, connections: CONNECTIONS },
    });
    return {
      ...measured,
      rssMib: percentile(
        samples.sort((a, b) => a - b),
        0.5,
      ),
    };
  } finally {
    clearInterval(watch);
  }
}

function sayMinutes(minutes: readonly Minute[]): void {
  const rows = minutes.map((one, index) => [
    ...[index + 1, one.rssMib.toFixed(0), one.ackP50Ms.toFixed(0), one.ackP99Ms.toFixed(0), one.longestFreshMs.toFixed(0), one.failed],
  ]);
  table(['minute', 'memory of Node MiB', 'ack p50 ms', 'ack p99 ms', 'visible, longest ms', 'refused'], rows);
  const sent = minutes.reduce((sum, one) => sum + one.sent, 0);
  const later = minutes.slice(WARM_UP_MINUTES);
  say(`\n${sent.toLocaleString('en')} records acknowledged, all counted`);
  if (later.length < 2) return;
  say(`after ${String(WARM_UP_MINUTES)} minutes: memory ${signed(slopeOf(later.map(({ rssMib }) => rssMib)))} MiB a minute,`);
  say(
    `  acknowledgement p50 ${signed(slopeOf(later.map(({ ackP50Ms }) => ackP50Ms)))} ms a minute, p99 ${signed(slopeOf(later.map(({ ackP99Ms }) => ackP99Ms)))} ms a minute`,
  );
}

/** Least squares, by step. */
function slopeOf(figures: readonly number[]): number {
  const middle = (figures.length - 1) / 2;
  const mean = figures.reduce((sum, one) => sum + one, 0) / figures.length;
  let [products, squares] = [0, 0];
  for (const [index, one] of figures.entries()) {
    products += (index - middle) * (one - mean);
    squares += (index - middle) ** 2;
  }
  return products / squares;
}

function signed(figure: number): string {
  return `${figure < 0 ? '' : '+'}${figure.toFixed(2)}`;
}
