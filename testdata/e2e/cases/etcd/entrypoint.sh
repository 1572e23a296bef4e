#!/bin/bash
set -euo pipefail
export ETCD_NAME=${ETCD_NAME:-$(hostname -s)}
export ETCD_LISTEN_CLIENT_URLS=${ETCD_LISTEN_CLIENT_URLS:-http://0.0.0.0:2379}
export ETCD_ADVERTISE_CLIENT_URLS=${ETCD_ADVERTISE_CLIENT_URLS:-http://127.0.0.1:2379}
export ETCD_INITIAL_CLUSTER=${ETCD_INITIAL_CLUSTER:-$ETCD_NAME=http://localhost:2380}
if [ "${1:-}" = etcd ]; then
    if [ -n "$(ls -A "$ETCD_DATA_DIR")" ]; then echo "==> data found in $ETCD_DATA_DIR"; else echo "==> new member $ETCD_NAME"; fi
    if [ -n "${ETCD_ROOT_PASSWORD:-}" ] && [ ! -d "$ETCD_DATA_DIR/member" ]; then
        ETCD_LISTEN_CLIENT_URLS=http://127.0.0.1:2379 etcd >/dev/null 2>&1 &
        pid=$!
        for _ in {1..50}; do etcdctl endpoint health >/dev/null 2>&1 && break; sleep 0.2; done
        etcdctl user add "root:$ETCD_ROOT_PASSWORD"
        etcdctl user grant-role root root
        etcdctl auth enable
        kill "$pid"; wait "$pid" || true
    fi
fi
exec "$@"
