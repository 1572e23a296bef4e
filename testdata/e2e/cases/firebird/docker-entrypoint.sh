#!/usr/bin/env bash
set -eo pipefail

# usage: file_env VAR [DEFAULT]: VAR, or the contents of the file that VAR_FILE names.
file_env() {
    local var="$1" fileVar="${1}_FILE" def="${2:-}" val
    if [ "${!var:-}" ] && [ "${!fileVar:-}" ]; then
        echo >&2 "error: both $var and $fileVar are set (but are exclusive)"
        exit 1
    fi
    val="$def"
    if [ "${!var:-}" ]; then val="${!var}"; elif [ "${!fileVar:-}" ]; then val="$(<"${!fileVar}")"; fi
    export "$var"="$val"
    unset "$fileVar"
}

build() {
    local quote="'"
    [ -n "$FIREBIRD_USER" ] && cat <<SQL
CREATE OR ALTER USER $FIREBIRD_USER PASSWORD ${quote}$FIREBIRD_PASSWORD${quote};
COMMIT;
SQL
    cat <<SQL
CREATE DATABASE ${quote}$DBPATH/$FIREBIRD_DATABASE${quote} USER ${quote}${FIREBIRD_USER:-SYSDBA}${quote} DEFAULT CHARACTER SET $FIREBIRD_CHARSET;
COMMIT;
SQL
}

if [ "$1" = firebird ] || [ "$1" = fbguard ]; then
    file_env ISC_PASSWORD
    file_env FIREBIRD_PASSWORD
    if [ ! -f "$DBPATH/.initialised" ]; then
        if [ -z "$ISC_PASSWORD" ]; then
            ISC_PASSWORD=$(tr -dc A-Za-z0-9 </dev/urandom | head -c 20) || true
            echo "setting 'SYSDBA' password to a random one"
        fi
        isql-fb -q -user SYSDBA security.db <<SQL
CREATE OR ALTER USER SYSDBA PASSWORD '$ISC_PASSWORD' USING PLUGIN Srp;
COMMIT;
SQL
        if [ -n "$FIREBIRD_DATABASE" ] && [ ! -f "$DBPATH/$FIREBIRD_DATABASE" ]; then
            build | isql-fb -q -user SYSDBA security.db
            for f in /docker-entrypoint-initdb.d/*; do
                case "$f" in
                    *.sql) echo "running $f"; isql-fb -q -b -ch UTF8 -user "${FIREBIRD_USER:-SYSDBA}" -i "$f" "$DBPATH/$FIREBIRD_DATABASE" ;;
                    *.sql.gz) echo "running $f"; gunzip -c "$f" | isql-fb -q -b -user SYSDBA "$DBPATH/$FIREBIRD_DATABASE" ;;
                    *) echo "ignoring $f" ;;
                esac
            done
        fi
        touch "$DBPATH/.initialised"
        echo 'init done'
    fi
    unset ISC_PASSWORD FIREBIRD_PASSWORD
fi
exec "$@"
