-- What people write beside the rows. A row's id is a hash of what the row is: it outlives the import that delivered it, so that
-- nothing here refers to the event store, and what an import brings back finds its notes again.
CREATE TABLE annotated_rows (
  tenant_id uuid NOT NULL REFERENCES tenants,
  row_id text NOT NULL CHECK (row_id ~ '^[0-9a-f]{32}$'),
  -- Of the row as it was first written to, to tell where it was once it is stored no longer.
  artifact text NOT NULL,
  host_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, row_id)
);

CREATE TABLE row_tags (
  tenant_id uuid NOT NULL,
  row_id text NOT NULL,
  -- In lower case.
  tag text NOT NULL CHECK (length(tag) BETWEEN 1 AND 60),
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, row_id, tag),
  FOREIGN KEY (tenant_id, row_id) REFERENCES annotated_rows (tenant_id, row_id)
);
CREATE INDEX row_tags_tag ON row_tags (tenant_id, tag, row_id);

CREATE TABLE row_comments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  row_id text NOT NULL,
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  edited_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, row_id) REFERENCES annotated_rows (tenant_id, row_id)
);
CREATE INDEX row_comments_row ON row_comments (tenant_id, row_id, created_at);

CREATE TABLE saved_searches (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  folder text NOT NULL DEFAULT '',
  -- The state of Explore as data: query, pills, time, view, sort and columns.
  state jsonb NOT NULL,
  parameters jsonb NOT NULL DEFAULT '[]',
  is_shared boolean NOT NULL DEFAULT false,
  owner_id uuid NOT NULL,
  owner_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX saved_searches_owner ON saved_searches (tenant_id, owner_id);

-- Up to when a person has seen what a search finds.
CREATE TABLE saved_search_runs (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  search_id uuid NOT NULL,
  run_at timestamptz NOT NULL,
  -- Rows that were stored before this moment were there to be seen.
  seen_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, search_id),
  FOREIGN KEY (tenant_id, search_id) REFERENCES saved_searches (tenant_id, id) ON DELETE CASCADE
);

-- A person's own searches: each one hangs on the search that it was changed from.
CREATE TABLE search_history (
  tenant_id uuid NOT NULL REFERENCES tenants,
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  parent_id uuid,
  state jsonb NOT NULL,
  -- Of the state, so that the same search is one node.
  state_hash text NOT NULL,
  runs integer NOT NULL DEFAULT 1,
  rows_found bigint,
  first_run_at timestamptz NOT NULL DEFAULT now(),
  last_run_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id, id),
  UNIQUE (tenant_id, user_id, state_hash)
);
CREATE INDEX search_history_newest ON search_history (tenant_id, user_id, last_run_at DESC, id);
CREATE INDEX search_history_parent ON search_history (tenant_id, user_id, parent_id);

-- Other names for fields. A name is kept in lower case, for names of fields are found in any case.
CREATE TABLE field_aliases (
  tenant_id uuid NOT NULL REFERENCES tenants,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  field text NOT NULL CHECK (length(field) BETWEEN 1 AND 300),
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['annotated_rows', 'row_tags', 'row_comments', 'saved_searches', 'saved_search_runs', 'search_history',
    'field_aliases'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON annotated_rows, row_tags, row_comments, saved_searches, saved_search_runs, search_history,
  field_aliases TO {{app}};
