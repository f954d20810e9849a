ALTER TABLE sign_in_challenges DROP COLUMN passkey_challenge;
DROP TABLE passkey_challenges, passkeys;
