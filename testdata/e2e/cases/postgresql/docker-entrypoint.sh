#!/usr/bin/env bash
set -eo pipefail

# The first start makes the cluster and runs what lies in /docker-entrypoint-initdb.d.
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}"
    initdb --username=postgres --pwfile=<(echo "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 >/dev/null
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start >/dev/null
    psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc -U postgres)
    "${psql[@]}" -d postgres -c "CREATE DATABASE \"${POSTGRES_DB:-app}\"" >/dev/null
    for f in /docker-entrypoint-initdb.d/*; do
        case "$f" in
            *.sql) echo "running ${f##*/}"; "${psql[@]}" -d "${POSTGRES_DB:-app}" -f "$f" >/dev/null ;;
            *.sql.gz) echo "running ${f##*/}"; gunzip -c "$f" | "${psql[@]}" -d "${POSTGRES_DB:-app}" >/dev/null ;;
        esac
    done
    pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
    echo 'init done'
fi
exec "$@"
