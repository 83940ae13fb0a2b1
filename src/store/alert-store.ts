/**
 * Alerts and the outbox: a change of an alert and the deliveries that tell of it are written in one transaction, by the one
 * process that holds the lease, and each delivery once. What is sent when is read from the same rows.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { LEASE_SECONDS } from './alert-rule-store.js';
import type { AlertFigures, AlertDetails, AlertRuleSnapshot } from '../core/alert/alert.js';

export type AlertStatus = 'pending' | 'firing' | 'resolved';
export type Transition = 'firing' | 'resolved' | 'test';

export interface StoredAlert {
  projectId: number;
  id: string;
  ruleId: string;
  rule: AlertRuleSnapshot;
  key: string[];
  status: AlertStatus;
  reason: string;
  startedAt: Date;
  firedAt: Date | null;
  resolvedAt: Date | null;
  lastBreachAt: Date;
  /** When its endpoints were told that it fires; null while it is silenced, too. */
  notifiedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedNote: string | null;
  /** Somebody said that this is normal; the evaluator ends it. */
  acceptedAt: Date | null;
  figures: AlertFigures;
  details: AlertDetails;
}

export interface NewDelivery {
  endpointId: string;
  transition: Transition;
  /** In the standard form; the endpoint's format is made of it when it is sent. */
  message: unknown;
}

/** Thrown where another process has taken over: nothing was written. */
export class LeaseLostError extends Error {
  readonly code = 'lease_lost';
  constructor() {
    super('cannot write alerts: another process evaluates them now');
    this.name = 'LeaseLostError';
  }
}

interface AlertRow {
  project_id: number;
  id: string;
  rule_id: string;
  rule: AlertRuleSnapshot;
  key: string[];
  status: AlertStatus;
  reason: string;
  started_at: Date;
  fired_at: Date | null;
  resolved_at: Date | null;
  last_breach_at: Date;
  notified_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_note: string | null;
  accepted_at: Date | null;
  figures: AlertFigures;
  details: AlertDetails;
}

/** A hundred rules of 250 groups. */
const MAX_OPEN = 25_000;

export class AlertStore {
  constructor(private readonly database: DataSource) {}

  /** Evaluates for longer. @throws LeaseLostError where another process has begun to, even if it has ended since */
  async renewLease(holder: string): Promise<void> {
    await holdingLease(this.database.manager, holder);
  }

  /** Pending and firing ones, of all projects. */
  async open(): Promise<StoredAlert[]> {
    const rows = await this.database.query<AlertRow[]>(
      `SELECT * FROM alerts WHERE status <> 'resolved' ORDER BY started_at, id LIMIT ${String(MAX_OPEN)}`,
    );
    return rows.map(alertOf);
  }

  /** Newest first. @param before the last one of the page before */
  async list(
    projectId: number,
    { statuses, limit, before }: { statuses: readonly AlertStatus[]; limit: number; before?: { startedAt: Date; id: string } | undefined },
  ): Promise<StoredAlert[]> {
    const rows = await this.database.query<AlertRow[]>(
      `SELECT * FROM alerts WHERE project_id = $1 AND status = ANY($2::text[])
         AND ($4::timestamptz IS NULL OR (started_at, id) < ($4::timestamptz, $5::uuid))
       ORDER BY started_at DESC, id DESC LIMIT $3`,
      [projectId, statuses, limit, before?.startedAt ?? null, before?.id ?? null],
    );
    return rows.map(alertOf);
  }

  async one(projectId: number, id: string): Promise<StoredAlert | undefined> {
    const rows = await this.database.query<AlertRow[]>('SELECT * FROM alerts WHERE project_id = $1 AND id = $2', [projectId, id]);
    return rows.map(alertOf)[0];
  }

  /**
   * Writes an alert as it is now, and what is to be sent of it.
   * @returns ids of the deliveries; one that was written before is not written again
   * @throws LeaseLostError
   */
  async write(holder: string, alert: StoredAlert, deliveries: readonly NewDelivery[]): Promise<string[]> {
    return this.database.transaction(async (transaction) => {
      await holdingLease(transaction, holder);
      await upsert(transaction, alert);
      const written: string[] = [];
      for (const { endpointId, transition, message } of deliveries) {
        const rows = await transaction.query<{ id: string }[]>(
          // Whoever was not told of the beginning is not told of the end.
          `INSERT INTO deliveries (project_id, id, endpoint_id, alert_id, transition, message, status)
           SELECT $1, $2, $3::uuid, $4::uuid, $5::text, $6::jsonb, 'waiting' WHERE $5::text <> 'resolved' OR EXISTS (
             SELECT 1 FROM deliveries WHERE project_id = $1 AND alert_id = $4::uuid AND endpoint_id = $3::uuid AND transition = 'firing')
           ON CONFLICT (project_id, alert_id, endpoint_id, transition) DO NOTHING RETURNING id`,
          [alert.projectId, randomUUID(), endpointId, alert.id, transition, JSON.stringify(message)],
        );
        written.push(...rows.map((row) => row.id));
      }
      return written;
    });
  }

