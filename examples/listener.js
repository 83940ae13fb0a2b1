// @ts-check
/**
 * Receives alerts and shows them: a web server that verifies each webhook with the public library of Standard Webhooks, as
 * a receiver of yours would, and prints what it says. Used by `npm run alert:listen` and by the demo.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const MAX_BYTES = 64 * 1024;
const isTerminal = process.stdout.isTTY;
const paint = (/** @type {string} */ text, /** @type {number} */ colour) => (isTerminal ? `\u001b[${colour}m${text}\u001b[0m` : text);

/**
 * @typedef {{ type: string, timestamp: string, data: {
 *   rule: { name: string }, group: Record<string, string>, severity: string, started_at: string, window: string, observed: number,
 *   expected: number | null, distinct_clients: number | null, summary: string, duration_seconds?: number, total?: number, peak?: number,
 *   what_changed: { dimension: string, value: string, share_before: number, share_now: number, explains: number }[],
 *   advice: { client: string[], server: string[] }, links: { signatures: string } } }} Alert
 */

/**
 * @param {{ host: string, port: number, secret: () => string, onAlert: (alert: Alert) => void, onProblem: (problem: string) => void }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startListener({ host, port, secret, onAlert, onProblem }) {
  const server = createServer((request, response) => {
    bodyOf(request).then(
      (body) => {
        try {
          onAlert(/** @type {Alert} */ (new Webhook(secret()).verify(body, /** @type {Record<string, string>} */ (request.headers))));
          response.writeHead(204).end();
        } catch (error) {
          onProblem(`not verified, so not believed: ${/** @type {Error} */ (error).message}`);
          response.writeHead(400).end();
        }
      },
      () => response.writeHead(413, { connection: 'close' }).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: listening } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(/** @type {import('node:http').IncomingMessage} */ request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * Adds the listener to why401 as an endpoint.
 * @param {string} serviceUrl
 * @param {string} url
 * @returns {Promise<{ id: string, secret: string }>}
 */
export async function register(serviceUrl, url) {
  const answer = await call(serviceUrl, 'POST', '/v1/endpoints', { name: `listener at ${url}`, url });
  return /** @type {{ id: string, secret: string }} */ (answer);
}

/**
 * One call of why401's REST API.
 * @param {string} serviceUrl
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>}
 */
export async function call(serviceUrl, method, path, body) {
  const response = await fetch(serviceUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...authorization() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/**
 * Where keys are asked: the one that OpenTelemetry's exporters send too.
 * @returns {Record<string, string>}
 */
function authorization() {
  const [, value] = /(?:^|,)\s*authorization=([^,]+)/i.exec(process.env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '') ?? [];
  return value === undefined ? {} : { authorization: decodeURIComponent(value) };
}

/** An alert for people. */
export function show(/** @type {Alert} */ { type, data }) {
  const title =
    { 'alert.firing': paint('FIRING', 31), 'alert.resolved': paint('RESOLVED', 32), 'alert.test': paint('TEST', 36) }[type] ?? type;
  const group = Object.entries(data.group).map(([name, value]) => `${name} ${value}`);
  const lines = [
    `${title}  ${paint(data.rule.name, 1)}  (${data.severity})  ${group.join(', ')}`,
    `  ${data.summary}`,
    ...(data.distinct_clients === null ? [] : [`  ${data.distinct_clients} different clients`]),
    ...(data.duration_seconds === undefined
      ? []
      : [`  lasted ${Math.round(data.duration_seconds / 60)} min, ${data.total} refusals, at most ${data.peak} in a window`]),
    ...section(
      'what changed',
      data.what_changed.map(
        ({ dimension, value, share_before: before, share_now: now, explains }) =>
          `${bar(now)} ${dimension} ${value}: ${percent(before)} before, ${percent(now)} now; explains ${percent(explains)}`,
      ),
    ),
    ...section('what to do', [
      ...data.advice.client.slice(0, 2).map((text) => `client: ${text}`),
      ...data.advice.server.slice(0, 2).map((text) => `server: ${text}`),
    ]),
    ...(data.links.signatures === '' ? [] : [`  look closer: curl '${data.links.signatures}'`]),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function section(/** @type {string} */ title, /** @type {string[]} */ entries) {
  return entries.length === 0 ? [] : [`  ${paint(title, 1)}`, ...entries.map((entry) => `    ${entry}`)];
}

function bar(/** @type {number} */ share) {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 10);
  return '█'.repeat(filled) + '░'.repeat(10 - filled);
}

function percent(/** @type {number} */ share) {
  return `${Math.round(share * 100)} %`;
}
