DROP TABLE invitations, refresh_tokens, sessions, memberships, users, tenants;
DROP FUNCTION current_tenant();
REVOKE USAGE ON SCHEMA public FROM {{app}}, {{auth}};
