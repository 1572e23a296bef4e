import { baseName, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { InterpreterCall } from '../../commands/interpreter-call.ts';
import type { Word } from '../../detector.ts';
import { isProcess } from '../../is-root.ts';
import { LAUNCHER_FILES, START_MODULES } from '../../knowledge/python.ts';
import { SESSION_PROGRAMS } from '../../knowledge/session-programs.ts';
import { isFirst } from '../../once.ts';
import { requestedByAuthor } from '../../requested.ts';
import { hasCode } from '../../tool-image.ts';
import { Distributions } from './distributions.ts';
import { ImportGraph } from './import-graph.ts';
import { isDeveloperDistribution } from './import-rules.ts';
import { ModuleFinder } from './module-finder.ts';
import { moduleOperand } from './module-operand.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import { scanSource } from './scan-source.ts';
import { type SearchPath, searchPathOf } from './search-path.ts';
import { keepWholeLibrary } from './whole-library.ts';
import { zipSources } from './zip-sources.ts';

/** PythonProgram is one program that the interpreter was asked to run. */
export class PythonProgram {
  readonly #surroundings: PythonSurroundings;
  readonly #path: SearchPath;
  readonly #graph: ImportGraph;

  /** `application` are the directories that the interpreter or its program puts before all others in sys.path. */
  constructor(surroundings: PythonSurroundings, application: readonly RootPath[]) {
    const { trace, installation, env, cwd } = surroundings;
    const { rootfs } = trace;
    this.#surroundings = surroundings;
    this.#path = searchPathOf(rootfs, installation, application, env, cwd);
    const finder = new ModuleFinder(rootfs, this.#path.entries, this.#path.aliases, installation.version);
    const distributions = new Distributions(rootfs, trace.packages, this.#path.entries);
    this.#graph = new ImportGraph(surroundings, finder, distributions);
  }

  /** Keeps what the interpreter needs before any program. */
  start(): void {
    const { trace, installation } = this.#surroundings;
    const { executable, stdlib, venv } = installation;
    const reason = this.#graph.reason(executable, 'read when the interpreter starts');
    // Without lib-dynload the interpreter says that it could not find its platform dependent libraries.
    trace.keep(rootPath('lib-dynload', stdlib), reason);
    if (venv !== undefined) trace.keep(venv.config, reason);
    for (const { modules } of START_MODULES) {
      for (const name of modules) this.#graph.reachName(name, reason);
    }
    for (const [file, paths] of this.#path.pathFiles) {
      for (const path of [file, ...paths])
        trace.keep(path, this.#graph.reason(executable, 'adds to sys.path'));
      const distribution = this.#graph.distributions.of(file);
      for (const path of distribution?.files ?? []) {
        if (/\.(?:dist|egg)-info\//.test(path))
          trace.keep(path, this.#graph.reason(file, 'says what is installed'));
      }
    }
    this.#runStartFiles();
    if (trace.options.level === 'safe') this.keepAll('--level safe');
  }

  /** Follows what the command line asks for; false when it does not tell. */
  run(call: InterpreterCall): boolean {
    const isRead = this.#runProgram(call);
    this.#keepRequested();
    this.#keepForUsers(call);
    this.readWords(call.args);
    for (const value of this.#surroundings.env.values()) this.#readWord(value, 'the environment');
    return isRead;
  }

  /** Keeps the whole runtime and everything installed: for a program that cannot be read. */
  keepAll(detail: string): number {
    const { trace, installation } = this.#surroundings;
    if (!this.#isFirst('all')) return 0;
    const bytes = keepWholeLibrary(
      trace,
      installation,
      this.#graph.reason(installation.executable, detail, 'inferred'),
    );
    for (const distribution of this.#graph.distributions.list()) {
      if (!isDeveloperDistribution(distribution))
        this.#graph.keepDistribution(distribution, installation.executable, detail);
    }
    return bytes;
  }

  /** Programs with the same modules before them would find the same. */
  #isFirst(what: string): boolean {
    const places = this.#path.entries.filter(({ kind }) => kind !== 'application').map(({ path }) => path);
    return isFirst(this.#surroundings.trace, `python ${what} ${places.join(':')}`);
  }

  /** Of a packaged tool, without an application in the image, users bring what it loads: configuration, extensions, notebooks. */
  #keepForUsers({ kind, value }: InterpreterCall): void {
    const { trace, cwd, installation } = this.#surroundings;
    const file = kind === 'file' && value !== undefined ? trace.rootfs.file(value, cwd)?.path : undefined;
    if (file === undefined || trace.options.level === 'minimal') return;
    if (SESSION_PROGRAMS.some(({ programs }) => programs.test(baseName(file)))) {
      this.keepAll('for what its users bring');
      return;
    }
    const isTool = this.#graph.distributions.of(file) !== undefined && isProcess(trace.graph, file);
    if (!isTool || hasCode(trace, cwd, /\.py$/)) return;
    const detail = `for what users of ${baseName(file)} bring`;
    keepWholeLibrary(trace, installation, this.#graph.reason(file, detail, 'inferred'));
  }

  /** What somebody installed by name is chosen by names that a configuration spells: drivers, themes, extensions. */
  #keepRequested(): void {
    const { trace, installation } = this.#surroundings;
    if (trace.options.level === 'minimal' || !this.#isFirst('requested')) return;
    const requested = requestedByAuthor(trace);
    for (const distribution of this.#graph.distributions.list()) {
      const isRequested =
        distribution.package === undefined
          ? distribution.isRequested === true
          : requested.has(distribution.package);
      if (isRequested && !isDeveloperDistribution(distribution))
        this.#graph.keepDistribution(distribution, installation.executable, 'installed by name');
    }
  }

  /** Reads the words of a command line for modules, sources and directories of the application. */
  readWords(words: readonly Word[]): void {
    for (const word of words) if (word !== undefined) this.#readWord(word, 'an argument');
  }

  #runProgram({ kind, value }: InterpreterCall): boolean {
    if (kind === 'none') return true;
    if (value === undefined) return false;
    switch (kind) {
      case 'code':
        this.#graph.follow(scanSource(value), { ...NO_FILE, isMain: true });
        return true;
      case 'module':
        return this.#runModule(value);
      case 'file':
        return this.#runFile(value);
      default:
        return false;
    }
  }

  #runModule(name: string): boolean {
    const { installation } = this.#surroundings;
    const reason = this.#graph.reason(installation.executable, `run by -m ${name}`);
    const module = this.#graph.finder.find(name);
    if (module === undefined) return false;
    const main = module.directories.length > 0 ? `${name}.__main__` : name;
    const file = this.#graph.finder.find(main)?.file ?? module.file;
    if (file !== undefined) this.#graph.own(file);
    this.#graph.reachName(main, reason, true);
    this.#readLauncherFiles();
    return true;
  }

  #runFile(value: string): boolean {
    const { trace, cwd, installation } = this.#surroundings;
    const found = trace.rootfs.resolve(value, { cwd });
    if (found === undefined) return false;
    const reason = this.#graph.reason(
      installation.executable,
      `the program that ${installation.family} runs`,
    );
    trace.keep(value, reason, { cwd });
    if (found.inode.type === 'directory') {
      this.#graph.followTree(found.path, installation.executable);
      return this.#graph.reachName('__main__', reason, true);
    }
    if (found.inode.type !== 'file') return false;
    const archive = zipSources(trace.rootfs, found.inode);
    if (archive !== undefined) {
      for (const source of archive) this.#graph.follow(scanSource(source), { ...NO_FILE, file: found.path });
      return true;
    }
    this.#graph.own(found.path);
    this.#graph.runFile(found.path);
    if (/\/bin\/[^/]+$/.test(found.path)) this.#readLauncherFiles();
    return true;
  }

  /** .pth files with statements run at every start, unless they belong to something that is not kept. */
  #runStartFiles(): void {
    const { trace, installation } = this.#surroundings;
    for (const [file, modules] of this.#path.startFiles) {
      const distribution = this.#graph.distributions.of(file);
      if (distribution !== undefined && /\.(?:dist|egg)-info\//.test(distribution.files.join('\n'))) continue;
      trace.keep(file, this.#graph.reason(installation.executable, 'run when the interpreter starts'));
      for (const name of modules) this.#graph.reachName(name, this.#graph.reason(file, `imports ${name}`));
    }
  }

  #readLauncherFiles(): void {
    for (const { name } of LAUNCHER_FILES) this.#readSourceFile(name, `the launcher's ${name}`);
  }

  #readWord(word: string, from: string): void {
    const { trace, cwd } = this.#surroundings;
    const text = /^-{1,2}[\w-]+=(.+)$/.exec(word)?.[1] ?? word;
    if (text.startsWith('-') || text === '') return;
    if (/\.py$/.test(text)) {
      this.#readSourceFile(text, `named by ${from}`);
      return;
    }
    const found = text.includes('/') ? trace.rootfs.resolve(text, { cwd }) : undefined;
    if (found?.inode.type === 'directory' && found.path !== '/' && !trace.packages.owner(found.path))
      this.#graph.finder.append({ path: found.path, kind: 'application' });
    const name = moduleOperand(this.#graph.finder, this.#graph.distributions, text);
    const module = name === undefined ? undefined : this.#graph.finder.find(name);
    if (name === undefined || module?.file === undefined) return;
    this.#graph.reachName(name, this.#graph.reason(undefined, `named by ${from}: ${word}`, 'inferred'));
  }

  #readSourceFile(name: string, detail: string): void {
    const { trace, cwd, installation } = this.#surroundings;
    const found = trace.rootfs.file(name, cwd);
    if (found === undefined || parentPath(found.path) === '/') return;
    trace.keep(name, this.#graph.reason(installation.executable, detail, 'inferred'), { cwd });
    this.#graph.runFile(found.path);
  }
}

const NO_FILE = {
  file: undefined,
  name: '__main__',
  packageName: '',
  kind: 'application',
  isMain: false,
  isReached: true,
} as const;
