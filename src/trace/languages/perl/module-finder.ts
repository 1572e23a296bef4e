import { joinPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** ModuleFinder looks names up in @INC as perl's `require` does. */
export class ModuleFinder {
  readonly #rootfs: Rootfs;
  readonly #directories: RootPath[];
  readonly #known = new Map<string, RootPath | undefined>();

  constructor(rootfs: Rootfs, directories: readonly RootPath[]) {
    this.#rootfs = rootfs;
    this.#directories = [...new Set(directories)];
  }

  get directories(): readonly RootPath[] {
    return this.#directories;
  }

  /** Puts a directory before the others. */
  prepend(directory: RootPath): boolean {
    if (this.#directories.includes(directory)) return false;
    this.#directories.unshift(directory);
    this.#known.clear();
    return true;
  }

  /** Returns the file of the module `Foo::Bar`, compiled (`.pmc`) before source. */
  module(name: string): RootPath | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#find(name));
    return this.#known.get(name);
  }

  /** Returns the file that `require "unicore/Name.pl"` loads. */
  file(name: string): RootPath | undefined {
    for (const directory of this.#directories) {
      const path = joinIn(directory, name);
      if (this.#rootfs.file(path) !== undefined) return path;
    }
    return undefined;
  }

  /** Returns the directories of @INC that hold `relative` as a directory. */
  trees(relative: string): RootPath[] {
    return this.#directories.flatMap((directory) => {
      const found = this.#rootfs.resolve(joinIn(directory, relative));
      return found?.inode.type === 'directory' ? [found.path] : [];
    });
  }

  /** Returns the files of the modules below a namespace (`DBD` or `DBD::`), with `deep` at any depth. */
  below(namespace: string, deep: boolean): RootPath[] {
    const relative = namespace.replace(/::$/, '').replaceAll('::', '/');
    if (relative === '') return [];
    return this.trees(relative).flatMap((tree) => this.#sourcesIn(tree, deep));
  }

  #sourcesIn(tree: RootPath, deep: boolean): RootPath[] {
    if (deep) {
      const all = [...this.#rootfs.walk(tree)];
      return all.flatMap(([path, inode]) =>
        inode.type !== 'directory' && path.endsWith('.pm') ? [path] : [],
      );
    }
    return this.#rootfs.list(tree).flatMap((name) => (/\.p[lm]$/.test(name) ? [joinPath(tree, name)] : []));
  }

  #find(name: string): RootPath | undefined {
    const relative = name.replaceAll('::', '/');
    for (const directory of this.#directories) {
      for (const extension of ['.pmc', '.pm']) {
        const path = joinIn(directory, `${relative}${extension}`);
        if (this.#rootfs.file(path) !== undefined) return path;
      }
    }
    return undefined;
  }
}

function joinIn(directory: RootPath, relative: string): RootPath {
  return rootPath(relative.replace(/^\/+/, ''), directory);
}
