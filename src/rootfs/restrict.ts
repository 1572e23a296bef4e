import type { DirectoryInode, Inode } from './inode.ts';
import { ROOT, type RootPath } from './root-path.ts';
import { Rootfs } from './rootfs.ts';

interface Node {
  readonly inode: Inode;
  readonly children: Map<string, Node>;
}

/**
 * Returns a Rootfs that holds only `paths` of `rootfs` and the directories above them, with the same inodes: what
 * an image of just these paths would be. Paths that are not there are passed over.
 */
export function restrictRootfs(rootfs: Rootfs, paths: Iterable<RootPath>): Rootfs {
  const top: Node = { inode: rootfs.root, children: new Map() };
  for (const path of paths) addPath(top, path);
  return new Rootfs(directoryOf(top, rootfs.root), rootfs.limits);
}

function addPath(top: Node, path: RootPath): void {
  if (path === ROOT) return;
  let at = top;
  for (const name of path.slice(1).split('/')) {
    let next = at.children.get(name);
    if (next === undefined) {
      const inode: Inode | undefined = at.inode.type === 'directory' ? at.inode.get(name) : undefined;
      if (inode === undefined) return;
      next = { inode, children: new Map() };
      at.children.set(name, next);
    }
    at = next;
  }
}

function directoryOf(node: Node, original: DirectoryInode): DirectoryInode {
  const { mode, uid, gid, mtime, xattrs, layer } = original;
  const entries = new Map<string, Inode>();
  for (const [name, child] of node.children) {
    entries.set(name, child.inode.type === 'directory' ? directoryOf(child, child.inode) : child.inode);
  }
  const names = [...entries.keys()].sort(compareCodeUnits);
  return {
    type: 'directory',
    mode,
    uid,
    gid,
    mtime,
    xattrs,
    layer,
    get: (name) => entries.get(name),
    names: () => names,
  };
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
