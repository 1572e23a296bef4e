#!/bin/sh
set -e
if [ "$1" = tarantool ] && [ "$(id -u)" = 0 ]; then
    chown -R tarantool:tarantool /var/lib/tarantool
    exec gosu tarantool "$0" "$@"
fi
exec "$@"
