/** The class of the nodes' locks. */
export const nodeLockClass = 1_952_542_308;

/** The end of a query for the locks of the nodes of this database. A node has its own while it is connected. */
export const fromNodeLocks = `
FROM pg_locks WHERE locktype = 'advisory' AND classid = ${nodeLockClass} AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** The functions by which nodes come, live beside each other, and go. */
export const nodeFunctions = `
-- Makes a node. Its lock is held as long as the connection, and shows others at once that it has died.
CREATE FUNCTION tandem.join_nodes(node_name text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  made integer;
BEGIN
  INSERT INTO tandem.nodes (name) VALUES (node_name) RETURNING id INTO made;
  INSERT INTO tandem.leases (node) VALUES (made);
  PERFORM pg_advisory_lock(${nodeLockClass}, made);
  RETURN made;
END $$;

-- Puts the messages that lie with accounts among the others, as their sessions end: there they count for their
-- senders. The rows of the accounts are locked.
CREATE FUNCTION tandem.store_firsts(names text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tandem.messages (recipient, seq, sender, body)
  SELECT id, first_seq, first_sender, first_body FROM tandem.accounts
  WHERE username = ANY (names) AND first_seq > taken_seq;
  UPDATE tandem.accounts SET first_seq = NULL, first_sender = NULL, first_body = NULL
  WHERE username = ANY (names) AND first_seq IS NOT NULL;
$$;

-- Buries a node: it changes nothing any more, and its sessions have ended. Waits for its last write. Takes them
-- out of the accounts in slices, in the order of the names: each call those behind the last of the one before,
-- until there is none. Tells if the node was there.
CREATE FUNCTION tandem.bury(dead integer, after text, OUT news boolean, OUT last text) LANGUAGE plpgsql AS $$
DECLARE
  slice text[];
BEGIN
  DELETE FROM tandem.nodes WHERE id = dead;
  news := FOUND;
  slice := ARRAY(
    SELECT username FROM tandem.accounts WHERE session_node = dead AND username > after
    ORDER BY username LIMIT 1000 FOR NO KEY UPDATE);
  PERFORM tandem.store_firsts(slice);
  UPDATE tandem.accounts SET session_node = NULL, session_through = last_seq WHERE username = ANY (slice);
  last := slice[cardinality(slice)];
  IF last IS NULL THEN DELETE FROM tandem.leases WHERE node = dead; END IF;
END $$;

-- All nodes. One has died when it, or its lock, is gone.
CREATE VIEW tandem.cluster AS
SELECT l.node, n.name, n.began, l.renewals, l.renewed, l.report, l.draining,
  n.id IS NULL OR NOT EXISTS (
    SELECT FROM pg_locks k
    WHERE k.locktype = 'advisory' AND k.classid = ${nodeLockClass} AND k.objid = l.node::oid AND k.granted
      AND k.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())) AS died
FROM tandem.leases l LEFT JOIN tandem.nodes n ON n.id = l.node;

-- Renews the lease of a node, which says what operators see of it, and tells of all nodes.
CREATE FUNCTION tandem.renew(me integer, said jsonb)
RETURNS TABLE (node integer, renewals bigint, died boolean, draining boolean) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tandem.leases l SET renewals = l.renewals + 1, renewed = clock_timestamp(), report = said
  WHERE l.node = me;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM tandem.nodes n WHERE n.id = me) THEN
    RAISE EXCEPTION 'node % is buried', me USING ERRCODE = 'TD001';
  END IF;
  RETURN QUERY SELECT c.node, c.renewals, c.died, c.draining FROM tandem.cluster c;
END $$;

-- Tells the other nodes what was used at one, and returns what was told since, which is nothing for its own.
CREATE FUNCTION tandem.share_use(me integer, said jsonb, after bigint)
RETURNS TABLE (id bigint, used jsonb) LANGUAGE plpgsql AS $$
BEGIN
  IF said IS NOT NULL THEN INSERT INTO tandem.uses (node, used) VALUES (me, said); END IF;
  IF said IS NOT NULL OR EXISTS (SELECT FROM tandem.uses u) THEN
    DELETE FROM tandem.uses u WHERE u.at < clock_timestamp() - interval '10 seconds';
  END IF;
  RETURN QUERY SELECT u.id, CASE WHEN u.node <> me THEN u.used ELSE '{}' END
  FROM tandem.uses u WHERE u.id > after ORDER BY u.id;
END $$;
`;
