-- Groups of a stack that are known, under a name. The groups themselves, up to millions, are in the tenant's event database: they
-- are made from the rows there and compared with rows there.
CREATE TABLE baselines (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- In the order in which a group's values stand.
  fields text[] NOT NULL CHECK (cardinality(fields) BETWEEN 1 AND 5),
  -- What was asked when it was saved: query, time range, imports, artifacts, hosts.
  asked jsonb NOT NULL,
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX baselines_name ON baselines (tenant_id, lower(name));

ALTER TABLE baselines ENABLE ROW LEVEL SECURITY;
ALTER TABLE baselines FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON baselines TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON baselines TO {{app}};
