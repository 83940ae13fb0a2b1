/**
 * `npm run test:faults`: unique ids over real exporters while one part after the other is killed, paused, cut off or slowed.
 * At the end every acknowledged id must be counted exactly once, and alerts must be those of an installation without faults.
 * Prints the table of faults and the balance; exit code 1 when something does not add up.
 */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '../support/app.js';
import { until } from '../support/service.js';
import { sayMachine } from '../../bench/print.js';
import { balanceOf, Counts, PATIENCE_MS, untilFullRate, untilQueueIsEmpty } from './balance.js';
import { chance, commit, drawFaults } from './faults.js';
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
  const queues: QueueKind[] = values.queue === undefined ? ['postgres', 'redis'] : [queueOf(values.queue)];
  const count = numberOf('faults', values.faults);
  const seed = numberOf('seed', values.seed);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  sayMachine();
  const reports: Report[] = [];
  for (const [index, queue] of queues.entries()) {
    const share = Math.floor((count * (index + 1)) / queues.length) - Math.floor((count * index) / queues.length);
    reports.push(await run(queue, share, chance(seed + index), interrupted.signal));
  }
  for (const report of reports) report.print();
  return Report.conclude(reports, seed) ? 0 : 1;
}

async function run(queue: QueueKind, count: number, next: () => number, interrupted: AbortSignal): Promise<Report> {
  const report = new Report(queue);
  const [installation, quiet] = await Promise.all([Installation.start(queue), App.start()]);
  const counts = new Counts(installation.databaseUrl);
  const [planted, expected] = await Promise.all([Planted.open(installation.reader), Planted.open(quiet)]);
  try {
    const workload = new Workload(installation.doors.map(({ url }) => url));
    workload.start();
    report.atRest = await untilFullRate(workload, counts);
    const spikes: string[] = [];
    const spike = async (): Promise<void> => {
      const service = `planted-${String.fromCharCode('a'.charCodeAt(0) + spikes.push(''))}`;
      await Promise.all([installation.eventsUrl, quiet.url].map((url) => plant(url, service)));
    };
    const planting: Promise<void>[] = [];
    for (const [index, fault] of drawFaults([...installation.parts.keys()], count, next).entries()) {
      interrupted.throwIfAborted();
      // While those who must tell of it are away.
      if (fault.part === 'alerts' && planting.length < SPIKES) planting.push(spike());
      report.progress(index + 1, count, fault);
      await commit(fault, installation);
      report.add(fault, await untilFullRate(workload, counts));
      await sleep(fault.calmMs);
    }
    await specialCases({ installation, workload, counts }, report);
    report.step('waiting until everything is counted');
    await Promise.all([...planting, workload.stop(PATIENCE_MS)]);
    await untilQueueIsEmpty(installation.reader);
    report.balance = await balanceOf(workload, counts);
    report.top = await topOf(installation.reader);
    report.planted = planting.length * PLANTED_RECORDS;
    report.step('waiting until alerts are over');
    await until(
      () => Math.min(expected.told.size, planted.told.size),
      (told) => told >= 2 * planting.length,
      RESOLVED_WITHIN_MS,
    ).catch(() => undefined);
    report.alerts = { told: planted.outcome, expected: expected.outcome, received: planted.received };
    return report;
  } finally {
    planted.close();
    expected.close();
    await counts.close();
    await Promise.all([installation.stop(), quiet.stop()]);
  }
}

async function topOf(reader: App): Promise<Map<string, number>> {
  const { body } = await reader.get<{ rows: { key: Record<string, string>; count: number }[] }>('/v1/top?by=service&from=-24h&limit=100');
  return new Map(body.rows.map(({ key, count }) => [key['service'] ?? '', count]));
}

function queueOf(text: string): QueueKind {
  if (text !== 'postgres' && text !== 'redis') throw new Error(`--queue ${text}: there is no such queue; give postgres or redis`);
  return text;
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} ${text}: is no whole number`);
  return Number(text);
}
