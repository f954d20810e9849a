ALTER TABLE sessions DROP COLUMN sso_tenant_id;
DROP TABLE sso_identities, sso_providers;
