/**
 * `npm run test:faults`: unique ids over real exporters while one part after the other is killed, restarted, paused, cut off or slowed.
 * At the end every acknowledged id must be counted exactly once, and alerts must be those of an installation without faults.
 * Prints the table of faults and the balance; exit code 1 when something does not add up.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '../support/app.js';
import { until } from '../support/service.js';
import { randomOf, type Random } from '../../bench/chance.js';
import { say, sayMachine } from '../../bench/print.js';
import { balanceOf, Counts, PATIENCE_MS, untilFullRate, untilQueueIsEmpty } from './balance.js';
import { commit, drawFaults, type Fault } from './faults.js';
import { Installation, type QueueKind } from './parts.js';
import { plant, Planted, PLANTED_RECORDS } from './planted.js';
import { Report } from './report.js';
import { specialCases } from './special-cases.js';
import { Workload } from './workload.js';

const HELP = `Usage: npm run test:faults [-- options]

  --faults N    faults over all parts              (default 60; 1000 is the long form)
  --seed N      of their order                     (default 1)
  --queue Q     postgres or redis                  (default both, half of the faults each)
  --help        this text
`;
/** A spike is over 60 s after it left its window of as long. */
const RESOLVED_WITHIN_MS = 180_000;
const SPIKES = 2;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    queue: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const queues = values.queue === undefined ? queuesHere() : [queueOf(values.queue)];
  const count = numberOf('faults', values.faults);
  const seed = numberOf('seed', values.seed);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted.abort();
    });
  sayMachine();
  const quiet = await App.start();
  const reference = { quiet, expected: await Planted.open(quiet) };
  // Beside each other: most of the time a run waits.
  const runs = queues.map((queue, index) => {
    const share = Math.floor((count * (index + 1)) / queues.length) - Math.floor((count * index) / queues.length);
    return run({ queue, count: share, next: randomOf(seed + index), interrupted: interrupted.signal }, reference);
  });
  const ended = await Promise.allSettled(runs);
  reference.expected.close();
  await quiet.stop();
  const reports = ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  for (const report of reports) report.print();
  return Report.conclude(reports, seed) ? 0 : 1;
}

interface Task {
  queue: QueueKind;
  /** Faults. */
  count: number;
  next: Random;
  interrupted: AbortSignal;
}

/** An installation that nothing happens to, and what it tells. */
interface Reference {
  quiet: App;
  expected: Planted;
}

async function run(task: Task, { quiet, expected }: Reference): Promise<Report> {
  const report = new Report(task.queue);
  report.step('starting');
  const installation = await Installation.start(task.queue);
  const counts = new Counts(installation.databaseUrl);
  const prefix = `planted-${task.queue}-`;
  let planted: Planted | undefined;
  try {
    const inbox = (planted = await Planted.open(installation.reader, installation.databaseUrl));
    const workload = new Workload(installation.doors.map(({ url }) => url));
    workload.start();
    await untilFullRate(workload, counts);
    const spikes: Promise<unknown>[] = [];
    const onFault = ({ part }: Fault): void => {
      // While those who must tell of it are away.
      if (part !== 'alerts' || spikes.length === SPIKES) return;
      const service = `${prefix}${'ab'.charAt(spikes.length)}`;
      const spike = Promise.all([installation.eventsUrl, quiet.url].map((url) => plant(url, service)));
      // Told where it is awaited.
      spike.catch(() => undefined);
      spikes.push(spike);
    };
    await faultsOf(task, { installation, workload, counts, report, onFault });
    await specialCases({ installation, workload, counts }, report);
    report.step('waiting until everything is counted');
    await Promise.all([...spikes, workload.stop(PATIENCE_MS)]);
    await untilQueueIsEmpty(installation.reader);
    report.troubles = workload.troubles;
    report.balance = await balanceOf(workload, counts);
    report.top = await topOf(installation.reader);
    report.planted = spikes.length * PLANTED_RECORDS;
    report.step('waiting until the planted alerts are over');
    const told = (): number => Math.min(expected.outcome(prefix).length, inbox.outcome(prefix).length);
    await until(told, (messages) => messages >= 2 * spikes.length, RESOLVED_WITHIN_MS).catch(() => undefined);
    report.alerts = { told: inbox.outcome(prefix), expected: expected.outcome(prefix), received: inbox.received };
    if (report.problems.length > 0) await keepOutput(task.queue, installation);
    return report;
  } catch (error) {
    await keepOutput(task.queue, installation);
    throw error;
  } finally {
    planted?.close();
    await counts.close();
    await installation.stop();
  }
}

interface Scene {
  installation: Installation;
  workload: Workload;
  counts: Counts;
  report: Report;
  onFault: (fault: Fault) => void;
}

async function faultsOf({ count, next, interrupted }: Task, { installation, workload, counts, report, onFault }: Scene): Promise<void> {
  for (const [index, fault] of drawFaults([...installation.parts.keys()], count, next).entries()) {
    interrupted.throwIfAborted();
    report.progress(index + 1, count, fault);
    onFault(fault);
    const awayMs = await commit(fault, installation);
    report.add(fault, awayMs / 1_000, await untilFullRate(workload, counts));
    await sleep(fault.calmMs);
  }
}

/** For looking into what went wrong. */
async function keepOutput(queue: QueueKind, { output }: Installation): Promise<void> {
  await mkdir('test-results', { recursive: true });
  await writeFile(`test-results/faults-${queue}.log`, output);
  process.stderr.write(`what the processes wrote is in test-results/faults-${queue}.log\n`);
}

async function topOf(reader: App): Promise<Map<string, number>> {
  const { body } = await reader.get<{ rows: { key: Record<string, string>; count: number }[] }>('/v1/top?by=service&from=-24h&limit=100');
  return new Map(body.rows.map(({ key, count }) => [key['service'] ?? '', count]));
}

/** Without redis-server the half with Redis is skipped, which is told. */
function queuesHere(): QueueKind[] {
  if (spawnSync('redis-server', ['--version']).status === 0) return ['postgres', 'redis'];
  if (process.env['CI'] !== undefined) throw new Error('redis-server is not installed: in CI the Redis half must run');
  say('SKIPPED: the queue in Redis, for redis-server is not installed; all faults are with the queue in PostgreSQL');
  return ['postgres'];
}

function queueOf(text: string): QueueKind {
  if (text !== 'postgres' && text !== 'redis') throw new Error(`--queue ${text}: there is no such queue; give postgres or redis`);
  return text;
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} ${text}: is no whole number`);
  return Number(text);
}
