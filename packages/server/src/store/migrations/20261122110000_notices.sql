-- Whom it was tried to reach, how, and what came of it (docs/protocol/batons.md §6). All times are milliseconds since the epoch, UTC.

-- One row for each event that reaches somebody, each person and each way. Written in the event's transaction, before anything is sent.
CREATE TABLE attempts (
  org text COLLATE "C" NOT NULL,
  baton text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  account text COLLATE "C" NOT NULL,
  channel text NOT NULL CHECK (channel IN ('socket', 'push', 'text')),
  contract text NOT NULL CHECK (contract IN ('reply', 'talk', 'stat')),
  -- What a notice may show, as ids; names are looked up when it is sent.
  addressed text COLLATE "C" NOT NULL,
  opener text COLLATE "C" NOT NULL,
  unit text,
  state text NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'confirmed', 'cancelled', 'failed', 'none')),
  due_at bigint NOT NULL,
  -- Newest time at which it was tried; null: not yet.
  begun_at bigint,
  ended_at bigint,
  tries integer NOT NULL DEFAULT 0,
  -- The process died between sending and writing it down: the person may have got it twice.
  repeated boolean NOT NULL DEFAULT false,
  outcome text,
  PRIMARY KEY (org, baton, n, account, channel)
);
CREATE INDEX attempts_due ON attempts (org, channel, due_at) WHERE state IN ('due', 'sending');

-- Where notices reach a person outside the app; sealed under the server's at-rest key.
CREATE TABLE notice_addresses (
  org text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (org, account)
);

-- One for each device; endpoint and keys sealed likewise. The hash finds an endpoint that has changed hands.
CREATE TABLE push_subscriptions (
  org text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  endpoint_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (org, device)
);
CREATE UNIQUE INDEX push_subscriptions_by_endpoint ON push_subscriptions (org, endpoint_hash);
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (org, account);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['attempts', 'notice_addresses', 'push_subscriptions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_organisation ON %I USING (org = (SELECT current_setting(''baton.org'', true)))
         WITH CHECK (org = (SELECT current_setting(''baton.org'', true)))',
      name);
  END LOOP;
END
$$;

-- What was tried stays: attempts are never removed.
GRANT SELECT, INSERT, UPDATE ON attempts TO baton_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_addresses, push_subscriptions TO baton_app;
