import type { ElfFile } from '../../elf/elf-file.ts';
import { OslimError } from '../../errors.ts';
import type { Linker } from '../../ldso/linker.ts';
import type { FileInode, Inode } from '../../rootfs/inode.ts';
import type { ResolvedPath } from '../../rootfs/resolve.ts';
import { joinPath } from '../../rootfs/root-path.ts';
import { type Rootfs, readRange } from '../../rootfs/rootfs.ts';
import { commandOfEnv, parseShebang } from '../commands/shebang.ts';
import { findCommand } from '../find-command.ts';
import { canExecute } from '../knowledge/architectures.ts';
import { type ProcessSpec, searchPath } from '../process-spec.ts';
import { danglingLinkAt } from './dangling.ts';
import type { Finding, FindingCode } from './finding.ts';

/** Interpreters of interpreters that Linux follows (fs/exec.c, exec_binprm). */
const MAX_INTERPRETERS = 5;
const HEAD_BYTES = 512;

/** What a process is started in. */
export interface ProcessContext {
  readonly rootfs: Rootfs;
  readonly process: ProcessSpec;
  readonly linker: Linker;
  /** Who starts it. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** Of the image's config. */
  readonly architecture: string;
}

/** Returns what keeps an engine or the kernel from starting the configured process, before any library is looked for. */
export function checkProcess(context: ProcessContext): readonly Finding[] {
  const { process } = context;
  const what = process.entrypoint.length > 0 ? 'Entrypoint' : 'Cmd';
  return [
    ...checkUser(context),
    ...checkWorkdir(context),
    ...checkCommand(context, process.argv, what),
    ...(process.healthcheck === undefined ? [] : checkCommand(context, process.healthcheck, 'Healthcheck')),
    ...checkNamedLinks(context),
  ];
}

function finding(code: FindingCode, message: string, advice: string, path?: string): Finding {
  return { code, message, advice, ...(path === undefined ? {} : { path }) };
}

/** A name has to be in passwd or group, a number need not (Docker: "unable to find user NAME: no matching entries"). */
function* checkUser({ rootfs, process }: ProcessContext): Generator<Finding> {
  const [user = '', group = ''] = process.user.split(':');
  for (const [name, file, what] of [
    [user, '/etc/passwd', 'user'],
    [group, '/etc/group', 'group'],
  ] as const) {
    if (name === '' || /^\d+$/.test(name)) continue;
    const names = (rootfs.text(file) ?? '').split('\n').map((line) => line.split(':')[0]);
    if (names.includes(name)) continue;
    yield finding(
      'USER',
      `the ${what} "${name}" of User is not in ${file}`,
      `add it to ${file}, or configure its number`,
      file,
    );
  }
}

function* checkWorkdir({ rootfs, process }: ProcessContext): Generator<Finding> {
  const found = rootfs.resolve(process.cwd);
  if (found?.inode.type === 'directory') return;
  const dangling = danglingLinkAt(rootfs, process.cwd);
  if (dangling !== undefined) {
    yield danglingFinding(dangling.path, dangling.target, `WorkingDir ${process.cwd}`);
    return;
  }
  yield finding(
    'WORKDIR',
    `WorkingDir ${process.cwd} ${found === undefined ? 'is not there' : 'is no directory'}`,
    'some runtimes make it and others fail: create the directory in the image',
    process.cwd,
  );
}

function* checkCommand(context: ProcessContext, argv: readonly string[], what: string): Generator<Finding> {
  const [name] = argv;
  if (name === undefined || name === '') {
    yield finding('ENTRYPOINT', 'neither Entrypoint nor Cmd says what to run', 'configure an Entrypoint');
    return;
  }
  const { rootfs, process } = context;
  const found = findCommand(rootfs, name, process.env, process.cwd);
  if (found === undefined) yield missingCommand(context, name, what);
  else yield* checkStart(context, found.file, `${what} ${name}`, 0);
}

function missingCommand({ rootfs, process }: ProcessContext, name: string, what: string): Finding {
  const places = name.includes('/')
    ? [name]
    : searchPath(process.env, process.cwd).map((directory) => joinPath(directory, name));
  for (const place of places) {
    const dangling = danglingLinkAt(rootfs, place, process.cwd);
    if (dangling !== undefined) return danglingFinding(dangling.path, dangling.target, `${what} ${name}`);
    const there = rootfs.file(place, process.cwd);
    if (there !== undefined) return notExecutable(there.path, `${what} ${name}`);
  }
  const where = name.includes('/') ? '' : ' in PATH';
  return finding(
    'ENTRYPOINT',
    `${what} "${name}" is not in the image${where}`,
    'correct the configuration, or put the program where it says',
    places[0],
  );
}

function danglingFinding(path: string, target: string, user: string): Finding {
  return finding(
    'DANGLING_LINK',
    `the link ${path}, on the way of ${user}, leads to ${target}, which is not there`,
    `put ${target} into the image, or let the link lead to what is there`,
    path,
  );
}

function notExecutable(path: string, what: string): Finding {
  return finding(
    'NOT_EXECUTABLE',
    `${path}, ${what}, may not be executed by the image's User`,
    `chmod +x ${path} in the image`,
    path,
  );
}

