-- An import is one uploaded file and what became of its rows. rows_read = stored + duplicate + rejected, always.
CREATE TABLE imports (
  tenant_id uuid NOT NULL REFERENCES tenants(id),
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('uploading', 'queued', 'locked', 'reading', 'ready', 'partly', 'failed', 'cancelled', 'deleting')),
  kind text,
  file_name text NOT NULL,
  file_sha256 text,
  file_size bigint NOT NULL DEFAULT 0,
  members integer NOT NULL DEFAULT 0,
  members_ignored integer NOT NULL DEFAULT 0,
  hostname text,
  time_zone text,
  artifact text,
  sealed_secret text,
  attempt integer NOT NULL DEFAULT 1,
  normaliser_version integer,
  next_batch integer NOT NULL DEFAULT 0,
  hosts integer NOT NULL DEFAULT 0,
  rows_read bigint NOT NULL DEFAULT 0,
  rows_stored bigint NOT NULL DEFAULT 0,
  rows_duplicate bigint NOT NULL DEFAULT 0,
  rows_rejected bigint NOT NULL DEFAULT 0,
  bytes_read bigint NOT NULL DEFAULT 0,
  reading_ms bigint NOT NULL DEFAULT 0,
  time_from timestamptz,
  time_to timestamptz,
  warnings jsonb NOT NULL DEFAULT '[]',
  error text,
  needs text CHECK (needs IN ('password', 'private_key')),
  current text,
  created_by uuid,
  created_by_name text,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (rows_read = rows_stored + rows_duplicate + rows_rejected)
);
CREATE INDEX imports_newest ON imports (tenant_id, created_at DESC, id);
CREATE INDEX imports_file ON imports (tenant_id, file_sha256);

CREATE TABLE import_artifacts (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  artifact text NOT NULL,
  rows_read bigint NOT NULL DEFAULT 0,
  rows_stored bigint NOT NULL DEFAULT 0,
  rows_duplicate bigint NOT NULL DEFAULT 0,
  rows_rejected bigint NOT NULL DEFAULT 0,
  hosts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, import_id, artifact),
  FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- raw is bytea: evidence holds NULs, which text refuses.
CREATE TABLE import_rejects (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  ordinal bigint NOT NULL,
  member text NOT NULL,
  artifact text,
  row_number bigint,
  reason text NOT NULL,
  raw bytea NOT NULL,
  raw_bytes bigint NOT NULL,
  PRIMARY KEY (tenant_id, import_id, ordinal),
  FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- Hosts seen by an import, to count each once.
CREATE TABLE import_hosts (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  host_key text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, host_key),
  FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- Where rows can be recognised again: (client, flow, artifact, source), or (file, member). Who came first.
CREATE TABLE row_scopes (
  tenant_id uuid NOT NULL REFERENCES tenants(id),
  scope bytea NOT NULL,
  import_id uuid NOT NULL,
  member_index integer NOT NULL,
  PRIMARY KEY (tenant_id, scope)
);

-- Which columns the tenant's artifacts have, for completion and for "did you mean".
CREATE TABLE field_names (
  tenant_id uuid NOT NULL REFERENCES tenants(id),
  artifact text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (tenant_id, artifact, name)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['imports', 'import_artifacts', 'import_rejects', 'import_hosts', 'row_scopes', 'field_names'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)'
      ' WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON imports, import_artifacts, import_rejects, import_hosts, row_scopes, field_names TO {{app}};
