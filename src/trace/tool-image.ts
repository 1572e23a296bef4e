import { baseName, type RootPath } from '../rootfs/root-path.ts';
import { isInterpreterName } from './commands/is-interpreter.ts';
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
  if (own.length === 0 || own.some((path) => trace.packages.owner(path) === undefined)) return false;
  return !hasCode(trace, trace.process.cwd);
}

/** Has a directory of the image's author sources in it? */
export function hasCode(trace: Trace, directory: RootPath, pattern = CODE): boolean {
  if (directory === '/' || trace.packages.owner(directory) !== undefined) return false;
  for (const [path] of trace.rootfs.walk(directory)) if (pattern.test(path)) return true;
  return false;
}
