import type { Certainty } from '../../ldso/resolution.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, joinPath, parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import { appletOf } from '../commands/multi-call.ts';
import { executablesIn } from '../commands/run-parts.ts';
import type { Detector, Invocation, Word } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import type { ConfiguredCommand } from '../services/configured-command.ts';
import { expandGlobs } from '../services/expand-globs.ts';
import { configuredLines, genericCommands } from '../services/generic-commands.ts';
import { HELPER_PROGRAMS, SERVICE_CONFIGS, type ServiceConfig } from '../services/service-configs.ts';
import { INIT_SCRIPTS, SERVICE_DIRECTORIES, SERVICE_PROGRAM } from '../services/service-directories.ts';
import { isBuiltin } from '../shell/builtin-names.ts';
import type { Trace } from '../trace.ts';

const NAME = 'service-config';

/** Bytes of a configuration that is read for commands. */
const MAX_CONFIG_BYTES = 1 << 20;
/** Configuration files that include each other. */
const MAX_INCLUDES = 200;
/** Account files and tables of names: their words start nothing. */
const NOT_CONFIGURATION =
  /^\/etc\/(?:passwd|group|shadow|gshadow|shells|services|protocols|mime\.types|init\.d\/.*|alternatives\/.*)-?$/;

/** Sources that lie beside configuration: their languages have detectors. */
const SOURCE = /\.(?:p[lmy]|t|rb|[cm]?js|php|lua|tcl)$/;

/** Starts what the configuration of a started program starts: services, jobs, helpers; each table row has its source. */
export const serviceConfig: Detector = {
  name: NAME,
  invoke(invocation, trace) {
    const { name } = appletOf(invocation);
    for (const row of SERVICE_CONFIGS) {
      if (row.programs.test(name)) new ConfigReader(row, invocation, trace).read();
    }
    for (const { programs, helpers } of HELPER_PROGRAMS) {
      if (programs.test(name)) startHelpers(helpers, invocation, trace);
    }
    startServices(name, invocation, trace);
  },
  detect({ path, inode, role }, trace) {
    if (role !== 'config' || inode.type !== 'file' || trace.options.level === 'minimal') return;
    if (NOT_CONFIGURATION.test(path) || SOURCE.test(path)) return;
    const text = configText(trace, inode);
    if (text === undefined || text.startsWith('#!')) return;
    // A package's own configuration shows pipelines as examples and in patterns: an author's means them.
    const isAuthors = trace.packages.owner(path) === undefined;
    const isProgram = (name: string) => trace.findCommand(name) !== undefined;
    const isCommand = (name: string) => isBuiltin(name) || isProgram(name);
    for (const command of isAuthors ? configuredLines(text, isCommand, isProgram) : [])
      start(trace, command, why(path, 'names a command line', 'inferred'), trace.process.cwd);
    for (const command of genericCommands(text)) {
      if (!startsWithExecutable(trace, command)) continue;
      start(
        trace,
        command,
        why(path, `names the command ${command.argv[0] ?? ''}`, 'inferred'),
        trace.process.cwd,
      );
    }
  },
};

function why(from: RootPath, detail: string, certainty: Certainty = 'exact'): KeepReason {
  return { detector: NAME, from, detail, certainty };
}

function configText(trace: Trace, inode: FileInode): string | undefined {
  if (inode.size === 0 || inode.size > MAX_CONFIG_BYTES) return undefined;
  const bytes = trace.rootfs.read(inode);
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}

function startsWithExecutable(trace: Trace, { argv }: ConfiguredCommand): boolean {
  const found = trace.rootfs.file(argv[0] ?? '');
  return found !== undefined && (found.inode.mode & 0o111) !== 0;
}

/** Starts a configured command; of `DIRECTORY/*` every executable. */
function start(
  trace: Trace,
  { argv, cwd, env }: ConfiguredCommand,
  reason: KeepReason,
  from: RootPath,
): void {
  const [name = ''] = argv;
  const directory = cwd === undefined ? trace.process.cwd : rootPath(cwd, from);
  const options = { cwd: directory, env: new Map([...trace.process.env, ...(env ?? [])]) };
  if (cwd !== undefined) trace.keep(directory, reason);
  if (!name.endsWith('/*')) {
    trace.run(argv, reason, options);
    return;
  }
  const found = trace.rootfs.resolve(name.slice(0, -2));
  if (found?.inode.type !== 'directory') return;
  trace.keep(found.path, reason);
  for (const path of executablesIn(trace.rootfs, found.path, true)) trace.run([path], reason, options);
}

/** Reads the configuration files of one started program. */
class ConfigReader {
  readonly #row: ServiceConfig;
  readonly #invocation: Invocation;
  readonly #trace: Trace;
  readonly #seen = new Set<RootPath>();

  constructor(row: ServiceConfig, invocation: Invocation, trace: Trace) {
    this.#row = row;
    this.#invocation = invocation;
    this.#trace = trace;
  }

  read(): void {
    const given = this.#given();
    const { cwd, program } = this.#invocation;
    this.#readFiles(given.length > 0 ? given : this.#row.files, cwd, program);
  }

