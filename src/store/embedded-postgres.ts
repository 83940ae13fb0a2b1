/**
 * Runs the PostgreSQL that comes with the installed packages, in a data directory of its own, on loopback only, with
 * a random password kept beside the data. Leaves schema and queries to the rest of the store.
 *
 * One process owns a directory; the proof is an advisory lock held on a connection of its own, which the server gives
 * up by itself when that process dies:
 *   nothing there      -> create (under a temporary name, then renamed), start, take the lock
 *   stopped or crashed -> start (a pid file whose server is gone is removed), take the lock
 *   server is running  -> take the lock: free means that its owner was killed, so it is adopted; taken means in use
 *   server dies later  -> start it again, on the same port
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { commandLine, freePort, isAlive, launcherFor, postgresBinaries, type Launcher } from './postgres-process.js';

const USER = 'why401';
const DATABASE = 'why401';
/** An arbitrary constant of ours ("w401"), known to no other program. */
const OWNER_LOCK = 0x77343031;
/** Crash recovery replays at most max_wal_size; a minute is far more than that takes. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;
const RESTART_PAUSE_MS = 500;
/** Backends notice the death of their server within a second or two; recovery by another process takes a little longer. */
const BUSY_TIMEOUT_MS = 15_000;
/** Durable defaults stay; these keep it small and quiet. */
const SERVER_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  // The pools of a process come to 16 and more, and several processes may share the server; a place that is free costs 70 kB.
  'max_connections=200',
  'shared_buffers=128MB',
  'max_wal_size=1GB',
  'wal_compression=on',
  'jit=off',
  'log_min_messages=warning',
  'log_destination=stderr',
  'logging_collector=off',
];

/** initdb takes a second or two. */
const DRAFT_LIFE_MS = 600_000;

export type EmbeddedLog = (level: 'info' | 'warn', message: string) => void;

/** Thrown when the directory cannot be used; the message says why and what to do. */
class EmbeddedPostgresError extends Error {
  readonly code = 'embedded_postgres';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

export class EmbeddedPostgres {
  private child: ChildProcess | undefined;
  private adoptedPid: number | undefined;
  private owner: pg.Client | undefined;
  private stopping = false;
  private port = 0;
  private password = '';
  private readonly clusterDir: string;

  private constructor(
    private readonly dataDir: string,
    private readonly launcher: Launcher,
    private readonly log: EmbeddedLog,
  ) {
    this.clusterDir = join(dataDir, 'postgres');
  }

  /**
   * @param dataDir absolute path; created where it is missing
   * @throws EmbeddedPostgresError
   */
  static async start(dataDir: string, log: EmbeddedLog): Promise<EmbeddedPostgres> {
    await mkdir(dataDir, { recursive: true, mode: 0o755 }).catch((cause: unknown) => {
      throw new EmbeddedPostgresError(
        `cannot create the data directory ${dataDir}: ${(cause as Error).message}; set WHY401_DATA_DIR to a directory that can be written, or DATABASE_URL to a PostgreSQL server`,
        { cause },
      );
    });
    // One directory may be reached by several names; the server's command line must show the same one each time.
    const directory = await realpath(dataDir);
    const server = new EmbeddedPostgres(directory, await launcherFor(directory), log);
    try {
      await server.open();
    } catch (error) {
      // One that was only found is left to whoever runs it.
      server.adoptedPid = undefined;
      await server.stop();
      throw error;
    }
    return server;
  }

  /**
   * The database of a process that runs right now, for a visit beside it.
   * @returns its connection string; undefined while none runs, and then `start` may
   * @throws EmbeddedPostgresError where the directory may not be read
   */
  static async urlOfRunning(dataDir: string): Promise<string | undefined> {
    if (!(await exists(join(dataDir, 'postgres', 'PG_VERSION')))) return undefined;
    const directory = await realpath(dataDir);
    const server = new EmbeddedPostgres(directory, await launcherFor(directory), () => undefined);
    server.password = (await server.readOwn('password')).trim();
    const running = await server.runningServer();
    if (running === undefined) return undefined;
    server.port = running.port;
    await server.untilAnswering();
    return server.url;
  }

  /** Connection string of the database; holds the password. */
  get url(): string {
    return this.urlOf(DATABASE);
  }

