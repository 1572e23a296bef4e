import type { Package } from '../../../packages/package.ts';
import type { PackageIndex } from '../../../packages/package-index.ts';
import { isDocumentationPath } from '../../../packages/path-kinds.ts';
import {
  baseName,
  isWithin,
  joinPath,
  parentPath,
  type RootPath,
  rootPath,
} from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { expandPattern } from '../../expand-pattern.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import { GEM_HOMES, INTERPRETER_SOURCES, LOADED_DIRECTORY, UNREAD_GEM_PATH } from '../../knowledge/ruby.ts';

/** Gem is one installed gem, as its specification says. */
export interface Gem {
  readonly name: string;
  readonly version: string;
  readonly specification: RootPath;
  /** Its own directory; undefined for a default gem and for a distribution's package that spreads it over the load path. */
  readonly directory: RootPath | undefined;
  /** What it puts on the load path. */
  readonly loadPath: readonly RootPath[];
  /** Names of the gems that it needs at run time. */
  readonly requires: readonly string[];
  /** Part of the standard library. */
  readonly isDefault: boolean;
  readonly package: Package | undefined;
}

export function isInterpreterPackage({ source }: Pick<Package, 'source'>): boolean {
  return INTERPRETER_SOURCES.some(({ pattern }) => pattern.test(source));
}

/** Reads the specifications of every gem home of the image; of several versions all are there. */
export function readGems(
  rootfs: Rootfs,
  packages: PackageIndex,
  env: ReadonlyMap<string, string>,
  application: readonly RootPath[],
): readonly Gem[] {
  const homes = new Set<RootPath>();
  const named = ['GEM_HOME', 'GEM_PATH', 'BUNDLE_PATH']
    .flatMap((name) => (env.get(name) ?? '').split(':'))
    .filter(Boolean);
  const bundled = application.flatMap((directory) => [
    joinPath(directory, 'vendor/bundle'),
    ...configuredPath(rootfs, directory),
  ]);
  for (const pattern of [
    ...GEM_HOMES.map((row) => row.pattern),
    ...[...named, ...bundled].flatMap((path) => [path, `${path}/ruby/*`]),
  ]) {
    for (const path of expandPattern(rootfs, pattern)) {
      const found = rootfs.resolve(`${path}/specifications`);
      if (found !== undefined) homes.add(parentPath(found.path));
    }
  }
  return [...homes].flatMap((home) => gemsOf(rootfs, packages, home));
}

/** `BUNDLE_PATH: "…"` in .bundle/config (bundle-config(1)). */
function configuredPath(rootfs: Rootfs, directory: RootPath): RootPath[] {
  const path = /^BUNDLE_PATH:\s*"?([^"\n]+)"?/m.exec(
    rootfs.text(joinPath(directory, '.bundle/config')) ?? '',
  )?.[1];
  return path === undefined ? [] : [rootPath(path, directory)];
}

function gemsOf(rootfs: Rootfs, packages: PackageIndex, home: RootPath): Gem[] {
  const specifications = joinPath(home, 'specifications');
  return ['', 'default'].flatMap((below) => {
    const directory = rootPath(below, specifications);
    return rootfs.list(directory).flatMap((file) => {
      const [, name, version] = /^(.+?)-(\d[^-]*)(?:-.+)?\.gemspec$/.exec(file) ?? [];
      if (name === undefined || version === undefined) return [];
      return [
        readGem(rootfs, packages, home, {
          name,
          version,
          specification: joinPath(directory, file),
          isDefault: below !== '',
        }),
      ];
    });
  });
}

function readGem(
  rootfs: Rootfs,
  packages: PackageIndex,
  home: RootPath,
  known: Pick<Gem, 'name' | 'version' | 'specification' | 'isDefault'>,
): Gem {
  const text = rootfs.text(known.specification) ?? '';
  const full = baseName(known.specification).replace(/\.gemspec$/, '');
  const found = rootfs.resolve(rootPath(`gems/${full}`, home));
  const directory = found?.inode.type === 'directory' ? found.path : undefined;
  const listed = /\.require_paths\s*=\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '"lib"';
  const paths = [...listed.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? 'lib');
  const loadPath = directory === undefined ? [] : paths.map((path) => rootPath(path, directory));
  const requires = [...text.matchAll(/add_(?:runtime_)?dependency\(?\s*(?:%q<([^>]+)>|["']([^"']+)["'])/g)];
  const owner = packages.owner(known.specification);
  return {
    ...known,
    directory,
    loadPath: [...loadPath, ...extensionPaths(rootfs, home, full)].filter(
      (path) => rootfs.resolve(path) !== undefined,
    ),
    requires: requires.map((match) => match[1] ?? match[2] ?? ''),
    package: owner === undefined || isInterpreterPackage(owner) ? undefined : owner,
  };
}

/** `extensions/x86_64-linux/3.1.0/NAME-VERSION` holds what was compiled (Gem::BasicSpecification#extension_dir). */
function extensionPaths(rootfs: Rootfs, home: RootPath, full: string): RootPath[] {
  return expandPattern(rootfs, `${home}/extensions/*/*/${full}`).filter(
    (path) => rootfs.resolve(path) !== undefined,
  );
}

/** Returns what a program may read of a gem: no tests, sources of extensions and documentation. */
export function gemFiles(rootfs: Rootfs, packages: PackageIndex, gem: Gem): RootPath[] {
  const files = gem.package === undefined ? [] : packages.files(gem.package).filter(isRead);
  for (const directory of gem.directory === undefined ? [] : [gem.directory, ...gem.loadPath]) {
    if (directory !== gem.directory && isWithin(directory, gem.directory ?? directory)) continue;
    for (const [path, inode] of rootfs.walk(directory)) {
      const inside = path.slice(directory.length);
      const isUnread =
        UNREAD_GEM_PATH.test(inside) &&
        !(LOADED_DIRECTORY.test(inside) && /\.(?:rb|so|erb|yml|json)$/.test(inside));
      if (inode.type !== 'directory' && !isUnread) files.push(path);
    }
  }
  return files;
}

function isRead(path: RootPath): boolean {
  return !isCommandPath(path) && !isDocumentationPath(path) && !isIntegrationPath(path);
}
