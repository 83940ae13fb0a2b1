import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };

interface Target {
  expr?: string;
  type?: string;
  url?: string;
  url_options?: { headers: { key: string; value: string }[] };
  root_selector?: string;
  columns?: { selector: string }[];
}
interface Dashboard {
  __inputs: { name: string; type: string; value?: string }[];
  uid: string;
  title: string;
  schemaVersion: number;
  templating: { list: { name: string; definition?: string; query: string | { infinityQuery?: Target } }[] };
  panels: {
    id: number;
    title: string;
    datasource: { uid: string };
    gridPos: object;
    targets: (Target & { datasource: { uid: string } })[];
  }[];
}

const read = async (name: string): Promise<Dashboard> => JSON.parse(await readFile(`grafana/${name}.json`, 'utf8')) as Dashboard;

/** The value at `a.b`; undefined where there is no such field. */
function at(value: unknown, path: string): unknown {
  return path === '' ? value : path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value);
}

describe('the dashboards for Grafana', () => {
  let app: App;
  beforeAll(async () => {
    app = await App.start();
    const event = {
      service: 'a & b',
      environment: 'prod',
      method: 'GET',
      route: '/o',
      status: 500,
      cause: 'server_misconfiguration',
      reason: 'JWKS',
    };
    await app.post('/v1/events', JSON.stringify(Array.from({ length: 30 }, () => event)), JSON_TYPE);
    await until(
      async () => (await app.get<{ alerts: object[] }>('/v1/alerts?status=open')).body.alerts.length,
      (count) => count > 0,
      60_000,
    );
  }, 120_000);
  afterAll(() => app.stop());

  it.each(['prometheus', 'rest'])('asks for its data source when %s is imported', async (name) => {
    const { __inputs: inputs, uid, title, schemaVersion, panels } = await read(name);
    expect([uid, title, schemaVersion]).toEqual([expect.stringMatching(/^why401-/), expect.stringMatching(/^why401/), expect.any(Number)]);
    const source = `\${${inputs.find(({ type }) => type === 'datasource')?.name ?? ''}}`;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const panel of panels)
      expect([panel.title, ...[panel, ...panel.targets].map(({ datasource }) => datasource.uid)]).toEqual([
        panel.title,
        ...[panel, ...panel.targets].map(() => source),
      ]);
  });

  it('names metrics that exist', async () => {
    const { panels, templating } = await read('prometheus');
    // Some metrics have no series before the first refused request and the first webhook.
    await app.post('/v1/events', '{', JSON_TYPE);
    const added = await app.post('/v1/endpoints', JSON.stringify({ name: 'nobody', url: `${app.url}/nobody` }), JSON_TYPE);
    const { id } = (await added.json()) as { id: string };
    await app.post(`/v1/endpoints/${id}/test`, '', {});
    const { body } = await until(
      () => app.get<string>('/metrics'),
      ({ body: text }) => text.includes('why401_webhook_attempts_total{'),
    );
    const families = new Set([...body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const expressions = [
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr ?? '')),
      ...templating.list.map((one) => one.definition ?? ''),
    ];
    const named = new Set(expressions.flatMap((text) => text.match(/why401_\w+/g) ?? []));
    expect(named.size).toBeGreaterThan(10);
    for (const name of named) expect([...families]).toContain(name.replace(/_bucket$/, ''));
  });

  it.each(['*', 'a & b'])('asks the REST API what it answers, for service %s', async (service) => {
    const { panels, templating } = await read('rest');
    const variables = templating.list.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.infinityQuery ?? {}]));
    const targets = [...panels.flatMap((panel) => panel.targets), ...variables];
    expect(targets).toHaveLength(panels.length + 2);
    const now = Date.now();
    const values: Record<string, string> = {
      ...{ why401: app.url, __from: String(now - 3_600_000), __to: String(now) },
      ...{ 'service:percentencode': encodeURIComponent(service), 'environment:percentencode': '*' },
    };
    for (const { url = '', type, url_options: options, root_selector: root = '', columns = [] } of targets) {
      const filled = url.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? `no value for ${name}`);
      const response = await fetch(filled, { headers: options?.headers.map(({ key, value }) => [key, value] as [string, string]) ?? [] });
      const text = await response.text();
      expect({ filled, status: response.status, text: response.ok ? '' : text }).toEqual({ filled, status: 200, text: '' });
      const found = at(type === 'csv' ? undefined : JSON.parse(text), root);
      const first = Array.isArray(found) ? (found as unknown[])[0] : found;
      for (const { selector } of columns) {
        const isThere = type === 'csv' ? text.split('\r\n')[0]?.split(',').includes(selector) : at(first, selector) !== undefined;
        expect({ filled, selector, isThere }).toEqual({ filled, selector, isThere: true });
      }
    }
  });
});
