set -eu
case ${1:-} in
    check) shift; exec spamassassin --local "$@" ;;
    learn) shift; exec sa-learn "$@" ;;
esac
echo "required_score $REQUIRED_SCORE" >/etc/spamassassin/zz_required.cf
exec spamd --nouser-config --syslog=stderr --username=debian-spamd --helper-home-dir=/var/lib/spamassassin \
    --max-children="$SPAMD_CHILDREN" --min-children=1 "$@" 2>&1
