#!/bin/bash
set -e
[ -d /var/lib/influxdb/meta ] && exit 0
: "${INFLUXDB_ADMIN_PASSWORD:=$(tr -dc 'A-Za-z0-9' </dev/urandom | head -c 32)}"
INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8086 influxd "$@" >/dev/null 2>&1 &
pid=$!
cli=(influx -host 127.0.0.1 -port 8086)
for i in {60..0}; do
    "${cli[@]}" -execute 'SHOW DATABASES' &>/dev/null && break
    "${cli[@]}" -execute 'SHOW DATABASES' 2>&1 | grep -q 'create admin user' && break
    sleep 0.3
done
[ "$i" != 0 ] || { echo >&2 'influxdb init process failed'; exit 1; }
"${cli[@]}" -execute "CREATE USER ${INFLUXDB_ADMIN_USER:-admin} WITH PASSWORD '$INFLUXDB_ADMIN_PASSWORD' WITH ALL PRIVILEGES"
cli+=(-username "${INFLUXDB_ADMIN_USER:-admin}" -password "$INFLUXDB_ADMIN_PASSWORD")
if [ -n "$INFLUXDB_DB" ]; then
    "${cli[@]}" -execute "CREATE DATABASE \"$INFLUXDB_DB\""
    if [ -n "$INFLUXDB_READ_USER" ]; then
        "${cli[@]}" -execute "CREATE USER \"$INFLUXDB_READ_USER\" WITH PASSWORD '$INFLUXDB_READ_USER_PASSWORD'"
        "${cli[@]}" -execute "GRANT READ ON \"$INFLUXDB_DB\" TO \"$INFLUXDB_READ_USER\""
    fi
fi
for f in /docker-entrypoint-initdb.d/*; do
    case "$f" in
        *.sh) echo "$0: running $f"; . "$f" ;;
        *.iql) echo "$0: running $f"; "${cli[@]}" -execute "$(cat "$f")" ;;
        *.txt) echo "$0: importing $f"; "${cli[@]}" -import -path="$f" -precision=s 2>&1 | grep -o 'Processed .*' ;;
    esac
done
kill -s TERM "$pid"
wait "$pid" || true
echo 'influxdb init done'
