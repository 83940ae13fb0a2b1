/**
 * Spikes that must be told of, each once and its end once. The same ones go to an installation without faults, whose messages
 * are what is expected. Messages that come again under the same id count once: delivery is at least once.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../support/app.js';
import { withClient } from '../support/databases.js';
import { postEvents } from './workload.js';

/** So that they leave the rule's window while those who must tell of it are away, or another process takes over. */
const AGE_MS = 45_000;
const RECORDS = 120;
const RULE = {
  name: 'Planted spikes',
  settings: {
    ...{ type: 'threshold', count: 100, window: '1m', resolve_after: '1m' },
    filter: { service: ['planted*'] },
    group_by: ['service'],
  },
};

interface Message {
  type: string;
  data: { group: { service: string } };
}

export class Planted {
  /** By webhook id: what happened to which group. */
  private readonly told = new Map<string, string>();
  received = 0;

  private constructor(private readonly server: Server) {}

  /**
   * @param api of the installation, which gets the rule alone
   * @param databaseUrl of one whose processes come and go: its rule is made out to be older than the spikes, since for a process that loads
   * a rule nothing is news that was before it
   */
  static async open(api: App, databaseUrl?: string): Promise<Planted> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const planted = new Planted(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        planted.take(String(request.headers['webhook-id']), Buffer.concat(chunks).toString());
        response.writeHead(204).end();
      });
    });
    for (const { id } of (await api.call<{ rules: { id: string }[] }>('GET', '/v1/alert-rules')).body.rules)
      await api.call('DELETE', `/v1/alert-rules/${id}`);
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
    for (const { status, body } of [
      await api.call('POST', '/v1/endpoints', { name: 'planted', url }),
      await api.call('POST', '/v1/alert-rules', RULE),
    ])
      if (status !== 201) throw new Error(`cannot set up alerts: ${JSON.stringify(body)}`);
    if (databaseUrl !== undefined)
      await withClient(databaseUrl, (client) =>
        client.query("UPDATE alert_rules SET updated_at = now() - interval '10 minutes', judged_to = now() - interval '10 minutes'"),
      );
    return planted;
  }

  /** What happened, in order of the words: the same for two installations that told the same. @param prefix of services */
  outcome(prefix: string): string[] {
    return [...this.told.values()].filter((text) => text.includes(` ${prefix}`)).sort();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private take(id: string, body: string): void {
    const { type, data } = JSON.parse(body) as Message;
    this.told.set(id, `${type} ${data.group.service}`);
    this.received += 1;
  }
}

/** @param url of the receiver, which may be away: it is told again until it takes them */
export async function plant(url: string, service: string): Promise<void> {
  const time = Date.now() - AGE_MS;
  const event = { time, service, route: '/planted', status: 401, reason: 'jwt expired' };
  await postEvents(`${url}/v1/events`, JSON.stringify(Array.from({ length: RECORDS }, () => event)), () => true);
}

export const PLANTED_RECORDS = RECORDS;
