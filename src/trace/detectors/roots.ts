import { ImageError } from '../../errors.ts';
import { rootPath } from '../../rootfs/root-path.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import { splitWords } from '../commands/split-words.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandVariable, isDirectoryListVariable, isPlaceVariable } from '../knowledge/environment.ts';
import { searchPath } from '../process-spec.ts';
import type { Trace, TraceOptions } from '../trace.ts';
import { userHome } from '../users.ts';

const NAME = 'root';

/** Keeps what the image's config names: the process, its health check, its working directory, volumes and paths. */
export const roots: Detector = {
  name: NAME,
  start(trace) {
    startProcess(trace);
    const { healthcheck, cwd, volumes } = trace.process;
    if (healthcheck !== undefined && trace.run(healthcheck, root('Healthcheck')) === undefined) {
      trace.warnings.add(
        'COMMAND_MISSING',
        `cannot find "${healthcheck[0] ?? ''}" of the health check in the image`,
      );
    }
    trace.keep(cwd, root('WorkingDir'));
    const home = userHome(trace.rootfs, trace.process.user);
    if (home !== undefined) trace.keep(home, root('home directory of User'));
    for (const volume of volumes) trace.keepTree(volume, root('Volume'));
    keepNamedPaths(trace);
  },
};

function root(detail: string): KeepReason {
  return { detector: NAME, detail, certainty: 'exact' };
}

function startProcess(trace: Trace): void {
  const { argv, entrypoint } = trace.process;
  const [name] = argv;
  if (name === undefined || name === '') {
    trace.refuse(
      new ImageError('cannot slim the image: it has no Entrypoint and no Cmd', {
        advice:
          "say what it runs, for example --entrypoint '[\"/app/server\"]' or --cmd 'redis-server /etc/redis.conf'",
      }),
    );
    return;
  }
  if (isShellAlone(argv) && !isAnswered(trace.options)) {
    trace.refuse(
      new ImageError(
        `cannot slim the image: its process is the shell "${argv.join(' ')}" and nothing tells what it will run`,
        {
          advice:
            'name the process with --entrypoint or --cmd, or what people will call with --include-command; --cmd with the shell itself keeps just that',
        },
      ),
    );
    return;
  }
  if (trace.run(argv, root(entrypoint.length > 0 ? 'Entrypoint' : 'Cmd')) !== undefined) return;
  const where = name.includes('/')
    ? `relative to ${trace.process.cwd}`
    : `in ${searchPath(trace.process.env, trace.process.cwd).join(', ')}`;
  const present =
    trace.rootfs.lookup(trace.process.cwd) === undefined
      ? `; WorkingDir ${trace.process.cwd} does not exist`
      : '';
  trace.refuse(
    new ImageError(`cannot find the entrypoint "${name}" in the image: looked for it ${where}${present}`, {
      advice: 'check Entrypoint, Cmd, WorkingDir and PATH of the image, or give --entrypoint',
    }),
  );
}

/** A shell without a script or `-c` reads what somebody types. */
function isShellAlone(argv: readonly string[]): boolean {
  const program = rootPath(argv[0] ?? '');
  const call = interpreterCall({ program, invokedAs: program, argv });
  return call?.language === 'shell' && call.kind === 'stdin';
}

function isAnswered({ entrypoint, cmd, include, includeCommands, keepPaths }: TraceOptions): boolean {
  return (
    entrypoint !== undefined ||
    cmd !== undefined ||
    include.length + includeCommands.length + keepPaths.length > 0
  );
}

/** Arguments and environment variables that name a file or a directory of the image by its path. */
function keepNamedPaths(trace: Trace): void {
  for (const word of trace.process.argv.slice(1)) {
    for (const path of pathsIn(word)) keepNamed(trace, path, `named by the arguments: ${word}`);
  }
  for (const [name, value] of trace.process.env) {
    if (isCommandVariable(name) && trace.options.level !== 'minimal') runNamed(trace, name, value);
    if (isPlaceVariable(name)) continue;
    const values = isDirectoryListVariable(name) ? value.split(':') : [value];
    for (const path of values) if (path.startsWith('/')) keepNamed(trace, path, `named by Env ${name}`);
  }
}

/** GIT_SSH_COMMAND, PAGER, MAIL_HELPER: a command that the image has, or nothing. */
function runNamed(trace: Trace, name: string, value: string): void {
  const argv = splitWords(value.replace(/^\|/, ''));
  if (argv[0] !== undefined && trace.findCommand(argv[0]) !== undefined)
    trace.run(argv, root(`a command named by Env ${name}`));
}

/** `--config=/etc/x`, `-c/etc/x`, `key=/etc/x` and plain words: what of a word may be a path. */
function pathsIn(word: string): string[] {
  const inner = /^-{0,2}[\w.-]*[=:](.+)$/.exec(word)?.[1];
  const glued = /^-[A-Za-z](\/.+)$/.exec(word)?.[1];
  return [word, inner, glued].filter((path): path is string => path !== undefined && !path.startsWith('-'));
}

function keepNamed(trace: Trace, path: string, detail: string): void {
  const found = trace.rootfs.resolve(path, { cwd: trace.process.cwd });
  if (found === undefined || found.path === '/') return;
  if (found.inode.type !== 'directory') {
    // A relative word that happens to be a file beside the program is the file; one in PATH was run already.
    trace.keep(path, root(detail), { role: 'config', cwd: trace.process.cwd });
    return;
  }
  if (!path.includes('/')) return;
  const owned = trace.packages.owner(found.path) !== undefined;
  trace.keep(path, root(detail), { cwd: trace.process.cwd });
  if (!owned) trace.keepTree(found.path, root(detail), { role: () => 'config' });
}
