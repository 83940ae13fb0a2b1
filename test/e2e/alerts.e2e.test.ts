import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { AlertMessage } from '../../src/core/alert/payload.js';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that keeps what it gets. */
class Inbox {
  readonly received: Received[] = [];
  /** The status of the next answers; 204 when there is none left. */
  readonly answers: number[] = [];
  /** Takes what comes and answers nothing. */
  isSilent = false;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        if (!this.isSilent) response.writeHead(this.answers.shift() ?? 204).end();
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/hook`;
  }

  /** What came, each verified by the public library. */
  messages(secret: string): AlertMessage[] {
    const webhook = new Webhook(secret);
    return this.received.map(({ headers, body }) => webhook.verify(body, headers as Record<string, string>) as AlertMessage);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface Endpoint {
  id: string;
  secret: string;
}

const MINUTE = 60_000;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('alerts', () => {
  let app: App;
  const inbox = new Inbox();
  let url: string;
  beforeAll(async () => {
    url = await inbox.listen();
    app = await App.start();
  });
  afterAll(async () => {
    inbox.close();
    await app.stop();
  });

  async function send(events: object[]): Promise<void> {
    const response = await app.post('/v1/events', JSON.stringify(events), { 'content-type': 'application/json' });
    expect(response.status).toBe(202);
  }

  const event = (timeMs: number, more: object = {}): object => ({
    time: new Date(timeMs).toISOString(),
    ...{
      service: 'checkout',
      route: '/orders',
      method: 'GET',
      status: 401,
      reason: 'jwt expired',
      version: '1.4.1',
      client_ip: '203.0.113.9',
    },
    ...more,
  });

  it(
    'tell of a spike with what changed, once, and of its end',
    async () => {
      const now = Date.now();
      // A day and a half of some refusals a minute from three versions.
      const quiet: object[] = [];
      for (let at = now - 36 * 60 * MINUTE; at < now - MINUTE; at += MINUTE) {
        for (let index = 0; index < 2 + (Math.floor(at / MINUTE) % 3); index += 1)
          quiet.push(event(at + index * 5_000, { 'service.version': `1.4.${String(index % 3)}`, client_ip: `203.0.113.${String(index)}` }));
      }
      for (let start = 0; start < quiet.length; start += 2_000) await send(quiet.slice(start, start + 2_000));
      await until(
        () => app.total('&service=checkout'),
        (total) => total > 2_500,
      );

      const { body: endpoint } = await app.call<Endpoint>('POST', '/v1/endpoints', { name: 'on call', url });
      expect(endpoint.secret).toMatch(/^whsec_/);
      for (const { id } of (await app.call<{ rules: { id: string }[] }>('GET', '/v1/alert-rules')).body.rules)
        await app.call('DELETE', `/v1/alert-rules/${id}`);
      const rule = { name: 'Spikes', settings: { type: 'spike', group_by: ['service', 'cause'], resolve_after: '1m' } };
      expect((await app.call('POST', '/v1/alert-rules', rule)).status).toBe(201);
      const preview = await app.call<{ alerts: unknown[]; groups: number }>('POST', '/v1/alert-rules/preview', {
        settings: rule.settings,
        from: '-24h',
      });
      expect([preview.status, preview.body.alerts, preview.body.groups]).toEqual([200, [], 1]);

      const spikeAt = Date.now();
      const spike = Array.from({ length: 120 }, (_, index) =>
        event(spikeAt, {
          'service.version': '1.5.0',
          trace_id: '5b8efff798038103d269b633813fc60c',
          client_ip: `203.0.113.${String(index)}`,
        }),
      );
      await send(spike);
      await until(
        () => inbox.received.length,
        (count) => count >= 1,
        30_000,
      );
      const [firing] = inbox.messages(endpoint.secret);
      expect(firing).toMatchObject({
        type: 'alert.firing',
        data: { group: { service: 'checkout', cause: 'expired_token' }, rule: { name: 'Spikes', type: 'spike' }, severity: 'error' },
      });
      expect(firing?.data.observed).toBeGreaterThanOrEqual(120);
      expect(firing?.data.distinct_clients).toBeGreaterThan(100);
      expect(firing?.data.what_changed[0]).toMatchObject({ dimension: 'version', value: '1.5.0' });
      expect(firing?.data.samples[0]).toMatchObject({ service: 'checkout', trace_id: '5b8efff798038103d269b633813fc60c' });
      expect(firing?.data.summary).toContain('version 1.5.0');
      expect(firing?.data.advice.client.length).toBeGreaterThan(0);
      const explained = await app.get<{ changes: { values: object[] }[] }>('/v1/explain?from=-10m&service=checkout');
      expect(explained.body.changes[0]?.values).toEqual([{ dimension: 'version', value: '1.5.0' }]);

      await until(
        () => inbox.received.length,
        (count) => count >= 2,
        8 * MINUTE,
      );
      const [, resolved] = inbox.messages(endpoint.secret);
      expect(resolved).toMatchObject({ type: 'alert.resolved', data: { id: firing?.data.id } });
      expect(inbox.received).toHaveLength(2);
      const { body } = await app.get<{ alerts: { status: string }[] }>('/v1/alerts');
      expect(body.alerts.map(({ status }) => status)).toEqual(['resolved']);
    },
    10 * MINUTE,
  );

  it(
    'send a test, try again after a failure, and are sent once more on demand, under the same id',
    async () => {
      inbox.received.length = 0;
      inbox.answers.push(500);
      const { body: endpoint } = await app.call<Endpoint>('POST', '/v1/endpoints', { name: 'second', url });
      const { body: delivery, status } = await app.call<{ id: string; webhook_id: string }>('POST', `/v1/endpoints/${endpoint.id}/test`);
      expect(status).toBe(202);
      const list = (): Promise<{ body: { deliveries: { status: string; attempts: { status: number }[] }[] } }> =>
        app.get(`/v1/endpoints/${endpoint.id}/deliveries`);
      const done = await until(list, ({ body }) => body.deliveries[0]?.status === 'delivered', 40_000);
      expect(done.body.deliveries[0]?.attempts.map((attempt) => attempt.status)).toEqual([500, 204]);
      await app.call('POST', `/v1/deliveries/${delivery.id}/redeliver`);
      await until(
        () => inbox.received.length,
        (count) => count === 3,
        20_000,
      );
      expect(new Set(inbox.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.webhook_id]));
      expect(inbox.messages(endpoint.secret).map(({ type }) => type)).toEqual(['alert.test', 'alert.test', 'alert.test']);
      // A receiver that is gone is left alone, and says so.
      inbox.answers.push(410);
      await app.call('POST', `/v1/endpoints/${endpoint.id}/test`);
      await until(
        () => app.call<{ disabled_reason: string | null }>('GET', `/v1/endpoints/${endpoint.id}`),
        ({ body }) => body.disabled_reason !== null,
        20_000,
      );
    },
    2 * MINUTE,
  );

  it(
    'arrive after the service was killed while it sent, under the same id',
    async () => {
      inbox.received.length = 0;
      const { body: endpoint } = await app.call<Endpoint>('POST', '/v1/endpoints', { name: 'slow', url });
      inbox.isSilent = true;
      const { body: delivery } = await app.call<{ webhook_id: string }>('POST', `/v1/endpoints/${endpoint.id}/test`);
      await until(
        () => inbox.received.length,
        (count) => count === 1,
        20_000,
      );
      await app.signal('SIGKILL');
      inbox.isSilent = false;
      await app.launch();
      await until(
        () => inbox.received.length,
        (count) => count === 2,
        60_000,
      );
      expect(inbox.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.webhook_id, delivery.webhook_id]);
    },
    3 * MINUTE,
  );

  it(
    'go on after the database was killed',
    async () => {
      inbox.received.length = 0;
      const { body: endpoint } = await app.call<Endpoint>('POST', '/v1/endpoints', { name: 'after', url });
      const settings = { type: 'threshold', count: 5, window: '5m', filter: { service: ['orders'] }, endpoints: [endpoint.id] };
      const { body: rule } = await app.call<{ id: string }>('POST', '/v1/alert-rules', { name: 'Orders', settings });
      const postmaster = Number((await readFile(join(app.directory, 'data', 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(postmaster, 'SIGKILL');
      await until(
        async () => (await app.get('/health/ready').catch(() => ({ status: 0 }))).status,
        (status) => status === 200,
        60_000,
      );
      await until(
        () => app.post('/v1/events', JSON.stringify(Array.from({ length: 9 }, () => event(Date.now(), { service: 'orders' }))), JSON_TYPE),
        ({ status }) => status === 202,
        30_000,
      );
      await until(
        () => inbox.received.length,
        (count) => count >= 1,
        60_000,
      );
      expect(inbox.messages(endpoint.secret).map(({ type, data }) => [type, data.rule.id])).toEqual([['alert.firing', rule.id]]);
    },
    4 * MINUTE,
  );

  it('refuse endpoints and rules that cannot work, and say why', async () => {
    for (const bad of [
      'ftp://example.com/',
      'http://10.0.0.1/',
      'https://169.254.169.254/',
      'https://user:pass@example.com/',
      'nonsense',
    ]) {
      const { status, body } = await app.call<{ errors: { field: string }[] }>('POST', '/v1/endpoints', { name: 'bad', url: bad });
      expect([bad, status, body.errors[0]?.field]).toEqual([bad, 400, 'url']);
    }
    for (const settings of [
      { type: 'spike', group_by: ['nothing'] },
      { type: 'spike', group_by: ['service', 'service'] },
      { type: 'threshold', count: 1, window: '400d' },
      { type: 'threshold', count: 0 },
      { type: 'ratio', ratio: 0.1, group_by: ['cause'] },
      { type: 'ratio', ratio: 2, group_by: ['service'] },
      { type: 'finding', finding: 'unheard_of' },
      { type: 'spike', filter: { service: [] } },
      { type: 'unheard_of' },
    ])
      expect([settings, (await app.call('POST', '/v1/alert-rules', { name: 'bad', settings })).status]).toEqual([settings, 400]);
    expect((await app.call('GET', '/v1/alert-rules/5f0c3a52-0d8e-4a55-9c0e-4010000000ff')).status).toBe(404);
    expect((await app.call('POST', '/v1/silences', { matchers: {}, ends_at: '2030-01-01T00:00:00Z' })).status).toBe(400);
  });
});
