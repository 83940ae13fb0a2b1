/**
 * Alert rules and what the evaluator keeps of them: what detectors have learned, who evaluates, and in which minutes
 * ingestion was alive. Rules that cannot be evaluated carry the problem on their row.
 */
import type { DataSource } from 'typeorm';
import type { AlertRule, RuleSettings } from '../core/alert/rule.js';
import type { SpikeState } from '../core/alert/spike.js';

export interface StoredAlertRule extends AlertRule {
  isEnabled: boolean;
  problem: string | null;
  /** What was counted before is judged, and what was to be told of it is. */
  judgedTo: Date;
  createdAt: Date;
  updatedAt: Date;
}

export type RuleInput = Pick<StoredAlertRule, 'id' | 'name' | 'isEnabled' | 'settings'>;

interface GroupMemory {
  key: string[];
  state: SpikeState;
  /** Epoch seconds. */
  lastSeen: number;
}

/** Twice the time between two evaluations: another process takes over two or three evaluations after the last one. */
export const LEASE_SECONDS = 10;

/** What detectors know. Times are epoch seconds. */
export interface Learned {
  learnedTo: number;
  /** When verdicts had last changed before. */
  verdictsAt: number;
  groups: readonly GroupMemory[];
}

interface RuleRow {
  project_id: number;
  id: string;
  name: string;
  is_enabled: boolean;
  settings: RuleSettings;
  problem: string | null;
  judged_to: Date;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'project_id, id, name, is_enabled, settings, problem, judged_to, created_at, updated_at';
/** Groups written in one statement: a few hundred kB. */
const GROUPS_AT_ONCE = 100;
/** Longer than anything is learnt from. */
const ALIVE_KEPT = "interval '35 days'";

export class AlertRuleStore {
  constructor(private readonly database: DataSource) {}

  /** Oldest first; of all projects where none is given. */
  async rules(projectId?: number): Promise<StoredAlertRule[]> {
    const rows = await this.database.query<RuleRow[]>(
      `SELECT ${COLUMNS} FROM alert_rules WHERE $1::integer IS NULL OR project_id = $1 ORDER BY project_id, created_at, id`,
      [projectId ?? null],
    );
    return rows.map(ruleOf);
  }

