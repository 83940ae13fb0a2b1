/**
 * `node scripts/run.mjs <script> [arguments]`: installs the dependencies and builds where that is needed, then runs the
 * script. It uses nothing but Node, so that each command of the README works on a fresh clone by itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19];
const LOCK = '.setup.lock';
const BUILT_FROM = ['src', 'migrations', 'test', 'bench', 'scripts/web.mjs', 'tsconfig.json', 'nest-cli.json', 'package-lock.json'];

process.chdir(root);
checkNode();
// "npm start" and "npm run demo" may be typed at the same moment; one of them installs and builds.
locked(() => {
  install();
  build();
});
const [script, ...rest] = process.argv.slice(2);
if (script !== undefined) await run(script, rest);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`cannot run on Node ${process.versions.node}: version ${OLDEST_NODE.join('.')} or newer is needed`);
}

/** Runs the work while no other process of this checkout does. A lock whose process is gone is taken over. */
function locked(work) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(LOCK);
    // 0: the other one has made the file and not yet written its number; the next look tells.
    if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
    else if (isFirst) say('another command installs or builds in this directory; waiting for it ...');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  // fail() ends the process, and so may Ctrl-C: the lock goes with it.
  const release = () => rmSync(LOCK, { force: true });
  process.once('exit', release);
  work();
  release();
  process.removeListener('exit', release);
}

function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install() {
  const stamp = join('node_modules', '.why401-lock');
  const wanted = digest(['package-lock.json', 'package.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing dependencies (first time, or they changed); this takes about half a minute ...');
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and registries do not all
  // carry each of them. Some development tools warn about Node 20 although they work on it; errors are still shown.
  step('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], 'install the dependencies');
  writeFileSync(stamp, wanted);
}

function build() {
  const stamp = join('dist', '.why401-built');
  const wanted = digest(BUILT_FROM);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('building ...');
  // What is not in the sources any more must not linger: compiled migrations and tests are found by listing.
  rmSync('dist', { recursive: true, force: true });
  step(process.execPath, [join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], 'build');
  step(process.execPath, [join('scripts', 'web.mjs')], 'build the dashboard');
  writeFileSync(stamp, wanted);
}

async function run(path, rest) {
  endWithNpm();
  if (!path.includes('jest')) {
    // In this process: one less between a signal and the service.
    process.setSourceMapsEnabled(true);
    process.argv = [process.argv[0], join(root, path), ...rest];
    await import(pathToFileURL(join(root, path)).href);
    return;
  }
  // Jest loads ES modules through this flag; everything is compiled beforehand, with source maps.
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', path, ...rest], {
    stdio: 'inherit',
  });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

/** npm passes no SIGTERM on: whoever ends npm means the service, which must not go on unseen. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

function step(command, args, what) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) fail(`cannot ${what}${error === undefined ? '' : `: ${error.message}`}`);
}

/** A hash over names and contents, so that switching branches back and forth is noticed as well. */
function digest(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths.flatMap(filesUnder)) hash.update(path).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = (() => {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') return undefined;
      throw error;
    }
  })();
  if (entries === undefined) return [path];
  return entries.flatMap((entry) => filesUnder(join(path, entry.name))).sort();
}

function say(text) {
  process.stderr.write(`why401: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
