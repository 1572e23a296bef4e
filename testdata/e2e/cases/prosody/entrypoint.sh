#!/bin/bash
set -e

if [[ "$1" != "prosody" ]]; then
    exec prosodyctl "$@"
fi

if [ -n "$LOCAL" ] && [ -n "$PASSWORD" ] && [ -n "$DOMAIN" ]; then
    prosodyctl register "$LOCAL" "$DOMAIN" "$PASSWORD"
fi

exec "$@"
