import type { Package } from '../../../packages/package.ts';
import { baseName, isWithin, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import {
  DEVELOPER_MODULES,
  EAST_ASIAN_ENCODINGS,
  EAST_ASIAN_MODULES,
  LAYER_MODULES,
  PERL_FILE,
} from '../../knowledge/perl.ts';
import { isFirst } from '../../once.ts';
import { applicationFiles } from '../application-files.ts';
import { keepEntry } from '../keep-entry.ts';
import { type Distribution, Distributions, isInterpreterPackage } from './distributions.ts';
import { withArchitecture } from './installation.ts';
import { ModuleFinder } from './module-finder.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';
import { type PerlSource, scanSource } from './scan-source.ts';
import { keepUses } from './source-uses.ts';

/** Who loads: the program and its own package, something installed, or perl's core. */
type Kind = 'own' | 'distribution' | 'core';

interface Loader {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  readonly kind: Kind;
  /** False for a source that is only there because its distribution is kept whole. */
  readonly isReached: boolean;
  /** Is it itself a developer's tool? */
  readonly isTool: boolean;
}

/** ModuleGraph keeps the modules that a program loads, and with them what was installed together. */
export class ModuleGraph {
  readonly finder: ModuleFinder;
  readonly distributions: Distributions;
  readonly #surroundings: PerlSurroundings;
  /** Directories that hold the application's own modules. */
  readonly #ownDirectories = new Set<RootPath>();
  readonly #ownDistributions = new Set<Distribution>();
  readonly #keptDistributions = new Set<Distribution>();
  readonly #followed = new Map<RootPath, boolean>();
  readonly #trees = new Set<RootPath>();
  readonly #pending: (() => void)[] = [];
  #isDraining = false;

  constructor(surroundings: PerlSurroundings, application: readonly RootPath[]) {
    const { trace, installation } = surroundings;
    this.#surroundings = surroundings;
    this.finder = new ModuleFinder(trace.rootfs, installation.include);
    this.distributions = new Distributions(trace.rootfs, trace.packages, installation.include);
    for (const directory of [...application].reverse()) this.addDirectory(directory);
  }

  /** Puts a directory of the application before @INC. */
  addDirectory(directory: RootPath): void {
    const { trace, installation } = this.#surroundings;
    for (const path of withArchitecture(trace.rootfs, directory, installation).reverse()) {
      if (this.finder.prepend(path) && trace.packages.owner(path) === undefined)
        this.#ownDirectories.add(path);
    }
  }

  reason(
    from: RootPath | undefined,
    detail: string,
    certainty: KeepReason['certainty'] = 'exact',
  ): KeepReason {
    return { detector: 'perl', ...(from === undefined ? {} : { from }), detail, certainty };
  }

  /** Keeps the module of that name and all that it loads; false when @INC has none. */
  reachModule(name: string, reason: KeepReason): boolean {
    const file = this.finder.module(name);
    if (file === undefined) return false;
    this.reachFile(file, reason);
    return true;
  }

  /** Keeps a file that is loaded, and follows it. */
  reachFile(file: RootPath, reason: KeepReason): void {
    const { trace } = this.#surroundings;
    const found = trace.keep(file, reason);
    if (found?.inode.type !== 'file') return;
    this.#keepAuto(file, reason);
    const kind = this.#kindOf(found.path);
    const name = this.#moduleName(file);
    this.#follow(found.path, {
      file: found.path,
      kind,
      isReached: true,
      isTool: DEVELOPER_MODULES.test(name),
    });
    if (kind !== 'core') this.#keepSurroundings(found.path, kind);
  }

  /** Follows the program's own source: a file that is run, or the text of -e. */
  runFile(file: RootPath): void {
    const distribution = this.distributions.of(file);
    if (distribution !== undefined) {
      this.#ownDistributions.add(distribution);
      this.#keepDistribution(distribution, file);
    }
    this.#follow(file, { file, kind: 'own', isReached: true, isTool: false });
  }

  runCode(code: string): void {
    this.#pending.push(() =>
      this.#read(scanSource(code), { file: undefined, kind: 'own', isReached: true, isTool: false }),
    );
    this.#drain();
  }

  /** Keeps the core's library but for tools of development and all that is installed; returns the bytes that were new. */
  keepAll(detail: string): number {
    const { trace, installation } = this.#surroundings;
    if (!isFirst(trace, `perl all ${installation.include.join(':')}`)) return 0;
    const reason = this.reason(installation.executable, detail, 'inferred');
    let bytes = 0;
    for (const directory of installation.core) {
      bytes += trace.keepTree(directory, reason, {
        filter: (path, { type }) =>
          !this.#isNested(directory, path) &&
          (type === 'directory' ? !/\/(?:CORE|pod)$/.test(path) : !/\.(?:pod|h|bs|a)$/.test(path)) &&
          !DEVELOPER_MODULES.test(this.#moduleName(path)),
      });
    }
    for (const distribution of this.distributions.list())
      this.#keepDistribution(distribution, installation.executable);
    return bytes;
  }

  /** Keeps the modules of some packages, those of them that have any. */
  keepPackages(packages: ReadonlySet<Package>): void {
    if (
      !isFirst(this.#surroundings.trace, `perl packages ${this.#surroundings.installation.include.join(':')}`)
    )
      return;
    for (const distribution of this.distributions.list())
      if (distribution.package !== undefined && packages.has(distribution.package))
        this.#keepDistribution(distribution, this.#surroundings.installation.executable);
  }

  #isNested(directory: RootPath, path: RootPath): boolean {
    return this.#surroundings.installation.include.some(
      (other) => other !== directory && isWithin(other, directory) && isWithin(path, other),
    );
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let task = this.#pending.pop(); task !== undefined; task = this.#pending.pop()) task();
    this.#isDraining = false;
  }

  #follow(file: RootPath, loader: Loader): void {
    const before = this.#followed.get(file);
    if (before === true || before === loader.isReached) return;
    this.#followed.set(file, loader.isReached);
    const source = this.#surroundings.sources.of(file);
    if (source === undefined) return;
    this.#pending.push(() => this.#read(source, loader));
    this.#drain();
  }

  /** The directory of @INC that a file lies in; the innermost where they are nested (Fedora's vendor_perl). */
  #directoryOf(file: RootPath): RootPath | undefined {
    const holding = this.finder.directories.filter((directory) => isWithin(file, directory));
    return holding.sort((a, b) => b.length - a.length)[0];
  }

  #moduleName(file: RootPath): string {
    const directory = this.#directoryOf(file);
    const relative = directory === undefined ? baseName(file) : file.slice(directory.length + 1);
    return relative
      .replace(/^auto\//, '')
      .replace(/\.\w+$/, '')
      .replaceAll('/', '::');
  }

  #kindOf(file: RootPath): Kind {
    const directory = this.#directoryOf(file);
    const owner = this.#surroundings.trace.packages.owner(file);
    const isCore = directory !== undefined && this.#surroundings.installation.core.includes(directory);
    const distribution = this.distributions.of(file);
    if (distribution !== undefined) return this.#ownDistributions.has(distribution) ? 'own' : 'distribution';
    if (isCore) return 'core';
    return owner === undefined && (directory === undefined || this.#ownDirectories.has(directory))
      ? 'own'
      : 'distribution';
  }

  /** auto/Foo/Bar holds the compiled part of Foo::Bar (XSLoader(3perl)) and its split functions (AutoLoader(3perl)). */
  #keepAuto(file: RootPath, reason: KeepReason): void {
    const { trace } = this.#surroundings;
    const directory = this.#directoryOf(file);
    if (directory === undefined || !/\.pmc?$/.test(file)) return;
    const relative = `auto/${file.slice(directory.length + 1).replace(/\.pmc?$/, '')}`;
    const beside = rootPath(relative, directory);
    const trees =
      trace.rootfs.resolve(beside)?.inode.type === 'directory' ? [beside] : this.finder.trees(relative);
    for (const tree of trees) {
      for (const name of trace.rootfs.list(tree)) {
        const path = rootPath(name, tree);
        if (!/\.(?:so|al|ix|pl|dll|bundle)$/.test(name)) continue;
        trace.keep(path, this.reason(file, 'its compiled or split part', reason.certainty));
        if (/\.(?:al|ix|pl)$/.test(name))
          this.#follow(path, { file: path, kind: 'core', isReached: true, isTool: false });
      }
    }
  }

  #keepSurroundings(file: RootPath, kind: Kind): void {
    const { trace } = this.#surroundings;
    if (trace.options.level === 'minimal') return;
    const distribution = this.distributions.of(file);
    if (distribution !== undefined) {
      this.#keepDistribution(distribution, file);
      return;
    }
    const directory = this.#directoryOf(file);
    if (kind === 'own' && directory !== undefined) this.followTree(directory, file);
    // Nothing says what was installed with it: what its own namespace holds.
    else if (kind === 'distribution') this.#reachBelow(this.#moduleName(file), file, true);
  }

  #keepDistribution(distribution: Distribution, from: RootPath): void {
    if (this.#keptDistributions.has(distribution)) return;
    this.#keptDistributions.add(distribution);
    const { trace } = this.#surroundings;
    const kind = this.#ownDistributions.has(distribution) ? 'own' : 'distribution';
    const reason = this.reason(from, `of the distribution ${distribution.name}`, 'inferred');
    for (const file of distribution.files) {
      keepEntry(trace, file, reason);
      if (PERL_FILE.test(file)) this.#follow(file, { file, kind, isReached: kind === 'own', isTool: false });
    }
  }

  /** Keeps a directory of the application and follows every source in it. */
  followTree(directory: RootPath, from: RootPath): void {
    if (this.#trees.has(directory)) return;
    this.#trees.add(directory);
    const { trace } = this.#surroundings;
    const reason = this.reason(from, `of the application's tree ${directory}`, 'inferred');
    for (const file of applicationFiles(trace, directory, (path) => PERL_FILE.test(path)) ?? []) {
      keepEntry(trace, file, reason);
      if (PERL_FILE.test(file)) this.#follow(file, { file, kind: 'own', isReached: true, isTool: false });
    }
  }

  #reachBelow(namespace: string, from: RootPath | undefined, deep: boolean): void {
    const reason = this.reason(
      from,
      `loads modules below ${namespace.replace(/::$/, '')} by name`,
      'inferred',
    );
    for (const file of this.finder.below(namespace, deep)) {
      const name = this.#moduleName(file);
      const isShadowed = file.endsWith('.pm') && this.finder.module(name) !== file;
      if (!isShadowed && !EAST_ASIAN_MODULES.test(name)) this.reachFile(file, reason);
    }
  }

  #read(source: PerlSource, loader: Loader): void {
    const { file, kind } = loader;
    this.#readLibraries(source, loader);
    for (const name of source.modules) {
      if (this.#isWanted(name, loader)) this.reachModule(name, this.reason(file, `loads ${name}`));
    }
    for (const name of source.files) this.#loadFile(name, file);
    for (const layer of source.layers) this.#reachLayer(layer, file);
    const isMinimal = this.#surroundings.trace.options.level === 'minimal';
    if (isMinimal || (kind !== 'own' && !loader.isReached)) return;
    for (const name of source.trees) {
      const why = this.reason(file, `reads files of ${name}/ by name`);
      for (const tree of this.finder.trees(name)) this.#surroundings.trace.keepTree(tree, why);
    }
    for (const namespace of source.namespaces) {
      if (kind === 'own' || loader.isTool || !DEVELOPER_MODULES.test(namespace))
        this.#reachBelow(namespace, file, kind !== 'core');
    }
    this.#readNames(source, loader);
    if (kind !== 'core') keepUses(this.#surroundings, source, { file, isOwn: kind === 'own' });
  }

  /**
   * Modules that are named and not loaded in so many words. In a program's own code every name counts; elsewhere those in
   * quotes, where the source loads modules by a value.
   */
  #readNames(source: PerlSource, { file, kind, isTool }: Loader): void {
    const names = kind === 'own' ? [...source.names, ...source.words] : source.names;
    if (kind !== 'own' && !source.loadsUnknown && !isTool) return;
    for (const name of names) {
      if (
        kind !== 'own' &&
        (!name.includes('::') || (DEVELOPER_MODULES.test(name) && !isTool) || EAST_ASIAN_MODULES.test(name))
      )
        continue;
      if (name.includes('::') || /^[A-Z]\w+$/.test(name))
        this.reachModule(name, this.reason(file, `names the module ${name}`, 'inferred'));
      if (source.loadsUnknown && name.includes('::')) this.#reachBelow(name, file, true);
    }
    if (
      kind === 'own' &&
      (source.encodesUnknown || source.strings.some((text) => EAST_ASIAN_ENCODINGS.test(text)))
    ) {
      for (const name of ['CN', 'JP', 'KR', 'TW'])
        this.reachModule(`Encode::${name}`, this.reason(file, 'names an East Asian encoding', 'inferred'));
    }
  }

  #isWanted(name: string, loader: Loader): boolean {
    const { kind, isReached, isTool } = loader;
    if (kind === 'own' || isTool) return true;
    if (EAST_ASIAN_MODULES.test(name)) return false;
    if (kind === 'distribution' && !isReached && !this.#isDeclared(name, loader)) return false;
    return !DEVELOPER_MODULES.test(name) || (kind === 'distribution' && isReached);
  }

  /**
   * A module that nothing reached and that is there with its distribution loads what its package declares; other
   * things are bridges to software that happens to be installed (Type::Tiny to Moose, Moo to Moose).
   */
  #isDeclared(name: string, { file }: Loader): boolean {
    const { packages } = this.#surroundings.trace;
    const owner = file === undefined ? undefined : packages.owner(file);
    const target = this.finder.module(name);
    const other = target === undefined ? undefined : packages.owner(target);
    if (owner === undefined || other === undefined || owner === other || isInterpreterPackage(other))
      return true;
    return packages.dependencies(owner, { recommends: true }).includes(other);
  }

  #loadFile(name: string, from: RootPath | undefined): void {
    const { trace, cwd } = this.#surroundings;
    const beside = from === undefined ? undefined : trace.rootfs.file(name, parentPath(from))?.path;
    const file = this.finder.file(name) ?? trace.rootfs.file(name, cwd)?.path ?? beside;
    if (file !== undefined) this.reachFile(file, this.reason(from, `loads ${name}`));
  }

  #reachLayer(layer: string, from: RootPath | undefined): void {
    const [, name = '', argument] = /^(\w+)(?:\((.+)\))?$/.exec(layer) ?? [];
    const modules = LAYER_MODULES[name] ?? [];
    for (const module of modules) this.reachModule(module, this.reason(from, `the layer :${layer}`));
    if (name !== 'via' || argument === undefined) return;
    for (const module of [argument, `PerlIO::via::${argument}`])
      this.reachModule(module, this.reason(from, `the layer :${layer}`));
  }

  #readLibraries({ libraries, changesPath }: PerlSource, { file, kind }: Loader): void {
    if (kind !== 'own') return;
    const { trace, cwd } = this.#surroundings;
    const own = file === undefined ? cwd : parentPath(file);
    for (const { path, relativeTo } of libraries)
      this.addDirectory(rootPath(path, relativeTo === 'cwd' ? cwd : own));
    if (!changesPath) return;
    // Computed from the program's place: by custom its library is in one of these (FindBin(3perl), Carton).
    for (const name of ['lib', '../lib', 'local/lib/perl5', '../local/lib/perl5']) {
      const directory = rootPath(name, own);
      if (
        trace.rootfs.resolve(directory)?.inode.type === 'directory' &&
        trace.packages.owner(directory) === undefined
      )
        this.addDirectory(directory);
    }
  }
}
