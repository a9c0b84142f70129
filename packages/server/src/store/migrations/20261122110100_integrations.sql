-- Outside systems that open batons and are told how they ended (docs/protocol/batons.md §7).

CREATE TABLE integrations (
  org text COLLATE "C" NOT NULL,
  integration text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- SHA-256 of the token, which has 256 random bits.
  token_hash bytea NOT NULL,
  webhook text,
  -- Sealed under the server's at-rest key: signing needs it in clear.
  secret_sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint,
  -- What the newest delivery failed with; null once one has arrived.
  last_failure text,
  ended_at bigint,
  PRIMARY KEY (org, integration)
);
CREATE UNIQUE INDEX integrations_by_token ON integrations (org, token_hash);

-- One row for each change of state that an integration is told, written in the transaction of the event.
CREATE TABLE webhook_deliveries (
  org text COLLATE "C" NOT NULL,
  integration text COLLATE "C" NOT NULL,
  baton text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  -- `webhook-id`: the same for every try, so that the receiver can tell a repetition.
  message text COLLATE "C" NOT NULL,
  body text NOT NULL,
  state text NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'failed')),
  created_at bigint NOT NULL,
  due_at bigint NOT NULL,
  ended_at bigint,
  tries integer NOT NULL DEFAULT 0,
  outcome text,
  PRIMARY KEY (org, integration, baton, n)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (org, due_at) WHERE state IN ('due', 'sending');

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['integrations', 'webhook_deliveries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_organisation ON %I USING (org = (SELECT current_setting(''baton.org'', true)))
         WITH CHECK (org = (SELECT current_setting(''baton.org'', true)))',
      name);
  END LOOP;
END
$$;

ALTER TABLE locators DROP CONSTRAINT locators_kind_check;
ALTER TABLE locators ADD CONSTRAINT locators_kind_check
  CHECK (kind IN ('org', 'session', 'login', 'passkey', 'invitation', 'account', 'integration'));

GRANT SELECT, INSERT, UPDATE ON integrations, webhook_deliveries TO baton_app;
