import { parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { DATA_PACKAGES, MODULE_FILES, UNWRITTEN_IMPORTS } from '../../knowledge/python.ts';
import { applicationTree } from './application-tree.ts';
import { runtimeFileTest, testDirectories } from './distribution-files.ts';
import type { Distribution, Distributions } from './distributions.ts';
import { type Importer, isDeveloperDistribution, isWanted } from './import-rules.ts';
import { importedNames, packageOf } from './imported-names.ts';
import { isStandardLibrary } from './installation.ts';
import { KeptDistributions } from './kept-distributions.ts';
import type { ModuleFinder, PythonModule } from './module-finder.ts';
import { moduleOperand } from './module-operand.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import type { Import, PythonSource } from './scan-source.ts';
import { extendPath, packageByPlace } from './source-paths.ts';
import { keepUses } from './source-uses.ts';

/** ImportGraph keeps the modules that a program imports, and with them their distributions. */
export class ImportGraph {
  readonly surroundings: PythonSurroundings;
  readonly finder: ModuleFinder;
  readonly distributions: Distributions;
  readonly #reached = new Set<string>();
  readonly #kept: KeptDistributions;
  /** Distributions that are the application itself: their literals count like an application's own. */
  readonly #own = new Set<Distribution>();
  readonly #scannedTrees = new Set<RootPath>();
  readonly #keptTools = new Set<RootPath>();
  readonly #pending: (() => void)[] = [];
  readonly #isRuntimeFile: (path: RootPath) => boolean;
  readonly #tests: { contains(path: RootPath): boolean };
  #isDraining = false;

  constructor(surroundings: PythonSurroundings, finder: ModuleFinder, distributions: Distributions) {
    this.surroundings = surroundings;
    this.finder = finder;
    this.distributions = distributions;
    this.#isRuntimeFile = runtimeFileTest(surroundings.trace.rootfs, surroundings.installation.version);
    this.#tests = testDirectories(surroundings.trace.rootfs);
    this.#kept = new KeptDistributions(surroundings.trace, distributions, this.#isRuntimeFile, (file) =>
      this.#pending.push(() => this.#scan(file)),
    );
  }

  /** Makes a distribution count as the application: it is what was asked to run. */
  own(file: RootPath): void {
    const distribution = this.distributions.of(file);
    if (distribution !== undefined) this.#own.add(distribution);
  }

  /** Keeps the module of that name and everything that it imports. */
  reachName(name: string, reason: KeepReason, isMain = false): boolean {
    const names = name.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'));
    let found: PythonModule | undefined;
    for (const part of names) {
      found = this.finder.find(part);
      if (found === undefined) return false;
      this.#reach(found, reason, isMain && part === name);
    }
    this.#drain();
    return found !== undefined;
  }

  /** Follows a program's own file, run and not imported. */
  runFile(file: RootPath): void {
    const source = this.surroundings.sources.of(file);
    if (source === undefined || this.#reached.has(`__main__ ${file}`)) return;
    this.#reached.add(`__main__ ${file}`);
    this.follow(source, { ...this.#importerOf(file, '', '__main__'), isMain: true, kind: 'application' });
  }

  /** Follows a source text: what it imports, starts, loads and names. */
  follow(source: PythonSource, importer: Importer): void {
    this.#pending.push(() => this.#follow(source, importer));
    this.#drain();
  }

  /** Keeps a whole distribution and follows its modules. */
  keepDistribution(distribution: Distribution, from: RootPath | undefined, detail: string): void {
    this.#kept.keep(distribution, this.reason(from, detail, 'inferred'));
    this.#drain();
  }

  reason(
    from: RootPath | undefined,
    detail: string,
    certainty: KeepReason['certainty'] = 'exact',
  ): KeepReason {
    return { detector: 'python', ...(from === undefined ? {} : { from }), detail, certainty };
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let task = this.#pending.pop(); task !== undefined; task = this.#pending.pop()) task();
    this.#isDraining = false;
  }

  #reach(module: PythonModule, reason: KeepReason, isMain = false): void {
    const key = `${module.name}${isMain ? ' as __main__' : ''}`;
    if (this.#reached.has(key)) return;
    this.#reached.add(key);
    const { trace, sources } = this.surroundings;
    const { file } = module;
    const from = { ...reason, from: file ?? reason.from };
    if (file !== undefined) {
      trace.keep(file, reason);
      const importer = { ...this.#importerOf(file, packageOf(module), module.name), isMain };
      this.#keepSurroundings(module, importer, reason);
      const source = file.endsWith('.py') ? sources.of(file) : undefined;
      if (source !== undefined) this.#pending.push(() => this.#follow(source, importer));
    }
    for (const name of UNWRITTEN_IMPORTS[module.name] ?? []) this.#reachPattern(name, from.from ?? file);
    const { paths } = MODULE_FILES[module.name] ?? { paths: [] };
    for (const path of paths) trace.keepTree(path as RootPath, this.reason(file, `read by ${module.name}`));
  }

  #importerOf(file: RootPath, packageName: string, name: string): Importer {
    const distribution = this.distributions.of(file);
    const isStandard = isStandardLibrary(this.surroundings.installation, file);
    let kind: Importer['kind'] = distribution === undefined ? 'application' : 'distribution';
    if (isStandard) kind = 'standard';
    return {
      file,
      name,
      packageName,
      kind,
      isMain: false,
      isReached: true,
      ...(kind === 'distribution' && distribution ? { distribution } : {}),
    };
  }

  /** What comes with a module: its distribution, the package of an application, data of a standard package. */
  #keepSurroundings(module: PythonModule, importer: Importer, reason: KeepReason): void {
    const { trace } = this.surroundings;
    const { distribution, file } = importer;
    const [top = ''] = module.name.split('.');
    if (importer.kind === 'standard') {
      const [directory] = module.directories;
      if (directory !== undefined && DATA_PACKAGES.has(module.name)) this.#keepData(directory, reason);
      return;
    }
    if (trace.options.level === 'minimal') return;
    if (distribution === undefined) {
      this.#followApplicationPackage(top, reason);
    } else if (isDeveloperDistribution(distribution)) {
      const top1 = this.finder.find(top);
      for (const directory of top1?.directories ?? []) this.#keepTool(directory, reason);
    } else {
      this.keepDistribution(distribution, file, `of the distribution ${distribution.name}`);
    }
  }

  /** A developer's tool that is imported: its own tree, vendored modules and what they import, not its requirements. */
  #keepTool(directory: RootPath, reason: KeepReason): void {
    // Every module of it comes here: once for each took minutes for setuptools and pytest.
    if (this.#keptTools.has(directory)) return;
    this.#keptTools.add(directory);
    this.#keepData(directory, reason);
    for (const [file] of this.surroundings.trace.rootfs.walk(directory)) {
      if (file.endsWith('.py') && this.#isRuntimeFile(file)) this.#pending.push(() => this.#scan(file));
    }
  }

  #keepData(directory: RootPath, reason: KeepReason): void {
    this.surroundings.trace.keepTree(
      directory,
      { ...reason, certainty: 'inferred' },
      {
        filter: (path, { type }) =>
          type === 'directory' ? !path.endsWith('/__pycache__') : this.#isRuntimeFile(path),
      },
    );
  }

  /** An application's own package is followed whole: frameworks find handlers, migrations and commands by their place. */
  #followApplicationPackage(top: string, reason: KeepReason): void {
    const found = this.finder.find(top);
    if (found?.file === undefined) return;
    for (const directory of found.directories) this.followTree(directory, reason.from ?? found.file);
  }

  /** Keeps a directory of the application and follows every source in it. */
  followTree(directory: RootPath, from: RootPath): void {
    if (this.#scannedTrees.has(directory)) return;
    this.#scannedTrees.add(directory);
    const { trace, sources } = this.surroundings;
    const tree = applicationTree(trace, directory);
    if (tree === undefined) return;
    const reason = this.reason(from, `of the application's tree ${directory}`, 'inferred');
    for (const file of tree) {
      if (this.#tests.contains(file)) continue;
      trace.keep(file, reason, { follow: false });
      if (!file.endsWith('.py') || this.distributions.of(file) !== undefined) continue;
      const source = sources.of(file);
      if (source !== undefined)
        this.#pending.push(() =>
          this.#follow(source, this.#importerOf(file, packageByPlace(this.finder, file), '')),
        );
    }
    this.#drain();
  }

  #scan(file: RootPath): void {
    const source = this.surroundings.sources.of(file);
    if (source === undefined) return;
    const importer = { ...this.#importerOf(file, packageByPlace(this.finder, file), ''), isReached: false };
    this.#follow(source, importer);
  }

  #reachPattern(name: string, from: RootPath | undefined): void {
    const reason = this.reason(from, `imported as ${name}`);
    if (!name.endsWith('*')) {
      this.reachName(name, reason);
    } else if (name.endsWith('.*')) {
      this.#reachWhole(name.slice(0, -2), reason);
    } else {
      const { installation, trace } = this.surroundings;
      for (const file of trace.rootfs.list(installation.stdlib)) {
        if (file.startsWith(name.slice(0, -1)) && file.endsWith('.py'))
          this.reachName(file.slice(0, -3), reason);
      }
    }
  }

  #reachWhole(name: string, reason: KeepReason): void {
    const module = this.finder.find(name);
    if (module === undefined) return;
    for (const submodule of this.finder.submodules(module)) this.reachName(submodule, reason);
  }

  #follow(source: PythonSource, importer: Importer): void {
    const directory = importer.file && parentPath(importer.file);
    const isOwn =
      importer.kind === 'application' ||
      (importer.distribution !== undefined && this.#own.has(importer.distribution));
    if (isOwn && source.changesPath && directory !== undefined)
      extendPath(this.surroundings, this.finder, source, directory);
    for (const statement of source.imports) this.#followImport(statement, importer);
    if (importer.kind === 'standard' || this.surroundings.trace.options.level === 'minimal') return;
    this.#followGroups(source, importer);
    if (isOwn) {
      for (const text of source.strings) this.#followString(text, importer);
      if (source.importsUnknown && directory !== undefined && importer.kind === 'application')
        this.followTree(directory, importer.file ?? directory);
    }
    keepUses(this.surroundings, source, { file: importer.file, isOwn, isReached: importer.isReached });
  }

  #followImport(statement: Import, importer: Importer): void {
    for (const name of importedNames(statement, importer, this.finder)) {
      const target = this.finder.find(name);
      if (target === undefined) continue;
      const [top = ''] = name.split('.');
      const distribution = target.file && this.distributions.of(target.file);
      if (!isWanted(statement, importer, { top, kind: target.kind, distribution })) continue;
      const inTests = target.file !== undefined && this.#tests.contains(target.file);
      if (
        !importer.isReached &&
        (inTests || (distribution !== undefined && distribution === importer.distribution))
      )
        continue;
      const certainty = statement.isWhole ? 'inferred' : 'exact';
      this.#reach(target, this.reason(importer.file, `imports ${name}`, certainty));
      if (statement.isWhole)
        this.#reachWhole(name, this.reason(importer.file, `imports of ${name}`, 'inferred'));
    }
  }

  /** Entry points are plugins of whoever asks for their group by name (importlib.metadata.entry_points). */
  #followGroups(source: PythonSource, importer: Importer): void {
    for (const text of source.strings) {
      // A script that setuptools made: load_entry_point('name==1.0', 'console_scripts', 'name').
      const required = /^([\w.-]+)==[\w.+!-]+$/.exec(text)?.[1];
      const named = required === undefined ? undefined : this.distributions.get(required);
      if (named !== undefined && importer.isMain) this.#runEntryPoints(named, importer.file);
      for (const distribution of this.#kept.withEntryPoints(text)) {
        if (isDeveloperDistribution(distribution) || distribution === importer.distribution) continue;
        this.keepDistribution(
          distribution,
          importer.file,
          `has entry points of ${text} (${distribution.name})`,
        );
      }
    }
  }

  #runEntryPoints(distribution: Distribution, from: RootPath | undefined): void {
    this.#own.add(distribution);
    const modules = [...distribution.entryPoints].filter(([group]) => group.endsWith('_scripts'));
    for (const name of new Set(modules.flatMap(([, names]) => names)))
      this.reachName(name, this.reason(from, `an entry point of ${distribution.name}`));
  }

  /** A literal of application code that is the name of a module on the path (INSTALLED_APPS, `module:attribute`). */
  #followString(text: string, importer: Importer): void {
    const name = moduleOperand(this.finder, this.distributions, text);
    if (name !== undefined)
      this.reachName(name, this.reason(importer.file, `names the module ${name}`, 'inferred'));
  }
}
