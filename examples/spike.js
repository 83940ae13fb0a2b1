// @ts-check
/**
 * The second half of the demo: a day of ordinary refusals, then a release that breaks signing keys, and the alert about it as
 * it arrives at a receiver. The records go through the OpenTelemetry SDK and exporter like an application's own.
 */
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, register, show, startListener } from './listener.js';

const MINUTE_MS = 60_000;
const QUIET_MINUTES = 26 * 60;
const SPIKE_RECORDS = 150;
const COUNT_TIMEOUT_MS = 30_000;
const ALERT_TIMEOUT_MS = 60_000;
const NAME = 'Demo: a cause spikes';
const REASON = 'signature verification failed';

/**
 * @param {{ serviceUrl: string, otlpUrl: string, environment: string }} options
 * @returns {Promise<boolean>} whether the alert came and named the release
 */
export async function spike({ serviceUrl, otlpUrl, environment }) {
  const now = Date.now();
  // A service of its own for each run: what one run made spike is the past of the next.
  const service = `orders-api-${new Date(now).toISOString().slice(11, 16).replace(':', '-')}`;
  process.stdout.write(`\nNow a spike: a day of ordinary refusals in ${service}, then a release that breaks its signing keys ...\n`);
  const quiet = Array.from({ length: QUIET_MINUTES * 2 }, (_, index) => now - QUIET_MINUTES * MINUTE_MS + (index * MINUTE_MS) / 2);
  await emit({ otlpUrl, environment, service, version: '1.4.2', times: quiet.filter((time) => time < now - MINUTE_MS) });
  await counted(serviceUrl, service, quiet.length * 0.9);

  let secret = '';
  const received = /** @type {import('./listener.js').Alert[]} */ ([]);
  const listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, secret: () => secret },
    onAlert: (alert) => received.push(alert),
    onProblem: (problem) => process.stderr.write(`why401 demo: ${problem}\n`),
  });
  const endpoint = await register(serviceUrl, listener.url);
  secret = endpoint.secret;
  const rule = /** @type {{ id: string }} */ (
    await call(serviceUrl, 'POST', '/v1/alert-rules', {
      name: NAME,
      settings: { type: 'spike', filter: { service: [service] }, endpoints: [endpoint.id] },
    })
  );
  try {
    const started = Date.now();
    await emit({ otlpUrl, environment, service, version: '1.5.0', times: Array.from({ length: SPIKE_RECORDS }, () => Date.now()) });
    const ofRule = () => received.find(({ data }) => data.rule.name === NAME);
    while (ofRule() === undefined && Date.now() - started < ALERT_TIMEOUT_MS) await sleep(100);
    const alert = ofRule();
    if (alert === undefined) {
      process.stderr.write(`why401 demo: no alert came within ${ALERT_TIMEOUT_MS / 1000} s\n`);
      return false;
    }
    show(alert);
    process.stdout.write(
      `\nThe alert was here ${((Date.now() - started) / 1000).toFixed(1)} s after the first record of the spike. See more with: npm run alert:listen\n`,
    );
    return alert.data.what_changed.some(({ value }) => value === '1.5.0');
  } finally {
    await call(serviceUrl, 'DELETE', `/v1/alert-rules/${rule.id}`);
    await call(serviceUrl, 'DELETE', `/v1/endpoints/${endpoint.id}`);
    await listener.close();
  }
}

/** @param {{ otlpUrl: string, environment: string, service: string, version: string, times: number[] }} what */
async function emit({ otlpUrl, environment, service, version, times }) {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'deployment.environment.name': environment,
    }),
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${otlpUrl}/v1/logs` }), maxQueueSize: 20_000 })],
  });
  const logger = provider.getLogger('orders-api');
  times.forEach((time, index) => {
    logger.emit({
      timestamp: new Date(time),
      severityNumber: SeverityNumber.WARN,
      body: REASON,
      attributes: {
        'http.request.method': 'GET',
        'http.route': ['/orders/:id', '/reports/:id', '/partner/stock'][index % 3] ?? '',
        'http.response.status_code': 401,
        'client.address': `203.0.113.${index % 200}`,
        'exception.type': 'JWSSignatureVerificationFailed',
        'exception.message': REASON,
      },
    });
  });
  await provider.shutdown();
}

/** Waits until why401 has counted about as many. */
async function counted(/** @type {string} */ serviceUrl, /** @type {string} */ service, /** @type {number} */ least) {
  const deadline = Date.now() + COUNT_TIMEOUT_MS;
  for (;;) {
    const { total } = /** @type {{ total: number }} */ (await call(serviceUrl, 'GET', `/v1/trends?from=-27h&service=${service}`));
    if (total >= least) return;
    if (Date.now() > deadline) throw new Error(`only ${total} of ${least} records were counted within ${COUNT_TIMEOUT_MS / 1000} s`);
    await sleep(200);
  }
}
