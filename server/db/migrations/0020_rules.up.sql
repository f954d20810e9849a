-- Rules as a product: packs, their versions, every version of every rule, and what each tenant has chosen of them. Packs of the whole
-- installation stand under the nil id, which is no tenant: every tenant may read them, and none may change them.
CREATE FUNCTION is_readable_rule(owner uuid) RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT owner = current_tenant() OR (current_tenant() IS NOT NULL AND owner = '00000000-0000-0000-0000-000000000000') $$;
-- One policy speaks for reading and for removing, so that removing needs a lock of its own.
CREATE FUNCTION rules_of_others_stay() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN
    IF OLD.tenant_id IS DISTINCT FROM current_tenant() THEN RAISE EXCEPTION 'rules of the installation are changed by the installation'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END $$;

CREATE TABLE rule_packs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '',
  -- starter: comes with the product; written: rules made in the app; imported: everything else
  kind text NOT NULL CHECK (kind IN ('starter', 'written', 'imported')),
  source_url text,
  license text,
  is_on_by_default boolean NOT NULL DEFAULT false,
  -- The newest one; which of them a tenant has is said by the next two. Null: by none.
  newest integer NOT NULL DEFAULT 0,
  version integer,
  canary_version integer,
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX rule_packs_name ON rule_packs (tenant_id, lower(name));

CREATE TABLE rule_pack_versions (
  tenant_id uuid NOT NULL,
  pack_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  content_hash text NOT NULL,
  -- A file name, an address or `pasted`.
  source text NOT NULL,
  license text,
  license_text text,
  files integer NOT NULL,
  rules integer NOT NULL,
  added integer NOT NULL,
  changed integer NOT NULL,
  gone integer NOT NULL,
  imported_by uuid,
  imported_by_name text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, pack_id, version),
  FOREIGN KEY (tenant_id, pack_id) REFERENCES rule_packs (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE rules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  pack_id uuid NOT NULL,
  -- What makes it the same rule in the next version of its pack.
  key text NOT NULL,
  newest integer NOT NULL,
  -- The rule of another pack that it was copied from.
  derived_from uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pack_id) REFERENCES rule_packs (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX rules_key ON rules (tenant_id, pack_id, key);

CREATE TABLE rule_versions (
  tenant_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  pack_id uuid NOT NULL,
  -- It stands in these versions of the pack: from the first, and up to but without the second; null: in the newest.
  since_pack integer NOT NULL,
  until_pack integer,
  hash text NOT NULL,
  path text NOT NULL,
  text text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('rule', 'correlation', 'filter', 'unread')),
  sigma_id text,
  name text,
  title text NOT NULL,
  level text,
  status text,
  author text,
  license text,
  category text,
  product text,
  service text,
  tags text[] NOT NULL DEFAULT '{}',
  used_fields text[] NOT NULL DEFAULT '{}',
  -- Ids or names of the rules that a correlation refers to.
  refers_to text[] NOT NULL DEFAULT '{}',
  -- Of the map of log sources.
  sources text[] NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('runs', 'not_running')),
  reason_codes text[] NOT NULL DEFAULT '{}',
  reasons jsonb NOT NULL DEFAULT '[]',
  warnings jsonb NOT NULL DEFAULT '[]',
  -- It is read anew for each tenant, with the tenant's value lists.
  needs_lists boolean NOT NULL DEFAULT false,
  -- As read; null where it could not be. Text, so that what the rule says comes back to the character.
  document text,
  -- Of the reader and the map of log sources that made the above.
  read_by text NOT NULL,
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, rule_id, version),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES rules (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rule_versions_pack ON rule_versions (tenant_id, pack_id, since_pack);
CREATE INDEX rule_versions_sigma ON rule_versions (tenant_id, sigma_id);
CREATE INDEX rule_versions_lists ON rule_versions (tenant_id) WHERE needs_lists;
CREATE INDEX rule_versions_read_by ON rule_versions (tenant_id, read_by);

-- Tenants that have a platform pack's next version first. The rows are the installation's; a tenant sees its own.
CREATE TABLE rule_canaries (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  added_by_name text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, member_id)
);

-- What a tenant runs of a pack: on or off, and of one that is on only what all of these let through. Null: everything.
CREATE TABLE rule_choices (
  tenant_id uuid NOT NULL REFERENCES tenants,
  pack_id uuid NOT NULL,
  is_on boolean NOT NULL,
  levels text[],
  statuses text[],
  logsources text[],
  not_logsources text[] NOT NULL DEFAULT '{}',
  tags text[],
  not_tags text[] NOT NULL DEFAULT '{}',
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, pack_id)
);

-- A single rule, whatever is chosen of its pack. It holds through updates.
CREATE TABLE rule_overrides (
  tenant_id uuid NOT NULL REFERENCES tenants,
  rule_id uuid NOT NULL,
  is_on boolean NOT NULL,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, rule_id)
);

