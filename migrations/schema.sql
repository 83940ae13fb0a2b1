-- What the migrations produce. Written by "npm run schema"; a test compares it.

CREATE TABLE alert_groups (
  project_id integer NOT NULL,
  rule_id uuid NOT NULL,
  key text[] NOT NULL,
  state jsonb NOT NULL,
  learned_to timestamp with time zone NOT NULL,
  verdicts_at timestamp with time zone NOT NULL,
  CONSTRAINT alert_groups_pkey PRIMARY KEY (project_id, rule_id, key),
  CONSTRAINT alert_groups_project_id_rule_id_fkey FOREIGN KEY (project_id, rule_id) REFERENCES alert_rules(project_id, id) ON DELETE CASCADE
);

CREATE TABLE alert_rules (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  settings jsonb NOT NULL,
  problem text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  judged_to timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT alert_rules_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT alert_rules_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
);

CREATE TABLE alerts (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  rule_id uuid NOT NULL,
  rule jsonb NOT NULL,
  key text[] NOT NULL,
  status text NOT NULL,
  reason text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  fired_at timestamp with time zone,
  resolved_at timestamp with time zone,
  last_breach_at timestamp with time zone NOT NULL,
  notified_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_note text,
  accepted_at timestamp with time zone,
  figures jsonb NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT alerts_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT alerts_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  CONSTRAINT alerts_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'firing'::text, 'resolved'::text])))
);
CREATE INDEX alerts_by_time ON public.alerts USING btree (project_id, started_at DESC, id DESC);
CREATE UNIQUE INDEX alerts_open ON public.alerts USING btree (project_id, rule_id, key) WHERE (status <> 'resolved'::text);

CREATE TABLE api_keys (
  project_id integer NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT api_keys_hash_check CHECK ((octet_length(hash) = 32)),
  CONSTRAINT api_keys_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT api_keys_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  CONSTRAINT api_keys_scopes_check CHECK (((cardinality(scopes) > 0) AND (scopes <@ '{ingest,read,admin}'::text[])))
);
CREATE INDEX api_keys_by_id ON public.api_keys USING btree (id);

CREATE TABLE applied_batches (
  project_id integer NOT NULL,
  batch_id uuid NOT NULL,
  CONSTRAINT applied_batches_pkey PRIMARY KEY (project_id, batch_id)
);

CREATE TABLE applied_portions (
  portion_id bigint NOT NULL,
  project_id integer NOT NULL,
  applied_minute integer NOT NULL DEFAULT (floor((EXTRACT(epoch FROM now()) / (60)::numeric)))::integer,
  CONSTRAINT applied_portions_pkey PRIMARY KEY (project_id, portion_id)
);
CREATE INDEX applied_portions_by_time ON public.applied_portions USING brin (applied_minute);

CREATE TABLE counts_10s (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  signature_ids bigint[] NOT NULL,
  counts bigint[] NOT NULL,
  CONSTRAINT counts_10s_pkey PRIMARY KEY (project_id, bucket)
) PARTITION BY RANGE (bucket);

CREATE TABLE counts_1h (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  signature_ids bigint[] NOT NULL,
  counts bigint[] NOT NULL,
  CONSTRAINT counts_1h_pkey PRIMARY KEY (project_id, bucket)
) PARTITION BY RANGE (bucket);

CREATE TABLE counts_1m (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  signature_ids bigint[] NOT NULL,
  counts bigint[] NOT NULL,
  CONSTRAINT counts_1m_pkey PRIMARY KEY (project_id, bucket)
) PARTITION BY RANGE (bucket);

