#!/bin/bash
set -eo pipefail
if [ "$1" = mariadbd ] && [ "$(id -u)" = 0 ]; then
    chown -R mysql:mysql /var/lib/mysql /run/mysqld
    if [ ! -d /var/lib/mysql/mysql ]; then
        [ -n "$MARIADB_ROOT_PASSWORD" ] || { echo >&2 'error: MARIADB_ROOT_PASSWORD is not set'; exit 1; }
        mariadb-install-db --user=mysql --datadir=/var/lib/mysql --skip-test-db --auth-root-authentication-method=normal >/dev/null
        mariadbd --user=mysql --bootstrap <<SQL
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$MARIADB_ROOT_PASSWORD';
CREATE DATABASE \`${MARIADB_DATABASE:-app}\`;
CREATE USER 'app'@'%' IDENTIFIED BY '$MARIADB_ROOT_PASSWORD';
GRANT ALL ON *.* TO 'app'@'%';
SQL
        echo 'init done'
    fi
    exec "$@" --user=mysql
fi
exec "$@"
