// @ts-check
/**
 * The last part of the demo: a release with another signing key refuses tokens that were good a minute ago, and the alert
 * about it as it arrives at a receiver.
 */
import { SignJWT } from 'jose';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIENCE, ISSUER, SIGNING_KEY, startApi } from './api.js';
import { call, register, show, startListener } from './listener.js';

const REQUESTS = 150;
const VERSION = '1.5.0';
const ALERT_TIMEOUT_MS = 60_000;

/** @typedef {{ id: string, name: string, is_enabled: boolean, settings: { type: string, filter: object, endpoints: string[] | null } }} Rule */

/**
 * The rule for spikes that a new installation has; where there is none, one for this service. It is saved, because a rule that
 * is saved learns what is usual from all that is stored, a past that was filled in included.
 * @param {string} serviceUrl
 * @param {string} service
 * @returns {Promise<{ rule: Rule, remove: () => Promise<unknown> }>}
 */
export async function learnPast(serviceUrl, service) {
  const { rules } = /** @type {{ rules: Rule[] }} */ (await call(serviceUrl, 'GET', '/v1/alert-rules'));
  const standing = rules.find(
    ({ is_enabled, settings: { type, filter, endpoints } }) =>
      is_enabled && type === 'spike' && Object.keys(filter).length === 0 && endpoints === null,
  );
  if (standing !== undefined) {
    const { id, name, is_enabled, settings } = standing;
    await call(serviceUrl, 'PUT', `/v1/alert-rules/${id}`, { name, is_enabled, settings });
    return { rule: standing, remove: async () => undefined };
  }
  const added = { name: `Demo: a cause spikes in ${service}`, settings: { type: 'spike', filter: { service: [service] } } };
  const rule = /** @type {Rule} */ (await call(serviceUrl, 'POST', '/v1/alert-rules', added));
  return { rule, remove: () => call(serviceUrl, 'DELETE', `/v1/alert-rules/${rule.id}`) };
}

/**
 * @param {{ serviceUrl: string, logs: import('./api.js').Logs, rule: Rule }} options
 * @returns {Promise<boolean>} whether the alert came and named the release
 */
export async function spike({ serviceUrl, logs, rule }) {
  process.stdout.write(`\nNow a spike: version ${VERSION} of ${logs.service} is released with another signing key ...\n`);
  let secret = '';
  const received = /** @type {import('./listener.js').Alert[]} */ ([]);
  const listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, secret: () => secret },
    onAlert: (alert) => received.push(alert),
    onProblem: (problem) => process.stderr.write(`why401 demo: ${problem}\n`),
  });
  const endpoint = await register(serviceUrl, listener.url);
  secret = endpoint.secret;
  try {
    const started = Date.now();
    await release(logs);
    const awaited = () => received.find(({ data }) => data.rule.name === rule.name && data.group['service'] === logs.service);
    while (awaited() === undefined && Date.now() - started < ALERT_TIMEOUT_MS) await sleep(100);
    const alert = awaited();
    if (alert === undefined) {
      process.stderr.write(`why401 demo: no alert came within ${ALERT_TIMEOUT_MS / 1000} s\n`);
      return false;
    }
    show(alert);
    process.stdout.write(
      `\nThe alert was here ${((Date.now() - started) / 1000).toFixed(1)} s after the first request of the spike. See more with: npm run alert:listen\n`,
    );
    return alert.data.what_changed.some(({ value }) => value === VERSION);
  } finally {
    await call(serviceUrl, 'DELETE', `/v1/endpoints/${endpoint.id}`);
    await listener.close();
  }
}

/** The release, and clients that know nothing of it. */
async function release(/** @type {import('./api.js').Logs} */ logs) {
  const api = await startApi({
    logs: { ...logs, version: VERSION },
    signingKey: new TextEncoder().encode('the key of the next release, which signs no token yet'),
  });
  const token = await new SignJWT({ sub: 'u-17', tenant: 'acme' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime('10m')
    .sign(SIGNING_KEY);
  for (let request = 0; request < REQUESTS; request += 1) {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': `203.0.113.${request % 200}` };
    const response = await fetch(`${api.url}/orders/${1000 + request}`, { headers });
    if (response.status !== 401) throw new Error(`a request that should be refused was answered ${response.status}`);
    await response.arrayBuffer();
  }
  await api.close();
}
