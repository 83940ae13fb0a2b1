/** A Redis of one's own, as production wants it: append-only file on, nothing evicted. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/store/postgres-process.js';

export interface RedisServer {
  url: string;
  child: ChildProcess;
}

/**
 * @param directory of its data; made where it is missing
 * @param more arguments
 * @returns undefined where no redis-server is installed
 */
export async function startRedis(directory: string, ...more: string[]): Promise<RedisServer | undefined> {
  await mkdir(directory, { recursive: true });
  const port = String(await freePort());
  const settings = { port, bind: '127.0.0.1', dir: directory, appendonly: 'yes', 'maxmemory-policy': 'noeviction', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', [...args, ...more], { stdio: 'ignore' });
  const isStarted = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]).catch(() => false);
  if (!isStarted) return undefined;
  // Not before it listens may anybody connect.
  await sleep(300);
  return { url: `redis://127.0.0.1:${port}`, child };
}

export async function stopRedis({ child }: Pick<RedisServer, 'child'>): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
