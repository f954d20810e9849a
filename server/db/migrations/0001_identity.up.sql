-- {{app}} and {{auth}} stand for the two login roles; the runner puts their names in.
-- The auth role sees these tables whole, for sign-in comes before a tenant is known; the app role sees its own tenant only.
DO $$ BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {{app}}, {{auth}};

-- NULL where no tenant is set, so that every policy that compares with it finds no row.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

CREATE TABLE tenants (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  description text,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'frozen')),
  quota_bytes bigint CHECK (quota_bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tenants_name_key ON tenants (lower(name));

CREATE TABLE users (
  id uuid PRIMARY KEY,
  username text NOT NULL,
  email text,
  full_name text,
  password_hash text,
  is_active boolean NOT NULL DEFAULT true,
  is_platform_admin boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz
);
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE INDEX users_email ON users (lower(email));

CREATE TABLE memberships (
  tenant_id uuid NOT NULL REFERENCES tenants,
  user_id uuid NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('admin', 'user', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('browser', 'api')),
  user_id uuid NOT NULL REFERENCES users,
  tenant_id uuid NOT NULL REFERENCES tenants,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ip text,
  user_agent text,
  revoked_at timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE refresh_tokens (
  token_hash text PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE invitations (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  tenant_id uuid NOT NULL REFERENCES tenants,
  role text NOT NULL CHECK (role IN ('admin', 'user', 'viewer')),
  email text,
  created_by uuid REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX invitations_user ON invitations (user_id);

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;

CREATE POLICY sign_in ON tenants TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON users TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON memberships TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON sessions TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON refresh_tokens TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON invitations TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON tenants, users TO {{auth}};
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships, sessions, refresh_tokens, invitations TO {{auth}};

CREATE POLICY own_tenant ON tenants TO {{app}} USING (id = current_tenant()) WITH CHECK (id = current_tenant());
CREATE POLICY own_tenant ON memberships TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own_tenant ON users TO {{app}}
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id AND m.tenant_id = current_tenant()))
  WITH CHECK (false);
GRANT SELECT ON tenants, memberships TO {{app}};
-- Names beside what people did, and nothing else of a person.
GRANT SELECT (id, username, full_name) ON users TO {{app}};
