/** The index of the parts of names. */
export const nameIndex = `
-- Makes the index of the parts of names, if there may be one, and tells if there is. The extension comes with
-- PostgreSQL, whose packager or operator may have left it out; nobody is to wait for a long list of new names.
CREATE FUNCTION tandem.index_names() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  place text;
BEGIN
  IF to_regclass('tandem.names_by_part') IS NOT NULL THEN RETURN true; END IF;
  CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA tandem;
  SELECT n.nspname INTO place
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  EXECUTE format('CREATE INDEX names_by_part ON tandem.names
    USING gin (username %I.gin_trgm_ops) WITH (gin_pending_list_limit = 256)', place);
  RETURN true;
EXCEPTION
  WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RETURN false;
END $$;

SELECT tandem.index_names();
`;
