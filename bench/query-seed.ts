/**
 * Thirty days of a busy API, made in the database itself from a seed: signatures with a long tail, their counts at the levels at
 * which they would stand by now, facets and sketches of clients. Rolled up as the service does it.
 */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Distinct, entryOf } from '../src/core/distinct.js';
import { auditSignature } from '../src/core/findings.js';
import { judge } from '../src/core/judge.js';
import { floorTo, movesBefore, LEVELS, MINUTE_SKETCHES_KEPT, type Level, type Retention } from '../src/core/levels.js';
import { signatureOf } from '../src/core/refusal.js';
import { RULE_SET_VERSION } from '../src/core/rules/index.js';
import { mergeSketchSets, readSketchSet, writeSketchSets } from '../src/core/sketch-set.js';
import { CountStore } from '../src/store/count-store.js';
import type { DataSource } from '../src/store/database.js';
import { Partitions } from '../src/store/partitions.js';
import { RollupStore } from '../src/store/rollup-store.js';
import { FRESH_COUNTS, PARTITIONED } from '../src/store/series.js';
import { PROJECT, refusal } from '../test/support/service.js';

const DAY = 86_400;
const HOUR = 3_600;
const SERVICES = 25;
const ROUTES = 40;
const REASONS = [
  ...[
    'jwt expired',
    'invalid signature',
    'No authorization header',
    'Invalid API key',
    'jwt not active',
    'Session expired',
    'jwt malformed',
  ],
  ...['Wrong password', 'User account is locked', 'invalid audience', 'invalid issuer', 'No API key found in request', 'token revoked'],
];
/** So many of the most frequent signatures occur in every minute; the others by a power of their rank. */
const ALWAYS = 180;
const POWER = 0.7;
const RANDOM_SEED = 0.401;
const AT_ONCE = 500;
const SKETCHES = 64;

export interface Seeded {
  /** Rows by table. */
  rows: Record<string, number>;
  seedSeconds: number;
  packSeconds: number;
}

export interface Plan {
  signatures: number;
  days: number;
  retention: Retention;
  /** Epoch seconds. */
  now: number;
}

export async function seed(database: DataSource, plan: Plan, progress: (text: string) => void): Promise<Seeded> {
  const started = performance.now();
  await writeSignatures(database, plan);
  await makePartitions(database, plan);
  const [finest, minutes] = LEVELS as [Level, Level];
  const line = movesBefore(finest, plan.now, plan.retention);
  const from = floorTo(plan.now - plan.days * DAY, DAY);
  await database.transaction(async (transaction) => {
    await transaction.query('SET LOCAL statement_timeout = 0');
    await transaction.query('SET LOCAL synchronous_commit = off');
    await transaction.query('SELECT setseed($1)', [RANDOM_SEED]);
    for (let day = from; day < plan.now; day += DAY) {
      progress(`counts, day ${String((day - from) / DAY + 1)} of ${String(plan.days + 1)}`);
      const end = Math.min(day + DAY, plan.now);
      await transaction.query(countsSql(minutes.table), [day, Math.min(end, line) - 60, 60, 1]);
      await transaction.query(countsSql(finest.table), [Math.max(day, line), end - 10, 10, 4]);
      await transaction.query(facetsSql('facets_1h'), [day, Math.min(end, line) - HOUR, HOUR]);
      await transaction.query(facetsSql('facets_5m'), [Math.max(day, line), end - 300, 300]);
    }
    progress('sketches');
    await transaction.query(sketchesSql('sketches_1h'), [from, floorTo(plan.now, HOUR), HOUR, 60, sketches()]);
    await transaction.query(sketchesSql('sketches_1m'), [
      floorTo(plan.now, 60) - MINUTE_SKETCHES_KEPT,
      floorTo(plan.now, 60),
      60,
      1,
      sketches(),
    ]);
    await writeDays(transaction, from, plan.now);
  });
  // One by one: each within the time limit of a statement.
  for (const name of ['signatures', ...PARTITIONED.flatMap((levels) => levels.map(({ table }) => table))]) {
    progress(`statistics of ${name}`);
    await database.query(`ANALYZE ${name}`);
  }
  const seedSeconds = (performance.now() - started) / 1_000;
  progress('rollups');
  const packing = performance.now();
  const rollups = new RollupStore(database, plan.retention);
  while ((await rollups.pack({ nowMs: plan.now * 1_000, queueAgeMs: 0 })) !== true)
    progress(`rollups, ${((performance.now() - packing) / 1_000).toFixed(0)} s`);
  return { rows: await rowsOf(database), seedSeconds, packSeconds: (performance.now() - packing) / 1_000 };
}

