/** The tables. */
export const tables = `
CREATE SEQUENCE tandem.account_ids;
CREATE SEQUENCE tandem.session_numbers;

-- A node that lives. A row that is gone is the fence: whoever has the number changes nothing any more, and
-- its sessions have ended, also those that accounts still have.
CREATE TABLE tandem.nodes (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  began timestamptz NOT NULL DEFAULT now()
);

-- Apart from the nodes, so that neither a renewal nor a drain waits for writes, which share the row of their
-- node. That of a node that is gone stays until no account has a session of it.
CREATE TABLE tandem.leases (
  node integer PRIMARY KEY,
  renewals bigint NOT NULL DEFAULT 0,
  renewed timestamptz NOT NULL DEFAULT clock_timestamp(),
  report jsonb NOT NULL DEFAULT '{}',
  draining boolean NOT NULL DEFAULT false
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
  -- The first message of the mailbox, when there was a session to take it at once: a row of messages less, and
  -- nothing to remove. It is one of the mailbox while its number is above taken_seq.
  first_seq bigint,
  first_sender text,
  first_body text,
  secret text,
  token text,
  token_before text,
  tokens_end timestamptz
) WITH (fillfactor = 70);
CREATE INDEX accounts_by_node ON tandem.accounts (session_node, username) WHERE session_node IS NOT NULL;

-- What searches read. The rows of accounts are wide, and change with each login; these only come and go, so an
-- index of the parts of names costs no login anything.
CREATE TABLE tandem.names (username text COLLATE "C" PRIMARY KEY);

-- A mailbox is the messages above taken_seq, up to last_seq, the first of which may be with the account. There may be
-- rows of others for a while: leftovers. Numbers are given under the lock of the account's row, without a gap, so their
-- order is the order of the commits.
CREATE TABLE tandem.messages (
  recipient bigint,
  seq bigint,
  sender text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (recipient, seq)
);
-- Nodes count the bytes of a sender by it. A sum for each sender would be a row that every recipient's node
-- waits for.
CREATE INDEX messages_by_sender ON tandem.messages (sender);

-- Rows of messages that are in no mailbox any more: above after, up to through. Nodes remove them in slices, as the
-- batch that empties many mailboxes would hold up everybody. Where the account is gone, its blocks go, too.
CREATE TABLE tandem.leftovers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient bigint NOT NULL,
  after bigint NOT NULL,
  through bigint NOT NULL,
  deleted boolean NOT NULL
);
CREATE INDEX leftovers_by_recipient ON tandem.leftovers (recipient, through);

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

-- What users and addresses have used at each node, for some seconds: whoever has lost it has lost no message. The numbers are in the order of the calls, nearly.
CREATE UNLOGGED TABLE tandem.uses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node integer NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used jsonb NOT NULL
);

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
    USING gin (username %I.gin_trgm_ops) WITH (gin_pending_list_limit = 64)', place);
  RETURN true;
EXCEPTION
  WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RETURN false;
END $$;

SELECT tandem.index_names();
`;
