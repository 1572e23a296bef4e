import type { FileInode } from '../rootfs/inode.ts';

/**
 * Does the kernel start this file in secure execution (AT_SECURE) for this caller? `no` for a file without setuid,
 * setgid or capabilities. A root caller of a setuid-root file is not secure, any other is (Linux security/commoncap.c,
 * cap_bprm_creds_from_file; ld.so(8), "secure-execution mode").
 */
export function secureModeOf(
  inode: FileInode,
  caller: { readonly uid: number; readonly gid: number },
): 'no' | 'here' | 'elsewhere' {
  const isSetuid = (inode.mode & 0o4000) !== 0;
  // setgid without group execution is mandatory locking, not a change of group (fs/exec.c, bprm_fill_uid).
  const isSetgid = (inode.mode & 0o2010) === 0o2010;
  const hasCapabilities = givesCapabilities(inode.xattrs.get('security.capability'));
  if (!isSetuid && !isSetgid && !hasCapabilities) return 'no';
  const changes =
    (isSetuid && inode.uid !== caller.uid) ||
    (isSetgid && inode.gid !== caller.gid) ||
    (hasCapabilities && caller.uid !== 0);
  return changes ? 'here' : 'elsewhere';
}

/**
 * Is there an effective bit or a permitted capability in a vfs_cap_data (linux/capability.h: le32 flags, then le32
 * permitted and inheritable, once or twice)? A file with inheritable ones alone gives nothing by itself.
 */
function givesCapabilities(data: Uint8Array | undefined): boolean {
  if (data === undefined) return false;
  const bytesOfPermitted = [4, 5, 6, 7, 12, 13, 14, 15];
  return ((data[0] ?? 0) & 1) !== 0 || bytesOfPermitted.some((at) => (data[at] ?? 0) !== 0);
}
