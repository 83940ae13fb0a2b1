/**
 * What a user would write instead: each refusal a row in PostgreSQL, by multi-row insert, and GROUP BY for the trend. On the same
 * server, with the settings that the service has.
 */
import pg from 'pg';
import { randomOf } from './chance.js';
import { cpuSeconds, type Processes } from './measure.js';
import { refusals } from './requests.js';

const ROWS_AT_ONCE = 512;
const MILLION = 1_000_000;
const ASKED = 5;
const TREND = `SELECT date_bin('1 hour', time, 'epoch'::timestamptz) AS at, reason, count(*) FROM raw_refusals GROUP BY 1, 2`;

export interface RawRows {
  rowsPerCpuSecond: number;
  bytesPerMillion: number;
  /** By how many million rows there are: the trend over everything, milliseconds, median. */
  trendMs: Record<string, number>;
}

/** @param millions how many rows there are each time that the trend is asked, in rising order, from 1 on */
export async function rawRows(url: string, processes: Processes, millions: readonly number[]): Promise<RawRows> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `CREATE TABLE raw_refusals (time timestamptz NOT NULL, service text NOT NULL, method text NOT NULL, route text NOT NULL, status smallint NOT NULL,
         exception_type text NOT NULL, reason text NOT NULL, client_address inet NOT NULL, user_agent text NOT NULL)`,
    );
    await client.query('CREATE INDEX ON raw_refusals (time)');
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
    return { rowsPerCpuSecond, bytesPerMillion: Number(rows[0]?.bytes) / there, trendMs };
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
    const values = rows.flatMap((one) => [
      ...[time, 'bench', one['http.request.method'], one['http.route'], one['http.response.status_code'], one['exception.type']],
      ...[one['exception.message'], one['client.address'], one['user_agent.original']],
    ]);
    const places = rows.map((_, index) => `(${Array.from({ length: 9 }, (_item, at) => `$${String(index * 9 + at + 1)}`).join()})`);
    await client.query(`INSERT INTO raw_refusals VALUES ${places.join()}`, values);
  }
  return MILLION / (cpuSeconds([...processes(), process.pid]) - before);
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
