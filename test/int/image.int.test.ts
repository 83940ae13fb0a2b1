/** The image: what its files say of it, and that the service gets by with what they leave it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../support/app.js';
import { freshDatabase } from '../support/databases.js';
import { until } from '../support/service.js';

/** No account, so it owns nothing and may write nothing that is not everybody's. */
const NOBODY = 65_534;
/**
 * Everything but the directory named is read-only in here; then the rest runs as nobody, without a capability. The checkout
 * is at /mnt: nobody may not be let through the directories above it.
 */
const READ_ONLY = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
while read -r _ _ _ _ point _; do
  case "$point" in "$1"|/proc*|/sys*|/dev*) ;; *) mount -o remount,ro,bind "$point" ;; esac
done < /proc/self/mountinfo
mount --bind "$PWD" /mnt
cd /mnt
shift
exec setpriv --reuid ${String(NOBODY)} --regid ${String(NOBODY)} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
`;
const inside = (directory: string): string[] => ['unshare', '--mount', 'sh', '-c', READ_ONLY, 'sh', directory];
const [unshare, ...probe] = [...inside('/tmp'), 'true'];
const canMount = spawnSync(unshare, probe).status === 0;
if (!canMount && process.env['CI'] !== undefined)
  throw new Error('unshare cannot mount here: in CI the service must be tested on a read-only file system, as root and with CAP_SYS_ADMIN');

describe('the image and its containers', () => {
  it('run as a user by number who is not root, and say whether they are well', async () => {
    const [, image = ''] = (await readFile('Dockerfile', 'utf8')).split(/^FROM .*slim$/m).slice(-2);
    const steps = image.split('\n');
    const user = steps.findIndex((step) => /^USER [1-9]\d*:[1-9]\d*$/.test(step));
    expect(user).toBeGreaterThan(steps.findLastIndex((step) => step.startsWith('COPY')));
    expect(steps.filter((step) => step.startsWith('USER'))).toHaveLength(1);
    expect(image).toMatch(/^HEALTHCHECK .*\/health\/ready/m);
    // Files belong to root: who runs the service cannot change it.
    expect(image).not.toContain('--chown');
  });

  it('write nothing, may do nothing special, and get no more', async () => {
    const compose = await readFile('docker-compose.yml', 'utf8');
    const [ours = '', services = ''] = compose.split(/^services:$/m);
    for (const line of ['read_only: true', 'cap_drop: [ALL]', "security_opt: ['no-new-privileges:true']"])
      expect(ours).toContain(`\n  ${line}\n`);
    expect(ours).toMatch(/^ {2}tmpfs: \['\/tmp:noexec,/m);
    const names = ['ingest', 'worker', 'api'];
    for (const name of names) expect(services).toMatch(new RegExp(`^  ${name}:\\n    <<: \\*why401$`, 'm'));
    expect(compose).not.toMatch(/privileged: true|cap_add|docker\.sock|network_mode: host|pid: host/);
    // No port is open to others than this machine.
    for (const [, ports = ''] of compose.matchAll(/ports: \[(.*)\]/g))
      for (const port of ports.split(', ')) expect(port).toMatch(/^'127\.0\.0\.1:/);
  });
});

(canMount ? describe : describe.skip)('a service on a file system that is read-only (needs unshare, and to be root)', () => {
  let app: App | undefined;
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });

  async function countsOne(service: App): Promise<void> {
    const event = JSON.stringify({ service: 'checkout', status: 401, reason: 'jwt expired' });
    expect((await service.post('/v1/events', event, { 'content-type': 'application/json' })).status).toBe(202);
    await until(
      () => service.total(),
      (total) => total === 1,
    );
    expect((await fetch(service.url)).status).toBe(200);
    expect((await service.get('/docs')).status).toBe(200);
    const status = await readFile(`/proc/${String(service.pid)}/status`, 'utf8');
    expect(/^Uid:\t(\d+)/m.exec(status)?.[1]).toBe(String(NOBODY));
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toMatch(new RegExp(`^${set}:\\t0+$`, 'm'));
    expect(await service.signal('SIGTERM')).toBe(0);
  }

  it('is what it is: nobody can write there, but into the directory given', async () => {
    const given = await mkdtemp(join(tmpdir(), 'why401-given-'));
    await chown(given, NOBODY, NOBODY);
    const write = (path: string): string =>
      spawnSync(unshare, [
        ...inside(given).slice(1),
        process.execPath,
        '-e',
        `require('fs').writeFileSync('${path}', '')`,
      ]).stderr.toString();
    const [elsewhere, installed, allowed] = [join(tmpdir(), 'why401-probe'), '/mnt/dist/why401-probe', join(given, 'probe')].map(write);
    await rm(given, { recursive: true });
    expect([elsewhere, installed, allowed]).toEqual([expect.stringContaining('EROFS'), expect.stringContaining('EROFS'), '']);
  });

  it('needs no directory at all where the database is elsewhere, as in the image', async () => {
    // Its own directory is root's.
    app = await App.start({ DATABASE_URL: await freshDatabase(), WHY401_DATA_DIR: '/nowhere' }, (directory) =>
      Promise.resolve(inside(directory)),
    );
    await countsOne(app);
  });

  it('writes into WHY401_DATA_DIR alone where the database is its own', async () => {
    app = await App.start({}, async (directory) => {
      await chmod(directory, 0o755);
      await mkdir(join(directory, 'data'));
      await chown(join(directory, 'data'), NOBODY, NOBODY);
      return inside(directory);
    });
    await countsOne(app);
  });
});
