-- What the server has of patients' links (docs/protocol/patients.md §2): never a code, and nothing from which one could be tested.

ALTER TABLE orgs ADD COLUMN link_pos bigint NOT NULL DEFAULT 0;

CREATE TABLE patient_links (
  org text COLLATE "C" NOT NULL,
  invitation text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  author text COLLATE "C" NOT NULL,
  -- OPRF key, sealed under the server's at-rest key. Gone once the link is claimed, replaced or used up.
  link_key bytea,
  -- SHA-256 of the proof that somebody holds the link.
  holder bytea NOT NULL,
  tries_left smallint NOT NULL CHECK (tries_left >= 0),
  second_claims bigint NOT NULL DEFAULT 0,
  claimed_at bigint,
  replaced boolean NOT NULL DEFAULT false,
  not_after bigint NOT NULL,
  created_at bigint NOT NULL,
  -- Position of the newest change, by the organisation's count.
  pos bigint NOT NULL,
  PRIMARY KEY (org, invitation)
);
CREATE UNIQUE INDEX patient_links_by_pos ON patient_links (org, pos);
CREATE INDEX patient_links_by_account ON patient_links (org, account);

ALTER TABLE patient_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_links FORCE ROW LEVEL SECURITY;
CREATE POLICY one_organisation ON patient_links USING (org = (SELECT current_setting('baton.org', true)))
  WITH CHECK (org = (SELECT current_setting('baton.org', true)));
GRANT SELECT, INSERT, UPDATE ON patient_links TO baton_app;
