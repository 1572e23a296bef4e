import { memoryAccess } from '../io/random-access.ts';
import type { DirectoryInode, Inode } from '../rootfs/inode.ts';
import { Rootfs } from '../rootfs/rootfs.ts';

const COMMON = { mode: 0o755, uid: 0, gid: 0, mtime: 0n, xattrs: new Map<string, Uint8Array>(), layer: 0 };

/** What a test puts at a path: contents, a link's target, or an empty directory (the path ends in a slash). */
type MemoryFile = string | Uint8Array | { readonly link: string };

/** Returns a rootfs of the files given by absolute path; directories on the way are made. For tests. */
export function memoryRootfs(files: Readonly<Record<string, MemoryFile>>): Rootfs {
  const [root, rootEntries] = directory();
  const directories = new Map<string, Map<string, Inode>>([['', rootEntries]]);
  const entriesOf = (path: string): Map<string, Inode> => {
    const known = directories.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf('/');
    const [inode, entries] = directory();
    entriesOf(path.slice(0, slash)).set(path.slice(slash + 1), inode);
    directories.set(path, entries);
    return entries;
  };
  for (const [path, file] of Object.entries(files)) {
    const slash = path.lastIndexOf('/');
    const entries = entriesOf(path.slice(0, slash));
    if (!path.endsWith('/')) entries.set(path.slice(slash + 1), inodeOf(file));
  }
  return new Rootfs(root);
}

function directory(): [DirectoryInode, Map<string, Inode>] {
  const entries = new Map<string, Inode>();
  return [
    {
      ...COMMON,
      type: 'directory',
      get: (name) => entries.get(name),
      names: () => [...entries.keys()].sort(),
    },
    entries,
  ];
}

function inodeOf(file: MemoryFile): Inode {
  if (typeof file === 'object' && 'link' in file) return { ...COMMON, type: 'symlink', target: file.link };
  const content = typeof file === 'string' ? Buffer.from(file) : file;
  return { ...COMMON, type: 'file', size: content.length, content: memoryAccess(content), offset: 0 };
}
