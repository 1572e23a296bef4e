import type { Certainty } from '../../../ldso/resolution.ts';
import type { Package } from '../../../packages/package.ts';
import { classOf } from '../../../packages/package-classes.ts';
import { parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { isCommandPath, isIntegrationPath, isLibraryDirectory } from '../../knowledge/payload-paths.ts';
import type { PerlSurroundings } from './perl-surroundings.ts';
import type { StartedCommand } from './scan-commands.ts';
import type { PerlSource } from './scan-source.ts';

/** Bytes of a directory that a program's own code names. */
const DIRECTORY_LIMIT = 64e6;

/** Words with which a shell text begins that are no commands of PATH. */
const SHELL_WORD = /^(?:cd|if|for|while|set|export|exec|test|\[|[A-Z_]+=\S*)$/;

interface User {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  /** Is it the program's own code? A library's code names much that a program never reaches. */
  readonly isOwn: boolean;
}

type Why = (detail: string, certainty?: Certainty) => KeepReason;

/** Keeps what a source uses besides modules: the programs it starts and the paths it spells. */
export function keepUses(surroundings: PerlSurroundings, source: PerlSource, user: User): void {
  const why: Why = (detail, certainty = 'inferred') => ({
    detector: 'perl',
    ...(user.file === undefined ? {} : { from: user.file }),
    detail,
    certainty,
  });
  for (const command of source.commands) startCommand(surroundings, command, user, why);
  for (const text of source.strings) {
    if (text.startsWith('/')) keepAbsolute(surroundings, text, user, why);
    else if (user.isOwn) keepRelative(surroundings, text, user, why);
  }
}

function startCommand(
  { trace, cwd, env }: PerlSurroundings,
  { argv, isShell }: StartedCommand,
  { file, isOwn }: User,
  why: Why,
): void {
  const [name = ''] = argv;
  if (isShell) {
    // Text in backticks that begins with no command is prose of documentation or a pattern.
    const [first = ''] = name.trim().split(/[\s;|&<>]+/);
    const isCommand = SHELL_WORD.test(first) || trace.findCommand(first, { cwd, env }) !== undefined;
    if (isOwn && isCommand) trace.run(['/bin/sh', '-c', name], why('runs a shell'), { cwd, env });
    return;
  }
  const found = trace.findCommand(name, { cwd, env });
  if (found === undefined) return;
  const owner = trace.packages.owner(found.file.path);
  if (isOwn || isRelated(surroundingsOwner(trace, file), owner, trace))
    trace.run(argv, why(`starts ${name}`), { cwd, env });
}

function surroundingsOwner(
  trace: PerlSurroundings['trace'],
  file: RootPath | undefined,
): Package | undefined {
  return file === undefined ? undefined : trace.packages.owner(file);
}

/** What a packaged library needs its package declares; others ask for tools that they happen to find. */
function isRelated(
  owner: Package | undefined,
  target: Package | undefined,
  trace: PerlSurroundings['trace'],
): boolean {
  if (target === undefined) return true;
  if (owner !== undefined)
    return owner === target || trace.packages.dependencies(owner, { recommends: true }).includes(target);
  return classOf(target) === 'ordinary' && !target.essential;
}

function keepAbsolute({ trace }: PerlSurroundings, text: string, { isOwn }: User, why: Why): void {
  if (text.length < 4 || /^\/(?:proc|sys|dev)(?:\/|$)|\s/.test(text) || isIntegrationPath(text)) return;
  const found = trace.rootfs.resolve(text);
  if (found === undefined) {
    const parent = parentPath(rootPath(text));
    if (isOwn && /^\/(?:run|var|opt|srv|data)\//.test(text) && trace.rootfs.resolve(parent)?.path !== '/')
      trace.keep(parent, why(`may make ${text}`));
    return;
  }
  if (found.inode.type === 'directory') {
    if (isOwn) keepDirectory(trace, found.path, text, why);
  } else if (isCommandPath(found.path) || isCommandPath(text)) {
    if (isOwn && !isShellOrRoot(text)) trace.run([text], why(`spells the program ${text}`));
  } else {
    trace.keep(text, why(`spells ${text}`), { role: found.path.startsWith('/etc/') ? 'config' : 'data' });
  }
}

/** `/bin/sh` in a string is a value of $ENV{SHELL} or a comparison as often as something to start. */
function isShellOrRoot(text: string): boolean {
  return /^(?:\/usr)?\/bin\/(?:ba|da|z|k|c|tc)?sh$/.test(text);
}

/** `templates/index.html`, `data.csv`, `public`: beside the source, above it or in the working directory. */
function keepRelative({ trace, cwd }: PerlSurroundings, text: string, { file }: User, why: Why): void {
  if (!/^(?:\.{1,2}\/)*[\w@+.-]+(?:\/[\w@+.-]+)*\/?$/.test(text) || !/[./]|^[a-z][\w-]+$/i.test(text)) return;
  if (/^\.{1,2}$/.test(text)) return;
  const own = file === undefined || trace.packages.owner(file) !== undefined ? [] : [parentPath(file)];
  for (const directory of new Set([cwd, ...own, ...own.map(parentPath)])) {
    if (directory.split('/').length <= 2 && directory !== cwd && own.length === 0) continue;
    if (
      directory === '/' ||
      isCommandPath(`${directory}/x`) ||
      /^\/(?:usr|usr\/local|var|etc|opt)$/.test(directory)
    )
      continue;
    const found = trace.rootfs.resolve(text, { cwd: directory });
    if (found === undefined || found.path === directory) continue;
    if (found.inode.type === 'directory') keepDirectory(trace, found.path, text, why);
    else trace.keep(text, why(`spells ${text}`), { cwd: directory });
  }
}

function keepDirectory(trace: PerlSurroundings['trace'], directory: RootPath, text: string, why: Why): void {
  if (directory.split('/').length <= 2 || isCommandPath(`${directory}/x`) || isLibraryDirectory(directory))
    return;
  trace.keep(directory, why(`spells ${text}`));
  if (trace.packages.owners(directory).length > 0 || /^\/(?:usr|var|etc)(?:\/[^/]+){1,2}$/.test(directory))
    return;
  if (trace.rootfs.treeBytes(directory) > DIRECTORY_LIMIT) return;
  trace.keepTree(directory, why(`spells the directory ${text}`));
}
