import { createHash } from 'node:crypto';
import type { Inode } from '../rootfs/inode.ts';
import { ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/**
 * Returns a filesystem as text, one line a path in walking order: `/bin/sh: symlink busybox`,
 * `/etc/: directory 0755 0:0`, `/app/x: file 0644 0:0 cc55e2ec` (the start of the contents' sha256; `empty` for none),
 * `/b: hardlink /a` for a later name of an inode. A time and xattrs are shown where there are any; the root where it is
 * not what nobody set.
 */
export function dumpTree(rootfs: Rootfs): string[] {
  const names = new Map<Inode, RootPath>();
  const root = lineOf(rootfs, ROOT, rootfs.root);
  const lines = root === '/: directory 0755 0:0' ? [] : [root];
  for (const [path, inode] of rootfs.walk()) {
    const first = names.get(inode);
    names.set(inode, first ?? path);
    lines.push(
      first === undefined ? lineOf(rootfs, path, inode) : `${printable(path)}: hardlink ${printable(first)}`,
    );
  }
  return lines;
}

function lineOf(rootfs: Rootfs, path: RootPath, inode: Inode): string {
  const name = printable(inode.type === 'directory' && path !== ROOT ? `${path}/` : path);
  if (inode.type === 'symlink') return `${name}: symlink ${printable(inode.target)}`;
  const parts = [
    `${name}: ${inode.type}`,
    inode.mode.toString(8).padStart(4, '0'),
    `${inode.uid}:${inode.gid}`,
  ];
  if (inode.type === 'file') parts.push(hashOf(rootfs.read(inode)));
  if (inode.type === 'character-device' || inode.type === 'block-device')
    parts.push(`${inode.major}:${inode.minor}`);
  if (inode.mtime !== 0n) parts.push(`@${inode.mtime}`);
  for (const [key, value] of inode.xattrs) parts.push(`${key}=${Buffer.from(value).toString('hex')}`);
  return parts.join(' ');
}

function hashOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'empty' : createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

/** Control characters and lone surrogates are shown escaped, so that a line stays one line. */
function printable(name: string): string {
  return name.replace(/[\0-\x1f\x7f]|\p{Surrogate}/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