  /** Process id of the server; changes when it had to be started again. */
  get pid(): number | undefined {
    return this.child?.pid ?? this.adoptedPid;
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is flushed. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.owner?.end().catch(() => undefined);
    const pid = this.pid;
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, 'SIGINT');
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
    if (isAlive(pid))
      this.log(
        'warn',
        `the embedded PostgreSQL (pid ${String(pid)}) is still shutting down; it will recover at the next start if it is killed`,
      );
  }

  private async open(): Promise<void> {
    if (!(await exists(join(this.clusterDir, 'PG_VERSION')))) await this.create();
    this.password = (await this.readOwn('password')).trim();
    await this.findOrLaunch();
    await this.untilAnswering();
    await this.takeOwnership(this.adoptedPid !== undefined);
    await this.createDatabase();
  }

  /** Tries again while the backends of a killed server still hold its memory, or another process is just starting one. */
  private async findOrLaunch(): Promise<void> {
    const deadline = Date.now() + BUSY_TIMEOUT_MS;
    for (;;) {
      const running = await this.runningServer();
      if (running !== undefined) {
        this.port = running.port;
        this.adoptedPid = running.pid;
        return;
      }
      try {
        await this.launch(await freePort());
        return;
      } catch (error) {
        if (!/shared memory|lock file|Address already in use/.test((error as Error).message) || Date.now() > deadline) throw error;
        await sleep(RESTART_PAUSE_MS);
      }
    }
  }

