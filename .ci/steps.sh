# Sourced by .ci/run and .ci/full.
steps_passed=0

# step NAME COMMAND...: runs it, says how long it took, and ends the whole run when it fails.
step() {
    local name=$1 began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        printf '== FAILED after %ss: %s\n%s passed, 1 failed\n' "$((SECONDS - began))" "$name" "$steps_passed"
        exit 1
    fi
    steps_passed=$((steps_passed + 1))
    printf '== ok in %ss: %s\n' "$((SECONDS - began))" "$name"
}

# on_node MAJOR SCRIPT...: runs a script on the newest Node of that major, which the npm registry brings.
on_node() {
    local major=$1
    shift
    npx --yes "node@$major" "$@"
}

# apt_install PACKAGE...: installs what is not there yet; elsewhere than on Debian as root the steps say what they miss.
apt_install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo 'not root on Debian: nothing is installed' >&2
        return
    fi
    dpkg -s "$@" >/dev/null 2>&1 && return
    apt-get update -q && apt-get install -q -y --no-install-recommends "$@"
}

# with_daemon COMMAND...: runs it with the Docker daemon of scripts/e2e, whose images it uses.
with_daemon() (
    . scripts/e2e-lib/daemon.sh
    OUT=${OUT:-${TMPDIR:-/tmp}} have_daemon && "$@"
)
