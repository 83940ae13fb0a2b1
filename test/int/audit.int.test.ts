/** The audit of CI, with the real npm, before registries that know something, know nothing, and cannot say. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

describe('the audit of dependencies', () => {
  let registry: Server | undefined;
  /** npm keeps what it heard of advisories. */
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'why401-audit-'));
  });
  afterEach(async () => {
    await rm(cache, { recursive: true });
    registry?.closeAllConnections();
    registry?.close();
  });

  /** @param answer of the advisories; undefined: there are none to be had */
  async function audit(answer?: object, directory = '.'): Promise<{ code: number; output: string }> {
    registry = createServer((request, response) => {
      const isAsked = request.url?.endsWith('/advisories/bulk') === true && answer !== undefined;
      response.writeHead(isAsked ? 200 : 405, { 'content-type': 'application/json' });
      request.resume().on('end', () => response.end(JSON.stringify(isAsked ? answer : {})));
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const url = `http://127.0.0.1:${String((registry.address() as AddressInfo).port)}/`;
    return new Promise((done) => {
      const environment = { ...process.env, npm_config_registry: url, npm_config_cache: cache };
      execFile(process.execPath, [resolve('scripts/audit.mjs')], { cwd: directory, env: environment }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  const advisory = (severity: string): object => ({
    id: 1,
    url: 'https://advisories.test/1',
    title: 'Reads files',
    severity,
    vulnerable_versions: '>=0',
    cwe: [],
    cvss: { score: 8, vectorString: null },
  });

  it('fails for what is high in something that is installed at run time, and says what it is', async () => {
    const { code, output } = await audit({ express: [advisory('high')] });
    expect([code, output]).toEqual([1, expect.stringContaining('high: express')]);
    expect(output).toContain('Reads files https://advisories.test/1');
  });

  it.each([
    ['nothing is known', {}],
    ['what is known is moderate', { express: [advisory('moderate')] }],
    ['it is in a tool of development', { jest: [advisory('critical')] }],
  ])('passes where %s', async (_, answer) => {
    const { code, output } = await audit(answer);
    expect([code, output]).toEqual([0, expect.stringContaining('0 high or critical')]);
  });

  it('passes where the registry cannot say, and says so loudly', async () => {
    const { code, output } = await audit();
    expect([code, output]).toEqual([0, expect.stringMatching(/\*\*\* NOT AUDITED: .*\n\*\*\* 405 /)]);
  });

  it('fails where there is no lock file to audit', async () => {
    const { code, output } = await audit({}, cache);
    expect([code, output]).toEqual([1, expect.stringContaining('ENOLOCK')]);
  });
});
