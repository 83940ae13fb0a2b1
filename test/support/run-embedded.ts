/** Runs an embedded PostgreSQL in the directory named until SIGTERM; says `ready <pid> <url>` or why it cannot. */
import { EmbeddedPostgres } from '../../src/store/embedded-postgres.js';

const [directory = ''] = process.argv.slice(2);
try {
  const server = await EmbeddedPostgres.start(directory, (_, message) => process.stdout.write(`log ${message}\n`));
  process.stdout.write(`ready ${String(server.pid)} ${server.url}\n`);
  process.once('SIGTERM', () => {
    void server.stop().then(() => process.exit(0));
  });
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`failed ${(error as Error).message}\n`);
  process.exit(1);
}
