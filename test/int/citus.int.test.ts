/**
 * What the migrator does where the database has Citus. No server with that extension is asked: SQL functions of its names stand in for
 * it, note what they are told, and refuse what its manual says that it refuses.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ON_EVERY_NODE } from '../../src/store/citus.js';
import { migrate, openDatabase, type DataSource } from '../../src/store/database.js';
import { RollupStore } from '../../src/store/rollup-store.js';
import { Settling } from '../../src/store/settling.js';
import { dumpSchema } from '../../src/store/schema-dump.js';
import { freshDatabase, withClient } from '../support/databases.js';
import { RETENTION } from '../support/service.js';

/** Where they do not get between the tables of the service. */
const STAND_IN = `
  CREATE SCHEMA citus_stand_in;
  SET search_path = citus_stand_in;
  CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char" NOT NULL, repmodel "char" NOT NULL, place serial, beside text);
  CREATE FUNCTION refuse_keys(spread regclass, is_whole boolean) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE key record;
    BEGIN
      FOR key IN SELECT * FROM pg_constraint WHERE contype = 'f' AND spread IN (conrelid, confrelid) LOOP
        RAISE 'Reference tables and local tables can only have foreign keys to reference tables and local tables: %', key.conname;
      END LOOP;
      FOR key IN SELECT * FROM pg_constraint k WHERE contype IN ('p', 'u') AND conrelid = spread AND NOT is_whole
        AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = spread AND attname = 'project_id' AND attnum = ANY(k.conkey)) LOOP
        RAISE 'Distributed relations cannot have UNIQUE constraints that do not include the partition column: %', key.conname;
      END LOOP;
    END $$;
  CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM citus_stand_in.refuse_keys(table_name, true);
      INSERT INTO citus_stand_in.pg_dist_partition VALUES (table_name, 'n', 't') ON CONFLICT (logicalrelid) DO UPDATE SET repmodel = 't';
    END $$;
  CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default')
  RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM citus_stand_in.refuse_keys(table_name, false);
      IF distribution_column <> 'project_id' OR current_setting('citus.multi_shard_modify_mode') <> 'sequential' THEN RAISE 'not so'; END IF;
      IF colocate_with <> 'none' AND NOT EXISTS (SELECT FROM citus_stand_in.pg_dist_partition WHERE logicalrelid = ('public.' || colocate_with)::regclass AND partmethod = 'h')
      THEN RAISE 'relation % is not distributed', colocate_with; END IF;
      INSERT INTO citus_stand_in.pg_dist_partition VALUES (table_name, 'h', 's', DEFAULT, colocate_with)
      ON CONFLICT (logicalrelid) DO UPDATE SET partmethod = 'h', beside = excluded.beside;
    END $$;
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, citus_stand_in', current_database()); END $$;`;
const EXTENSION = `SET allow_system_table_mods = on;
  INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) VALUES (16000, 'citus', 10, 'pg_catalog'::regnamespace, false, '0')`;

let database: DataSource;

async function open(...sql: string[]): Promise<void> {
  const url = await freshDatabase();
  await withClient(url, async (client) => {
    for (const one of [STAND_IN, ...sql]) await client.query(one);
  });
  database = await openDatabase(url, () => undefined);
}

/** In the order in which they were spread. */
async function spreadTables(): Promise<{ name: string; how: string }[]> {
  return database.query(
    `SELECT logicalrelid::text AS name, CASE WHEN partmethod = 'h' THEN 'with ' || beside WHEN repmodel = 't' THEN 'whole' ELSE 'local' END AS how
     FROM pg_dist_partition ORDER BY place`,
  );
}

