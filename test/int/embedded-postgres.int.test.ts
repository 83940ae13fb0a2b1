import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/store/postgres-process.js';
import { withClient } from '../support/databases.js';
import { until } from '../support/service.js';

const SCRIPT = fileURLToPath(new URL('../support/run-embedded.js', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** The account `nobody` of Debian and most others; any ordinary user will do. */
const ORDINARY = 65_534;
/** Another user can run the script only from a checkout that others may read. */
const canSwitchUser = isRoot && spawnSync('test', ['-r', SCRIPT], { uid: ORDINARY, gid: ORDINARY, cwd: '/' }).status === 0;

interface Running {
  child: ChildProcess;
  pid: number;
  url: string;
  log: string[];
}

describe('embedded PostgreSQL', () => {
  let directory: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'why401-embedded-'));
    await chmod(directory, 0o755);
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await end(child, 'SIGTERM');
    await rm(directory, { recursive: true, force: true });
  });

  async function start(options: { uid?: number; dir?: string } = {}): Promise<Running | string> {
    const child = spawn(process.execPath, [SCRIPT, options.dir ?? join(directory, 'data')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    started.push(child);
    const log: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const [kind, pid, url] = line.split(' ');
      if (kind === 'failed') return line;
      if (kind === 'ready') return { child, pid: Number(pid), url: url ?? '', log };
      log.push(line);
    }
    return 'ended without a word';
  }

  async function running(options: { uid?: number; dir?: string } = {}): Promise<Running> {
    const result = await start(options);
    if (typeof result === 'string') throw new Error(result);
    return result;
  }

  it('takes a port that no outgoing connection is given, another for each question, and none that is in use', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...ports)).toBeLessThan(32_768);

    const next = (await freePort()) + 1;
    const blocker = createServer().listen(next, '127.0.0.1');
    // Another program may have it already, which blocks it as well.
    await Promise.race([once(blocker, 'listening'), once(blocker, 'error')]).catch(() => undefined);
    expect(await freePort()).not.toBe(next);
    blocker.close();
  });

  it('creates a database on an empty directory, and finds it again after a restart', async () => {
    const first = await running();
    await withClient(first.url, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS value'));
    await end(first.child, 'SIGTERM');
    expect(isAlive(first.pid)).toBe(false);

    const second = await running();
    const { rows } = await withClient(second.url, (client) => client.query('SELECT value FROM kept'));
    expect(rows).toEqual([{ value: 1 }]);
  });

  it('listens on loopback only and keeps a random password in the data directory', async () => {
    const { url } = await running();
    const { rows } = await withClient(url, (client) =>
      client.query<{ addresses: string; sockets: string }>(
        "SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets",
      ),
    );
    expect(rows).toEqual([{ addresses: '127.0.0.1', sockets: '' }]);
    const password = await readFile(join(directory, 'data', 'postgres', 'password'), 'utf8');
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
    const withWrongPassword = new URL(url);
    withWrongPassword.password = 'wrong';
    await expect(withClient(withWrongPassword.href, (client) => client.query('SELECT 1'))).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('takes over the server of an owner that was killed', async () => {
    const killed = await running();
    await withClient(killed.url, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS value'));
    await end(killed.child, 'SIGKILL');
    expect(isAlive(killed.pid)).toBe(true);

    const heir = await running();
    expect(heir.pid).toBe(killed.pid);
    expect(heir.log.join()).toContain('taking over');
    await withClient(heir.url, (client) => client.query('SELECT value FROM kept'));
    await end(heir.child, 'SIGTERM');
    expect(isAlive(killed.pid)).toBe(false);
  });

  it('recovers from the kill of owner and server, whatever the pid file says', async () => {
    const killed = await running();
    await end(killed.child, 'SIGKILL');
    process.kill(killed.pid, 'SIGKILL');
    await until(
      () => isAlive(killed.pid),
      (alive) => !alive,
    );
    // The number may have gone to another program meanwhile: here, to this test.
    const pidFile = join(directory, 'data', 'postgres', 'postmaster.pid');
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(process.pid)));
    const heir = await running();
    expect(heir.log.join()).toContain('not shut down cleanly');
    await withClient(heir.url, (client) => client.query('SELECT 1'));
  });

  it('starts the server again when it dies alone', async () => {
    const { pid, url } = await running();
    process.kill(pid, 'SIGKILL');
    await until(
      () =>
        withClient(url, (client) => client.query('SELECT 1')).then(
          () => 'up',
          () => 'down',
        ),
      (state) => state === 'up',
    );
  });

  it('refuses a directory that another process uses, and says which', async () => {
    const first = await running();
    expect(await start()).toMatch(
      new RegExp(`cannot use the data directory .*data: another process uses it .*pid ${String(first.child.pid)}`),
    );
    await withClient(first.url, (client) => client.query('SELECT 1'));
  });

  it('knows a directory that is in use by another name', async () => {
    const first = await running();
    await symlink(join(directory, 'data'), join(directory, 'alias'));
    expect(await start({ dir: join(directory, 'alias') })).toContain('another process uses it');
    await withClient(first.url, (client) => client.query('SELECT 1'));
    expect(await readFile(join(directory, 'data', 'postgres', 'postmaster.pid'), 'utf8')).toContain(String(first.pid));
  });

  it('gives one of two processes the empty directory that both want', async () => {
    const results = await Promise.all([start(), start()]);
    const failures = results.filter((result) => typeof result === 'string');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('another process uses it');
  });

  it('says what to do about a path that is no directory', async () => {
    await writeFile(join(directory, 'file'), '');
    expect(await start({ dir: join(directory, 'file') })).toMatch(/cannot create the data directory .*set WHY401_DATA_DIR/);
  });

  (canSwitchUser ? it : it.skip)(
    'says what to do about a directory that cannot be written (needs root and a checkout that others may read)',
    async () => {
      await mkdir(join(directory, 'data'), { mode: 0o755 });
      expect(await start({ uid: ORDINARY })).toMatch(/cannot write to the data directory .*set WHY401_DATA_DIR/);
      expect(await start({ uid: ORDINARY, dir: join(directory, 'data', 'deeper') })).toMatch(
        /cannot create the data directory .*set WHY401_DATA_DIR/,
      );
    },
  );

  (canSwitchUser ? it : it.skip)('runs as an ordinary user (needs root and a checkout that others may read)', async () => {
    await mkdir(join(directory, 'own'));
    await chown(join(directory, 'own'), ORDINARY, ORDINARY);
    const { url } = await running({ uid: ORDINARY, dir: join(directory, 'own') });
    await withClient(url, (client) => client.query('SELECT 1'));
  });

  (isRoot ? it : it.skip)('runs as root below a directory that nobody else may enter (needs root)', async () => {
    await chmod(directory, 0o700);
    const { url } = await running();
    await withClient(url, (client) => client.query('SELECT 1'));
  });
});

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process is the answer "no".
    return false;
  }
}
