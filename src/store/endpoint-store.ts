/** Where alerts are sent, what became of each sending, and what is silenced. */
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';

type EndpointFormat = 'standard' | 'alertmanager' | 'alertmanager_api' | 'slack' | 'pagerduty';

interface EndpointSecret {
  secret: string;
  /** ISO time until which it signs beside the newer ones; null for the newest. */
  until: string | null;
}

export interface StoredEndpoint {
  projectId: number;
  id: string;
  name: string;
  url: string;
  format: EndpointFormat;
  routingKey: string | null;
  sendsResolved: boolean;
  /** Newest first. */
  secrets: EndpointSecret[];
  disabledReason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface DeliveryAttempt {
  at: string;
  outcome: string;
  status: number | null;
  latency_ms: number;
  reason: string;
}

export interface StoredDelivery {
  projectId: number;
  id: string;
  endpointId: string;
  alertId: string | null;
  transition: 'firing' | 'resolved' | 'test';
  message: unknown;
  status: 'waiting' | 'delivered' | 'dead';
  /** Attempts since it was last put in line. */
  round: number;
  attempts: DeliveryAttempt[];
  nextAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface StoredSilence {
  projectId: number;
  id: string;
  /** Values by label; all must be the alert's. */
  matchers: Record<string, string>;
  startsAt: Date;
  endsAt: Date;
  note: string;
  createdAt: Date;
}

type EndpointInput = Pick<StoredEndpoint, 'id' | 'name' | 'url' | 'format' | 'routingKey' | 'sendsResolved'>;

/** Longer than an attempt may take; then another process attempts it. */
const CLAIMED_FOR = "interval '30 seconds'";
/**
 * Of deliveries `d` and their endpoints `e`. One that is switched off gets nothing but tests; and the end of an alert waits
 * for what told of its beginning.
 */
const DUE = `d.status = 'waiting' AND d.next_at <= now() AND (e.disabled_reason IS NULL OR d.transition = 'test')
  AND NOT (d.transition = 'resolved' AND EXISTS (
    SELECT 1 FROM deliveries f WHERE f.project_id = d.project_id AND f.alert_id = d.alert_id AND f.endpoint_id = d.endpoint_id
      AND f.transition = 'firing' AND f.status = 'waiting'))`;
/** Attempts that are listed of one delivery. */
const MAX_ATTEMPTS_KEPT = 50;

export class EndpointStore {
  constructor(private readonly database: DataSource) {}

  async endpoints(projectId: number): Promise<StoredEndpoint[]> {
    const rows = await this.database.query<EndpointRow[]>('SELECT * FROM endpoints WHERE project_id = $1 ORDER BY created_at, id', [
      projectId,
    ]);
    return rows.map(endpointOf);
  }

  async endpoint(projectId: number, id: string): Promise<StoredEndpoint | undefined> {
    const rows = await this.database.query<EndpointRow[]>('SELECT * FROM endpoints WHERE project_id = $1 AND id = $2', [projectId, id]);
    return rows.map(endpointOf)[0];
  }

