#!/usr/bin/env bash
set -Eeo pipefail

run_files() {
    local f
    for f; do
        case "$f" in
            *.sh) echo "$0: sourcing $f"; . "$f" ;;
            *.sql) echo "$0: running $f"; psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U postgres -d shop -f "$f" ;;
            *) echo "$0: ignoring $f" ;;
        esac
    done
}

if [ "${1:0:1}" = '-' ]; then
    set -- postgres "$@"
fi
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
    chown -R postgres:postgres "$PGDATA"
    exec gosu postgres "$BASH_SOURCE" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    if [ -z "$POSTGRES_PASSWORD" ]; then
        echo >&2 'Error: the superuser password is not specified: set POSTGRES_PASSWORD.'
        exit 1
    fi
    initdb --username=postgres --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 $POSTGRES_INITDB_ARGS >/dev/null
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c cron.launch_active_jobs=off" -w start >/dev/null
    createdb -U postgres shop
    run_files /docker-entrypoint-initdb.d/*
    pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
    echo 'PostgreSQL init process complete; ready for start up.'
fi
exec "$@"
