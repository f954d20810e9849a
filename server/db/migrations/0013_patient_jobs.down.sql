DROP INDEX jobs_queued;
DROP INDEX jobs_queued_in_a_lane;
CREATE INDEX jobs_queued ON jobs (seq) WHERE state = 'queued';
CREATE INDEX jobs_queued_in_a_lane ON jobs (tenant_id, lane, seq) WHERE state = 'queued';
ALTER TABLE jobs DROP COLUMN is_patient;
