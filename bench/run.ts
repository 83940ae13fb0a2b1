/**
 * `npm run bench`: what taking in refusals costs, scenario by scenario on both queues, beside what a user would write instead, and
 * start-up, memory and overload. Prints tables with medians and spread, keeps them as JSON, and names what costs more CPU since the
 * last result. Every record acknowledged must be counted, or the bench fails. Nothing here is a test's verdict.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { EmbeddedPostgres } from '../src/store/embedded-postgres.js';
import { App } from '../test/support/app.js';
import { startRedis, stopRedis } from '../test/support/redis-server.js';
import { measure, percentile, withChildren, type Measured, type Processes } from './measure.js';
import { machine, percent, progress, say, sayMachine, table } from './print.js';
import { medianMs, rawRows, type RawRows } from './raw-rows.js';
import { SCENARIOS, SIGNATURES, type Scenario } from './requests.js';
import { starts, steady, type Starts, type Steady } from './steady.js';
import { yardstickMs } from './yardstick.js';

const HELP = `Usage: npm run bench [-- options]

  --runs N          runs of each scenario                        (default 3)
  --seconds N       length of one run, from 2 on                 (default 5)
  --scenarios LIST  of ${SCENARIOS.join(',')}                               (default all)
  --queues LIST     of postgres,redis                            (default both, redis where redis-server is installed)
  --rows LIST       millions of records to compare with raw rows (default 1,10; long: 1,10,30)
  --results DIR     where results go                             (default bench/results)
  --help            this text

  A all refusals, ${SIGNATURES.toLocaleString('en')} signatures    B one refusal among 100 records    C 1 to 10 records, 500 connections, 21,000/s
  D each record a new signature, beyond the limit of a day               E as A over OTLP/gRPC
  F as A as JSON events

  A, E and F draw from as many signatures, by a few of which most are refused, into 16 requests that are sent again and again with
  fresh times and numbers; B and C are the same with fewer than 100. What is stored depends on the time too, which is short here.
`;
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    scenarios: { type: 'string', default: SCENARIOS.join(',') },
    queues: { type: 'string', default: 'postgres,redis' },
    rows: { type: 'string', default: '1,10' },
    results: { type: 'string', default: 'bench/results' },
    help: { type: 'boolean', default: false },
  },
});
const SERVICE = 'bench';
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 3;
/** What C is asked for: many small senders, none of which goes as fast as it can. More than the 20,000 that are promised, so that they can be seen. */
const MANY = { rate: 21_000, connections: 500 };
const SLOWER_BY = 0.15;
/** Ten seconds of counts are settled some half a minute behind their end. */
const QUIET_SECONDS = 45;
const MILLION = 1_000_000;
const MILLIONS = values.rows.split(',').map(Number);

interface Run extends Measured {
  /** CPU time that the yardstick took beside it, before and behind: how slow the machine was. Results of before have none. */
  yardstickMs?: number;
}

interface Row {
  scenario: Scenario;
  queue: string;
  runs: Run[];
  /** Behind the runs; in A, with the queue in PostgreSQL, then at as many millions of records as there are raw rows to compare with. */
  stored: Stored[];
}

interface Stored {
  /** Counted so far. */
  records: number;
  /** At the end of the load, with what is on its way. */
  bytesPerMillion: number;
  /** QUIET_SECONDS later, when all is counted and settled. */
  quietBytesPerMillion: number | undefined;
  /** Bytes of the largest tables then, with their indexes. */
  tables: Record<string, number>;
  /** The trend over all of them. */
  trendMs: number;
}

interface Result {
  date: string;
  machine: string;
  seed: number;
  rows: Row[];
  raw: RawRows;
  steady: Steady | undefined;
  starts: Starts[];
}

/** A service whose database and queue are this process's, so that what they store can be looked at. */
interface Place {
  app: App;
  url: string;
  processes: Processes;
}

if (values.help) process.stdout.write(HELP);
else if (Number(values.seconds) >= 2) await bench();
else throw new Error(`--seconds is ${values.seconds}, and has to be 2 or more: rates and times are those behind the first second`);

