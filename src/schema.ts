/** `npm run schema`: applies the migrations to an empty database and writes what came out to migrations/schema.sql. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from './store/database.js';
import { EmbeddedPostgres } from './store/embedded-postgres.js';
import { dumpSchema } from './store/schema-dump.js';

const directory = await mkdtemp(join(tmpdir(), 'why401-schema-'));
const postgres = await EmbeddedPostgres.start(directory, () => undefined);
try {
  const database = await openDatabase(postgres.url, () => undefined);
  await migrate(database);
  await writeFile(new URL('../../migrations/schema.sql', import.meta.url), await dumpSchema(database));
  await database.destroy();
  process.stdout.write('wrote migrations/schema.sql\n');
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}
