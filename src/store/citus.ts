/**
 * Spreads the tables over a Citus cluster, where the database has that extension: what belongs to a project by its project, so that
 * all of one project stands on one node; what is read beside that whole on every node; the rest stays on the coordinator. All of it or
 * nothing, and nothing at all in another database.
 */
import type { DataSource, QueryRunner } from 'typeorm';

/** Small tables that statements read beside tables of projects. */
export const ON_EVERY_NODE = ['projects', 'rollup_progress'];
/** Founds the group of tables that stand together, with as many shards as the server makes by default; the others join it. */
const FIRST = 'signatures';
/**
 * In pg_dist_partition "h" is spread by a hash, and "n" with "t" is whole on every node. Citus also lists tables there that it has
 * left on the coordinator because of their foreign keys.
 */
const LOCAL = `SELECT c.oid, c.oid::regclass::text AS name, c.relname = ANY($1::text[]) AS is_whole FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND (c.relname = ANY($1::text[]) OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'project_id' AND NOT a.attisdropped))
    AND NOT EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.oid AND (d.partmethod = 'h' OR (d.partmethod = 'n' AND d.repmodel = 't')))
  ORDER BY is_whole DESC, c.relname <> $2, name`;

interface LocalTable {
  oid: number;
  name: string;
  is_whole: boolean;
}

/** Thrown where Citus refuses; the message says which table, and that nothing was changed. */
class CitusError extends Error {
  readonly code = 'citus';
}

export async function hasCitus(database: DataSource | QueryRunner): Promise<boolean> {
  const extensions = (await database.query("SELECT 1 FROM pg_extension WHERE extname = 'citus'")) as unknown[];
  return extensions.length > 0;
}

/** Once the schema is up to date; what is spread already stays as it is. @param runner on the coordinator, outside a transaction */
export async function spreadTables(runner: QueryRunner): Promise<void> {
  if (!(await hasCitus(runner))) return;
  const tables = (await runner.query(LOCAL, [ON_EVERY_NODE, FIRST])) as LocalTable[];
  if (tables.length === 0) return;
  await runner.startTransaction();
  try {
    // Foreign keys to tables on every node do not go with several connections in one transaction.
    await runner.query("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'");
    await withoutForeignKeys(runner, tables, async () => {
      for (const table of tables) await spread(runner, table);
    });
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

/** A table that is spread and one that is not cannot have a foreign key between them. */
async function withoutForeignKeys(runner: QueryRunner, tables: readonly LocalTable[], work: () => Promise<void>): Promise<void> {
  const keys = (await runner.query(
    `SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0 AND (conrelid = ANY($1::oid[]) OR confrelid = ANY($1::oid[])) ORDER BY 1, 2`,
    [tables.map(({ oid }) => oid)],
  )) as { table: string; name: string; definition: string }[];
  for (const { table, name } of keys) await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  await work();
  for (const { table, name, definition } of keys) await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
}

async function spread(runner: QueryRunner, { name, is_whole: isWhole }: LocalTable): Promise<void> {
  try {
    if (isWhole) await runner.query('SELECT create_reference_table($1)', [name]);
    else
      await runner.query("SELECT create_distributed_table($1, 'project_id', colocate_with => $2)", [name, name === FIRST ? 'none' : FIRST]);
  } catch (cause) {
    throw new CitusError(
      `cannot spread the table ${name} over Citus: ${(cause as Error).message}; nothing was spread: mend that, and run npm run migrate on the coordinator`,
      { cause },
    );
  }
}
