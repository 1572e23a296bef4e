import type { Inode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';

/** Longest text of a file that is shown. */
const SHOWN = 40;

/**
 * Returns a filesystem as text, one line a path: `/d/`, `/d/f "text"` (or its size), `/l -> target`, `/h == /d/f` for another
 * name of an inode, `/tty character-device 4:1`. Names are as JSON writes them where they hold anything but printable ASCII.
 */
export function describeTree(rootfs: Rootfs): string[] {
  const names = new Map<Inode, RootPath>();
  return [...rootfs.walk()].map(([path, inode]) => {
    const first = names.get(inode);
    if (first === undefined) names.set(inode, path);
    return first === undefined || inode.type === 'directory'
      ? line(rootfs, path, inode)
      : `${shown(path)} == ${shown(first)}`;
  });
}

function line(rootfs: Rootfs, path: string, inode: Inode): string {
  if (inode.type === 'directory') return `${shown(path)}/`;
  if (inode.type === 'symlink') return `${shown(path)} -> ${shown(inode.target)}`;
  if (inode.type === 'file') {
    const text = inode.size > SHOWN ? String(inode.size) : Buffer.from(rootfs.read(inode)).toString('utf8');
    return `${shown(path)} ${inode.size > SHOWN ? text : JSON.stringify(text)}`;
  }
  const device = 'major' in inode ? ` ${inode.major}:${inode.minor}` : '';
  return `${shown(path)} ${inode.type}${device}`;
}

function shown(name: string): string {
  return /^[!-~ ]*$/.test(name) ? name : JSON.stringify(name);
}
