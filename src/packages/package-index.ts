import { OslimError } from '../errors.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import { type AlternativeGroup, readAlternatives } from './alternatives.ts';
import { openApk } from './apk.ts';
import type { PackageDatabase } from './database.ts';
import { openDpkg } from './dpkg.ts';
import { Ownership } from './ownership.ts';
import type { Package } from './package.ts';
import { openRpm } from './rpm.ts';

interface DependencyOptions {
  /** Also what the package recommends. */
  readonly recommends?: boolean;
  /** Also what it suggests. */
  readonly suggests?: boolean;
}

type Opener = (
  rootfs: Rootfs,
  warnings: Warnings,
) => PackageDatabase | undefined | Promise<PackageDatabase | undefined>;

const OPENERS: readonly Opener[] = [openDpkg, openApk, openRpm];

/**
 * Reads the package databases of a rootfs: dpkg (also distroless' status.d), apk, rpm. A rootfs without one
 * has an empty index; a database that cannot be read is a PACKAGE_DATABASE warning and left out.
 */
export async function openPackages(rootfs: Rootfs, warnings: Warnings): Promise<PackageIndex> {
  const databases: PackageDatabase[] = [];
  for (const open of OPENERS) {
    try {
      const database = await open(rootfs, warnings);
      if (database !== undefined) databases.push(database);
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
      warnings.add('PACKAGE_DATABASE', error.message);
    }
  }
  return new PackageIndex(rootfs, databases, warnings);
}

/** PackageIndex says which installed package owns a file, and what packages need each other. */
export class PackageIndex {
  readonly databases: readonly PackageDatabase[];
  readonly #rootfs: Rootfs;
  readonly #warnings: Warnings;
  readonly #packages: readonly Package[];
  readonly #ownership: Ownership;
  readonly #byName: ReadonlyMap<string, readonly Package[]>;
  readonly #bySource: ReadonlyMap<string, readonly Package[]>;
  readonly #byProvided: ReadonlyMap<string, readonly Package[]>;
  readonly #nativeArchitecture: string | undefined;
  readonly #dependencies = new Map<Package, readonly Package[]>();
  #alternatives: readonly AlternativeGroup[] | undefined;

