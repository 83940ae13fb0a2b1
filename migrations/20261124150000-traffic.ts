import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What rates, distinct clients and "what changed" are made of: requests with any status by target, facets by reason,
 * sketches by signature; and the settings that the service makes up itself, such as the key of its pseudonyms.
 */
export class Traffic20261124150000 implements MigrationInterface {
  name = 'Traffic20261124150000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE generated_settings (name text PRIMARY KEY, value text NOT NULL)');
    // The default is for workers of the version before, which write signatures while this runs.
    await runner.query('ALTER TABLE signatures ADD COLUMN reason_id bigint NOT NULL DEFAULT 0');
    await runner.query(`
      UPDATE signatures SET reason_id = ('x' || encode(substring(sha256(convert_to(
        service || E'\\x1f' || environment || E'\\x1f' || template, 'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint`);
    await runner.query('CREATE INDEX signatures_by_reason ON signatures (project_id, reason_id)');
    await runner.query(`
      CREATE TABLE targets (
        project_id integer NOT NULL,
        id bigint NOT NULL,
        service text NOT NULL,
        environment text NOT NULL,
        route text NOT NULL,
        last_day date NOT NULL,
        PRIMARY KEY (project_id, id)
      )`);
    for (const table of ['traffic_1m', 'traffic_1h']) {
      await runner.query(`
        CREATE TABLE ${table} (
          project_id integer NOT NULL,
          bucket timestamptz NOT NULL,
          target_id bigint NOT NULL,
          count bigint NOT NULL,
          PRIMARY KEY (project_id, bucket, target_id)
        ) PARTITION BY RANGE (bucket)`);
    }
    for (const table of ['facets_5m', 'facets_1h']) {
      await runner.query(`
        CREATE TABLE ${table} (
          project_id integer NOT NULL,
          bucket timestamptz NOT NULL,
          reason_id bigint NOT NULL,
          facet smallint NOT NULL,
          value text NOT NULL,
          count bigint NOT NULL,
          PRIMARY KEY (project_id, bucket, reason_id, facet, value)
        ) PARTITION BY RANGE (bucket)`);
    }
    // No key: rows are only added, each what a worker learned since the one before, and merge when they are read or moved.
    for (const table of ['sketches_1m', 'sketches_1h', 'sketches_1d']) {
      await runner.query(`
        CREATE TABLE ${table} (
          project_id integer NOT NULL,
          bucket timestamptz NOT NULL,
          signature_id bigint NOT NULL,
          kind smallint NOT NULL,
          registers bytea NOT NULL
        ) PARTITION BY RANGE (bucket)`);
      await runner.query(`CREATE INDEX ${table}_by_signature ON ${table} (project_id, bucket, signature_id)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['sketches_1d', 'sketches_1h', 'sketches_1m', 'facets_1h', 'facets_5m', 'traffic_1h', 'traffic_1m', 'targets'];
    for (const table of [...tables, 'generated_settings']) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE signatures DROP COLUMN reason_id');
  }
}
