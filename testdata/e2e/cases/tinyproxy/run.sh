#!/bin/bash
# run.sh [ANY | ADDRESS...]: which clients may use the proxy.
conf=/tmp/tinyproxy.conf
cp /etc/tinyproxy/tinyproxy.conf "$conf"
set_option() {
    if grep -q -E "^#?$1 " "$conf"; then sed -i -E "0,/^#?$1 .*/s||$1 $2|" "$conf"; else echo "$1 $2" >>"$conf"; fi
}
usage() { echo 'Usage: docker run tinyproxy [ANY | ADDRESS...]' >&2; exit 1; }
[[ $# -gt 0 ]] || usage
sed -i '/^Allow /d' "$conf"
for who in "$@"; do
    case $who in
        ANY) ;;
        -*) usage ;;
        *) echo "Allow $who" >>"$conf" ;;
    esac
done
set_option Timeout "$Timeout"
set_option MaxClients "$MaxClients"
set_option LogLevel "${LogLevel:-Connect}"
set_option DisableViaHeader "${DisableViaHeader:-No}"
set_option StatHost '"tinyproxy.stats"'
[[ -z ${BasicAuthUser:-} ]] || set_option BasicAuth "$BasicAuthUser ${BasicAuthPassword:?}"
if [[ -n ${FilterDefaultDeny:-} ]]; then
    set_option Filter '"/etc/tinyproxy/filter"'
    set_option FilterExtended On
    set_option FilterURLs "${FilterURLs:-Off}"
    set_option FilterDefaultDeny "$FilterDefaultDeny"
fi
[[ -z ${Upstream:-} ]] || echo "upstream http $Upstream" >>"$conf"
if [[ -n ${Reverse:-} ]]; then
    while read -r path to; do echo "ReversePath \"$path\" \"$to\"" >>"$conf"; done < <(tr ',' '\n' <<<"$Reverse")
    set_option ReverseMagic Yes
fi
[[ -z ${OwnPages:-} ]] || { set_option DefaultErrorFile '"/etc/tinyproxy/pages/default.html"'; echo 'ErrorFile 403 "/etc/tinyproxy/pages/403.html"' >>"$conf"; }
echo "Starting tinyproxy for $*"
exec /usr/bin/tinyproxy -d -c "$conf"
