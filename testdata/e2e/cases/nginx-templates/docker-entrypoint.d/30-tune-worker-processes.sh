#!/bin/sh
set -eu
[ "${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
n=$(nproc)
[ "$n" -lt 2 ] || n=2
sed -i.bak -r 's/^worker_processes .*/worker_processes '"$n"';/' /etc/nginx/nginx.conf
echo "$(basename "$0"): tuned"
