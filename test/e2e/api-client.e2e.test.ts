/** The script of docs/api-client.md: compiled beside copies of the client, as a user would have it, and run against the service. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { connect, RequestError } from '../../src/client/client.js';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

const run = promisify(execFile);
/** What Node could not strip is an error. */
const COMPILE = [
  ...['--strict', '--target', 'es2023', '--module', 'nodenext', '--erasableSyntaxOnly', '--rewriteRelativeImportExtensions'],
  ...['--typeRoots', resolve('node_modules/@types'), '--types', 'node', '--skipLibCheck', '--outDir', 'out'],
];

describe('the client', () => {
  let app: App;
  let directory: string;
  beforeAll(async () => {
    app = await App.start();
    directory = await mkdtemp(join(tmpdir(), 'why401-client-'));
    const event = { service: 'checkout', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
    await app.post('/v1/events', JSON.stringify(event), { 'content-type': 'application/json' });
    await until(
      () => app.total(),
      (total) => total === 1,
    );
  });
  afterAll(async () => {
    await app.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('does what its page says', async () => {
    const page = await readFile('docs/api-client.md', 'utf8');
    const [, script = ''] = /```ts\n([^]*?)```/.exec(page) ?? [];
    const [, printed = ''] = /```\n([^]*?)```/.exec(page.split('it prints:')[1] ?? '') ?? [];
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    await writeFile(join(directory, 'ask.ts'), script);
    for (const file of ['client.ts', 'schema.ts']) await copyFile(join('src/client', file), join(directory, file));
    await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...COMPILE, 'ask.ts'], { cwd: directory });
    const { stdout } = await run(process.execPath, [join(directory, 'out/ask.js'), app.url]);
    expect(stdout).toBe(printed);
    expect(printed).toContain('expired_token, 1 of 1');
  });

  it('repeats parameters, escapes ids, reads texts, and says what was wrong with a request', async () => {
    const ask = connect(app.url);
    const { total } = await ask('get', '/v1/trends', { query: { service: ['checkout', 'shop'], from: '-1h' } });
    expect(total).toBe(1);
    expect(await ask('get', '/metrics')).toContain('why401_records_accepted_total');
    await expect(ask('get', '/v1/causes/{id}', { path: { id: 'a/../b?c' } })).rejects.toMatchObject({
      status: 404,
      message: 'there is no such cause; GET /v1/causes lists them',
    });
    const refused = ask('post', '/v1/silences', { body: { matchers: {}, ends_at: '2099-01-01T00:00:00Z' } });
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: 'the request has a parameter that cannot be used: matchers needs 1 to 20 labels',
    });
    await expect(connect('http://127.0.0.1:1')('get', '/health/live')).rejects.toThrow(RequestError);
    await expect(ask('get', '/health/live', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
