import {
  ancestors,
  baseName,
  joinPath,
  parentPath,
  type RootPath,
  rootPath,
} from '../../../rootfs/root-path.ts';
import { readRange } from '../../../rootfs/rootfs.ts';
import type { InterpreterCall, InterpreterOption } from '../../commands/interpreter-call.ts';
import { interpreterCall } from '../../commands/interpreter-call.ts';
import { splitWords } from '../../commands/split-words.ts';
import type { Word } from '../../detector.ts';
import { FILE_OPTIONS, MANAGER_HOMES, MODULE_OPTIONS, PACKAGE_MANAGERS } from '../../knowledge/node.ts';
import type { Trace } from '../../trace.ts';
import { applicationDirectory } from './installation.ts';
import { ModuleFinder } from './module-finder.ts';
import { isTooWide, ModuleGraph } from './module-graph.ts';
import { isCode, isInNodeModules } from './node-packages.ts';
import type { NodeSurroundings } from './node-surroundings.ts';
import { keepPackagePayload } from './package-payload.ts';
import { keepPlugAndPlay } from './plug-and-play.ts';
import { scanSource } from './scan-source.ts';

/** Names of test files, as `node --test` looks for them (Node.js, "Running tests from the command line"). */
const TEST_FILE =
  /(?:\.|-|_)test\.[cm]?[jt]s$|\/test(?:-[^/]*)?\.[cm]?[jt]s$|\/test\/(?:.*\/)?[^/]+\.[cm]?[jt]s$/;

/** NodeProgram is one program that the interpreter was asked to run. */
export class NodeProgram {
  readonly #surroundings: NodeSurroundings;
  readonly #graph: ModuleGraph;
  readonly #options: readonly InterpreterOption[];
  readonly #call: InterpreterCall;