CREATE TABLE deliveries (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  alert_id uuid,
  transition text NOT NULL,
  message jsonb NOT NULL,
  status text NOT NULL,
  round integer NOT NULL DEFAULT 0,
  attempts jsonb NOT NULL DEFAULT '[]'::jsonb,
  next_at timestamp with time zone NOT NULL DEFAULT now(),
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  CONSTRAINT deliveries_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT deliveries_project_id_alert_id_endpoint_id_transition_key UNIQUE (project_id, alert_id, endpoint_id, transition),
  CONSTRAINT deliveries_project_id_endpoint_id_fkey FOREIGN KEY (project_id, endpoint_id) REFERENCES endpoints(project_id, id) ON DELETE CASCADE,
  CONSTRAINT deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'dead'::text])))
);
CREATE INDEX deliveries_by_id ON public.deliveries USING btree (id);
CREATE INDEX deliveries_of_endpoint ON public.deliveries USING btree (project_id, endpoint_id, created_at DESC, id);
CREATE INDEX deliveries_waiting ON public.deliveries USING btree (project_id, endpoint_id, next_at) WHERE (status = 'waiting'::text);

CREATE TABLE endpoints (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  format text NOT NULL,
  routing_key text,
  sends_resolved boolean NOT NULL DEFAULT true,
  secrets jsonb NOT NULL,
  disabled_reason text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT endpoints_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT endpoints_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
);

CREATE TABLE facets_1h (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  reason_id bigint NOT NULL,
  facet smallint NOT NULL,
  value text NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT facets_1h_pkey PRIMARY KEY (project_id, bucket, reason_id, facet, value)
) PARTITION BY RANGE (bucket);

CREATE TABLE facets_5m (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  reason_id bigint NOT NULL,
  facet smallint NOT NULL,
  value text NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT facets_5m_pkey PRIMARY KEY (project_id, bucket, reason_id, facet, value)
) PARTITION BY RANGE (bucket);

CREATE TABLE fresh_counts (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  signature_id bigint NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT fresh_counts_pkey PRIMARY KEY (project_id, bucket, signature_id)
) WITH (fillfactor=50);

CREATE TABLE generated_settings (
  name text NOT NULL,
  value text NOT NULL,
  CONSTRAINT generated_settings_pkey PRIMARY KEY (name)
);

CREATE TABLE ingest_minutes (
  minute timestamp with time zone NOT NULL,
  CONSTRAINT ingest_minutes_pkey PRIMARY KEY (minute)
);

CREATE TABLE leases (
  name text NOT NULL,
  holder uuid NOT NULL,
  until timestamp with time zone NOT NULL,
  CONSTRAINT leases_pkey PRIMARY KEY (name)
);

CREATE TABLE projects (
  id integer NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  rules_revision integer NOT NULL DEFAULT 0,
  verdicts_changed_at timestamp with time zone NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone,
  CONSTRAINT projects_name_key UNIQUE (name),
  CONSTRAINT projects_pkey PRIMARY KEY (id)
);

CREATE TABLE rollup_progress (
  seconds integer NOT NULL,
  packed_from timestamp with time zone NOT NULL,
  packed_before timestamp with time zone NOT NULL,
  sealed_before timestamp with time zone NOT NULL,
  CONSTRAINT rollup_progress_pkey PRIMARY KEY (seconds)
);

CREATE TABLE rollups (
  project_id integer NOT NULL,
  seconds integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  version uuid NOT NULL DEFAULT gen_random_uuid(),
  stale_since timestamp with time zone,
  cells bytea NOT NULL,
  CONSTRAINT rollups_pkey PRIMARY KEY (project_id, seconds, bucket)
);
CREATE INDEX rollups_stale ON public.rollups USING btree (seconds, bucket) WHERE (stale_since IS NOT NULL);

CREATE TABLE rules (
  id uuid NOT NULL,
  project_id integer NOT NULL,
  cause text NOT NULL,
  match jsonb NOT NULL,
  note text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT rules_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT rules_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
);
CREATE INDEX rules_of_project ON public.rules USING btree (project_id, created_at, id);

CREATE TABLE signature_days (
  project_id integer NOT NULL,
  day date NOT NULL,
  count integer NOT NULL,
  CONSTRAINT signature_days_pkey PRIMARY KEY (project_id, day)
);

