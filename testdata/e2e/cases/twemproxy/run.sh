#!/bin/sh
# Arguments go to the proxy; without any it runs in the foreground with the pools of the environment.
set -e
SERVER_LINES=$(for s in $REDIS_SERVERS; do echo "   - $s"; done)
export SERVER_LINES
envsubst </etc/nutcracker/nutcracker.yml.tmpl >/tmp/nutcracker.yml
[ $# -gt 0 ] || set -- -v "${VERBOSE:-4}" -m "${MBUF:-16384}"
exec nutcracker -c /tmp/nutcracker.yml -i 1000 "$@"
