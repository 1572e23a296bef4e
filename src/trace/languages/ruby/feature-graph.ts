import { isWithin, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import {
  DEVELOPER_FEATURES,
  DEVELOPER_GEMS,
  EAST_ASIAN_ENCODINGS,
  EAST_ASIAN_TRANSCODERS,
  ENCODINGS,
  LATER_FEATURES,
} from '../../knowledge/ruby.ts';
import { applicationFiles } from '../application-files.ts';
import { keepEntry } from '../keep-entry.ts';
import { FeatureFinder } from './feature-finder.ts';
import { type Gem, gemFiles, isInterpreterPackage, readGems } from './gems.ts';
import type { RubySurroundings } from './ruby-surroundings.ts';
import type { RubySource } from './scan-source.ts';
import { keepUses } from './source-uses.ts';

type Kind = 'own' | 'gem' | 'core';

interface Loader {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  readonly kind: Kind;
}

/** FeatureGraph keeps the features that a program requires, and with them their gems. */
export class FeatureGraph {
  readonly finder: FeatureFinder;
  readonly gems: readonly Gem[];
  readonly #surroundings: RubySurroundings;
  readonly #byName = new Map<string, Gem[]>();
  readonly #byPackageFile = new Map<string, Gem>();
  readonly #kept = new Set<Gem>();
  readonly #own = new Set<Gem>();
  readonly #followed = new Set<RootPath>();
  readonly #trees = new Set<RootPath>();
  readonly #pending: (() => void)[] = [];
  #isDraining = false;
  #usesBundler = false;

  constructor(
    surroundings: RubySurroundings,
    application: readonly RootPath[],
    libraries: readonly RootPath[],
  ) {
    const { trace, installation, env } = surroundings;
    this.#surroundings = surroundings;
    this.gems = readGems(trace.rootfs, trace.packages, env, application);
    for (const gem of this.gems) {
      this.#byName.set(gem.name, [...(this.#byName.get(gem.name) ?? []), gem]);
      if (gem.package !== undefined) this.#byPackageFile.set(gem.package.name, gem);
    }
    const paths = this.gems.flatMap((gem) => gem.loadPath);
    this.finder = new FeatureFinder(trace.rootfs, [...libraries, ...installation.loadPath, ...paths]);
  }

  /** Does some source of the program ask for Bundler? */
  get usesBundler(): boolean {
    return this.#usesBundler;
  }

  reason(
    from: RootPath | undefined,
    detail: string,
    certainty: KeepReason['certainty'] = 'exact',
  ): KeepReason {
    return { detector: 'ruby', ...(from === undefined ? {} : { from }), detail, certainty };
  }

  /** Keeps a feature and all that it requires; false when the load path has none of that name. */
  reachFeature(name: string, reason: KeepReason): boolean {
    const file = this.finder.find(name);
    if (file === undefined) return false;
    this.reachFile(file, reason);
    for (const later of LATER_FEATURES[name] ?? [])
      this.reachFeature(later, this.reason(file, `loads ${later} when it is asked for`, 'inferred'));
    return true;
  }

  reachFile(file: RootPath, reason: KeepReason): void {
    const { trace } = this.#surroundings;
    const found = trace.keep(file, reason);
    if (found?.inode.type !== 'file') return;
    const kind = this.#kindOf(found.path);
    const gem = this.#gemOf(found.path);
    if (gem !== undefined && trace.options.level !== 'minimal') this.keepGem(gem, reason);
    this.#follow(found.path, { file: found.path, kind });
  }

  /** Follows a file that is the program, or of its own. */
  runFile(file: RootPath): void {
    const gem = this.#gemOf(file);
    if (gem !== undefined) {
      this.#own.add(gem);
      this.keepGem(gem, this.reason(file, `of the gem ${gem.name}`));
    }
    this.#follow(file, { file, kind: 'own' });
  }

  runSource(source: RubySource): void {
    this.#pending.push(() => this.#read(source, { file: undefined, kind: 'own' }));
    this.#drain();
  }

  /** Keeps the gems of that name, and what they depend on; false when none is installed. */
  keepGemNamed(name: string, reason: KeepReason): boolean {
    const gems = this.#byName.get(name) ?? [];
    for (const gem of gems) this.keepGem(gem, reason);
    return gems.length > 0;
  }

  keepGem(gem: Gem, reason: KeepReason): void {
    if (this.#kept.has(gem)) return;
    this.#kept.add(gem);
    const { trace } = this.#surroundings;
    trace.keep(gem.specification, this.reason(reason.from, `says what the gem ${gem.name} is`));
    const why = this.reason(gem.specification, `of the gem ${gem.name}`, 'inferred');
    const kind = this.#own.has(gem) ? 'own' : 'gem';
    for (const file of gemFiles(trace.rootfs, trace.packages, gem)) {
      keepEntry(trace, file, why);
      if (file.endsWith('.rb')) this.#follow(file, { file, kind });
    }
    for (const name of [gem.name, gem.name.replaceAll('-', '/')]) this.reachFeature(name, why);
    for (const name of gem.requires) {
      if (!DEVELOPER_GEMS.has(name))
        this.keepGemNamed(name, this.reason(gem.specification, `${gem.name} depends on the gem ${name}`));
    }
  }

  /** Keeps a directory of the application and follows every source in it. */
  followTree(directory: RootPath, from: RootPath | undefined): void {
    if (this.#trees.has(directory)) return;
    this.#trees.add(directory);
    const { trace } = this.#surroundings;
    const reason = this.reason(from, `of the application's tree ${directory}`, 'inferred');
    for (const file of applicationFiles(trace, directory, isSource) ?? []) {
      if (
        this.#gemOf(file) !== undefined ||
        /\/(?:vendor\/bundle|spec|test|tmp)\//.test(file.slice(directory.length))
      )
        continue;
      keepEntry(trace, file, reason);
      if (isSource(file)) this.#follow(file, { file, kind: 'own' });
    }
  }

  /** Keeps the standard library but for tools of development and every gem; returns the bytes that were new. */
  keepAll(detail: string): number {
    const { trace, installation } = this.#surroundings;
    const reason = this.reason(installation.executable, detail, 'inferred');
    let bytes = 0;
    for (const directory of installation.core) {
      bytes += trace.keepTree(directory, reason, {
        filter: (path) =>
          !DEVELOPER_FEATURES.test(path.slice(directory.length + 1).replace(/\.(?:rb|so)$/, '')),
      });
    }
    for (const gem of this.gems) if (!DEVELOPER_GEMS.has(gem.name)) this.keepGem(gem, reason);
    return bytes;
  }

  /** Encodings are loaded by their names, which a program's input may bring; those of East Asia where the program names one. */
  keepEncodings(withEastAsian: boolean, from: RootPath): void {
    const { trace, installation } = this.#surroundings;
    for (const directory of installation.core) {
      const tree = rootPath(ENCODINGS, directory);
      if (trace.rootfs.resolve(tree)?.inode.type !== 'directory') continue;
      trace.keepTree(tree, this.reason(from, 'encodings, loaded by name'), {
        filter: (path) => withEastAsian || !EAST_ASIAN_TRANSCODERS.test(path),
      });
    }
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let task = this.#pending.pop(); task !== undefined; task = this.#pending.pop()) task();
    this.#isDraining = false;
  }

  #follow(file: RootPath, loader: Loader): void {
    if (this.#followed.has(file)) return;
    this.#followed.add(file);
    if (file.endsWith('.so')) {
      this.#followExtension(file);
      return;
    }
    const source = this.#surroundings.sources.of(file);
    if (source === undefined) return;
    this.#pending.push(() => this.#read(source, loader));
    this.#drain();
  }

  /** Extensions require from C (psych.so: rb_require("psych/syntax_error")). */
  #followExtension(file: RootPath): void {
    const { trace, facts } = this.#surroundings;
    const inode = trace.rootfs.file(file)?.inode;
    if (inode === undefined || !facts.imports(inode).has('rb_require')) return;
    for (const { text } of facts.strings(inode)) {
      if (!/^[a-z]\w*(?:\/\w+)*$/.test(text) || DEVELOPER_FEATURES.test(text)) continue;
      const found = this.finder.find(text);
      if (found === undefined || (this.#kindOf(found) !== 'core' && !text.includes('/'))) continue;
      this.reachFile(found, this.reason(file, `requires ${text}`, 'inferred'));
    }
  }

  #gemOf(file: RootPath): Gem | undefined {
    const owner = this.#surroundings.trace.packages.owner(file);
    // The interpreter's package has the bundled gems, each in a directory of its own, which only their specification puts on the load path.
    if (owner !== undefined && isInterpreterPackage(owner))
      return this.gems.find(({ directory }) => directory !== undefined && isWithin(file, directory));
    if (owner !== undefined) return this.#byPackageFile.get(owner.name);
    return this.gems.find(
      ({ directory, loadPath }) =>
        (directory !== undefined && isWithin(file, directory)) ||
        loadPath.some((path) => isWithin(file, path)),
    );
  }

  #kindOf(file: RootPath): Kind {
    const gem = this.#gemOf(file);
    if (gem !== undefined) return this.#own.has(gem) ? 'own' : 'gem';
    const { installation, trace } = this.#surroundings;
    if (installation.core.some((directory) => isWithin(file, directory))) return 'core';
    return trace.packages.owner(file) === undefined ? 'own' : 'gem';
  }

  #read(source: RubySource, loader: Loader): void {
    const { file, kind } = loader;
    const directory = file === undefined ? this.#surroundings.cwd : parentPath(file);
    if (kind === 'own') this.#readOwn(source, loader, directory);
    for (const name of source.features) {
      if (!this.#isWanted(name, loader)) continue;
      const isReached = this.reachFeature(name, this.reason(file, `requires ${name}`));
      const beside = isReached || kind === 'core' ? undefined : this.#besides(name, directory);
      if (beside !== undefined) this.reachFile(beside, this.reason(file, `loads ${name}`));
    }
    for (const name of source.relatives) {
      const found = this.finder.relative(name, directory);
      if (found !== undefined && this.#isWanted(this.#featureOf(found), loader))
        this.reachFile(found, this.reason(file, `requires ${name} beside it`));
    }
    if (this.#surroundings.trace.options.level === 'minimal') return;
    for (const prefix of source.prefixes) {
      for (const found of this.finder.below(prefix))
        if (this.#isWanted(this.#featureOf(found), loader))
          this.reachFile(found, this.reason(file, `requires what lies below ${prefix}`, 'inferred'));
    }
    if (kind === 'core') return;
    for (const name of source.gems) this.#nameGem(name, loader);
    for (const text of source.strings) this.#readString(text, loader);
    keepUses(this.#surroundings, source, { file, isOwn: kind === 'own' });
  }

  #readOwn(source: RubySource, { file }: Loader, directory: RootPath): void {
    if (source.usesBundler) this.#usesBundler = true;
    for (const library of source.libraries) {
      for (const path of [rootPath(library, directory), rootPath(library, this.#surroundings.cwd)])
        if (this.#surroundings.trace.rootfs.resolve(path)?.inode.type === 'directory')
          this.finder.prepend(path);
    }
    if (file !== undefined && source.strings.some((text) => EAST_ASIAN_ENCODINGS.test(text)))
      this.keepEncodings(true, file);
  }

  /** A name in quotes: of a gem or feature in own code (`set :server, :puma`), with a slash of a feature in a gem's code (`tilt/erb`). */
  #readString(text: string, { file, kind }: Loader): void {
    if (!/^[a-z][\w-]*(?:\/[\w-]+)*$/i.test(text)) return;
    const reason = this.reason(file, `names ${text}`, 'inferred');
    if (kind === 'own') {
      if (this.#byName.has(text) && !DEVELOPER_GEMS.has(text)) this.keepGemNamed(text, reason);
      if (text.includes('/')) this.reachFeature(text, reason);
    } else if (text.includes('/') && !DEVELOPER_FEATURES.test(text)) {
      if (this.finder.find(text) !== undefined) this.reachFeature(text, reason);
      // `try_require('rack/handler', name)`: whatever other gems put there.
      else for (const found of this.finder.below(`${text}/`)) this.reachFile(found, reason);
    }
  }

  #nameGem(name: string, { file, kind }: Loader): void {
    if (kind !== 'own' && DEVELOPER_GEMS.has(name)) return;
    this.keepGemNamed(name, this.reason(file, `asks for the gem ${name}`));
  }

  #isWanted(name: string, { kind, file }: Loader): boolean {
    if (kind === 'own' || !DEVELOPER_FEATURES.test(name)) return true;
    return file !== undefined && DEVELOPER_FEATURES.test(this.#featureOf(file));
  }

  #featureOf(file: RootPath): string {
    const holding = this.finder.directories.filter((directory) => isWithin(file, directory));
    const nearest = holding.sort((a, b) => b.length - a.length)[0];
    return file.slice((nearest?.length ?? 0) + 1).replace(/\.(?:rb|so)$/, '');
  }

  /** `load 'x.rb'` also looks in the working directory, and old code requires `./x`. */
  #besides(name: string, directory: RootPath): RootPath | undefined {
    return this.finder.relative(name, this.#surroundings.cwd) ?? this.finder.relative(name, directory);
  }
}

function isSource(path: RootPath): boolean {
  return /\.(?:rb|ru|rake|jbuilder|builder|gemspec)$|\/(?:Rakefile|Gemfile)$/.test(path);
}