CREATE TABLE signatures (
  project_id integer NOT NULL,
  id bigint NOT NULL,
  service text NOT NULL,
  environment text NOT NULL,
  route text NOT NULL,
  method text NOT NULL,
  status smallint NOT NULL,
  scheme text NOT NULL,
  challenge text NOT NULL,
  error_code text NOT NULL,
  template text NOT NULL,
  facts jsonb NOT NULL,
  cause text NOT NULL,
  fault text NOT NULL,
  confidence real NOT NULL,
  evidence jsonb NOT NULL,
  also text[] NOT NULL,
  rule_set_version integer NOT NULL,
  first_seen timestamp with time zone NOT NULL,
  last_seen timestamp with time zone NOT NULL,
  findings jsonb NOT NULL DEFAULT '[]'::jsonb,
  observable text[] NOT NULL DEFAULT '{}'::text[],
  taught_cause text,
  rules_revision integer NOT NULL DEFAULT 0,
  reason_id bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  returned_at timestamp with time zone,
  quiet_seconds integer,
  last_trace_id text,
  CONSTRAINT signatures_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT signatures_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
) WITH (fillfactor=85);
CREATE INDEX signatures_by_reason ON public.signatures USING btree (project_id, reason_id);
CREATE INDEX signatures_judged_by ON public.signatures USING btree (project_id, rule_set_version, rules_revision);

CREATE TABLE silences (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  matchers jsonb NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  note text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT silences_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT silences_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
);

CREATE TABLE sketches_1d (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  id uuid NOT NULL,
  sketches bytea NOT NULL
) PARTITION BY RANGE (bucket);
CREATE INDEX sketches_1d_by_bucket ON ONLY public.sketches_1d USING btree (project_id, bucket);

CREATE TABLE sketches_1h (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  id uuid NOT NULL,
  sketches bytea NOT NULL
) PARTITION BY RANGE (bucket);
CREATE INDEX sketches_1h_by_bucket ON ONLY public.sketches_1h USING btree (project_id, bucket);

CREATE TABLE sketches_1m (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  id uuid NOT NULL,
  sketches bytea NOT NULL
) PARTITION BY RANGE (bucket);
CREATE INDEX sketches_1m_by_bucket ON ONLY public.sketches_1m USING btree (project_id, bucket);

CREATE TABLE targets (
  project_id integer NOT NULL,
  id bigint NOT NULL,
  service text NOT NULL,
  environment text NOT NULL,
  route text NOT NULL,
  last_day date NOT NULL,
  CONSTRAINT targets_pkey PRIMARY KEY (project_id, id)
);

CREATE TABLE token_times (
  project_id integer NOT NULL,
  signature_id bigint NOT NULL,
  day date NOT NULL,
  slot smallint NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT token_times_pkey PRIMARY KEY (project_id, signature_id, day, slot)
);

CREATE TABLE traffic_1h (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  target_id bigint NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT traffic_1h_pkey PRIMARY KEY (project_id, bucket, target_id)
) PARTITION BY RANGE (bucket);

CREATE TABLE traffic_1m (
  project_id integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  target_id bigint NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT traffic_1m_pkey PRIMARY KEY (project_id, bucket, target_id)
) PARTITION BY RANGE (bucket);

CREATE VIEW counts AS SELECT fresh_counts.project_id,
    fresh_counts.bucket,
    fresh_counts.signature_id,
    fresh_counts.count
   FROM fresh_counts
UNION ALL
 SELECT counts_10s.project_id,
    counts_10s.bucket,
    unnest(counts_10s.signature_ids) AS signature_id,
    unnest(counts_10s.counts) AS count
   FROM counts_10s
UNION ALL
 SELECT counts_1m.project_id,
    counts_1m.bucket,
    unnest(counts_1m.signature_ids) AS signature_id,
    unnest(counts_1m.counts) AS count
   FROM counts_1m
UNION ALL
 SELECT counts_1h.project_id,
    counts_1h.bucket,
    unnest(counts_1h.signature_ids) AS signature_id,
    unnest(counts_1h.counts) AS count
   FROM counts_1h;