-- A rule that needs value lists, read with those of the tenant.
CREATE TABLE rule_readings (
  tenant_id uuid NOT NULL REFERENCES tenants,
  rule_id uuid NOT NULL,
  version integer NOT NULL,
  -- Of the lists and the reader that made it.
  read_by text NOT NULL,
  state text NOT NULL CHECK (state IN ('runs', 'not_running')),
  reason_codes text[] NOT NULL,
  reasons jsonb NOT NULL,
  used_fields text[] NOT NULL,
  document text,
  PRIMARY KEY (tenant_id, rule_id)
);

CREATE TABLE rule_value_lists (
  tenant_id uuid NOT NULL REFERENCES tenants,
  -- Without the percent signs.
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '',
  values text[] NOT NULL,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);

-- What silences matches.
CREATE TABLE rule_exceptions (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  -- Of a rule, a correlation or an indicator; null: of all.
  subject_kind text CHECK (subject_kind IN ('rule', 'correlation', 'indicator')),
  subject_id text,
  query text NOT NULL CHECK (length(query) <= 10000),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  expires_at timestamptz,
  owner_id uuid,
  owner_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  -- Rows that it silences now, as counted last.
  silenced_rows bigint,
  counted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
);
CREATE INDEX rule_exceptions_subject ON rule_exceptions (tenant_id, subject_id);

-- Rules that come in: what was sent, what was read of it, and how that differs from what is there. Emptied when it is decided on.
CREATE TABLE rule_imports (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Who waits for it: of a platform pack the tenant of the person.
  asked_in uuid NOT NULL,
  pack_id uuid,
  pack_name text NOT NULL,
  source text NOT NULL,
  source_url text,
  license text,
  license_text text,
  applies_at_once boolean NOT NULL,
  is_on boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'reading', 'ready', 'applied', 'discarded', 'failed')),
  size_bytes bigint NOT NULL,
  files integer NOT NULL DEFAULT 0,
  files_read integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  skips jsonb NOT NULL DEFAULT '[]',
  rules integer NOT NULL DEFAULT 0,
  added integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  gone integer NOT NULL DEFAULT 0,
  not_running integer NOT NULL DEFAULT 0,
  -- The version of the pack that the difference is to.
  base_version integer NOT NULL DEFAULT 0,
  content_hash text,
  error text,
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX rule_imports_newest ON rule_imports (tenant_id, created_at DESC, id);

CREATE TABLE rule_import_files (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  seq integer NOT NULL,
  path text NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (tenant_id, import_id, seq),
  FOREIGN KEY (tenant_id, import_id) REFERENCES rule_imports (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE rule_staged (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  seq integer NOT NULL,
  key text NOT NULL,
  -- Null until it is compared with what is there.
  change text CHECK (change IN ('added', 'changed', 'unchanged')),
  rule_id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  hash text NOT NULL,
  path text NOT NULL,
  text text NOT NULL,
  kind text NOT NULL,
  sigma_id text,
  name text,
  title text NOT NULL,
  level text,
  status text,
  author text,
  license text,
  category text,
  product text,
  service text,
  tags text[] NOT NULL,
  used_fields text[] NOT NULL,
  refers_to text[] NOT NULL,
  sources text[] NOT NULL,
  state text NOT NULL,
  reason_codes text[] NOT NULL,
  reasons jsonb NOT NULL,
  warnings jsonb NOT NULL,
  needs_lists boolean NOT NULL,
  document text,
  read_by text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, seq),
  FOREIGN KEY (tenant_id, import_id) REFERENCES rule_imports (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX rule_staged_key ON rule_staged (tenant_id, import_id, key);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rule_packs', 'rule_pack_versions', 'rules', 'rule_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    -- The function reads current_tenant() too; the catalog is to show it.
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant() OR is_readable_rule(tenant_id)) WITH CHECK (tenant_id = current_tenant())', name);
    EXECUTE format('CREATE TRIGGER of_others_stay BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION rules_of_others_stay()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['rule_choices', 'rule_overrides', 'rule_readings', 'rule_value_lists', 'rule_exceptions', 'rule_imports',
    'rule_import_files', 'rule_staged'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
ALTER TABLE rule_canaries ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_canaries FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON rule_canaries TO {{app}}
  USING (tenant_id = current_tenant() OR member_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE TRIGGER of_others_stay BEFORE UPDATE OR DELETE ON rule_canaries FOR EACH ROW EXECUTE FUNCTION rules_of_others_stay();
GRANT SELECT, INSERT, UPDATE, DELETE ON rule_packs, rule_pack_versions, rules, rule_versions, rule_canaries, rule_choices, rule_overrides,
  rule_readings, rule_value_lists, rule_exceptions, rule_imports, rule_import_files, rule_staged TO {{app}};
