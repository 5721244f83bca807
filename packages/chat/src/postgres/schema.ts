import { clusterStep } from './schema-cluster.ts';
import { searchStep } from './schema-search.ts';
import { sharedUseStep } from './schema-shared-use.ts';
import { storedBytesStep } from './schema-stored-bytes.ts';

/**
 * The steps of the schema, each of which takes a database from the version that is its index to the next.
 * A step that has been released is not changed: a change is a further step.
 *
 * A mailbox is the messages above `taken_seq`, up to `last_seq`: numbers are given under the lock of the
 * account's row, without a gap, so their order is the order of the commits.
 */
export const schemaSteps: readonly string[] = [
  `
CREATE SEQUENCE tandem.account_ids;
CREATE SEQUENCE tandem.session_numbers;

-- A node that lives. A row that is gone is the fence: whoever has the number changes nothing any more, and
-- its sessions have ended, also those that accounts still have.
CREATE TABLE tandem.nodes (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  began timestamptz NOT NULL DEFAULT now()
);

-- Apart from the nodes, so that a renewal never waits for writes, which share the row of their node. That of a
-- node that is gone stays until no account has a session of it.
CREATE TABLE tandem.leases (
  node integer PRIMARY KEY,
  renewals bigint NOT NULL DEFAULT 0
);

-- A row without an id is a name that is being registered, or is deleted: nobody else ever sees one.
CREATE TABLE tandem.accounts (
  username text COLLATE "C" PRIMARY KEY,
  id bigint,
  last_seq bigint NOT NULL DEFAULT 0,
  taken_seq bigint NOT NULL DEFAULT 0,
  session_node integer,
  session_no bigint,
  -- What was taken before the session began, and the last message that came to it once it has ended.
  session_base bigint NOT NULL DEFAULT 0,
  session_through bigint,
  secret text,
  token text,
  token_before text,
  tokens_end timestamptz
) WITH (fillfactor = 70);
CREATE INDEX accounts_by_node ON tandem.accounts (session_node, username) WHERE session_node IS NOT NULL;

CREATE TABLE tandem.messages (
  recipient bigint,
  seq bigint,
  sender text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (recipient, seq)
);

-- Kinds: name, network.
CREATE TABLE tandem.bans (
  kind text,
  target text COLLATE "C",
  PRIMARY KEY (kind, target)
);

CREATE TABLE tandem.blocks (
  blocker bigint,
  name text COLLATE "C",
  PRIMARY KEY (blocker, name)
);

-- Makes a node. Its lock is held as long as the connection, and shows others at once that it has died.
CREATE FUNCTION tandem.join_nodes(node_name text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  made integer;
BEGIN
  INSERT INTO tandem.nodes (name) VALUES (node_name) RETURNING id INTO made;
  INSERT INTO tandem.leases (node) VALUES (made);
  PERFORM pg_advisory_lock(1952542308, made);
  RETURN made;
END $$;

-- Buries a node: it changes nothing any more, and its sessions have ended. Waits for its last write. Takes them
-- out of the accounts in slices, in the order of the names: each call those behind the last of the one before,
-- until there is none. Tells if the node was there.
CREATE FUNCTION tandem.bury(dead integer, after text, OUT news boolean, OUT last text) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM tandem.nodes WHERE id = dead;
  news := FOUND;
  WITH slice AS (
    SELECT username FROM tandem.accounts WHERE session_node = dead AND username > after
    ORDER BY username LIMIT 1000 FOR NO KEY UPDATE
  ), ended AS (
    UPDATE tandem.accounts a SET session_node = NULL, session_through = a.last_seq
    FROM slice s WHERE a.username = s.username
  )
  SELECT max(username) INTO last FROM slice;
  IF last IS NULL THEN DELETE FROM tandem.leases WHERE node = dead; END IF;
END $$;

-- Renews the lease of a node, and tells of the others: how often theirs were, and if they or their locks are gone.
CREATE FUNCTION tandem.renew(me integer)
RETURNS TABLE (node integer, renewals bigint, died boolean) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tandem.leases l SET renewals = l.renewals + 1 WHERE l.node = me;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM tandem.nodes n WHERE n.id = me) THEN
    RAISE EXCEPTION 'node % is buried', me USING ERRCODE = 'TD001';
  END IF;
  RETURN QUERY SELECT l.node, l.renewals, NOT EXISTS (
    SELECT FROM tandem.nodes n WHERE n.id = l.node
  ) OR NOT EXISTS (
    SELECT FROM pg_locks k
    WHERE k.locktype = 'advisory' AND k.classid = 1952542308 AND k.objid = l.node::oid AND k.granted
      AND k.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
  FROM tandem.leases l WHERE l.node <> me;
END $$;

-- Adds messages to mailboxes, in the order of n. One outcome each: a status; for 24 also the number of the
-- message, the node, and the session.
CREATE FUNCTION tandem.send(me integer, held text[], sends jsonb, mailbox_max integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  outcomes jsonb;
BEGIN
  WITH sent AS (
    SELECT s.*, EXISTS (
      SELECT FROM tandem.accounts f
      WHERE f.username = s.sender AND f.session_no = s.session AND f.session_node = me) AS may_send
    FROM jsonb_to_recordset(sends)
      AS s (n integer, sender text, session bigint, recipient text, body text)
  ), asked AS (
    SELECT s.*, a.id, a.last_seq, mailbox_max - (a.last_seq - a.taken_seq) AS room,
      a.session_node, a.session_no
    FROM sent s LEFT JOIN unnest(held) AS h (username) ON h.username = s.recipient
    LEFT JOIN tandem.accounts a
      ON a.username = h.username AND a.id IS NOT NULL AND s.may_send
      AND NOT EXISTS (SELECT FROM tandem.blocks b WHERE b.blocker = a.id AND b.name = s.sender)
  ), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY n) AS rank FROM asked
  ), kept AS (
    INSERT INTO tandem.messages (recipient, seq, sender, body)
    SELECT id, last_seq + rank, sender, body FROM ranked WHERE id IS NOT NULL AND rank <= room
  ), moved AS (
    UPDATE tandem.accounts a SET last_seq = a.last_seq + m.messages
    FROM (
      SELECT recipient, count(*) AS messages FROM ranked
      WHERE id IS NOT NULL AND rank <= room GROUP BY recipient
    ) m
    WHERE a.username = m.recipient
  )
  SELECT jsonb_agg(CASE
      WHEN NOT may_send THEN '[120]'
      WHEN id IS NULL THEN '[26]'
      WHEN rank > room THEN '[28]'
      WHEN session_node IS NULL THEN '[25]'
      ELSE jsonb_build_array(24, last_seq + rank, session_node, session_no)
    END ORDER BY n)
  INTO outcomes FROM ranked;
  RETURN outcomes;
END $$;

-- Removes messages that sessions have taken. One outcome each: how many, or -1 when another has begun.
CREATE FUNCTION tandem.acknowledge(me integer, acknowledgements jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  outcomes jsonb;
BEGIN
  WITH said AS (
    SELECT s.n, a.username, a.id, a.taken_seq, LEAST(s.through, a.last_seq) AS through
    FROM jsonb_to_recordset(acknowledgements)
      AS s (n integer, username text, session bigint, through bigint)
    -- Also of a session that has ended, as long as no other has begun.
    LEFT JOIN tandem.accounts a
      ON a.username = s.username AND a.session_no = s.session AND COALESCE(a.session_node, me) = me
  ), furthest AS (
    SELECT username, id, max(through) AS through FROM said
    WHERE through > taken_seq GROUP BY username, id
  ), moved AS (
    UPDATE tandem.accounts a SET taken_seq = f.through FROM furthest f WHERE a.username = f.username
  ), removed AS (
    DELETE FROM tandem.messages m USING furthest f WHERE m.recipient = f.id AND m.seq <= f.through
  )
  SELECT jsonb_agg(CASE WHEN id IS NULL THEN -1 ELSE GREATEST(0, through - taken_seq) END ORDER BY n)
  INTO outcomes FROM said;
  RETURN outcomes;
END $$;

-- Carries out one step that is neither of these. The rows of the accounts that it changes are locked.
CREATE FUNCTION tandem.carry_out_one(me integer, held text[], step jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  a tandem.accounts;
  made bigint;
  through bigint;
  tokens_until timestamptz := clock_timestamp() + (step->>'tokenMs')::bigint * interval '1 millisecond';
  mine boolean;
  banned boolean;
BEGIN
  SELECT * INTO a FROM tandem.accounts
  WHERE username = step->>'username' AND id IS NOT NULL AND username = ANY (held);
  banned := EXISTS (SELECT FROM tandem.bans WHERE kind = 'name' AND target = step->>'username');
  mine := a.session_node = me AND a.session_no = (step->>'session')::bigint;

  CASE step->>'do'
  WHEN 'register' THEN
    IF a.id IS NOT NULL THEN RETURN '[2]'; END IF;
    IF (step->>'full')::boolean THEN RETURN '[123]'; END IF;
    UPDATE tandem.accounts SET id = nextval('tandem.account_ids'), last_seq = 0, taken_seq = 0,
      session_node = NULL, session_no = NULL, session_base = 0, session_through = NULL,
      secret = step->>'secret', token = NULL, token_before = NULL, tokens_end = NULL
    WHERE username = step->>'username';
    RETURN '[1]';

  WHEN 'claim' THEN
    IF step->>'proof' IS NOT NULL AND a.secret IS DISTINCT FROM step->>'proof' THEN RETURN '[14]'; END IF;
    IF a.id IS NULL THEN RETURN '[10]'; END IF;
    IF banned OR (a.secret IS NOT NULL AND step->>'proof' IS NULL) THEN RETURN '[120]'; END IF;
    IF EXISTS (SELECT FROM tandem.nodes WHERE id = a.session_node) THEN RETURN '[11]'; END IF;
    made := nextval('tandem.session_numbers');
    UPDATE tandem.accounts SET session_node = me, session_no = made, session_base = taken_seq,
      session_through = NULL, token = CASE WHEN secret IS NOT NULL THEN step->>'token' END,
      token_before = NULL, tokens_end = tokens_until
    WHERE username = a.username;
    RETURN jsonb_build_array(8, made, a.id, a.last_seq - a.taken_seq, a.last_seq, a.secret IS NOT NULL);

  WHEN 'resume' THEN
    IF banned OR a.token IS NULL OR a.tokens_end <= clock_timestamp() OR
      step->>'used' NOT IN (a.token, COALESCE(a.token_before, a.token))
    THEN RETURN '[15]'; END IF;
    through := a.taken_seq;
    IF step->>'used' = a.token THEN
      through := GREATEST(through, a.session_base + (step->>'count')::bigint);
      IF (step->>'count')::bigint < 0 OR through > COALESCE(a.session_through, a.last_seq) THEN RETURN '[126]'; END IF;
      DELETE FROM tandem.messages WHERE recipient = a.id AND seq <= through;
    END IF;
    made := nextval('tandem.session_numbers');
    UPDATE tandem.accounts SET taken_seq = through, session_node = me, session_no = made,
      session_base = through, session_through = NULL, token = step->>'token',
      token_before = step->>'used', tokens_end = tokens_until
    WHERE username = a.username;
    RETURN jsonb_build_array(8, made, a.id, a.last_seq - through, a.last_seq, true,
      a.session_node, a.session_no);

  WHEN 'end' THEN
    IF mine THEN
      UPDATE tandem.accounts SET session_node = NULL, session_through = last_seq,
        token = CASE WHEN NOT (step->>'forget')::boolean THEN token END
      WHERE username = a.username;
    END IF;
    RETURN '[40]';

  WHEN 'kick' THEN
    IF a.session_node IS NULL THEN RETURN '[0]'; END IF;
    UPDATE tandem.accounts SET session_node = NULL, session_through = last_seq, token = NULL
    WHERE username = a.username;
    RETURN jsonb_build_array(1, a.session_node, a.session_no);

  WHEN 'delete', 'remove' THEN
    IF step->>'do' = 'delete' AND mine IS NOT TRUE THEN RETURN '[120]'; END IF;
    IF a.id IS NULL THEN RETURN '[10]'; END IF;
    UPDATE tandem.accounts SET id = NULL, session_node = NULL WHERE username = a.username;
    DELETE FROM tandem.messages WHERE recipient = a.id;
    DELETE FROM tandem.blocks WHERE blocker = a.id;
    RETURN jsonb_build_array(48, a.session_node, a.session_no);

  WHEN 'reset' THEN
    IF a.id IS NULL THEN RETURN '[10]'; END IF;
    UPDATE tandem.accounts SET secret = step->>'secret', token = NULL, session_node = NULL,
      session_through = last_seq
    WHERE username = a.username;
    RETURN jsonb_build_array(64, a.session_node, a.session_no);

  WHEN 'secret' THEN
    IF mine IS NOT TRUE THEN RETURN '[120]'; END IF;
    IF a.secret IS DISTINCT FROM step->>'known' THEN RETURN '[65]'; END IF;
    UPDATE tandem.accounts SET secret = step->>'secret', token_before = NULL, tokens_end = tokens_until,
      token = CASE WHEN step->>'secret' IS NOT NULL THEN step->>'token' END
    WHERE username = a.username;
    RETURN '[64]';

  WHEN 'block' THEN
    IF mine IS NOT TRUE THEN RETURN '[120]'; END IF;
    IF NOT EXISTS (
      SELECT FROM tandem.accounts WHERE username = step->>'name' AND id IS NOT NULL
    ) THEN RETURN '[73]'; END IF;
    IF NOT EXISTS (SELECT FROM tandem.blocks WHERE blocker = a.id AND name = step->>'name') THEN
      IF (SELECT count(*) FROM tandem.blocks WHERE blocker = a.id) >= (step->>'max')::bigint
      THEN RETURN '[74]'; END IF;
      INSERT INTO tandem.blocks (blocker, name) VALUES (a.id, step->>'name');
    END IF;
    RETURN '[72]';

  WHEN 'unblock' THEN
    IF mine IS NOT TRUE THEN RETURN '[120]'; END IF;
    DELETE FROM tandem.blocks WHERE blocker = a.id AND name = step->>'name';
    RETURN '[80]';
  END CASE;
END $$;

-- Carries out a batch of a node in one transaction: all of it, or nothing.
-- names: all accounts that it changes, in the order of their bytes; made: those that it registers.
-- Every batch locks in that order, so that none waits for one that waits for it. What it has not locked,
-- since another batch has made it meanwhile, does not exist for it.
CREATE FUNCTION tandem.carry_out(
  me integer, names text[], made text[], steps jsonb, mailbox_max integer
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  wanted text;
  held text[] := '{}';
  step jsonb;
  outcomes jsonb := '[]';
  leftovers boolean := cardinality(made) > 0;
BEGIN
  PERFORM FROM tandem.nodes WHERE id = me FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'node % is buried', me USING ERRCODE = 'TD001'; END IF;
  IF NOT leftovers THEN
    SELECT COALESCE(array_agg(l.username), '{}') INTO held FROM (
      SELECT username FROM tandem.accounts WHERE username = ANY (names) ORDER BY username FOR NO KEY UPDATE
    ) l;
  ELSE
    FOREACH wanted IN ARRAY names LOOP
      LOOP
        IF wanted = ANY (made) THEN
          INSERT INTO tandem.accounts (username) VALUES (wanted) ON CONFLICT DO NOTHING;
        END IF;
        PERFORM FROM tandem.accounts WHERE username = wanted FOR NO KEY UPDATE;
        -- Another batch may have deleted it between the two.
        EXIT WHEN FOUND OR NOT wanted = ANY (made);
      END LOOP;
      IF FOUND THEN held := held || wanted; END IF;
    END LOOP;
  END IF;
  FOR step IN SELECT value FROM jsonb_array_elements(steps) LOOP
    IF step->>'do' = 'traffic' THEN
      outcomes := outcomes || jsonb_build_array(jsonb_build_array(
        tandem.acknowledge(me, step->'acknowledgements'),
        tandem.send(me, held, step->'sends', mailbox_max)));
    ELSE
      outcomes := outcomes || jsonb_build_array(tandem.carry_out_one(me, held, step));
      leftovers := leftovers OR step->>'do' IN ('delete', 'remove');
    END IF;
  END LOOP;
  IF leftovers THEN DELETE FROM tandem.accounts WHERE username = ANY (names) AND id IS NULL; END IF;
  RETURN outcomes;
END $$;
`,
  clusterStep,
  searchStep,
  storedBytesStep,
  sharedUseStep,
];
