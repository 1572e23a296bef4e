#!/bin/bash
set -euo pipefail
IFS=', ' read -r -a repos <<<"$SVN_REPOS"
for repo in "${repos[@]}"; do
    if [[ ! -f /var/svn/$repo/format ]]; then
        svnadmin create "/var/svn/$repo"
        for hook in /usr/share/svn-hooks/*; do ln -s "$hook" "/var/svn/$repo/hooks/"; done
        svn mkdir -q -m 'layout' "file:///var/svn/$repo/"{trunk,tags,branches}
        if [[ -f /import/$repo.dump ]]; then svnadmin load -q "/var/svn/$repo" </import/$repo.dump; fi
        echo "made $repo at revision $(svnlook youngest "/var/svn/$repo")"
    else
        svnadmin verify -q "/var/svn/$repo" && echo "verified $repo"
    fi
done
chown -R www-data:www-data /var/svn
if [[ ! -f /etc/apache2/svn.passwd ]]; then
    touch /etc/apache2/svn.passwd
    for pair in ${SVN_USERS:-}; do htpasswd -b -B /etc/apache2/svn.passwd "${pair%%:*}" "${pair#*:}" 2>/dev/null; done
fi
mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"
rm -f "$APACHE_PID_FILE"
exec "$@"
