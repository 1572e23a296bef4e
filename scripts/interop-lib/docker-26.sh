# Sourced by scripts/interop: the Docker of Debian 13 (since 25, `docker save` writes an OCI layout), in a root filesystem
# and with a daemon of its own. The root is kept below OUT for the next run.

# have_docker_26: starts the daemon once; false, after it has said why, where it cannot be had.
have_docker_26() {
    if [ -z "${docker_26:-}" ]; then
        docker_26=no
        if make_docker_26 >"$OUT/docker-26-install.log" 2>&1 && start_docker_26; then docker_26=yes
        else echo "interop: NOTHING IS TRIED with Docker 26, it cannot be had: $OUT/docker-26-install.log, docker-26.log" >&2; fi
    fi
    [ $docker_26 = yes ]
}

make_docker_26() {
    local root=$OUT/docker-26 mirror
    [ ! -d "$root" ] || return 0
    mirror=${OSLIM_MIRROR:-$(grep -hoE '^(URIs:|deb(-src)?( \[[^]]*\])?) *https?://[^ ]+' /etc/apt/sources.list.d/debian.sources \
        /etc/apt/sources.list 2>/dev/null | grep -oE 'https?://[^ ]+' | head -n1)}
    rm -rf "$root.part"
    mmdebstrap --mode=root --variant=minbase --include=docker.io --aptopt='Apt::Install-Recommends "false"' \
        trixie "$root.part" "deb $mirror trixie main" && mv "$root.part" "$root"
}

start_docker_26() {
    # A mount namespace of its own, and a root that is a mount point: runc's pivot_root wants one.
    # shellcheck disable=SC2016
    unshare --mount sh -c 'mount --bind "$0" "$0" && for part in proc sys dev; do mount --rbind /$part "$0/$part" || exit; done &&
        exec chroot "$0" dockerd --host unix:///run/interop.sock --data-root /var/lib/interop --exec-root /run/interop \
            --pidfile /run/interop.pid --storage-driver vfs --iptables=false --ip6tables=false --ip-forward=false --bridge=none' \
        "$OUT/docker-26" >"$OUT/docker-26.log" 2>&1 </dev/null &
    docker_26_pid=$!
    for _ in $(seq 120); do
        docker_26 info >/dev/null 2>&1 && return
        kill -0 "$docker_26_pid" 2>/dev/null || return
        sleep 0.5
    done
    return 1
}

stop_docker_26() {
    [ -n "${docker_26_pid:-}" ] || return 0
    docker_26 rmi -f interop/made:1 interop/made:1-slim >/dev/null 2>&1
    kill "$docker_26_pid" 2>/dev/null && wait "$docker_26_pid" 2>/dev/null
}

# The client of this machine speaks with any daemon.
docker_26() { DOCKER_HOST=unix://$OUT/docker-26/run/interop.sock command docker "$@"; }
