/**
 * `npm run bench`: start-up, idle memory, sustained ingest, and overload on the embedded database, several runs each.
 * Prints one table with medians and spread; every record acknowledged must be counted, or the bench fails. Nothing here is
 * a test's verdict.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { App } from '../test/support/app.js';
import type { LoadResult } from './load.js';
import { say, sayMachine } from './print.js';

const HELP = `Usage: npm run bench [-- options]

  --runs N      runs of each scenario              (default 3)
  --seconds N   length of one ingest run           (default 20)
  --rate N      records a second                   (default 20000)
  --batch N     records in a request               (default 512)
  --help        this text
`;
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '512' },
    help: { type: 'boolean', default: false },
  },
});
const LOAD = fileURLToPath(new URL('./load.js', import.meta.url));
/** Kernel clock ticks in /proc/<pid>/stat, on every Linux of today. */
const TICKS_PER_SECOND = 100;
const MIB = 1024 * 1024;
const CAPACITY_SECONDS = '10';

if (values.help) process.stdout.write(HELP);
else await bench(Number(values.runs));

async function bench(runs: number): Promise<void> {
  sayMachine();
  say(`${String(runs)} runs each; median (lowest to highest)\n`);
  const cold: number[] = [];
  const warm: number[] = [];
  const idle: number[] = [];
  const rows: Record<string, number[]> = {};
  for (let run = 0; run < runs; run += 1) {
    progress(`run ${String(run + 1)} of ${String(runs)}: starts`);
    const started = performance.now();
    const app = await App.start();
    cold.push((performance.now() - started) / 1_000);
    try {
      await app.signal('SIGTERM');
      const again = performance.now();
      await app.launch();
      warm.push((performance.now() - again) / 1_000);
      await sleep(5_000);
      idle.push(rssOf(app.pid) / MIB);
      progress(`run ${String(run + 1)} of ${String(runs)}: ${values.rate} records/s for ${values.seconds} s`);
      for (const [name, value] of Object.entries(await ingest(app))) (rows[name] ??= []).push(value);
      progress(`run ${String(run + 1)} of ${String(runs)}: three times what it can take`);
      for (const [name, value] of Object.entries(await overload(app))) (rows[name] ??= []).push(value);
    } finally {
      await app.stop();
    }
  }
  row('ready, empty data directory', cold, 's');
  row('ready, second start', warm, 's');
  row('idle memory of the Node process', idle, 'MiB');
  for (const [name, numbers] of Object.entries(rows)) row(name, numbers, '');
}

async function ingest(app: App): Promise<Record<string, number>> {
  const before = cpuSeconds(app);
  const { sent, failed, seconds, first, acknowledged, peak, lag } = await load(app, values.rate, values.seconds);
  if (failed > 0) throw new Error(`${String(failed)} records were refused at ${values.rate} records/s`);
  return {
    'records sent, all counted': sent,
    'records/s acknowledged': sent / seconds,
    'acknowledgement p50, ms': percentile(acknowledged, 0.5),
    'acknowledgement p99, ms': percentile(acknowledged, 0.99),
    'acknowledgement p99 in the first second, ms': percentile(first, 0.99),
    'last acknowledgement -> all visible, s': lag,
    'records per CPU second, Node and PostgreSQL': sent / (cpuSeconds(app) - before),
    'peak memory of the Node process, MiB': peak / MIB,
  };
}

/** What the service takes at most, and what becomes of three times as much. */
async function overload(app: App): Promise<Record<string, number>> {
  const most = await load(app, '0', CAPACITY_SECONDS);
  const capacity = most.sent / most.seconds;
  const { sent, failed, unsent, seconds, acknowledged, peak, lag } = await load(app, String(Math.round(3 * capacity)), values.seconds);
  return {
    'capacity (16 senders, each at once again), records/s': capacity,
    'offered at three times that, records/s': (sent + failed + unsent) / seconds,
    'acknowledged, all counted, records/s': sent / seconds,
    'told to come again, records/s': failed / seconds,
    'overload: acknowledgement p50, ms': percentile(acknowledged, 0.5),
    'overload: acknowledgement p99, ms': percentile(acknowledged, 0.99),
    'overload: last acknowledgement -> all visible, s': lag,
    'overload: peak memory of the Node process, MiB': peak / MIB,
  };
}

/** @throws when a record that was acknowledged is not counted */
async function load(app: App, rate: string, length: string): Promise<LoadResult & { peak: number; lag: number }> {
  const before = await app.total('&service=bench');
  const child = spawn(process.execPath, [LOAD, `${app.otlpUrl}/v1/logs`, rate, length, values.batch], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, rssOf(app.pid))), 200);
  await once(child, 'close');
  const result = JSON.parse(output) as LoadResult;
  const acknowledgedAt = performance.now();
  const counted = async (): Promise<number> => (await app.total('&service=bench')) - before;
  while ((await counted()) < result.sent && performance.now() - acknowledgedAt < 60_000) await sleep(20);
  const lag = (performance.now() - acknowledgedAt) / 1_000;
  clearInterval(watch);
  // A request whose connection broke may be counted too: nobody was told of it.
  const total = await counted();
  if (total < result.sent || total > result.sent + result.failed)
    throw new Error(`${String(result.sent)} records were acknowledged, ${String(total)} counted, ${String(result.failed)} refused`);
  return { ...result, peak, lag };
}

/** CPU time used so far by the service: Node and every process of its database. */
function cpuSeconds(app: App): number {
  return [app.pid, ...databasePids(app)].reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    // utime, stime, and for the postmaster cutime and cstime: the time of the backends that ended.
    return sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(fields[field]), 0) / TICKS_PER_SECOND;
  }, 0);
}

function databasePids(app: App): number[] {
  const postmaster = readFileSync(`${app.directory}/data/postgres/postmaster.pid`, 'utf8').split('\n')[0] ?? '';
  const backends = execFileSync('pgrep', ['-P', postmaster], { encoding: 'utf8' }).trim().split('\n');
  return [postmaster, ...backends].map(Number);
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

function percentile(sorted: number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

function row(name: string, numbers: number[], unit: string): void {
  const sorted = [...numbers].sort((a, b) => a - b);
  const show = (value: number | undefined): string =>
    value === undefined ? '-' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  say(`${name.padEnd(54)} ${show(percentile(sorted, 0.5)).padStart(10)} ${unit.padEnd(4)} (${show(sorted[0])} to ${show(sorted.at(-1))})`);
}

function progress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
}
