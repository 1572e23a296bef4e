import type { DirectoryInode, Inode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import { joinPath, ROOT, type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** Longest path that Linux takes (limits.h PATH_MAX); a longer one in a list cannot be a file. */
export const PATH_MAX = 4096;

/** Empty, `.` and `..` components, and trailing slashes. */
const NOT_NORMAL = /\/\.{0,2}(?:\/|$)/;

/**
 * RealPaths says where a path really lies: the links among its directories followed, its last component not.
 * That is how a file listed as /lib/x and reached as /usr/lib/x is one file. Directories that are missing
 * stay as written.
 */
export class RealPaths {
  readonly #rootfs: Rootfs;
  readonly #directories = new Map<string, RootPath>();
  #lastPath = '';
  #lastReal: RootPath = ROOT;

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs;
  }

  /** Returns the real path of the absolute path `path`. */
  of(path: string): RootPath {
    const normal = NOT_NORMAL.test(path) ? rootPath(path) : path;
    if (normal === ROOT) return ROOT;
    const slash = normal.lastIndexOf('/');
    const directory = normal.slice(0, slash);
    const real = this.#directory(directory);
    // Nearly always: then the string stays the one whose hash is known, which counts with 100,000 paths.
    if (real === directory || directory === '') return normal as RootPath;
    return joinPath(real, normal.slice(slash + 1));
  }

  #directory(path: string): RootPath {
    // Lists are sorted: the directory is mostly that of the path before.
    if (path === this.#lastPath) return this.#lastReal;
    let real = this.#directories.get(path);
    if (real === undefined) {
      real = this.#resolve(path);
      this.#directories.set(path, real);
    }
    this.#lastPath = path;
    this.#lastReal = real;
    return real;
  }

  #resolve(path: string): RootPath {
    let at: RootPath = ROOT;
    let inode: DirectoryInode | undefined = this.#rootfs.root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      const below: RootPath = joinPath(at, name);
      const next: Inode | undefined = inode?.get(name);
      const found: ResolvedPath | undefined =
        next?.type === 'symlink' ? this.#rootfs.resolve(below) : undefined;
      if (found?.inode.type === 'directory') {
        at = found.path;
        inode = found.inode;
      } else {
        at = below;
        inode = next?.type === 'directory' ? next : undefined;
      }
    }
    return at;
  }
}
