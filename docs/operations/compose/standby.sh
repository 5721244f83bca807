#!/bin/sh
# Follows the primary, from a copy that it makes at its first start.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  until pg_basebackup --pgdata="$PGDATA" --slot=standby --write-recovery-conf --checkpoint=fast \
    --dbname="host=${PRIMARY:-primary} user=replicator application_name=standby"; do
    sleep 1
  done
fi
chmod 0700 "$PGDATA"
exec postgres
