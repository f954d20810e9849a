-- Work that nobody waits for: it lets everything else of its lane go first.
ALTER TABLE jobs ADD COLUMN is_patient boolean NOT NULL DEFAULT false;
DROP INDEX jobs_queued;
DROP INDEX jobs_queued_in_a_lane;
CREATE INDEX jobs_queued ON jobs (is_patient, seq) WHERE state = 'queued';
CREATE INDEX jobs_queued_in_a_lane ON jobs (tenant_id, lane, is_patient, seq) WHERE state = 'queued';
