import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many new signatures a project has had on a day, over all workers. */
export class SignatureDays20261130020000 implements MigrationInterface {
  name = 'SignatureDays20261130020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signature_days (
        project_id integer NOT NULL,
        day date NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (project_id, day)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signature_days');
  }
}
