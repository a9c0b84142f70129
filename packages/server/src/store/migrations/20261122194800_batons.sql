-- Organisation records, manifests and batons (docs/protocol/batons.md). Ids are text, times milliseconds since the epoch, UTC.

ALTER TABLE orgs
  ADD COLUMN records_size bigint NOT NULL DEFAULT 0,
  -- Newest position in the feed of batons.
  ADD COLUMN baton_pos bigint NOT NULL DEFAULT 0,
  -- Membership entries of keyrings so far: who holds a role may have changed.
  ADD COLUMN keyring_entries bigint NOT NULL DEFAULT 0;

-- Signed records as their authors sent them, every version. `pos` counts from 1.
CREATE TABLE org_records (
  org text COLLATE "C" NOT NULL,
  pos bigint NOT NULL,
  subject text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  hash bytea NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (org, pos)
);
CREATE UNIQUE INDEX org_records_by_version ON org_records (org, subject, version);

CREATE TABLE manifests (
  org text COLLATE "C" NOT NULL,
  hash bytea NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (org, hash)
);

-- What a baton's events establish, as policy computed it, and the columns by which it is found. Derived: the events are the record.
CREATE TABLE batons (
  org text COLLATE "C" NOT NULL,
  baton text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  head bytea NOT NULL,
  state bytea NOT NULL,
  conv text COLLATE "C",
  message text COLLATE "C",
  opener text COLLATE "C" NOT NULL,
  -- An outside system's own name for it; each opens at most one by one name.
  reference text COLLATE "C",
  owner text COLLATE "C" NOT NULL,
  -- Whom it is offered to.
  offered text COLLATE "C",
  contract text NOT NULL,
  status text NOT NULL,
  opened_at bigint NOT NULL,
  at bigint NOT NULL,
  -- When somebody was last reached or tried; the watchdog goes by it.
  tried_at bigint NOT NULL,
  alarmed_at bigint,
  -- Newest change in the feed: an event, or that others see it now.
  pos bigint NOT NULL,
  PRIMARY KEY (org, baton)
);
CREATE UNIQUE INDEX batons_by_pos ON batons (org, pos);
CREATE INDEX batons_by_owner ON batons (org, owner) WHERE status IN ('open', 'acknowledged');
CREATE INDEX batons_by_offered ON batons (org, offered) WHERE offered IS NOT NULL;
CREATE INDEX batons_by_conv ON batons (org, conv) WHERE status IN ('open', 'acknowledged');
CREATE INDEX batons_watched ON batons (org, tried_at) WHERE status = 'open' AND contract = 'stat';
CREATE UNIQUE INDEX batons_by_reference ON batons (org, opener, reference) WHERE reference IS NOT NULL;

-- Signed events, each chain gapless from 0. `pos`: gapless feed of the organisation, shared with the changes of who sees a baton.
CREATE TABLE baton_events (
  org text COLLATE "C" NOT NULL,
  baton text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  hash bytea NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  pos bigint NOT NULL,
  PRIMARY KEY (org, baton, n)
);
CREATE UNIQUE INDEX baton_events_by_pos ON baton_events (org, pos);

-- Whom an event reached, ever: they see the baton from then on.
CREATE TABLE baton_reached (
  org text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  baton text COLLATE "C" NOT NULL,
  PRIMARY KEY (org, account, baton)
);

-- Messages that ask for something and whose batons are not open yet: written with the message, gone when they are.
CREATE TABLE baton_openings (
  org text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  ts bigint NOT NULL,
  PRIMARY KEY (org, message)
);

-- What such a message carries beside the envelope (docs/protocol/batons.md §5).
CREATE TABLE escalations (
  org text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  conv text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  context bytea NOT NULL,
  PRIMARY KEY (org, message)
);
CREATE TABLE escalation_boxes (
  org text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  recipient text COLLATE "C" NOT NULL,
  g bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (org, message, recipient, g)
);

-- For whom each owner of an open baton stood when the batons were last looked over: `holders` is a digest of them.
CREATE TABLE duty_seen (
  org text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  holders text NOT NULL,
  PRIMARY KEY (org, owner)
);
-- Up to where records were looked over.
CREATE TABLE duty_rounds (
  org text COLLATE "C" PRIMARY KEY,
  records bigint NOT NULL
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'org_records', 'manifests', 'batons', 'baton_events', 'baton_reached', 'baton_openings', 'escalations', 'escalation_boxes',
    'duty_seen', 'duty_rounds'
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

-- When the server has something to do, of all organisations, so that one question finds what is due: opaque ids and times only.
-- `subject` is a baton, or the message of batons that are still to be opened.
CREATE TABLE timers (
  org text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  next_at bigint NOT NULL,
  -- To be looked at anew when nothing is due: what its time was computed from has changed.
  stale boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org, subject)
);
CREATE INDEX timers_due ON timers (next_at);
CREATE INDEX timers_due_of_org ON timers (org, next_at);
CREATE INDEX timers_stale ON timers (org) WHERE stale;

