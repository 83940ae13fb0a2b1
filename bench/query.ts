/**
 * `npm run bench:query`: how long questions over 30 days of 5,000 signatures take, one reader and twenty at once while records come
 * in. A day is checked against what PostgreSQL sums. Plans of what PostgreSQL is still asked
 * are written beside the figures. Nothing here is a test's verdict.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrate, openDatabase, type DataSource } from '../src/store/database.js';
import { EmbeddedPostgres } from '../src/store/embedded-postgres.js';
import { App } from '../test/support/app.js';
import { RETENTION, until } from '../test/support/service.js';
import type { Load, LoadResult } from './load.js';
import { progress, say, sayMachine, table } from './print.js';
import { seed } from './query-seed.js';

const HELP = `Usage: npm run bench:query [-- options]

  --days N        days of history                             (default 30)
  --signatures N  ways of being refused                       (default 5000)
  --asked N       how often each question is asked            (default 40)
  --readers N     readers at once                             (default 20)
  --rate N        records a second meanwhile                  (default 5000)
  --seconds N     for how long                                (default 60)
  --plans DIR     where the query plans go                    (default bench/plans)
  --data DIR      keep the history there, and use what is there (default: made anew)
  --help          this text
`;
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    signatures: { type: 'string', default: '5000' },
    asked: { type: 'string', default: '40' },
    readers: { type: 'string', default: '20' },
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '60' },
    plans: { type: 'string', default: 'bench/plans' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
/** Beside those of the history. */
const SIGNATURES = 40;
const CONNECTIONS = 64;
const LOAD = fileURLToPath(new URL('./load.js', import.meta.url));

/** What a dashboard and scripts ask, over an hour to everything. */
const QUESTIONS: Record<string, string> = {
  'trends by cause, 30 d': '/v1/trends?from=-30d&by=cause',
  'trends by service and cause, 30 d': '/v1/trends?from=-30d&by=service,cause',
  'trends by cause, 7 d': '/v1/trends?from=-7d&by=cause',
  'trends by cause, 24 h': '/v1/trends?from=-24h&by=cause',
  'trends of one service by route, 24 h': '/v1/trends?from=-24h&by=route&service=service-3',
  'trends by cause, 1 h': '/v1/trends?from=-1h&by=cause',
  'top causes, 30 d': '/v1/top?from=-30d&by=cause',
  'top causes, 24 h': '/v1/top?from=-24h&by=cause',
  'top routes of one service, 24 h': '/v1/top?from=-24h&by=route&service=service-3',
  'explain, 15 min': '/v1/explain?from=-15m',
  'explain, 6 h': '/v1/explain?from=-6h',
  'explain one service, 1 h': '/v1/explain?from=-1h&service=service-3',
  'signatures, 30 d': '/v1/signatures?from=-30d',
  'signatures, 24 h': '/v1/signatures?from=-24h',
  'signatures of one cause, 24 h': '/v1/signatures?from=-24h&cause=expired_token',
};

if (values.help) process.stdout.write(HELP);
else await bench();

async function bench(): Promise<void> {
  sayMachine();
  const directory = values.data ?? (await mkdtemp(join(tmpdir(), 'why401-bench-')));
  const server = await EmbeddedPostgres.start(directory, () => undefined);
  const database = await openDatabase(server.url, () => undefined);
  try {
    await migrate(database);
    if (!(await hasHistory(database))) await makeHistory(database);
    const app = await App.start({ DATABASE_URL: server.url });
    try {
      await settled(app);
      await check(app, database);
      await alone(app);
      await together(app);
    } finally {
      await app.stop();
    }
    await writePlans(database);
  } finally {
    await database.destroy();
    await server.stop();
    if (values.data === undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function hasHistory(database: DataSource): Promise<boolean> {
  const [row] = await database.query<{ is: boolean }[]>('SELECT EXISTS (SELECT FROM counts_1m) AS is');
  return row?.is === true;
}

async function makeHistory(database: DataSource): Promise<void> {
  const plan = {
    signatures: Number(values.signatures),
    days: Number(values.days),
    retention: RETENTION,
    now: Math.floor(Date.now() / 1_000),
  };
  const { rows, seedSeconds, packSeconds } = await seed(database, plan, progress);
  progress('');
  say(
    Object.entries(rows)
      .map(([name, count]) => `${name} ${Math.round(count).toLocaleString('en')}`)
      .join(', '),
  );
  say(`made in ${seedSeconds.toFixed(0)} s, rolled up in ${packSeconds.toFixed(0)} s; ${await sizes(database)}\n`);
}

/** A fresh service learns what is normal from all the history there is; that is not what is measured here. */
async function settled(app: App): Promise<void> {
  progress('alert rules learn from history');
  const evaluations = async (): Promise<number> =>
    Number(
      /^why401_alert_evaluation_duration_(?:seconds_)?count(?:\{[^}]*\})? ([\d.e+-]+)/m.exec(
        await (await fetch(`${app.url}/metrics`)).text(),
      )?.[1] ?? 0,
    );
  const started = performance.now();
  await until(evaluations, (count) => count >= 3, 600_000);
  progress('');
  say(`alert rules had learned from it after ${((performance.now() - started) / 1_000).toFixed(0)} s`);
}

/** @throws when an answer is not what PostgreSQL sums, or trends do not add up to it */
async function check(app: App, database: DataSource): Promise<void> {
  const to = Math.floor(Date.now() / 3_600_000) * 3_600;
  const from = to - 86_400;
  const span = `from=${String(from)}&to=${String(to)}&by=cause&limit=100`;
  const top = (await app.get<{ rows: { key: { cause: string }; count: number }[]; total: number }>(`/v1/top?${span}`)).body;
  const trends = (await app.get<{ total: number }>(`/v1/trends?${span}`)).body;
  const summed = await database.query<{ cause: string; count: string }[]>(
    `SELECT cause, sum(count) AS count FROM counts c JOIN signatures s ON s.project_id = 1 AND s.id = c.signature_id
     WHERE c.project_id = 1 AND bucket >= to_timestamp($1) AND bucket < to_timestamp($2) GROUP BY 1`,
    [from, to],
  );
  const answered = new Map(top.rows.map(({ key, count }) => [key.cause, count]));
  const isEqual = summed.length === answered.size && summed.every(({ cause, count }) => answered.get(cause) === Number(count));
  if (!isEqual || trends.total !== top.total || top.total === 0) throw new Error('the answers are not what is counted');
  say(`${top.total.toLocaleString('en')} refusals in the last full day, as PostgreSQL sums them\n`);
}

async function alone(app: App): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [name, path] of Object.entries(QUESTIONS)) {
    progress(name);
    const first = await timed(app, path);
    const times: number[] = [];
    for (let index = 0; index < Number(values.asked); index += 1) times.push(await timed(app, path));
    rows.push([name, ...figures(times), first.toFixed(0)]);
  }
  progress('');
  say(`One reader, each question asked ${values.asked} times; milliseconds:`);
  table(['question', 'p50', 'p95', 'longest', 'first time'], rows);
}

