/**
 * The step of the schema by which operators see the nodes, and ask one to leave. Nodes of the version before
 * go on beside it: they renew their leases with the function of one argument.
 */
export const clusterStep = `
-- In the lease, so that neither a report nor a drain waits for writes.
ALTER TABLE tandem.leases
  ADD COLUMN renewed timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN report jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN draining boolean NOT NULL DEFAULT false;

-- All nodes. One has died when it, or its lock, is gone.
CREATE VIEW tandem.cluster AS
SELECT l.node, n.name, n.began, l.renewals, l.renewed, l.report, l.draining,
  n.id IS NULL OR NOT EXISTS (
    SELECT FROM pg_locks k
    WHERE k.locktype = 'advisory' AND k.classid = 1952542308 AND k.objid = l.node::oid AND k.granted
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
`;
