#!/bin/bash
# shellcheck disable=SC2206
PURE_FTPD_FLAGS=("$@" ${ADDED_FLAGS:-})
PASSWD_FILE=/etc/pure-ftpd/passwd/pureftpd.passwd
touch "$PASSWD_FILE"
add() {
    local name=$1 pass=$2 home=${3:-/home/ftpusers/$1}
    printf '%s\n%s\n' "$pass" "$pass" | pure-pw useradd "$name" -f "$PASSWD_FILE" -d "$home" -u ftpuser -g ftpgroup ${FTP_USER_QUOTA:+-N $FTP_USER_QUOTA} >/dev/null
    mkdir -p "$home" && chown ftpuser:ftpgroup "$home"
}
for user in ${FTP_USERS:-}; do
    IFS=: read -r name pass home <<<"$user"
    echo "creating user $name"
    add "$name" "$pass" "$home"
done
pure-pw mkdb /etc/pure-ftpd/pureftpd.pdb -f "$PASSWD_FILE"
if [[ ${PURE_FTPD_FLAGS[*]} == *"--tls"* ]] && [ ! -e /etc/ssl/private/pure-ftpd.pem ]; then
    echo "making a certificate"
    openssl dhparam -dsaparam -out /etc/ssl/private/pure-ftpd-dhparams.pem 1024 2>/dev/null
    openssl req -subj "/CN=$PUBLICHOST/O=ftp" -days 1826 -x509 -nodes -newkey rsa:2048 -sha256 \
        -keyout /etc/ssl/private/pure-ftpd.pem -out /etc/ssl/private/pure-ftpd.pem 2>/dev/null
    chmod 600 /etc/ssl/private/*.pem
fi
PURE_FTPD_FLAGS+=(-c "$FTP_MAX_CLIENTS" -p "$FTP_PASSIVE_PORTS" -o)
pure-uploadscript -B -r /usr/local/bin/uploaded.sh -u 0 -g 0 &
echo "starting pure-ftpd"
exec /usr/sbin/pure-ftpd "${PURE_FTPD_FLAGS[@]}"
