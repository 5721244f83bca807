// The rows that a step removes itself: a batch has up to 64 steps.
const rowsOfStepMax = 16;

/** The functions for rows that are of no use any more. */
export const leftoverFunctions = `
-- Removes what an account has taken: at once when that is little, otherwise in slices. A deleted one has taken all.
CREATE FUNCTION tandem.leave(account bigint, after bigint, through bigint, deleted boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF through - after > ${rowsOfStepMax} OR deleted AND ${rowsOfStepMax} < (
    SELECT count(*) FROM (
      SELECT FROM tandem.blocks b WHERE b.blocker = account LIMIT ${rowsOfStepMax} + 1) few)
  THEN
    INSERT INTO tandem.leftovers (recipient, after, through, deleted)
    VALUES (account, leave.after, leave.through, leave.deleted);
    RETURN;
  END IF;
  IF after < through THEN
    DELETE FROM tandem.messages m WHERE m.recipient = account AND m.seq > after AND m.seq <= leave.through;
  END IF;
  IF deleted THEN DELETE FROM tandem.blocks b WHERE b.blocker = account; END IF;
END $$;

-- Removes up to so many rows: those that are left over, and those of leftovers itself, each of which may tell of few.
-- Returns how many. Nodes work on different ones.
CREATE FUNCTION tandem.sweep(most integer) RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  l tandem.leftovers;
  done integer := 0;
  more integer;
  reached bigint;
BEGIN
  FOR l IN SELECT * FROM tandem.leftovers ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED LOOP
    WITH gone AS (
      DELETE FROM tandem.messages WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM tandem.messages
        WHERE recipient = l.recipient AND seq > l.after AND seq <= l.through ORDER BY seq LIMIT most - done))
      RETURNING seq
    ) SELECT count(*), max(seq) INTO more, reached FROM gone;
    done := done + more;
    IF done < most AND l.deleted THEN
      DELETE FROM tandem.blocks WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM tandem.blocks WHERE blocker = l.recipient LIMIT most - done));
      GET DIAGNOSTICS more = ROW_COUNT;
      done := done + more;
    END IF;
    IF done >= most THEN
      UPDATE tandem.leftovers SET after = COALESCE(reached, after) WHERE id = l.id;
      RETURN done;
    END IF;
    DELETE FROM tandem.leftovers WHERE id = l.id;
    done := done + 1;
    EXIT WHEN done >= most;
  END LOOP;
  RETURN done;
END $$;
`;
