-- One-time links by which a person sets a new password. For the auth role alone, like invitations: who follows one is
-- signed in nowhere.
CREATE TABLE password_resets (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  tenant_id uuid NOT NULL REFERENCES tenants,
  created_by uuid REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
-- A person has one at most: a new one takes the place of the old.
CREATE UNIQUE INDEX password_resets_user ON password_resets (user_id);

ALTER TABLE password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_resets FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON password_resets TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON password_resets TO {{auth}};
