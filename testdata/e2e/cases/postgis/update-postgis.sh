#!/bin/sh
set -e
export PGUSER="${POSTGRES_USER:-postgres}"
for db in template_postgis "${POSTGRES_DB:-postgres}"; do
    psql --dbname="$db" -c 'ALTER EXTENSION postgis UPDATE; ALTER EXTENSION postgis_topology UPDATE;'
done