  /** The files that the command line names. */
  #given(): readonly string[] {
    const words = this.#invocation.argv.slice(1);
    return (this.#row.options ?? []).flatMap((option) => {
      if (option === '')
        return words
          .filter((word) => word !== undefined)
          .filter((word) => !word.startsWith('-'))
          .slice(0, 1);
      return valuesOf(option, words);
    });
  }

  #readFiles(globs: readonly string[], cwd: RootPath, from: RootPath): void {
    const trace = this.#trace;
    for (const glob of globs) {
      for (const path of expandGlobs(trace.rootfs, glob, cwd)) {
        const file = trace.rootfs.file(path, cwd);
        if (file === undefined || this.#seen.has(file.path) || this.#seen.size >= MAX_INCLUDES) continue;
        this.#seen.add(file.path);
        trace.keep(path, why(from, `configuration of ${baseName(this.#invocation.invokedAs)}`), {
          cwd,
          role: 'config',
        });
        this.#readFile(file.path, file.inode);
      }
      // An empty directory of settings is looked through all the same.
      const directory = rootPath(parentPath(rootPath(glob, cwd)));
      if (/[*]/.test(glob) && !/[*{]/.test(directory)) trace.keep(directory, why(from, `looks for ${glob}`));
    }
  }

  #readFile(path: RootPath, inode: FileInode): void {
    const trace = this.#trace;
    const text = configText(trace, inode);
    if (text === undefined) return;
    const { commands, includes } = this.#row.format(text, {
      env: this.#invocation.env,
      text: (other) => trace.rootfs.text(other),
    });
    for (const command of commands) {
      start(trace, command, why(path, `starts ${command.argv.join(' ').slice(0, 80)}`), this.#invocation.cwd);
    }
    this.#readFiles(includes, parentPath(path), path);
  }
}

function valuesOf(option: string, words: readonly Word[]): string[] {
  return words.flatMap((word, index) => {
    if (word === option) return words[index + 1] ?? [];
    if (word?.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
    return option.length === 2 && word?.startsWith(`${option}/`) ? [word.slice(2)] : [];
  });
}

function startHelpers(helpers: readonly string[], invocation: Invocation, trace: Trace): void {
  const { program, invokedAs } = invocation;
  const reason = why(program, `starts its helper programs`);
  for (const glob of helpers) {
    if (!glob.includes('/')) {
      for (const path of glob.includes('*')
        ? expandGlobs(trace.rootfs, `/usr/bin/${glob}`, parentPath(program))
        : [glob]) {
        trace.run([path], reason, invocation);
      }
      continue;
    }
    const bases = glob.startsWith('./')
      ? [parentPath(program), parentPath(invokedAs)]
      : [parentPath(program)];
    for (const base of bases) {
      for (const path of expandGlobs(trace.rootfs, glob, base)) {
        const found = trace.rootfs.file(path, base);
        if (found !== undefined && (found.inode.mode & 0o111) !== 0)
          trace.run([rootPath(path, base)], reason, invocation);
      }
    }
  }
}

/** Starts the services of a supervisor that reads directories, and the scripts of an init. */
function startServices(name: string, invocation: Invocation, trace: Trace): void {
  const operands = invocation.argv
    .slice(1)
    .filter((word) => word !== undefined)
    .filter((word) => !word.startsWith('-'));
  const { program, cwd } = invocation;
  const reason = why(program, `${name} starts services`);
  for (const row of SERVICE_DIRECTORIES) {
    if (!row.programs.test(name)) continue;
    const given = row.operand === 'none' ? undefined : operands.at(-1);
    if (row.operand === 'one') {
      if (given !== undefined) keepService(rootPath(given, cwd), reason, trace);
      continue;
    }
    for (const glob of given === undefined ? row.directories : [given]) {
      for (const directory of expandGlobs(trace.rootfs, glob, cwd))
        keepServices(rootPath(directory, cwd), reason, trace);
    }
  }
  for (const row of INIT_SCRIPTS) {
    if (!row.programs.test(name)) continue;
    for (const directory of row.directories) {
      if (trace.keep(directory, reason) === undefined) continue;
      for (const path of executablesIn(trace.rootfs, rootPath(directory), true))
        trace.run([path], reason, invocation);
    }
  }
}

function keepServices(directory: RootPath, reason: KeepReason, trace: Trace): void {
  if (isCommandPath(joinPath(directory, 'x')) || trace.keep(directory, reason) === undefined) return;
  for (const name of trace.rootfs.list(directory)) {
    const service = trace.rootfs.resolve(joinPath(directory, name));
    if (service?.inode.type !== 'directory') continue;
    trace.keep(joinPath(directory, name), reason);
    keepService(service.path, reason, trace);
  }
}

/** A service directory is kept whole: `env/`, `data/`, `down`, `type`, … are read by its supervisor. */
function keepService(directory: RootPath, reason: KeepReason, trace: Trace): void {
  const found = trace.rootfs.resolve(directory);
  if (found?.inode.type !== 'directory') return;
  trace.keepTree(found.path, reason);
  for (const [path, inode] of trace.rootfs.walk(found.path)) {
    if (inode.type === 'directory' || !SERVICE_PROGRAM.test(baseName(path))) continue;
    // `up` and `down` of s6-rc are command lines of execline, without a first line of their own.
    const isExecutable = ((trace.rootfs.file(path)?.inode.mode ?? 0) & 0o111) !== 0;
    const text = trace.rootfs.text(path) ?? '';
    if (isExecutable) trace.run([path], reason, { cwd: found.path });
    else if (/^(?:up|down)$/.test(baseName(path))) startExecline(text, reason, trace);
  }
}

function startExecline(text: string, reason: KeepReason, trace: Trace): void {
  for (const line of text.split('\n')) {
    const argv = line.trim().split(/\s+/);
    if (argv[0] !== undefined && !argv[0].startsWith('#')) trace.run(argv, reason);
  }
}
