-- Functions of one round trip each. They run with the caller's rights and name the organisation for their own transaction,
-- so that row-level security holds inside them.

CREATE FUNCTION find_session(p_token_hash bytea) RETURNS SETOF sessions
LANGUAGE plpgsql AS $$
DECLARE
  v_org text;
BEGIN
  SELECT l.org INTO v_org FROM locators l WHERE l.kind = 'session' AND l.key = p_token_hash;
  IF v_org IS NULL THEN
    RETURN;
  END IF;
  PERFORM set_config('baton.org', v_org, true);
  RETURN QUERY SELECT s.* FROM sessions s
    WHERE s.org = v_org AND (s.token_hash = p_token_hash OR s.previous_hash = p_token_hash);
END
$$;

-- The one rule of who reaches a conversation: its members, and whoever holds a role that is a member now.
CREATE FUNCTION reaches(p_org text, p_account text, p_conv text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM members m WHERE m.org = p_org AND m.conv = p_conv AND m.member = p_account
  ) OR EXISTS (
    SELECT FROM members m
      JOIN roles r ON r.org = m.org AND r.role = m.member AND r.active
      JOIN members h ON h.org = r.org AND h.conv = r.keyring AND h.member = p_account
    WHERE m.org = p_org AND m.conv = p_conv
  )
$$;

CREATE FUNCTION open_conversation(p_org text, p_account text, p_conv text) RETURNS SETOF conversations
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  RETURN QUERY SELECT c.* FROM conversations c
    WHERE c.org = p_org AND c.conv = p_conv AND reaches(p_org, p_account, p_conv);
END
$$;

-- Items with p_after < seq < p_before, oldest first: the oldest p_limit of them, or the newest when p_back. At most 4 MiB of them, and one at
-- least: whoever asks for many long items at once gets them in several answers.
CREATE FUNCTION read_items(p_org text, p_conv text, p_after bigint, p_before bigint, p_back boolean, p_limit integer)
RETURNS TABLE (seq bigint, kind smallint, body bytea, batch bigint, ts bigint)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  IF p_back THEN
    RETURN QUERY SELECT n.seq, n.kind, n.body, n.batch, n.ts FROM (
      SELECT i.*, sum(octet_length(i.body)) OVER (ORDER BY i.seq DESC) - octet_length(i.body) AS bytes_before FROM (
        SELECT x.seq, x.kind, x.body, x.batch, x.ts FROM items x
        WHERE x.org = p_org AND x.conv = p_conv AND x.seq > p_after AND x.seq < p_before
        ORDER BY x.seq DESC LIMIT p_limit
      ) i
    ) n WHERE n.bytes_before < 4194304 ORDER BY n.seq;
  ELSE
    RETURN QUERY SELECT n.seq, n.kind, n.body, n.batch, n.ts FROM (
      SELECT i.*, sum(octet_length(i.body)) OVER (ORDER BY i.seq) - octet_length(i.body) AS bytes_before FROM (
        SELECT x.seq, x.kind, x.body, x.batch, x.ts FROM items x
        WHERE x.org = p_org AND x.conv = p_conv AND x.seq > p_after AND x.seq < p_before
        ORDER BY x.seq LIMIT p_limit
      ) i
    ) n WHERE n.bytes_before < 4194304 ORDER BY n.seq;
  END IF;
END
$$;

-- Conversations that the account reaches and that changed after p_after, in batch order.
CREATE FUNCTION read_changes(p_org text, p_account text, p_after bigint, p_limit integer)
RETURNS TABLE (conv text, seq bigint, batch bigint, org_batch bigint)
LANGUAGE plpgsql AS $$
DECLARE
  v_batch bigint;
BEGIN
  PERFORM set_config('baton.org', p_org, true);
  SELECT o.batch INTO v_batch FROM orgs o WHERE o.org = p_org;
  RETURN QUERY SELECT NULL::text, 0::bigint, 0::bigint, v_batch;
  RETURN QUERY
    SELECT c.conv, c.seq, c.batch, v_batch
    FROM (
      SELECT m.conv FROM members m WHERE m.org = p_org AND m.member = p_account
      UNION
      SELECT m.conv FROM members h
        JOIN roles r ON r.org = h.org AND r.keyring = h.conv AND r.active
        JOIN members m ON m.org = r.org AND m.member = r.role
      WHERE h.org = p_org AND h.member = p_account
    ) mine
    JOIN conversations c ON c.org = p_org AND c.conv = mine.conv
    WHERE c.batch > p_after AND c.batch <= v_batch
    -- WITH TIES: a page never cuts through a batch, so that its last batch is a cursor.
    ORDER BY c.batch FETCH FIRST p_limit ROWS WITH TIES;
END
$$;
