-- Tables of one organisation each (docs/protocol/server.md §2). All times are milliseconds since the epoch, UTC.

-- Its row lock orders every commit of the organisation: `batch`, the audit log and the key log are gapless under it.
CREATE TABLE orgs (
  org text COLLATE "C" PRIMARY KEY,
  created_at bigint NOT NULL,
  keylog_size bigint NOT NULL DEFAULT 0,
  batch bigint NOT NULL DEFAULT 0,
  last_ts bigint NOT NULL DEFAULT 0,
  audit_size bigint NOT NULL DEFAULT 0,
  -- Membership entries committed so far: tells whether a tree head is out of date.
  entries bigint NOT NULL DEFAULT 0
);

-- The key log: Signed statements as their authors sent them. `n` counts from 0.
CREATE TABLE statements (
  org text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  kind text NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (org, n)
);

CREATE TABLE tree_heads (
  org text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  size bigint NOT NULL,
  entries bigint NOT NULL,
  hash bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (org, n)
);
CREATE UNIQUE INDEX tree_heads_by_hash ON tree_heads (org, hash);

CREATE TABLE cosignatures (
  org text COLLATE "C" NOT NULL,
  head bytea NOT NULL,
  witness bytea NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (org, head, witness)
);

CREATE TABLE witnesses (
  org text COLLATE "C" NOT NULL,
  key bytea NOT NULL,
  account text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (org, key)
);

CREATE TABLE certificates (
  org text COLLATE "C" NOT NULL,
  hash bytea NOT NULL,
  account text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  body bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (org, hash)
);

CREATE TABLE devices (
  org text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  label text NOT NULL,
  class text NOT NULL,
  certificate bytea NOT NULL,
  created_at bigint NOT NULL,
  last_seen_at bigint,
  not_after bigint NOT NULL,
  revoked_at bigint,
  PRIMARY KEY (org, device)
);
CREATE INDEX devices_by_account ON devices (org, account);

CREATE TABLE vaults (
  org text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (org, account)
);

CREATE TABLE credentials (
  org text COLLATE "C" NOT NULL,
  credential text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('passkey', 'passphrase', 'recovery', 'demo', 'device')),
  label text NOT NULL,
  -- Hash of the kind and the login, for credentials that have one.
  login_key bytea,
  -- SHA-256 of the sign-in proof.
  proof_hash bytea,
  -- Sealed under the server's at-rest key.
  totp_sealed bytea,
  totp_last_step bigint,
  passkey_id bytea,
  passkey_public bytea,
  passkey_counter bigint,
  passkey_transports text[],
  wrap bytea,
  created_at bigint NOT NULL,
  last_used_at bigint,
  failures integer NOT NULL DEFAULT 0,
  disabled_at bigint,
  PRIMARY KEY (org, credential)
);
CREATE INDEX credentials_by_account ON credentials (org, account);
CREATE INDEX credentials_by_login ON credentials (org, login_key) WHERE login_key IS NOT NULL;
CREATE INDEX credentials_by_passkey ON credentials (org, passkey_id) WHERE passkey_id IS NOT NULL;

CREATE TABLE sessions (
  org text COLLATE "C" NOT NULL,
  session text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  device text COLLATE "C",
  credential text COLLATE "C",
  method text NOT NULL,
  cookie boolean NOT NULL,
  token_hash bytea NOT NULL,
  -- The token before the last rotation, good for a moment so that parallel requests do not fail.
  previous_hash bytea,
  previous_until bigint,
  created_at bigint NOT NULL,
  rotated_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  idle_ms bigint NOT NULL,
  absolute_expires_at bigint NOT NULL,
  stepped_up_until bigint,
  ended_at bigint,
  end_code text,
  PRIMARY KEY (org, session)
);
CREATE INDEX sessions_by_account ON sessions (org, account) WHERE ended_at IS NULL;

-- Where a role's holders are found: the members of its keyring.
CREATE TABLE roles (
  org text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  keyring text COLLATE "C" NOT NULL,
  active boolean NOT NULL,
  PRIMARY KEY (org, role)
);

