import type { Package } from '../../packages/package.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { basicPackages, installedPackages, isOrdinary, isUsable, keepPackages } from '../keep-packages.ts';
import { megabytes } from '../megabytes.ts';
import type { Trace } from '../trace.ts';

const NAME = 'safe-level';

/**
 * At `--level safe`, keeps whatever the image's author installed, whether or not anything speaks for it: the packages
 * above the base, those that any started program's package depends on, and, where a shell runs, those of a basic system.
 * What the author brought without a package is kept whole by `copied`.
 */
export function safeLevelDetector(): Detector {
  const done = new Set<string>();
  return {
    name: NAME,
    start(trace) {
      if (trace.options.level !== 'safe') return;
      keepNew(trace, installedPackages(trace), done, 'installed above the base');
    },
    invoke({ program, invokedAs }, trace) {
      if (trace.options.level !== 'safe') return;
      if (isShell(program) || isShell(invokedAs))
        keepNew(trace, basicPackages(trace), done, 'basic commands that a shell may call', program);
      const owner = trace.packages.owner(program);
      if (owner === undefined || !isOrdinary(owner)) return;
      const closure = trace.packages.dependencyClosure([owner], { recommends: true, accept: isOrdinary });
      // A server that compiles its configuration depends on its compiler.
      const strict = trace.packages.dependencyClosure([owner], { accept: isUsable });
      keepNew(trace, [...closure, ...strict], done, `${owner.name} depends on it`, program);
    },
  };
}

function isShell(path: RootPath): boolean {
  return grammarOf(path.slice(path.lastIndexOf('/') + 1))?.language === 'shell';
}

function keepNew(
  trace: Trace,
  packages: Iterable<Package>,
  done: Set<string>,
  detail: string,
  from?: RootPath,
): void {
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
  });
  if (bytes === 0) return;
  const what = from === undefined ? 'the packages above the base' : `what "${from}" may need`;
  trace.warnings.add('WIDENED', `kept ${what} (${megabytes(bytes)}) for --level safe`, from);
}
