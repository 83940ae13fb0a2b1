import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The counts of all signatures in one bucket as one value, and how far they reach. */
export class Rollups20261124230000 implements MigrationInterface {
  name = 'Rollups20261124230000';

  async up(runner: QueryRunner): Promise<void> {
    // What stands in a row changes its version with it, so that a process may keep what it has read under it; also when the database is set back.
    await runner.query(`
      CREATE TABLE rollups (
        project_id integer NOT NULL,
        seconds integer NOT NULL,
        bucket timestamptz NOT NULL,
        version uuid NOT NULL DEFAULT gen_random_uuid(),
        stale_since timestamptz,
        cells bytea NOT NULL,
        PRIMARY KEY (project_id, seconds, bucket)
      )`);
    await runner.query('CREATE INDEX rollups_stale ON rollups (seconds, bucket) WHERE stale_since IS NOT NULL');
    await runner.query(`
      CREATE TABLE rollup_progress (
        seconds integer PRIMARY KEY,
        packed_from timestamptz NOT NULL,
        packed_before timestamptz NOT NULL,
        sealed_before timestamptz NOT NULL
      )`);
    await runner.query(
      "INSERT INTO rollup_progress SELECT seconds, 'epoch', 'epoch', 'epoch' FROM unnest(ARRAY[60, 300, 3600, 10800, 86400]) AS w (seconds)",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rollup_progress');
    await runner.query('DROP TABLE rollups');
  }
}
