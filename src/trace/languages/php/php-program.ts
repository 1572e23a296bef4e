import type { Package } from '../../../packages/package.ts';
import { isDocumentationPath } from '../../../packages/path-kinds.ts';
import { joinPath, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { InterpreterOption } from '../../commands/interpreter-call.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { keepStateDirectories } from '../../keep-packages.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import { DOCUMENT_ROOTS, INTERPRETER_SOURCES, PHP_FILE, UNREAD_PATH } from '../../knowledge/php.ts';
import type { Trace } from '../../trace.ts';
import { applicationFiles } from '../application-files.ts';
import { keepEntry } from '../keep-entry.ts';
import { readIni } from './ini.ts';
import type { PhpInstallation } from './installation.ts';
import { scanSource } from './scan-source.ts';

/** Largest source that is read, in bytes; archives (.phar) are data beyond it. */
const MAX_SOURCE = 4 << 20;

export interface PhpSurroundings {
  readonly trace: Trace;
  readonly installation: PhpInstallation;
  /** The interpreter: a program, or a server's module. */
  readonly executable: RootPath;
  readonly cwd: RootPath;
  readonly env: ReadonlyMap<string, string>;
}

export function isInterpreterPackage({ source }: Pick<Package, 'source'>): boolean {
  return INTERPRETER_SOURCES.some(({ pattern }) => pattern.test(source));
}

/** PhpProgram is one interpreter with its configuration, and what it is asked to run. */
/** Where applications have their entry points, their classes being beside it (Composer's `bin`, Symfony, Laravel, Drupal). */
const ENTRY_DIRECTORY = /\/(?:bin|public|public_html|web|html|htdocs|scripts?)$/;

export class PhpProgram {
  readonly #surroundings: PhpSurroundings;
  readonly #include: RootPath[];
  readonly #followed = new Set<RootPath>();
  readonly #packages = new Set<Package>();
  readonly #trees = new Set<RootPath>();
  readonly #pending: RootPath[] = [];

  constructor(surroundings: PhpSurroundings) {
    this.#surroundings = surroundings;
    this.#include = [...surroundings.installation.include];
  }

  /** Keeps the configuration that is read at every start, and the extensions that it loads. */
  start(options: readonly InterpreterOption[]): void {
    const { trace, installation, env, cwd } = this.#surroundings;
    const given = options.flatMap(({ name, value }) =>
      /^(?:-c|--php-ini)$/.test(name) && value ? [value] : [],
    );
    const named = [...given, env.get('PHPRC') ?? '', ...(env.get('PHP_INI_SCAN_DIR') ?? '').split(':')];
    const directories = [
      ...installation.configuration,
      ...named.filter(Boolean).map((path) => rootPath(path, cwd)),
    ];
    const texts = options.flatMap(({ name, value }) =>
      /^(?:-d|--define)$/.test(name) && value ? [value] : [],
    );
    for (const { name, value } of options)
      if (/^(?:-z|--zend-extension)$/.test(name) && value) texts.push(`extension=${value}`);
    for (const directory of directories) texts.push(...this.#keepConfiguration(directory));
    const settings = texts.map(readIni);
    const extensionDirectories = [
      ...settings.flatMap((one) => one.extensionDirectories).map((path) => rootPath(path)),
      ...installation.extensions,
    ];
    this.#include.push(
      ...settings
        .flatMap((one) => one.include)
        .filter((path) => path.startsWith('/'))
        .map((path) => rootPath(path)),
    );
    for (const name of settings.flatMap((one) => one.extensions))
      this.#keepExtension(name, extensionDirectories);
    for (const path of settings.flatMap((one) => one.paths))
      trace.keep(path, this.#why('named by the configuration'));
    this.#keepState();
    if (trace.options.level === 'safe') this.keepAll();
  }

  /** Keeps every extension and everything on include_path. */
  keepAll(): number {
    const { trace, installation } = this.#surroundings;
    let bytes = 0;
    for (const directory of [...installation.extensions, ...installation.include])
      bytes += trace.keepTree(directory, this.#why('everything that is installed'), {
        filter: (path) => !UNREAD_PATH.test(path),
      });
    return bytes;
  }

  /** Follows a program, with the tree that it lies in when that is an application's own. */
  runFile(file: RootPath): void {
    this.#follow(file);
    const directory = parentPath(file);
    this.followTree(ENTRY_DIRECTORY.test(directory) ? parentPath(directory) : directory);
    this.#drain();
  }

  /** Follows what one source includes. */
  follow(file: RootPath): void {
    this.#follow(file);
    this.#drain();
  }

  runCode(code: string): void {
    this.#read(code, undefined);
    this.#drain();
  }

  /** Applications load by computed paths: their trees are kept whole. */
  followTree(directory: RootPath): void {
    const { trace } = this.#surroundings;
    if (trace.options.level === 'minimal' || this.#trees.has(directory)) return;
    this.#trees.add(directory);
    for (const file of applicationFiles(trace, directory, (path) => PHP_FILE.test(path)) ?? []) {
      if (UNREAD_PATH.test(file.slice(directory.length)) && file.includes('/vendor/')) continue;
      keepEntry(trace, file, this.#why(`of the application's tree ${directory}`));
      if (PHP_FILE.test(file)) this.#follow(file);
    }
    this.#drain();
  }

  /** A server is told by its clients which file to run: what lies where servers look. */
  followDocumentRoots(): void {
    const { trace, cwd } = this.#surroundings;
    this.followTree(cwd);
    for (const { path } of DOCUMENT_ROOTS) {
      for (const directory of [path, ...trace.rootfs.list(path).map((name) => `${path}/${name}`)]) {
        const found = trace.rootfs.resolve(directory);
        if (found?.inode.type === 'directory') this.followTree(found.path);
      }
    }
  }

  #why(detail: string, from: RootPath = this.#surroundings.executable): KeepReason {
    return { detector: 'php', from, detail, certainty: 'inferred' };
  }

  /** Keeps the .ini files of a directory (or the file itself); returns their texts. */
  #keepConfiguration(path: RootPath): string[] {
    const { trace } = this.#surroundings;
    const found = trace.rootfs.resolve(path);
    if (found === undefined) return [];
    const why = this.#why('configuration of the interpreter');
    trace.keep(path, why);
    const files =
      found.inode.type === 'directory'
        ? trace.rootfs
            .list(found.path)
            .filter((name) => name.endsWith('.ini'))
            .map((name) => joinPath(found.path, name))
        : [found.path];
    const below = joinPath(found.path, 'conf.d');
    const inner =
      trace.rootfs.resolve(below)?.inode.type === 'directory' ? this.#keepConfiguration(below) : [];
    for (const file of files) trace.keep(file, why);
    return [...files.map((file) => trace.rootfs.text(file) ?? ''), ...inner];
  }

  #keepExtension(name: string, directories: readonly RootPath[]): void {
    const { trace } = this.#surroundings;
    const candidates = name.startsWith('/')
      ? [name]
      : directories.flatMap((directory) => [
          `${directory}/${name}`,
          `${directory}/${name}.so`,
          `${directory}/php_${name}.so`,
        ]);
    for (const path of candidates) {
      if (trace.rootfs.file(path) === undefined) continue;
      trace.keep(path, this.#why(`the extension ${name}`));
      return;
    }
  }

  /** Sessions, sockets and uploads: directories of the interpreter's packages below /var and /run. */
  #keepState(): void {
    const { trace } = this.#surroundings;
    for (const pkg of trace.packages.list().filter(isInterpreterPackage)) {
      for (const directory of trace.packages.directories(pkg))
        if (/^\/(?:var\/lib\/php|run\/php)/.test(directory))
          trace.keep(directory, this.#why('state of the interpreter'));
    }
    trace.keep('/run/php', this.#why('sockets of the interpreter'));
  }

  #follow(file: RootPath): void {
    if (this.#followed.has(file)) return;
    this.#followed.add(file);
    this.#pending.push(file);
  }

  #drain(): void {
    const { trace } = this.#surroundings;
    for (let file = this.#pending.pop(); file !== undefined; file = this.#pending.pop()) {
      const inode = trace.rootfs.file(file)?.inode;
      if (inode === undefined || inode.size > MAX_SOURCE) continue;
      const owner = trace.packages.owner(file);
      if (owner !== undefined && !isInterpreterPackage(owner)) this.#keepPackage(owner, file);
      this.#read(new TextDecoder().decode(trace.rootfs.read(inode)), file);
    }
  }

  /** Classes are loaded by computed names: what a source of a package is read for is the package, whole. */
  #keepPackage(pkg: Package, from: RootPath): void {
    const { trace } = this.#surroundings;
    if (this.#packages.has(pkg) || trace.options.level === 'minimal') return;
    this.#packages.add(pkg);
    keepStateDirectories(trace, pkg, this.#why(`state of the package ${pkg.name}`, from));
    for (const path of trace.packages.files(pkg)) {
      if (isCommandPath(path) || isDocumentationPath(path) || isIntegrationPath(path)) continue;
      keepEntry(trace, path, this.#why(`of the package ${pkg.name}`, from));
      if (PHP_FILE.test(path)) this.#follow(path);
    }
  }

  #read(text: string, file: RootPath | undefined): void {
    const { trace, cwd, env } = this.#surroundings;
    const { paths, commands } = scanSource(text);
    const own = file === undefined ? cwd : parentPath(file);
    const isOwn = file === undefined || trace.packages.owner(file) === undefined;
    for (const path of paths) {
      const found = [own, cwd, ...this.#include, ...(path.startsWith('/') ? ['/' as RootPath] : [])]
        .map((directory) => trace.rootfs.file(rootPath(path.replace(/^\/+/, ''), directory)))
        .find((one) => one !== undefined);
      if (found === undefined || isCommandPath(found.path) || isIntegrationPath(found.path)) continue;
      if (!isOwn && !PHP_FILE.test(found.path)) continue;
      trace.keep(found.path, this.#why(`spells ${path}`, file));
      if (PHP_FILE.test(found.path)) this.#follow(found.path);
    }
    if (!isOwn) return;
    for (const command of commands) {
      const [name = ''] = command.split(/\s+/);
      if (trace.findCommand(name, { cwd, env }) !== undefined)
        trace.run(['/bin/sh', '-c', command], this.#why(`starts ${name}`, file), { cwd, env });
    }
  }
}
