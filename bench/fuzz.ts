/** `npm run fuzz`: the OTLP decoder on a million requests with bytes changed at random. Fails on any error but its own. */
import { parseArgs } from 'node:util';
import { fuzz } from '../test/support/mutations.js';

const HELP = `Usage: npm run fuzz [-- options]

  --inputs N   requests to try       (default 1000000)
  --seed N     of the generator      (default 401)
  --help       this text
`;
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '401' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else {
  const started = performance.now();
  const before = process.memoryUsage().rss;
  const { inputs, refused, records } = fuzz(Number(values.inputs), Number(values.seed), (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString('en')} ...`);
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const growth = Math.round((process.memoryUsage().rss - before) / 1024 / 1024);
  process.stdout.write(
    `${inputs.toLocaleString('en')} inputs in ${seconds} s: ${refused.toLocaleString('en')} refused, ${records.toLocaleString('en')} records read, no other error; memory grew by ${String(growth)} MiB\n`,
  );
}