  /** @returns undefined when the project has as many endpoints as it may have */
  async addEndpoint(projectId: number, input: EndpointInput, secret: string, maxEndpoints: number): Promise<StoredEndpoint | undefined> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('SELECT 1 FROM projects WHERE id = $1 FOR UPDATE', [projectId]);
      const rows = await transaction.query<EndpointRow[]>(
        `INSERT INTO endpoints (project_id, id, name, url, format, routing_key, sends_resolved, secrets)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM endpoints WHERE project_id = $1) < $9 RETURNING *`,
        [
          ...[projectId, input.id, input.name, input.url, input.format, input.routingKey, input.sendsResolved],
          ...[JSON.stringify([{ secret, until: null }]), maxEndpoints],
        ],
      );
      return rows.map(endpointOf)[0];
    });
  }

  /** Switches one that was disabled on again. @returns undefined when there is no such endpoint */
  async changeEndpoint(projectId: number, input: EndpointInput): Promise<StoredEndpoint | undefined> {
    const [rows] = await this.database.query<[EndpointRow[], number]>(
      `UPDATE endpoints SET name = $3, url = $4, format = $5, routing_key = $6, sends_resolved = $7, disabled_reason = NULL, updated_at = now()
       WHERE project_id = $1 AND id = $2 RETURNING *`,
      [projectId, input.id, input.name, input.url, input.format, input.routingKey, input.sendsResolved],
    );
    return rows.map(endpointOf)[0];
  }

  /** The secrets in use sign until the moment given, beside the new one. */
  async rotateSecret(projectId: number, id: string, secret: string, until: Date): Promise<StoredEndpoint | undefined> {
    return this.database.transaction(async (transaction) => {
      const [found] = await transaction.query<EndpointRow[]>('SELECT * FROM endpoints WHERE project_id = $1 AND id = $2 FOR UPDATE', [
        projectId,
        id,
      ]);
      if (found === undefined) return undefined;
      const older = found.secrets.map((one) => ({ ...one, until: one.until ?? until.toISOString() }));
      const [rows] = await transaction.query<[EndpointRow[], number]>(
        'UPDATE endpoints SET secrets = $3, updated_at = now() WHERE project_id = $1 AND id = $2 RETURNING *',
        [projectId, id, JSON.stringify([{ secret, until: null }, ...older].slice(0, 3))],
      );
      return rows.map(endpointOf)[0];
    });
  }

  /** Not one that was given another URL in the meantime. */
  async disable({ projectId, id, url }: StoredEndpoint, reason: string): Promise<void> {
    await this.database.query(
      'UPDATE endpoints SET disabled_reason = $4, updated_at = now() WHERE project_id = $1 AND id = $2 AND url = $3',
      [projectId, id, url, reason],
    );
  }

  /** Its deliveries go with it. @returns false when there is no such endpoint */
  async dropEndpoint(projectId: number, id: string): Promise<boolean> {
    const [, dropped] = await this.database.query<[unknown[], number]>('DELETE FROM endpoints WHERE project_id = $1 AND id = $2', [
      projectId,
      id,
    ]);
    return dropped > 0;
  }

  async addTest(projectId: number, endpointId: string, message: unknown): Promise<StoredDelivery> {
    const rows = await this.database.query<DeliveryRow[]>(
      "INSERT INTO deliveries (project_id, id, endpoint_id, transition, message, status) VALUES ($1, $2, $3, 'test', $4, 'waiting') RETURNING *",
      [projectId, randomUUID(), endpointId, JSON.stringify(message)],
    );
    const [added] = rows.map(deliveryOf);
    if (added === undefined) throw new Error('cannot read the delivery that was written');
    return added;
  }

  async delivery(id: string): Promise<StoredDelivery | undefined> {
    const rows = await this.database.query<DeliveryRow[]>('SELECT * FROM deliveries WHERE id = $1', [id]);
    return rows.map(deliveryOf)[0];
  }

  /** Newest first. */
  async deliveries(projectId: number, endpointId: string, limit: number): Promise<StoredDelivery[]> {
    const rows = await this.database.query<DeliveryRow[]>(
      'SELECT * FROM deliveries WHERE project_id = $1 AND endpoint_id = $2 ORDER BY created_at DESC, id LIMIT $3',
      [projectId, endpointId, limit],
    );
    return rows.map(deliveryOf);
  }

  /** Ids of deliveries whose time has come, some of each endpoint: many of one must not keep back the others. */
  async due(ofEach: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }[]>(
      `SELECT due.id FROM endpoints e CROSS JOIN LATERAL (
         SELECT d.id FROM deliveries d WHERE d.project_id = e.project_id AND d.endpoint_id = e.id AND ${DUE} ORDER BY d.next_at LIMIT $1
       ) due`,
      [ofEach],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes the first delivery of an endpoint that is due, for the time of one attempt. @returns undefined when none is, or somebody else has it */
  async claim(projectId: number, endpointId: string): Promise<StoredDelivery | undefined> {
    const [rows] = await this.database.query<[DeliveryRow[], number]>(
      `UPDATE deliveries SET next_at = now() + ${CLAIMED_FOR} WHERE project_id = $1 AND id = (
         SELECT d.id FROM endpoints e JOIN deliveries d ON d.project_id = e.project_id AND d.endpoint_id = e.id
         WHERE e.project_id = $1 AND e.id = $2 AND ${DUE} ORDER BY d.next_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
       ) RETURNING *`,
      [projectId, endpointId],
    );
    return rows.map(deliveryOf)[0];
  }

  /** Writes down what became of an attempt. */
  async note(delivery: StoredDelivery, attempt: DeliveryAttempt, outcome: Pick<StoredDelivery, 'status' | 'nextAt'>): Promise<void> {
    await this.database.query(
      `UPDATE deliveries SET attempts = $3, round = round + 1, status = $4, next_at = $5, finished_at = ${outcome.status === 'waiting' ? 'NULL' : 'now()'}
       WHERE project_id = $1 AND id = $2 AND status = 'waiting'`,
      [
        delivery.projectId,
        delivery.id,
        JSON.stringify([...delivery.attempts, attempt].slice(-MAX_ATTEMPTS_KEPT)),
        outcome.status,
        outcome.nextAt,
      ],
    );
  }

  /** Puts it in line once more, whatever became of it. @returns undefined when there is no such delivery */
  async redeliver(projectId: number, id: string): Promise<StoredDelivery | undefined> {
    const [rows] = await this.database.query<[DeliveryRow[], number]>(
      `UPDATE deliveries SET status = 'waiting', round = 0, next_at = now(), finished_at = NULL WHERE project_id = $1 AND id = $2 RETURNING *`,
      [projectId, id],
    );
    return rows.map(deliveryOf)[0];
  }

  /** The ones that are not over. Of all projects where none is given. */
  async silences(projectId?: number): Promise<StoredSilence[]> {
    const rows = await this.database.query<SilenceRow[]>(
      'SELECT * FROM silences WHERE ($1::integer IS NULL OR project_id = $1) AND ends_at > now() ORDER BY created_at, id',
      [projectId ?? null],
    );
    return rows.map(silenceOf);
  }

  async addSilence(projectId: number, silence: Omit<StoredSilence, 'projectId' | 'id' | 'createdAt'>): Promise<StoredSilence> {
    const rows = await this.database.query<SilenceRow[]>(
      'INSERT INTO silences (project_id, id, matchers, starts_at, ends_at, note) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *',
      [projectId, randomUUID(), JSON.stringify(silence.matchers), silence.startsAt, silence.endsAt, silence.note],
    );
    const [added] = rows.map(silenceOf);
    if (added === undefined) throw new Error('cannot read the silence that was written');
    return added;
  }

  /** @returns false when there is no such silence */
  async dropSilence(projectId: number, id: string): Promise<boolean> {
    const [, dropped] = await this.database.query<[unknown[], number]>('DELETE FROM silences WHERE project_id = $1 AND id = $2', [
      projectId,
      id,
    ]);
    return dropped > 0;
  }
}

