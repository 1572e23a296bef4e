import { joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import type { PathEntry } from './search-path.ts';

/** PythonModule is where a dotted name is found. */
export interface PythonModule {
  readonly name: string;
  /** Its source, extension or bytecode; of a package its `__init__`; none for a namespace package. */
  readonly file: RootPath | undefined;
  /** A package's directories (several for a namespace package); none for a module. */
  readonly directories: readonly RootPath[];
  /** The kind of the path entry that it was found by. */
  readonly kind: PathEntry['kind'];
}

/** ModuleFinder finds modules on a path as importlib's PathFinder and FileFinder do (importlib/_bootstrap_external.py). */
export class ModuleFinder {
  readonly #rootfs: Rootfs;
  readonly #entries: PathEntry[];
  readonly #aliases: ReadonlyMap<string, RootPath>;
  readonly #tag: string;
  readonly #known = new Map<string, PythonModule | undefined>();
  readonly #stems = new Map<RootPath, ReadonlyMap<string, Candidates>>();

  /** `version` (`3.11`) chooses among extensions that were built for several. */
  constructor(
    rootfs: Rootfs,
    entries: readonly PathEntry[],
    aliases: ReadonlyMap<string, RootPath>,
    version: string,
  ) {
    this.#rootfs = rootfs;
    this.#entries = [...entries];
    this.#aliases = aliases;
    this.#tag = version.replace('.', '');
  }

  get entries(): readonly PathEntry[] {
    return this.#entries;
  }

  /** Appends a place that the program adds to sys.path itself; true when it is new. */
  append(entry: PathEntry): boolean {
    if (this.#entries.some(({ path }) => path === entry.path)) return false;
    this.#entries.push(entry);
    for (const [name, found] of this.#known) if (found === undefined) this.#known.delete(name);
    return true;
  }

  /** Returns the module of that dotted name, or undefined when the path has none (it may be built in). */
  find(name: string): PythonModule | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    const found = this.#search(name);
    this.#known.set(name, found);
    return found;
  }

  /** Returns the names of the modules directly in a package. */
  submodules(module: PythonModule): readonly string[] {
    const names = module.directories.flatMap((directory) => [...this.#index(directory).keys()]);
    return [...new Set(names)].filter((name) => name !== '__init__').map((name) => `${module.name}.${name}`);
  }

  #search(name: string): PythonModule | undefined {
    const dot = name.lastIndexOf('.');
    const stem = name.slice(dot + 1);
    // Names given as values need not be identifiers: _sysconfigdata__x86_64-linux-gnu.
    if (!/^[^./\s]+$/.test(stem)) return undefined;
    if (dot < 0) {
      const alias = this.#aliases.get(name);
      const places = this.#entries.map(({ path, kind }) => ({ path, kind }));
      return (alias && this.#aliased(name, alias)) ?? this.#among(name, stem, places);
    }
    const parent = this.find(name.slice(0, dot));
    if (parent === undefined) return undefined;
    const places = parent.directories.map((path) => ({ path, kind: parent.kind }));
    return this.#among(name, stem, places);
  }

  #aliased(name: string, target: RootPath): PythonModule | undefined {
    const found = this.#rootfs.resolve(target);
    if (found?.inode.type === 'file') return { name, file: found.path, directories: [], kind: 'application' };
    if (found?.inode.type !== 'directory') return undefined;
    return {
      name,
      file: this.#index(found.path).get('__init__')?.best,
      directories: [found.path],
      kind: 'application',
    };
  }

  #among(name: string, stem: string, places: readonly PathEntry[]): PythonModule | undefined {
    const portions: PathEntry[] = [];
    let regular: PythonModule | undefined;
    for (const { path, kind } of places) {
      const candidates = this.#index(path).get(stem);
      if (candidates === undefined) continue;
      const { directory, best } = candidates;
      const init = directory && this.#index(directory).get('__init__')?.best;
      if (init === undefined && best !== undefined) {
        if (regular === undefined && portions.length === 0)
          return { name, file: best, directories: [], kind };
        continue;
      }
      if (directory === undefined) continue;
      if (init !== undefined) regular ??= { name, file: init, directories: [directory], kind };
      portions.push({ path: directory, kind });
    }
    const [first] = portions;
    if (regular === undefined)
      return (
        first && { name, file: undefined, directories: portions.map(({ path }) => path), kind: first.kind }
      );
    // Packages may extend their __path__ over their namesakes (pkgutil.extend_path, pkg_resources): those come last.
    const others = portions.map(({ path }) => path).filter((path) => !regular.directories.includes(path));
    return { ...regular, directories: [...regular.directories, ...others] };
  }

  #index(directory: RootPath): ReadonlyMap<string, Candidates> {
    const known = this.#stems.get(directory);
    if (known !== undefined) return known;
    const index = new Map<string, Candidates>();
    for (const name of this.#rootfs.list(directory)) this.#enter(index, directory, name);
    this.#stems.set(directory, index);
    return index;
  }

  #enter(index: Map<string, Candidates>, directory: RootPath, name: string): void {
    const dot = name.indexOf('.');
    const stem = dot < 0 ? name : name.slice(0, dot);
    if (dot === 0 || stem === '__pycache__') return;
    const before = index.get(stem);
    if (dot < 0) {
      const found = this.#rootfs.resolve(joinPath(directory, name));
      if (found?.inode.type === 'directory') index.set(stem, { ...before, directory: found.path });
      return;
    }
    const rank = this.#rank(name.slice(dot));
    if (rank === 0 || rank <= (before?.rank ?? 0)) return;
    index.set(stem, { ...before, best: joinPath(directory, name), rank });
  }

  /** FileFinder asks for extensions first, then sources, then bytecode; 0 is no module at all. */
  #rank(suffix: string): number {
    if (suffix === '.py') return 2;
    if (suffix === '.pyc') return 1;
    if (!suffix.endsWith('.so')) return 0;
    if (suffix === '.so') return 3;
    if (suffix === '.abi3.so') return 4;
    const tag = /^\.(?:cpython|pypy)-?(\d+)/.exec(suffix)?.[1];
    return tag === this.#tag || (tag?.startsWith(this.#tag) ?? false) ? 5 : 0;
  }
}

interface Candidates {
  readonly directory?: RootPath;
  readonly best?: RootPath;
  readonly rank?: number;
}
