# Sourced by scripts/e2e: a Docker daemon to build, load and run images with.

# have_daemon: true once a daemon answers and DOCKER_HOST names it. Installs and starts one as root on Debian;
# anywhere else says why the run is skipped. A daemon started here stays, with its images, for the next run.
have_daemon() {
    local state=${OSLIM_DOCKER_DIR:-${TMPDIR:-/tmp}/oslim-docker} own
    own=unix://$state/docker.sock
    if command -v docker >/dev/null; then
        docker info >/dev/null 2>&1 && return
        if DOCKER_HOST=$own docker info >/dev/null 2>&1; then export DOCKER_HOST=$own; return; fi
    fi
    [ "$(id -u)" = 0 ] || { skip "no Docker daemon answers, and only root can start one"; return 1; }
    if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null; then
        grep -qs '^ID=debian$' /etc/os-release || { skip "Docker is not installed, and this is not Debian"; return 1; }
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io; } \
            >"$OUT/docker-install.log" 2>&1 || { skip "docker.io cannot be installed: $OUT/docker-install.log"; return 1; }
    fi
    start_daemon "$state" || { skip "dockerd does not come up here: $(tail -n1 "$state/log")"; return 1; }
    export DOCKER_HOST=$own
    echo "e2e: started a Docker daemon (DOCKER_HOST=$own); it stays for the next run, kill $(cat "$state/pid") ends it" >&2
}

start_daemon() { # STATE: a daemon whose files all lie under STATE
    local state=$1
    mkdir -p "$state"
    # A pid file of a daemon that is gone would keep the next one from starting.
    [ "$(cat "/proc/$(cat "$state/pid" 2>/dev/null)/comm" 2>/dev/null)" = dockerd ] || rm -f "$state/pid"
    # Its own configuration file, so that scripts/excess can add a runtime to it while it runs.
    [ -f "$state/daemon.json" ] || echo '{}' >"$state/daemon.json"
    # No bridge and no iptables: containers use --network none or host, so nothing of the machine's network changes.
    setsid -f dockerd --config-file "$state/daemon.json" --host "unix://$state/docker.sock" --data-root "$state/data" --exec-root "$state/exec" \
        --pidfile "$state/pid" --iptables=false --ip-forward=false --bridge=none >"$state/log" 2>&1 </dev/null
    for _ in $(seq 60); do
        DOCKER_HOST=unix://$state/docker.sock docker info >/dev/null 2>&1 && return
        sleep 0.5
    done
    return 1
}

skip() {
    printf '\n*** e2e: NOTHING WAS TRIED: %s ***\n\n' "$1" >&2
    echo "skipped: $1"
}

# watch_runtime: makes the runtime "watch" of scripts/excess known to the daemon that start_daemon started; prints its directory.
watch_runtime() {
    local state=${OSLIM_DOCKER_DIR:-${TMPDIR:-/tmp}/oslim-docker} pid
    pid=$(cat "$state/pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] ||
        { echo "cannot watch: no daemon of scripts/e2e runs" >&2; return 1; }
    mkdir -p "$state/watch"
    install -m 755 "$root/scripts/excess-lib/runtime.py" "$state/watch/runtime"
    if ! docker info -f '{{json .Runtimes}}' | grep -q '"watch"'; then
        printf '{"runtimes": {"watch": {"path": "%s"}}}\n' "$state/watch/runtime" >"$state/daemon.json"
        kill -HUP "$pid"
        sleep 1
    fi
    docker info -f '{{json .Runtimes}}' | grep -q '"watch"' || { echo "cannot watch: the daemon takes no runtime" >&2; return 1; }
    echo "$state/watch"
}