interface EndpointRow extends Pick<StoredEndpoint, 'id' | 'name' | 'url' | 'format' | 'secrets'> {
  project_id: number;
  routing_key: string | null;
  sends_resolved: boolean;
  disabled_reason: string | null;
  created_at: Date;
  updated_at: Date;
}

function endpointOf(row: EndpointRow): StoredEndpoint {
  const { id, name, url, format, secrets } = row;
  return {
    ...{ projectId: row.project_id, id, name, url, format, secrets, routingKey: row.routing_key, sendsResolved: row.sends_resolved },
    ...{ disabledReason: row.disabled_reason, createdAt: row.created_at, updatedAt: row.updated_at },
  };
}

interface DeliveryRow extends Pick<StoredDelivery, 'id' | 'transition' | 'message' | 'status' | 'round' | 'attempts'> {
  project_id: number;
  endpoint_id: string;
  alert_id: string | null;
  next_at: Date;
  created_at: Date;
  finished_at: Date | null;
}

function deliveryOf(row: DeliveryRow): StoredDelivery {
  const { id, transition, message, status, round, attempts } = row;
  return {
    ...{ projectId: row.project_id, id, endpointId: row.endpoint_id, alertId: row.alert_id, transition, message, status, round, attempts },
    ...{ nextAt: row.next_at, createdAt: row.created_at, finishedAt: row.finished_at },
  };
}

interface SilenceRow extends Pick<StoredSilence, 'id' | 'matchers' | 'note'> {
  project_id: number;
  starts_at: Date;
  ends_at: Date;
  created_at: Date;
}

function silenceOf(row: SilenceRow): StoredSilence {
  const { id, matchers, note } = row;
  return {
    ...{ projectId: row.project_id, id, matchers, note, startsAt: row.starts_at, endsAt: row.ends_at, createdAt: row.created_at },
  };
}
