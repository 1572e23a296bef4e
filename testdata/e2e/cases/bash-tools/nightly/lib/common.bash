log() { printf '[%(%Y)T] %s\n' 86400 "$*"; }
die() { echo "nightly: $*" >&2; exit 65; }
json() { jq -c "$@"; }
