/**
 * What users taught, and the verdicts that follow from it: rules per project with a revision that every change raises,
 * causes set for single signatures, and which signatures were judged by older rules.
 */
import type { DataSource, EntityManager } from 'typeorm';
import type { CauseId } from '../core/causes.js';
import type { Finding } from '../core/findings.js';
import type { Verdict } from '../core/judge.js';
import { SignatureRow } from './entities.js';

/** A rule as it is kept. */
export interface StoredRule {
  id: string;
  cause: CauseId;
  match: Record<string, string>;
  note: string;
  createdAt: Date;
  updatedAt: Date;
}

/** The rules that a verdict rests on: what is built in, and what the project taught. */
export interface RuleState {
  ruleSetVersion: number;
  revision: number;
}

export interface Rejudged {
  id: string;
  verdict: Verdict;
  findings: Finding[];
  observable: string[];
}

export class TeachingStore {
  constructor(private readonly database: DataSource) {}

  async projects(): Promise<{ id: number; revision: number }[]> {
    return this.database.query<{ id: number; revision: number }[]>('SELECT id, rules_revision AS revision FROM projects ORDER BY id');
  }

  /** Rules and revision as of one moment, oldest rule first. */
  async rules(projectId: number): Promise<{ revision: number; rules: StoredRule[] }> {
    const rows = await this.database.query<({ revision: number } & (RuleRow | { id: null }))[]>(
      `SELECT p.rules_revision AS revision, r.id, r.cause, r.match, r.note, r.created_at, r.updated_at
       FROM projects p LEFT JOIN rules r ON r.project_id = p.id WHERE p.id = $1 ORDER BY r.created_at, r.id`,
      [projectId],
    );
    return {
      revision: rows[0]?.revision ?? 0,
      rules: rows.flatMap((row) => (row.id === null ? [] : [ruleOf(row)])),
    };
  }

  async revision(projectId: number): Promise<number> {
    const rows = await this.database.query<{ revision: number }[]>('SELECT rules_revision AS revision FROM projects WHERE id = $1', [
      projectId,
    ]);
    return rows[0]?.revision ?? 0;
  }

  /** @returns undefined when the project has as many rules as it may have */
  async addRule(
    projectId: number,
    rule: Pick<StoredRule, 'id' | 'cause' | 'match' | 'note'>,
    maxRules: number,
  ): Promise<StoredRule | undefined> {
    return this.database.transaction(async (transaction) => {
      // The raised revision locks the project's row, so that two requests cannot both add the last rule.
      await raiseRevision(transaction, projectId);
      const rows = await transaction.query<RuleRow[]>(
        `INSERT INTO rules (id, project_id, cause, match, note)
         SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM rules WHERE project_id = $2) < $6 RETURNING *`,
        [rule.id, projectId, rule.cause, JSON.stringify(rule.match), rule.note, maxRules],
      );
      return rows[0] === undefined ? undefined : ruleOf(rows[0]);
    });
  }

  /** @returns undefined when there is no such rule */
  async changeRule(projectId: number, rule: Pick<StoredRule, 'id' | 'cause' | 'match' | 'note'>): Promise<StoredRule | undefined> {
    return this.database.transaction(async (transaction) => {
      const [rows] = await transaction.query<[RuleRow[], number]>(
        'UPDATE rules SET cause = $3, match = $4, note = $5, updated_at = now() WHERE project_id = $1 AND id = $2 RETURNING *',
        [projectId, rule.id, rule.cause, JSON.stringify(rule.match), rule.note],
      );
      if (rows[0] === undefined) return undefined;
      await raiseRevision(transaction, projectId);
      return ruleOf(rows[0]);
    });
  }

