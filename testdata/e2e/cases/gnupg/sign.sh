#!/bin/bash
# sign COMMAND: a key is made where one is needed.
set -euo pipefail
export GNUPGHOME=$HOME/.gnupg
mkdir -p -m 700 "$GNUPGHOME"
gpg="gpg --batch --quiet --pinentry-mode loopback --passphrase secret --trust-model always"
clean() { sed -E 's/[0-9A-F]{16,40}/KEY/g; s/[A-Z][a-z]{2} [A-Z][a-z]{2} +[0-9]+ .*/DATE/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}/DAY/g'; }
make_key() {
    $gpg --quick-generate-key 'Ann <ann@example.org>' ed25519 default never 2>&1 | clean
    $gpg --quick-add-key "$(gpg --list-keys --with-colons ann | awk -F: '/^fpr/ { print $10; exit }')" cv25519 encr never
}
case $1 in
round-trip)
    make_key
    echo 'a message' >m
    $gpg -r ann -o m.gpg -e m && $gpg -d m.gpg 2>&1 | clean
    $gpg --clearsign -o m.asc m && $gpg --verify m.asc 2>&1 | clean
    $gpg -b -o m.sig m && echo changed >>m
    $gpg --verify m.sig m 2>&1 | clean || echo "verify: $?" ;;
symmetric) echo hidden | $gpg -c --cipher-algo AES256 -a | $gpg -d 2>/dev/null ;;
export) make_key; $gpg --export -a ann | head -1; $gpg --export-secret-keys ann | $gpg --list-packets 2>/dev/null | grep -c 'packet' ;;
list) make_key; $gpg --list-keys --with-colons | grep -v "^tru" | cut -d: -f1,4 | sort | uniq -c ;;
rsa) $gpg --quick-generate-key 'Bob <bob@example.org>' rsa2048 sign never 2>&1 | clean; $gpg --list-secret-keys bob 2>/dev/null | clean ;;
verify) gpgv --keyring /dev/null "$2" ;;
smime) gpgsm --version | head -1 ;;
receive) timeout 20 $gpg --keyserver hkp://127.0.0.1:9 --recv-keys 0123456789ABCDEF 2>&1 | clean || echo "receive: $?" ;;
*) echo "unknown: $1" >&2; exit 64 ;;
esac
gpgconf --kill all
