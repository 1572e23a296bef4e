# Sourced by scripts that run scripts/e2e on cases made from those of testdata/e2e.

# split_arguments SET ARGUMENTS...: into the arrays options (for scripts/e2e) and names; without names, those of SET.
split_arguments() {
    local default=$1 sets=$root/testdata/e2e/sets
    options=() names=()
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        --set) mapfile -t -O ${#names[@]} names < <(grep -v '^#' "$sets/$2"); shift ;;
        --source | -j) options+=("$1" "$2"); shift ;;
        -*) options+=("$1") ;;
        *) names+=("$1") ;;
        esac
        shift
    done
    [ ${#names[@]} -gt 0 ] || mapfile -t names < <(grep -v '^#' "$sets/$default")
}
