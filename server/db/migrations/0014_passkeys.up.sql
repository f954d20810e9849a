-- Passkeys (WebAuthn) as a second factor. For the auth role alone, like all of sign-in.
CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  -- As the authenticator names it, base64url.
  credential_id text NOT NULL UNIQUE,
  public_key text NOT NULL,
  -- Of uses, as the authenticator counts them; one that goes back was copied. 0 where it counts none.
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  -- Whether it can be on several devices, and is.
  is_syncable boolean NOT NULL,
  is_backed_up boolean NOT NULL,
  -- The host that it is bound to.
  rp_id text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- What a session was asked to sign: one of each purpose, taken once.
CREATE TABLE passkey_challenges (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('register', 'prove')),
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, purpose)
);

-- The same for a sign-in, with which it ends.
ALTER TABLE sign_in_challenges ADD COLUMN passkey_challenge text;

ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON passkeys TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON passkey_challenges TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys, passkey_challenges TO {{auth}};
