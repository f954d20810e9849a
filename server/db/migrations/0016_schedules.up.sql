-- A saved search that runs by itself, with the rights that its owner has then. The job that waits for the next run is in `jobs`.
CREATE TABLE search_schedules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  search_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  owner_name text NOT NULL,
  every_minutes integer NOT NULL CHECK (every_minutes BETWEEN 5 AND 10080),
  -- What stands in the place of the search's parameters.
  parameter_values jsonb NOT NULL DEFAULT '{}',
  also_by_mail boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'stopped')),
  stopped_reason text,
  next_run_at timestamptz NOT NULL,
  last_run_at timestamptz,
  -- Rows that were stored before this moment were looked at.
  seen_until timestamptz NOT NULL,
  last_total bigint,
  last_new bigint,
  last_took_ms bigint,
  last_error text,
  failures integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, search_id) REFERENCES saved_searches (tenant_id, id) ON DELETE CASCADE,
  CHECK ((state = 'stopped') = (stopped_reason IS NOT NULL))
);
CREATE INDEX search_schedules_search ON search_schedules (tenant_id, search_id);
CREATE INDEX search_schedules_owner ON search_schedules (tenant_id, owner_id);

-- What a person is told in the product.
CREATE TABLE notices (
  tenant_id uuid NOT NULL REFERENCES tenants,
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  PRIMARY KEY (tenant_id, user_id, id)
);
CREATE INDEX notices_newest ON notices (tenant_id, user_id, created_at DESC, id);
CREATE INDEX notices_unread ON notices (tenant_id, user_id) WHERE read_at IS NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['search_schedules', 'notices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON search_schedules, notices TO {{app}};
