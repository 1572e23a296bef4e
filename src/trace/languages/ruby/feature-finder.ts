import { joinPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** FeatureFinder looks features up on the load path as `require` does (load.c, rb_feature_p and search_required). */
export class FeatureFinder {
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
  prepend(directory: RootPath): void {
    if (this.#directories.includes(directory)) return;
    this.#directories.unshift(directory);
    this.#known.clear();
  }

  /** Returns the source or the extension of the feature `json/ext`. */
  find(feature: string): RootPath | undefined {
    if (!this.#known.has(feature)) this.#known.set(feature, this.#find(feature));
    return this.#known.get(feature);
  }

  /** Returns the file that `name` means from `directory`. */
  relative(name: string, directory: RootPath): RootPath | undefined {
    return this.#candidate(rootPath(name, directory));
  }

  /** Returns the features directly below a directory of the load path (`rack/handler/`), wherever it lies. */
  below(prefix: string): RootPath[] {
    return this.#directories.flatMap((directory) => {
      const tree = rootPath(prefix, directory);
      const names = this.#rootfs.list(tree).filter((name) => /\.(?:rb|so)$/.test(name));
      return names.map((name) => joinPath(tree, name));
    });
  }

  #find(feature: string): RootPath | undefined {
    if (feature.startsWith('/')) return this.#candidate(rootPath(feature));
    for (const extension of /\.(?:rb|so)$/.test(feature) ? [''] : ['.rb', '.so']) {
      for (const directory of this.#directories) {
        const path = rootPath(`${feature}${extension}`, directory);
        if (this.#rootfs.file(path) !== undefined) return path;
      }
    }
    return undefined;
  }

  #candidate(path: RootPath): RootPath | undefined {
    const names = [path, `${path}.rb`, `${path}.so`] as RootPath[];
    return names.find((name) => this.#rootfs.file(name) !== undefined);
  }
}
