-- write_batons as before, but for how timers go: a join with them, planned while there were few, would read all of them for each batch.
CREATE OR REPLACE FUNCTION write_batons(
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
  -- What has ended has no timer; a message whose batons are open now needs none either. One by one: each is one probe of the key.
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