async function bench(): Promise<void> {
  sayMachine();
  const wanted = SCENARIOS.filter((one) => values.scenarios.split(',').includes(one));
  const rows: Row[] = [];
  for (const queue of values.queues.split(',')) {
    for (const scenario of wanted) {
      const row = await withPlace(queue, (place) => runs(place, scenario, queue));
      if (row !== undefined) rows.push(row);
    }
  }
  progress('raw rows');
  const raw = await withServer(({ url, processes }) =>
    rawRows(url, processes, MILLIONS, { seconds: Number(values.seconds), connections: CONNECTIONS }),
  );
  progress('');
  const others = await withPlace('postgres', (place) =>
    steady(place, { scenario: 'A', service: SERVICE, signatures: SIGNATURES }, 2 * Number(values.seconds)),
  );
  const started: Starts[] = [];
  for (let run = 0; run < Number(values.runs); run += 1) started.push(await starts());
  progress('');
  const result: Result = {
    date: new Date().toISOString(),
    machine: machine(),
    seed: 401,
    rows,
    raw,
    steady: others,
    starts: started,
  };
  sayRows(rows);
  if (others !== undefined) saySteady(others);
  sayStarts(started);
  sayRaw(
    raw,
    rows.find(({ scenario, queue }) => isCompared(scenario, queue)),
  );
  await compare(rows);
  const file = join(values.results, `${result.date.slice(0, 19).replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  say(`\nkept in ${file}`);
}

async function runs({ app, url, processes }: Place, scenario: Scenario, queue: string): Promise<Row> {
  const target = scenario === 'E' ? new URL(app.grpcUrl).host : scenario === 'F' ? `${app.url}/v1/events` : `${app.otlpUrl}/v1/logs`;
  const load = {
    scenario,
    service: SERVICE,
    signatures: SIGNATURES,
    target,
    rate: 0,
    connections: CONNECTIONS,
    ...(scenario === 'C' ? MANY : {}),
  };
  const emptyBytes = await databaseBytes(url);
  progress(`${scenario}, queue in ${queue}: warms up`);
  const warm = await measure(app, processes, { ...load, seconds: WARM_UP_SECONDS });
  const measured: Run[] = [];
  let beforeMs = await yardstickMs();
  for (let run = 1; run <= Number(values.runs); run += 1) {
    progress(`${scenario}, queue in ${queue}: run ${String(run)} of ${values.runs}`);
    const one = await measure(app, processes, { ...load, seconds: Number(values.seconds) });
    const afterMs = await yardstickMs();
    measured.push({ ...one, yardstickMs: (beforeMs + afterMs) / 2 });
    beforeMs = afterMs;
  }
  let records = [warm, ...measured].reduce((sum, one) => sum + one.sent, 0);
  const stored: Stored[] = [];
  const perMillion = async (): Promise<number> => ((await databaseBytes(url)) - emptyBytes) / (records / MILLION);
  const look = async (): Promise<void> => {
    const bytesPerMillion = await perMillion();
    const trendMs = await medianMs(() => app.get('/v1/trends?from=-24h&by=cause'));
    if (isCompared(scenario, queue)) {
      progress(`${scenario}, queue in ${queue}: waits ${String(QUIET_SECONDS)} s until all is settled`);
      await sleep(QUIET_SECONDS * 1_000);
    }
    const quietBytesPerMillion = isCompared(scenario, queue) ? await perMillion() : undefined;
    stored.push({ records, bytesPerMillion, quietBytesPerMillion, tables: await largestTables(url), trendMs });
  };
  await look();
  for (const millions of isCompared(scenario, queue) ? MILLIONS : []) {
    const isMore = records < millions * MILLION;
    while (records < millions * MILLION) {
      progress(`${scenario}, queue in ${queue}: ${(records / MILLION).toFixed(1)} of ${String(millions)} million records`);
      const { sent } = await measure(app, processes, { ...load, seconds: Number(values.seconds) });
      if (sent === 0) throw new Error('the service takes no more records');
      records += sent;
    }
    if (isMore) await look();
  }
  return { scenario, queue, runs: measured, stored };
}

/** With raw rows. */
function isCompared(scenario: Scenario, queue: string): boolean {
  return scenario === 'A' && queue === 'postgres';
}

/** @returns undefined where there is no such queue on this machine */
async function withPlace<T>(queue: string, work: (place: Place) => Promise<T>): Promise<T | undefined> {
  return withServer(async ({ url, directory, processes: ofDatabase }) => {
    const redis = queue === 'redis' ? await startRedis(join(directory, 'redis')) : undefined;
    if (queue === 'redis' && redis === undefined) {
      say('redis-server is not installed: nothing is measured with the queue in Redis');
      return undefined;
    }
    const app = await App.start({ DATABASE_URL: url, ...(redis === undefined ? {} : { REDIS_URL: redis.url }) });
    try {
      return await work({
        app,
        url,
        processes: () => [app.pid, ...ofDatabase(), ...(redis?.child.pid === undefined ? [] : [redis.child.pid])],
      });
    } finally {
      await app.stop();
      if (redis !== undefined) await stopRedis(redis);
    }
  });
}

interface Server extends Pick<Place, 'url' | 'processes'> {
  /** Gone afterwards. */
  directory: string;
}

async function withServer<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'why401-bench-'));
  const server = await EmbeddedPostgres.start(directory, () => undefined);
  const pid = Number((await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  try {
    return await work({ url: server.url, directory, processes: () => withChildren(pid) });
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function databaseBytes(url: string): Promise<number> {
  const [row] = await asked<{ bytes: string }>(url, 'SELECT pg_database_size(current_database()) AS bytes');
  return Number(row?.bytes);
}

async function largestTables(url: string): Promise<Record<string, number>> {
  const rows = await asked<{ relname: string; bytes: string }>(
    url,
    'SELECT relname, pg_total_relation_size(relid) AS bytes FROM pg_stat_user_tables ORDER BY bytes DESC LIMIT 8',
  );
  return Object.fromEntries(rows.map(({ relname, bytes }) => [relname, Number(bytes)]));
}

async function asked<T extends pg.QueryResultRow>(url: string, query: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(query)).rows;
  } finally {
    await client.end();
  }
}

function sayRows(rows: readonly Row[]): void {
  say(
    `\n${values.runs} runs of ${values.seconds} s each after a warm-up; median (lowest to highest). CPU seconds of Node, PostgreSQL and Redis together.`,
  );
  const head = [
    '',
    'queue',
    'records/s',
    'per CPU second',
    'ack p50 ms',
    'ack p99 ms',
    'visible, longest ms',
    'peak MiB',
    'MB stored per million',
    'all counted',
  ];
  table(
    head,
    rows.map(({ scenario, queue, runs: measured, stored }) => [
      ...[scenario, queue, spread(measured, 'recordsPerSecond'), spread(measured, 'recordsPerCpuSecond')],
      ...[spread(measured, 'ackP50Ms'), spread(measured, 'ackP99Ms'), spread(measured, 'longestFreshMs'), spread(measured, 'peakMib')],
      ...[((stored[0]?.bytesPerMillion ?? NaN) / 1e6).toFixed(1), measured.reduce((sum, { sent }) => sum + sent, 0).toLocaleString('en')],
    ]),
  );
  const yardsticks = rows.flatMap((row) => row.runs.map((one) => one.yardstickMs ?? NaN)).sort((a, b) => a - b);
  const shown = [percentile(yardsticks, 0.5), yardsticks[0] ?? NaN, yardsticks.at(-1) ?? NaN].map((ms) => ms.toFixed(0));
  say(
    `\nThe yardstick, work that is always the same, took ${shown[0] ?? ''} ms of CPU (${shown[1] ?? ''} to ${shown[2] ?? ''}): the speed of the machine, by which results are compared.`,
  );
}

function saySteady({ fresh, warm, few, overload }: Steady): void {
  say(
    '\nA at a steady rate, C at one with few requests, and A at three times what 16 senders get acknowledged that send again at once. CPU is ms a second, that of asking what is visible with it:',
  );
  const shown = (name: string, of: Measured): string[] => {
    const { offered, recordsPerSecond, cpuMsPerSecond, ackP50Ms, ackP99Ms, firstSecondAckP99Ms, lastVisibleMs, peakMib } = of;
    const figures = [offered, recordsPerSecond, cpuMsPerSecond, ackP50Ms, ackP99Ms, firstSecondAckP99Ms, lastVisibleMs, peakMib];
    return [name, ...figures.map((figure) => Math.round(figure).toLocaleString('en'))];
  };
  const head = [
    ...['', 'offered/s', 'acknowledged/s', 'CPU', 'ack p50 ms', 'ack p99 ms', 'first second p99 ms', 'last one visible ms', 'peak MiB'],
  ];
  table(head, [
    shown('A, fresh process', fresh),
    shown('A, later on', warm),
    shown('C, small requests', few),
    shown('A, overload', overload),
  ]);
}

function sayStarts(started: readonly Starts[]): void {
  const shown = (name: keyof Starts): string => {
    const sorted = started.map((one) => one[name]).sort((a, b) => a - b);
    return `${(percentile(sorted, 0.5) || 0).toFixed(1)} (${(sorted[0] ?? NaN).toFixed(1)} to ${(sorted.at(-1) ?? NaN).toFixed(1)})`;
  };
  say(
    `\nready on an empty data directory ${shown('emptySeconds')} s, at the second start ${shown('againSeconds')} s, idle ${shown('idleMib')} MiB`,
  );
}

function sayRaw(raw: RawRows, ours: Row | undefined): void {
  say('\nA beside a row in PostgreSQL for each record, multi-row insert, and GROUP BY for the trend:');
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(2);
  const theirs = Object.entries(raw.trendMs).map(([millions, ms]) => [
    ...['rows', Math.round(raw.rowsPerCpuSecond), millions, mb(raw.bytesPerMillion), '', ms.toFixed(0)],
  ]);
  const received = ['rows, sent by exporters', Math.round(raw.receivedPerCpuSecond), '', '', '', ''];
  const own = (ours?.stored ?? []).map(({ records, bytesPerMillion, quietBytesPerMillion = NaN, trendMs }) => [
    ...['why401', Math.round(medianOf(ours?.runs ?? [], 'recordsPerCpuSecond'))],
    ...[(records / MILLION).toFixed(1), mb(bytesPerMillion), mb(quietBytesPerMillion), trendMs.toFixed(0)],
  ]);
  table(
    ['', 'records per CPU second', 'million records', 'MB per million', `${String(QUIET_SECONDS)} s later`, 'trend over all, ms'],
    [...own, ...theirs, received],
  );
}

/** Names what costs more CPU than in the last result that is kept: by the yardstick, or else the hour would be compared with it. */
async function compare(rows: readonly Row[]): Promise<void> {
  await mkdir(values.results, { recursive: true });
  const files = (await readdir(values.results)).filter((name) => name.endsWith('.json')).sort();
  const last = files.at(-1);
  if (last === undefined) return;
  const before = JSON.parse(await readFile(join(values.results, last), 'utf8')) as Result;
  const isSame = before.machine === machine();
  say(`\nbeside ${last}${isSame ? '' : `, which was measured on another machine (${before.machine})`}:`);
  for (const { scenario, queue, runs: measured } of rows) {
    const known = before.rows.find((row) => row.scenario === scenario && row.queue === queue);
    if (known === undefined) continue;
    const plain = medianOf(measured, 'recordsPerCpuSecond') / medianOf(known.runs, 'recordsPerCpuSecond') - 1;
    const even = isSame ? recordsPerYardstick(measured) / recordsPerYardstick(known.runs) - 1 : NaN;
    const change = Number.isNaN(even) ? plain : even;
    const verdict = change < -SLOWER_BY ? `  REGRESSION of more than ${String(100 * SLOWER_BY)} %` : '';
    const how = Number.isNaN(even) ? ' (no yardstick to compare by)' : `, ${signedPercent(even)} at the same speed of the machine`;
    say(`  ${scenario} ${queue}: ${signedPercent(plain)} records per CPU second${how}${verdict}`);
  }
}

function signedPercent(part: number): string {
  return `${part > 0 ? '+' : ''}${percent(part)}`;
}

/** Median of the records in as much CPU time as the yardstick took. */
function recordsPerYardstick(measured: readonly Run[]): number {
  const all = measured.map((one) => (one.recordsPerCpuSecond * (one.yardstickMs ?? NaN)) / 1_000);
  return percentile(
    all.sort((a, b) => a - b),
    0.5,
  );
}

function sortedOf(measured: readonly Measured[], name: keyof Measured): number[] {
  return measured.map((one) => one[name]).sort((a, b) => a - b);
}

function medianOf(measured: readonly Measured[], name: keyof Measured): number {
  return percentile(sortedOf(measured, name), 0.5);
}

function spread(measured: readonly Measured[], name: keyof Measured): string {
  const sorted = sortedOf(measured, name);
  const show = (value = NaN): string => Math.round(value).toLocaleString('en');
  return `${show(percentile(sorted, 0.5))} (${show(sorted[0])} to ${show(sorted.at(-1))})`;
}
