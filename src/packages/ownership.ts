import { parentPath, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { PackageRecord } from './database.ts';
import type { Package, PackageContents } from './package.ts';
import { PATH_MAX, RealPaths } from './real-paths.ts';

/** Links in a row that are followed to find an owner, as many as the kernel follows. */
const MAX_LINKS = 40;

/** Ownership says which packages list a path. The lists are read when the first question comes. */
export class Ownership {
  readonly #rootfs: Rootfs;
  readonly #records: ReadonlyMap<Package, PackageRecord>;
  readonly #real: RealPaths;
  readonly #contents = new Map<Package, PackageContents>();
  /**
   * Real path to one package or, for shared directories, several: most paths have one, and there are many.
   */
  #owners: Map<RootPath, Package | Package[]> | undefined;

  constructor(rootfs: Rootfs, records: readonly PackageRecord[]) {
    this.#rootfs = rootfs;
    this.#records = new Map(records.map((record) => [record.package, record]));
    this.#real = new RealPaths(rootfs);
  }

  /** Returns the path without links among its directories. */
  realPath(path: string): RootPath {
    return this.#real.of(path);
  }

  /** Returns the packages that list exactly `path`, aliases of its directories apart. */
  listedBy(path: string): readonly Package[] {
    this.#owners ??= this.#readOwners();
    const owners = this.#owners.get(this.#real.of(path));
    if (owners === undefined) return [];
    return Array.isArray(owners) ? owners : [owners];
  }

  /**
   * Returns the packages that list `path` or, where nobody lists it and it is a link, the first thing that it
   * leads to that somebody lists: links of update-alternatives, of ldconfig, of rehashed certificates.
   */
  owners(path: string): readonly Package[] {
    let at = this.#real.of(path);
    for (let hop = 0; hop < MAX_LINKS; hop++) {
      const owners = this.listedBy(at);
      if (owners.length > 0) return owners;
      const inode = this.#rootfs.lookup(at);
      if (inode?.type !== 'symlink') return [];
      at = this.#real.of(inode.target.startsWith('/') ? inode.target : `${parentPath(at)}/${inode.target}`);
    }
    return [];
  }

  /** Returns what the package listed and the rootfs still has. */
  contents(pkg: Package): PackageContents {
    let contents = this.#contents.get(pkg);
    if (contents === undefined) {
      contents = this.#readContents(pkg);
      this.#contents.set(pkg, contents);
    }
    return contents;
  }

  #readOwners(): Map<RootPath, Package | Package[]> {
    const owners = new Map<RootPath, Package | Package[]>();
    for (const [pkg, record] of this.#records) {
      for (const listed of record.paths()) {
        if (listed.length > PATH_MAX) continue;
        const path = this.#real.of(listed);
        const known = owners.get(path);
        if (known === undefined) owners.set(path, pkg);
        else if (!Array.isArray(known)) {
          if (known !== pkg) owners.set(path, [known, pkg]);
        } else if (known.at(-1) !== pkg) known.push(pkg);
      }
    }
    return owners;
  }

  #readContents(pkg: Package): PackageContents {
    const files = new Set<RootPath>();
    const directories = new Set<RootPath>();
    let previous: RootPath | undefined;
    let previousListed = '';
    for (const listed of this.#records.get(pkg)?.paths() ?? []) {
      if (listed.length > PATH_MAX) continue;
      // A directory of the package that is a link in the rootfs (/lib on a merged /usr) is known by what is
      // listed in it.
      if (previous !== undefined && files.has(previous) && listed.startsWith(`${previousListed}/`)) {
        files.delete(previous);
        const target = this.#rootfs.resolve(previous);
        if (target?.inode.type === 'directory') directories.add(target.path);
      }
      const path = this.#real.of(listed);
      const inode = this.#rootfs.lookup(path);
      if (inode !== undefined) (inode.type === 'directory' ? directories : files).add(path);
      previous = path;
      previousListed = listed;
    }
    return { files: [...files].sort(), directories: [...directories].sort() };
  }
}
