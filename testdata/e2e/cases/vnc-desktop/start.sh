#!/bin/bash
set -e
mkdir -p /tmp/vnc
if [ -n "$VNC_PASSWORD" ]; then
    x11vnc -storepasswd "$VNC_PASSWORD" /tmp/vnc/passwd >/dev/null 2>&1
    export VNC_AUTH="-rfbauth /tmp/vnc/passwd"
else
    export VNC_AUTH=-nopw
fi
[[ $GEOMETRY =~ ^[0-9]+x[0-9]+$ ]] || { echo "start.sh: no geometry: $GEOMETRY" >&2; exit 2; }
exec supervisord -n -c /etc/supervisor/conf.d/desktop.conf