CREATE TABLE conversations (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  created_at bigint NOT NULL,
  seq bigint NOT NULL,
  batch bigint NOT NULL,
  log_n bigint NOT NULL,
  log_head bytea NOT NULL,
  log_batch bigint NOT NULL,
  gen bigint NOT NULL,
  needs_rotate boolean NOT NULL DEFAULT false,
  closed boolean NOT NULL DEFAULT false,
  -- Membership state after entry log_n, as policy computed it.
  state bytea NOT NULL,
  PRIMARY KEY (org, conv)
);
CREATE INDEX conversations_by_log_batch ON conversations (org, log_batch);

CREATE TABLE members (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  member text COLLATE "C" NOT NULL,
  PRIMARY KEY (org, conv, member)
);
CREATE INDEX members_by_member ON members (org, member, conv);

-- The gapless stream of a conversation: entries, envelopes and puts as their authors sent them.
CREATE TABLE items (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  kind smallint NOT NULL, -- 0 entry, 1 envelope, 2 put
  -- Message id, or the hash of the entry or put: what makes a repeated append harmless.
  item_id text COLLATE "C" NOT NULL,
  body bytea NOT NULL,
  batch bigint NOT NULL,
  ts bigint NOT NULL,
  PRIMARY KEY (org, conv, seq)
);
ALTER TABLE items ALTER COLUMN body SET STORAGE EXTERNAL; -- ciphertext does not compress
-- Begins with another column than the key, so that no plan made on an empty table takes one for the other.
CREATE UNIQUE INDEX items_by_item_id ON items (item_id, org);
CREATE INDEX items_entries ON items (org, conv, seq) WHERE kind = 0;

-- One row per commit batch: its rows in order. Receipts are derived from it, and other processes read from it what to send out.
CREATE TABLE batches (
  org text COLLATE "C" NOT NULL,
  batch bigint NOT NULL,
  ts bigint NOT NULL,
  convs text[] COLLATE "C" NOT NULL,
  seqs bigint[] NOT NULL,
  PRIMARY KEY (org, batch)
);

CREATE TABLE boxes (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  gen bigint NOT NULL,
  recipient text COLLATE "C" NOT NULL,
  -- The entry that it came with: an invited one gets the link's box, and by the claim another of the same generation.
  log_n bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (org, conv, recipient, gen, log_n)
);

-- Newest put of each key of a collection.
CREATE TABLE collection_keys (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  item_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (org, conv, key)
);
CREATE INDEX collection_keys_by_seq ON collection_keys (org, conv, seq);

CREATE TABLE collection_roots (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (org, conv, seq)
);

-- Everything up to this batch reached at least one device of the account.
CREATE TABLE cursors (
  org text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  batch bigint NOT NULL,
  PRIMARY KEY (org, account)
);

CREATE TABLE watermarks (
  org text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (org, conv, account)
);

CREATE TABLE blobs (
  org text COLLATE "C" NOT NULL,
  blob text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  size_bytes bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (org, blob)
);

-- Append-only. `n` counts from 0.
CREATE TABLE audit (
  org text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  actor text COLLATE "C",
  session text COLLATE "C",
  action text NOT NULL,
  object text COLLATE "C",
  outcome text NOT NULL,
  code text,
  PRIMARY KEY (org, n)
);

CREATE TABLE audit_checkpoints (
  org text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (org, size)
);

-- The second wall: whatever a query says, it reaches the rows of the organisation that its transaction named, or none.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'orgs', 'statements', 'tree_heads', 'cosignatures', 'witnesses', 'certificates', 'devices', 'vaults',
    'credentials', 'sessions', 'roles', 'conversations', 'members', 'items', 'batches', 'boxes',
    'collection_keys', 'collection_roots', 'cursors', 'watermarks', 'blobs', 'audit', 'audit_checkpoints'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_organisation ON %I USING (org = (SELECT current_setting(''baton.org'', true)))
         WITH CHECK (org = (SELECT current_setting(''baton.org'', true)))',
      name);
  END LOOP;
END
$$;

-- Written once, never changed, never removed.
GRANT SELECT, INSERT ON statements, tree_heads, cosignatures, witnesses, certificates, items, batches, boxes,
  collection_roots, blobs, audit, audit_checkpoints TO baton_app;
GRANT SELECT, INSERT, UPDATE ON orgs, devices, vaults, credentials, sessions, roles, conversations,
  collection_keys, cursors, watermarks TO baton_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON members TO baton_app;
