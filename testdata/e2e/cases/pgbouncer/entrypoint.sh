#!/bin/sh
set -e
dir=/etc/pgbouncer
if [ "$1" = /usr/sbin/pgbouncer ] && [ ! -e $dir/pgbouncer.ini ]; then
    : "${DB_HOST:?is where the server answers}" "${DB_USER:?is who may connect}"
    if [ "$AUTH_TYPE" = md5 ]; then
        pass="md5$(printf '%s' "$DB_PASSWORD$DB_USER" | md5sum | cut -f 1 -d ' ')"
    else
        pass=$DB_PASSWORD
    fi
    echo "\"$DB_USER\" \"$pass\"" >>$dir/userlist.txt
    [ -z "$MORE_USERS" ] || echo "$MORE_USERS" | tr ',' '\n' | while IFS=: read -r user pass; do
        printf '"%s" "%s"\n' "$user" "$pass" >>$dir/userlist.txt
    done
    chmod 600 $dir/userlist.txt
    cat >$dir/pgbouncer.ini <<EOF
[databases]
${DB_NAME:-*} = host=$DB_HOST port=$DB_PORT auth_user=$DB_USER
sealed = host=$DB_HOST port=$DB_PORT dbname=${DB_NAME:-postgres} pool_size=1 connect_query='select hello'
away = host=$DB_HOST port=9
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = $LISTEN_PORT
unix_socket_dir =
auth_type = $AUTH_TYPE
auth_file = $dir/userlist.txt
${HBA:+auth_hba_file = $dir/hba.conf}
pool_mode = $POOL_MODE
default_pool_size = ${POOL_SIZE:-2}
max_client_conn = ${MAX_CLIENTS:-20}
query_wait_timeout = 3
server_login_retry = 1
admin_users = $DB_USER
stats_users = stats
ignore_startup_parameters = extra_float_digits
server_reset_query = discard all
application_name_add_host = 0
EOF
    if [ -n "$TLS" ]; then
        openssl req -x509 -nodes -newkey rsa:2048 -days 30 -subj /CN=localhost -keyout $dir/server.key -out $dir/server.pem 2>/dev/null
        cat >>$dir/pgbouncer.ini <<EOF
client_tls_sslmode = $TLS
client_tls_key_file = $dir/server.key
client_tls_cert_file = $dir/server.pem
client_tls_protocols = secure
EOF
    fi
    [ -z "$MORE_CONFIG" ] || printf '%s\n' "$MORE_CONFIG" >>$dir/pgbouncer.ini
    echo "wrote pgbouncer.ini for $DB_HOST:$DB_PORT"
fi
exec "$@"
