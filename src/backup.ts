/** `npm run backup` and `npm run restore`: copies the embedded database to a directory while the service runs or not, and back. */
import 'reflect-metadata';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { command, say } from './command.js';
import { readConfig, type Config } from './config.js';
import { backUp, restore } from './store/backup.js';
import { migrate, openDatabase } from './store/database.js';
import { EmbeddedPostgres } from './store/embedded-postgres.js';

const USAGE = `Usage:
  npm run backup -- DIRECTORY     copies the embedded database to a directory that is made; the service may run meanwhile
  npm run restore -- DIRECTORY    puts such a copy into WHY401_DATA_DIR, where no database may be

What was acknowledged and still in the queue when the copy ended is in it too, since the queue is in the database; with REDIS_URL it is not.
With DATABASE_URL the database is yours: use pg_dump or your provider's backups.
`;
const MIB = 1024 ** 2;
/** Progress is told each time that so much more is copied. */
const TOLD_BYTES = 256 * MIB;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } }, allowPositionals: true });
  const [verb, directory, ...more] = positionals;
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (directory === undefined || more.length > 0) throw new Error(`one directory is needed\n${USAGE}`);
  const config = readConfig();
  if (config.databaseUrl !== undefined) throw new Error(`DATABASE_URL is set, so that there is no embedded database here\n${USAGE}`);
  if (verb === 'backup') await copy(config, resolve(directory));
  else await putBack(config, resolve(directory));
}

async function copy(config: Config, target: string): Promise<void> {
  const running = await EmbeddedPostgres.urlOfRunning(config.dataDir);
  const own =
    running === undefined
      ? await EmbeddedPostgres.start(config.dataDir, (_, message) => {
          say(message);
        })
      : undefined;
  try {
    const { at, bytes } = await backUp({ url: running ?? own?.url ?? '', dataDir: config.dataDir }, target, progress());
    say(`copied ${sizeOf(bytes)} to ${target}; it holds what was counted by ${at}`);
  } finally {
    await own?.stop();
  }
}

/** Not done before the server has gone on from it: a copy that cannot be used should be known now. */
async function putBack(config: Config, source: string): Promise<void> {
  const { at, bytes } = await restore(source, config.dataDir, progress());
  const server = await EmbeddedPostgres.start(config.dataDir, (_, message) => {
    say(message);
  });
  try {
    const database = await openDatabase(server.url, (error) => {
      say(error.message);
    });
    await migrate(database);
    const [row] = await database.query<{ signatures: number; last: Date | null }[]>(
      'SELECT count(*)::int AS signatures, max(last_seen) AS last FROM signatures',
    );
    await database.destroy();
    say(
      `restored ${sizeOf(bytes)} of ${at} to ${config.dataDir}: ${String(row?.signatures ?? 0)} signatures, last seen ${row?.last?.toISOString() ?? 'never'}`,
    );
  } finally {
    await server.stop();
  }
}

function progress(): (bytes: number) => void {
  let told = 0;
  return (bytes) => {
    if (bytes - told < TOLD_BYTES) return;
    told = bytes;
    say(`${sizeOf(bytes)} ...`);
  };
}

function sizeOf(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}

await command(main);
