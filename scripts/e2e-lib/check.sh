# Sourced by scripts/e2e: one case from its Dockerfile to its row.

# check_case NAME ROW: prints the row, and writes it to ROW with sizes in bytes.
check_case() {
    local name=$1 dir=$CASES_DIR/$1 work=$OUT/$1 why=pass
    local orig=oslim-e2e/$1:orig slim=oslim-e2e/$1:slim orig_id slim_id=
    local orig_size=0 slim_size=0 archive_size=0 secs=0
    mkdir -p "$work"; rm -f "$work"/slim.* "$work"/oslim.log
    run_case || true
    if [ -z "${KEEP:-}" ]; then
        rm -f "$work/orig.tar" "$work/slim.tar"
        [ -z "$slim_id" ] || docker rmi "$slim" >/dev/null 2>&1
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$orig_size" "$slim_size" "$archive_size" "$secs" "$why" >"$2"
    awk -F'\t' '{ printf "%-22s %9.1f %9.1f %9.1f %7s %7.1f  %s\n",
        $1, $2 / 1e6, $3 / 1e6, $4 / 1e6, $3 ? sprintf("%.1fx", $2 / $3) : "-", $5, $6 }' "$2"
}

fail() { why="FAIL: $(tr '\t\n' '  ' <<<"$*")"; return 1; }

# The steps below share check_case's variables; the first that fails says so and ends the case.
run_case() {
    build_case "$name" >"$work/build.log" 2>&1 || fail "build: $(tail -n1 "$work/build.log")" || return
    orig_id=$(docker image inspect -f '{{.Id}}' "$orig")
    orig_size=$(docker image inspect -f '{{.Size}}' "$orig")
    probe_original && slim_it && load_it || return
    if [ -z "$probe_only" ]; then check_structure || return; fi
    probe_slim
}

probe_original() { # its output is kept for as long as the image and the probe stay the same
    local key status=0
    key=$orig_id-$(cat "$dir/probe" "$TESTBED/lib.sh" | sha256sum | cut -c1-16)
    [ -z "$fresh" ] && [ "$(cat "$work/orig.key" 2>/dev/null)" = "$key" ] && return
    rm -f "$work/orig.key"
    "$dir/probe" "$orig" >"$work/orig.out" 2>"$work/orig.err" || status=$?
    [ $status = 0 ] || fail "probe of the ORIGINAL: status $status: $(tail -qn1 "$work/orig.out" "$work/orig.err")" || return
    echo "$key" >"$work/orig.key"
}

slim_it() {
    local reference=$work/orig.tar began status=0
    if [ "$source" = registry ]; then
        reference=$registry_host/$orig
        { docker tag "$orig" "$reference" && docker push "$reference"; } >"$work/push.log" 2>&1 ||
            fail "docker push: $(tail -n1 "$work/push.log")" || return
        docker rmi "$reference" >/dev/null
    else
        docker save "$orig" -o "$reference"
    fi
    began=$EPOCHREALTIME
    # OSLIM and OSLIM_ARGS may hold several words.
    # shellcheck disable=SC2086
    timeout "${OSLIM_TIMEOUT:-600}" $OSLIM "$reference" -o "$work/slim.tar" ${OSLIM_ARGS:-} >"$work/oslim.log" 2>&1 || status=$?
    secs=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $began }")
    [ $status = 0 ] || fail "oslim: status $status: $(tail -n1 "$work/oslim.log")" || return
    archive_size=$(stat -c %s "$work/slim.tar" 2>/dev/null) || fail "oslim wrote no archive"
}

load_it() { # whatever name the archive carries, both images are kept apart by their ids
    local said loaded
    said=$(docker load -q -i "$work/slim.tar" 2>&1) || fail "docker load: $said" || return
    loaded=$(sed -n 's/^Loaded image\( ID\)\{0,1\}: //p' <<<"$said" | head -n1)
    slim_id=$(docker image inspect -f '{{.Id}}' "$loaded" 2>/dev/null) || fail "docker load named no image: $said" || return
    docker tag "$slim_id" "$slim"
    docker tag "$orig_id" "$orig"
    case $loaded in "$orig" | "$slim" | sha256:*) ;; *) docker rmi "$loaded" >/dev/null 2>&1 ;; esac
    slim_size=$(docker image inspect -f '{{.Size}}' "$slim")
}

check_structure() {
    local layers changed
    layers=$(docker image inspect -f '{{len .RootFS.Layers}}' "$slim")
    [ "$layers" = 1 ] || fail "$layers layers, not 1" || return
    [ "$slim_size" -le "$orig_size" ] || fail "larger than the original" || return
    changed=$(config_change)
    [ -z "$changed" ] || fail "$changed"
}

config_change() { # the first configuration field that is not as before; absent, null and empty count as equal
    docker image inspect "$orig" "$slim" | python3 -c '
import json, sys
before, after = json.load(sys.stdin)
def show(where, a, b):
    for key in where.split():
        x, y = a.get(key) or None, b.get(key) or None
        if x != y: sys.exit(print(f"config {key}: {json.dumps(x)} became {json.dumps(y)}"))
show("Architecture Os", before, after)
show("Entrypoint Cmd Env User WorkingDir ExposedPorts Volumes Labels Healthcheck StopSignal OnBuild Shell",
     before["Config"] or {}, after["Config"] or {})'
}

probe_slim() {
    local status=0
    "$dir/probe" "$slim" >"$work/slim.out" 2>"$work/slim.err" || status=$?
    if ! cmp -s "$work/orig.out" "$work/slim.out"; then
        fail "$(diff "$work/orig.out" "$work/slim.out" | grep -m1 '^<' | cut -c3-150 | sed 's/^/original: /')" \
            "| slim: $(diff "$work/orig.out" "$work/slim.out" | grep -m1 '^>' | cut -c3-200)"
    else
        [ $status = 0 ] || fail "probe of the slim image: status $status"
    fi
}
