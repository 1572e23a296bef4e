import { UsageError } from '../../errors.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { pathMatcher } from '../path-matcher.ts';
import type { Trace } from '../trace.ts';

const NAME = 'user';

/** Keeps what the user asks for: --include, --include-command, --include-package, --keep-from. */
export const user: Detector = {
  name: NAME,
  start(trace) {
    const { include, includeCommands, includePackages, keepPaths } = trace.options;
    for (const path of keepPaths) trace.keep(path, asked('--keep-from'), { role: 'data' });
    for (const glob of include) includeGlob(trace, glob);
    for (const command of includeCommands) {
      if (trace.run([command], asked(`--include-command ${command}`)) === undefined) {
        throw new UsageError(`cannot include command "${command}": it is not in the image's PATH`);
      }
    }
    for (const name of includePackages) includePackage(trace, name);
  },
};

function asked(detail: string): KeepReason {
  return { detector: NAME, detail, certainty: 'exact' };
}

function includeGlob(trace: Trace, glob: string): void {
  const why = asked(`--include ${glob}`);
  const literal = trace.rootfs.resolve(glob);
  if (literal !== undefined) {
    if (literal.inode.type === 'directory') trace.keepTree(literal.path, why);
    trace.keep(glob, why, {
      role: isExecutable(literal.inode.mode, literal.inode.type) ? 'program' : 'data',
    });
    return;
  }
  const matches = pathMatcher([glob]);
  let count = 0;
  for (const [path, inode] of trace.rootfs.walk()) {
    if (!matches(path)) continue;
    count++;
    trace.keep(path, why, { role: isExecutable(inode.mode, inode.type) ? 'program' : 'data' });
  }
  if (count === 0) {
    throw new UsageError(`cannot include "${glob}": nothing in the image matches it`, {
      advice: 'globs are matched against absolute paths: /app/**/*.json',
    });
  }
}

function isExecutable(mode: number, type: string): boolean {
  return type === 'file' && (mode & 0o111) !== 0;
}

function includePackage(trace: Trace, name: string): void {
  const pkg = trace.packages.get(name);
  if (pkg === undefined)
    throw new UsageError(`cannot include package "${name}": the image has no such package installed`);
  for (const path of trace.packages.files(pkg)) {
    const inode = trace.rootfs.lookup(path);
    const role = inode !== undefined && isExecutable(inode.mode, inode.type) ? 'program' : 'data';
    trace.keep(path, asked(`--include-package ${name}`), { role });
  }
}
