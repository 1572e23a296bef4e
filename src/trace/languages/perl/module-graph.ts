import type { Package } from '../../../packages/package.ts';
import { type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { DEVELOPER_MODULES, EAST_ASIAN_MODULES, PERL_FILE } from '../../knowledge/perl.ts';
import { isFirst } from '../../once.ts';
import { applicationFiles } from '../application-files.ts';
import { keepEntry } from '../keep-entry.ts';
import type { Distribution } from './distributions.ts';
import { withArchitecture } from './installation.ts';
import { type ModuleKind, ModuleOrigins } from './module-origins.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';
import { scanSource } from './scan-source.ts';
import { type Loader, SourceReader } from './source-reader.ts';

/** ModuleGraph keeps the modules that a program loads, and with them what was installed together. */
export class ModuleGraph {
  readonly origins: ModuleOrigins;
  readonly #surroundings: PerlSurroundings;
  readonly #reader: SourceReader;
  readonly #keptDistributions = new Set<Distribution>();
  readonly #followed = new Map<RootPath, boolean>();
  readonly #trees = new Set<RootPath>();
  readonly #pending: (() => void)[] = [];
  #isDraining = false;

  constructor(surroundings: PerlSurroundings, application: readonly RootPath[]) {
    this.#surroundings = surroundings;
    this.origins = new ModuleOrigins(surroundings);
    this.#reader = new SourceReader(surroundings, this);
    for (const directory of [...application].reverse()) this.addDirectory(directory);
  }

  /** Puts a directory of the application before @INC. */
  addDirectory(directory: RootPath): void {
    const { trace, installation } = this.#surroundings;
    for (const path of withArchitecture(trace.rootfs, directory, installation).reverse())
      this.origins.prepend(path);
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
    const file = this.origins.finder.module(name);
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
    const kind = this.origins.kindOf(found.path);
    const name = this.origins.nameOf(file);
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
    const distribution = this.origins.distributions.of(file);
    if (distribution !== undefined) {
      this.origins.claim(distribution);
      this.#keepDistribution(distribution, file);
    }
    this.#follow(file, { file, kind: 'own', isReached: true, isTool: false });
  }

  runCode(code: string): void {
    this.#pending.push(() =>
      this.#reader.read(scanSource(code), { file: undefined, kind: 'own', isReached: true, isTool: false }),
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
          !this.origins.isNested(directory, path) &&
          (type === 'directory' ? !/\/(?:CORE|pod)$/.test(path) : !/\.(?:pod|h|bs|a)$/.test(path)) &&
          !DEVELOPER_MODULES.test(this.origins.nameOf(path)),
      });
    }
    for (const distribution of this.origins.distributions.list())
      this.#keepDistribution(distribution, installation.executable);
    return bytes;
  }

  /** Keeps the modules of some packages, those of them that have any. */
  keepPackages(packages: ReadonlySet<Package>): void {
    if (
      !isFirst(this.#surroundings.trace, `perl packages ${this.#surroundings.installation.include.join(':')}`)
    )
      return;
    for (const distribution of this.origins.distributions.list())
      if (distribution.package !== undefined && packages.has(distribution.package))
        this.#keepDistribution(distribution, this.#surroundings.installation.executable);
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
    this.#pending.push(() => this.#reader.read(source, loader));
    this.#drain();
  }

  /** auto/Foo/Bar holds the compiled part of Foo::Bar (XSLoader(3perl)) and its split functions (AutoLoader(3perl)). */
  #keepAuto(file: RootPath, reason: KeepReason): void {
    const { trace } = this.#surroundings;
    const directory = this.origins.directoryOf(file);
    if (directory === undefined || !/\.pmc?$/.test(file)) return;
    const relative = `auto/${file.slice(directory.length + 1).replace(/\.pmc?$/, '')}`;
    const beside = rootPath(relative, directory);
    const trees =
      trace.rootfs.resolve(beside)?.inode.type === 'directory'
        ? [beside]
        : this.origins.finder.trees(relative);
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

  #keepSurroundings(file: RootPath, kind: ModuleKind): void {
    const { trace } = this.#surroundings;
    if (trace.options.level === 'minimal') return;
    const distribution = this.origins.distributions.of(file);
    if (distribution !== undefined) {
      this.#keepDistribution(distribution, file);
      return;
    }
    const directory = this.origins.directoryOf(file);
    if (kind === 'own' && directory !== undefined) this.followTree(directory, file);
    // Nothing says what was installed with it: what its own namespace holds.
    else if (kind === 'distribution') this.reachBelow(this.origins.nameOf(file), file, true);
  }

  #keepDistribution(distribution: Distribution, from: RootPath): void {
    if (this.#keptDistributions.has(distribution)) return;
    this.#keptDistributions.add(distribution);
    const { trace } = this.#surroundings;
    const kind = this.origins.isOwn(distribution) ? 'own' : 'distribution';
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

  /** Keeps what @INC has below a namespace, at any depth or one. */
  reachBelow(namespace: string, from: RootPath | undefined, deep: boolean): void {
    const reason = this.reason(
      from,
      `loads modules below ${namespace.replace(/::$/, '')} by name`,
      'inferred',
    );
    for (const file of this.origins.finder.below(namespace, deep)) {
      const name = this.origins.nameOf(file);
      const isShadowed = file.endsWith('.pm') && this.origins.finder.module(name) !== file;
      if (!isShadowed && !EAST_ASIAN_MODULES.test(name)) this.reachFile(file, reason);
    }
  }
}
