-- Who did what, one chain of hashes for each tenant and one (the nil id) for acts of the whole platform. No key to tenants:
-- a chain outlives what it tells of. Written by both login roles, changed by none.
CREATE TABLE audit_rows (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'system', 'anonymous')),
  actor_id uuid,
  actor_name text NOT NULL,
  action text NOT NULL,
  object_type text,
  object_id text,
  outcome text NOT NULL CHECK (outcome IN ('success', 'denied', 'failure')),
  address text,
  user_agent text,
  request_id text NOT NULL,
  -- JSON as text, not jsonb: the hash is over these very characters.
  details text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_rows_at ON audit_rows (tenant_id, at);
CREATE INDEX audit_rows_object ON audit_rows (tenant_id, object_id, seq);
CREATE INDEX audit_rows_actor ON audit_rows (tenant_id, lower(actor_name), seq);

-- The end of each chain. Whoever appends locks it, so that writers at the same time make one chain.
CREATE TABLE audit_heads (
  tenant_id uuid PRIMARY KEY,
  seq bigint NOT NULL,
  hash text NOT NULL,
  checkpoint_seq bigint NOT NULL,
  checkpoint_at timestamptz NOT NULL,
  key_id text NOT NULL,
  mac text NOT NULL
);

CREATE TABLE audit_checkpoints (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  hash text NOT NULL,
  key_id text NOT NULL,
  mac text NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_rows FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();

ALTER TABLE audit_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_rows FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON audit_rows TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own_tenant ON audit_heads TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own_tenant ON audit_checkpoints TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY sign_in ON audit_rows TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON audit_heads TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON audit_checkpoints TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_rows, audit_checkpoints, audit_heads TO {{app}};
-- The auth role writes what it did and reads nothing of what others did.
GRANT INSERT ON audit_rows, audit_checkpoints TO {{auth}};
GRANT SELECT, INSERT ON audit_heads TO {{auth}};
GRANT UPDATE (seq, hash, checkpoint_seq, checkpoint_at, key_id, mac) ON audit_heads TO {{app}}, {{auth}};