  /** Forgets an alert that never fired. @throws LeaseLostError */
  async drop(holder: string, { projectId, id }: StoredAlert): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await holdingLease(transaction, holder);
      await transaction.query("DELETE FROM alerts WHERE project_id = $1 AND id = $2 AND status = 'pending'", [projectId, id]);
    });
  }

  /** Without a change of state: how it goes on. */
  async follow(holder: string, { projectId, id, lastBreachAt, figures }: StoredAlert): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await holdingLease(transaction, holder);
      await transaction.query('UPDATE alerts SET last_breach_at = $3, figures = $4 WHERE project_id = $1 AND id = $2', [
        projectId,
        id,
        lastBreachAt,
        JSON.stringify(figures),
      ]);
    });
  }

  /** @returns the alert; undefined where there is none */
  async acknowledge(projectId: number, id: string, note: string): Promise<StoredAlert | undefined> {
    const [rows] = await this.database.query<[AlertRow[], number]>(
      'UPDATE alerts SET acknowledged_at = now(), acknowledged_note = $3 WHERE project_id = $1 AND id = $2 RETURNING *',
      [projectId, id, note],
    );
    return rows.map(alertOf)[0];
  }

  /** @returns the alert; undefined where there is none that is open */
  async accept(projectId: number, id: string): Promise<StoredAlert | undefined> {
    const [rows] = await this.database.query<[AlertRow[], number]>(
      "UPDATE alerts SET accepted_at = now() WHERE project_id = $1 AND id = $2 AND status <> 'resolved' RETURNING *",
      [projectId, id],
    );
    return rows.map(alertOf)[0];
  }

  /** What is over before these moments: alerts go with their deliveries, tests and silences by themselves. */
  async forget(before: Date, testsBefore: Date): Promise<void> {
    await this.database.query("DELETE FROM deliveries WHERE alert_id IS NULL AND status <> 'waiting' AND created_at < $1", [testsBefore]);
    await this.database.query('DELETE FROM silences WHERE ends_at < $1', [testsBefore]);
    await this.database.query(
      `WITH gone AS (DELETE FROM alerts WHERE status = 'resolved' AND resolved_at < $1 RETURNING project_id, id)
       DELETE FROM deliveries d USING gone WHERE d.project_id = gone.project_id AND d.alert_id = gone.id`,
      [before],
    );
  }
}

/**
 * Whoever evaluated last may go on, also when a long query let the lease run out, unless another process has begun. The row is
 * held until the transaction ends, so that none begins in between.
 */
async function holdingLease(transaction: EntityManager, holder: string): Promise<void> {
  const [, held] = await transaction.query<[unknown[], number]>(
    "UPDATE leases SET until = greatest(until, now() + make_interval(secs => $2)) WHERE name = 'alerts' AND holder = $1",
    [holder, LEASE_SECONDS],
  );
  if (held === 0) throw new LeaseLostError();
}

async function upsert(transaction: EntityManager, alert: StoredAlert): Promise<void> {
  await transaction.query(
    `INSERT INTO alerts (project_id, id, rule_id, rule, key, status, reason, started_at, fired_at, resolved_at, last_breach_at, notified_at, figures, details)
     VALUES ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (project_id, id) DO UPDATE
     SET status = excluded.status, reason = excluded.reason, fired_at = excluded.fired_at, resolved_at = excluded.resolved_at,
         last_breach_at = excluded.last_breach_at, notified_at = excluded.notified_at, figures = excluded.figures, details = excluded.details`,
    [
      alert.projectId,
      alert.id,
      alert.ruleId,
      JSON.stringify(alert.rule),
      alert.key,
      alert.status,
      alert.reason,
      alert.startedAt,
      alert.firedAt,
      alert.resolvedAt,
      alert.lastBreachAt,
      alert.notifiedAt,
      JSON.stringify(alert.figures),
      JSON.stringify(alert.details),
    ],
  );
}

function alertOf(row: AlertRow): StoredAlert {
  const { id, rule, key, status, reason, figures, details } = row;
  return {
    ...{ projectId: row.project_id, id, ruleId: row.rule_id, rule, key, status, reason, figures, details },
    ...{ startedAt: row.started_at, firedAt: row.fired_at, resolvedAt: row.resolved_at, lastBreachAt: row.last_breach_at },
    ...{
      notifiedAt: row.notified_at,
      acknowledgedAt: row.acknowledged_at,
      acknowledgedNote: row.acknowledged_note,
      acceptedAt: row.accepted_at,
    },
  };
}
