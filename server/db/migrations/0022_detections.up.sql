-- Detections: what the matches of the event store come to, one for each rule or indicator, host and episode. What is counted
-- here is made from the matches again whenever they change; what people said about it is kept.
CREATE TABLE detections (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('rule', 'correlation', 'indicator')),
  subject_id text NOT NULL,
  subject_version integer NOT NULL DEFAULT 0,
  -- Null: no host is known under the key; "" is a key of many hosts at once.
  host_id uuid,
  host_key text NOT NULL,
  title text NOT NULL,
  -- As the rule says; null where it says nothing.
  level text CHECK (level IN ('informational', 'low', 'medium', 'high', 'critical')),
  severity text NOT NULL CHECK (severity IN ('informational', 'low', 'medium', 'high', 'critical')),
  tags text[] NOT NULL DEFAULT '{}',
  -- ATT&CK ids as they are called now.
  techniques text[] NOT NULL DEFAULT '{}',
  tactics text[] NOT NULL DEFAULT '{}',
  -- The time of every row, silenced ones too: by it later matches find their detection. Null of rows without a time.
  span_from timestamptz,
  span_to timestamptz,
  -- Of rows without a time: those of one import are one episode.
  import_id uuid,
  -- Of the rows that nothing silences.
  first_at timestamptz,
  last_at timestamptz,
  rows bigint NOT NULL CHECK (rows >= 0),
  silenced_rows bigint NOT NULL DEFAULT 0 CHECK (silenced_rows >= 0),
  matched_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'in_progress', 'true_positive', 'false_positive', 'benign', 'duplicate')),
  assignee_id uuid,
  assignee_name text,
  closed_at timestamptz,
  -- How many rows it had when it was closed: the others came later.
  closed_rows bigint,
  duplicate_of uuid,
  -- A merge is a link that can be undone.
  merged_into uuid,
  -- Rises with every act of a person.
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, host_id) REFERENCES hosts (tenant_id, id),
  FOREIGN KEY (tenant_id, duplicate_of) REFERENCES detections (tenant_id, id) ON DELETE SET NULL (duplicate_of),
  FOREIGN KEY (tenant_id, merged_into) REFERENCES detections (tenant_id, id) ON DELETE SET NULL (merged_into),
  CHECK ((span_from IS NULL) = (span_to IS NULL)),
  CHECK ((span_from IS NULL) <> (import_id IS NULL)),
  CHECK (merged_into <> id AND duplicate_of <> id)
);
CREATE INDEX detections_subject ON detections (tenant_id, kind, subject_id);
CREATE INDEX detections_queue ON detections (tenant_id, status, severity, last_at DESC NULLS LAST, id);
CREATE INDEX detections_host ON detections (tenant_id, host_id);
CREATE INDEX detections_merged ON detections (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX detections_techniques ON detections USING gin (techniques);

-- Where somebody has split an episode: rows at this moment and after it are of the next one.
CREATE TABLE detection_cuts (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_id text NOT NULL,
  host_id uuid,
  host_key text NOT NULL,
  at timestamptz NOT NULL,
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX detection_cuts_subject ON detection_cuts (tenant_id, kind, subject_id);

-- Who did what, when: one row for each detection that an act changed, with what it was before, so that the act can be undone.
CREATE TABLE detection_history (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  detection_id uuid NOT NULL,
  act_id uuid NOT NULL,
  what text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  -- Null: the act cannot be undone.
  before jsonb,
  -- The version that it left.
  version integer NOT NULL,
  undone_at timestamptz,
  by_id uuid,
  by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, detection_id) REFERENCES detections (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX detection_history_newest ON detection_history (tenant_id, detection_id, at, id);
CREATE INDEX detection_history_act ON detection_history (tenant_id, act_id);

CREATE TABLE detection_comments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  detection_id uuid NOT NULL,
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
  created_by uuid,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  edited_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, detection_id) REFERENCES detections (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX detection_comments_of ON detection_comments (tenant_id, detection_id, created_at);

CREATE TABLE detection_views (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  filter jsonb NOT NULL,
  is_shared boolean NOT NULL DEFAULT false,
  owner_id uuid NOT NULL,
  owner_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX detection_views_owner ON detection_views (tenant_id, owner_id);

-- What a host is worth to whoever attacks it; a host without a row is a normal one.
CREATE TABLE host_weights (
  tenant_id uuid NOT NULL,
  host_id uuid NOT NULL,
  weight text NOT NULL CHECK (weight IN ('low', 'normal', 'high')),
  reason text NOT NULL DEFAULT '',
  set_by uuid,
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, host_id),
  FOREIGN KEY (tenant_id, host_id) REFERENCES hosts (tenant_id, id)
);

-- Of a bundle that an admin has loaded, for the whole installation: its rows are those of the installation's own tenant, which
-- is not in `tenants`.
CREATE TABLE attack_objects (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('bundle', 'technique', 'group', 'software')),
  attack_id text NOT NULL,
  name text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, kind, attack_id)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['detections', 'detection_cuts', 'detection_history', 'detection_comments', 'detection_views',
    'host_weights', 'attack_objects'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO {{app}} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON detections, detection_cuts, detection_history, detection_comments, detection_views,
  host_weights, attack_objects TO {{app}};