  /** @returns false when there is no such rule */
  async dropRule(projectId: number, id: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const [, dropped] = await transaction.query<[unknown[], number]>('DELETE FROM rules WHERE project_id = $1 AND id = $2', [
        projectId,
        id,
      ]);
      if (dropped > 0) await raiseRevision(transaction, projectId);
      return dropped > 0;
    });
  }

  /** How many signatures of a project were judged by other rules than the ones that hold now. */
  async outdated(projectId: number, { ruleSetVersion, revision }: RuleState): Promise<number> {
    const rows = await this.database.query<{ outdated: number }[]>(`SELECT count(*)::int AS outdated FROM signatures WHERE ${OUTDATED}`, [
      projectId,
      ruleSetVersion,
      revision,
    ]);
    return rows[0]?.outdated ?? 0;
  }

  /**
   * Judges one portion of the outdated signatures again, in a transaction of its own. Where it stopped is written on the
   * rows themselves, so that any process goes on at any time.
   * @returns how many signatures were judged
   */
  async rejudge(projectId: number, state: RuleState, limit: number, judge: (row: SignatureRow) => Omit<Rejudged, 'id'>): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const rows = await transaction
        .getRepository(SignatureRow)
        .createQueryBuilder('s')
        .where(OUTDATED.replace('$1', ':projectId').replace('$2', ':ruleSetVersion').replace('$3', ':revision'), { projectId, ...state })
        .orderBy('s.id')
        .limit(limit)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getMany();
      await writeVerdicts(
        transaction,
        { projectId, ...state },
        rows.map((row) => ({ id: row.id, ...judge(row) })),
      );
      return rows.length;
    });
  }

  /**
   * Sets the cause of one signature, or takes it back.
   * @param judge the verdict for the row with its new `taughtCause`
   * @returns false when there is no such signature
   */
  async teachCause(
    target: { projectId: number; id: string; cause: CauseId | null },
    state: RuleState,
    judge: (row: SignatureRow) => Omit<Rejudged, 'id'>,
  ): Promise<boolean> {
    const { projectId, id, cause } = target;
    return this.database.transaction(async (transaction) => {
      const row = await transaction.getRepository(SignatureRow).findOne({ where: { projectId, id }, lock: { mode: 'pessimistic_write' } });
      if (row === null) return false;
      row.taughtCause = cause;
      await transaction.query('UPDATE signatures SET taught_cause = $3 WHERE project_id = $1 AND id = $2', [projectId, id, cause]);
      await writeVerdicts(transaction, { projectId, ...state }, [{ id, ...judge(row) }]);
      return true;
    });
  }
}

/** A process with older built-in rules must not take back what a newer one judged. Binds $1 project, $2 version, $3 revision. */
const OUTDATED = 'project_id = $1 AND (rule_set_version < $2 OR (rule_set_version = $2 AND rules_revision <> $3))';

interface RuleRow {
  id: string;
  cause: CauseId;
  match: Record<string, string>;
  note: string;
  created_at: Date;
  updated_at: Date;
}

function ruleOf({ id, cause, match, note, created_at, updated_at }: RuleRow): StoredRule {
  return { id, cause, match, note, createdAt: created_at, updatedAt: updated_at };
}

async function raiseRevision(transaction: EntityManager, projectId: number): Promise<void> {
  await transaction.query('UPDATE projects SET rules_revision = rules_revision + 1 WHERE id = $1', [projectId]);
}

async function writeVerdicts(
  transaction: EntityManager,
  by: { projectId: number } & RuleState,
  judged: readonly Rejudged[],
): Promise<void> {
  if (judged.length === 0) return;
  const rows = judged.map(({ id, verdict, findings, observable }) => ({ id, ...verdict, findings, observable }));
  await transaction.query(
    `UPDATE signatures s SET cause = r.cause, fault = r.fault, confidence = r.confidence, evidence = r.evidence, also = r.also,
            findings = r.findings, observable = r.observable, rule_set_version = $3, rules_revision = $4
     FROM jsonb_to_recordset($2::jsonb) AS r (id bigint, cause text, fault text, confidence real, evidence jsonb, also text[], findings jsonb, observable text[])
     WHERE s.project_id = $1 AND s.id = r.id`,
    [by.projectId, JSON.stringify(rows), by.ruleSetVersion, by.revision],
  );
  await transaction.query('UPDATE projects SET verdicts_changed_at = statement_timestamp() WHERE id = $1', [by.projectId]);
}
