import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '../support/app.js';
import { freshDatabase } from '../support/databases.js';
import { RestFuzz } from '../support/rest-fuzz.js';

/** Some 3 ms each; `npm run fuzz -- --rest` does more. */
const RUNS = 4_000;
const SEED = 401;

describe('every operation of the OpenAPI document', () => {
  let app: App;
  let inbox: Server;
  let fuzz: RestFuzz;
  beforeAll(async () => {
    inbox = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end())).listen(0, '127.0.0.1');
    await once(inbox, 'listening');
    app = await App.start({ DATABASE_URL: await freshDatabase() });
    fuzz = await RestFuzz.on(app, `http://127.0.0.1:${String((inbox.address() as AddressInfo).port)}/`);
  });
  afterAll(async () => {
    await app.stop();
    inbox.closeAllConnections();
    inbox.close();
  });

  it(`answers ${String(RUNS)} requests that are nearly right or hostile as the document says`, async () => {
    const { seen } = await fuzz.run(RUNS, SEED);
    const answers = [...seen.keys()].map((key) => key.split(' '));
    const asked = new Set(answers.map(([id]) => id));
    const succeeded = new Set(answers.filter(([, status]) => status?.startsWith('2')).map(([id]) => id));
    expect(fuzz.operationIds.filter((id) => !asked.has(id))).toEqual([]);
    // The others need an alert, or a batch that failed. Fewer would mean that requests are refused before they get anywhere.
    expect(succeeded.size).toBeGreaterThan((2 / 3) * fuzz.operationIds.length);
    expect((await app.get('/health/ready')).status).toBe(200);
  });
});
