#!/bin/sh
# A password from the environment or from a secret's file becomes the table of users.
if [ -n "${ADMIN_PASSWORD_FILE:-}" ]; then ADMIN_PASSWORD=$(cat "$ADMIN_PASSWORD_FILE"); fi
if [ -n "${ADMIN_PASSWORD:-}" ]; then
    printf 'admin:%s\n' "$(openssl passwd -6 -salt salt "$ADMIN_PASSWORD")" >/etc/nginx/htpasswd
    chown root:www-data /etc/nginx/htpasswd && chmod 640 /etc/nginx/htpasswd
else
    : >/etc/nginx/htpasswd
fi
