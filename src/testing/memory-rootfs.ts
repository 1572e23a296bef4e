import { InternalError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';
import type { DirectoryInode, Inode } from '../rootfs/inode.ts';
import { parentPath, ROOT, type RootPath, rootPath } from '../rootfs/root-path.ts';
import { Rootfs } from '../rootfs/rootfs.ts';

/** What may stand at a path: a file's contents, a link's target, a second name of a file, an (empty) directory. */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly link: string; readonly layer?: number }
  | { readonly hardLink: string }
  | { readonly directory: true; readonly mode?: number; readonly uid?: number }
  | {
      readonly content: string | Uint8Array;
      readonly mode?: number;
      readonly uid?: number;
      readonly layer?: number;
    };

const COMMON = { uid: 0, gid: 0, mtime: 0n, xattrs: new Map<string, Uint8Array>(), layer: 0 };

/**
 * Returns a rootfs of the files given by absolute path; directories on the way are made. Contents given alone have
 * mode 0755 when they begin with `#!` or lie in a directory called bin or sbin, else 0644.
 */
export function memoryRootfs(files: Readonly<Record<string, MemoryFile>>): Rootfs {
  const directories = new Map<RootPath, Map<string, Inode>>([[ROOT, new Map()]]);
  const root = directoryInode(entriesOf(ROOT), 0o755, 0);

  function entriesOf(path: RootPath): Map<string, Inode> {
    const known = directories.get(path);
    if (known !== undefined) return known;
    const entries = new Map<string, Inode>();
    directories.set(path, entries);
    put(path, directoryInode(entries, 0o755, 0));
    return entries;
  }
  function put(path: RootPath, inode: Inode): void {
    entriesOf(parentPath(path)).set(path.slice(path.lastIndexOf('/') + 1), inode);
  }

  const rootfs = new Rootfs(root);
  for (const [name, file] of Object.entries(files)) {
    const path = rootPath(name);
    if (typeof file === 'object' && 'hardLink' in file) {
      const first = rootfs.lookup(rootPath(file.hardLink));
      if (first === undefined)
        throw new InternalError(`hard link to ${file.hardLink}, which comes later or never`);
      put(path, first);
    } else if (typeof file === 'object' && 'directory' in file) {
      const entries = entriesOf(path);
      put(path, directoryInode(entries, file.mode ?? 0o755, file.uid ?? 0));
    } else {
      put(path, leafInode(path, file));
    }
  }
  return rootfs;
}

function directoryInode(entries: ReadonlyMap<string, Inode>, mode: number, uid: number): DirectoryInode {
  return {
    ...COMMON,
    type: 'directory',
    mode,
    uid,
    get: (name) => entries.get(name),
    names: () => [...entries.keys()].sort(),
  };
}

function leafInode(
  path: RootPath,
  file: Exclude<MemoryFile, { readonly hardLink: string } | { readonly directory: true }>,
): Inode {
  if (typeof file === 'object' && 'link' in file)
    return { ...COMMON, type: 'symlink', mode: 0o777, target: file.link, layer: file.layer ?? 0 };
  const given = typeof file === 'object' && 'content' in file ? file : { content: file };
  const bytes = typeof given.content === 'string' ? new TextEncoder().encode(given.content) : given.content;
  const isExecutable = /\/s?bin\/[^/]+$/.test(path) || (bytes[0] === 0x23 && bytes[1] === 0x21);
  return {
    ...COMMON,
    type: 'file',
    mode: given.mode ?? (isExecutable ? 0o755 : 0o644),
    uid: given.uid ?? 0,
    layer: given.layer ?? 0,
    size: bytes.length,
    content: memoryAccess(bytes),
    offset: 0,
  };
}