async function together(app: App): Promise<void> {
  const sent: Load = {
    ...{ scenario: 'A', service: 'bench', signatures: SIGNATURES, target: `${app.otlpUrl}/v1/logs` },
    ...{ rate: Number(values.rate), seconds: Number(values.seconds), connections: CONNECTIONS },
  };
  const load = spawn(process.execPath, [LOAD, JSON.stringify(sent)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  load.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let isOver = false;
  const ended = once(load, 'close').then(() => (isOver = true));
  const paths = Object.entries(QUESTIONS);
  const times = new Map<string, number[]>();
  const read = async (reader: number): Promise<void> => {
    for (let index = reader; !isOver; index += 1) {
      const [name = '', path = ''] = paths[index % paths.length] ?? [];
      const ms = await timed(app, path);
      times.set(name, [...(times.get(name) ?? []), ms]);
    }
  };
  progress(`${values.readers} readers at ${values.rate} records/s`);
  await Promise.all([ended, ...Array.from({ length: Number(values.readers) }, (_, index) => read(index))]);
  progress('');
  const result = JSON.parse(output) as LoadResult;
  const all = [...times.values()].flat();
  say(
    `\n${values.readers} readers, each asking at once again, at ${values.rate} records/s for ${values.seconds} s (${String(result.sent)} acknowledged, ${String(result.failed)} refused); milliseconds:`,
  );
  table(
    ['question', 'p50', 'p95', 'longest', 'answers'],
    [
      ...paths.map(([name]) => [name, ...figures(times.get(name) ?? []), String(times.get(name)?.length ?? 0)]),
      ['all', ...figures(all), String(all.length)],
    ],
  );
}

async function timed(app: App, path: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(app.url + path);
  const body = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${body}`);
  return performance.now() - started;
}

function figures(times: number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(0);
  return [at(0.5), at(0.95), at(1)];
}

async function sizes(database: DataSource): Promise<string> {
  const rows = await database.query<{ name: string; bytes: string }[]>(
    `SELECT regexp_replace(relname, '_p[0-9]+$', '') AS name, sum(pg_total_relation_size(oid)) AS bytes FROM pg_class
     WHERE relkind = 'r' AND relname ~ '^(fresh_counts|counts|rollups|facets|sketches)' GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ name, bytes }) => `${name} ${(Number(bytes) / 1024 ** 2).toFixed(0)} MiB`).join(', ');
}

/** What a question still asks PostgreSQL: which rollups there are, the last minutes, facets and sketches. */
async function writePlans(database: DataSource): Promise<void> {
  await mkdir(values.plans, { recursive: true });
  const now = Math.floor(Date.now() / 1_000);
  const plans: Record<string, string> = {
    'which-rollups': `SELECT seconds, bucket, version FROM rollups WHERE project_id = 1 AND seconds = 10800 AND bucket >= to_timestamp(${String(now - 30 * 86_400)}) AND bucket < to_timestamp(${String(now)})`,
    'last-minutes': `SELECT signature_id, sum(count) FROM counts WHERE project_id = 1 AND bucket >= to_timestamp(${String(now - 120)}) AND bucket < to_timestamp(${String(now)}) GROUP BY 1`,
    'all-levels-24h': `SELECT signature_id, sum(count) FROM counts WHERE project_id = 1 AND bucket >= to_timestamp(${String(now - 86_400)}) AND bucket < to_timestamp(${String(now)}) GROUP BY 1`,
  };
  for (const [name, sql] of Object.entries(plans)) {
    const rows = await database.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`);
    await writeFile(join(values.plans, `${name}.txt`), `${sql}\n\n${rows.map((row) => row['QUERY PLAN']).join('\n')}\n`);
  }
  say(
    `\nplans: ${Object.keys(plans)
      .map((name) => join(values.plans, `${name}.txt`))
      .join(', ')}`,
  );
}
