# Sourced by scripts/e2e: base images and the images of the cases.

# build_bases NAME...: the oslim-base tags that these cases and the probes' clients need; tags there are kept.
build_bases() {
    local name tags
    tags=$(for name in "${names[@]}"; do cat "$CASES_DIR/$name/Dockerfile" "$CASES_DIR/$name/probe"; done |
        grep -oE 'oslim-base:[a-z]+' | sort -u)
    # gcc comes through other cases (FROM .../CASE:orig) too, and tools through lib.sh.
    for name in gcc tools $(sed 's/.*://' <<<"$tags"); do build_base "$name" || return 1; done
}

build_base() { # NAME: oslim-base:NAME, after the base it is built FROM
    local dockerfile=$TESTBED/bases/$1/Dockerfile log=$OUT/base-$1.log
    docker image inspect "oslim-base:$1" >/dev/null 2>&1 && return
    if [ -f "$dockerfile" ]; then
        build_base "$(sed -n 's/^FROM oslim-base:\([a-z]*\).*/\1/p' "$dockerfile")" || return 1
        docker build --network host -t "oslim-base:$1" "$TESTBED/bases/$1" >"$log" 2>&1
    else
        "$TESTBED/bases/$1" >"$log" 2>&1
    fi || { tail -n 20 "$log" >&2; echo "e2e: oslim-base:$1 cannot be built" >&2; return 1; }
}

# build_case NAME: oslim-e2e/NAME:orig, after the cases it is built FROM (whatever repository they are named in).
build_case() {
    local name=$1 dir=$CASES_DIR/$1 ref
    for ref in $(sed -n 's/^FROM \([a-z0-9-]*\/[a-z0-9-]*:orig\).*/\1/p' "$dir/Dockerfile"); do
        local base=${ref#*/}; base=${base%:orig}
        build_case "$base" || return 1
        docker tag "oslim-e2e/$base:orig" "$ref" || return 1
    done
    if [ -x "$dir/prepare" ]; then (cd "$dir" && flock . ./prepare) || return 1; fi
    docker build --network host -t "oslim-e2e/$name:orig" "$dir"
}
