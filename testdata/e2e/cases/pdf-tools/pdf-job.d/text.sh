for f in "$IN"/*.pdf; do
    printf '%s: %s pages\n' "$(basename "$f")" "$(pdfinfo "$f" 2>/dev/null | awk '/^Pages:/ { print $2 }')"
    pdftotext -layout "$f" - | sed -e 's/[[:space:]]*$//' | grep -v '^$' || true
done
