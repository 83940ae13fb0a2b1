import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['sketches_1m', 'sketches_1h', 'sketches_1d'];

/** Sketches of all signatures in one bucket as few values, at every level at once. */
export class SketchSets20261130010000 implements MigrationInterface {
  name = 'SketchSets20261130010000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`ALTER TABLE ${table} RENAME TO ${table}_of_one`);
      await runner.query(`ALTER INDEX ${table}_by_signature RENAME TO ${table}_of_one_by_signature`);
      await this.renamePartitions(runner, table);
      await this.create(runner, table, 'id uuid NOT NULL, sketches bytea NOT NULL');
      // Random bits do not compress; how long they are is known without reading them then.
      await runner.query(`ALTER TABLE ${table} ALTER COLUMN sketches SET STORAGE EXTERNAL`);
      // No unique key: rows are only added, and merged later.
      await runner.query(`CREATE INDEX ${table}_by_bucket ON ${table} (project_id, bucket)`);
    }
    // A wider level holds what the finer ones do; as partitions are made for what is written, what is there needs its own first.
    const sources: [table: string, seconds: number, from: string[]][] = [
      ['sketches_1m', 60, ['sketches_1m_of_one']],
      ['sketches_1h', 3_600, ['sketches_1m_of_one', 'sketches_1h_of_one']],
      ['sketches_1d', 86_400, TABLES.map((table) => `${table}_of_one`)],
    ];
    for (const [table, seconds, from] of sources) await this.fill(runner, table, seconds, from);
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}_of_one`);
  }

  /** Sketches are counted from new: values of many cannot be taken apart in SQL. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`DROP TABLE ${table}`);
      await this.create(runner, table, 'signature_id bigint NOT NULL, kind smallint NOT NULL, registers bytea NOT NULL');
      await runner.query(`CREATE INDEX ${table}_by_signature ON ${table} (project_id, bucket, signature_id)`);
    }
  }

  private async create(runner: QueryRunner, table: string, columns: string): Promise<void> {
    await runner.query(
      `CREATE TABLE ${table} (project_id integer NOT NULL, bucket timestamptz NOT NULL, ${columns}) PARTITION BY RANGE (bucket)`,
    );
  }

  private async renamePartitions(runner: QueryRunner, table: string): Promise<void> {
    const rows = (await runner.query('SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass', [
      `${table}_of_one`,
    ])) as { name: string }[];
    for (const { name } of rows) await runner.query(`ALTER TABLE ${name} RENAME TO ${name.replace(table, `${table}_of_one`)}`);
  }

  private async fill(runner: QueryRunner, table: string, seconds: number, from: string[]): Promise<void> {
    const all = from.map((name) => `SELECT * FROM ${name}`).join(' UNION ALL ');
    const width = (seconds >= 3_600 ? 30 : 1) * 86_400;
    const starts = (await runner.query(
      `SELECT DISTINCT floor(extract(epoch FROM bucket) / ${String(width)})::bigint * ${String(width)} AS start FROM (${all}) a`,
    )) as { start: string }[];
    for (const { start } of starts) {
      const [low, high] = [Number(start), Number(start) + width].map((at) => new Date(at * 1000).toISOString());
      await runner.query(`CREATE TABLE ${table}_p${start} PARTITION OF ${table} FOR VALUES FROM ('${String(low)}') TO ('${String(high)}')`);
    }
    await runner.query(
      `INSERT INTO ${table} (project_id, bucket, id, sketches)
       SELECT project_id, date_bin('${String(seconds)} seconds', bucket, 'epoch'::timestamptz), gen_random_uuid(),
              string_agg(int8send(signature_id) || substr(int2send(kind), 2) || int2send(octet_length(registers)::smallint) || registers, ''::bytea)
       FROM (${all}) a GROUP BY 1, 2, signature_id & 15`,
    );
  }
}
