import { isWithin, joinPath, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { InterpreterCall, InterpreterOption } from '../../commands/interpreter-call.ts';
import type { Word } from '../../detector.ts';
import {
  IMPLICIT_MODULES,
  LAUNCHER_FILES,
  PERL_FILE,
  START_FILES,
  UNICORE_FILES_BEFORE,
} from '../../knowledge/perl.ts';
import { requestedByAuthor } from '../../requested.ts';
import { isToolImage } from '../../tool-image.ts';
import { ModuleGraph } from './module-graph.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';

/** PerlProgram is one program that perl was asked to run. */
export class PerlProgram {
  readonly #surroundings: PerlSurroundings;
  readonly #graph: ModuleGraph;

  constructor(surroundings: PerlSurroundings, options: readonly InterpreterOption[]) {
    const { env, cwd } = surroundings;
    const directories = [
      ...options.flatMap(({ name, value }) => (name === '-I' && value ? [value] : [])),
      ...(env.get('PERL5LIB') ?? env.get('PERLLIB') ?? '').split(':').filter((path) => path !== ''),
    ];
    this.#surroundings = surroundings;
    this.#graph = new ModuleGraph(
      surroundings,
      directories.map((directory) => rootPath(directory, cwd)),
    );
  }

  /** Keeps what perl needs before and beside any program. */
  start(): void {
    const { trace, installation } = this.#surroundings;
    const why = this.#graph.reason(installation.executable, 'loaded by perl itself');
    for (const directory of installation.linked)
      trace.keep(directory, this.#graph.reason(installation.executable, `@INC has ${directory}`));
    for (const { modules } of IMPLICIT_MODULES)
      for (const name of modules) this.#graph.reachModule(name, why);
    for (const { names } of START_FILES) {
      for (const name of names) {
        const file = this.#graph.origins.finder.file(name);
        if (file !== undefined) this.#graph.reachFile(file, why);
      }
    }
    const minor = Number(/^5\.(\d+)/.exec(installation.version)?.[1] ?? UNICORE_FILES_BEFORE);
    if (minor < UNICORE_FILES_BEFORE) {
      for (const tree of this.#graph.origins.finder.trees('unicore').slice(0, 1))
        trace.keepTree(tree, this.#graph.reason(installation.executable, 'properties of characters'));
    }
    if (trace.options.level === 'safe') this.#graph.keepAll('--level safe');
  }

  /** Follows what the command line asks for; false when it does not tell. */
  run(call: InterpreterCall): boolean {
    const { env } = this.#surroundings;
    this.#readOptions(call.options);
    this.#readOptions(optionsOf(env.get('PERL5OPT') ?? ''));
    const isRead = this.#runProgram(call);
    const { trace } = this.#surroundings;
    // Drivers, plugins and engines are loaded by names that a configuration spells.
    if (trace.options.level !== 'minimal' && isToolImage(trace))
      this.#graph.keepPackages(requestedByAuthor(trace));
    this.readWords(call.args);
    for (const value of env.values()) this.#readWord(value, 'the environment');
    return isRead;
  }

  /** Reads the words of a command line for modules and sources. */
  readWords(words: readonly Word[]): void {
    for (const word of words) if (word !== undefined) this.#readWord(word, 'an argument');
  }

  /** Follows a file that is known to hold Perl code of the application. */
  runFile(file: RootPath): void {
    this.#graph.runFile(file);
  }

  /** Follows a module of @INC that something else keeps. */
  reachFile(file: RootPath): void {
    if (!this.#graph.origins.finder.directories.some((directory) => isWithin(file, directory))) return;
    const { executable } = this.#surroundings.installation;
    this.#graph.reachFile(file, this.#graph.reason(executable, 'a module of what embeds perl', 'inferred'));
  }

  keepAll(detail: string): number {
    return this.#graph.keepAll(detail);
  }

  #readOptions(options: readonly InterpreterOption[]): void {
    const { executable } = this.#surroundings.installation;
    for (const { name, value } of options) {
      if (name === '-M' || name === '-m') {
        const module = /^-?([\w:]+)/.exec(value ?? '')?.[1];
        if (module !== undefined)
          this.#graph.reachModule(module, this.#graph.reason(executable, `${name}${value}`));
      } else if (name === '-d') {
        this.#graph.reachModule(
          value ? `Devel::${value.replace(/^:|=.*$/g, '')}` : 'perl5db',
          this.#graph.reason(executable, name),
        );
        const debuggerFile = this.#graph.origins.finder.file('perl5db.pl');
        if (debuggerFile !== undefined)
          this.#graph.reachFile(debuggerFile, this.#graph.reason(executable, name));
      }
    }
  }

  #runProgram({ kind, value }: InterpreterCall): boolean {
    if (kind === 'none') return true;
    if (value === undefined) return false;
    if (kind === 'code') {
      this.#graph.runCode(value);
      return true;
    }
    const { trace, cwd, installation } = this.#surroundings;
    const found = trace.rootfs.file(value, cwd);
    if (kind !== 'file' || found === undefined) return false;
    trace.keep(value, this.#graph.reason(installation.executable, 'the program that perl runs'), { cwd });
    this.#graph.runFile(found.path);
    this.#readLauncherFiles();
    return true;
  }

  #readLauncherFiles(): void {
    for (const { name } of LAUNCHER_FILES) this.#readSourceFile(name, `the launcher's ${name}`);
  }

  #readWord(word: string, from: string): void {
    const text = /^-{1,2}[\w-]+=(.+)$/.exec(word)?.[1] ?? word.replace(/^-[IMm](?=.)/, '');
    if (text.startsWith('-') || text === '') return;
    if (PERL_FILE.test(text)) this.#readSourceFile(text, `named by ${from}`);
    else if (/^[A-Za-z_]\w*(?:::\w+)+$/.test(text) || /^[A-Z]\w*$/.test(text))
      this.#graph.reachModule(text, this.#graph.reason(undefined, `named by ${from}: ${text}`, 'inferred'));
    else this.#readScript(text);
  }

  /** Application servers are given a program without an extension: `hypnotoad ./script/my_app`. */
  #readScript(text: string): void {
    const { trace, cwd } = this.#surroundings;
    const found = text.includes('/') ? trace.rootfs.file(text, cwd) : undefined;
    if (found === undefined || trace.packages.owner(found.path) !== undefined) return;
    const head = new TextDecoder('latin1').decode(
      found.inode.content.read(found.inode.offset, Math.min(found.inode.size, 128)),
    );
    if (!/^#!.*\bperl/.test(head)) return;
    trace.keep(text, this.#graph.reason(undefined, `a program among the arguments: ${text}`, 'inferred'), {
      cwd,
    });
    this.#graph.runFile(found.path);
  }

  #readSourceFile(name: string, detail: string): void {
    const { trace, cwd, installation } = this.#surroundings;
    const found = trace.rootfs.file(name, cwd);
    if (found === undefined || parentPath(found.path) === '/') return;
    const directory = parentPath(found.path);
    for (const library of ['lib', 'local/lib/perl5']) {
      const path = rootPath(library, directory);
      if (trace.rootfs.resolve(path)?.inode.type === 'directory') this.#graph.addDirectory(path);
    }
    trace.keep(name, this.#graph.reason(installation.executable, detail, 'inferred'), { cwd });
    this.#graph.runFile(found.path);
    if (trace.packages.owner(found.path) === undefined)
      this.#graph.followTree(joinPath(directory, 'lib'), found.path);
  }
}

/** PERL5OPT may hold -[CDIMTUWdmtw] alone (perlrun(1)). */
function optionsOf(text: string): InterpreterOption[] {
  return text.split(/\s+/).flatMap((word) => {
    const [, letter, value] = /^-?([IMmd])(.*)$/.exec(word) ?? [];
    return letter === undefined ? [] : [{ name: `-${letter}`, value }];
  });
}
