# Sourced by scripts/e2e: a registry on loopback, for --source registry.

# start_registry: sets registry_host (localhost:PORT) and registry_pid.
start_registry() {
    command -v docker-registry >/dev/null || { apt-get update && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends docker-registry; } >"$OUT/registry-install.log" 2>&1 ||
        { echo "e2e: docker-registry cannot be installed: $OUT/registry-install.log" >&2; return 1; }
    local port
    port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
    registry_host=localhost:$port
    registry_dir=$(mktemp -d "$OUT/registry.XXXXXX")
    cat >"$registry_dir/config.yml" <<YML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: "$registry_dir"}}
http: {addr: "127.0.0.1:$port"}
YML
    # In a shell of its own, so that `wait` sees the cases alone.
    registry_pid=$(docker-registry serve "$registry_dir/config.yml" >"$OUT/registry.log" 2>&1 & echo $!)
    for _ in $(seq 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        sleep 0.1
    done
    echo "e2e: the registry does not come up: $OUT/registry.log" >&2
    return 1
}

stop_registry() { kill "$registry_pid" 2>/dev/null; rm -rf "$registry_dir"; }
