#!/bin/sh
set -e
ME=$(basename "$0")
dir=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
out=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
defined=$(printf '${%s} ' $(awk "END { for (name in ENVIRON) { print ( name ~ /${NGINX_ENVSUBST_FILTER:-}/ ) ? name : \"\" } }" </dev/null))
[ -d "$dir" ] || exit 0
if [ ! -w "$out" ]; then
    echo "$ME: ERROR: $dir exists, but $out is not writable"
    exit 0
fi
find "$dir" -follow -type f -name "*$suffix" -print | sort | while read -r template; do
    relative=${template#"$dir"/}
    target=$out/${relative%"$suffix"}
    mkdir -p "$(dirname "$target")"
    echo "$ME: $template to $target"
    envsubst "$defined" <"$template" >"$target"
done
