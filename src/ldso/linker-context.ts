import { FormatError } from '../errors.ts';
import { checkLimit } from '../io/limits.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import { ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { ElfStore } from './elf-store.ts';
import { type LdSoCache, parseLdSoCache } from './ld-so-cache.ts';
import { identifyLoader, type Loader } from './loader.ts';

/** Under which circumstances programs of an image start. */
export interface LinkerOptions {
  readonly rootfs: Rootfs;
  /** The image's Env. */
  readonly env?: ReadonlyMap<string, string>;
  /** The image's WorkingDir: relative names start there. */
  readonly cwd?: RootPath;
  /** Who starts programs (the image's User); decides on secure execution. Root when absent. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** A processor level (`x86-64-v3`, `baseline`): answer as that processor. Absent: the baseline, variants apart. */
  readonly cpu?: string;
}

/** ImageLookup answers from one image what loaders ask again and again, each question once. */
export class ImageLookup {
  readonly rootfs: Rootfs;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
  readonly elves: ElfStore;
  readonly #uid: number;
  readonly #paths = new Map<string, ResolvedPath | null>();
  readonly #loaders = new Map<string, Loader | null>();
  readonly #caches = new Map<string, LdSoCache | null>();

  constructor(options: LinkerOptions) {
    this.rootfs = options.rootfs;
    this.elves = new ElfStore(options.rootfs.limits);
    this.env = options.env ?? new Map();
    this.cwd = options.cwd ?? ROOT;
    this.#uid = options.user?.uid ?? 0;
  }

  /** Follows a path as `open` does. */
  resolve(path: string): ResolvedPath | undefined {
    const known = this.#paths.get(path);
    if (known !== undefined) return known ?? undefined;
    const found = this.rootfs.resolve(path, { cwd: this.cwd });
    this.#paths.set(path, found ?? null);
    return found;
  }

  /** May the image's User read it? Its group counts for everyone: only a running process has all its groups. */
  mayRead(inode: Inode): boolean {
    return this.#uid === 0 || (inode.mode & (inode.uid === this.#uid ? 0o400 : 0o044)) !== 0;
  }

  isDirectory(path: string): boolean {
    return this.resolve(path === '' ? '.' : path)?.inode.type === 'directory';
  }

  loader(interpPath: string): Loader | undefined {
    const known = this.#loaders.get(interpPath);
    if (known !== undefined) return known ?? undefined;
    const loader = identifyLoader(this.rootfs, interpPath, this.cwd);
    this.#loaders.set(interpPath, loader ?? null);
    return loader;
  }

  /** Returns the loader's ld.so.cache; undefined when there is none or the loader ignores it. */
  cache(loader: Loader): LdSoCache | undefined {
    const key = `${loader.configPath}\0${loader.elf.data}`;
    const known = this.#caches.get(key);
    if (known !== undefined) return known ?? undefined;
    const cache = this.#readCache(loader);
    this.#caches.set(key, cache ?? null);
    return cache;
  }

  #readCache(loader: Loader): LdSoCache | undefined {
    const file = this.rootfs.file(loader.configPath);
    if (file === undefined) return undefined;
    checkLimit(this.rootfs.limits, 'ldSoCacheBytes', file.inode.size, `"${loader.configPath}"`);
    try {
      return parseLdSoCache(this.rootfs.read(file.inode), loader.elf.data === 'lsb');
    } catch (error) {
      // The loader itself goes on without a cache that it cannot read.
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }
}
