import type { FileInode, Inode } from './inode.ts';

/** What of an inode may differ; times do not count. */
export type ChangedPart = 'type' | 'content' | 'mode' | 'owner' | 'xattrs' | 'target' | 'device';

const CHUNK = 1 << 20;

/** Returns in what two inodes of one path differ; nothing when they are the same file. */
export function describeChange(before: Inode, after: Inode): readonly ChangedPart[] {
  if (before === after) return [];
  if (before.type !== after.type) return ['type'];
  const parts: ChangedPart[] = [];
  if (before.type === 'file' && after.type === 'file' && !sameBytes(before, after)) parts.push('content');
  if (before.type === 'symlink' && after.type === 'symlink' && before.target !== after.target)
    parts.push('target');
  if (deviceOf(before) !== deviceOf(after)) parts.push('device');
  // The kernel gives every link 0777, and tars what they like.
  if (before.type !== 'symlink' && before.mode !== after.mode) parts.push('mode');
  if (before.uid !== after.uid || before.gid !== after.gid) parts.push('owner');
  if (!sameXattrs(before.xattrs, after.xattrs)) parts.push('xattrs');
  return parts;
}

/** Have both files the same contents? Read in chunks, both at once. */
export function sameBytes(a: FileInode, b: FileInode): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += CHUNK) {
    const length = Math.min(CHUNK, a.size - at);
    const [left, right] = [a.content.read(a.offset + at, length), b.content.read(b.offset + at, length)];
    if (Buffer.compare(left, right) !== 0) return false;
  }
  return true;
}

function deviceOf(inode: Inode): string | undefined {
  return 'major' in inode ? `${inode.major}:${inode.minor}` : undefined;
}

function sameXattrs(a: Inode['xattrs'], b: Inode['xattrs']): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && Buffer.compare(value, other) === 0;
  });
}
