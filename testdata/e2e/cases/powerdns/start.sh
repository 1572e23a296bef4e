#!/bin/bash
# Makes the database from the package's own schema on the first start, and fills it with the zones of the image.
set -eu
db=/var/lib/powerdns/pdns.sqlite3
case ${1:-} in '' | -*) ;; *) exec "$@" ;; esac
if [ ! -s "$db" ]; then
    sqlite3 "$db" < /usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
    for zone in /etc/powerdns/zones/*.zone; do
        name=$(basename "$zone" .zone)
        pdnsutil load-zone "$name" "$zone" >/dev/null 2>&1
        echo "loaded $name"
    done
    pdnsutil secure-zone signed.example >/dev/null 2>&1
    pdnsutil set-meta example.org ALLOW-AXFR-FROM 127.0.0.0/8 >/dev/null 2>&1
    pdnsutil import-tsig-key transfer hmac-sha256 c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0 >/dev/null 2>&1
    pdnsutil set-meta 2.0.192.in-addr.arpa TSIG-ALLOW-AXFR transfer >/dev/null 2>&1
    chown -R pdns:pdns /var/lib/powerdns
fi
exec /usr/sbin/pdns_server --guardian=no --daemon=no --disable-syslog --write-pid=no --api-key="$PDNS_API_KEY" "$@"
