import {
  ancestors,
  baseName,
  joinPath,
  parentPath,
  type RootPath,
  rootPath,
} from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { BUILTIN_MODULES, CONDITIONS } from '../../knowledge/node.ts';
import { exportsTargets } from './exports-targets.ts';
import type { ImportStyle, JsImport } from './js-source.ts';
import type { Manifests } from './manifest.ts';

/** A module that was found. */
export interface FoundModule {
  /** Its own path, links resolved: what it imports is looked for from there. */
  readonly file: RootPath;
  /** As it was asked for: links may be on the way. */
  readonly named: RootPath;
  /** Manifests that were read on the way to it. */
  readonly manifests: readonly RootPath[];
}

/** Extensions that are tried, those of TypeScript for runners that compile while loading. */
const EXTENSIONS = ['.js', '.json', '.node', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.jsx'];
/** TypeScript writes imports by the name of what is compiled from it. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * ModuleFinder finds modules as the interpreter does ("Modules: CommonJS modules", "All together"; "Modules: ECMAScript
 * modules", "Resolution Algorithm"), and where the two or versions of it differ, as any of them would.
 */
export class ModuleFinder {
  readonly #rootfs: Rootfs;
  readonly #manifests: Manifests;
  readonly #globals: readonly RootPath[];
  readonly #conditions: readonly string[];

  /** `globals` are searched after every node_modules; `conditions` come from -C. */
  constructor(
    rootfs: Rootfs,
    manifests: Manifests,
    globals: readonly RootPath[],
    conditions: readonly string[],
  ) {
    this.#rootfs = rootfs;
    this.#manifests = manifests;
    this.#globals = globals;
    this.#conditions = [...CONDITIONS, ...conditions];
  }

  /** Returns the files that a specifier in a file of `directory` may mean; none for a builtin module or a missing one. */
  find({ specifier, style }: JsImport, directory: RootPath): readonly FoundModule[] {
    const name = specifier.replace(/[?].*$/, '');
    if (name.startsWith('file://')) return this.findPath(name.slice('file://'.length), directory);
    if (/^(?:\.{0,2}\/|\.{1,2}$)/.test(name)) return this.findPath(name, directory);
    if (name.startsWith('#')) return this.#findOwnImport({ specifier: name, style }, directory);
    if (/^[a-z]+:/.test(name) || BUILTIN_MODULES.has(name.split('/', 1).join())) {
      // `punycode/` and `string_decoder/` ask for the package.
      if (!/^[\w-]+\/$/.test(name)) return [];
    }
    return this.#findPackage({ specifier: name.replace(/\/$/, ''), style }, directory);
  }

  /** Returns the module at a path: the file, one with an extension more, or what a directory stands for. */
  findPath(path: string, directory: RootPath): readonly FoundModule[] {
    const found = this.#asFile(rootPath(path, directory)) ?? this.#asDirectory(rootPath(path, directory));
    return found === undefined ? [] : [found];
  }

  /** Returns the directory of the package of that name as seen from `directory`. */
  packageDirectory(name: string, directory: RootPath): RootPath | undefined {
    return this.#places(directory)
      .map((place) => rootPath(name, place))
      .find((path) => this.#rootfs.resolve(path)?.inode.type === 'directory');
  }

  /** Returns the names of the installed packages that begin with `start`, as seen from `directory`. */
  packageNames(start: string, directory: RootPath): readonly string[] {
    const scope = /^@[^/]+\//.exec(start)?.[0] ?? '';
    const names = this.#places(directory).flatMap((place) =>
      this.#rootfs.list(rootPath(scope, place)).map((name) => scope + name),
    );
    return [...new Set(names)].filter((name) => name.startsWith(start) && packageNameOf(name) === name);
  }

  #places(directory: RootPath): RootPath[] {
    const above = [directory, ...ancestors(directory)].filter((path) => baseName(path) !== 'node_modules');
    return [...above.map((path) => joinPath(path, 'node_modules')), ...this.#globals];
  }

  #findPackage({ specifier, style }: JsImport, directory: RootPath): readonly FoundModule[] {
    const name = packageNameOf(specifier);
    if (name === undefined) return [];
    const subpath = specifier.slice(name.length);
    const own = this.#ownPackage(directory);
    if (own !== undefined && this.#manifests.at(joinPath(own, 'package.json'))?.name === name) {
      const found = this.#exported(own, `.${subpath}`, style);
      if (found.length > 0) return found;
    }
    for (const place of this.#places(directory)) {
      const home = rootPath(name, place);
      const found = this.#exported(home, `.${subpath}`, style);
      if (found.length > 0) return found;
      const path = rootPath(specifier, place);
      const legacy = this.#asFile(path) ?? this.#asDirectory(path);
      if (legacy !== undefined) {
        const manifest = joinPath(home, 'package.json');
        return [{ ...legacy, manifests: [manifest, ...legacy.manifests] }];
      }
    }
    return [];
  }

  #findOwnImport({ specifier, style }: JsImport, directory: RootPath): readonly FoundModule[] {
    const own = this.#ownPackage(directory);
    if (own === undefined) return [];
    const manifest = joinPath(own, 'package.json');
    const targets = exportsTargets(
      this.#manifests.at(manifest)?.imports,
      specifier,
      this.#conditionsOf(style),
    );
    for (const target of targets) {
      const found = target.startsWith('#') ? [] : this.find({ specifier: target, style }, own);
      if (found.length > 0)
        return found.map((module) => ({ ...module, manifests: [manifest, ...module.manifests] }));
    }
    return [];
  }

  #exported(home: RootPath, subpath: string, style: ImportStyle): FoundModule[] {
    const manifest = joinPath(home, 'package.json');
    const field = this.#manifests.at(manifest)?.exports;
    if (field === undefined || field === null) return [];
    return exportsTargets(field, subpath, this.#conditionsOf(style)).flatMap((target) => {
      const found = target.startsWith('./') ? this.#asFile(rootPath(target, home)) : undefined;
      return found === undefined ? [] : [{ ...found, manifests: [manifest] }];
    });
  }

  #conditionsOf(style: ImportStyle): ReadonlySet<string> {
    return new Set([...this.#conditions, style]);
  }

  /** The nearest directory with a package.json, as imports of `#name` and of a package by itself are read. */
  #ownPackage(directory: RootPath): RootPath | undefined {
    return [directory, ...ancestors(directory)].find((path) =>
      this.#manifests.at(joinPath(path, 'package.json')),
    );
  }

  #asFile(path: RootPath): FoundModule | undefined {
    const { extension, stem } = splitName(path);
    const names = [
      path,
      ...EXTENSIONS.map((end) => path + end),
      ...(SOURCES[extension] ?? []).map((end) => stem + end),
    ];
    for (const name of names) {
      const found = this.#rootfs.file(name);
      if (found !== undefined) return { file: found.path, named: name as RootPath, manifests: [] };
    }
    return undefined;
  }

  #asDirectory(path: RootPath): FoundModule | undefined {
    if (this.#rootfs.resolve(path)?.inode.type !== 'directory') return undefined;
    const manifest = joinPath(path, 'package.json');
    const main = this.#manifests.at(manifest)?.main;
    const places = [...(main === undefined ? [] : [rootPath(main, path)]), path];
    for (const place of places) {
      const found =
        (place === path ? undefined : this.#asFile(place)) ?? this.#asFile(joinPath(place, 'index'));
      if (found !== undefined)
        return { ...found, manifests: this.#manifests.at(manifest) === undefined ? [] : [manifest] };
    }
    return undefined;
  }
}

/** Returns `@scope/name` or `name` of a specifier; undefined when it is no package's. */
export function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*/.exec(specifier)?.[0];
}

function splitName(path: RootPath): { readonly stem: string; readonly extension: string } {
  const extension = /\.\w+$/.exec(baseName(path))?.[0] ?? '';
  return {
    stem: joinPath(parentPath(path), baseName(path).slice(0, -extension.length || undefined)),
    extension,
  };
}
