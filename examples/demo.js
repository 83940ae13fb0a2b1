// @ts-check
/**
 * `npm run demo`: starts the example API, makes real requests fail for each reason, and reads back over REST what
 * why401 counted; then lets refusals spike and shows the alert. Needs a running service (`npm start`). Ends with code 1 when
 * a count is not the expected one, or the alert does not come.
 */
import { SignJWT } from 'jose';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { spike } from './spike.js';
import { API_KEY, AUDIENCE, ISSUER, PASSWORD, SESSION_MS, SIGNING_KEY, startApi } from './api.js';

const HELP = `Usage: npm run demo [-- options]

Starts an example API, makes real requests fail for each reason, and shows what why401 counted, and the
alert that a spike sends.

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
    { cause: 'missing_credentials', times: 60, send: () => get(id()) },
    { cause: 'expired_token', times: 120, send: () => get(id(), { authorization: `Bearer ${expired}` }) },
    { cause: 'invalid_api_key', times: 40, send: () => get('/partner/stock', { 'x-api-key': `demo_test_${id().slice(-4)}` }) },
    { cause: 'malformed_credentials', times: 30, send: () => get(id(), { authorization: `Token ${good}` }) },
    { cause: 'wrong_realm', times: 20, send: () => get('/tenants/globex/users', { authorization: `Bearer ${good}` }) },
    { cause: 'clock_skew', times: 25, send: () => get(id(), { authorization: `Bearer ${early}` }) },
    {
      cause: 'invalid_credentials',
      times: 35,
      send: () => get('/reports/7', { authorization: `Basic ${btoa(`user${id().slice(-3)}:wrong`)}` }),
    },
    { cause: 'invalid_signature', times: 15, send: () => get(id(), { authorization: `Bearer ${forged}` }) },
    {
      cause: 'session_expired',
      times: 45,
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
  const from = new Date().toISOString();
  const before = await counts(serviceUrl, from);
  const api = await startApi({ otlpUrl, environment: ENVIRONMENT });
  const plan = (await failures(api.url)).map((failure) => ({ ...failure, times: failure.times * scale }));
  await play(plan);
  for (const response of await successes(api.url))
    if (!response.ok) return say(`a request that should succeed was answered ${response.status}`);
  await api.close();
  const expected = new Map(plan.map(({ cause, times }) => [cause, times]));
  const counted = await settled(
    serviceUrl,
    from,
    before,
    [...expected.values()].reduce((sum, times) => sum + times, 0),
  );
  const code = report(expected, counted, serviceUrl);
  if (values['no-spike']) return code;
  return (await spike({ serviceUrl, otlpUrl, environment: ENVIRONMENT })) ? code : 1;
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
      const response = await requests[index]?.send();
      if (response?.status !== 401) throw new Error(`a request that should be refused was answered ${response?.status}`);
      await response.arrayBuffer();
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

/** @returns {Promise<Map<string, number>>} cause -> records of the demo counted since the time given */
async function counts(/** @type {string} */ serviceUrl, /** @type {string} */ from) {
  const response = await fetch(
    `${serviceUrl}/v1/trends?by=cause&limit=100&step=10s&from=${encodeURIComponent(from)}&environment=${ENVIRONMENT}`,
  );
  if (!response.ok) throw new Error(`GET /v1/trends answered ${response.status}: ${await response.text()}`);
  const { series } = /** @type {{ series: { key: { cause: string }, total: number }[] }} */ (await response.json());
  return new Map(series.map(({ key, total }) => [key.cause, total]));
}

/** Waits until as many records are counted as were refused, or no more are to be expected. */
async function settled(
  /** @type {string} */ serviceUrl,
  /** @type {string} */ from,
  /** @type {Map<string, number>} */ before,
  /** @type {number} */ total,
) {
  const deadline = Date.now() + COUNT_TIMEOUT_MS;
  for (;;) {
    // A second demo within ten seconds shares the first bucket with this one: what was there before is taken off.
    const counted = new Map([...(await counts(serviceUrl, from))].map(([cause, count]) => [cause, count - (before.get(cause) ?? 0)]));
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
