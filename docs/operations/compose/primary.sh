#!/bin/sh
# Makes the database and its users, and lets a standby follow. Called once, when the data is made.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --set=word="$POSTGRES_PASSWORD" --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE tandem LOGIN PASSWORD :'word';
CREATE DATABASE tandem OWNER tandem;
REVOKE CONNECT ON DATABASE tandem FROM PUBLIC;
CREATE ROLE replicator REPLICATION LOGIN PASSWORD :'word';
SELECT pg_create_physical_replication_slot('standby');
-- A standby that stays away does not fill the disk; it has to be made anew then.
ALTER SYSTEM SET max_slot_wal_keep_size = '10GB';
-- From the next start on: now there is none.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL
echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
