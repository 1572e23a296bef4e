#!/bin/bash
set -eo pipefail
base=dc=${LDAP_DOMAIN//./,dc=}
ulimit -n 1024
if [ ! -e /etc/ldap/slapd.d/cn=config.ldif ]; then
    echo "making the directory $base"
    if [ ! -e /etc/ldap/certs/ldap.crt ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=localhost" -addext "subjectAltName=IP:127.0.0.1" \
            -keyout /etc/ldap/certs/ldap.key -out /etc/ldap/certs/ldap.crt 2>/dev/null
    fi
    hash=$(slappasswd -s "$LDAP_ADMIN_PASSWORD")
    sed -e "s|@BASE@|$base|; s|@PASSWORD@|$hash|" /etc/ldap/slapd.ldif.in >/tmp/config.ldif
    slapadd -n 0 -F /etc/ldap/slapd.d -l /tmp/config.ldif
    rm /tmp/config.ldif
    chown -R openldap:openldap /etc/ldap/slapd.d /var/lib/ldap /etc/ldap/certs
    slapd -h 'ldap://127.0.0.1 ldapi:///' -u openldap -g openldap -F /etc/ldap/slapd.d
    for _ in $(seq 50); do ldapsearch -x -H ldap://127.0.0.1 -s base -b '' >/dev/null 2>&1 && break; sleep 0.1; done
    for file in /bootstrap/*.ldif; do
        echo "loading ${file##*/}"
        sed "s|@BASE@|$base|g; s|@DC@|${LDAP_DOMAIN%%.*}|g" "$file" |
            ldapadd -x -H ldap://127.0.0.1 -D "cn=admin,$base" -w "$LDAP_ADMIN_PASSWORD" >/dev/null
    done
    kill "$(cat /run/slapd/slapd.pid)"
    while [ -e /run/slapd/slapd.pid ]; do sleep 0.1; done
    echo "directory made"
fi
exec /usr/sbin/slapd -h 'ldap:/// ldaps:/// ldapi:///' -u openldap -g openldap -F /etc/ldap/slapd.d -d "$LDAP_LOG"
