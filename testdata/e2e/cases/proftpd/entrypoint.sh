#!/bin/bash
set -e

if [ "$1" = proftpd ]; then
    keys=/etc/proftpd/keys
    if [ ! -f $keys/tls.pem ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=${SERVER_NAME}" -keyout $keys/tls.pem -out $keys/tls.crt 2>/dev/null
        chmod 600 $keys/tls.pem
    fi
    [ -f $keys/host_rsa ] || ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f $keys/host_rsa
    # FTP_USERS: NAME:PASSWORD[:UID] and so on
    for entry in $FTP_USERS; do
        IFS=: read -r name password uid <<<"$entry"
        id "$name" >/dev/null 2>&1 || useradd --create-home --shell /bin/false ${uid:+--uid "$uid"} "$name"
        echo "$name:$password" | chpasswd
        echo "account $name"
    done
    export PASSIVE_PORTS
    set -- "$@" -d "${DEBUG_LEVEL:-0}"
fi
exec "$@"
