/**
 * `npm run key`: makes, lists and revokes keys, in DATABASE_URL or in the embedded database, whether the service runs or
 * not. A new key is written to the standard output, alone and this once; everything else goes to the standard error.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { command, say } from './command.js';
import { readConfig, type Config } from './config.js';
import { MAX_KEYS, MAX_PROJECTS, SCOPES } from './core/api-key.js';
import { readKeyWish } from './keys/key-wish.js';
import { newKey } from './ops/key-secret.js';
import { migrate, openDatabase } from './store/database.js';
import { EmbeddedPostgres } from './store/embedded-postgres.js';
import { KeyStore, type StoredKey, type StoredProject } from './store/key-store.js';

const USAGE = `Usage:
  npm run key -- create --scope ${SCOPES.join('|')} [--scope …] [--project NAME] [--name TEXT] [--expires 90d|2027-01-31T00:00:00Z]
  npm run key -- list [--project NAME]
  npm run key -- revoke ID

Keys of DATABASE_URL, or of the embedded database in WHY401_DATA_DIR; the service may run meanwhile and follows within 5 s.
  --scope    what the key may do: ingest sends records, read asks, admin does both and changes things
  --project  the project that it belongs to (default: default); create makes one that is not there
  --name     what it is for, to tell it from others
  --expires  after how long, or when, it ends; never where this is not given
The new key is written to the standard output, this once: only its hash is kept.
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  scope: { type: 'string', multiple: true },
  project: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
} as const;

/** What was asked for cannot be done; the message says why. */
class UsageError extends Error {
  readonly code = 'usage';
}

async function main(): Promise<void> {
  const { values, positionals } = argumentsGiven();
  const [verb, id, ...more] = positionals;
  if (values.help || verb === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  if (more.length > 0 || (id !== undefined && verb !== 'revoke')) throw new UsageError(`there is one word too many\n${USAGE}`);
  if (verb === 'create') {
    const wish = readKeyWish(values, Date.now());
    if (typeof wish === 'string') throw new UsageError(wish);
    await withKeys((keys) => create(keys, wish));
  } else if (verb === 'list') await withKeys((keys) => list(keys, values.project));
  else if (verb === 'revoke' && id !== undefined) await withKeys((keys) => revoke(keys, id));
  else throw new UsageError(`"${verb}" cannot be done like this\n${USAGE}`);
}

function argumentsGiven(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function create(keys: KeyStore, { project: name, ...wish }: Exclude<ReturnType<typeof readKeyWish>, string>): Promise<void> {
  const project = (await keys.project(name)) ?? (await addProject(keys, name));
  const { id, text, hash } = newKey();
  const key = await keys.add({ ...wish, id, hash, projectId: project.id }, MAX_KEYS);
  if (key === undefined) throw new UsageError(`the project "${name}" has ${String(MAX_KEYS)} keys already; revoke one`);
  say(`made ${lineOf(key)}\nIt is shown this once. Send it as "Authorization: Bearer <key>", or sign in to the dashboard with it.`);
  process.stdout.write(`${text}\n`);
}

/** Somebody else may be faster. */
async function addProject(keys: KeyStore, name: string): Promise<StoredProject> {
  const added = await keys.addProject(name, MAX_PROJECTS);
  if (added === 'full')
    throw new UsageError(`there are ${String(MAX_PROJECTS)} projects already; use one of them with --project, or run another service`);
  const project = added === 'taken' ? await keys.project(name) : added;
  if (project === undefined) throw new UsageError(`the project "${name}" cannot be made`);
  return project;
}

async function list(keys: KeyStore, name: string | undefined): Promise<void> {
  const project = name === undefined ? undefined : await keys.project(name);
  if (name !== undefined && project === undefined) throw new UsageError(`there is no project "${name}"`);
  const found = await keys.keys(project?.id);
  process.stdout.write(found.map((key) => `${lineOf(key)}\n`).join(''));
  if (found.length === 0) say('there is no key; npm run key -- create --scope admin makes one');
}

async function revoke(keys: KeyStore, id: string): Promise<void> {
  if (!(await keys.revoke(id))) throw new UsageError(`there is no key "${id}"; npm run key -- list shows them`);
  say(`revoked ${id}; every running process refuses it within 5 s`);
}

function lineOf({ id, project, scopes, name, expiresAt, lastUsedAt, revokedAt }: StoredKey): string {
  const state =
    revokedAt !== null
      ? `revoked ${revokedAt.toISOString()}`
      : expiresAt === null
        ? 'never expires'
        : `${expiresAt.getTime() < Date.now() ? 'expired' : 'expires'} ${expiresAt.toISOString()}`;
  const used = lastUsedAt === null ? 'not used' : `last used ${lastUsedAt.toISOString()}`;
  return [id, project, scopes.join(','), state, used, JSON.stringify(name)].join('  ');
}

/** The database of a running service is visited; without one it is started for as long as this takes. */
async function withKeys(work: (keys: KeyStore) => Promise<void>): Promise<void> {
  const config = readConfig();
  const given = config.databaseUrl ?? (await EmbeddedPostgres.urlOfRunning(config.dataDir));
  const embedded = given === undefined ? await startEmbedded(config) : undefined;
  try {
    const database = await openDatabase(given ?? embedded?.url ?? '', (error) => {
      say(error.message);
    });
    try {
      await migrate(database);
      await work(new KeyStore(database));
    } finally {
      await database.destroy();
    }
  } finally {
    await embedded?.stop();
  }
}

function startEmbedded({ dataDir }: Config): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.start(dataDir, (_, message) => {
    say(message);
  });
}

await command(main);
