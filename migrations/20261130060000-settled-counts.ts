import type { MigrationInterface, QueryRunner } from 'typeorm';

const DAY = 86_400;
/** The levels, and how wide the partitions of each are, seconds. */
const LEVELS = [
  { table: 'counts_10s', partition: DAY },
  { table: 'counts_1m', partition: 7 * DAY },
  { table: 'counts_1h', partition: 30 * DAY },
];

/** Counts that are over stand in one row a bucket; what is added to stays in rows of its own, in a table beside them. */
export class SettledCounts20261130060000 implements MigrationInterface {
  name = 'SettledCounts20261130060000';

  async up(runner: QueryRunner): Promise<void> {
    // A process of an older version that counts meanwhile waits, and fails then: what it wrote behind the copy would be lost.
    await runner.query(`LOCK TABLE ${LEVELS.map(({ table }) => table).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await runner.query(`
      CREATE TABLE fresh_counts (
        project_id integer NOT NULL,
        bucket timestamptz NOT NULL,
        signature_id bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (project_id, bucket, signature_id)
      ) WITH (fillfactor = 50)`);
    for (const { table, partition } of LEVELS) {
      await replace(runner, table, {
        columns: 'project_id integer NOT NULL, bucket timestamptz NOT NULL, signature_ids bigint[] NOT NULL, counts bigint[] NOT NULL',
        key: 'project_id, bucket',
        partition,
        copied: `SELECT project_id, bucket, array_agg(signature_id ORDER BY signature_id) AS signature_ids, array_agg(count ORDER BY signature_id) AS counts
                 FROM ${table} GROUP BY project_id, bucket`,
      });
    }
    await runner.query(`
      CREATE VIEW counts AS SELECT project_id, bucket, signature_id, count FROM fresh_counts
      ${LEVELS.map(({ table }) => `UNION ALL SELECT project_id, bucket, unnest(signature_ids), unnest(counts) FROM ${table}`).join(' ')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The tables that it reads are locked with it.
    await runner.query('LOCK TABLE counts IN ACCESS EXCLUSIVE MODE');
    await runner.query('DROP VIEW counts');
    for (const { table, partition } of LEVELS) {
      await replace(runner, table, {
        columns: 'project_id integer NOT NULL, bucket timestamptz NOT NULL, signature_id bigint NOT NULL, count bigint NOT NULL',
        key: 'project_id, bucket, signature_id',
        partition,
        // What is not settled moves up from there, wherever it belongs.
        copied: `SELECT project_id, bucket, signature_id, sum(count)::bigint AS count FROM (
                   SELECT project_id, bucket, unnest(signature_ids) AS signature_id, unnest(counts) AS count FROM ${table}
                   ${table === 'counts_10s' ? 'UNION ALL SELECT project_id, bucket, signature_id, count FROM fresh_counts' : ''}
                 ) c GROUP BY project_id, bucket, signature_id`,
      });
    }
    await runner.query('DROP TABLE fresh_counts');
  }
}

interface Replacement {
  columns: string;
  key: string;
  /** Seconds. */
  partition: number;
  /** What is to stand in the new table, from the old one. */
  copied: string;
}

async function replace(runner: QueryRunner, table: string, { columns, key, partition, copied }: Replacement): Promise<void> {
  await runner.query(`CREATE TEMPORARY TABLE copied ON COMMIT DROP AS ${copied}`);
  await runner.query(`DROP TABLE ${table}`);
  await runner.query(`CREATE TABLE ${table} (${columns}, PRIMARY KEY (${key})) PARTITION BY RANGE (bucket)`);
  const starts = (await runner.query(
    'SELECT DISTINCT (floor(extract(epoch FROM bucket) / $1::float8) * $1::float8)::float8 AS start FROM copied ORDER BY 1',
    [partition],
  )) as { start: number }[];
  for (const { start } of starts) {
    await runner.query(
      `CREATE TABLE ${table}_p${String(start)} PARTITION OF ${table} FOR VALUES FROM ('${iso(start)}') TO ('${iso(start + partition)}')`,
    );
  }
  await runner.query(`INSERT INTO ${table} SELECT * FROM copied`);
  await runner.query('DROP TABLE copied');
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
