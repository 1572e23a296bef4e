# Sourced by scripts/interop: the tools, and one small image as each of them writes it.

install_tools() {
    local tool missing=()
    for tool in podman skopeo umoci buildah; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [ ${#missing[@]} = 0 ] || { apt-get update &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$OUT/install.log" 2>&1
}

# Storage of our own: nothing of the machine's images is touched, and it goes when we go.
podman() { command podman --root "$work/podman" --runroot "$work/podman-run" --storage-driver vfs "$@"; }
buildah() { command buildah --root "$work/buildah" --runroot "$work/buildah-run" --storage-driver vfs "$@"; }

remove_storage() {
    [ ! -d "$work/podman" ] || podman rmi -af >/dev/null 2>&1
    docker rmi -f interop/made:1 interop/made:1-slim >/dev/null 2>&1
}

GREETING='hello from an image that others wrote'

# make_rootfs: $work/rootfs with `cat` of this machine, the libraries that it loads, a greeting, and ballast.
make_rootfs() {
    local file
    [ ! -d "$work/rootfs" ] || return 0
    mkdir -p "$work/rootfs"/{etc,bin,usr/share/ballast} && mkdir -m 1777 "$work/rootfs/tmp"
    for file in $(ldd /bin/cat | grep -o '/[^ ]*'); do
        mkdir -p "$work/rootfs$(dirname "$file")" && cp -L "$file" "$work/rootfs$file"
    done
    cp /bin/cat "$work/rootfs/bin/cat"
    cp /bin/ls "$work/rootfs/bin/ls"
    echo "$GREETING" >"$work/rootfs/etc/greeting"
    echo 'root:x:0:0::/:/bin/false' >"$work/rootfs/etc/passwd"
    head -c 3000000 /dev/urandom >"$work/rootfs/usr/share/ballast/noise"
}

# make_docker_archive: $work/docker.tar, which is also where podman and skopeo get the image from.
make_docker_archive() {
    [ ! -f "$work/docker.tar" ] || return 0
    make_rootfs || return
    tar -C "$work/rootfs" -c . | docker import -c 'ENTRYPOINT ["/bin/cat"]' -c 'CMD ["/etc/greeting"]' \
        -c 'LABEL org.example.kind=interop' -c 'ENV PATH=/bin' - interop/made:1 &&
        docker save interop/made:1 -o "$work/docker.tar"
}

# make_source ROW: sets `source` to what oslim is given; the image's name in it is made:1 or ends so.
make_source() {
    source=$work/$1
    case $1 in
    docker-26)
        make_rootfs && tar -C "$work/rootfs" -c . | docker_26 import -c 'ENTRYPOINT ["/bin/cat"]' -c 'CMD ["/etc/greeting"]' \
            -c 'LABEL org.example.kind=interop' -c 'ENV PATH=/bin' - interop/made:1 &&
            docker_26 save interop/made:1 -o "$source.tar" && source=$source.tar &&
            tar -tf "$source" | grep -qx oci-layout ;;
    docker-20) make_docker_archive && source=$work/docker.tar ;;
    podman-docker | podman-oci)
        # Its name for it is docker.io/… or localhost/…, by its version.
        local loaded
        make_docker_archive && loaded=$(podman load -q -i "$work/docker.tar" | sed -n 's/^Loaded image: //p') &&
            podman save --format "${1#podman-}-archive" -o "$source.tar" "$loaded" && source=$source.tar ;;
    skopeo-oci) make_docker_archive && skopeo copy "docker-archive:$work/docker.tar" "oci:$source:1" && source=oci:$source ;;
    umoci)
        make_rootfs && umoci init --layout "$source" && umoci new --image "$source:1" &&
            umoci unpack --image "$source:1" "$source.bundle" &&
            cp -a "$work/rootfs/." "$source.bundle/rootfs/" &&
            umoci repack --image "$source:1" "$source.bundle" &&
            umoci config --image "$source:1" --config.entrypoint /bin/cat --config.cmd /etc/greeting \
                --config.env PATH=/bin --config.label org.example.kind=interop && source=oci:$source ;;
    buildah)
        local container
        make_rootfs && container=$(buildah from scratch) && buildah add "$container" "$work/rootfs" / &&
            buildah config --entrypoint '["/bin/cat"]' --cmd /etc/greeting --env PATH=/bin \
                --label org.example.kind=interop "$container" &&
            buildah commit "$container" interop/made:1 && buildah push interop/made:1 "oci:$source:1" &&
            source=oci:$source ;;
    esac
}
