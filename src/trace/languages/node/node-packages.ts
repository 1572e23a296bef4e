import {
  ancestors,
  baseName,
  isWithin,
  joinPath,
  parentPath,
  type RootPath,
} from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { FOREIGN_PLATFORM, UNREAD_DIRECTORIES, UNREAD_FILE } from '../../knowledge/node.ts';
import { isSourceFile } from '../../knowledge/payload-paths.ts';
import type { Manifest, Manifests } from './manifest.ts';

const CODE = /\.(?:[cm]?js|jsx|[cm]?ts|tsx)$/;
/** Bytes up to which a package that is needed is kept whole: what its own files leave open cannot hurt then. */
const SMALL_PACKAGE = 1e6;

/** NodePackage is the directory that a package.json stands for. */
export interface NodePackage {
  readonly directory: RootPath;
  readonly manifest: Manifest | undefined;
  /** In a node_modules or a global directory, and not the application's own tree. */
  readonly isInstalled: boolean;
}

/** Is it a path of a node_modules tree? Those are kept by what programs load, never for their place. */
export function isInNodeModules(path: string): boolean {
  return /\/node_modules(?:\/|$)/.test(path);
}

/** Is it a file that the interpreter runs? */
export function isCode(path: string): boolean {
  return CODE.test(path);
}

/** NodePackages says which package a file is of, and what of a package a program may read. */
export class NodePackages {
  readonly #rootfs: Rootfs;
  readonly #manifests: Manifests;
  readonly #globals: readonly RootPath[];
  readonly #files = new Map<RootPath, readonly RootPath[]>();
  readonly #known = new Map<RootPath, NodePackage>();
  readonly #byDirectory = new Map<RootPath, NodePackage>();

  constructor(rootfs: Rootfs, manifests: Manifests, globals: readonly RootPath[]) {
    this.#rootfs = rootfs;
    this.#manifests = manifests;
    this.#globals = globals;
  }

  /** Returns the package that the file at `path` (links resolved) is of: without any package.json, its own directory. */
  of(path: RootPath): NodePackage {
    const place = parentPath(path);
    // A file directly in a global directory is a package by itself.
    const isAlone = this.#globals.includes(place);
    const known = isAlone ? undefined : this.#byDirectory.get(place);
    if (known !== undefined) return known;
    const { directory, isInstalled } = this.#homeOf(path);
    const manifest = this.#manifests.at(joinPath(directory, 'package.json'));
    const found = this.#known.get(directory) ?? { directory, manifest, isInstalled };
    this.#known.set(directory, found);
    if (!isAlone) this.#byDirectory.set(place, found);
    return found;
  }

  /** Returns the manifests that say how the file at `path` is read: all from its directory up to its package's. */
  manifestsAbove(path: RootPath): RootPath[] {
    const { directory } = this.of(path);
    return ancestors(path)
      .filter((above) => isWithin(above, directory))
      .map((above) => joinPath(above, 'package.json'))
      .filter((manifest) => this.#rootfs.file(manifest) !== undefined);
  }

  /** Returns the package's files that a program may read, code and data. */
  files({ directory, isInstalled }: NodePackage): readonly RootPath[] {
    const known = this.#files.get(directory);
    if (known !== undefined) return known;
    const files: RootPath[] = [];
    const pending: RootPath[] = [directory];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const name of this.#rootfs.list(at)) {
        const path = joinPath(at, name);
        const inode = this.#rootfs.lookup(path);
        if (inode?.type === 'directory') {
          const isUnread = at === directory && isInstalled && UNREAD_DIRECTORIES.has(name);
          if (name !== 'node_modules' && name !== '.git' && name !== 'obj.target' && !isUnread)
            pending.push(path);
        } else if (inode !== undefined && isRuntimeFile(path, directory, isInstalled)) files.push(path);
      }
    }
    this.#files.set(directory, files);
    return files;
  }

  /** Is the package so small that it is not worth choosing among its files? */
  isSmall(pkg: NodePackage): boolean {
    let bytes = 0;
    for (const path of this.files(pkg)) {
      const inode = this.#rootfs.lookup(path);
      bytes += inode?.type === 'file' ? inode.size : 0;
    }
    return bytes <= SMALL_PACKAGE;
  }

  #homeOf(path: RootPath): { directory: RootPath; isInstalled: boolean } {
    const installed = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (installed !== undefined) return { directory: installed as RootPath, isInstalled: true };
    for (const root of this.#globals) {
      if (!isWithin(path, root)) continue;
      const name = /^\/((?:@[^/]+\/)?[^/]+)\//.exec(path.slice(root.length))?.[1];
      return name === undefined
        ? { directory: path, isInstalled: true }
        : { directory: joinPath(root, name), isInstalled: true };
    }
    const above = ancestors(path);
    const own = above.find((directory) => this.#manifests.at(joinPath(directory, 'package.json')));
    return { directory: own ?? above[0] ?? ('/' as RootPath), isInstalled: false };
  }
}

function isRuntimeFile(path: RootPath, directory: RootPath, isInstalled: boolean): boolean {
  const inside = path.slice(directory.length);
  if (UNREAD_FILE.test(inside) || isSourceFile(baseName(path))) return false;
  // What is installed was compiled; a runner that compiles while loading reaches the sources that it needs.
  if (isInstalled && /\.[cm]?tsx?$/.test(inside)) return false;
  return isCode(path) || !FOREIGN_PLATFORM.test(inside);
}
