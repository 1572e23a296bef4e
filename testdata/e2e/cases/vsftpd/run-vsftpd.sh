#!/bin/bash
set -e
if [ "$FTP_PASS" = "**Random**" ]; then
    FTP_PASS=$(tr -dc 'A-Za-z0-9' </dev/urandom | head -c 16)
fi
mkdir -p "/home/vsftpd/$FTP_USER" /run/vsftpd/empty
echo "welcome to your folder" >"/home/vsftpd/$FTP_USER/.message"
chown -R ftp:nogroup /home/vsftpd
printf '%s\n%s\n' "$FTP_USER" "$FTP_PASS" >/etc/vsftpd/virtual_users.txt
db_load -T -t hash -f /etc/vsftpd/virtual_users.txt /etc/vsftpd/virtual_users.db
chmod 600 /etc/vsftpd/virtual_users.*
{
    echo "pasv_address=${PASV_ADDRESS:-127.0.0.1}"
    echo "pasv_max_port=$PASV_MAX_PORT"
    echo "pasv_min_port=$PASV_MIN_PORT"
} >>/etc/vsftpd/vsftpd.conf
touch /var/log/vsftpd.log
tail -n 0 -F /var/log/vsftpd.log &
echo "user $FTP_USER, ports $PASV_MIN_PORT-$PASV_MAX_PORT, $(stat -c %a /home/vsftpd/"$FTP_USER")"
/usr/sbin/vsftpd /etc/vsftpd/vsftpd.conf "$@" &
child=$!
trap 'kill "$child"' TERM INT
wait "$child"
