#!/bin/bash
set -e
if [ ! -f /etc/nagios4/htpasswd.users ]; then
    htpasswd -bc /etc/nagios4/htpasswd.users "$NAGIOSADMIN_USER" "$NAGIOSADMIN_PASS" 2>/dev/null
    sed -i "s/@ADMIN@/$NAGIOSADMIN_USER/g" /etc/nagios4/cgi.cfg
fi
mkdir -p /var/lib/nagios4/rw /var/lib/nagios4/spool/checkresults
chown -R nagios:www-data /var/lib/nagios4
chown -R nagios:nagios /var/log/nagios4 /var/cache/nagios4
chmod 750 /var/lib/nagios4
chmod 2770 /var/lib/nagios4/rw
case ${1:-} in
    verify) exec /usr/sbin/nagios4 -v /etc/nagios4/nagios.cfg ;;
esac
apache2ctl start
trap 'kill "$nagios"; apache2ctl stop' TERM
/usr/sbin/nagios4 /etc/nagios4/nagios.cfg &
nagios=$!
wait "$nagios" || true
wait "$nagios" || true
echo 'nagios has ended'