GRANT SELECT, INSERT ON org_records, manifests, baton_events, baton_reached, escalations, escalation_boxes TO baton_app;
GRANT SELECT, INSERT, UPDATE ON batons, duty_rounds TO baton_app;
GRANT SELECT, INSERT, DELETE ON baton_openings TO baton_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON duty_seen, timers TO baton_app;

-- As append_batch, for a batch in which a row asks for something: what must be opened, and what its ladder needs, is durable with it.
-- p_asks: places of those rows (from 1), each with its context block; p_box_…: their boxes, by place.
CREATE FUNCTION append_asking_batch(
  p_org text, p_now bigint, p_keylog bigint, p_bodies bytea, p_starts integer[], p_lengths integer[],
  p_convs text[], p_kinds smallint[], p_ids text[], p_gens bigint[], p_log_ns bigint[],
  p_keyrings text[], p_keyring_ns bigint[], p_accounts text[], p_sessions text[],
  p_keys text[], p_versions bigint[], p_prevs text[],
  p_asks integer[], p_contexts bytea, p_context_lengths integer[],
  p_box_asks integer[], p_box_recipients text[], p_box_gs bigint[], p_boxes bytea, p_box_lengths integer[]
) RETURNS TABLE (ord integer, outcome text, seq bigint, batch bigint, ts bigint)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_outcomes text[];
  v_seqs bigint[];
  v_batches bigint[];
  v_ts bigint[];
BEGIN
  SELECT array_agg(a.outcome ORDER BY a.ord), array_agg(a.seq ORDER BY a.ord), array_agg(a.batch ORDER BY a.ord),
    array_agg(a.ts ORDER BY a.ord)
  INTO v_outcomes, v_seqs, v_batches, v_ts
  FROM append_batch(p_org, p_now, p_keylog, p_bodies, p_starts, p_lengths, p_convs, p_kinds, p_ids, p_gens, p_log_ns,
    p_keyrings, p_keyring_ns, p_accounts, p_sessions, p_keys, p_versions, p_prevs) a;
  INSERT INTO baton_openings (org, message, conv, seq, ts)
  SELECT p_org, p_ids[u.place], p_convs[u.place], v_seqs[u.place], v_ts[u.place]
  FROM unnest(p_asks) u (place) WHERE v_outcomes[u.place] = 'new';
  INSERT INTO timers (org, subject, next_at)
  SELECT p_org, p_ids[u.place], v_ts[u.place] FROM unnest(p_asks) u (place) WHERE v_outcomes[u.place] = 'new';
  INSERT INTO escalations (org, message, conv, seq, context)
  SELECT p_org, p_ids[u.place], p_convs[u.place], v_seqs[u.place], substring(p_contexts FROM u.start FOR u.length)
  FROM (
    SELECT a.place, a.length, (sum(a.length) OVER (ORDER BY a.ord) - a.length + 1)::integer AS start
    FROM unnest(p_asks, p_context_lengths) WITH ORDINALITY AS a (place, length, ord)
  ) u WHERE v_outcomes[u.place] = 'new';
  INSERT INTO escalation_boxes (org, message, recipient, g, body)
  SELECT p_org, p_ids[u.place], u.recipient, u.g, substring(p_boxes FROM u.start FOR u.length)
  FROM (
    SELECT b.place, b.recipient, b.g, b.length, (sum(b.length) OVER (ORDER BY b.ord) - b.length + 1)::integer AS start
    FROM unnest(p_box_asks, p_box_recipients, p_box_gs, p_box_lengths) WITH ORDINALITY
      AS b (place, recipient, g, length, ord)
  ) u WHERE v_outcomes[u.place] = 'new';
  RETURN QUERY SELECT r.ord::integer, r.outcome, r.seq, r.batch, r.ts
  FROM unnest(v_outcomes, v_seqs, v_batches, v_ts) WITH ORDINALITY AS r (outcome, seq, batch, ts, ord);
END
$$;

