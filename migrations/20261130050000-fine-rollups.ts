import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rollups of ten seconds, for the last minutes. */
export class FineRollups20261130050000 implements MigrationInterface {
  name = 'FineRollups20261130050000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO rollup_progress VALUES (10, 'epoch', 'epoch', 'epoch')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM rollups WHERE seconds = 10');
    await runner.query('DELETE FROM rollup_progress WHERE seconds = 10');
  }
}
