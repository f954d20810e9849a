-- Indicators: what is known to be bad, in lists, and what is known to be good, in lists of their own. The values are kept here, once a
-- list; a copy of them stands in the tenant's event database, where rows are compared with them, and what was found is there too.
CREATE TABLE indicator_lists (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '',
  -- The known good: its values match nothing, in whatever list they stand.
  is_allow_list boolean NOT NULL DEFAULT false,
  source text NOT NULL DEFAULT '',
  tlp text NOT NULL DEFAULT 'none',
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX indicator_lists_name ON indicator_lists (tenant_id, lower(name));

-- What was put into a list at once, with its receipt, and how far it has been looked for in what was stored before.
CREATE TABLE indicator_batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  list_id uuid NOT NULL,
  format text NOT NULL,
  file_name text NOT NULL DEFAULT '',
  -- read = added + known + refused
  read bigint NOT NULL CHECK (read >= 0),
  added bigint NOT NULL CHECK (added >= 0),
  known bigint NOT NULL CHECK (known >= 0),
  refused bigint NOT NULL CHECK (refused >= 0),
  refusals jsonb NOT NULL DEFAULT '[]',
  notes jsonb NOT NULL DEFAULT '[]',
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, list_id) REFERENCES indicator_lists (tenant_id, id) ON DELETE CASCADE,
  CHECK (read = added + known + refused)
);
CREATE INDEX indicator_batches_list ON indicator_batches (tenant_id, list_id, created_at DESC, id);

CREATE TABLE indicators (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  list_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  kind text NOT NULL,
  -- As it is compared, and as it was written where that is something else.
  value text NOT NULL CHECK (octet_length(value) BETWEEN 1 AND 2000),
  shown text,
  source text NOT NULL DEFAULT '',
  tlp text NOT NULL DEFAULT 'none',
  confidence integer CHECK (confidence BETWEEN 0 AND 100),
  valid_until timestamptz,
  description text NOT NULL DEFAULT '',
  -- The list of the known good that its value stands in.
  allowed_by uuid,
  -- Found in so many rows that they were not kept as matches.
  too_common_rows bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, list_id) REFERENCES indicator_lists (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX indicators_value ON indicators (tenant_id, list_id, kind, value);
CREATE INDEX indicators_anywhere ON indicators (tenant_id, kind, value);
CREATE INDEX indicators_batch ON indicators (tenant_id, batch_id);
CREATE INDEX indicators_of_list ON indicators (tenant_id, list_id, id);

-- One look at rows: of a batch in all that is stored, of all indicators in one import, or anew after a list of the known good changed.
CREATE TABLE indicator_runs (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  why text NOT NULL CHECK (why IN ('batch', 'anew', 'import')),
  list_id uuid,
  batch_id uuid,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  step text NOT NULL DEFAULT '',
  steps_done integer NOT NULL DEFAULT 0,
  steps integer NOT NULL DEFAULT 0,
  rows_looked_at bigint NOT NULL DEFAULT 0,
  matched_rows bigint NOT NULL DEFAULT 0,
  matched_indicators bigint NOT NULL DEFAULT 0,
  too_common bigint NOT NULL DEFAULT 0,
  error text,
  asked_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, list_id) REFERENCES indicator_lists (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX indicator_runs_newest ON indicator_runs (tenant_id, created_at DESC, id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['indicator_lists', 'indicator_batches', 'indicators', 'indicator_runs'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON indicator_lists, indicator_batches, indicators, indicator_runs TO {{app}};
