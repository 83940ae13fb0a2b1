/**
 * `npm run fuzz`: the OTLP decoder on a million requests with bytes changed at random, or with `--rest` every operation of
 * the OpenAPI document on requests that are nearly right or hostile. Fails on any error that is not an answer.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { App } from '../test/support/app.js';
import { fuzz } from '../test/support/mutations.js';
import { RestFuzz } from '../test/support/rest-fuzz.js';

const HELP = `Usage: npm run fuzz [-- options]

  --inputs N   requests to the decoder     (default 1000000)
  --rest       ask the REST API instead
  --runs N     requests to the REST API    (default 20000)
  --seed N     of either generator         (default 401)
  --help       this text
`;
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    rest: { type: 'boolean', default: false },
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '401' },
    help: { type: 'boolean', default: false },
  },
});
const started = performance.now();
const seconds = (): string => ((performance.now() - started) / 1_000).toFixed(1);
const progress = (done: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString('en')} ...`);
};

if (values.help) process.stdout.write(HELP);
else if (values.rest) await fuzzRest(Number(values.runs), Number(values.seed));
else fuzzDecoder(Number(values.inputs), Number(values.seed));

function fuzzDecoder(wanted: number, seed: number): void {
  const before = process.memoryUsage().rss;
  const { inputs, refused, records } = fuzz(wanted, seed, progress);
  const growth = Math.round((process.memoryUsage().rss - before) / 1024 / 1024);
  process.stdout.write(
    `${inputs.toLocaleString('en')} inputs in ${seconds()} s: ${refused.toLocaleString('en')} refused, ${records.toLocaleString('en')} records read, no other error; memory grew by ${String(growth)} MiB\n`,
  );
}

/** On a service of its own with an empty database; webhooks come here. */
async function fuzzRest(runs: number, seed: number): Promise<void> {
  const inbox = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end())).listen(0, '127.0.0.1');
  await once(inbox, 'listening');
  const app = await App.start();
  try {
    const rest = await RestFuzz.on(app, `http://127.0.0.1:${String((inbox.address() as AddressInfo).port)}/`);
    await rest.haveAlert();
    const { seen } = await rest.run(runs, seed, progress);
    for (const [answer, count] of [...seen].sort()) process.stdout.write(`${answer.padEnd(32)}${String(count).padStart(8)}\n`);
    process.stdout.write(`${runs.toLocaleString('en')} requests in ${seconds()} s, each answered as the document says\n`);
  } finally {
    await app.stop();
    inbox.closeAllConnections();
    inbox.close();
  }
}
