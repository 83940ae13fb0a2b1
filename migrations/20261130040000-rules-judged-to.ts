import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Up to where a rule's minutes are judged and told: what lies behind it is news to the next process that evaluates. The
 * default serves rules that are there, whose history is known, and versions that do not write the column.
 */
export class RulesJudgedTo20261130040000 implements MigrationInterface {
  name = 'RulesJudgedTo20261130040000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alert_rules ADD COLUMN judged_to timestamptz NOT NULL DEFAULT now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alert_rules DROP COLUMN judged_to');
  }
}
