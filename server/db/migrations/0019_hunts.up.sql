-- Which imports rules were run over, in what order, and up to where each rule has seen them: nothing is looked at twice unless asked.
CREATE TABLE hunt_imports (
  tenant_id uuid NOT NULL REFERENCES tenants,
  import_id uuid NOT NULL,
  -- In the order in which their rows were stored. An import that is read anew gets a new number.
  seq bigint NOT NULL CHECK (seq > 0),
  rows bigint NOT NULL,
  -- Its rows were stored between these moments.
  stored_from timestamptz NOT NULL,
  stored_to timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, import_id)
);
CREATE UNIQUE INDEX hunt_imports_seq ON hunt_imports (tenant_id, seq);

CREATE TABLE hunt_seen (
  tenant_id uuid NOT NULL REFERENCES tenants,
  rule_id uuid NOT NULL,
  version integer NOT NULL,
  -- Of what it was when it saw them: the same version with other filters or value lists is another rule.
  mark text NOT NULL,
  through_seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, rule_id)
);

CREATE TABLE hunt_runs (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  -- import: rows that have just come; history: rows that were there before
  kind text NOT NULL CHECK (kind IN ('import', 'history')),
  import_id uuid,
  -- Null: whatever is enabled.
  rule_ids uuid[],
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  rules integer NOT NULL DEFAULT 0,
  rows_seen bigint NOT NULL DEFAULT 0,
  rows_total bigint NOT NULL DEFAULT 0,
  matches bigint NOT NULL DEFAULT 0,
  took_ms bigint NOT NULL DEFAULT 0,
  error text,
  asked_by uuid,
  asked_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX hunt_runs_newest ON hunt_runs (tenant_id, created_at DESC, id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['hunt_imports', 'hunt_seen', 'hunt_runs'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON hunt_imports, hunt_seen, hunt_runs TO {{app}};