  private async create(): Promise<void> {
    this.log('info', `creating an embedded PostgreSQL database in ${this.dataDir}`);
    const { initdb } = await postgresBinaries();
    const name = randomBytes(6).toString('hex');
    const draft = join(this.dataDir, `creating-${name}`);
    const passwordFile = join(this.dataDir, `password-${name}`);
    try {
      await this.sweepDrafts();
      await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
      await mkdir(draft, { mode: 0o700 });
      for (const path of [draft, passwordFile]) await this.handOver(path);
      await this.run(initdb, [
        '-D',
        draft,
        '-U',
        USER,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
        '--no-sync',
      ]);
      await rename(passwordFile, join(draft, 'password'));
      // The rename is atomic: of two processes on one empty directory, one creates and the other finds it created.
      await rename(draft, this.clusterDir).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
      });
    } catch (cause) {
      throw new EmbeddedPostgresError(
        `cannot create a database in ${this.dataDir}: ${(cause as Error).message}; set WHY401_DATA_DIR to a directory that can be written, or DATABASE_URL to a PostgreSQL server`,
        { cause },
      );
    } finally {
      for (const path of [draft, passwordFile]) await rm(path, { recursive: true, force: true });
    }
  }

  /** What a creation that was killed left behind. A creation that runs right now is younger than the limit. */
  private async sweepDrafts(): Promise<void> {
    for (const name of await readdir(this.dataDir)) {
      const path = join(this.dataDir, name);
      if (/^(?:creating|password)-/.test(name) && (await stat(path)).mtimeMs < Date.now() - DRAFT_LIFE_MS)
        await rm(path, { recursive: true, force: true });
    }
  }

  /** The server that the pid file names, when it still runs on this directory; a pid file left by a crash is removed. */
  private async runningServer(): Promise<{ pid: number; port: number } | undefined> {
    const lines = (await this.readOwn('postmaster.pid').catch(() => '')).split('\n');
    const pid = Number(lines[0]);
    if (!(pid > 0)) return undefined;
    const port = Number(lines[3]);
    if (isAlive(pid) && ((await commandLine(pid)).includes(this.clusterDir) || (await this.answersAt(port)))) return { pid, port };
    this.log('warn', `the database was not shut down cleanly; removing the pid file that process ${String(pid)} left and recovering`);
    await rm(join(this.clusterDir, 'postmaster.pid'), { force: true });
    return undefined;
  }

  /** Whoever answers to our password is our server, whatever its command line looks like from here. */
  private async answersAt(port: number): Promise<boolean> {
    if (!(port > 0)) return false;
    this.port = port;
    return (await this.probe()) === undefined;
  }

  private async launch(port: number): Promise<void> {
    this.port = port;
    const { postgres } = await postgresBinaries();
    const args = ['-D', this.clusterDir, '-p', String(port), ...SERVER_SETTINGS.flatMap((setting) => ['-c', setting])];
    // A process group of its own: Ctrl-C must reach only us, so that the queue is drained before the database stops.
    const child = this.launcher.spawn(postgres, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-4_000);
    });
    child.unref();
    this.child = child;
    await this.waitUntilReady(child, () => stderr);
    child.once('exit', () => void this.restart());
  }

  private async waitUntilReady(child: ChildProcess, stderr: () => string): Promise<void> {
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) {
        throw new EmbeddedPostgresError(
          `cannot start the embedded PostgreSQL in ${this.clusterDir}: ${failure?.message ?? stderr().trim()}`,
        );
      }
      const problem = await this.probe();
      if (problem === undefined) return;
      if (Date.now() > deadline)
        throw new EmbeddedPostgresError(
          `cannot reach the embedded PostgreSQL in ${this.clusterDir} within ${String(START_TIMEOUT_MS / 1000)} s: ${problem}`,
        );
      await sleep(25);
    }
  }

  /** A server that was found may still be starting. */
  private async untilAnswering(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (let problem = await this.probe(); problem !== undefined; problem = await this.probe()) {
      if (Date.now() > deadline)
        throw new EmbeddedPostgresError(
          `cannot reach the embedded PostgreSQL in ${this.clusterDir} within ${String(START_TIMEOUT_MS / 1000)} s: ${problem}`,
        );
      await sleep(100);
    }
  }

  private async probe(): Promise<string | undefined> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres'), connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async takeOwnership(isAdopted: boolean): Promise<void> {
    const client = new pg.Client({
      connectionString: this.urlOf('postgres'),
      application_name: `why401 owner (pid ${String(process.pid)})`,
      keepAlive: true,
    });
    // A lost connection means a dead server; the exit handler deals with that.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [OWNER_LOCK]);
    if (rows[0]?.taken !== true) {
      // It is theirs now, even where this process launched it: two that started together found the same empty directory.
      this.stopping = true;
      this.child = undefined;
      this.adoptedPid = undefined;
      const { rows: owners } = await client.query<{ name: string }>(
        "SELECT application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'why401 owner%' AND pid <> pg_backend_pid() LIMIT 1",
      );
      await client.end();
      throw new EmbeddedPostgresError(
        `cannot use the data directory ${this.dataDir}: another process uses it (${owners[0]?.name ?? 'unknown'}); stop that one, or set WHY401_DATA_DIR to another directory`,
      );
    }
    this.owner = client;
    if (isAdopted) {
      this.log('warn', `taking over the PostgreSQL (pid ${String(this.adoptedPid)}) of a process that was killed`);
      void this.watchAdopted();
    }
  }

  /** An adopted server is no child of ours, so its end is seen by looking. */
  private async watchAdopted(): Promise<void> {
    while (!this.stopping && this.adoptedPid !== undefined && isAlive(this.adoptedPid))
      await sleep(RESTART_PAUSE_MS, undefined, { ref: false });
    this.adoptedPid = undefined;
    await this.restart();
  }

  private async restart(): Promise<void> {
    while (!this.stopping) {
      this.log('warn', 'the embedded PostgreSQL ended unexpectedly; starting it again');
      try {
        await sleep(RESTART_PAUSE_MS);
        if ((await this.runningServer()) !== undefined)
          throw new EmbeddedPostgresError(`cannot go on: another process started the database in ${this.dataDir} while ours was down`);
        await this.launch(this.port);
        await this.takeOwnership(false);
        return;
      } catch (error) {
        this.log('warn', (error as Error).message);
        // Two owners would be worse than none: this process drains and ends.
        if (/another process/.test((error as Error).message)) {
          process.kill(process.pid, 'SIGTERM');
          return;
        }
      }
    }
  }

  private async createDatabase(): Promise<void> {
    const { rowCount } = (await this.owner?.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])) ?? { rowCount: 0 };
    if (rowCount === 0) await this.owner?.query(`CREATE DATABASE ${DATABASE}`);
  }

  private urlOf(database: string): string {
    return `postgres://${USER}:${this.password}@127.0.0.1:${String(this.port)}/${database}`;
  }

  private readOwn(name: string): Promise<string> {
    return readFile(join(this.clusterDir, name), 'utf8').catch((cause: unknown) => {
      if (name === 'postmaster.pid') throw cause;
      throw new EmbeddedPostgresError(
        `cannot read ${join(this.clusterDir, name)}: ${(cause as Error).message}; run as the user who created the directory, or set WHY401_DATA_DIR to another one`,
        { cause },
      );
    });
  }

  private async handOver(path: string): Promise<void> {
    const { uid, gid } = this.launcher.account ?? {};
    if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  }

  private async run(program: string, args: string[]): Promise<void> {
    const child = this.launcher.spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(stderr.trim() || `${program} ended with code ${String(code)}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
