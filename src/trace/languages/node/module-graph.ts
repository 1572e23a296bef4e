import type { Certainty } from '../../../ldso/resolution.ts';
import type { FileInode } from '../../../rootfs/inode.ts';
import { isWithin, joinPath, parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import type { JsImport, JsSource } from './js-source.ts';
import { type FoundModule, type ModuleFinder, packageNameOf } from './module-finder.ts';
import { isCode, isInNodeModules, type NodePackage, NodePackages } from './node-packages.ts';
import type { NodeSurroundings } from './node-surroundings.ts';
import { fitsPlatform } from './platform.ts';
import { keepUses } from './source-uses.ts';
import { HERE, UNKNOWN } from './static-value.ts';

const NAME = 'node';

/** Files of one package that are followed at most where what it loads cannot be told. */
const MAX_FOLLOWED = 5000;

/** ModuleGraph keeps what a program's modules import, one after the other. */
export class ModuleGraph {
  readonly surroundings: NodeSurroundings;
  readonly finder: ModuleFinder;
  readonly packages: NodePackages;
  readonly #own = new Set<RootPath>();
  readonly #entries = new Set<RootPath>();
  readonly #seen = new Set<RootPath>();
  readonly #pending: RootPath[] = [];
  readonly #kept = new Set<NodePackage>();
  readonly #widened = new Set<NodePackage>();
  /** Bytes that were kept for this program and for nothing before. */
  bytes = 0;

  constructor(surroundings: NodeSurroundings, finder: ModuleFinder) {
    const { trace, manifests, globals } = surroundings;
    this.surroundings = surroundings;
    this.finder = finder;
    this.packages = new NodePackages(trace.rootfs, manifests, globals);
  }

  reason(from: RootPath | undefined, detail: string, certainty: Certainty = 'exact'): KeepReason {
    return { detector: NAME, ...(from === undefined ? {} : { from }), detail, certainty };
  }

  /** Keeps a file (as it is named: links may be on the way). */
  keep(path: RootPath, reason: KeepReason): void {
    const { trace } = this.surroundings;
    const size = trace.graph.size;
    const found = trace.keep(path, reason);
    if (found?.inode.type === 'file' && trace.graph.size > size) this.bytes += found.inode.size;
  }

  /** Marks the package of `file` as the program's own, unless it is an installed one: its literals may name modules and commands. */
  own(file: RootPath): NodePackage {
    const pkg = this.packages.of(file);
    if (!pkg.isInstalled) this.#own.add(pkg.directory);
    this.#entries.add(file);
    return pkg;
  }

  /** Is it a file that the command line names? */
  isEntry(file: RootPath | undefined): boolean {
    return file !== undefined && this.#entries.has(file);
  }

  /** Keeps what an import may mean and notes it to be followed; false when it means no file. */
  request(wanted: JsImport, directory: RootPath, reason: KeepReason): boolean {
    const found = this.finder.find(wanted, directory);
    for (const module of found) this.reach(module, reason);
    return found.length > 0;
  }

  reach({ file, named, manifests }: FoundModule, reason: KeepReason): void {
    this.keep(named, reason);
    for (const manifest of manifests) this.keep(manifest, reason);
    this.follow(file);
  }

  /** Notes a kept file (links resolved) to be followed. */
  follow(file: RootPath): void {
    if (this.#seen.has(file)) return;
    this.#seen.add(file);
    this.#pending.push(file);
  }

  /** Follows everything that was noted, and what comes of it. */
  drain(): void {
    for (let file = this.#pending.pop(); file !== undefined; file = this.#pending.pop()) {
      const inode = this.surroundings.trace.rootfs.lookup(file);
      if (inode?.type === 'file') this.#readFile(file, inode);
    }
  }

  /** Reads what a source says, as code of `directory`; `file` is undefined for code of a command line. */
  read(source: JsSource, directory: RootPath, file: RootPath | undefined): void {
    const isOwn = file === undefined || this.#own.has(this.packages.of(file).directory);
    for (const wanted of source.imports)
      this.request(wanted, directory, this.reason(file, `imports ${wanted.specifier}`));
    for (const pattern of source.patterns) this.#expand(pattern, directory, file);
    keepUses(this, source, { file, directory, isOwn });
    if (source.importsUnknown && file !== undefined) this.widen(this.packages.of(file), file);
  }

  /** Keeps a package whole and follows all of its code, and what it says it needs. */
  widen(pkg: NodePackage, from: RootPath): void {
    if (this.#widened.has(pkg) || this.surroundings.trace.options.level === 'minimal') return;
    this.#widened.add(pkg);
    if (isTooWide(pkg.directory)) return;
    const reason = this.reason(from, `may load any module of its package ${pkg.directory}`, 'inferred');
    if (!pkg.isInstalled) this.#say(pkg, from);
    const files = this.packages.files(pkg).filter((path) => fitsPlatform(path, this.surroundings.platform));
    const code = files.filter(isCode);
    for (const path of pkg.isInstalled ? files : code) this.keep(path, reason);
    for (const path of code.slice(0, MAX_FOLLOWED)) this.follow(path);
    for (const name of pkg.manifest?.production ?? []) this.requestPackage(name, pkg.directory, from);
  }

  /** Keeps the package of that name as seen from `directory`, by whichever of its entries there is. */
  requestPackage(name: string, directory: RootPath, from: RootPath): boolean {
    const reason = this.reason(from, `may load ${name}`, 'inferred');
    const isFound = (['require', 'import'] as const).some((style) =>
      this.request({ specifier: name, style }, directory, reason),
    );
    const home = isFound ? undefined : this.finder.packageDirectory(name, directory);
    if (home !== undefined) this.keepWhole(home, reason);
    return isFound || home !== undefined;
  }

  /** Keeps every file of the package in `home` (as it is named): it has no entry, or nobody knows which. */
  keepWhole(home: RootPath, reason: KeepReason): void {
    const manifest = joinPath(home, 'package.json');
    this.keep(manifest, reason);
    const real = this.surroundings.trace.rootfs.file(manifest)?.path;
    if (real === undefined) return;
    const pkg = this.packages.of(real);
    for (const path of this.packages.files(pkg)) {
      if (!fitsPlatform(path, this.surroundings.platform)) continue;
      this.keep(path, reason);
      if (isCode(path)) this.follow(path);
    }
  }

  #readFile(file: RootPath, inode: FileInode): void {
    const { sources } = this.surroundings;
    for (const manifest of this.packages.manifestsAbove(file))
      this.keep(manifest, this.reason(file, 'says how it is read'));
    this.#keepPackage(file);
    // A program's own script may have no extension; anything else without one is data.
    if (!isCode(file) && /\.\w+$/.test(file)) return;
    const source = sources.of(inode);
    if (source !== undefined) this.read(source, parentPath(file), file);
  }

  /** The data of a package in use, and its code too where choosing is not worth it. */
  #keepPackage(file: RootPath): void {
    const { trace, platform } = this.surroundings;
    const pkg = this.packages.of(file);
    if (this.#kept.has(pkg)) return;
    this.#kept.add(pkg);
    if (!pkg.isInstalled || trace.options.level === 'minimal') return;
    const isSmall = this.packages.isSmall(pkg);
    const reason = this.reason(file, `of its package ${pkg.directory}`, 'inferred');
    for (const path of this.packages.files(pkg)) {
      if ((isSmall || !isCode(path)) && fitsPlatform(path, platform)) this.keep(path, reason);
    }
  }

  /** `./commands/${name}`, `lodash/${x}`, `@scope/plugin-${x}`: everything that the known part fits. */
  #expand({ specifier, style }: JsImport, directory: RootPath, file: RootPath | undefined): void {
    if (specifier.startsWith('.')) {
      this.expandPath(`${HERE}/${specifier}`, directory, file, true);
      return;
    }
    const known = specifier.slice(0, specifier.indexOf(UNKNOWN));
    const name = packageNameOf(known);
    const from = file ?? directory;
    if (name !== undefined && known.startsWith(`${name}/`)) {
      const home = this.finder.packageDirectory(name, directory);
      const reason = this.reason(file, `imports parts of ${name}`, 'inferred');
      if (home !== undefined) this.keepWhole(home, reason);
      return;
    }
    for (const installed of this.finder.packageNames(known, directory)) {
      if (!this.requestPackage(installed, directory, from)) continue;
      // A part of it that is no entry: `@img/sharp-${platform}/sharp.node`.
      const rest = specifier.slice(specifier.lastIndexOf(UNKNOWN) + 1);
      if (rest.startsWith('/'))
        this.request(
          { specifier: installed + rest, style },
          directory,
          this.reason(file, `imports ${installed}`),
        );
    }
  }

  /**
   * Keeps and follows the files that a path with unknown parts may mean. A directory that holds the source itself
   * says nothing: what is imported from there may be anything of the package, what is read its data.
   */
  expandPath(pattern: string, directory: RootPath, file: RootPath | undefined, isImport: boolean): void {
    const { trace, platform } = this.surroundings;
    const known = pattern.slice(0, pattern.indexOf(UNKNOWN)).replace(HERE, directory);
    const end = pattern.slice(pattern.lastIndexOf(UNKNOWN) + 1);
    const top = trace.rootfs.resolve(known.slice(0, known.lastIndexOf('/') + 1))?.path;
    if (top === undefined || isTooWide(top)) return;
    const start = joinPath(top, known.slice(known.lastIndexOf('/') + 1));
    if (file !== undefined && end === '' && isWithin(file, top)) {
      if (isImport) this.widen(this.packages.of(file), file);
      else this.#keepFiles(file);
      return;
    }
    const reason = this.reason(file, `loads from ${top}`, 'inferred');
    for (const path of this.#filesBelow(top)) {
      const isMeant =
        path.startsWith(start) && (path.endsWith(end) || path.replace(/\.\w+$/, '').endsWith(end));
      if (!isMeant || !fitsPlatform(path, platform)) continue;
      this.keep(path, reason);
      if (isCode(path)) this.follow(path);
    }
  }

  #keepFiles(file: RootPath): void {
    const pkg = this.packages.of(file);
    if (!pkg.isInstalled) return;
    const reason = this.reason(file, 'reads files of its package', 'inferred');
    for (const path of this.packages.files(pkg)) {
      if (fitsPlatform(path, this.surroundings.platform)) this.keep(path, reason);
    }
  }

  *#filesBelow(directory: RootPath): Generator<RootPath> {
    const { rootfs } = this.surroundings.trace;
    const inNodeModules = isInNodeModules(directory);
    let count = 0;
    for (const [path, inode] of rootfs.walk(directory)) {
      if (inode.type !== 'file' || (!inNodeModules && isInNodeModules(path))) continue;
      if (++count > MAX_FOLLOWED) return;
      yield path;
    }
  }

  #say(pkg: NodePackage, from: RootPath): void {
    this.surroundings.trace.warnings.add(
      'WIDENED',
      `cannot tell which modules "${from}" loads: those of ${pkg.directory} and all that it depends on are kept`,
      from,
    );
  }
}

/** Directories that hold more than one application. */
export function isTooWide(directory: RootPath): boolean {
  return (
    directory.split('/').length <= 2 &&
    /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?$/.test(
      directory,
    )
  );
}
