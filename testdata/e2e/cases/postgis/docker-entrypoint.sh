#!/usr/bin/env bash
set -Eeo pipefail

file_env() { # VARIABLE: from the environment, or from the file that VARIABLE_FILE names
    local var=$1 file="${1}_FILE" value=${2:-}
    if [ -n "${!var:-}" ] && [ -n "${!file:-}" ]; then printf 'error: both %s and %s are set\n' "$var" "$file" >&2; exit 1; fi
    if [ -n "${!var:-}" ]; then value=${!var}; elif [ -n "${!file:-}" ]; then value=$(<"${!file}"); fi
    export "$var"="$value"
    unset "$file"
}

process_files() {
    local f
    for f; do
        case "$f" in
            *.sh) echo "$0: running ${f##*/}"; if [ -x "$f" ]; then "$f"; else . "$f"; fi ;;
            *.sql) echo "$0: running ${f##*/}"; "${psql[@]}" --dbname "$POSTGRES_DB" -f "$f" ;;
            *.sql.gz) echo "$0: running ${f##*/}"; gunzip -c "$f" | "${psql[@]}" --dbname "$POSTGRES_DB" ;;
            *) echo "$0: ignoring ${f##*/}" ;;
        esac
    done
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "$1" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA"
        find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
        chmod 700 "$PGDATA"
        exec gosu postgres "$BASH_SOURCE" "$@"
    fi
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        file_env POSTGRES_PASSWORD
        file_env POSTGRES_USER postgres
        file_env POSTGRES_DB "$POSTGRES_USER"
        if [ -z "$POSTGRES_PASSWORD" ]; then
            printf 'Error: Database is uninitialized and superuser password is not specified.\n' >&2
            exit 1
        fi
        eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' >/dev/null'
        printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
        PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start >/dev/null
        export PGUSER=$POSTGRES_USER PGDATABASE=postgres
        psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc -q)
        if [ "$POSTGRES_DB" != postgres ]; then "${psql[@]}" -c "CREATE DATABASE \"$POSTGRES_DB\""; fi
        process_files /docker-entrypoint-initdb.d/*
        pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
        unset PGUSER PGDATABASE
        echo 'PostgreSQL init process complete; ready for start up.'
    fi
fi
exec "$@"
