/** Projects and their keys. Of a key its hash is kept; whether it holds is judged by src/ops/access.ts. */
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { FIRST_RULES } from '../core/alert/first-rules.js';
import { FIRST_PROJECT, type Scope } from '../core/api-key.js';

export interface StoredProject {
  id: number;
  name: string;
  createdAt: Date;
}

export interface StoredKey {
  id: string;
  projectId: number;
  /** The project's name. */
  project: string;
  name: string;
  hash: Buffer;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export type KeyInput = Pick<StoredKey, 'id' | 'projectId' | 'name' | 'hash' | 'scopes' | 'expiresAt'>;

interface KeyRow extends Pick<StoredKey, 'id' | 'project' | 'name' | 'hash' | 'scopes'> {
  project_id: number;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const KEYS = 'SELECT k.*, p.name AS project FROM api_keys k JOIN projects p ON p.id = k.project_id';
/** Listed at most; a project has no more that hold. */
const MAX_LISTED = 2_000;

export class KeyStore {
  constructor(private readonly database: DataSource) {}

  async key(id: string): Promise<StoredKey | undefined> {
    const rows = await this.database.query<KeyRow[]>(`${KEYS} WHERE k.id = $1`, [id]);
    return rows.map(keyOf)[0];
  }

  /** Whether there ever was one: revoking the last one must not open the service. */
  async isAnyMade(): Promise<boolean> {
    const rows = await this.database.query<{ made: boolean }[]>('SELECT EXISTS (SELECT FROM api_keys) AS made');
    return rows[0]?.made === true;
  }

  /** Oldest first, the ones that hold before the others; of all projects where none is given. */
  async keys(projectId?: number): Promise<StoredKey[]> {
    const rows = await this.database.query<KeyRow[]>(
      `${KEYS} WHERE $1::integer IS NULL OR k.project_id = $1
       ORDER BY k.revoked_at IS NOT NULL, k.project_id, k.created_at, k.id LIMIT ${String(MAX_LISTED)}`,
      [projectId ?? null],
    );
    return rows.map(keyOf);
  }

  /** @returns undefined when the project has as many keys that are not revoked as it may have */
  async add(key: KeyInput, maxKeys: number): Promise<StoredKey | undefined> {
    const isAdded = await this.database.transaction(async (transaction) => {
      // Two requests must not both add the last one.
      await transaction.query('SELECT 1 FROM projects WHERE id = $1 FOR UPDATE', [key.projectId]);
      const rows = await transaction.query<unknown[]>(
        `INSERT INTO api_keys (id, project_id, name, hash, scopes, expires_at)
         SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM api_keys WHERE project_id = $2 AND revoked_at IS NULL) < $7 RETURNING id`,
        [key.id, key.projectId, key.name, key.hash, key.scopes, key.expiresAt, maxKeys],
      );
      return rows.length > 0;
    });
    return isAdded ? this.key(key.id) : undefined;
  }

  /** For good; one that is revoked stays so. @returns false when there is no such key, in the project where one is given */
  async revoke(id: string, projectId?: number): Promise<boolean> {
    const [, revoked] = await this.database.query<[unknown[], number]>(
      'UPDATE api_keys SET revoked_at = least(revoked_at, now()) WHERE id = $1 AND ($2::integer IS NULL OR project_id = $2)',
      [id, projectId ?? null],
    );
    return revoked > 0;
  }

  async noteUse(id: string): Promise<void> {
    await this.database.query(
      "UPDATE api_keys SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
      [id],
    );
  }

  async projects(): Promise<StoredProject[]> {
    return this.database.query<StoredProject[]>('SELECT id, name, created_at AS "createdAt" FROM projects ORDER BY id');
  }

  async project(name: string): Promise<StoredProject | undefined> {
    const rows = await this.database.query<StoredProject[]>('SELECT id, name, created_at AS "createdAt" FROM projects WHERE name = $1', [
      name,
    ]);
    return rows[0];
  }

  /** With the alert rules that every project starts with. @returns why there is no new one otherwise */
  async addProject(name: string, maxProjects: number): Promise<StoredProject | 'taken' | 'full'> {
    return this.database.transaction(async (transaction) => {
      // Two requests must not both add the last one.
      await transaction.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [FIRST_PROJECT]);
      const [there] = await transaction.query<{ named: number; all: number }[]>(
        'SELECT count(*) FILTER (WHERE name = $1)::integer AS named, count(*)::integer AS all FROM projects',
        [name],
      );
      if (there === undefined || there.named > 0) return 'taken';
      if (there.all >= maxProjects) return 'full';
      const [added] = await transaction.query<StoredProject[]>(
        'INSERT INTO projects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id, name, created_at AS "createdAt"',
        [name],
      );
      if (added === undefined) return 'taken';
      const rules = FIRST_RULES.map((rule) => ({ ...rule, id: randomUUID() }));
      await transaction.query(
        `INSERT INTO alert_rules (project_id, id, name, settings)
         SELECT $1, id, name, settings FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, name text, settings jsonb)`,
        [added.id, JSON.stringify(rules)],
      );
      return added;
    });
  }
}

function keyOf(row: KeyRow): StoredKey {
  const { id, project, name, hash, scopes } = row;
  return {
    ...{ id, projectId: row.project_id, project, name, hash, scopes },
    ...{ createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at },
  };
}
