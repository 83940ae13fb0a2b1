/** `npm run migrate`: brings the schema of DATABASE_URL (or of the embedded database) up to date and ends. */
import 'reflect-metadata';
import { command, say } from './command.js';
import { readConfig } from './config.js';
import { migrate, openDatabase } from './store/database.js';
import { EmbeddedPostgres } from './store/embedded-postgres.js';

await command(async () => {
  const config = readConfig();
  const embedded =
    config.databaseUrl === undefined
      ? await EmbeddedPostgres.start(config.dataDir, (_, message) => {
          say(message);
        })
      : undefined;
  try {
    const database = await openDatabase(config.databaseUrl ?? embedded?.url ?? '', (error) => {
      say(error.message);
    });
    const applied = await migrate(database);
    process.stdout.write(applied.length === 0 ? 'the schema is up to date\n' : applied.map((name) => `applied ${name}\n`).join(''));
    await database.destroy();
  } finally {
    await embedded?.stop();
  }
});
