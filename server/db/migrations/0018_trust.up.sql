-- What the installation asks of whoever reaches beyond one tenant, and ways in that stand on a passkey. For the auth role alone.
CREATE TABLE installation_policy (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  -- Of platform admins and of members of several tenants: a session counts only once a passkey has answered in it.
  requires_passkey boolean NOT NULL DEFAULT false
);
INSERT INTO installation_policy DEFAULT VALUES;

-- When a passkey answered in the session: with its sign-in, with a fresh proof, or as it was registered as the first one.
ALTER TABLE sessions ADD COLUMN passkey_at timestamptz;

-- What was asked of whichever passkey comes to sign in alone: nobody is known yet.
CREATE TABLE passkey_sign_ins (
  token_hash text PRIMARY KEY,
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_sign_ins_expiry ON passkey_sign_ins (expires_at);

-- Wrong tries as they were counted, so that a restart does not begin anew. The key is a keyed hash: a name that was typed may
-- have been a password.
CREATE TABLE counted_tries (
  key_hash text PRIMARY KEY,
  tried_at timestamptz[] NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX counted_tries_last ON counted_tries (last_at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['installation_policy', 'passkey_sign_ins', 'counted_tries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY sign_in ON %I TO {{auth}} USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
GRANT SELECT, UPDATE ON installation_policy TO {{auth}};
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey_sign_ins, counted_tries TO {{auth}};
