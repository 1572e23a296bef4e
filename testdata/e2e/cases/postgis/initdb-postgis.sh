#!/bin/bash
set -e
# A template database with the extensions, and the same extensions in the database of the user.
"${psql[@]}" <<-'EOSQL'
	CREATE DATABASE template_postgis IS_TEMPLATE true;
	EOSQL
for db in template_postgis "$POSTGRES_DB"; do
    echo "Loading PostGIS extensions into $db"
    "${psql[@]}" --dbname="$db" <<-'EOSQL'
	CREATE EXTENSION IF NOT EXISTS postgis;
	CREATE EXTENSION IF NOT EXISTS postgis_topology;
	\c
	CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
	CREATE EXTENSION IF NOT EXISTS postgis_tiger_geocoder;
	EOSQL
done
