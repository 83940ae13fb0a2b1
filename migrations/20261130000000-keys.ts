import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of projects: of each its SHA-256 and never itself. */
export class Keys20261130000000 implements MigrationInterface {
  name = 'Keys20261130000000';

  async up(runner: QueryRunner): Promise<void> {
    // Revoked ones stay: what asked for keys goes on asking for them.
    await runner.query(`
      CREATE TABLE api_keys (
        project_id integer NOT NULL REFERENCES projects (id),
        id text NOT NULL,
        name text NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ '{ingest,read,admin}'),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        PRIMARY KEY (project_id, id)
      )`);
    // A key is found by its id, before anybody knows the project.
    await runner.query('CREATE INDEX api_keys_by_id ON api_keys (id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