async function tablesWithProject(): Promise<string[]> {
  const rows = await database.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.columns JOIN pg_class c ON c.relname = table_name AND NOT c.relispartition
     WHERE table_schema = 'public' AND column_name = 'project_id' AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

describe('a database with Citus', () => {
  beforeEach(() => open(EXTENSION));
  afterEach(() => database.destroy());

  it('has what belongs to projects spread by the project, together, and what is read beside it on every node', async () => {
    const before = await dumpSchema(database);
    await migrate(database);
    const [projects, progress, first, ...others] = await spreadTables();
    expect([projects, progress]).toEqual(ON_EVERY_NODE.map((name) => ({ name, how: 'whole' })));
    expect(first).toEqual({ name: 'signatures', how: 'with none' });
    expect(others.every(({ how }) => how === 'with signatures')).toBe(true);
    const tables = await tablesWithProject();
    expect(tables).toContain('counts_10s');
    expect(['signatures', ...others.map(({ name }) => name)].sort()).toEqual(tables);
    expect(await dumpSchema(database)).toBe(before);
  });

  it('is left alone the second time, but for tables that are new', async () => {
    await migrate(database);
    const before = await spreadTables();
    await migrate(database);
    expect(await spreadTables()).toEqual(before);
    await database.query('CREATE TABLE novelties (project_id integer REFERENCES projects (id), id uuid, PRIMARY KEY (project_id, id))');
    await migrate(database);
    expect(await spreadTables()).toEqual([...before, { name: 'novelties', how: 'with signatures' }]);
    expect(await dumpSchema(database)).toContain('novelties_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)');
  });

  it('has nothing rolled up or settled', async () => {
    await database.query("INSERT INTO fresh_counts VALUES (1, '2026-11-23T10:00:00Z', 7, 5)");
    expect(await new Settling(database, RETENTION).settle({ nowMs: Date.UTC(2026, 10, 23, 11), queueAgeMs: 0 })).toBe(0);
    expect(await database.query('SELECT count FROM counts')).toEqual([{ count: '5' }]);
    const rollups = new RollupStore(database, RETENTION);
    expect(await rollups.pack({ nowMs: Date.now(), queueAgeMs: 0 })).toBe(true);
    expect(await database.query("SELECT 1 FROM rollup_progress WHERE sealed_before > 'epoch' OR packed_before > 'epoch'")).toEqual([]);
    expect(await rollups.behind()).toBeUndefined();
  });

  it('has tables spread that Citus had noted as local ones', async () => {
    await database.query("INSERT INTO pg_dist_partition VALUES ('alert_rules', 'n', 's'), ('projects', 'n', 's')");
    await migrate(database);
    const spread = await spreadTables();
    expect(spread).toContainEqual({ name: 'alert_rules', how: 'with signatures' });
    expect(spread).toContainEqual({ name: 'projects', how: 'whole' });
  });

  it('is as it was where one table cannot be spread', async () => {
    await database.query('CREATE TABLE strange (id uuid PRIMARY KEY, project_id integer NOT NULL)');
    const before = await dumpSchema(database);
    await expect(migrate(database)).rejects.toThrow(/cannot spread the table strange over Citus: .*strange_pkey; nothing was spread/);
    expect(await spreadTables()).toEqual([]);
    expect(await dumpSchema(database)).toBe(before);
  });
});

describe('foreign keys', () => {
  beforeEach(() => open());
  afterEach(() => database.destroy());

  it('hold the project at the same place on both sides, where both tables belong to one', async () => {
    const keys = await database.query<{ name: string; places: [number | null, number | null] }[]>(
      `SELECT conname AS name, json_build_array(array_position(conkey, a.attnum), array_position(confkey, b.attnum)) AS places FROM pg_constraint
       JOIN pg_attribute a ON a.attrelid = conrelid AND a.attname = 'project_id' JOIN pg_attribute b ON b.attrelid = confrelid AND b.attname = 'project_id'
       WHERE contype = 'f' AND conparentid = 0`,
    );
    expect(keys.length).toBeGreaterThan(1);
    expect(keys.filter(({ places: [from, to] }) => from === null || from !== to)).toEqual([]);
  });
});

describe('a database without Citus', () => {
  beforeEach(() => open());
  afterEach(() => database.destroy());

  it('is not spread', async () => {
    await migrate(database);
    expect(await spreadTables()).toEqual([]);
  });
});
