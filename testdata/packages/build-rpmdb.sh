#!/bin/sh
# Makes rpmdb.sqlite.gz: the database of rpm's sqlite backend after three small packages were installed in it.
# Needs rpm and rpmbuild 4.16 or newer and gzip; no root. Only the times of installation differ from run to run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1700000000

cat >"$work/minilib.spec" <<'SPEC'
Name: minilib
Version: 1.2
Release: 3
Epoch: 1
Summary: A small library
License: MIT
Group: System/Libraries
BuildArch: noarch
Provides: libmini.so.1()(64bit)
Provides: virtual-mini = 2
%description
A library, its configuration and its documentation.
%package tools
Summary: Tools of minilib
Requires: libmini.so.1()(64bit)
Requires: /bin/sh
Requires(post): only-for-the-script
Requires: (foo or bar)
Recommends: baz
Suggests: qux
%description tools
A program.
%package -n other
Summary: A package that needs nothing
%description -n other
Another program.
%install
mkdir -p %{buildroot}/usr/lib64 %{buildroot}/usr/bin %{buildroot}/etc/mini.d %{buildroot}/usr/share/doc/minilib
echo lib >%{buildroot}/usr/lib64/libmini.so.1
echo tool >%{buildroot}/usr/bin/mini
echo other >%{buildroot}/usr/bin/other
echo conf >%{buildroot}/etc/mini.conf
echo doc >%{buildroot}/usr/share/doc/minilib/README
%files
/usr/lib64/libmini.so.1
%config(noreplace) /etc/mini.conf
%dir /etc/mini.d
/usr/share/doc/minilib/README
%files tools
/usr/bin/mini
%files -n other
/usr/bin/other
%post tools
:
SPEC

rpmbuild -bb --quiet --define "_topdir $work/top" --define '_buildhost localhost' \
  --define 'use_source_date_epoch_as_buildtime 1' --define '_db_backend sqlite' "$work/minilib.spec"
rpm --dbpath "$work/db" --define '_db_backend sqlite' --initdb
rpm --dbpath "$work/db" --define '_db_backend sqlite' --force-debian --justdb --nodeps --noscripts \
  -i "$work"/top/RPMS/noarch/*.rpm
gzip -9nc "$work/db/rpmdb.sqlite" >"$here/rpmdb.sqlite.gz"