  constructor(surroundings: NodeSurroundings, call: InterpreterCall) {
    const { trace, manifests, globals, env } = surroundings;
    this.#surroundings = surroundings;
    this.#call = call;
    this.#options = [...optionsOf(env.get('NODE_OPTIONS') ?? ''), ...call.options];
    const conditions = this.#options.flatMap(({ name, value }) =>
      (name === '-C' || name === '--conditions') && value !== undefined ? [value] : [],
    );
    this.#graph = new ModuleGraph(
      surroundings,
      new ModuleFinder(trace.rootfs, manifests, globals, conditions),
    );
  }

  /** Follows what the command line asks for; false when it does not tell. */
  run(): boolean {
    this.#readOptions();
    const isRead = this.#runProgram();
    this.#graph.drain();
    return isRead;
  }

  /** Keeps everything installed for the application of the working directory: for a program that cannot be read. */
  keepAll(detail: string): number {
    const { trace, cwd, executable } = this.#surroundings;
    const reason = this.#graph.reason(executable, detail, 'inferred');
    let bytes = 0;
    for (const above of [cwd, ...ancestors(cwd)]) {
      const modules = joinPath(above, 'node_modules');
      if (trace.rootfs.resolve(modules) === undefined) continue;
      bytes += trace.keepTree(modules, reason, {
        filter: (path) => !/\.(?:md|map|d\.ts)$|\/\.cache$/.test(path),
      });
    }
    return bytes;
  }

  #readOptions(): void {
    const { cwd, executable, trace } = this.#surroundings;
    for (const { name, value } of this.#options) {
      if (value === undefined) continue;
      const style = MODULE_OPTIONS[name];
      const reason = this.#graph.reason(executable, `${name} ${value}`);
      if (style !== undefined && !this.#graph.request({ specifier: value, style }, cwd, reason)) {
        // -r file: a path without ./ is tried too, as a module of the working directory.
        for (const module of this.#graph.finder.findPath(value, cwd)) this.#graph.reach(module, reason);
      }
      if (FILE_OPTIONS.has(name)) trace.keepTree(rootPath(value, cwd), reason);
    }
    if (this.#options.some(({ name }) => name === '--test')) this.#runTests();
  }

  #runProgram(): boolean {
    const { kind, value } = this.#call;
    const { cwd } = this.#surroundings;
    switch (kind) {
      case 'file':
        // `node inspect x.js`: the debugger's own word.
        return (
          value !== undefined &&
          (this.#runFile(value) || (value === 'inspect' && this.#runFile(this.#call.args[0] ?? '')))
        );
      case 'code':
        if (value === undefined) return false;
        this.#graph.read(scanSource(value), cwd, undefined);
        this.#readWords(this.#call.args);
        return true;
      case 'none':
      case 'module':
        return true;
      default:
        return this.#options.some(({ name }) => name === '--test');
    }
  }

  #runFile(value: string): boolean {
    const { cwd, executable } = this.#surroundings;
    const [entry] = this.#graph.finder.findPath(value, cwd);
    if (entry === undefined) return false;
    const pkg = this.#graph.own(entry.file);
    this.#graph.reach(entry, this.#graph.reason(executable, `the program that ${baseName(executable)} runs`));
    keepPlugAndPlay(this.#graph, parentPath(entry.file));
    keepPackagePayload(this.#graph, entry.file);
    const name = pkg.manifest?.name ?? baseName(entry.file).replace(/\.[cm]?js$/, '');
    if (pkg.isInstalled || PACKAGE_MANAGERS.has(name)) this.#runTool(name, entry.file);
    if (!PACKAGE_MANAGERS.has(name)) this.#readWords(this.#call.args);
    return true;
  }

  /**
   * An installed tool (a framework's command, a bundler, a process manager) loads the application around the working
   * directory by conventions of its own; a package manager runs a script of it, which is followed by itself.
   */
  #runTool(name: string, entry: RootPath): void {
    const { trace, cwd, env } = this.#surroundings;
    if (trace.options.level === 'minimal') return;
    this.#graph.widen(this.#graph.packages.of(entry), entry);
    for (const row of MANAGER_HOMES) {
      const home = env.get(row.variable) ?? row.directory.replace('~', env.get('HOME') ?? '/root');
      if (row.manager === name)
        trace.keepTree(rootPath(home), this.#graph.reason(entry, `${name} keeps what it runs there`));
    }
    if (PACKAGE_MANAGERS.has(name)) return;
    const directory = applicationDirectory(trace.rootfs, cwd) ?? cwd;
    if (isTooWide(directory) || isInNodeModules(directory)) return;
    this.#graph.widen(this.#graph.own(joinPath(directory, 'package.json')), entry);
  }

  /** Words that name a source, a directory with one or a module: a runner's program, a test, a plugin. */
  #readWords(words: readonly Word[]): void {
    const { cwd, trace } = this.#surroundings;
    for (const word of words) {
      const text = /^--?[\w-]+=(.+)$/.exec(word ?? '')?.[1] ?? word ?? '';
      if (text === '' || text.startsWith('-')) continue;
      const isPath = isCode(text) || text.includes('/') || trace.rootfs.file(text, cwd) !== undefined;
      const found = isPath ? this.#graph.finder.findPath(text, cwd) : [];
      for (const module of found) {
        if (!isCode(module.file) && !isScript(trace, module.file)) continue;
        this.#graph.own(module.file);
        this.#graph.reach(module, this.#graph.reason(undefined, `named by an argument: ${text}`, 'inferred'));
      }
      if (found.length === 0 && /^[@a-z][\w./-]+$/.test(text))
        this.#graph.request(
          { specifier: text, style: 'require' },
          cwd,
          this.#graph.reason(undefined, `named by an argument: ${text}`, 'inferred'),
        );
    }
  }

  #runTests(): void {
    const { trace, cwd } = this.#surroundings;
    if (isTooWide(cwd)) return;
    for (const [path, inode] of trace.rootfs.walk(cwd)) {
      if (inode.type !== 'file' || isInNodeModules(path) || !TEST_FILE.test(path.slice(cwd.length))) continue;
      this.#graph.own(path);
      this.#graph.keep(path, this.#graph.reason(undefined, 'a test that --test runs'));
      this.#graph.follow(path);
    }
  }
}

/** Reads NODE_OPTIONS as the interpreter does: words as on its command line. */
function optionsOf(text: string): readonly InterpreterOption[] {
  if (text.trim() === '') return [];
  const node = '/node' as RootPath;
  return (
    interpreterCall({ program: node, invokedAs: node, argv: ['node', ...splitWords(text)] })?.options ?? []
  );
}

function isScript(trace: Trace, path: RootPath): boolean {
  const inode = trace.rootfs.lookup(path);
  if (inode?.type !== 'file') return false;
  return /^#!.*\b(?:node|nodejs|tsx|ts-node)\b/.test(new TextDecoder().decode(readRange(inode, 0, 200)));
}