/** As a worker writes them; the one count that this needs is forgotten. */
async function writeSignatures(database: DataSource, { signatures, retention, now }: Plan): Promise<void> {
  const store = new CountStore(database, retention);
  for (let start = 0; start < signatures; start += AT_ONCE) {
    const judged = Array.from({ length: Math.min(AT_ONCE, signatures - start) }, (_, index) => {
      const number = start + index;
      const signature = {
        ...signatureOf(refusal(REASONS[number % REASONS.length] ?? ''), 401),
        ...{
          service: `service-${String(number % SERVICES)}`,
          route: `/api/v${String(Math.floor(number / ROUTES))}/resource-${String(number % ROUTES)}`,
        },
      };
      const verdict = judge(signature);
      const id = BigInt.asUintN(64, BigInt(number + 1) * 0x9e37_79b9_7f4a_7c15n)
        .toString(16)
        .padStart(16, '0');
      return { id, signature, verdict, audit: auditSignature(signature, verdict), firstMs: now * 1_000, lastMs: now * 1_000 };
    });
    const counts = judged.flatMap((_, index) => [index, floorTo(now, 10), 1]);
    const batch = {
      projectId: PROJECT,
      batchId: randomUUID(),
      state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 },
      signatures: judged,
    };
    const rest = { targets: [], values: [], sketches: [] };
    await store.apply([{ ...batch, portions: [{ id: null, counts, tokenTimes: [], traffic: [], facets: [] }], ...rest }], now * 1_000);
  }
  await database.query(`TRUNCATE ${FRESH_COUNTS}`);
  await database.query('CREATE TABLE bench_ranks AS SELECT id, reason_id, row_number() OVER (ORDER BY id) AS rank FROM signatures');
}

async function makePartitions(database: DataSource, { days, now }: Plan): Promise<void> {
  const partitions = new Partitions(database);
  const starts = Array.from({ length: days + 2 }, (_, index) => now - index * DAY);
  for (const levels of PARTITIONED) for (const level of levels) await partitions.ensure(level, starts);
  await partitions.prepare(now);
}

/** $1 first and $2 last bucket, $3 width, $4 how much rarer than in a minute. */
function countsSql(table: string): string {
  return `INSERT INTO ${table} (project_id, bucket, signature_ids, counts)
    SELECT ${String(PROJECT)}, to_timestamp(b), array_agg(id ORDER BY id), array_agg(count ORDER BY id) FROM (
      SELECT b, r.id, 1 + floor(random() * 20 * (${String(ALWAYS)} / (r.rank + ${String(ALWAYS)}.0)))::bigint AS count
      FROM generate_series($1::bigint, $2::bigint, $3::bigint) b CROSS JOIN bench_ranks r
      WHERE random() * $4::float8 < power(${String(ALWAYS)}.0 / r.rank, ${String(POWER)})
    ) c GROUP BY b`;
}

/** Six facets of three values for each reason. */
function facetsSql(table: string): string {
  return `INSERT INTO ${table} (project_id, bucket, reason_id, facet, value, count)
    SELECT ${String(PROJECT)}, to_timestamp(b), r.reason_id, f, 'value-' || v, 1 + floor(random() * 50)::bigint
    FROM generate_series($1::bigint, $2::bigint, $3::bigint) b CROSS JOIN (SELECT DISTINCT reason_id FROM bench_ranks) r
    CROSS JOIN generate_series(0, 5) f CROSS JOIN generate_series(1, 3) v`;
}

/** Of clients, for a quarter of the signatures that occur: $1 first and $2 last bucket, $3 width, $4 minutes of it, $5 sketches. */
function sketchesSql(table: string): string {
  return `INSERT INTO ${table} (project_id, bucket, id, sketches)
    SELECT ${String(PROJECT)}, to_timestamp(b), gen_random_uuid(), string_agg(int8send(id) || '\\x00'::bytea || int2send(octet_length(sketch)::smallint) || sketch, ''::bytea)
    FROM (
      SELECT b, r.id, ($5::bytea[])[1 + floor(random() * ${String(SKETCHES)})::integer] AS sketch
      FROM generate_series($1::bigint, $2::bigint, $3::bigint) b CROSS JOIN bench_ranks r
      WHERE random() < $4::float8 * power(${String(ALWAYS)}.0 / r.rank, ${String(POWER)}) / 4
    ) s GROUP BY b`;
}

async function writeDays(transaction: EntityManager, from: number, now: number): Promise<void> {
  for (let day = from; day < now; day += DAY) {
    const rows = await transaction.query<{ sketches: Buffer }[]>(
      'SELECT sketches FROM sketches_1h WHERE bucket >= to_timestamp($1) AND bucket < to_timestamp($2)',
      [day, day + DAY],
    );
    for (const set of writeSketchSets(mergeSketchSets(rows.map(({ sketches }) => readSketchSet(sketches))))) {
      await transaction.query(
        'INSERT INTO sketches_1d (project_id, bucket, id, sketches) VALUES ($1, to_timestamp($2), gen_random_uuid(), $3)',
        [PROJECT, day, set],
      );
    }
  }
}

/** Some sketches of one to sixty-four clients. */
function sketches(): Buffer[] {
  return Array.from({ length: SKETCHES }, (_, index) => {
    const sketch = new Distinct();
    for (let client = 0; client <= index; client += 1) sketch.add(entryOf(Math.imul(index * SKETCHES + client + 1, 0x9e37_79b1) >>> 0));
    return Buffer.from(sketch.bytes());
  });
}

async function rowsOf(database: DataSource): Promise<Record<string, number>> {
  const rows = await database.query<{ name: string; rows: number }[]>(
    `SELECT p.relname AS name, sum(c.reltuples)::float8 AS rows FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE c.reltuples > 0 AND p.relkind = 'p' GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}
