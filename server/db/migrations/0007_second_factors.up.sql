-- Codes of an authenticator app as a second factor, and the codes that stand in when it is lost. For the auth role alone,
-- like all of sign-in.
CREATE TABLE totp_factors (
  user_id uuid PRIMARY KEY REFERENCES users,
  -- Sealed; the key is made anew with each set-up.
  secret text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- NULL while it is being set up: it opens nothing and is asked of nobody.
  activated_at timestamptz,
  -- The time step of the last code that was taken: none is taken twice, and none before it.
  last_step bigint NOT NULL DEFAULT 0,
  -- Counted for the person, whatever the sign-in: new tries at the password give no new tries at the code.
  wrong_tries integer NOT NULL DEFAULT 0,
  blocked_until timestamptz
);

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users,
  code_hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

-- A sign-in whose password was right and whose code is to come. It opens nothing but the step that asks for the code.
CREATE TABLE sign_in_challenges (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  tenant_id uuid NOT NULL REFERENCES tenants,
  kind text NOT NULL CHECK (kind IN ('browser', 'api')),
  -- The password's hash as it was judged, and as it was renewed then: one that was changed since opens no session.
  password_hashes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_challenges_user ON sign_in_challenges (user_id);
CREATE INDEX sign_in_challenges_expires ON sign_in_challenges (expires_at);

-- When the person last proved that it is them: at the sign-in, and before what is dangerous.
ALTER TABLE sessions ADD COLUMN proved_at timestamptz;
ALTER TABLE tenants ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false;

ALTER TABLE totp_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp_factors FORCE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
ALTER TABLE sign_in_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON totp_factors TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON recovery_codes TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON sign_in_challenges TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON totp_factors, recovery_codes, sign_in_challenges TO {{auth}};
