-- A checkpoint is also signed with a key whose public half can be kept elsewhere: what is copied out of the database can
-- then be checked without this server and without its secret. Null: made before there were signatures.
ALTER TABLE audit_checkpoints ADD COLUMN signature text;
