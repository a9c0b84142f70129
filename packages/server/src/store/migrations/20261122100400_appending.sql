-- The hot path (docs/protocol/server.md §4): one call commits one batch of one organisation. The organisation's row lock comes first;
-- every statement after it takes a fresh snapshot and so sees what the batch before committed, whichever process that was.
-- Each row is looked up by its key: plans that read whole tables or indexes are off, so that a plan made while a table was empty, or when
-- statistics changed, stays right when it has grown.

-- Envelopes and puts. Each row is judged by itself; those that are refused leave no trace. Outcomes:
--   new, replay (the same bytes were committed before), exists (the id is taken by other bytes), not_found,
--   stale (the caller's view of members or key log is old: refresh and try again), stale_generation, needs_rotate, version.
-- All p_… arrays have one element per row (null: a column of nulls); bodies are concatenated in p_bodies, each from its start (counted from 1) for its length.
CREATE FUNCTION append_batch(
  p_org text, p_now bigint, p_keylog bigint, p_bodies bytea, p_starts integer[], p_lengths integer[],
  p_convs text[], p_kinds smallint[], p_ids text[], p_gens bigint[], p_log_ns bigint[],
  p_keyrings text[], p_keyring_ns bigint[], p_accounts text[], p_sessions text[],
  p_keys text[], p_versions bigint[], p_prevs text[]
) RETURNS TABLE (ord integer, outcome text, seq bigint, batch bigint, ts bigint)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_keylog bigint;
  v_batch bigint;
  v_audit bigint;
  v_ts bigint;
  v_has_puts boolean := 2 = ANY (p_kinds);
  -- As they are now, one element per row; null where nobody asks.
  v_keyring_ns bigint[];
  v_versions bigint[];
  v_prevs text[];
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  SELECT o.keylog_size, o.batch + 1, o.audit_size, greatest(p_now, o.last_ts) INTO v_keylog, v_batch, v_audit, v_ts
  FROM orgs o WHERE o.org = p_org FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT n::integer, 'not_found', 0::bigint, 0::bigint, 0::bigint FROM generate_series(1, cardinality(p_ids)) n;
    RETURN;
  END IF;
  -- Keyrings and keys of collections are looked up apart: most batches have neither and need not pay for them.
  IF cardinality(array_remove(p_keyrings, NULL)) > 0 THEN
    SELECT array_agg(r.log_n ORDER BY u.ord) INTO v_keyring_ns
    FROM unnest(p_keyrings) WITH ORDINALITY AS u (keyring, ord)
      -- OFFSET 0 keeps each look-up what it is written as: one probe of one index for each row.
      LEFT JOIN LATERAL (
        SELECT x.log_n FROM conversations x WHERE x.org = p_org AND x.conv = u.keyring OFFSET 0
      ) r ON true;
  END IF;
  IF v_has_puts THEN
    SELECT array_agg(k.version ORDER BY u.ord), array_agg(k.item_id ORDER BY u.ord) INTO v_versions, v_prevs
    FROM unnest(p_convs, p_keys) WITH ORDINALITY AS u (conv, key, ord)
      LEFT JOIN LATERAL (
        SELECT x.version, x.item_id FROM collection_keys x
        WHERE x.org = p_org AND x.conv = u.conv AND x.key = u.key OFFSET 0
      ) k ON true;
  END IF;

  -- Bodies are cut out where they are needed, so that no step carries them on to the next.
  RETURN QUERY WITH
  judged AS MATERIALIZED (
    SELECT i.ord, i.conv, i.kind, i.id, i.start, i.length, i.account, i.session,
      c.seq AS conv_seq, e.seq AS old_seq, e.batch AS old_batch, e.ts AS old_ts,
      CASE
        WHEN c.conv IS NULL THEN 'not_found'
        WHEN e.seq IS NOT NULL THEN
          CASE WHEN e.conv = i.conv AND e.body = substring(p_bodies FROM i.start FOR i.length) THEN 'replay' ELSE 'exists' END
        WHEN v_keylog <> p_keylog OR c.log_n <> i.log_n THEN 'stale'
        WHEN i.keyring IS NOT NULL AND i.keyring_now IS DISTINCT FROM i.keyring_n THEN 'stale'
        WHEN c.gen <> i.gen THEN 'stale_generation'
        WHEN c.needs_rotate THEN 'needs_rotate'
        WHEN i.kind = 2 AND (i.version_now IS DISTINCT FROM nullif(i.version - 1, 0) OR i.prev_now IS DISTINCT FROM i.prev)
          THEN 'version'
        ELSE 'new'
      END AS verdict
    FROM unnest(p_starts, p_lengths, p_convs, p_kinds, p_ids, p_gens, p_log_ns, p_keyrings, p_keyring_ns, v_keyring_ns,
      p_accounts, p_sessions, p_versions, v_versions, p_prevs, v_prevs) WITH ORDINALITY
      AS i (start, length, conv, kind, id, gen, log_n, keyring, keyring_n, keyring_now,
        account, session, version, version_now, prev, prev_now, ord)
      LEFT JOIN LATERAL (
        SELECT x.conv, x.seq, x.log_n, x.gen, x.needs_rotate FROM conversations x
        WHERE x.org = p_org AND x.conv = i.conv OFFSET 0
      ) c ON true
      LEFT JOIN LATERAL (
        SELECT x.conv, x.seq, x.batch, x.ts, x.body FROM items x WHERE x.item_id = i.id AND x.org = p_org OFFSET 0
      ) e ON true
  ),
  -- Numbers count the accepted rows only; one pass over all rows, because a join of the two would look at every pair.
  placed AS MATERIALIZED (
    SELECT j.ord, j.conv, j.kind, j.id, j.start, j.length, j.account, j.session, j.verdict, j.old_seq, j.old_batch, j.old_ts,
      j.conv_seq + count(*) FILTER (WHERE j.verdict = 'new') OVER (PARTITION BY j.conv ORDER BY j.ord) AS new_seq,
      count(*) FILTER (WHERE j.verdict = 'new') OVER (ORDER BY j.ord) AS place
    FROM judged j
  ),
  stored AS (
    INSERT INTO items (org, conv, seq, kind, item_id, body, batch, ts)
    SELECT p_org, p.conv, p.new_seq, p.kind, p.id, substring(p_bodies FROM p.start FOR p.length), v_batch, v_ts FROM placed p
    WHERE p.verdict = 'new'
  ),
  moved AS (
    UPDATE conversations c SET seq = n.seq, batch = v_batch
    FROM (SELECT p.conv, max(p.new_seq) AS seq FROM placed p WHERE p.verdict = 'new' GROUP BY p.conv) n
    WHERE c.org = p_org AND c.conv = n.conv
  ),
  audited AS (
    INSERT INTO audit (org, n, at, actor, session, action, object, outcome)
    SELECT p_org, v_audit + p.place - 1, v_ts, p.account, p.session,
      CASE p.kind WHEN 2 THEN 'put.append' ELSE 'message.append' END, p.conv, 'ok'
    FROM placed p WHERE p.verdict = 'new'
  ),
  boxed AS (
    INSERT INTO batches (org, batch, ts, convs, seqs)
    SELECT p_org, v_batch, v_ts, array_agg(p.conv ORDER BY p.place), array_agg(p.new_seq ORDER BY p.place)
    FROM placed p WHERE p.verdict = 'new' HAVING count(*) > 0
  ),
  counted AS (
    UPDATE orgs o SET batch = v_batch, last_ts = v_ts, audit_size = v_audit + n.rows
    FROM (SELECT count(*) AS rows FROM placed p WHERE p.verdict = 'new') n
    WHERE o.org = p_org AND n.rows > 0
  )
  SELECT p.ord::integer, p.verdict,
    CASE p.verdict WHEN 'new' THEN p.new_seq ELSE coalesce(p.old_seq, 0) END,
    CASE p.verdict WHEN 'new' THEN v_batch ELSE coalesce(p.old_batch, 0) END,
    CASE p.verdict WHEN 'new' THEN v_ts ELSE coalesce(p.old_ts, 0) END
  FROM placed p ORDER BY p.ord;

  IF v_has_puts THEN
    -- The puts that this batch stored: an id that was refused is not in it.
    INSERT INTO collection_keys AS k (org, conv, key, version, item_id, seq)
    SELECT p_org, u.conv, u.key, u.version, u.id, s.seq
    FROM unnest(p_convs, p_keys, p_versions, p_ids) AS u (conv, key, version, id)
      JOIN LATERAL (
        SELECT x.seq FROM items x
        WHERE x.item_id = u.id AND x.org = p_org AND x.conv = u.conv AND x.batch = v_batch AND x.kind = 2 OFFSET 0
      ) s ON true
    ON CONFLICT (org, conv, key) DO UPDATE SET version = excluded.version, item_id = excluded.item_id, seq = excluded.seq;
  END IF;
END
$$;

-- One membership entry, a batch of its own. p_n = 0 creates the conversation. Outcomes: new, replay, exists, not_found, stale, head.
CREATE FUNCTION append_entry(
  p_org text, p_now bigint, p_keylog bigint, p_conv text, p_n bigint, p_prev bytea, p_head bytea, p_gen bigint,
  p_id text, p_body bytea, p_kind text, p_closed boolean, p_rotate boolean, p_state bytea, p_keyring text, p_keyring_n bigint,
  p_account text, p_session text, p_action text, p_members text[],
  p_recipients text[], p_boxes bytea, p_box_lengths integer[]
) RETURNS TABLE (outcome text, seq bigint, batch bigint, ts bigint)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_org orgs%ROWTYPE;
  v_conv conversations%ROWTYPE;
  v_old items%ROWTYPE;
  v_ts bigint;
  v_seq bigint;
  v_keyring_n bigint;
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  SELECT * INTO v_org FROM orgs o WHERE o.org = p_org FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_found', 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;
  SELECT * INTO v_conv FROM conversations c WHERE c.org = p_org AND c.conv = p_conv;
  IF v_conv.conv IS NOT NULL THEN
    SELECT * INTO v_old FROM items i WHERE i.item_id = p_id AND i.org = p_org;
    IF v_old.conv IS NOT NULL THEN
      RETURN QUERY SELECT CASE WHEN v_old.conv = p_conv AND v_old.body = p_body THEN 'replay' ELSE 'exists' END, v_old.seq, v_old.batch, v_old.ts;
      RETURN;
    END IF;
  END IF;
  IF p_keyring IS NOT NULL THEN
    SELECT c.log_n INTO v_keyring_n FROM conversations c WHERE c.org = p_org AND c.conv = p_keyring;
  END IF;
  IF v_org.keylog_size <> p_keylog OR v_keyring_n IS DISTINCT FROM p_keyring_n THEN
    RETURN QUERY SELECT 'stale', 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;
  IF p_n = 0 AND v_conv.conv IS NOT NULL THEN
    RETURN QUERY SELECT 'exists', 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;
  IF p_n > 0 AND v_conv.conv IS NULL THEN
    RETURN QUERY SELECT 'not_found', 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;
  IF p_n > 0 AND (v_conv.log_n <> p_n - 1 OR v_conv.log_head <> p_prev) THEN
    RETURN QUERY SELECT 'head', 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;

  v_ts := greatest(p_now, v_org.last_ts);
  v_seq := coalesce(v_conv.seq, 0) + 1;
  IF p_n = 0 THEN
    INSERT INTO conversations (org, conv, kind, created_at, seq, batch, log_n, log_head, log_batch, gen, needs_rotate,
      closed, state)
    VALUES (p_org, p_conv, p_kind, v_ts, 1, v_org.batch + 1, 0, p_head, v_org.batch + 1, p_gen, p_rotate, p_closed, p_state);
  ELSE
    -- Whether new keys are still needed was decided by this very key log (p_keylog was checked above).
    UPDATE conversations c SET seq = v_seq, batch = v_org.batch + 1, log_n = p_n, log_head = p_head,
      log_batch = v_org.batch + 1, needs_rotate = p_rotate, gen = p_gen, closed = p_closed,
      state = p_state
    WHERE c.org = p_org AND c.conv = p_conv;
  END IF;
  INSERT INTO items (org, conv, seq, kind, item_id, body, batch, ts)
  VALUES (p_org, p_conv, v_seq, 0, p_id, p_body, v_org.batch + 1, v_ts);
  DELETE FROM members m WHERE m.org = p_org AND m.conv = p_conv AND NOT m.member = ANY (p_members);
  INSERT INTO members (org, conv, member) SELECT p_org, p_conv, u FROM unnest(p_members) u ON CONFLICT DO NOTHING;
  INSERT INTO boxes (org, conv, gen, recipient, log_n, body)
  SELECT p_org, p_conv, p_gen, u.recipient, p_n,
    substring(p_boxes FROM (sum(u.length) OVER (ORDER BY u.ord) - u.length + 1)::integer FOR u.length)
  FROM unnest(p_recipients, p_box_lengths) WITH ORDINALITY AS u (recipient, length, ord);
  INSERT INTO batches (org, batch, ts, convs, seqs)
  VALUES (p_org, v_org.batch + 1, v_ts, ARRAY[p_conv], ARRAY[v_seq]);
  INSERT INTO audit (org, n, at, actor, session, action, object, outcome)
  VALUES (p_org, v_org.audit_size, v_ts, p_account, p_session, p_action, p_conv, 'ok');
  UPDATE orgs o SET batch = o.batch + 1, last_ts = v_ts, audit_size = o.audit_size + 1, entries = o.entries + 1
  WHERE o.org = p_org;
  RETURN QUERY SELECT 'new', v_seq, v_org.batch + 1, v_ts;
END
$$;

-- Events of whatever is no append; takes the next numbers under the organisation's row lock.
CREATE FUNCTION append_audit(
  p_org text, p_now bigint, p_actors text[], p_sessions text[], p_actions text[], p_objects text[], p_outcomes text[],
  p_codes text[]
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_org orgs%ROWTYPE;
  v_ts bigint;
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  SELECT * INTO v_org FROM orgs o WHERE o.org = p_org FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  v_ts := greatest(p_now, v_org.last_ts);
  INSERT INTO audit (org, n, at, actor, session, action, object, outcome, code)
  SELECT p_org, v_org.audit_size + u.ord - 1, v_ts, u.actor, u.session, u.action, u.object, u.outcome, u.code
  FROM unnest(p_actors, p_sessions, p_actions, p_objects, p_outcomes, p_codes) WITH ORDINALITY
    AS u (actor, session, action, object, outcome, code, ord);
  UPDATE orgs o SET audit_size = o.audit_size + cardinality(p_actions), last_ts = v_ts WHERE o.org = p_org;
END
$$;
