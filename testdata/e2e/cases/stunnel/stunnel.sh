#!/bin/sh -e
for name in SERVICE ACCEPT CONNECT; do
    eval "value=\${STUNNEL_$name:-}"
    if [ -z "$value" ]; then
        echo >&2 "error: STUNNEL_$name is missing"
        exit 1
    fi
done
if [ ! -f "$STUNNEL_KEY" ]; then
    if [ -f "$STUNNEL_CRT" ]; then
        echo >&2 "crt ($STUNNEL_CRT) without key ($STUNNEL_KEY)"
        exit 1
    fi
    openssl req -x509 -nodes -newkey rsa:2048 -days 3650 -subj "/CN=${STUNNEL_SERVICE}" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
        -keyout "$STUNNEL_KEY" -out "$STUNNEL_CRT" 2>/dev/null
    chmod 600 "$STUNNEL_KEY"
    echo "made a certificate for $(openssl x509 -noout -subject -in "$STUNNEL_CRT" | cut -d= -f3 | tr -d ' ')"
fi
envsubst <"/srv/stunnel/stunnel.conf.template" >"$STUNNEL_CONF"
if [ -n "$STUNNEL_EXTRA" ]; then printf '%b\n' "$STUNNEL_EXTRA" >>"$STUNNEL_CONF"; fi
exec "$@"
