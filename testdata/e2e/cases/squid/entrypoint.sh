#!/bin/bash
set -e
chown -R proxy:proxy /var/spool/squid /var/log/squid
if [[ -z ${1} ]]; then
  if [[ ! -d /var/spool/squid/00 ]]; then
    echo "Initializing cache..."
    $(which squid) -N -f /etc/squid/squid.conf -z 2>/dev/null
  fi
  echo "Starting squid..."
  exec $(which squid) -f /etc/squid/squid.conf -NYCd 1
else
  exec "$@"
fi
