/**
 * `npm run bench:alerts`: how long a spike takes from its first record to its webhook, and what an evaluation of 10,000
 * groups costs, with the service as it is started, its database included. Nothing here is a test's verdict.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertMessage } from '../src/core/alert/payload.js';
import { App } from '../test/support/app.js';
import { until } from '../test/support/service.js';
import { say, sayMachine } from './print.js';

const HELP = `Usage: npm run bench:alerts [-- options]

  --spikes N    spikes that are timed                      (default 40)
  --rules N     rules of 250 groups each                   (default 40)
  --seconds N   for how long evaluations are looked at     (default 60)
  --help        this text
`;
const { values } = parseArgs({
  options: {
    spikes: { type: 'string', default: '40' },
    rules: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});
const MINUTE_MS = 60_000;
const GROUPS = 250;
const INTERVAL_MS = 5_000;
const AT_ONCE = 5_000;

if (values.help) process.stdout.write(HELP);
else {
  sayMachine();
  await withApp(latency);
  await withApp(evaluations);
}

/** With no rule but the bench's own. */
async function withApp(run: (app: App) => Promise<void>): Promise<void> {
  const app = await App.start();
  try {
    const { rules } = (await app.get<{ rules: { id: string }[] }>('/v1/alert-rules')).body;
    for (const { id } of rules) await call(app, 'DELETE', `/v1/alert-rules/${id}`);
    await run(app);
  } finally {
    await app.stop();
  }
}

/** A service of its own for each spike, with a day and some of ordinary refusals. */
async function latency(app: App): Promise<void> {
  const arrived = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as AlertMessage;
      if (type === 'alert.firing') arrived.set(data.group['service'] ?? '', performance.now());
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const services = Array.from({ length: Number(values.spikes) }, (_, index) => `service-${String(index)}`);
  const now = Date.now();
  const minutes = Array.from({ length: 26 * 60 }, (_, index) => now - (index + 2) * MINUTE_MS);
  await send(
    app,
    services.flatMap((service) => minutes.flatMap((at) => [event(service, at), event(service, at + 20_000)])),
  );
  await call(app, 'POST', '/v1/endpoints', { name: 'bench', url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/` });
  await call(app, 'POST', '/v1/alert-rules', { name: 'spikes', settings: { type: 'spike' } });
  await sleep(2 * INTERVAL_MS);
  const times: number[] = [];
  for (const service of services) {
    // At any moment between two evaluations, and of a minute.
    await sleep(Math.random() * 2 * INTERVAL_MS);
    const started = performance.now();
    await send(
      app,
      Array.from({ length: 60 }, () => event(service, Date.now())),
    );
    const at = await until(
      () => arrived.get(service),
      (found) => found !== undefined,
      60_000,
    );
    times.push(((at ?? NaN) - started) / 1_000);
  }
  server.close();
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? NaN).toFixed(1);
  say(
    `first record of a spike to its webhook, ${String(times.length)} spikes: median ${at(0.5)} s, 95th percentile ${at(0.95)} s, longest ${at(1)} s`,
  );
}

async function evaluations(app: App): Promise<void> {
  const now = Date.now();
  const services = Array.from({ length: GROUPS }, (_, index) => `service-${String(index)}`);
  const minutes = Array.from({ length: 60 }, (_, index) => now - (index + 2) * MINUTE_MS);
  await send(
    app,
    services.flatMap((service) => minutes.map((at) => event(service, at))),
  );
  for (let rule = 0; rule < Number(values.rules); rule += 1)
    await call(app, 'POST', '/v1/alert-rules', { name: `rule ${String(rule)}`, settings: { type: 'spike', group_by: ['service'] } });
  // The first evaluation learns from history.
  await until(
    async () => (await figures(app)).count,
    (count) => count >= 3,
    300_000,
  );
  await sleep(2 * INTERVAL_MS);
  const before = await figures(app);
  const deadline = Date.now() + Number(values.seconds) * 1_000;
  while (Date.now() < deadline) {
    await send(
      app,
      services.map((service) => event(service, Date.now())),
    );
    await sleep(1_000);
  }
  const after = await figures(app);
  const count = after.count - before.count;
  const groups = Number(values.rules) * GROUPS;
  say(
    `evaluation of ${String(groups)} groups in ${values.rules} rules: ${((after.sum - before.sum) / count).toFixed(2)} s in the mean of ${String(count)}`,
  );
}

async function figures(app: App): Promise<{ count: number; sum: number }> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const of = (name: string): number =>
    Number(new RegExp(`^why401_alert_evaluation_duration_(?:seconds_)?${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)`, 'm').exec(text)?.[1] ?? 0);
  return { count: of('count'), sum: of('sum') };
}

function event(service: string, timeMs: number): object {
  return { time: new Date(timeMs).toISOString(), service, route: '/', method: 'GET', status: 401, reason: 'jwt expired' };
}

async function send(app: App, events: readonly object[]): Promise<void> {
  for (let at = 0; at < events.length;) {
    const body = JSON.stringify(events.slice(at, at + AT_ONCE));
    const response = await app.post('/v1/events', body, { 'content-type': 'application/json' });
    if (response.status === 202) at += AT_ONCE;
    else if (response.status === 503) await sleep(1_000);
    else throw new Error(`POST /v1/events answered ${String(response.status)}: ${await response.text()}`);
  }
}

async function call(app: App, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(app.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${await response.text()}`);
}
