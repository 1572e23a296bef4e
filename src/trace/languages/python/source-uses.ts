import type { Certainty } from '../../../ldso/resolution.ts';
import type { Package } from '../../../packages/package.ts';
import { classOf } from '../../../packages/package-classes.ts';
import { baseName, isWithin, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { isCommandPath, isIntegrationPath, isLeftoverDirectory } from '../../knowledge/payload-paths.ts';
import type { Trace } from '../../trace.ts';
import { isByteCode } from './distribution-files.ts';
import { isInterpreterPackage } from './import-rules.ts';
import { keepLibraries } from './loaded-libraries.ts';
import { keepCatalogs } from './message-catalogs.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import type { StartedCommand } from './scan-commands.ts';
import type { PythonSource } from './scan-source.ts';

/** Bytes of a directory that application code names. */
const DIRECTORY_LIMIT = 64e6;

interface User {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  /** Is it the application's own code? A library's code names much that an application never reaches. */
  readonly isOwn: boolean;
  /** Is it imported, and not only there with its distribution? */
  readonly isReached: boolean;
}

/** Keeps what a source uses besides modules: the programs it starts, the libraries it loads, the paths it spells. */
export function keepUses(surroundings: PythonSurroundings, source: PythonSource, user: User): void {
  const why = (detail: string, certainty: Certainty = 'inferred'): KeepReason => ({
    detector: 'python',
    ...(user.file === undefined ? {} : { from: user.file }),
    detail,
    certainty,
  });
  if (user.isOwn || user.isReached) {
    for (const command of source.commands)
      if (user.isOwn || command.isGuessed !== true) startCommand(surroundings, command, user, why);
  }
  if (source.startsUnknown && user.isOwn) startNamed(surroundings, source.strings, why);
  keepLibraries(surroundings, source, why);
  if (source.choosesLanguage && user.file !== undefined)
    keepCatalogs(surroundings.trace, user.file, why('a language that it chooses itself'));
  for (const text of source.strings) {
    if (text.startsWith('/')) keepAbsolute(surroundings, text, user, why);
    else if (user.isOwn && /[./]|^[a-z][\w-]+$/i.test(text)) keepRelative(surroundings, text, user, why);
  }
}

type Why = (detail: string, certainty?: Certainty) => KeepReason;

function startCommand(
  { trace, installation, cwd, env }: PythonSurroundings,
  command: StartedCommand,
  { file, isOwn }: User,
  why: Why,
): void {
  const options = { cwd, env };
  const [name = ''] = command.argv;
  if (command.isShell) {
    if (isOwn) trace.run(['/bin/sh', '-c', ...command.argv], why(`runs a shell: ${shorten(name)}`), options);
    return;
  }
  if (command.isSelf) {
    trace.run([installation.executable, ...command.argv], why('starts itself'), options);
    return;
  }
  const found = trace.findCommand(name, options);
  if (found === undefined) return;
  const owner = trace.packages.owner(found.file.path);
  if (isOwn || isRelated(trace, file, owner)) trace.run(command.argv, why(`starts ${name}`), options);
}

/**
 * Libraries ask compilers, viewers and version control about a machine that they happen to be on: what a packaged
 * library needs its package declares, what another one may need is no part of the distribution's base.
 */
function isRelated(trace: Trace, file: RootPath | undefined, target: Package | undefined): boolean {
  if (target === undefined) return true;
  const owner = file === undefined ? undefined : trace.packages.owner(file);
  if (owner !== undefined) return trace.packages.dependencies(owner, { recommends: true }).includes(target);
  const isTool = classOf(target) !== 'ordinary' || target.section === 'vcs' || isInterpreterPackage(target);
  return !isTool && !target.essential;
}

/** It starts a command that cannot be read: any literal that is the name of one may be it. */
function startNamed({ trace, cwd, env }: PythonSurroundings, strings: readonly string[], why: Why): void {
  for (const text of strings) {
    if (!/^(?:\/[\w./+-]+|[a-z][\w.+-]*)$/.test(text)) continue;
    const found = trace.findCommand(text, { cwd, env });
    if (found === undefined || !isCommandPath(found.invokedAs)) continue;
    trace.run([text], why(`may start ${text}`), { cwd, env });
  }
}

function keepAbsolute({ trace }: PythonSurroundings, text: string, { isOwn }: User, why: Why): void {
  if (text.length < 4 || /^\/(?:proc|sys|dev)(?:\/|$)/.test(text) || isIntegrationPath(text)) return;
  const found = trace.rootfs.resolve(text);
  if (found === undefined) {
    const parent = parentPath(rootPath(text));
    if (isOwn && /^\/(?:run|var|opt|srv|data)\//.test(text) && trace.rootfs.resolve(parent)?.path !== '/')
      trace.keep(parent, why(`may make ${text}`));
    return;
  }
  if (found.inode.type === 'directory') {
    if (isOwn) keepDirectory({ trace }, found.path, text, why);
  } else if (!isCommandPath(found.path) && !isCommandPath(text)) {
    trace.keep(text, why(`spells ${text}`), { role: found.path.startsWith('/etc/') ? 'config' : 'data' });
  }
}

/** `templates/index.html`, `data.csv`, `static`: beside the source or in the working directory. */
function keepRelative(surroundings: PythonSurroundings, text: string, { file }: User, why: Why): void {
  const { trace } = surroundings;
  if (!/^[\w@+.-]+(?:\/[\w@+.-]+)*\/?$/.test(text) || /^\.{1,2}$/.test(text)) return;
  for (const cwd of new Set([surroundings.cwd, ...(file === undefined ? [] : [parentPath(file)])])) {
    if (cwd === '/' || isCommandPath(`${cwd}/x`)) continue;
    const found = trace.rootfs.resolve(text, { cwd });
    if (found === undefined || found.path === cwd) continue;
    if (found.inode.type === 'directory') keepDirectory(surroundings, found.path, text, why);
    else trace.keep(text, why(`spells ${text}`), { cwd });
  }
}

function keepDirectory(
  { trace }: Pick<PythonSurroundings, 'trace'>,
  directory: RootPath,
  text: string,
  why: Why,
): void {
  if (directory.split('/').length <= 2 || isCommandPath(`${directory}/x`)) return;
  trace.keep(directory, why(`spells ${text}`));
  if (trace.packages.owner(directory) !== undefined || isSharedDirectory(directory)) return;
  if (trace.rootfs.treeBytes(directory) > DIRECTORY_LIMIT) return;
  trace.keepTree(directory, why(`spells the directory ${text}`), {
    filter: (path) =>
      !isByteCode(path) && !isLeftoverDirectory(baseName(path)) && !path.endsWith('/__pycache__'),
  });
}

/** Directories that many packages or the machine share: naming one says nothing about what is in it. */
function isSharedDirectory(directory: RootPath): boolean {
  return (
    /^\/(?:usr|var|etc)(?:\/[^/]+){1,2}$/.test(directory) ||
    isWithin(directory, '/usr/lib' as RootPath) ||
    isWithin(directory, '/usr/share' as RootPath)
  );
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
