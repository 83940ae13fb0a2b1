import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alert rules with what they have learned, alerts, endpoints with their deliveries, silences; who evaluates, and when ingestion was alive. */
export class Alerts20261124200000 implements MigrationInterface {
  name = 'Alerts20261124200000';

  async up(runner: QueryRunner): Promise<void> {
    // When a signature was first written, since when it is back, and for how long it had been away then; a trace of one of its last occurrences.
    await runner.query(
      'ALTER TABLE signatures ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN returned_at timestamptz, ADD COLUMN quiet_seconds integer, ADD COLUMN last_trace_id text',
    );
    // What detectors learned by causes is void once causes change.
    await runner.query("ALTER TABLE projects ADD COLUMN verdicts_changed_at timestamptz NOT NULL DEFAULT 'epoch'");
    await runner.query(`
      CREATE TABLE alert_rules (
        project_id integer NOT NULL REFERENCES projects (id),
        id uuid NOT NULL,
        name text NOT NULL,
        is_enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL,
        problem text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, id)
      )`);
    await runner.query(`
      CREATE TABLE alert_groups (
        project_id integer NOT NULL,
        rule_id uuid NOT NULL,
        key text[] NOT NULL,
        state jsonb NOT NULL,
        learned_to timestamptz NOT NULL,
        verdicts_at timestamptz NOT NULL,
        PRIMARY KEY (project_id, rule_id, key),
        FOREIGN KEY (project_id, rule_id) REFERENCES alert_rules (project_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE alerts (
        project_id integer NOT NULL REFERENCES projects (id),
        id uuid NOT NULL,
        rule_id uuid NOT NULL,
        rule jsonb NOT NULL,
        key text[] NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'firing', 'resolved')),
        reason text NOT NULL,
        started_at timestamptz NOT NULL,
        fired_at timestamptz,
        resolved_at timestamptz,
        last_breach_at timestamptz NOT NULL,
        notified_at timestamptz,
        acknowledged_at timestamptz,
        acknowledged_note text,
        accepted_at timestamptz,
        figures jsonb NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (project_id, id)
      )`);
    await runner.query("CREATE UNIQUE INDEX alerts_open ON alerts (project_id, rule_id, key) WHERE status <> 'resolved'");
    await runner.query('CREATE INDEX alerts_by_time ON alerts (project_id, started_at DESC, id DESC)');
    await runner.query(`
      CREATE TABLE endpoints (
        project_id integer NOT NULL REFERENCES projects (id),
        id uuid NOT NULL,
        name text NOT NULL,
        url text NOT NULL,
        format text NOT NULL,
        routing_key text,
        sends_resolved boolean NOT NULL DEFAULT true,
        secrets jsonb NOT NULL,
        disabled_reason text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, id)
      )`);
    // The unique key has a delivery of an alert's change written once per endpoint; tests have no alert.
    await runner.query(`
      CREATE TABLE deliveries (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        alert_id uuid,
        transition text NOT NULL,
        message jsonb NOT NULL,
        status text NOT NULL CHECK (status IN ('waiting', 'delivered', 'dead')),
        round integer NOT NULL DEFAULT 0,
        attempts jsonb NOT NULL DEFAULT '[]',
        next_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (project_id, id),
        UNIQUE (project_id, alert_id, endpoint_id, transition),
        FOREIGN KEY (project_id, endpoint_id) REFERENCES endpoints (project_id, id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX deliveries_of_endpoint ON deliveries (project_id, endpoint_id, created_at DESC, id)');
    await runner.query("CREATE INDEX deliveries_waiting ON deliveries (project_id, endpoint_id, next_at) WHERE status = 'waiting'");
    await runner.query('CREATE INDEX deliveries_by_id ON deliveries (id)');
    await runner.query(`
      CREATE TABLE silences (
        project_id integer NOT NULL REFERENCES projects (id),
        id uuid NOT NULL,
        matchers jsonb NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        note text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, id)
      )`);
    await runner.query('CREATE TABLE leases (name text PRIMARY KEY, holder uuid NOT NULL, until timestamptz NOT NULL)');
    await runner.query('CREATE TABLE ingest_minutes (minute timestamptz PRIMARY KEY)');
    await runner.query(`
      INSERT INTO alert_rules (project_id, id, name, settings) VALUES
        (1, '5f0c3a52-0d8e-4a55-9c0e-401000000001', 'A cause spikes in a service',
         '{"type": "spike", "filter": {}, "group_by": ["service", "cause"], "min_count": 10, "min_clients": 0, "for": "0s", "resolve_after": "10m",
           "evaluation_delay": "1m", "severity": "error", "labels": {}, "endpoints": null}'),
        (1, '5f0c3a52-0d8e-4a55-9c0e-401000000002', 'The server is at fault',
         '{"type": "threshold", "filter": {"fault": ["server"]}, "group_by": ["service", "cause"], "count": 20, "window": "5m", "min_count": 0,
           "min_clients": 0, "for": "0s", "resolve_after": "15m", "evaluation_delay": "1m", "severity": "warning", "labels": {}, "endpoints": null}'),
        (1, '5f0c3a52-0d8e-4a55-9c0e-401000000003', 'A credential is written to logs',
         '{"type": "finding", "finding": "credential_logged", "filter": {}, "group_by": ["service"], "count": 1, "window": "1h", "min_count": 0,
           "min_clients": 0, "for": "0s", "resolve_after": "1d", "evaluation_delay": "1m", "severity": "critical", "labels": {}, "endpoints": null}')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['ingest_minutes', 'leases', 'silences', 'deliveries', 'endpoints', 'alerts', 'alert_groups', 'alert_rules'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE projects DROP COLUMN verdicts_changed_at');
    await runner.query(
      'ALTER TABLE signatures DROP COLUMN created_at, DROP COLUMN returned_at, DROP COLUMN quiet_seconds, DROP COLUMN last_trace_id',
    );
  }
}
