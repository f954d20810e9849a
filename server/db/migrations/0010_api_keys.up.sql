-- Keys by which programs act for a person in one tenant, within scopes. For the auth role alone: whose key it is shows
-- before a tenant is known. A key that ended stays, so that the audit log's names of keys keep a meaning.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  tenant_id uuid NOT NULL REFERENCES tenants,
  user_id uuid NOT NULL REFERENCES users,
  name text NOT NULL,
  -- The first characters of the key, by which its holder tells which one it is.
  prefix text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at <= created_at + interval '366 days'),
  last_used_at timestamptz,
  last_used_ip text,
  revoked_at timestamptz
);
CREATE INDEX api_keys_owner ON api_keys (user_id, tenant_id);

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON api_keys TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO {{auth}};
