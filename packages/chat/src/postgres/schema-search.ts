/**
 * The step of the schema by which searches read names alone. The rows of accounts are wide, and change with
 * each login; those of names only come and go, so an index of the parts of names costs no login anything.
 */
export const searchStep = `
CREATE TABLE tandem.names (username text COLLATE "C" PRIMARY KEY);

-- Also for nodes of the version before: whoever makes or deletes an account sets its id.
CREATE FUNCTION tandem.keep_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id IS NULL THEN
    DELETE FROM tandem.names WHERE username = NEW.username;
  ELSE
    INSERT INTO tandem.names VALUES (NEW.username) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_name AFTER UPDATE OF id ON tandem.accounts
  FOR EACH ROW EXECUTE FUNCTION tandem.keep_name();

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

-- No account comes or goes meanwhile.
LOCK TABLE tandem.accounts IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO tandem.names SELECT username FROM tandem.accounts WHERE id IS NOT NULL;
SELECT tandem.index_names();
`;
