// @ts-check
/** `npm run alert:listen`: shows alerts as they come, for trying rules out. It adds itself as an endpoint, and takes itself off at the end. */
import { parseArgs } from 'node:util';
import { call, register, show, startListener } from './listener.js';

const HELP = `Usage: npm run alert:listen [-- options]

Receives alerts, verifies their signatures, and shows them. Ends with Ctrl-C.

  --port N       port to listen on                        (default 4011)
  --host NAME    address to listen on                     (default 127.0.0.1)
  --url URL      REST API of the running service          (default http://127.0.0.1:4010)
  --secret TEXT  of an endpoint that you added yourself; then none is added
  --test         has the service send a test at once
  --help         this text
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4011' },
    host: { type: 'string', default: '127.0.0.1' },
    url: { type: 'string', default: 'http://127.0.0.1:4010' },
    secret: { type: 'string' },
    test: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await listen().catch(fail);

async function listen() {
  let secret = values.secret ?? '';
  const listener = await startListener({
    host: values.host,
    port: Number(values.port),
    secret: () => secret,
    onAlert: show,
    onProblem: (problem) => process.stderr.write(`why401 listener: ${problem}\n`),
  });
  const endpoint = values.secret === undefined ? await register(values.url, listener.url) : undefined;
  if (endpoint !== undefined) secret = endpoint.secret;
  process.stdout.write(
    `listening at ${listener.url}${endpoint === undefined ? '' : ` as endpoint ${endpoint.id} of ${values.url}`}; alerts are shown here. Ctrl-C ends it\n`,
  );
  if (values.test && endpoint !== undefined) await call(values.url, 'POST', `/v1/endpoints/${endpoint.id}/test`);
  await new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, resolve);
  });
  if (endpoint !== undefined) await call(values.url, 'DELETE', `/v1/endpoints/${endpoint.id}`);
  await listener.close();
}

function fail(/** @type {Error & { cause?: Error }} */ error) {
  process.stderr.write(`why401 listener: ${error.message}${error.cause === undefined ? '' : `: ${error.cause.message}`}\n`);
  process.exit(1);
}
