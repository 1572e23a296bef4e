# Sourced by every probe as `. "$TESTBED/lib.sh"`, with the image's tag in $1. Restarts the probe under a time
# limit (PROBE_TIMEOUT, 300 s) and removes its containers at the end. Gives:
#   once [docker run options] [-- arguments]    a container to its end: stdout, then stderr, then exit status
#   start [docker run options] [-- arguments]   a container in the background; sets CID
#   sidecar [docker run options] -- COMMAND     a helper from CLIENTS in the background; sets SIDE and CID
#   in_net COMMAND                              a client from CLIENTS in CID's network
#   in_volumes COMMAND                          the same with CID's volumes
#   wait_tcp PORT, wait_log PATTERN             until CID listens there, or logs that
#   stop                                        docker stop, and the exit status
#   hash                                        stdin, as 16 hexadecimal digits
# No container has a network beyond its own loopback; NET=container:$SIDE shares a sidecar's.
set -u
if [ -z "${PROBE_INNER:-}" ]; then
    PROBE_INNER=1 exec timeout -k 5 "${PROBE_TIMEOUT:-300}" "$0" "$@"
fi
export LC_ALL=C
IMG=$1
CASE_DIR=$(cd "$(dirname "$0")" && pwd)
CLIENTS=oslim-base:tools
PROBE_ID=oslim-probe-$$
CID=

remove_containers() {
    local ids
    ids=$(docker ps -aq --filter "label=$PROBE_ID")
    # shellcheck disable=SC2086
    [ -z "$ids" ] || docker rm -f -v $ids >/dev/null 2>&1
}
trap remove_containers EXIT
trap 'exit 124' TERM INT

# split OPTIONS -- ARGUMENTS: into the arrays options and arguments.
split() {
    options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    [ "${1:-}" = -- ] && shift
    arguments=("$@")
}

once() {
    local options arguments err status
    split "$@"
    err=$(mktemp)
    [ "${NET:-none}" != none ] || options+=(--hostname probe)
    docker run --rm -i --network "${NET:-none}" --label "$PROBE_ID" "${options[@]}" "$IMG" "${arguments[@]}" \
        </dev/null 2>"$err"
    status=$?
    # The daemon's own remark about its host is not the image's behaviour.
    sed -e '/^WARNING: IPv4 forwarding is disabled/d' -e 's/^/err: /' "$err"
    rm -f "$err"
    echo "exit=$status"
}

start() {
    local options arguments
    split "$@"
    [ "${NET:-none}" != none ] || options+=(--hostname probe)
    CID=$(docker run -d --network "${NET:-none}" --label "$PROBE_ID" "${options[@]}" "$IMG" "${arguments[@]}") ||
        { echo "start failed"; exit 1; }
}

sidecar() {
    local options arguments
    split "$@"
    SIDE=$(docker run -d --network none --label "$PROBE_ID" "${options[@]}" "$CLIENTS" "${arguments[@]}") || exit 1
    CID=$SIDE
}

in_net() { docker run --rm -i --network "${NET:-container:$CID}" --label "$PROBE_ID" "$CLIENTS" timeout 60 "$@"; }

in_volumes() { docker run --rm -i --network none --volumes-from "$CID" --label "$PROBE_ID" "$CLIENTS" timeout 60 "$@"; }

give_up() { echo "$1"; docker logs --tail 15 "$CID" >&2; exit 1; }

wait_tcp() {
    in_net python3 -c '
import socket, sys, time
for _ in range(400):
    try: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1); sys.exit(0)
    except OSError: time.sleep(0.1)
sys.exit(1)' "$1" 2>/dev/null || give_up "nothing listens on port $1"
}

wait_log() {
    for _ in $(seq 400); do
        docker logs "$CID" 2>&1 | grep -q -e "$1" && return
        sleep 0.1
    done
    give_up "no '$1' in the log"
}

stop() {
    docker stop -t 15 "$CID" >/dev/null
    echo "stop exit=$(docker inspect -f '{{.State.ExitCode}}' "$CID")"
}

hash() { sha256sum | cut -c1-16; }
