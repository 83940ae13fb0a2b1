// @ts-check
/**
 * `npm run demo`: starts the example API, gives it a past, makes real requests fail for each reason, and reads back over REST
 * what why401 counted; then lets refusals spike and shows the alert. Needs a running service (`npm start`). Ends with code 1
 * when a count is not the expected one, or the alert does not come.
 */
import { SignJWT } from 'jose';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeHistory } from './history.js';
import { call } from './listener.js';
import { learnPast, spike } from './spike.js';
import { API_KEY, AUDIENCE, ISSUER, PASSWORD, SESSION_MS, SIGNING_KEY, startApi } from './api.js';

const HELP = `Usage: npm run demo [-- options]

Starts an example API with a made-up past of a day, makes real requests fail for each reason, and shows what
why401 counted, and the alert that a spike sends.

  --url URL    REST API of the running service   (default http://127.0.0.1:4010)
  --otlp URL   OTLP/HTTP receiver                (default http://127.0.0.1:4318)
  --scale N    requests per reason, times N      (default 1)
  --no-spike   ends when everything is counted, without the alert
  --help       this text
`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4010' },
    otlp: { type: 'string', default: 'http://127.0.0.1:4318' },
    'no-spike': { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const ENVIRONMENT = 'demo';
const READY_TIMEOUT_MS = 60_000;
const COUNT_TIMEOUT_MS = 30_000;
/** So many times what the demo plays in seconds is usual in an hour: what it plays surprises nobody. */
const USUAL_AN_HOUR = 25;
const isTerminal = process.stdout.isTTY;

if (values.help) {
  process.stdout.write(HELP);
} else {
  process.exitCode = await demo(values.url, values.otlp, Number(values.scale));
}

/**
 * Reason -> how often it happens, the cause it must be counted as, and a request that fails for it.
 * @param {string} url of the example API
 * @returns {Promise<{ cause: string, times: number, send: () => Promise<Response> }[]>}
 */
async function failures(url) {
  const now = Math.floor(Date.now() / 1000);
  const token = (/** @type {object} */ claims = {}, key = SIGNING_KEY) =>
    new SignJWT({ sub: 'u-17', tenant: 'acme', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime(/** @type {{ exp?: number }} */ (claims).exp ?? now + 600)
      .sign(key);
  const get = (/** @type {string} */ path, /** @type {Record<string, string>} */ headers = {}) => fetch(url + path, { headers });
  const expired = await token({ exp: now - 90 });
  const early = await token({ nbf: now + 300 });
  const forged = await token({}, new TextEncoder().encode('some other key, as after a rotation'));
  const good = await token();
  const cookie = (await fetch(`${url}/login`, { method: 'POST' })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const signedInAt = Date.now();
  let request = 0;
  const id = () => `/orders/${1000 + (request += 1)}`;
  return [
    { cause: 'missing_credentials', times: 8, send: () => get(id()) },
    { cause: 'expired_token', times: 9, send: () => get(id(), { authorization: `Bearer ${expired}` }) },
    { cause: 'invalid_api_key', times: 6, send: () => get('/partner/stock', { 'x-api-key': `demo_test_${id().slice(-4)}` }) },
    { cause: 'malformed_credentials', times: 4, send: () => get(id(), { authorization: `Token ${good}` }) },
    { cause: 'wrong_realm', times: 3, send: () => get('/tenants/globex/users', { authorization: `Bearer ${good}` }) },
    { cause: 'clock_skew', times: 4, send: () => get(id(), { authorization: `Bearer ${early}` }) },
    {
      cause: 'invalid_credentials',
      times: 5,
      send: () => get('/reports/7', { authorization: `Basic ${btoa(`user${id().slice(-3)}:wrong`)}` }),
    },
    { cause: 'invalid_signature', times: 3, send: () => get(id(), { authorization: `Bearer ${forged}` }) },
    {
      cause: 'session_expired',
      times: 5,
      send: async () => {
        await sleep(Math.max(0, signedInAt + SESSION_MS + 100 - Date.now()));
        return get('/account', { cookie });
      },
    },
  ];
}

/** Requests that succeed: a service that counted them would count wrong. */
async function successes(/** @type {string} */ url) {
  const good = await new SignJWT({ tenant: 'acme' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime('5m')
    .sign(SIGNING_KEY);
  return [
    await fetch(`${url}/orders/1`, { headers: { authorization: `Bearer ${good}` } }),
    await fetch(`${url}/reports/1`, { headers: { authorization: `Basic ${btoa(`demo:${PASSWORD}`)}` } }),
    await fetch(`${url}/partner/stock`, { headers: { 'x-api-key': API_KEY } }),
  ];
}

/** @returns {Promise<number>} exit code */
async function demo(/** @type {string} */ serviceUrl, /** @type {string} */ otlpUrl, /** @type {number} */ scale) {
  if (!Number.isInteger(scale) || scale < 1) return say(`--scale ${values.scale} is no whole number from 1 on`);
  if (!(await isReady(serviceUrl)))
    return say(`cannot reach why401 at ${serviceUrl}: start it with "npm start" in another terminal, or name it with --url`);
  const { scopes } = /** @type {{ scopes: string[] }} */ (await call(serviceUrl, 'GET', '/v1/session'));
  if (!scopes.includes('admin'))
    return say(`why401 asks for a key: give one with the scope admin, OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer%20<key>'`);
  const now = new Date().toISOString();
  // A service of its own for each run: what one run made spike is the past of the next.
  const logs = { otlpUrl, service: `orders-api-${now.slice(11, 19).replaceAll(':', '-')}`, version: '1.4.2', environment: ENVIRONMENT };
  const logged = /** @type {import('@opentelemetry/sdk-logs').ReadableLogRecord[]} */ ([]);
  const keep = {
    onEmit: (/** @type {typeof logged[0]} */ record) => void logged.push(record),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const api = await startApi({ logs, processors: [keep] });
  const plan = (await failures(api.url)).map((failure) => ({ ...failure, times: failure.times * scale }));
  // One of each first: its past is made of what the API really logs.
  for (const { send } of plan) await refused(send);
  const records = logged.splice(0).map((record, index) => ({ record, anHour: (plan[index]?.times ?? 0) * USUAL_AN_HOUR }));
  process.stdout.write(`making up a day of ordinary refusals of ${logs.service} ...\n`);
  const past = await makeHistory({ serviceUrl, logs, records });
  process.stdout.write(`${past} refusals of the past day were counted\n`);
  const { rule, remove } = await learnPast(serviceUrl, logs.service);
  try {
    await play(plan.map((failure) => ({ ...failure, times: failure.times - 1 })));
    for (const response of await successes(api.url))
      if (!response.ok) return say(`a request that should succeed was answered ${response.status}`);
    await api.close();
    const expected = new Map(plan.map(({ cause, times }) => [cause, times]));
    const code = report(expected, await settled({ serviceUrl, from: now, service: logs.service, expected }), serviceUrl);
    if (values['no-spike']) return code;
    return (await spike({ serviceUrl, logs, rule })) ? code : 1;
  } finally {
    await remove();
  }
}

async function refused(/** @type {() => Promise<Response>} */ send) {
  const response = await send();
  if (response.status !== 401) throw new Error(`a request that should be refused was answered ${response.status}`);
  await response.arrayBuffer();
}

/** Waits for a service that is still starting: a first start creates its database. */
async function isReady(/** @type {string} */ serviceUrl) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (let isFirst = true; ; isFirst = false) {
    const isUp = await fetch(`${serviceUrl}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp || Date.now() > deadline) return isUp;
    if (isFirst) process.stdout.write(`waiting for why401 at ${serviceUrl} ...\n`);
    await sleep(500);
  }
}

/** Reasons mixed as traffic mixes them, some requests at a time, with a bar on a terminal. */
async function play(/** @type {Awaited<ReturnType<typeof failures>>} */ plan) {
  const requests = plan.flatMap(({ times, send }) => Array.from({ length: times }, (_, index) => ({ at: (index + 0.5) / times, send })));
  requests.sort((a, b) => a.at - b.at);
  let done = 0;
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index];
      if (request !== undefined) await refused(request.send);
      progress((done += 1), requests.length);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

function progress(/** @type {number} */ done, /** @type {number} */ total) {
  if (!isTerminal) {
    if (done === total) process.stdout.write(`${total} requests were refused by the example API\n`);
    return;
  }
  const width = 30;
  const filled = Math.round((done / total) * width);
  process.stdout.write(
    `\r${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} requests refused${done === total ? '\n' : ''}`,
  );
}

/** @returns {Promise<Map<string, number>>} cause -> records of the service counted since the time given */
async function counts(/** @type {string} */ serviceUrl, /** @type {string} */ from, /** @type {string} */ service) {
  const { series } = /** @type {{ series: { key: { cause: string }, total: number }[] }} */ (
    await call(serviceUrl, 'GET', `/v1/trends?by=cause&limit=100&step=10s&from=${encodeURIComponent(from)}&service=${service}`)
  );
  return new Map(series.map(({ key, total }) => [key.cause, total]));
}

/**
 * Waits until as many records are counted as were refused, or no more are to be expected.
 * @param {{ serviceUrl: string, from: string, service: string, expected: Map<string, number> }} awaited
 */
async function settled({ serviceUrl, from, service, expected }) {
  const total = [...expected.values()].reduce((sum, times) => sum + times, 0);
  const deadline = Date.now() + COUNT_TIMEOUT_MS;
  for (;;) {
    const counted = await counts(serviceUrl, from, service);
    const sum = [...counted.values()].reduce((all, count) => all + count, 0);
    if (sum >= total || Date.now() > deadline) return counted;
    await sleep(200);
  }
}

/** @returns {number} exit code */
function report(/** @type {Map<string, number>} */ expected, /** @type {Map<string, number>} */ counted, /** @type {string} */ serviceUrl) {
  const rows = [...new Set([...expected.keys(), ...counted.keys()])]
    .map((cause) => ({ cause, expected: expected.get(cause) ?? 0, counted: counted.get(cause) ?? 0 }))
    .filter((row) => row.expected > 0 || row.counted > 0);
  const paint = (/** @type {string} */ text, /** @type {number} */ colour) => (isTerminal ? `\u001b[${colour}m${text}\u001b[0m` : text);
  process.stdout.write(`\n${'cause'.padEnd(24)}${'expected'.padStart(10)}${'counted'.padStart(10)}\n`);
  for (const { cause, expected: wanted, counted: got } of rows) {
    process.stdout.write(
      `${cause.padEnd(24)}${String(wanted).padStart(10)}${String(got).padStart(10)}  ${wanted === got ? paint('ok', 32) : paint('differs', 31)}\n`,
    );
  }
  const wrong = rows.filter((row) => row.expected !== row.counted).length;
  process.stdout.write(
    `\n${wrong === 0 ? 'Every count is as expected.' : `${wrong} counts differ.`} Ask on: curl '${serviceUrl}/v1/signatures?environment=${ENVIRONMENT}&from=-15m'\n`,
  );
  return wrong === 0 ? 0 : 1;
}

/** @returns {number} exit code */
function say(/** @type {string} */ problem) {
  process.stderr.write(`why401 demo: ${problem}\n`);
  return 1;
}
