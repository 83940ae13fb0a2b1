/**
 * Copies the embedded database while it runs, by PostgreSQL's own protocol for base backups ("Making a Base Backup Using the Low Level
 * API" in its manual): the files as they are, with the log that makes them whole at the moment when the copy ends. A copy is a
 * directory; the note in it is written last, so that one without it is no backup.
 */
import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { launcherFor } from './postgres-process.js';

const CLUSTER = 'postgres';
const NOTE = 'why401-backup.json';
const SLOT = 'why401_backup';
/** What a server makes anew when it starts; the log is copied by itself. */
const EMPTY = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'];
const LEFT_OUT = /^(?:postmaster\.(?:pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label|tablespace_map)$/;

export interface BackupNote {
  /** ISO 8601: what was counted by then is in it. */
  at: string;
  /** Of PostgreSQL; another major version cannot read it. */
  postgres: string;
  bytes: number;
}

/** Thrown when nothing can be copied; the message says why and what to do. */
class BackupError extends Error {
  readonly code = 'backup';
}

/**
 * @param url of the running server
 * @param dataDir where its files are
 * @param target a directory that is made
 * @param progress told of the bytes that are copied so far
 * @throws BackupError
 */
export async function backUp(
  { url, dataDir }: { url: string; dataDir: string },
  target: string,
  progress: (bytes: number) => void,
): Promise<BackupNote> {
  await mkdir(target, { mode: 0o700 }).catch((cause: unknown) => {
    throw new BackupError(`cannot make the directory ${target}: ${(cause as Error).message}; give one that is not there yet`, { cause });
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Dropped by itself with this connection; until then the server keeps the log that is needed.
    await client.query('SELECT pg_create_physical_replication_slot($1, true, true)', [SLOT]);
    await client.query("SELECT pg_backup_start('why401', true)");
    const copy = new Copy(progress);
    const source = join(dataDir, CLUSTER);
    await copy.tree(source, join(target, CLUSTER));
    const { rows } = await client.query<{ label: string; last: string; at: Date; version: string }>(
      `SELECT labelfile AS label, pg_walfile_name(lsn) AS last, clock_timestamp() AS at, current_setting('server_version') AS version
       FROM pg_backup_stop(false)`,
    );
    const [stopped] = rows;
    if (stopped === undefined) throw new BackupError('cannot end the backup: PostgreSQL did not say where');
    await writeFile(join(target, CLUSTER, 'backup_label'), stopped.label, { mode: 0o600, flush: true });
    const first = /\(file ([0-9A-F]{24})\)/.exec(stopped.label)?.[1] ?? '';
    await copy.log(join(source, 'pg_wal'), join(target, CLUSTER, 'pg_wal'), (name) => name >= first && name <= stopped.last);
    const note: BackupNote = { at: stopped.at.toISOString(), postgres: stopped.version, bytes: copy.bytes };
    await writeFile(join(target, NOTE), `${JSON.stringify(note, undefined, 2)}\n`, { flush: true });
    return note;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * Puts a backup where a service finds it; the server that starts there goes on from it.
 * @throws BackupError where there is a database already, or no whole backup
 */
export async function restore(source: string, dataDir: string, progress: (bytes: number) => void): Promise<BackupNote> {
  const note = await readFile(join(source, NOTE), 'utf8').catch((cause: unknown) => {
    throw new BackupError(`cannot restore ${source}: there is no ${NOTE} in it, so that it is no backup or one that was not finished`, {
      cause,
    });
  });
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const cluster = join(dataDir, CLUSTER);
  const draft = join(dataDir, `creating-${randomBytes(6).toString('hex')}`);
  if ((await readdir(dataDir)).includes(CLUSTER))
    throw new BackupError(
      `cannot restore to ${dataDir}: there is a database in it; move ${cluster} away first, or set WHY401_DATA_DIR to another directory`,
    );
  const { account } = await launcherFor(dataDir);
  try {
    await new Copy(progress, account).tree(join(source, CLUSTER), draft, true);
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return JSON.parse(note) as BackupNote;
}

class Copy {
  bytes = 0;

  /** @param account who owns what is made, where it is not this process's user */
  constructor(
    private readonly progress: (bytes: number) => void,
    private readonly account?: { uid: number; gid: number },
  ) {}

  /** @param isWhole also what a running server would make anew */
  async tree(from: string, to: string, isWhole = false): Promise<void> {
    await mkdir(to, { mode: 0o700 });
    await chmod(to, 0o700);
    await this.handOver(to);
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (!isWhole && LEFT_OUT.test(entry.name)) continue;
      if (!entry.isDirectory()) await this.file(source, target);
      else if (isWhole || !EMPTY.includes(entry.name)) await this.tree(source, target, isWhole);
      else await mkdir(target, { mode: 0o700 });
    }
  }

  async log(from: string, to: string, isNeeded: (name: string) => boolean): Promise<void> {
    for (const name of (await readdir(from)).filter((one) => /^[0-9A-F]{24}$/.test(one) && isNeeded(one)))
      await this.file(join(from, name), join(to, name));
  }

  /** One that a running server has dropped meanwhile is not missed: its log says so. */
  private async file(from: string, to: string): Promise<void> {
    try {
      await copyFile(from, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    await this.handOver(to);
    const handle = await open(to, 'r+');
    try {
      await handle.sync();
      this.bytes += (await handle.stat()).size;
    } finally {
      await handle.close();
    }
    this.progress(this.bytes);
  }

  private async handOver(path: string): Promise<void> {
    if (this.account !== undefined) await chown(path, this.account.uid, this.account.gid);
  }
}
