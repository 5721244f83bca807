/**
 * The step of the schema by which the bytes of a sender's messages are bounded in all mailboxes together. Nodes
 * count them by an index; a sum for each sender would be a row that every recipient's node waits for.
 */
export const storedBytesStep = `
CREATE INDEX messages_by_sender ON tandem.messages (sender);

-- Adds messages to mailboxes, in the order of n. One outcome each: a status; for 24 also the number of the
-- message, the node, and the session. One that is over has a sender who has enough in mailboxes.
CREATE OR REPLACE FUNCTION tandem.send(me integer, held text[], sends jsonb, mailbox_max integer)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  outcomes jsonb;
BEGIN
  WITH sent AS (
    SELECT s.n, s.sender, s.recipient, s.body, COALESCE(s.over, false) AS over, EXISTS (
      SELECT FROM tandem.accounts f
      WHERE f.username = s.sender AND f.session_no = s.session AND f.session_node = me) AS may_send
    FROM jsonb_to_recordset(sends)
      AS s (n integer, sender text, session bigint, recipient text, body text, over boolean)
  ), asked AS (
    SELECT s.*, a.id, a.last_seq, mailbox_max - (a.last_seq - a.taken_seq) AS room,
      a.session_node, a.session_no
    FROM sent s LEFT JOIN unnest(held) AS h (username) ON h.username = s.recipient
    LEFT JOIN tandem.accounts a
      ON a.username = h.username AND a.id IS NOT NULL AND s.may_send
      AND NOT EXISTS (SELECT FROM tandem.blocks b WHERE b.blocker = a.id AND b.name = s.sender)
  ), ranked AS (
    SELECT *, count(*) FILTER (WHERE NOT over) OVER (PARTITION BY id ORDER BY n) AS rank FROM asked
  ), kept AS (
    INSERT INTO tandem.messages (recipient, seq, sender, body)
    SELECT id, last_seq + rank, sender, body FROM ranked
    WHERE id IS NOT NULL AND NOT over AND rank <= room
  ), moved AS (
    UPDATE tandem.accounts a SET last_seq = a.last_seq + m.messages
    FROM (
      SELECT recipient, count(*) AS messages FROM ranked
      WHERE id IS NOT NULL AND NOT over AND rank <= room GROUP BY recipient
    ) m
    WHERE a.username = m.recipient
  )
  SELECT jsonb_agg(CASE
      WHEN NOT may_send THEN '[120]'
      WHEN id IS NULL THEN '[26]'
      WHEN rank > room OR over AND rank >= room THEN '[28]'
      WHEN over THEN '[123]'
      WHEN session_node IS NULL THEN '[25]'
      ELSE jsonb_build_array(24, last_seq + rank, session_node, session_no)
    END ORDER BY n)
  INTO outcomes FROM ranked;
  RETURN outcomes;
END $$;
`;
