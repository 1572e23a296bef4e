/**
 * Programs whose operands are files to look at, to move or to mark, never programs to start: a word of theirs that names
 * an executable is data. POSIX utilities, GNU coreutils, util-linux, shadow-utils, and editors of streams.
 */
const FILE_TOOLS: ReadonlySet<string> = new Set(
  (
    'awk b2sum basename base64 busybox cat chattr chcon chgrp chmod chown cksum cmp comm cp csplit cut dd df diff ' +
    'dirname du echo egrep expand expr fgrep file find fmt fold getcap getfacl gawk grep gunzip gzip head install ' +
    'install-info join ldd ldconfig link ln ls lsattr mawk md5sum mkdir mkfifo mknod mktemp mount mountpoint mv nl nm ' +
    'objdump od openssl paste patch pathchk pidof pkill pr printf readelf readlink realpath rename rm rmdir rsync sed ' +
    'setcap setfacl sha1sum sha256sum sha512sum shred size sort split stat strings strip sum sync tac tail tar tee ' +
    'test touch truncate type tsort umount uniq unlink unzip update-alternatives wc which whereis xz zcat zgrep zip ' +
    'useradd adduser usermod addgroup groupadd groupmod chsh chpasswd passwd deluser userdel dpkg dpkg-divert ' +
    'dpkg-statoverride dpkg-query apt-get apt apk rpm dnf yum pip curl wget scp envsubst jq yq'
  ).split(' '),
);

/** Of these, the ones that say something of a name without needing what is in the file or directory. */
const ENTRY_TOOLS: ReadonlySet<string> = new Set(
  (
    'mkdir rmdir chown chmod chgrp touch rm mountpoint df du ls stat test basename dirname ln link unlink install ' +
    'mktemp mkfifo mknod readlink realpath chroot find grep setfacl getfacl setcap getcap chattr chcon ldconfig mount umount useradd adduser usermod'
  ).split(' '),
);

export function isFileTool(name: string): boolean {
  return FILE_TOOLS.has(name);
}

/** Does it need no more of a directory than its entry? */
export function isEntryTool(name: string): boolean {
  return ENTRY_TOOLS.has(name);
}

/** Does it give a file another name or place, where somebody else then starts it? */
export function isPlacer(name: string): boolean {
  return /^(?:ln|cp|install|mv)$/.test(name);
}

/** Does it write accounts, whose login shell it looks at (useradd(8), usermod(8), chsh(1), adduser(8))? */
export function isAccountTool(name: string): boolean {
  return /^(?:useradd|usermod|adduser|chsh)$/.test(name);
}
