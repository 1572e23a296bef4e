#!/bin/sh
set -e

: "${LOCATION:=/}"
if [ "x$1" = "xapache2" ]; then
    cat >/etc/apache2/dav-common.conf <<CONF
Alias ${LOCATION%/}/ "/var/lib/dav/data/"
AddOutputFilterByType DEFLATE text/plain
FileETag None
BrowserMatch "^gvfs" redirect-carefully
<Directory "/var/lib/dav/data/">
    Dav On
    DavDepthInfinity on
    Options Indexes FollowSymLinks
    DirectoryIndex disabled
    CheckSpelling on
    Header set X-Dav "%{REQUEST_METHOD}e"
    AuthType $AUTH_TYPE
    AuthName "$REALM"
    AuthBasicProvider socache file
    AuthnCacheProvideFor file
    AuthUserFile "/etc/apache2/user.passwd"
    <RequireAny>
        ${ANONYMOUS_METHODS:+Require method $ANONYMOUS_METHODS}
        Require valid-user
    </RequireAny>
</Directory>
<Location /server-status>
    SetHandler server-status
    Require env STATUS
</Location>
SetEnvIf X-Status ^yes$ STATUS
SetEnvIf Request_Method (.*) REQUEST_METHOD=\$1
CONF
    if [ -n "$USERNAME" ] && [ -n "$PASSWORD" ] && [ ! -e /etc/apache2/user.passwd ]; then
        case $AUTH_TYPE in
            Digest) printf '%s:%s:%s\n' "$USERNAME" "$REALM" "$(printf '%s:%s:%s' "$USERNAME" "$REALM" "$PASSWORD" | md5sum | awk '{ print $1 }')" >/etc/apache2/user.passwd ;;
            Basic) htpasswd -B -c -b /etc/apache2/user.passwd "$USERNAME" "$PASSWORD" 2>/dev/null ;;
            *) printf 'unknown AUTH_TYPE "%s"\n' "$AUTH_TYPE" >&2; exit 1 ;;
        esac
    fi
    [ -e /etc/apache2/user.passwd ] || touch /etc/apache2/user.passwd
    if [ "${SSL_CERT:-none}" = selfsigned ]; then
        [ -e /etc/apache2/privkey.pem ] || openssl req -x509 -newkey rsa:2048 -days 1000 -nodes -keyout /etc/apache2/privkey.pem \
            -out /etc/apache2/cert.pem -subj "/CN=${SSL_CN:-selfsigned}" 2>/dev/null
        a2ensite -q dav-ssl
    fi
    mkdir -p /var/lib/dav/data "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"
    [ "$(stat -c %U /var/lib/dav/data)" = www-data ] || chown -R www-data:www-data /var/lib/dav
    rm -f "$APACHE_PID_FILE"
fi
exec "$@"
