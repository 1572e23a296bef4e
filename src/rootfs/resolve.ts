import type { DirectoryInode, Inode } from './inode.ts';
import { joinPath, ROOT, type RootPath } from './root-path.ts';

/** Linux's own limit of links in one look-up (path_resolution(7), ELOOP). */
const MAX_LINKS = 40;

/** ResolvedPath is where a path leads, and every symbolic link that it passed. */
export interface ResolvedPath {
  /** Without links: every component but the last is a real directory, and the last is `inode`. */
  readonly path: RootPath;
  readonly inode: Inode;
  /** The links followed, in order, each by its own link-free path: all are needed for the path to work. */
  readonly hops: readonly RootPath[];
}

/** Resolves `path` inside `root` as the kernel does in a chroot: `..` at the root stays there, absolute link targets start at it. */
export function resolvePath(
  root: DirectoryInode,
  path: string,
  cwd: RootPath,
  followLast: boolean,
): ResolvedPath | undefined {
  const hops: RootPath[] = [];
  const pending = componentsOf(path);
  if (!path.startsWith('/')) pending.push(...componentsOf(cwd));
  const directories: { readonly path: RootPath; readonly inode: DirectoryInode }[] = [
    { path: ROOT, inode: root },
  ];

  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const here = directories.at(-1) ?? { path: ROOT, inode: root };
    if (name === '.') continue;
    if (name === '..') {
      if (directories.length > 1) directories.pop();
      continue;
    }
    const inode = here.inode.get(name);
    if (inode === undefined) return undefined;
    const at = joinPath(here.path, name);
    const isLast = pending.length === 0;
    if (inode.type === 'symlink' && (followLast || !isLast)) {
      hops.push(at);
      if (hops.length > MAX_LINKS || inode.target === '') return undefined;
      if (inode.target.startsWith('/')) directories.length = 1;
      pending.push(...componentsOf(inode.target));
    } else if (inode.type === 'directory') {
      directories.push({ path: at, inode });
    } else {
      // "file/." and "file/.." are ENOTDIR for the kernel; only trailing slashes were already dropped.
      return isLast ? { path: at, inode, hops } : undefined;
    }
  }
  const end = directories.at(-1);
  return end === undefined ? undefined : { path: end.path, inode: end.inode, hops };
}

/** Returns the components of `path`, last first. */
function componentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .reverse();
}
