CREATE TABLE hosts (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  hostname text NOT NULL,
  fqdn text,
  os text,
  os_version text,
  architecture text,
  ip_addresses text[] NOT NULL DEFAULT '{}',
  mac_addresses text[] NOT NULL DEFAULT '{}',
  users_seen text[] NOT NULL DEFAULT '{}',
  labels text[] NOT NULL DEFAULT '{}',
  host_metadata jsonb NOT NULL DEFAULT '{}',
  first_seen timestamptz,
  last_seen timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- A merge is a link that can be undone: the host that this one was found to be.
  merged_into uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, merged_into) REFERENCES hosts (tenant_id, id),
  CHECK (merged_into <> id)
);
CREATE INDEX hosts_hostname ON hosts (tenant_id, lower(hostname));
CREATE INDEX hosts_last_seen ON hosts (tenant_id, last_seen DESC NULLS LAST);

CREATE TABLE host_keys (
  tenant_id uuid NOT NULL REFERENCES tenants,
  key text NOT NULL,
  host_id uuid NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key),
  FOREIGN KEY (tenant_id, host_id) REFERENCES hosts (tenant_id, id)
);
CREATE INDEX host_keys_host ON host_keys (tenant_id, host_id);

ALTER TABLE hosts ENABLE ROW LEVEL SECURITY;
ALTER TABLE hosts FORCE ROW LEVEL SECURITY;
ALTER TABLE host_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE host_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON hosts TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own_tenant ON host_keys TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON hosts, host_keys TO {{app}};
