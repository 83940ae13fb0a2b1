import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that senders repeat count once: ids of the portions that were counted, for as long as they can come again. */
export class Portions20261124120000 implements MigrationInterface {
  name = 'Portions20261124120000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE applied_portions (
        project_id integer NOT NULL,
        portion_id uuid NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, portion_id)
      )`);
    // Rows come in the order of their time: a block range index finds the old ones at hardly any cost.
    await runner.query('CREATE INDEX applied_portions_by_time ON applied_portions USING brin (applied_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE applied_portions');
  }
}
