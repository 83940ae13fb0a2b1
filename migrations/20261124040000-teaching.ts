import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Findings and taught causes on signatures, rules that users teach, and token times as sketches. */
export class Teaching20261124040000 implements MigrationInterface {
  name = 'Teaching20261124040000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signatures
        ADD COLUMN findings jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN observable text[] NOT NULL DEFAULT '{}',
        ADD COLUMN taught_cause text,
        ADD COLUMN rules_revision integer NOT NULL DEFAULT 0`);
    // Finds what is to be judged again; ids in it let the search go on where it stopped.
    await runner.query('CREATE INDEX signatures_judged_by ON signatures (project_id, rule_set_version, rules_revision)');
    await runner.query('ALTER TABLE projects ADD COLUMN rules_revision integer NOT NULL DEFAULT 0');
    await runner.query(`
      CREATE TABLE rules (
        id uuid PRIMARY KEY,
        project_id integer NOT NULL REFERENCES projects (id),
        cause text NOT NULL,
        match jsonb NOT NULL,
        note text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX rules_of_project ON rules (project_id, created_at, id)');
    await runner.query(`
      CREATE TABLE token_times (
        project_id integer NOT NULL,
        signature_id bigint NOT NULL,
        day date NOT NULL,
        slot smallint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (project_id, signature_id, day, slot)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE token_times');
    await runner.query('DROP TABLE rules');
    await runner.query('ALTER TABLE projects DROP COLUMN rules_revision');
    await runner.query('DROP INDEX signatures_judged_by');
    await runner.query(
      'ALTER TABLE signatures DROP COLUMN findings, DROP COLUMN observable, DROP COLUMN taught_cause, DROP COLUMN rules_revision',
    );
  }
}
