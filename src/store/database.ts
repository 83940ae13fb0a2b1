/** Opens the database through TypeORM and brings its schema up to date. Where the server comes from is not its business. */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import type { PartHealth } from '../ops/health.js';
import { spreadTables } from './citus.js';
import { ProjectRow, SignatureRow } from './entities.js';

export { DataSource } from 'typeorm';

/** PostgreSQL 15 is the oldest release that the tests run on. */
const OLDEST_SERVER = 150_000;
/** An arbitrary constant of ours; serialises migrations over all processes. */
const MIGRATION_LOCK = 0x77343032;
/** Queries for people: longer than this and they have gone away. */
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Of a statement of a migration: a large history takes minutes to copy. */
const MIGRATION_TIMEOUT_MS = 24 * 3_600_000;
/** Two workers' transactions, maintenance, and a handful of readers at once. */
const POOL_SIZE = 10;

/** Thrown when the server is too old for the schema. */
class DatabaseVersionError extends Error {
  readonly code = 'database_too_old';
  constructor(version: string) {
    super(`cannot use PostgreSQL ${version}: version 15 or newer is needed`);
    this.name = 'DatabaseVersionError';
  }
}

/**
 * A client that breaks emits 'error', and nobody hears it while it is being taken from a pool, or between two queries of whoever holds
 * it, in libraries too: without a listener it would end the process. The next query of it fails, which is told.
 */
const { connect } = pg.Client.prototype as { connect: (...given: unknown[]) => unknown };
Object.assign(pg.Client.prototype, {
  connect(this: pg.Client, ...given: unknown[]) {
    this.on('error', () => undefined);
    return connect.apply(this, given);
  },
});

/**
 * Connects without changing anything in the database.
 * @param onIdleError told of connections that break while nobody uses them; the pool replaces them
 */
export async function openDatabase(url: string, onIdleError: (error: Error) => void): Promise<DataSource> {
  const database = new DataSource({
    type: 'postgres',
    url,
    entities: [ProjectRow, SignatureRow],
    migrations: await migrations(),
    migrationsTableName: 'schema_migrations',
    applicationName: 'why401',
    poolSize: POOL_SIZE,
    poolErrorHandler: onIdleError,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  });
  try {
    await database.initialize();
  } catch (cause) {
    throw new Error(
      `cannot reach PostgreSQL at ${new URL(url).host}: ${(cause as Error).message || (cause as { code?: string }).code || 'no answer'}`,
      { cause },
    );
  }
  const rows = await database.query<{ number: number; name: string }[]>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name",
  );
  const version = rows[0];
  if (version === undefined || version.number < OLDEST_SERVER) {
    await database.destroy();
    throw new DatabaseVersionError(version?.name ?? 'unknown');
  }
  return database;
}

/**
 * Does something in one process at a time.
 * @param lock number of an advisory lock
 * @returns undefined when another process is at it
 */
export async function exclusively<T>(database: DataSource, lock: number, work: () => Promise<T>): Promise<T | undefined> {
  const runner = database.createQueryRunner();
  try {
    const rows = (await runner.query('SELECT pg_try_advisory_lock($1) AS taken', [lock])) as { taken: boolean }[];
    if (rows[0]?.taken !== true) return undefined;
    try {
      return await work();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [lock]);
    }
  } finally {
    await runner.release();
  }
}

/** Applies what is missing, one process at a time. @returns names of the migrations applied now */
export async function migrate(database: DataSource): Promise<string[]> {
  const patient = patientOne(database);
  await patient.initialize();
  const lock = patient.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await patient.runMigrations({ transaction: 'each' });
    // Behind all of them: early ones make keys without the project, which Citus takes on tables of one server only.
    await spreadTables(lock);
    return applied.map((migration) => migration.name);
  } finally {
    // The lock ends with its connection.
    await lock.release();
    await patient.destroy();
  }
}

/** The same database, over connections that wait for longer. */
function patientOne({ options }: DataSource): DataSource {
  const timeouts = { statement_timeout: MIGRATION_TIMEOUT_MS, query_timeout: MIGRATION_TIMEOUT_MS + CONNECT_TIMEOUT_MS };
  return new DataSource({ ...options, poolSize: 2, extra: { ...(options.extra as object), ...timeouts } } as DataSourceOptions);
}

/**
 * A setting that the service makes up itself, the same for all processes from then on.
 * @param make called where there is none yet
 */
export async function generatedSetting(database: DataSource, name: string, make: () => string): Promise<string> {
  await database.query('INSERT INTO generated_settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, make()]);
  const rows = await database.query<{ value: string }[]>('SELECT value FROM generated_settings WHERE name = $1', [name]);
  return rows[0]?.value ?? '';
}

/** Whether the server keeps what it acknowledges; only then does a queue in it keep its promise. */
export async function durability(database: DataSource): Promise<PartHealth> {
  const rows = await database.query<{ setting: string }[]>(
    "SELECT name || ' is ' || setting AS setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off'",
  );
  if (rows.length === 0) return { status: 'ok' };
  return {
    status: 'warning',
    detail: `${rows.map(({ setting }) => setting).join(' and ')}, so a crash of PostgreSQL loses batches that senders were told are safe; switch it on`,
  };
}

/** Answers that are older than that surprise whoever has just seen something arrive. */
const MAX_LAG_SECONDS = 10;

/** Whether a replica follows its primary. @param maxSeconds it may be behind */
export async function replication(replica: DataSource, maxSeconds = MAX_LAG_SECONDS): Promise<PartHealth> {
  const [row] = await replica.query<{ replays: boolean; behind: number | null }[]>(
    `SELECT pg_is_in_recovery() AS replays,
            CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0 ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END AS behind`,
  );
  if (row?.replays !== true)
    return { status: 'warning', detail: 'what DATABASE_REPLICA_URL names is no replica; let it name a standby of DATABASE_URL' };
  if ((row.behind ?? 0) <= maxSeconds) return { status: 'ok' };
  return { status: 'warning', detail: `the replica is ${(row.behind ?? 0).toFixed(1)} s behind, so that answers are as old` };
}

/** The compiled files of migrations/, in the order of their dates. */
async function migrations(): Promise<(new () => MigrationInterface)[]> {
  const directory = new URL('../../migrations/', import.meta.url);
  const files = (await readdir(fileURLToPath(directory))).filter((name) => name.endsWith('.js')).sort();
  const modules = (await Promise.all(files.map((file) => import(new URL(file, directory).href)))) as Record<
    string,
    new () => MigrationInterface
  >[];
  return modules.flatMap((module) => Object.values(module));
}
