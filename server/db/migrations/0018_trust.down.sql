ALTER TABLE sessions DROP COLUMN passkey_at;
DROP TABLE installation_policy, passkey_sign_ins, counted_tries;
