-- What belongs to no organisation. Nothing here names a person; keys are hashes or opaque ids.

-- Answers one question only: to which organisation does this key belong?
CREATE TABLE locators (
  kind text NOT NULL CHECK (kind IN ('org', 'session', 'login', 'passkey', 'invitation', 'account')),
  key bytea NOT NULL,
  org text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, key)
);

CREATE TABLE setup_tokens (
  token_hash bytea PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('admin', 'demo')),
  expires_at bigint NOT NULL,
  org text COLLATE "C"
);

-- One-time challenges of passkeys and devices, by the hash of the challenge.
CREATE TABLE challenges (
  hash bytea PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('passkey-register', 'passkey-sign-in', 'device')),
  account text COLLATE "C",
  device text COLLATE "C",
  expires_at bigint NOT NULL
);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

CREATE TABLE server_flags (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- Layout of rate-limiter-flexible 11.
CREATE TABLE rate_limits (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

GRANT SELECT, INSERT, DELETE ON locators TO baton_app;
GRANT SELECT, INSERT, UPDATE ON setup_tokens TO baton_app;
GRANT SELECT, INSERT, DELETE ON challenges TO baton_app;
GRANT SELECT, INSERT, UPDATE ON server_flags TO baton_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO baton_app;
