import type { Package } from '../../packages/package.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { isShellName } from '../commands/is-interpreter.ts';
import type { Detector } from '../detector.ts';
import { isReachedWithout } from '../is-root.ts';
import type { KeepReason } from '../keep-graph.ts';
import { essentialPackages, isOrdinary, isUsable, keepPackages } from '../keep-packages.ts';
import { isInitSystem } from '../knowledge/essential-packages.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import { megabytes } from '../megabytes.ts';
import { authorsPackages } from '../requested.ts';
import type { Trace } from '../trace.ts';

const NAME = 'safe-level';

/** What a set of packages is kept for. */
interface Widening {
  readonly detail: string;
  /** What the summary calls it. */
  readonly what: string;
  /** They are only there for others: what their commands call is in the closure that is kept with them. */
  readonly isClosure: boolean;
  readonly from?: RootPath;
}

const INSTALLED: Widening = {
  detail: 'installed by name',
  what: 'what was installed by name',
  isClosure: false,
};

/**
 * At `--level safe`, keeps what `apt install --no-install-recommends` of the same would bring, whether or not anything
 * speaks for it: the packages that the image's author installed by name, those that own a started program, and what both
 * depend on; where a shell runs for its own sake, the Essential packages. What the author brought without a package is kept
 * whole by `copied`.
 */
export function safeLevelDetector(): Detector {
  const done = new Set<string>();
  const shells = new Set<RootPath>();
  return {
    name: NAME,
    start(trace) {
      if (trace.options.level !== 'safe') return;
      const installed = authorsPackages(trace);
      keepNew(trace, installed, done, INSTALLED);
      const closure = trace.packages.dependencyClosure(installed, { accept: isForRunning });
      keepNew(trace, closure, done, {
        detail: 'what was installed by name depends on it',
        what: 'what that depends on',
        isClosure: true,
      });
    },
    invoke({ program, invokedAs }, trace) {
      if (trace.options.level !== 'safe') return;
      if ([program, invokedAs].some((path) => isShellName(baseName(path)))) shells.add(program);
      const owner = trace.packages.owner(program);
      if (owner === undefined || !isOrdinary(owner)) return;
      // A server that compiles its configuration depends on its compiler.
      const closure = trace.packages.dependencyClosure([owner], {
        accept: (pkg) => isUsable(pkg) && !isInitSystem(pkg),
      });
      keepNew(trace, closure, done, forProgram(program, `${owner.name} depends on it`));
    },
    settle(trace) {
      for (const shell of shells) {
        // A script of a package that is only kept to be safe calls what its package depends on.
        if (!isReachedWithout(trace.graph, shell, NAME)) continue;
        shells.delete(shell);
        const closure = trace.packages.dependencyClosure(essentialPackages(trace), { accept: isForRunning });
        keepNew(trace, closure, done, forProgram(shell, 'basic commands that a shell may call'));
        keepOtherNames(trace, shell);
      }
    },
  };
}

function isForRunning(pkg: Package): boolean {
  return isOrdinary(pkg) && !isInitSystem(pkg);
}

/** A shell that is many programs (busybox) is all of the basic commands, by its links. */
function keepOtherNames(trace: Trace, shell: RootPath): void {
  const why: KeepReason = {
    detector: NAME,
    from: shell,
    detail: 'another name of the shell',
    certainty: 'inferred',
  };
  for (const [path, inode] of trace.rootfs.walk()) {
    if (inode.type === 'directory' || !isCommandPath(path) || trace.graph.has(path)) continue;
    if (trace.rootfs.resolve(path)?.path === shell) trace.keep(path, why);
  }
}

function forProgram(program: RootPath, detail: string): Widening {
  return { detail, what: `what "${program}" may need`, isClosure: true, from: program };
}

function keepNew(trace: Trace, packages: Iterable<Package>, done: Set<string>, widening: Widening): void {
  const { detail, what, isClosure, from } = widening;
  const fresh = [...packages].filter((pkg) => !done.has(pkg.name));
  for (const pkg of fresh) done.add(pkg.name);
  const why: KeepReason = {
    detector: NAME,
    ...(from === undefined ? {} : { from }),
    detail,
    certainty: 'inferred',
  };
  const bytes = keepPackages(trace, fresh, why, {
    interpreters: true,
    development: true,
    integration: true,
    isClosure,
  });
  if (bytes === 0) return;
  trace.warnings.add('WIDENED', `kept ${what} (${megabytes(bytes)}) for --level safe`, from);
}
