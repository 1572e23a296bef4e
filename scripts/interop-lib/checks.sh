# Sourced by scripts/interop: one source, slimmed into every form, and what other tools make of each.

NAME=interop/made:1-slim

# check SOURCE WRITTEN READER COMMAND...: runs it and prints its row.
check() {
    local said status=0 result=pass
    said=$("${@:4}" 2>&1) || status=$?
    if [ $status = 0 ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        result="FAIL ($status): $(tail -n1 <<<"$said")"
    fi
    printf '%-14s %-14s %-22s %s\n' "$1" "$2" "$3" "$result"
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$result" >>"$OUT/results.tsv"
    return $status
}

check_source() { # ROW
    local row=$1 source slim
    make_source "$row" >"$OUT/$row.log" 2>&1
    check "$row" - 'the source is made' test -e "${source#oci:}" || return
    slim=$work/$row.slim
    mkdir -p "$slim"
    check "$row" FILE 'oslim writes' oslim "$slim/file.tar" && check_file
    check "$row" oci-archive 'oslim writes' oslim "oci-archive:$slim/oci.tar" && check_oci_archive
    check "$row" oci 'oslim writes' oslim "oci:$slim/oci" && check_layout oci "$slim/oci"
    check "$row" docker-archive 'oslim writes' oslim "docker-archive:$slim/docker.tar" && check_docker_archive
    check "$row" stdout 'the same as FILE' same_on_stdout
    check "$row" registry 'oslim writes' oslim "docker://$registry_host/$NAME" && check_registry
    rm -rf "$slim"
}

# The name is given: what umoci, skopeo and buildah keep in a layout is a bare tag.
# OSLIM may hold several words.
# shellcheck disable=SC2086
oslim() { $OSLIM "$source" -t "$NAME" -o "$1"; }

same_on_stdout() {
    oslim - 2>/dev/null >"$slim/stdout.tar" && cmp "$slim/file.tar" "$slim/stdout.tar"
}

check_file() {
    check "$row" FILE 'docker load' docker_takes "$slim/file.tar"
    check "$row" FILE 'docker run' docker_runs
    if have_docker_26; then
        check "$row" FILE 'docker 26 load' docker_26_takes "$slim/file.tar"
        check "$row" FILE 'docker 26 run' docker_26_runs
    fi
    check "$row" FILE 'podman load' podman_takes "$slim/file.tar"
    check_podman_run FILE
    check "$row" FILE 'skopeo docker-archive' skopeo_reads "docker-archive:$slim/file.tar"
    check "$row" FILE 'skopeo oci-archive' skopeo_reads "oci-archive:$slim/file.tar"
    mkdir -p "$slim/unpacked" && tar -C "$slim/unpacked" -xf "$slim/file.tar"
    check_layout FILE "$slim/unpacked"
}

check_oci_archive() {
    check "$row" oci-archive 'podman load' podman_takes "$slim/oci.tar"
    check_podman_run oci-archive
    check "$row" oci-archive 'skopeo inspect, copy' skopeo_reads "oci-archive:$slim/oci.tar"
}

check_docker_archive() {
    check "$row" docker-archive 'docker load' docker_takes "$slim/docker.tar"
    check "$row" docker-archive 'docker run' docker_runs
    check "$row" docker-archive 'podman load' podman_takes "$slim/docker.tar"
    check "$row" docker-archive 'skopeo inspect, copy' skopeo_reads "docker-archive:$slim/docker.tar"
}

check_layout() { # WRITTEN DIRECTORY
    check "$row" "$1" 'skopeo inspect, copy' skopeo_reads "oci:$2:1-slim"
    check "$row" "$1" 'umoci unpack' umoci_unpacks "$2"
}

docker_takes() {
    docker rmi -f "$NAME" >/dev/null 2>&1
    docker load -i "$1" && docker image inspect "$NAME" >/dev/null
}

docker_26_takes() {
    docker_26 rmi -f "$NAME" >/dev/null 2>&1
    docker_26 load -i "$1" && docker_26 image inspect "$NAME" >/dev/null
}

docker_26_runs() { [ "$(docker_26 run --rm --network none "$NAME")" = "$GREETING" ]; }

check_registry() {
    check "$row" registry 'docker pull' docker_pulls
    check "$row" registry 'podman pull' podman_pulls
    check "$row" registry 'skopeo inspect, copy' skopeo_reads "docker://$registry_host/$NAME"
}

# What is pulled is what was written into FILE: the image ID, which docker calls by the config's digest.
docker_pulls() {
    local loaded pulled=$registry_host/$NAME
    loaded=$(docker image inspect -f '{{.Id}}' "$NAME") && docker pull -q "$pulled" &&
        [ "$(docker image inspect -f '{{.Id}}' "$pulled")" = "$loaded" ] && docker rmi "$pulled" >/dev/null
}

podman_pulls() { podman pull -q --tls-verify=false "$registry_host/$NAME" && podman rmi "$registry_host/$NAME" >/dev/null; }

docker_runs() { [ "$(docker run --rm --network none "$NAME")" = "$GREETING" ]; }

podman_takes() { # FILE
    podman rmi -f "docker.io/$NAME" >/dev/null 2>&1
    podman load -i "$1" && podman image exists "docker.io/$NAME"
}

# Not every machine lets podman run something (cgroups, nested containers): then nothing is said of it here.
check_podman_run() {
    if [ -z "${podman_can_run:-}" ]; then
        podman_can_run=no
        make_rootfs && tar -C "$work/rootfs" -c . | podman import -q - localhost/probe:1 >/dev/null 2>&1
        podman_run localhost/probe:1 /bin/cat /etc/greeting >/dev/null 2>"$OUT/podman-run.log" && podman_can_run=yes
        [ $podman_can_run = yes ] || echo "interop: podman cannot run containers here: $(tail -n1 "$OUT/podman-run.log")" >&2
    fi
    [ $podman_can_run = no ] || check "$row" "$1" 'podman run' podman_runs
}

podman_run() { podman run --rm --network none "$@"; }
podman_runs() { [ "$(podman_run "docker.io/$NAME")" = "$GREETING" ]; }

skopeo_reads() {
    local copy=$slim/copy
    rm -rf "$copy"
    skopeo inspect --tls-verify=false "$1" | grep -q '"org.example.kind": "interop"' || return
    skopeo copy -q --src-tls-verify=false "$1" "oci:$copy:1" && skopeo inspect "oci:$copy:1" >/dev/null
}

umoci_unpacks() {
    rm -rf "$slim/bundle"
    umoci unpack --image "$1:1-slim" "$slim/bundle" || return
    [ "$(cat "$slim/bundle/rootfs/etc/greeting")" = "$GREETING" ] && [ ! -e "$slim/bundle/rootfs/usr/share/ballast" ] &&
        [ "$(chroot "$slim/bundle/rootfs" /bin/cat /etc/greeting)" = "$GREETING" ]
}
