import { baseName, type RootPath } from '../rootfs/root-path.ts';
import { readRange } from '../rootfs/rootfs.ts';
import { isInterpreterName, isShellName } from './commands/is-interpreter.ts';
import { parseShebang, readerOf } from './commands/shebang.ts';
import { wrapperOf } from './commands/wrappers.ts';
import { isProcess } from './is-root.ts';
import type { Trace } from './trace.ts';

/** Sources of the languages in which applications are written, and their archives. */
const CODE = /\.(?:py|rb|[cm]?js|ts|php|p[lm]|lua|jar|war|class|ex|exs|rs|go|r)$/i;

/**
 * Is the process a packaged program and no application of the image's author? Then its users bring the rest: what they
 * mount names other commands, plugins and themes of those that were installed beside it.
 */
export function isToolImage(trace: Trace): boolean {
  const programs = [...trace.graph.paths()].filter(
    (path) => trace.roleOf(path) === 'program' && isProcess(trace.graph, path),
  );
  const own = programs.filter((path) => !isInterpreterName(baseName(path)));
  const authors = own.filter((path) => trace.packages.owner(path) === undefined);
  if (own.length === 0 || !authors.every((path) => isWrapper(trace, path))) return false;
  return !hasCode(trace, trace.process.cwd);
}

/** A command with literal name that gets all arguments of the script. */
const FORWARDED = /(?:^|[\s;)])(?:exec\s+)?([a-z][\w.+-]*)\s[^\n;&|()]*"\$@"/gm;
/** Bytes of a script that is read. */
const SCRIPT_LIMIT = 1 << 16;

/** Is a program of the author's a shell script that hands its arguments to a packaged program: `exec restic "$@"`? */
function isWrapper(trace: Trace, path: RootPath): boolean {
  const inode = trace.rootfs.file(path)?.inode;
  if (inode === undefined || inode.size > SCRIPT_LIMIT) return false;
  const bytes = readRange(inode, 0, inode.size);
  const shebang = parseShebang(bytes);
  if (shebang === undefined || !isShellName(baseName(readerOf(shebang)))) return false;
  const text = new TextDecoder().decode(bytes);
  return [...text.matchAll(FORWARDED)].some(([, name = '']) => {
    const isOther = isInterpreterName(name) || wrapperOf(name) !== undefined;
    const program = isOther ? undefined : trace.findCommand(name)?.file.path;
    return (
      program !== undefined &&
      trace.roleOf(program) === 'program' &&
      trace.packages.owner(program)?.essential === false
    );
  });
}

/** Has a directory of the image's author sources in it? */
export function hasCode(trace: Trace, directory: RootPath, pattern = CODE): boolean {
  if (directory === '/' || trace.packages.owner(directory) !== undefined) return false;
  for (const [path] of trace.rootfs.walk(directory)) if (pattern.test(path)) return true;
  return false;
}
