/** The step of the schema by which nodes tell each other what users and addresses have used. */
export const sharedUseStep = `
-- For some seconds: whoever has lost it has lost no message. The numbers are in the order of the calls, nearly.
CREATE UNLOGGED TABLE tandem.uses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node integer NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used jsonb NOT NULL
);

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
