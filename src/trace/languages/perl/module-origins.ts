import { baseName, isWithin, type RootPath } from '../../../rootfs/root-path.ts';
import { type Distribution, Distributions } from './distributions.ts';
import { ModuleFinder } from './module-finder.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';

/** Who loads: the program and its own package, something installed, or perl's core. */
export type ModuleKind = 'own' | 'distribution' | 'core';

/** ModuleOrigins says of a file of @INC what it is called and whose it is. */
export class ModuleOrigins {
  readonly finder: ModuleFinder;
  readonly distributions: Distributions;
  readonly #surroundings: PerlSurroundings;
  /** Directories that hold the application's own modules. */
  readonly #ownDirectories = new Set<RootPath>();
  readonly #ownDistributions = new Set<Distribution>();

  constructor(surroundings: PerlSurroundings) {
    const { trace, installation } = surroundings;
    this.#surroundings = surroundings;
    this.finder = new ModuleFinder(trace.rootfs, installation.include);
    this.distributions = new Distributions(trace.rootfs, trace.packages, installation.include);
  }

  /** Puts a directory before @INC; what no package owns there is the application's own. */
  prepend(directory: RootPath): void {
    if (this.finder.prepend(directory) && this.#surroundings.trace.packages.owner(directory) === undefined)
      this.#ownDirectories.add(directory);
  }

  /** The program is one of this distribution's. */
  claim(distribution: Distribution): void {
    this.#ownDistributions.add(distribution);
  }

  isOwn(distribution: Distribution): boolean {
    return this.#ownDistributions.has(distribution);
  }

  /** The directory of @INC that a file lies in; the innermost where they are nested (Fedora's vendor_perl). */
  directoryOf(file: RootPath): RootPath | undefined {
    const holding = this.finder.directories.filter((directory) => isWithin(file, directory));
    return holding.sort((a, b) => b.length - a.length)[0];
  }

  /** `Foo::Bar` for Foo/Bar.pm of any directory of @INC, and for its compiled part below auto. */
  nameOf(file: RootPath): string {
    const directory = this.directoryOf(file);
    const relative = directory === undefined ? baseName(file) : file.slice(directory.length + 1);
    return relative
      .replace(/^auto\//, '')
      .replace(/\.\w+$/, '')
      .replaceAll('/', '::');
  }

  kindOf(file: RootPath): ModuleKind {
    const distribution = this.distributions.of(file);
    if (distribution !== undefined) return this.isOwn(distribution) ? 'own' : 'distribution';
    const directory = this.directoryOf(file);
    if (directory !== undefined && this.#surroundings.installation.core.includes(directory)) return 'core';
    const isUnowned = this.#surroundings.trace.packages.owner(file) === undefined;
    return isUnowned && (directory === undefined || this.#ownDirectories.has(directory))
      ? 'own'
      : 'distribution';
  }

  /** Is the path in another directory of @INC, inside of this one? */
  isNested(directory: RootPath, path: RootPath): boolean {
    return this.#surroundings.installation.include.some(
      (other) => other !== directory && isWithin(other, directory) && isWithin(path, other),
    );
  }
}
