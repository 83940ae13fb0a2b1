/** `npm run key` as its users have it: a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const KEY = fileURLToPath(new URL('../../src/key.js', import.meta.url));

export interface KeyRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** @param settings the only ones that it has */
export function runKey(args: string[], settings: Record<string, string>): Promise<KeyRun> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:WHY401_|DATABASE_URL|REDIS_URL|NODE_OPTIONS)/.test(name));
  return new Promise((resolve) => {
    execFile(process.execPath, [KEY, ...args], { env: { ...Object.fromEntries(kept), ...settings } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