-- Events of batons, the states after them, their timers and whom they reached, in one statement. The caller holds the organisation's lock,
-- has taken the positions from its row, and has checked that each event follows the newest of its baton; the primary keys check it again.
CREATE FUNCTION write_batons(
  p_org text, p_last_ts bigint, p_pos bigint,
  p_event_batons text[], p_event_ns bigint[], p_event_hashes bytea, p_event_bodies bytea, p_event_lengths integer[],
  p_event_ats bigint[], p_event_poses bigint[],
  p_batons text[], p_ns bigint[], p_heads bytea, p_states bytea, p_state_lengths integer[],
  p_convs text[], p_messages text[], p_openers text[], p_references text[], p_owners text[], p_offered text[],
  p_contracts text[], p_statuses text[], p_opened bigint[], p_ats bigint[], p_tried bigint[], p_poses bigint[],
  p_timers text[], p_next bigint[], p_reached_batons text[], p_reached_accounts text[], p_done text[]
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_subject text;
BEGIN
  INSERT INTO baton_events (org, baton, n, hash, body, at, pos)
  SELECT p_org, u.baton, u.n, substring(p_event_hashes FROM (u.ord::integer - 1) * 32 + 1 FOR 32),
    substring(p_event_bodies FROM (sum(u.length) OVER (ORDER BY u.ord) - u.length + 1)::integer FOR u.length), u.at, u.pos
  FROM unnest(p_event_batons, p_event_ns, p_event_lengths, p_event_ats, p_event_poses) WITH ORDINALITY
    AS u (baton, n, length, at, pos, ord);
  INSERT INTO batons AS b (org, baton, n, head, state, conv, message, opener, reference, owner, offered, contract, status, opened_at, at,
    tried_at, pos)
  SELECT p_org, u.baton, u.n, substring(p_heads FROM (u.ord::integer - 1) * 32 + 1 FOR 32),
    substring(p_states FROM (sum(u.length) OVER (ORDER BY u.ord) - u.length + 1)::integer FOR u.length), u.conv, u.message, u.opener,
    u.reference, u.owner, u.offered, u.contract, u.status, u.opened, u.at, u.tried, u.pos
  FROM unnest(p_batons, p_ns, p_state_lengths, p_convs, p_messages, p_openers, p_references, p_owners, p_offered, p_contracts,
    p_statuses, p_opened, p_ats, p_tried, p_poses) WITH ORDINALITY
    AS u (baton, n, length, conv, message, opener, reference, owner, offered, contract, status, opened, at, tried, pos, ord)
  ON CONFLICT (org, baton) DO UPDATE SET n = excluded.n, head = excluded.head, state = excluded.state, owner = excluded.owner,
    offered = excluded.offered, status = excluded.status, at = excluded.at,
    tried_at = greatest(b.tried_at, excluded.tried_at), pos = excluded.pos;
  INSERT INTO timers AS t (org, subject, next_at)
  SELECT p_org, u.baton, u.next_at FROM unnest(p_timers, p_next) AS u (baton, next_at) WHERE u.next_at IS NOT NULL
  ON CONFLICT (org, subject) DO UPDATE SET next_at = excluded.next_at, stale = false;
  INSERT INTO baton_reached (org, account, baton)
  SELECT p_org, u.account, u.baton FROM unnest(p_reached_accounts, p_reached_batons) AS u (account, baton)
  ON CONFLICT DO NOTHING;
  -- What has ended has no timer; a message whose batons are open now needs none either. One by one: each is one probe of the key, where a
  -- join with the timers, planned while there were few, would read all of them for each batch.
  FOR v_subject IN
    SELECT u.baton FROM unnest(p_timers, p_next) AS u (baton, next_at) WHERE u.next_at IS NULL
    UNION ALL SELECT unnest(p_done)
  LOOP
    DELETE FROM timers t WHERE t.org = p_org AND t.subject = v_subject;
    DELETE FROM baton_openings o WHERE o.org = p_org AND o.message = v_subject;
  END LOOP;
  UPDATE orgs o SET last_ts = greatest(o.last_ts, p_last_ts), baton_pos = p_pos WHERE o.org = p_org;
END
$$;

-- Shows open batons in the feed once more, because others see them now; nothing about them has changed. Takes the organisation's lock.
CREATE FUNCTION show_batons(p_org text, p_batons text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_pos bigint;
BEGIN
  IF coalesce(cardinality(p_batons), 0) = 0 THEN
    RETURN;
  END IF;
  SELECT o.baton_pos INTO v_pos FROM orgs o WHERE o.org = p_org FOR UPDATE;
  UPDATE batons b SET pos = v_pos + u.ord
  FROM unnest(p_batons) WITH ORDINALITY AS u (baton, ord) WHERE b.org = p_org AND b.baton = u.baton;
  UPDATE orgs o SET baton_pos = v_pos + cardinality(p_batons) WHERE o.org = p_org;
END
$$;

-- A membership entry changes who reaches a conversation, and in a keyring who holds a role. Runs inside append_entry's statement, under the
-- organisation's lock.
CREATE FUNCTION note_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF new.kind = 'keyring' THEN
    UPDATE orgs o SET keyring_entries = o.keyring_entries + 1 WHERE o.org = new.org;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER conversations_made AFTER INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION note_entry();
CREATE TRIGGER conversations_entered AFTER UPDATE OF log_n ON conversations
  FOR EACH ROW WHEN (old.log_n IS DISTINCT FROM new.log_n) EXECUTE FUNCTION note_entry();

-- Whoever comes into a conversation sees its open batons from then on.
CREATE FUNCTION note_members() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM show_batons(n.org, array_agg(DISTINCT b.baton))
  FROM (SELECT DISTINCT m.org, m.conv FROM fresh m) n
    JOIN batons b ON b.org = n.org AND b.conv = n.conv AND b.status IN ('open', 'acknowledged')
  GROUP BY n.org;
  RETURN NULL;
END
$$;
CREATE TRIGGER members_came AFTER INSERT ON members REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION note_members();
