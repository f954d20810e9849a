-- Mail that waits to be sent, written in the transaction of the act that it tells of. For the auth role alone: signing in and
-- asking for a link come before a tenant is known. No secret stands in it: the token of a link is derived when it is sent.
CREATE TABLE mails (
  id uuid PRIMARY KEY,
  -- Both null: somebody asked for a link, and nobody has looked yet whether there is such a person.
  tenant_id uuid REFERENCES tenants ON DELETE CASCADE,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL,
  to_address text,
  facts jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  run_after timestamptz NOT NULL DEFAULT now(),
  -- It is given up then: a link that is over helps nobody.
  expires_at timestamptz NOT NULL,
  lease_token uuid,
  lease_until timestamptz,
  -- The mail server was spoken to and has not answered: after a crash nobody knows whether it took the mail.
  is_unsure boolean NOT NULL DEFAULT false,
  -- It was sent again after such a moment, under the same Message-ID.
  is_maybe_twice boolean NOT NULL DEFAULT false,
  finished_at timestamptz,
  error text,
  CHECK ((state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX mails_due ON mails (run_after) WHERE state = 'waiting';
CREATE INDEX mails_sending ON mails (lease_until) WHERE state = 'sending';
CREATE INDEX mails_user ON mails (user_id, kind, created_at);
CREATE INDEX mails_finished ON mails (finished_at) WHERE finished_at IS NOT NULL;

-- From where a person has signed in before, as hashes, so that a mail can tell them of a new device.
CREATE TABLE known_devices (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  device_hash text NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (user_id, device_hash)
);
CREATE INDEX known_devices_last_seen ON known_devices (last_seen);

ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE known_devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE known_devices FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON mails TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON known_devices TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON mails, known_devices TO {{auth}};
