-- Single sign-on by OpenID Connect: one provider for each tenant. For the auth role alone, like all of sign-in.
CREATE TABLE sso_providers (
  tenant_id uuid PRIMARY KEY REFERENCES tenants,
  is_enabled boolean NOT NULL,
  label text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  -- Sealed; null for a client without a secret.
  client_secret text,
  scopes text NOT NULL,
  groups_claim text NOT NULL,
  -- [{"group": ..., "role": ...}]
  role_map jsonb NOT NULL,
  -- For people of none of the groups; null refuses them.
  default_role text,
  may_link_by_email boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by uuid REFERENCES users
);

-- Who a person is at the provider: its issuer and subject, never an address of e-mail.
CREATE TABLE sso_identities (
  tenant_id uuid NOT NULL REFERENCES tenants,
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, issuer, subject)
);
CREATE INDEX sso_identities_user ON sso_identities (user_id);

-- The tenant whose provider vouched for the person: such a session reaches no other tenant.
ALTER TABLE sessions ADD COLUMN sso_tenant_id uuid REFERENCES tenants;

ALTER TABLE sso_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE sso_providers FORCE ROW LEVEL SECURITY;
ALTER TABLE sso_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE sso_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON sso_providers TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON sso_identities TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sso_providers, sso_identities TO {{auth}};
