DROP TABLE audit_checkpoints, audit_heads, audit_rows;
DROP FUNCTION audit_stays();
