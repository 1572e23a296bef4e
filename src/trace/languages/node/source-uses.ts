import type { Package } from '../../../packages/package.ts';
import { classOf } from '../../../packages/package-classes.ts';
import { baseName, isWithin, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import { grammarOf } from '../../commands/interpreters.ts';
import { isCommandPath, isIntegrationPath, isLeftoverDirectory } from '../../knowledge/payload-paths.ts';
import type { JsCommand, JsSource } from './js-source.ts';
import type { ModuleGraph } from './module-graph.ts';
import { isCode, isInNodeModules } from './node-packages.ts';
import { CWD, EXECUTABLE, HERE, SELF, UNKNOWN } from './static-value.ts';

/** Bytes of a directory that a program names. */
const DIRECTORY_LIMIT = 64e6;

interface User {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  readonly directory: RootPath;
  /** Is it the program's own code? A library's code names much that a program never reaches. */
  readonly isOwn: boolean;
}

/** Keeps what a source uses besides its imports: paths that it builds, names in its literals, programs that it starts. */
export function keepUses(graph: ModuleGraph, source: JsSource, user: User): void {
  for (const path of source.paths) keepPath(graph, path, user);
  if (graph.surroundings.trace.options.level === 'minimal') return;
  const imported = new Set(source.imports.map(({ specifier }) => specifier));
  for (const text of source.strings) if (!imported.has(text)) keepNamed(graph, text, user);
  for (const command of source.commands) startCommand(graph, command, user);
  if (source.startsUnknown && user.isOwn) startNamed(graph, source.strings, user);
}

/** `path.join(__dirname, 'views')`, `new URL('./worker.js', import.meta.url)`. */
function keepPath(graph: ModuleGraph, path: string, user: User): void {
  const { rootfs } = graph.surroundings.trace;
  const text = placed(graph, path, user);
  if (text.includes(UNKNOWN)) {
    graph.expandPath(text, user.directory, user.file, false);
    return;
  }
  const found = rootfs.resolve(text);
  if (found?.inode.type === 'directory') {
    keepDirectory(graph, found.path, user);
    return;
  }
  const reason = graph.reason(user.file, `names ${text}`);
  for (const module of graph.finder.findPath(text, user.directory)) {
    if (isCode(module.file)) graph.reach(module, reason);
    else graph.keep(module.named, reason);
  }
}

/** The path that a value stands for in this file. */
function placed(graph: ModuleGraph, value: string, { file, directory }: User): string {
  return value
    .replace(HERE, directory)
    .replace(CWD, graph.surroundings.cwd)
    .replace(SELF, file === undefined ? '' : baseName(file));
}

function keepNamed(graph: ModuleGraph, text: string, user: User): void {
  if (text.startsWith('/')) keepAbsolute(graph, text, user);
  else if (/^[\w@./-]+\.\w{1,8}$/.test(text)) keepBeside(graph, text, user);
  else if (user.isOwn && text.startsWith('.')) requestPath(graph, text, user);
  // A command's script looks for its parts by name: webpack's for webpack-cli.
  if ((user.isOwn || graph.isEntry(user.file)) && /^(?:@[\w.-]+\/)?[\w-][\w./-]*$/.test(text))
    requestNamed(graph, text, user);
}

function keepAbsolute(graph: ModuleGraph, text: string, user: User): void {
  const { trace } = graph.surroundings;
  if (text.length < 4 || /^\/(?:proc|sys|dev)(?:\/|$)/.test(text) || isIntegrationPath(text)) return;
  const found = trace.rootfs.resolve(text);
  if (found?.inode.type === 'directory') {
    if (user.isOwn && trace.packages.owners(found.path).length === 0) keepDirectory(graph, found.path, user);
  } else if (found?.inode.type === 'file' && !isCommandPath(found.path) && !isCommandPath(text)) {
    graph.keep(rootPath(text), graph.reason(user.file, `spells ${text}`, 'inferred'));
    if (user.isOwn && isCode(found.path)) graph.follow(found.path);
  }
}

/** `lib.es5.d.ts`, `worker.js`, `data/table.bin`: beside the source, from its package's top, or from where the program runs. */
function keepBeside(graph: ModuleGraph, text: string, user: User): void {
  const { cwd, trace } = graph.surroundings;
  const top = user.file === undefined ? cwd : graph.packages.of(user.file).directory;
  for (const place of new Set([user.directory, top, ...(user.isOwn ? [cwd] : [])])) {
    if (place === '/' && !user.isOwn) continue;
    const found = trace.rootfs.file(text, place);
    if (found === undefined || isCommandPath(found.path)) continue;
    graph.keep(rootPath(text, place), graph.reason(user.file, `spells ${text}`, 'inferred'));
    if (isCode(found.path) && (user.isOwn || isWithin(found.path, top))) graph.follow(found.path);
  }
}

/** `./worker`: a module by its path, without its extension. */
function requestPath(graph: ModuleGraph, text: string, user: User): void {
  for (const place of new Set([user.directory, graph.surroundings.cwd])) {
    for (const module of graph.finder.findPath(text, place))
      graph.reach(module, graph.reason(user.file, `spells ${text}`, 'inferred'));
  }
}

/** A literal of the program's own code that is the name of an installed module: a transport, a view engine, a dialect. */
function requestNamed(graph: ModuleGraph, text: string, user: User): void {
  const pkg = user.file === undefined ? undefined : graph.packages.of(user.file).manifest;
  if (pkg?.development.includes(text)) return;
  const reason = graph.reason(user.file, `names the module ${text}`, 'inferred');
  const found = graph.finder.find({ specifier: text, style: 'require' }, user.directory);
  for (const module of found.length > 0
    ? found
    : graph.finder.find({ specifier: text, style: 'import' }, user.directory))
    graph.reach(module, reason);
}

function keepDirectory(graph: ModuleGraph, directory: RootPath, { file, isOwn }: User): void {
  const { trace } = graph.surroundings;
  const isAbove = file !== undefined && isWithin(file, directory);
  const isBroad = directory.split('/').length <= 2 && trace.packages.owners(directory).length > 0;
  if (isAbove || isBroad || isWithin('/usr/bin' as RootPath, directory) || /\/node_modules$/.test(directory))
    return;
  const reason = graph.reason(file, `names the directory ${directory}`, 'inferred');
  trace.keep(directory, reason);
  const isPart = file !== undefined && isWithin(directory, graph.packages.of(file).directory);
  if (!isOwn && !isPart) return;
  if (trace.rootfs.treeBytes(directory) > DIRECTORY_LIMIT) return;
  const inNodeModules = isInNodeModules(directory);
  trace.keepTree(directory, reason, {
    filter: (path) => !isLeftoverDirectory(baseName(path)) && (inNodeModules || !isInNodeModules(path)),
  });
}

function startCommand(graph: ModuleGraph, { argv, kind }: JsCommand, user: User): void {
  const { trace, cwd, env, executable } = graph.surroundings;
  const [first = '', ...args] = argv.map((word) => (word === undefined ? word : placed(graph, word, user)));
  const options = { cwd, env };
  const why = graph.reason(user.file, `starts ${first.slice(0, 60)}`, 'inferred');
  if (kind === 'shell') {
    if (user.isOwn) trace.run(['/bin/sh', '-c', first], why, options);
  } else if (kind === 'module' || first === EXECUTABLE) {
    const words = kind === 'module' ? [first, ...args] : args;
    for (const place of new Set([cwd, user.directory])) {
      const [script = ''] = words;
      if (script !== '' && graph.finder.findPath(script, place).length > 0)
        trace.run([executable, ...words], why, { ...options, cwd: place });
    }
  } else {
    const found = trace.findCommand(first, options);
    if (found === undefined || (!user.isOwn && !isWanted(graph, user.file, found.file.path))) return;
    trace.run([first, ...args], why, options);
  }
}

/**
 * Libraries ask compilers, viewers and version control about a machine that they happen to be on: what a packaged
 * library needs its package declares, what another one may need is no part of the distribution's base.
 */
function isWanted(graph: ModuleGraph, file: RootPath | undefined, command: RootPath): boolean {
  const { packages } = graph.surroundings.trace;
  const target: Package | undefined = packages.owner(command);
  if (target === undefined) return true;
  const owner = file === undefined ? undefined : packages.owner(file);
  if (owner !== undefined) return packages.dependencies(owner, { recommends: true }).includes(target);
  const isTool = classOf(target) !== 'ordinary' || target.section === 'vcs' || target.essential;
  return !isTool && grammarOf(baseName(command)) === undefined;
}

/** It starts a command that cannot be read: any literal that is the name of one may be it. */
function startNamed(graph: ModuleGraph, strings: readonly string[], user: User): void {
  const { trace, cwd, env } = graph.surroundings;
  for (const text of strings) {
    if (!/^(?:\/[\w./+-]+|[a-z][\w.+-]*)$/.test(text)) continue;
    const found = trace.findCommand(text, { cwd, env });
    if (found === undefined || !isCommandPath(found.invokedAs)) continue;
    if (isInNodeModules(parentPath(found.file.path))) continue;
    trace.run([text], graph.reason(user.file, `may start ${text}`, 'inferred'), { cwd, env });
  }
}
