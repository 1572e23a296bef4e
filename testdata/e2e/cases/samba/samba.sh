#!/usr/bin/env bash
# samba.sh [-u NAME;PASSWORD]... [-s NAME;PATH;GUEST]... [-w WORKGROUP]
set -o nounset
usage() { echo "Usage: ${0##*/} [-u name;password] [-s name;path;guest] [-w workgroup]" >&2; exit "$1"; }
user() {
    grep -q "^$1:" /etc/passwd || useradd -M -s /usr/sbin/nologin -G smbuser "$1"
    printf '%s\n%s\n' "$2" "$2" | smbpasswd -s -a "$1" >/dev/null
    echo "user $1"
}
share() {
    mkdir -p "$2" && chmod 777 "$2"
    printf '\n[%s]\n   path = %s\n   guest ok = %s\n   read only = no\n' "$1" "$2" "$3" >>/etc/samba/smb.conf
    echo "share $1"
}
while getopts ":hu:s:w:" option; do
    case $option in
    h) usage 0 ;;
    u) IFS=';' read -r name password <<<"$OPTARG"; user "$name" "$password" ;;
    s) IFS=';' read -r name path guest <<<"$OPTARG"; share "$name" "$path" "${guest:-no}" ;;
    w) sed -i "s/^\( *workgroup = \).*/\1$OPTARG/" /etc/samba/smb.conf ;;
    ?) echo "Unknown option: -$OPTARG" >&2; usage 1 ;;
    esac
done
shift $((OPTIND - 1))
chown smbuser /srv/private
testparm -s 2>/dev/null | grep -E 'workgroup|^\['
exec smbd --foreground --no-process-group </dev/null
