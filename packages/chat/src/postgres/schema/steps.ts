import { rowsOfBatchMax } from './traffic.ts';

/** The functions that carry out all that changes accounts and sessions, and batches that have some of that. */
export const stepFunctions = `
-- Carries out one step that is neither a send nor an acknowledgement. The rows of the accounts that it changes
-- are locked.
CREATE FUNCTION tandem.carry_out_one(me integer, held text[], step jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  a tandem.accounts;
  made bigint;
  through bigint;
  counted bigint;
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
      first_seq = NULL, first_sender = NULL, first_body = NULL,
      secret = step->>'secret', token = NULL, token_before = NULL, tokens_end = NULL
    WHERE username = step->>'username';
    INSERT INTO tandem.names VALUES (step->>'username') ON CONFLICT DO NOTHING;
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
    RETURN jsonb_build_array(8, made, a.id, a.last_seq - a.taken_seq, a.last_seq, a.secret IS NOT NULL,
      NULL, a.session_no);

  WHEN 'resume' THEN
    IF banned OR a.token IS NULL OR a.tokens_end <= clock_timestamp() OR
      step->>'used' NOT IN (a.token, COALESCE(a.token_before, a.token))
    THEN RETURN '[15]'; END IF;
    through := a.taken_seq;
    IF step->>'used' = a.token THEN
      counted := (step->>'count')::bigint;
      -- Of a session that was moved here: a server that is killed may have sent messages that are in no file.
      IF a.session_no IS NULL THEN
        counted := LEAST(counted, COALESCE(a.session_through, a.last_seq) - a.session_base);
      END IF;
      through := GREATEST(through, a.session_base + counted);
      IF counted < 0 OR through > COALESCE(a.session_through, a.last_seq) THEN RETURN '[126]'; END IF;
      PERFORM tandem.leave(a.id, a.taken_seq, through, false);
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
      PERFORM tandem.store_firsts(ARRAY[a.username]);
      UPDATE tandem.accounts SET session_node = NULL, session_through = last_seq,
        token = CASE WHEN NOT (step->>'forget')::boolean THEN token END
      WHERE username = a.username;
    END IF;
    RETURN '[40]';

  WHEN 'kick' THEN
    IF a.session_node IS NULL THEN RETURN '[0]'; END IF;
    PERFORM tandem.store_firsts(ARRAY[a.username]);
    UPDATE tandem.accounts SET session_node = NULL, session_through = last_seq, token = NULL
    WHERE username = a.username;
    RETURN jsonb_build_array(1, a.session_node, a.session_no);

  WHEN 'delete', 'remove' THEN
    IF step->>'do' = 'delete' AND mine IS NOT TRUE THEN RETURN '[120]'; END IF;
    IF a.id IS NULL THEN RETURN '[10]'; END IF;
    UPDATE tandem.accounts SET id = NULL, session_node = NULL, session_no = NULL WHERE username = a.username;
    PERFORM tandem.leave(a.id, a.taken_seq, a.last_seq, true);
    DELETE FROM tandem.names WHERE username = a.username;
    RETURN jsonb_build_array(48, a.session_node, a.session_no);

  WHEN 'reset' THEN
    IF a.id IS NULL THEN RETURN '[10]'; END IF;
    PERFORM tandem.store_firsts(ARRAY[a.username]);
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
  rows_left bigint := ${rowsOfBatchMax};
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
  IF held <> names THEN
    names := ARRAY(
      SELECT h.name FROM unnest(names) WITH ORDINALITY AS n (name, place) LEFT JOIN unnest(held) AS h (name) USING (name)
      ORDER BY place);
  END IF;
  FOR step IN SELECT value FROM jsonb_array_elements(steps) LOOP
    IF step->>'do' = 'traffic' THEN
      SELECT outcomes || to_jsonb(c), rows_left - COALESCE((SELECT sum(r) FROM unnest(c.removed) AS r WHERE r > 0), 0)
      INTO outcomes, rows_left
      FROM jsonb_to_record(step) AS t (
        takers integer[], taker_sessions bigint[], throughs bigint[],
        senders text[], sender_sessions bigint[], recipients integer[], bodies text[], overs boolean[])
      CROSS JOIN LATERAL tandem.carry_traffic(me, names, t.takers, t.taker_sessions, t.throughs,
        t.senders, t.sender_sessions, t.recipients, t.bodies, t.overs, mailbox_max, rows_left) AS c;
    ELSE
      outcomes := outcomes || jsonb_build_array(tandem.carry_out_one(me, held, step));
      leftovers := leftovers OR step->>'do' IN ('delete', 'remove');
    END IF;
  END LOOP;
  IF leftovers THEN DELETE FROM tandem.accounts WHERE username = ANY (names) AND id IS NULL; END IF;
  RETURN outcomes;
END $$;
`;
