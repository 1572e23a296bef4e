import type { Package } from '../../../packages/package.ts';
import type { PackageIndex } from '../../../packages/package-index.ts';
import { isDocumentationPath } from '../../../packages/path-kinds.ts';
import { parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import { INTERPRETER_SOURCES } from '../../knowledge/perl.ts';

/** Distribution is what was installed together: a package's files, or those of one `.packlist` (ExtUtils::Packlist(3perl)). */
export interface Distribution {
  readonly name: string;
  /** What a program may read of it: no commands and no documentation. */
  readonly files: readonly RootPath[];
  readonly package: Package | undefined;
}

export function isInterpreterPackage({ source }: Pick<Package, 'source'>): boolean {
  return INTERPRETER_SOURCES.some(({ pattern }) => pattern.test(source));
}

/** Distributions says what was installed with a module. */
export class Distributions {
  readonly #rootfs: Rootfs;
  readonly #packages: PackageIndex;
  readonly #include: readonly RootPath[];
  readonly #ofPackage = new Map<Package, Distribution>();
  #packlists:
    | { readonly list: readonly Distribution[]; readonly byFile: ReadonlyMap<RootPath, Distribution> }
    | undefined;

  constructor(rootfs: Rootfs, packages: PackageIndex, include: readonly RootPath[]) {
    this.#rootfs = rootfs;
    this.#packages = packages;
    this.#include = include;
  }

  /** Returns the distribution of a file; undefined for the interpreter's own and for what nothing installed. */
  of(file: RootPath): Distribution | undefined {
    const owner = this.#packages.owner(file);
    if (owner !== undefined) return isInterpreterPackage(owner) ? undefined : this.ofPackage(owner);
    return this.#readPacklists().byFile.get(file);
  }

  ofPackage(pkg: Package): Distribution {
    let known = this.#ofPackage.get(pkg);
    if (known === undefined) {
      const files = this.#packages.files(pkg).filter(isRead);
      known = { name: pkg.name, files, package: pkg };
      this.#ofPackage.set(pkg, known);
    }
    return known;
  }

  /** Returns every distribution with modules in @INC. */
  list(): readonly Distribution[] {
    const owners = new Set<Package>();
    for (const directory of this.#include) {
      for (const [path] of this.#rootfs.walk(directory)) {
        if (!path.endsWith('.pm')) continue;
        const owner = this.#packages.owner(path);
        if (owner !== undefined && !isInterpreterPackage(owner)) owners.add(owner);
      }
    }
    return [...[...owners].map((pkg) => this.ofPackage(pkg)), ...this.#readPacklists().list];
  }

  #readPacklists() {
    if (this.#packlists !== undefined) return this.#packlists;
    const list: Distribution[] = [];
    const byFile = new Map<RootPath, Distribution>();
    for (const directory of this.#include) {
      for (const [path, inode] of this.#rootfs.walk(rootPath('auto', directory))) {
        if (inode.type !== 'file' || !path.endsWith('/.packlist')) continue;
        // The core's own list names the whole of perl.
        const distribution = this.#readPacklist(path);
        list.push(distribution);
        for (const file of distribution.files) if (!byFile.has(file)) byFile.set(file, distribution);
      }
    }
    this.#packlists = { list, byFile };
    return this.#packlists;
  }

  #readPacklist(path: RootPath): Distribution {
    const lines = (this.#rootfs.text(path) ?? '').split('\n');
    const files = lines.flatMap((line) => {
      const listed = /^(\/\S*)/.exec(line)?.[1];
      const found = listed === undefined ? undefined : this.#rootfs.file(listed);
      return found === undefined || !isRead(found.path) ? [] : [found.path];
    });
    const name = parentPath(path)
      .replace(/^.*\/auto\//, '')
      .replaceAll('/', '::');
    return { name, files, package: undefined };
  }
}

/** Is it a file that a module may read, and no command, manual page or documentation? */
function isRead(path: RootPath): boolean {
  if (isCommandPath(path) || isDocumentationPath(path) || isIntegrationPath(path)) return false;
  return !/\.(?:pod|[13](?:pm|perl|p)?(?:\.gz)?|h|bs)$|\/man\/man\d\/|\/(?:bin|script)\/[^/]+$/.test(path);
}