/** What the kernel does with the file that execve(2) is given, and then with its interpreter. */
function* checkStart(
  context: ProcessContext,
  { path, inode }: ResolvedPath,
  what: string,
  depth: number,
): Generator<Finding> {
  if (!mayExecute(inode, context.user)) yield notExecutable(path, what);
  if (inode.type !== 'file') return;
  const elf = context.linker.lookup.elves.find(inode);
  if (elf instanceof OslimError) {
    yield finding(
      'DAMAGED',
      `${path}, ${what}, is a damaged ELF file: ${elf.message}`,
      'put the whole file into the image',
      path,
    );
  } else if (elf === undefined) {
    yield* checkScript(context, path, inode, what, depth);
  } else {
    if (!canExecute(context.architecture, elf)) {
      yield finding(
        'ARCHITECTURE',
        `${path}, ${what}, is for ELF machine ${elf.machine}, which ${context.architecture} does not execute`,
        'build it for the architecture of the image, or correct the architecture that the config names',
        path,
      );
    }
    yield* checkElfInterpreter(context, elf, path);
  }
}

/** The kernel opens PT_INTERP and executes it: a file that is not executable is refused (fs/binfmt_elf.c, open_exec). */
export function* checkElfInterpreter(
  { rootfs, process, user, linker }: Pick<ProcessContext, 'rootfs' | 'process' | 'user' | 'linker'>,
  { interp, machine, class: bits }: Pick<ElfFile, 'interp' | 'machine' | 'class'>,
  program: string,
): Generator<Finding> {
  if (interp === undefined) return;
  const found = rootfs.file(interp, process.cwd);
  if (found !== undefined) {
    if (!mayExecute(found.inode, user)) yield notExecutable(found.path, `the interpreter of ${program}`);
    const elf = linker.lookup.elves.find(found.inode);
    if (elf === undefined || elf instanceof OslimError) {
      yield finding(
        'DAMAGED',
        `${found.path}, the interpreter of ${program}, is no whole ELF file: the kernel does not start it`,
        'put the loader of its libc there',
        found.path,
      );
    } else if (elf.machine !== machine || elf.class !== bits) {
      yield finding(
        'ARCHITECTURE',
        `${found.path}, the interpreter of ${program}, is for another processor (ELF machine ${elf.machine}) than it`,
        'put the loader of its libc and architecture there',
        found.path,
      );
    }
    return;
  }
  const dangling = danglingLinkAt(rootfs, interp, process.cwd);
  if (dangling !== undefined) {
    yield danglingFinding(dangling.path, dangling.target, `${interp}, the interpreter of ${program}`);
    return;
  }
  yield finding(
    'INTERPRETER',
    `the interpreter ${interp} of ${program} is not in the image`,
    'put the loader of its libc into the image, or link the program statically',
    interp,
  );
}

function* checkScript(
  context: ProcessContext,
  path: string,
  inode: FileInode,
  what: string,
  depth: number,
): Generator<Finding> {
  const shebang = parseShebang(readRange(inode, 0, HEAD_BYTES));
  if (shebang === undefined) {
    yield finding(
      'ENTRYPOINT',
      `${path}, ${what}, is neither an ELF file nor a script with a #! line: the kernel does not start it`,
      'give it a first line such as #!/bin/sh',
      path,
    );
    return;
  }
  const { rootfs, process } = context;
  const { interpreter } = shebang;
  const found = rootfs.file(interpreter, process.cwd);
  if (found === undefined) {
    const dangling = danglingLinkAt(rootfs, interpreter, process.cwd);
    yield dangling === undefined
      ? finding(
          'INTERPRETER',
          `${interpreter}, the interpreter of ${path}, is not in the image`,
          'put it into the image, or name one that is there',
          interpreter,
        )
      : danglingFinding(dangling.path, dangling.target, `${interpreter}, the interpreter of ${path}`);
    return;
  }
  if (depth < MAX_INTERPRETERS) yield* checkStart(context, found, `the interpreter of ${path}`, depth + 1);
  const command = commandOfEnv(shebang);
  if (command !== undefined && findCommand(rootfs, command, process.env, process.cwd) === undefined)
    yield missingCommand(context, command, `the interpreter of ${path},`);
}

/**
 * May the User execute it? Of a file that only a group may execute nobody can tell: a process may have further groups.
 * Root may as soon as anybody may (capabilities(7), CAP_DAC_OVERRIDE).
 */
function mayExecute(inode: Inode, user: { readonly uid: number; readonly gid: number }): boolean {
  if (inode.type !== 'file') return false;
  if (user.uid === 0) return (inode.mode & 0o111) !== 0;
  if (inode.uid === user.uid) return (inode.mode & 0o100) !== 0;
  return (inode.mode & 0o011) !== 0;
}

/** Arguments and Env that name a path where a link is that leads nowhere. */
function* checkNamedLinks({ rootfs, process }: ProcessContext): Generator<Finding> {
  const named = [
    ...process.argv.slice(1).map((word) => [word, 'the arguments'] as const),
    ...[...process.env].map(([name, value]) => [value, `Env ${name}`] as const),
  ];
  for (const [path, user] of named) {
    if (!path.startsWith('/') || path.includes(':')) continue;
    const dangling = danglingLinkAt(rootfs, path);
    if (dangling !== undefined) yield danglingFinding(dangling.path, dangling.target, `${path} of ${user}`);
  }
}
