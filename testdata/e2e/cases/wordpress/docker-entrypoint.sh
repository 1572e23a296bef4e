#!/bin/bash
set -eo pipefail

if [ "$1" = apache2 ]; then
    . /etc/apache2/envvars
    chown -R mysql:mysql /var/lib/mysql /run/mysqld
    chown www-data:www-data /var/lib/wordpress/wp-content/uploads
    if [ ! -d /var/lib/mysql/mysql ]; then
        mysql_install_db --user=mysql --datadir=/var/lib/mysql --skip-test-db >/dev/null
        fresh=1
    fi
    mysqld_safe --user=mysql --skip-networking --skip-syslog >/dev/null &
    for _ in $(seq 120); do
        mysqladmin --silent ping >/dev/null 2>&1 && break
        sleep 0.5
    done
    if [ -n "${fresh:-}" ]; then
        mysql <<SQL
CREATE DATABASE \`$WORDPRESS_DB_NAME\` CHARACTER SET utf8mb4;
CREATE USER '$WORDPRESS_DB_USER'@'localhost' IDENTIFIED BY '$WORDPRESS_DB_PASSWORD';
GRANT ALL ON \`$WORDPRESS_DB_NAME\`.* TO '$WORDPRESS_DB_USER'@'localhost';
SQL
        echo 'database made'
    fi
    rm -f /run/apache2/apache2.pid
fi
exec "$@"
