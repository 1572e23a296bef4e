#!/bin/bash
set -euo pipefail
[ -n "$RESTIC_PASSWORD" ] || [ -n "${RESTIC_PASSWORD_FILE:-}" ] || { echo "set RESTIC_PASSWORD" >&2; exit 64; }
case ${1:-backup} in
    backup)
        restic cat config >/dev/null 2>&1 || { echo "new repository"; restic init -q; }
        start=$(date +%s)
        restic backup --json --host "${BACKUP_HOST:-box}" --tag scheduled --exclude-caches ${EXCLUDE:+--exclude "$EXCLUDE"} /data |
            jq -r 'select(.message_type == "summary") | "new \(.files_new) changed \(.files_changed) same \(.files_unmodified) files \(.total_files_processed) bytes \(.total_bytes_processed)"'
        restic forget -q --keep-last "$KEEP_LAST" --prune
        restic check -q && echo "checked"
        [ $(($(date +%s) - start)) -lt 600 ] || echo "slow" ;;
    list) restic snapshots --json | jq -r '.[] | [.hostname, (.tags // [] | join(",")), (.paths | join(","))] | @tsv' ;;
    *) exec restic "$@" ;;
esac