  async rule(projectId: number, id: string): Promise<StoredAlertRule | undefined> {
    const rows = await this.database.query<RuleRow[]>(`SELECT ${COLUMNS} FROM alert_rules WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    return rows.map(ruleOf)[0];
  }

  /** @returns undefined when the project has as many rules as it may have */
  async add(projectId: number, rule: RuleInput, maxRules: number): Promise<StoredAlertRule | undefined> {
    return this.database.transaction(async (transaction) => {
      // Two requests must not both add the last one.
      await transaction.query('SELECT 1 FROM projects WHERE id = $1 FOR UPDATE', [projectId]);
      const rows = await transaction.query<RuleRow[]>(
        `INSERT INTO alert_rules (project_id, id, name, is_enabled, settings)
         SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM alert_rules WHERE project_id = $1) < $6 RETURNING ${COLUMNS}`,
        [projectId, rule.id, rule.name, rule.isEnabled, JSON.stringify(rule.settings), maxRules],
      );
      return rows.map(ruleOf)[0];
    });
  }

  /** What its groups have learned stays only where the same things are counted. @returns undefined when there is no such rule */
  async change(projectId: number, rule: RuleInput): Promise<StoredAlertRule | undefined> {
    return this.database.transaction(async (transaction) => {
      // In the order in which saving locks them.
      await transaction.query('SELECT 1 FROM alert_rules WHERE project_id = $1 AND id = $2 FOR UPDATE', [projectId, rule.id]);
      await transaction.query(
        `DELETE FROM alert_groups g USING alert_rules r
         WHERE r.project_id = $1 AND r.id = $2 AND g.project_id = $1 AND g.rule_id = $2
           AND (r.settings -> 'filter', r.settings -> 'group_by') IS DISTINCT FROM ($3::jsonb -> 'filter', $3::jsonb -> 'group_by')`,
        [projectId, rule.id, JSON.stringify(rule.settings)],
      );
      const [rows] = await transaction.query<[RuleRow[], number]>(
        `UPDATE alert_rules SET name = $3, is_enabled = $4, settings = $5, problem = NULL, updated_at = now()
         WHERE project_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [projectId, rule.id, rule.name, rule.isEnabled, JSON.stringify(rule.settings)],
      );
      return rows.map(ruleOf)[0];
    });
  }

  /** Its open alerts are resolved by the evaluator. @returns false when there is no such rule */
  async drop(projectId: number, id: string): Promise<boolean> {
    const [, dropped] = await this.database.query<[unknown[], number]>('DELETE FROM alert_rules WHERE project_id = $1 AND id = $2', [
      projectId,
      id,
    ]);
    return dropped > 0;
  }

  async setProblem({ projectId, id }: AlertRule, problem: string | null): Promise<void> {
    await this.database.query('UPDATE alert_rules SET problem = $3 WHERE project_id = $1 AND id = $2 AND problem IS DISTINCT FROM $3', [
      projectId,
      id,
      problem,
    ]);
  }

  /**
   * The buckets of a rule are judged and told up to a time.
   * @param judgedTo epoch seconds
   * @param delay how late records may come, seconds
   */
  async setJudgedTo({ projectId, id }: AlertRule, judgedTo: number, delay: number): Promise<void> {
    await this.database.query(
      // A clock that is ahead must not have the minutes that are still to come judged.
      `UPDATE alert_rules SET judged_to = least(to_timestamp($3), now() - make_interval(secs => $4)) WHERE project_id = $1 AND id = $2`,
      [projectId, id, judgedTo, delay],
    );
  }

  /** When groups of the rule breached last, as far as an alert tells of it. Times are epoch seconds. */
  async lastBreaches({ projectId, id }: AlertRule, since: number): Promise<{ key: string[]; at: number }[]> {
    const rows = await this.database.query<{ key: string[]; at: Date }[]>(
      `SELECT key, max(last_breach_at) AS at FROM alerts
       WHERE project_id = $1 AND rule_id = $2 AND last_breach_at >= to_timestamp($3) GROUP BY key`,
      [projectId, id, since],
    );
    return rows.map(({ key, at }) => ({ key, at: at.getTime() / 1000 }));
  }

  /** @returns what was learned; undefined for a rule that has learned nothing */
  async groups({ projectId, id }: AlertRule): Promise<Learned | undefined> {
    const rows = await this.database.query<
      { key: string[]; state: { state: SpikeState; lastSeen: number }; learned_to: Date; verdicts_at: Date }[]
    >('SELECT key, state, learned_to, verdicts_at FROM alert_groups WHERE project_id = $1 AND rule_id = $2', [projectId, id]);
    const [first] = rows;
    if (first === undefined) return undefined;
    const groups = rows.map(({ key, state }) => ({ key, ...state }));
    return { learnedTo: first.learned_to.getTime() / 1000, verdictsAt: first.verdicts_at.getTime() / 1000, groups };
  }

  /** Groups that somebody called normal, and when. @param since epoch seconds */
  async accepted({ projectId, id }: AlertRule, since: number): Promise<{ key: string[]; at: number }[]> {
    const rows = await this.database.query<{ key: string[]; at: Date }[]>(
      'SELECT key, accepted_at AS at FROM alerts WHERE project_id = $1 AND rule_id = $2 AND accepted_at > to_timestamp($3) ORDER BY accepted_at',
      [projectId, id, since],
    );
    return rows.map(({ key, at }) => ({ key, at: at.getTime() / 1000 }));
  }

  /** When verdicts of signatures last changed, epoch seconds, by project. */
  async verdictsChangedAt(): Promise<Map<number, number>> {
    const rows = await this.database.query<{ id: number; at: Date }[]>('SELECT id, verdicts_changed_at AS at FROM projects');
    return new Map(rows.map(({ id, at }) => [id, at.getTime() / 1000]));
  }

  /** Replaces what was kept of the rule; nothing where it was changed or deleted in the meantime. */
  async saveGroups({ projectId, id, updatedAt }: StoredAlertRule, { learnedTo, verdictsAt, groups }: Learned): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const rules = await transaction.query<{ updated_at: Date }[]>(
        'SELECT updated_at FROM alert_rules WHERE project_id = $1 AND id = $2 FOR SHARE',
        [projectId, id],
      );
      if (rules[0]?.updated_at.getTime() !== updatedAt.getTime()) return;
      await transaction.query('DELETE FROM alert_groups WHERE project_id = $1 AND rule_id = $2', [projectId, id]);
      for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) {
        const some = groups.slice(at, at + GROUPS_AT_ONCE).map(({ key, ...state }) => ({ key, state }));
        await transaction.query(
          `INSERT INTO alert_groups (project_id, rule_id, key, state, learned_to, verdicts_at)
           SELECT $1, $2, r.key, r.state, $3, $4 FROM jsonb_to_recordset($5::jsonb) AS r (key text[], state jsonb)`,
          [projectId, id, new Date(learnedTo * 1000), new Date(verdictsAt * 1000), JSON.stringify(some)],
        );
      }
    });
  }

  /**
   * Evaluates for the next LEASE_SECONDS; as long as nobody else has begun to.
   * @returns for how long nobody has held the lease before, seconds, and whether somebody else did so last; undefined when another
   * process holds it
   */
  async holdLease(holder: string): Promise<{ gap: number; isNew: boolean } | undefined> {
    const rows = await this.database.query<{ gap: number | null; holder: string | null }[]>(
      `WITH before AS (SELECT until, holder FROM leases WHERE name = 'alerts')
       INSERT INTO leases AS l (name, holder, until) VALUES ('alerts', $1, now() + make_interval(secs => $2))
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE l.holder = excluded.holder OR l.until < now()
       RETURNING (SELECT greatest(0, extract(epoch FROM now() - until))::float8 FROM before) AS gap, (SELECT holder FROM before) AS holder`,
      [holder, LEASE_SECONDS],
    );
    const [held] = rows;
    return held && { gap: held.gap ?? Infinity, isNew: held.holder !== holder };
  }

  async giveUpLease(holder: string): Promise<void> {
    await this.database.query(
      "UPDATE leases SET until = least(until, now()), holder = '00000000-0000-0000-0000-000000000000' WHERE name = 'alerts' AND holder = $1",
      [holder],
    );
  }

  /** Notes that records could be taken in this minute. */
  async noteAlive(): Promise<void> {
    await this.database.query("INSERT INTO ingest_minutes (minute) VALUES (date_trunc('minute', now())) ON CONFLICT DO NOTHING");
  }

  async forgetAlive(): Promise<void> {
    await this.database.query(`DELETE FROM ingest_minutes WHERE minute < now() - ${ALIVE_KEPT}`);
  }
}

function ruleOf(row: RuleRow): StoredAlertRule {
  const { id, name, settings, problem } = row;
  return {
    projectId: row.project_id,
    id,
    name,
    settings,
    problem,
    isEnabled: row.is_enabled,
    judgedTo: row.judged_to,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
