/**
 * How fast the machine is at the moment: CPU time, in milliseconds, of a piece of work that stays the same whatever becomes of the
 * service, of the kinds that a service does (unpacking, parsing, finding in a map that is larger than a core's own caches). Run by itself it does
 * the work and prints the time. A machine that is shared may take half as much again an hour later. A change of the work makes
 * results that were kept before worthless to compare with.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { randomOf } from './chance.js';

const SELF = fileURLToPath(import.meta.url);
const SEED = 401;
const LINES = 512;
const KEYS = 100_000;
/** Of which the first are not counted: they compile. */
const ROUNDS = 2_400;
const WARM_UP_ROUNDS = 100;

/** On all cores at once, as under load. @returns milliseconds of CPU time, of all together: more cores, more work */
export async function yardstickMs(): Promise<number> {
  const times = await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const child = spawn(process.execPath, [SELF], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) throw new Error(`the yardstick ended with ${String(code)}`);
      return Number(output);
    }),
  );
  return times.reduce((sum, one) => sum + one, 0);
}

function work(): number {
  const random = randomOf(SEED);
  const lines = Array.from({ length: LINES }, () => ({ key: Math.floor(random() * KEYS), text: `GET /resource/${String(random())}` }));
  const packed = gzipSync(JSON.stringify(lines));
  const counts = new Map<string, number>();
  for (let key = 0; key < KEYS; key += 1) counts.set(`key-${String(key)}`, 0);
  let before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round === WARM_UP_ROUNDS) before = process.cpuUsage();
    for (const { key } of JSON.parse(gunzipSync(packed).toString()) as typeof lines) {
      const name = `key-${String((key + round * LINES) % KEYS)}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

if (process.argv[1] === SELF) process.stdout.write(`${work().toFixed(1)}\n`);
