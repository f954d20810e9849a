-- Every second factor and recovery code is lost: passwords alone open accounts afterwards.
ALTER TABLE tenants DROP COLUMN requires_second_factor;
ALTER TABLE sessions DROP COLUMN proved_at;
DROP TABLE sign_in_challenges, recovery_codes, totp_factors;
