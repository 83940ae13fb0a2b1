/**
 * What a user would write instead: each refusal a row in PostgreSQL, by multi-row insert, and GROUP BY for the trend. On the same
 * server, with the settings that the service has; by whoever has the refusals in hand, and by an endpoint that exporters send them to.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { randomOf } from './chance.js';
import { cpuSeconds, run, type Processes } from './measure.js';
import { refusals, SIGNATURES } from './requests.js';

const ROWS_AT_ONCE = 512;
const MILLION = 1_000_000;
const ASKED = 5;
const START_MS = 10_000;
const WARM_UP_SECONDS = 2;
const RECEIVER = fileURLToPath(new URL('./raw-receiver.js', import.meta.url));
const TREND = `SELECT date_bin('1 hour', time, 'epoch'::timestamptz) AS at, reason, count(*) FROM raw_refusals GROUP BY 1, 2`;

/** Time, service, method, route, status, type of exception, reason, address of the client, user agent. */
export type RawRow = (string | number | undefined)[];

export interface RawRows {
  rowsPerCpuSecond: number;
  /** Of those that exporters sent: see raw-receiver.ts. */
  receivedPerCpuSecond: number;
  bytesPerMillion: number;
  /** By how many million rows there are: the trend over everything, milliseconds, median. */
  trendMs: Record<string, number>;
}

interface Sent {
  seconds: number;
  connections: number;
}

/** @param millions how many rows there are each time that the trend is asked, in rising order, from 1 on */
export async function rawRows(url: string, processes: Processes, millions: readonly number[], sent: Sent): Promise<RawRows> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `CREATE TABLE raw_refusals (time timestamptz NOT NULL, service text NOT NULL, method text NOT NULL, route text NOT NULL, status smallint NOT NULL,
         exception_type text NOT NULL, reason text NOT NULL, client_address inet NOT NULL, user_agent text NOT NULL)`,
    );
    await client.query('CREATE INDEX ON raw_refusals (time)');
    const receivedPerCpuSecond = await receive(client, url, processes, sent);
    await client.query('TRUNCATE raw_refusals');
    const rowsPerCpuSecond = await insertMillion(client, processes);
    const trendMs: Record<string, number> = {};
    let there = 1;
    for (const wanted of millions) {
      for (; there < wanted; there += 1) await client.query(`INSERT INTO raw_refusals SELECT * FROM raw_refusals LIMIT ${String(MILLION)}`);
      await client.query('VACUUM ANALYZE raw_refusals');
      trendMs[String(wanted)] = await medianMs(() => client.query(TREND));
    }
    const { rows } = await client.query<{ bytes: string }>(`SELECT pg_total_relation_size('raw_refusals') AS bytes`);
    await client.query('DROP TABLE raw_refusals');
    return { rowsPerCpuSecond, receivedPerCpuSecond, bytesPerMillion: Number(rows[0]?.bytes) / there, trendMs };
  } finally {
    await client.end();
  }
}

/** CPU time of the server and of this process, which does nothing else meanwhile but to hand over what it has. */
async function insertMillion(client: pg.Client, processes: Processes): Promise<number> {
  const draw = refusals(randomOf(1));
  const drawn = Array.from({ length: 16 * ROWS_AT_ONCE }, draw);
  const before = cpuSeconds([...processes(), process.pid]);
  for (let row = 0; row < MILLION; row += ROWS_AT_ONCE) {
    const rows = drawn.slice(row % drawn.length, (row % drawn.length) + Math.min(ROWS_AT_ONCE, MILLION - row));
    const time = new Date().toISOString();
    await insertRows(
      client,
      rows.map((one): RawRow => [
        ...[time, 'bench', one['http.request.method'], one['http.route'], one['http.response.status_code'], one['exception.type']],
        ...[one['exception.message'], one['client.address'], one['user_agent.original']],
      ]),
    );
  }
  return MILLION / (cpuSeconds([...processes(), process.pid]) - before);
}

export async function insertRows(client: Pick<pg.Client, 'query'> | pg.Pool, rows: readonly RawRow[]): Promise<void> {
  const places = rows.map((row, index) => `(${row.map((_, at) => `$${String(index * row.length + at + 1)}`).join()})`);
  await client.query(`INSERT INTO raw_refusals VALUES ${places.join()}`, rows.flat());
}

/** The same requests as the service gets in A, a warm-up and then the load. @throws when one that was acknowledged has no row */
async function receive(client: pg.Client, url: string, processes: Processes, sent: Sent): Promise<number> {
  const receiver = spawn(process.execPath, [RECEIVER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(receiver.stdout, 'data', { signal: AbortSignal.timeout(START_MS) })) as [Buffer];
    const target = `http://127.0.0.1:${port.toString().trim()}/v1/logs`;
    const load = { scenario: 'A', service: 'bench', signatures: SIGNATURES, target, rate: 0, connections: sent.connections } as const;
    const warm = await run({ ...load, seconds: WARM_UP_SECONDS });
    const all = (): number[] => [...processes(), receiver.pid ?? 0];
    const before = cpuSeconds(all());
    const { sent: records, failed } = await run({ ...load, seconds: sent.seconds });
    const cpu = cpuSeconds(all()) - before;
    const { rows } = await client.query<{ rows: string }>('SELECT count(*) AS rows FROM raw_refusals');
    if (failed > 0 || Number(rows[0]?.rows) !== warm.sent + records)
      throw new Error(
        `${String(warm.sent + records)} records were acknowledged, ${String(rows[0]?.rows)} have a row, ${String(failed)} were refused`,
      );
    return records / cpu;
  } finally {
    receiver.kill();
  }
}

export async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < ASKED; index += 1) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(ASKED / 2)] ?? NaN;
}
