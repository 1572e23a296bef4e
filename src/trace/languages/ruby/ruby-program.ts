import { parentPath, rootPath } from '../../../rootfs/root-path.ts';
import type { InterpreterCall, InterpreterOption } from '../../commands/interpreter-call.ts';
import type { Word } from '../../detector.ts';
import { DEVELOPER_GEMS, IMPLICIT_FEATURES, LAUNCHER_FILES } from '../../knowledge/ruby.ts';
import { requestedByAuthor } from '../../requested.ts';
import { findBundle } from './bundle.ts';
import { FeatureGraph } from './feature-graph.ts';
import type { RubySurroundings } from './ruby-surroundings.ts';
import { scanSource } from './scan-source.ts';

/** RubyProgram is one program that the interpreter was asked to run. */
export class RubyProgram {
  readonly #surroundings: RubySurroundings;
  readonly #graph: FeatureGraph;
  readonly #options: readonly InterpreterOption[];

  constructor(surroundings: RubySurroundings, options: readonly InterpreterOption[]) {
    const { env, cwd } = surroundings;
    this.#surroundings = surroundings;
    this.#options = [...options, ...optionsOf(env.get('RUBYOPT') ?? '')];
    const libraries = [
      ...this.#options.flatMap(({ name, value }) => (name === '-I' && value ? value.split(':') : [])),
      ...(env.get('RUBYLIB') ?? '').split(':'),
    ].filter((path) => path !== '');
    this.#graph = new FeatureGraph(
      surroundings,
      [cwd],
      libraries.map((path) => rootPath(path, cwd)),
    );
  }

  /** Keeps what the interpreter needs before and beside any program. */
  start(): void {
    const { trace, installation } = this.#surroundings;
    const why = this.#graph.reason(installation.executable, 'loaded by the interpreter itself');
    for (const { features } of IMPLICIT_FEATURES)
      for (const name of features) this.#graph.reachFeature(name, why);
    this.#graph.keepEncodings(trace.options.level === 'safe', installation.executable);
    for (const gem of this.#graph.gems) {
      if (gem.isDefault)
        trace.keep(gem.specification, this.#graph.reason(installation.executable, 'a default gem'));
    }
    for (const { name, value } of this.#options) {
      if (name === '-r' && value)
        this.#graph.reachFeature(value, this.#graph.reason(installation.executable, `-r ${value}`));
    }
    if (trace.options.level === 'safe') this.#graph.keepAll('--level safe');
  }

  /** Follows what the command line asks for; false when it does not tell. */
  run(call: InterpreterCall): boolean {
    const isRead = this.#runProgram(call);
    this.#keepRequested();
    this.readWords(call.args);
    this.#readBundle();
    return isRead;
  }

  /** Engines and adapters are required by names that a configuration spells. */
  #keepRequested(): void {
    const { trace, installation } = this.#surroundings;
    if (trace.options.level === 'minimal') return;
    const requested = requestedByAuthor(trace);
    for (const gem of this.#graph.gems) {
      if (gem.package === undefined || !requested.has(gem.package) || DEVELOPER_GEMS.has(gem.name)) continue;
      this.#graph.keepGem(
        gem,
        this.#graph.reason(installation.executable, `installed by name: ${gem.name}`, 'inferred'),
      );
    }
  }

  readWords(words: readonly Word[]): void {
    for (const word of words) if (word !== undefined) this.#readWord(word);
  }

  keepAll(detail: string): number {
    return this.#graph.keepAll(detail);
  }

  #runProgram({ kind, value, options }: InterpreterCall): boolean {
    if (kind === 'none') return true;
    if (value === undefined) return false;
    if (kind === 'code') {
      this.#graph.runSource(scanSource(value));
      return true;
    }
    const { trace, cwd, env, installation } = this.#surroundings;
    const isSearched = options.some(({ name }) => name === '-S');
    const found =
      trace.rootfs.file(value, cwd) ??
      (isSearched ? trace.findCommand(value, { cwd, env })?.file : undefined);
    if (kind !== 'file' || found === undefined) return false;
    trace.keep(found.path, this.#graph.reason(installation.executable, 'the program that ruby runs'));
    this.#graph.runFile(found.path);
    for (const directory of new Set([parentPath(found.path), cwd])) {
      if (trace.options.level !== 'minimal') this.#graph.followTree(directory, found.path);
    }
    for (const { name } of LAUNCHER_FILES) this.#readSourceFile(name, `the launcher's ${name}`);
    return true;
  }

  #readWord(word: string): void {
    const text = /^-{1,2}[\w-]+=(.+)$/.exec(word)?.[1] ?? word.replace(/^-[rIC](?=.)/, '');
    if (text.startsWith('-') || text === '') return;
    if (/\.(?:rb|ru|rake)$|\//.test(text)) this.#readSourceFile(text, 'named by an argument');
    else if (/^[a-z][\w-]*$/.test(text))
      this.#graph.keepGemNamed(
        text,
        this.#graph.reason(undefined, `named by an argument: ${text}`, 'inferred'),
      );
  }

  #readSourceFile(name: string, detail: string): void {
    const { trace, cwd, installation } = this.#surroundings;
    const found = trace.rootfs.file(name, cwd);
    if (
      found === undefined ||
      parentPath(found.path) === '/' ||
      !/\.(?:rb|ru|rake)$|\/Rakefile$|\/bin\//.test(found.path)
    )
      return;
    trace.keep(name, this.#graph.reason(installation.executable, detail, 'inferred'), { cwd });
    this.#graph.runFile(found.path);
    if (trace.options.level !== 'minimal') this.#graph.followTree(parentPath(found.path), found.path);
  }

  /** `bundle exec`, RUBYOPT=-rbundler/setup (which bundle exec exports) and `require "bundler/setup"`. */
  #readBundle(): void {
    const { trace, cwd, env, installation } = this.#surroundings;
    const isAsked = this.#options.some(
      ({ name, value }) => name === '-r' && value?.startsWith('bundler') === true,
    );
    if (!isAsked && !this.#graph.usesBundler && !env.has('BUNDLE_GEMFILE')) return;
    const bundle = findBundle(trace.rootfs, cwd, env);
    if (bundle === undefined) return;
    const why = this.#graph.reason(installation.executable, 'asks for what the Gemfile names', 'inferred');
    for (const path of bundle.files) trace.keep(path, why);
    for (const name of ['bundler', 'bundler/setup']) this.#graph.reachFeature(name, why);
    this.#graph.keepGemNamed('bundler', why);
    for (const name of bundle.gems)
      this.#graph.keepGemNamed(
        name,
        this.#graph.reason(bundle.files[0], `the Gemfile's ${name}`, 'inferred'),
      );
  }
}

function optionsOf(text: string): InterpreterOption[] {
  return text.split(/\s+/).flatMap((word) => {
    const [, letter, value] = /^-([Ir])(.+)$/.exec(word) ?? [];
    return letter === undefined ? [] : [{ name: `-${letter}`, value }];
  });
}
