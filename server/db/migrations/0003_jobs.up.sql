CREATE TABLE jobs (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  lane text NOT NULL,
  subject_id uuid,
  -- Ids only: the auth role, which claims jobs for every tenant, reads this.
  payload jsonb NOT NULL DEFAULT '{}',
  actor_user_id uuid,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempts int NOT NULL DEFAULT 0,
  -- How often a process died or was lost while it ran the job: counted apart from attempts, for that is rarely the job's fault.
  crashes int NOT NULL DEFAULT 0,
  run_after timestamptz NOT NULL DEFAULT now(),
  instance_id text,
  lease_token uuid,
  lease_until timestamptz,
  cancel_requested_at timestamptz,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK ((state = 'running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL AND instance_id IS NOT NULL))
);
-- The fence that two runners cannot pass at the same instant, whatever they have read before.
CREATE UNIQUE INDEX jobs_one_running_in_a_lane ON jobs (tenant_id, lane) WHERE state = 'running';
CREATE INDEX jobs_queued ON jobs (seq) WHERE state = 'queued';
CREATE INDEX jobs_queued_in_a_lane ON jobs (tenant_id, lane, seq) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_subject ON jobs (tenant_id, subject_id, kind);
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY queue ON jobs TO {{auth}} USING (true) WITH CHECK (true);
CREATE POLICY own_tenant ON jobs TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, UPDATE, DELETE ON jobs TO {{auth}};
GRANT SELECT, INSERT, UPDATE ON jobs TO {{app}};
