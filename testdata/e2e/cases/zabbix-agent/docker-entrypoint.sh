#!/bin/bash
set -eo pipefail
config=/etc/zabbix/zabbix_agentd.conf
update() { # NAME VALUE
    [ -n "$2" ] || return 0
    if grep -qE "^#? ?$1=" "$config"; then
        sed -i -e "0,/^#\? \?$1=/s|^#\? \?$1=.*|$1=$2|" "$config"
    else
        echo "$1=$2" >>"$config"
    fi
    echo "** Updating '$config' parameter \"$1\": '$2'"
}
if [ "${1##*/}" = zabbix_agentd ]; then
    update PidFile /run/zabbix/zabbix_agentd.pid
    update LogType console
    update Server "$ZBX_SERVER_HOST"
    update ServerActive "${ZBX_ACTIVE:-}"
    update Hostname "$ZBX_HOSTNAME"
    update Timeout "$ZBX_TIMEOUT"
    update Include '/etc/zabbix/conf.d/*.conf'
    update TLSPSKIdentity "${ZBX_TLSPSKIDENTITY:-}"
    update DebugLevel "${ZBX_DEBUGLEVEL:-2}"
    [ -z "${ZBX_DENYKEY:-}" ] || update DenyKey "$ZBX_DENYKEY"
    update UnsafeUserParameters "${ZBX_UNSAFE:-0}"
fi
exec "$@"
