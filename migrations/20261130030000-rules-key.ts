import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every key of what belongs to a project holds the project, so that tables can be spread by it. */
export class RulesKey20261130030000 implements MigrationInterface {
  name = 'RulesKey20261130030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rules DROP CONSTRAINT rules_pkey, ADD PRIMARY KEY (project_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rules DROP CONSTRAINT rules_pkey, ADD PRIMARY KEY (id)');
  }
}
