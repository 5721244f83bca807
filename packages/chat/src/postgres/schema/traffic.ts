/** The rows of messages that a batch removes itself: some milliseconds. */
export const rowsOfBatchMax = 1_000;

/**
 * The function for sends and acknowledgements, alone or among the other steps of a batch. Each row is found by its
 * key, or by its place in the table once it is locked, whatever PostgreSQL expects of them: it takes each batch for
 * a hundred. A subquery with a limit of one row is not read as a whole.
 */
export const trafficFunction = `
-- Removes what sessions have taken, then adds messages to mailboxes, in the order of the arrays; all in one
-- transaction, or nothing. names: all accounts that it changes. takers, recipients: places in names.
-- removed: for each acknowledgement how many messages, or -1 when another session has begun. statuses: for each
-- message, with its number if it is stored; nodes, sessions: of its recipient. One that is over has a sender who
-- has enough in mailboxes. What another batch has made meanwhile does not exist for it, nor does what has no name.
-- rows_max: the rows that it removes itself; more are left over.
CREATE FUNCTION tandem.carry_traffic(
  me integer, names text[],
  takers integer[], taker_sessions bigint[], throughs bigint[],
  senders text[], sender_sessions bigint[], recipients integer[], bodies text[], overs boolean[],
  mailbox_max integer, rows_max bigint DEFAULT ${rowsOfBatchMax},
  OUT removed bigint[], OUT statuses integer[], OUT seqs bigint[], OUT nodes integer[], OUT sessions bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
  held text[];
  tids tid[];
  ids bigint[];
  lasts bigint[];
  takens bigint[];
  takens_before bigint[];
  firsts bigint[];
  -- Of each account, the message of this batch that comes to lie there.
  first_sends integer[];
  rows_gone bigint := 0;
  rows_added integer := 0;
  session_nodes integer[];
  session_nos bigint[];
  places integer[];
  k integer;
  through bigint;
BEGIN
  PERFORM FROM tandem.nodes WHERE id = me FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'node % is buried', me USING ERRCODE = 'TD001'; END IF;
  -- In the order of all batches. The rows stay where they are while they are locked.
  SELECT array_agg(l.username), array_agg(l.tid), array_agg(l.id), array_agg(l.last_seq), array_agg(l.taken_seq),
    array_agg(l.first_seq), array_agg(l.session_node), array_agg(l.session_no)
  INTO held, tids, ids, lasts, takens, firsts, session_nodes, session_nos
  FROM (
    SELECT username, ctid AS tid, id, last_seq, taken_seq, first_seq, session_node, session_no
    FROM tandem.accounts WHERE username = ANY (names) ORDER BY username FOR NO KEY UPDATE
  ) l;
  IF held IS DISTINCT FROM names THEN
    places := ARRAY(
      SELECT array_position(held, n.name) FROM unnest(names) WITH ORDINALITY AS n (name, place) ORDER BY place);
    takers := ARRAY(SELECT places[t.k] FROM unnest(takers) WITH ORDINALITY AS t (k, n) ORDER BY n);
    recipients := ARRAY(SELECT places[r.k] FROM unnest(recipients) WITH ORDINALITY AS r (k, n) ORDER BY n);
  END IF;
  takens_before := takens;
  first_sends := array_fill(NULL::integer, ARRAY[cardinality(names)]);

  FOR i IN 1 .. cardinality(takers) LOOP
    k := takers[i];
    -- Also of a session that has ended, as long as no other has begun.
    IF session_nos[k] = taker_sessions[i] AND COALESCE(session_nodes[k], me) = me THEN
      through := LEAST(throughs[i], lasts[k]);
      removed[i] := GREATEST(0, through - takens[k]);
      rows_gone := rows_gone + removed[i]
        - CASE WHEN firsts[k] > takens[k] AND firsts[k] <= through THEN 1 ELSE 0 END;
      takens[k] := GREATEST(takens[k], through);
    ELSE
      removed[i] := -1;
    END IF;
  END LOOP;

  SELECT array_agg(o.status), array_agg(o.node), array_agg(o.session) INTO statuses, nodes, sessions
  FROM (
    SELECT CASE
        WHEN (
          SELECT f.session_no = s.session AND f.session_node = me
          FROM tandem.accounts f WHERE f.username = s.sender
        ) IS NOT TRUE THEN 120
        WHEN ids[s.recipient] IS NULL OR (
          SELECT true FROM tandem.blocks b WHERE b.blocker = ids[s.recipient] AND b.name = s.sender
        ) THEN 26
        WHEN session_nodes[s.recipient] IS NULL THEN 25
        ELSE 24
      END AS status, session_nodes[s.recipient] AS node, session_nos[s.recipient] AS session
    FROM unnest(senders, sender_sessions, recipients) WITH ORDINALITY AS s (sender, session, recipient, n)
    ORDER BY n
  ) o;
  FOR i IN 1 .. cardinality(recipients) LOOP
    k := recipients[i];
    IF statuses[i] > 25 THEN
      seqs[i] := NULL;
    ELSIF lasts[k] - takens[k] >= mailbox_max THEN
      statuses[i] := 28;
      seqs[i] := NULL;
    ELSIF overs[i] THEN
      statuses[i] := 123;
      seqs[i] := NULL;
    ELSE
      lasts[k] := lasts[k] + 1;
      seqs[i] := lasts[k];
      IF statuses[i] = 24 AND lasts[k] = takens[k] + 1 THEN
        firsts[k] := lasts[k];
        first_sends[k] := i;
      ELSE
        rows_added := rows_added + 1;
      END IF;
    END IF;
  END LOOP;

  UPDATE tandem.accounts a SET last_seq = m.last_seq, taken_seq = m.taken_seq,
    first_seq = CASE WHEN m.first > m.taken_seq THEN m.first END,
    first_sender = CASE WHEN m.send IS NOT NULL THEN senders[m.send]
      WHEN m.first > m.taken_seq THEN a.first_sender END,
    first_body = CASE WHEN m.send IS NOT NULL THEN bodies[m.send]
      WHEN m.first > m.taken_seq THEN a.first_body END
  FROM unnest(tids, lasts, takens, firsts, first_sends) AS m (tid, last_seq, taken_seq, first, send)
  WHERE a.ctid = m.tid AND (a.last_seq <> m.last_seq OR a.taken_seq <> m.taken_seq);
  IF rows_gone > rows_max THEN
    INSERT INTO tandem.leftovers (recipient, after, through, deleted)
    SELECT t.id, t.after, t.through, false FROM unnest(ids, takens_before, takens) AS t (id, after, through)
    WHERE t.after < t.through;
  ELSIF rows_gone > 0 THEN
    DELETE FROM tandem.messages WHERE ctid = ANY (ARRAY(
      SELECT m.tid FROM unnest(ids, takens_before, takens) AS t (id, after, through)
      CROSS JOIN LATERAL (
        SELECT ctid AS tid FROM tandem.messages
        WHERE recipient = t.id AND seq > t.after AND seq <= t.through OFFSET 0
      ) m
      WHERE t.after < t.through));
  END IF;
  IF rows_added > 0 THEN
    INSERT INTO tandem.messages (recipient, seq, sender, body)
    SELECT ids[m.recipient], m.seq, m.sender, m.body
    FROM unnest(recipients, seqs, senders, bodies) AS m (recipient, seq, sender, body)
    WHERE m.seq IS NOT NULL AND m.seq IS DISTINCT FROM firsts[m.recipient];
  END IF;
END $$;
`;
