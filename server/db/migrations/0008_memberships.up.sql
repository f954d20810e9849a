-- Roles within a tenant are admin, lead, analyst and viewer (an analyst was called user), a membership can be closed without
-- the account, an invitation need not name an account, and a tenant can be erased. The owner is bound by row-level security
-- like everybody else, so it is lifted for the owner while rows are changed.
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;

ALTER TABLE memberships DROP CONSTRAINT memberships_role_check;
UPDATE memberships SET role = 'analyst' WHERE role = 'user';
ALTER TABLE memberships ADD CONSTRAINT memberships_role_check CHECK (role IN ('admin', 'lead', 'analyst', 'viewer'));
-- users.is_active stays: an account that no tenant keeps active is closed as a whole.
ALTER TABLE memberships ADD COLUMN is_active boolean NOT NULL DEFAULT true;
UPDATE memberships m SET is_active = false FROM users u WHERE u.id = m.user_id AND NOT u.is_active;

ALTER TABLE invitations DROP CONSTRAINT invitations_role_check;
UPDATE invitations SET role = 'analyst' WHERE role = 'user';
ALTER TABLE invitations ADD CONSTRAINT invitations_role_check CHECK (role IN ('admin', 'lead', 'analyst', 'viewer'));
-- By which a pending one is listed and withdrawn: the token's hash is nobody's business.
ALTER TABLE invitations ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX invitations_id ON invitations (id);
CREATE INDEX invitations_tenant ON invitations (tenant_id);
-- NULL: for whoever holds the link, with a new account or the one that they have. Nobody looks whether they have one.
ALTER TABLE invitations ALTER COLUMN user_id DROP NOT NULL;

ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;

-- The act and its job are one transaction, and erasing is no act of the tenant itself.
GRANT INSERT ON jobs TO {{auth}};

ALTER TABLE tenants DROP CONSTRAINT tenants_state_check;
ALTER TABLE tenants ADD CONSTRAINT tenants_state_check CHECK (state IN ('active', 'frozen', 'erasing', 'erased'));

-- One row for each erasure: how far it is, and at its end the receipt. It outlives the tenant.
CREATE TABLE tenant_erasures (
  subject_id uuid PRIMARY KEY REFERENCES tenants,
  name text NOT NULL,
  requested_by uuid,
  requested_by_name text NOT NULL,
  requested_at timestamptz NOT NULL,
  step text NOT NULL,
  counts jsonb NOT NULL DEFAULT '{}',
  finished_at timestamptz
);
ALTER TABLE tenant_erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON tenant_erasures TO {{auth}} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON tenant_erasures TO {{auth}};

-- The chain of an erased tenant goes with it, and what it was stands on the chain of the installation. Neither login role can
-- do that: only the owner, and only for the tenant that it has named for this transaction.
CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    IF OLD.tenant_id::text = current_setting('app.erased_tenant', true) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is only ever added to';
END $$;
CREATE POLICY erase ON audit_rows TO CURRENT_USER USING (tenant_id = current_tenant()) WITH CHECK (false);
CREATE POLICY erase ON audit_checkpoints TO CURRENT_USER USING (tenant_id = current_tenant()) WITH CHECK (false);
CREATE POLICY erase ON audit_heads TO CURRENT_USER USING (tenant_id = current_tenant()) WITH CHECK (false);