  constructor(rootfs: Rootfs, databases: readonly PackageDatabase[], warnings: Warnings) {
    this.databases = databases;
    this.#rootfs = rootfs;
    this.#warnings = warnings;
    const records = databases.flatMap((database) => database.records);
    this.#packages = records.map((record) => record.package);
    this.#ownership = new Ownership(rootfs, records);
    this.#byName = groupBy(this.#packages, (pkg) => [pkg.name, `${pkg.name}:${pkg.architecture}`]);
    this.#bySource = groupBy(this.#packages, (pkg) => [pkg.source]);
    this.#byProvided = groupBy(this.#packages, (pkg) => new Set(pkg.provides));
    this.#nativeArchitecture = mostFrequent(
      this.#packages.map((pkg) => pkg.architecture).filter((arch) => !isAnyArchitecture(arch)),
    );
  }

  /** Returns every installed package, in the order of its database. */
  list(): readonly Package[] {
    return this.#packages;
  }

  /**
   * Returns the package of that name, or `name:architecture`; of several architectures the one most packages
   * have.
   */
  get(name: string): Package | undefined {
    const found = this.#byName.get(name) ?? [];
    return found.find((pkg) => pkg.architecture === this.#nativeArchitecture) ?? found[0];
  }

  /**
   * Returns the package that owns `path`, however its directories are called (/lib or /usr/lib), at the place
   * that a diversion gave it; for a link that no package lists, the owner of what it leads to. A directory
   * that packages of several names share has no owner.
   */
  owner(path: RootPath): Package | undefined {
    const owners = this.#ownership.owners(path);
    const [first] = owners;
    if (first === undefined || owners.length === 1) return first;
    const isShared = owners.some((pkg) => pkg.name !== first.name);
    return isShared && this.#rootfs.resolve(path)?.inode.type === 'directory' ? undefined : first;
  }

  /** Returns every package that lists `path`, found as `owner` finds it. */
  owners(path: RootPath): readonly Package[] {
    return this.#ownership.owners(path);
  }

  /** Returns the packages that list exactly `path`, links not followed. */
  listedBy(path: RootPath): readonly Package[] {
    return this.#ownership.listedBy(path);
  }

  /**
   * Returns the package's files (links among them) that the rootfs has, by real path, sorted; no directories.
   */
  files(pkg: Package): readonly RootPath[] {
    return this.#ownership.contents(pkg).files;
  }

  /** Returns the package's directories that the rootfs has, by real path, sorted. */
  directories(pkg: Package): readonly RootPath[] {
    return this.#ownership.contents(pkg).directories;
  }

  /** Returns the path as `files` would spell it: links among its directories followed, at its end not. */
  realPath(path: string): RootPath {
    return this.#ownership.realPath(path);
  }

  /**
   * Returns the packages of that name and those that provide it; a name with a slash also means the file's
   * owner.
   */
  providers(name: string): Package[] {
    const found = new Set([...(this.#byName.get(name) ?? []), ...(this.#byProvided.get(name) ?? [])]);
    if (found.size === 0 && name.startsWith('/')) return [...this.owners(this.realPath(name))];
    return [...found];
  }

  /** Returns the other packages built from the same source package. */
  sameSource(pkg: Package): Package[] {
    return (this.#bySource.get(pkg.source) ?? []).filter(
      (other) => other !== pkg && other.manager === pkg.manager,
    );
  }

  /**
   * Returns the installed packages that `pkg` itself requires (Pre-Depends among them). Of alternatives all
   * that are installed count: nobody can tell which one is used.
   */
  dependencies(pkg: Package, options: DependencyOptions = {}): Package[] {
    const required = this.#required(pkg);
    const recommended = options.recommends === true ? this.#satisfying(pkg, pkg.recommends) : [];
    const suggested = options.suggests === true ? this.#satisfying(pkg, pkg.suggests) : [];
    return [...new Set([...required, ...recommended, ...suggested])];
  }

  #required(pkg: Package): readonly Package[] {
    let required = this.#dependencies.get(pkg);
    if (required === undefined) {
      required = this.#satisfying(pkg, [...pkg.preDepends, ...pkg.depends]);
      this.#dependencies.set(pkg, required);
    }
    return required;
  }

  /** Returns the packages that satisfy the requirements of `pkg`, itself left out. */
  #satisfying(pkg: Package, requirements: Package['depends']): readonly Package[] {
    const found = new Set<Package>();
    for (const names of requirements) {
      const named = names.flatMap((name) => this.#byName.get(name) ?? []);
      const candidates = named.length > 0 ? named : names.flatMap((name) => this.providers(name));
      for (const other of preferArchitecture(candidates, pkg.architecture)) found.add(other);
    }
    found.delete(pkg);
    return [...found];
  }

  /**
   * Returns `packages` and all that they require, directly or not; `accept` says which requirements to
   * follow.
   */
  dependencyClosure(
    packages: Iterable<Package>,
    options: DependencyOptions & { readonly accept?: (pkg: Package) => boolean } = {},
  ): Set<Package> {
    const closure = new Set(packages);
    // A Set's iteration goes on over what is added to it meanwhile.
    for (const pkg of closure) {
      for (const other of this.dependencies(pkg, options)) {
        if (options.accept?.(other) ?? true) closure.add(other);
      }
    }
    return closure;
  }

  /** Returns the groups of update-alternatives. */
  alternatives(): readonly AlternativeGroup[] {
    this.#alternatives ??= readAlternatives(this.#rootfs, this.#warnings);
    return this.#alternatives;
  }
}

function groupBy(
  packages: readonly Package[],
  keysOf: (pkg: Package) => Iterable<string>,
): Map<string, Package[]> {
  const groups = new Map<string, Package[]>();
  for (const pkg of packages) {
    for (const key of keysOf(pkg)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [pkg]);
      else group.push(pkg);
    }
  }
  return groups;
}

/** Is it a package for every architecture: dpkg `all`, rpm `noarch`? */
function isAnyArchitecture(architecture: string): boolean {
  return architecture === 'all' || architecture === 'noarch' || architecture === '';
}

/** Returns the candidates that fit `architecture`, all when none does (a `Multi-Arch: foreign` tool). */
function preferArchitecture(candidates: readonly Package[], architecture: string): readonly Package[] {
  if (isAnyArchitecture(architecture)) return candidates;
  const fitting = candidates.filter(
    (pkg) => pkg.architecture === architecture || isAnyArchitecture(pkg.architecture),
  );
  return fitting.length > 0 ? fitting : candidates;
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
