-- Files on their way (docs/protocol/server.md §11): from the first part until the message that lists them is committed. Only then is there
-- a row of `blobs`, which stays.
CREATE TABLE uploads (
  org text COLLATE "C" NOT NULL,
  blob text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  -- Announced with the first part.
  size_bytes bigint NOT NULL,
  -- Stored so far, in parts 0 to parts - 1; 0 parts once they were put together and removed.
  stored_bytes bigint NOT NULL,
  parts integer NOT NULL,
  -- open: parts are missing; complete: length and hash were compared; leaving: nobody gets it any more, its bytes are being removed.
  state text NOT NULL CHECK (state IN ('open', 'complete', 'leaving')),
  -- SHA-256 of the sealed bytes, once complete.
  hash bytea,
  created_at bigint NOT NULL,
  touched_at bigint NOT NULL,
  PRIMARY KEY (org, blob)
);
CREATE INDEX uploads_by_account ON uploads (org, account);

-- Messages that were about to list a file. Whether one was committed says `items`.
CREATE TABLE upload_uses (
  org text COLLATE "C" NOT NULL,
  blob text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  PRIMARY KEY (org, blob, message)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['uploads', 'upload_uses'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_organisation ON %I USING (org = (SELECT current_setting(''baton.org'', true)))
         WITH CHECK (org = (SELECT current_setting(''baton.org'', true)))',
      name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON uploads, upload_uses TO baton_app;
