import { parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import {
  DEVELOPER_MODULES,
  EAST_ASIAN_ENCODINGS,
  EAST_ASIAN_MODULES,
  LAYER_MODULES,
} from '../../knowledge/perl.ts';
import { isInterpreterPackage } from './distributions.ts';
import type { ModuleGraph } from './module-graph.ts';
import type { ModuleKind } from './module-origins.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';
import type { PerlSource } from './scan-source.ts';
import { keepUses } from './source-uses.ts';

/** The source that loads. */
export interface Loader {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  readonly kind: ModuleKind;
  /** False for a source that is only there because its distribution is kept whole. */
  readonly isReached: boolean;
  /** Is it itself a developer's tool? */
  readonly isTool: boolean;
}

/** SourceReader decides which of the names in a source are modules that it may load, and has the graph keep them. */
export class SourceReader {
  readonly #surroundings: PerlSurroundings;
  readonly #graph: ModuleGraph;

  constructor(surroundings: PerlSurroundings, graph: ModuleGraph) {
    this.#surroundings = surroundings;
    this.#graph = graph;
  }

  /** Follows what a source loads and names. */
  read(source: PerlSource, loader: Loader): void {
    const { file, kind } = loader;
    this.#readLibraries(source, loader);
    for (const name of source.modules) {
      if (this.#isWanted(name, loader))
        this.#graph.reachModule(name, this.#graph.reason(file, `loads ${name}`));
    }
    for (const name of source.files) this.#loadFile(name, file);
    for (const layer of source.layers) this.#reachLayer(layer, file);
    const isMinimal = this.#surroundings.trace.options.level === 'minimal';
    if (isMinimal || (kind !== 'own' && !loader.isReached)) return;
    for (const name of source.trees) {
      const why = this.#graph.reason(file, `reads files of ${name}/ by name`);
      for (const tree of this.#graph.origins.finder.trees(name)) this.#surroundings.trace.keepTree(tree, why);
    }
    for (const namespace of source.namespaces) {
      if (kind === 'own' || loader.isTool || !DEVELOPER_MODULES.test(namespace))
        this.#graph.reachBelow(namespace, file, kind !== 'core');
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
        this.#graph.reachModule(name, this.#graph.reason(file, `names the module ${name}`, 'inferred'));
      if (source.loadsUnknown && name.includes('::')) this.#graph.reachBelow(name, file, true);
    }
    if (
      kind === 'own' &&
      (source.encodesUnknown || source.strings.some((text) => EAST_ASIAN_ENCODINGS.test(text)))
    ) {
      for (const name of ['CN', 'JP', 'KR', 'TW'])
        this.#graph.reachModule(
          `Encode::${name}`,
          this.#graph.reason(file, 'names an East Asian encoding', 'inferred'),
        );
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
    const target = this.#graph.origins.finder.module(name);
    const other = target === undefined ? undefined : packages.owner(target);
    if (owner === undefined || other === undefined || owner === other || isInterpreterPackage(other))
      return true;
    return packages.dependencies(owner, { recommends: true }).includes(other);
  }

  #loadFile(name: string, from: RootPath | undefined): void {
    const { trace, cwd } = this.#surroundings;
    const beside = from === undefined ? undefined : trace.rootfs.file(name, parentPath(from))?.path;
    const file = this.#graph.origins.finder.file(name) ?? trace.rootfs.file(name, cwd)?.path ?? beside;
    if (file !== undefined) this.#graph.reachFile(file, this.#graph.reason(from, `loads ${name}`));
  }

  #reachLayer(layer: string, from: RootPath | undefined): void {
    const [, name = '', argument] = /^(\w+)(?:\((.+)\))?$/.exec(layer) ?? [];
    const modules = LAYER_MODULES[name] ?? [];
    for (const module of modules)
      this.#graph.reachModule(module, this.#graph.reason(from, `the layer :${layer}`));
    if (name !== 'via' || argument === undefined) return;
    for (const module of [argument, `PerlIO::via::${argument}`])
      this.#graph.reachModule(module, this.#graph.reason(from, `the layer :${layer}`));
  }

  #readLibraries({ libraries, changesPath }: PerlSource, { file, kind }: Loader): void {
    if (kind !== 'own') return;
    const { trace, cwd } = this.#surroundings;
    const own = file === undefined ? cwd : parentPath(file);
    for (const { path, relativeTo } of libraries)
      this.#graph.addDirectory(rootPath(path, relativeTo === 'cwd' ? cwd : own));
    if (!changesPath) return;
    // Computed from the program's place: by custom its library is in one of these (FindBin(3perl), Carton).
    for (const name of ['lib', '../lib', 'local/lib/perl5', '../local/lib/perl5']) {
      const directory = rootPath(name, own);
      if (
        trace.rootfs.resolve(directory)?.inode.type === 'directory' &&
        trace.packages.owner(directory) === undefined
      )
        this.#graph.addDirectory(directory);
    }
  }
}
