import type { Package } from '../../packages/package.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { baseName } from '../../rootfs/root-path.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { isRoot } from '../is-root.ts';
import { COMMAND_DIRECTORIES, isCommandPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';

const NAME = 'siblings';

/** Bytes of a command that is worth less than the question why it is missing, and of all those of a package. */
const SMALL = 256 << 10;
const ALL_SMALL = 1 << 20;

/**
 * Keeps the small commands of the package whose program the image starts when all that they load is kept anyhow: of
 * ImageMagick, GnuPG or GStreamer people call one by one what the image's Cmd is only an example of.
 */
export function siblingsDetector(facts: ElfFacts): Detector {
  return {
    name: NAME,
    settle(trace) {
      if (trace.options.level === 'minimal') return;
      const siblings = new Set<RootPath>();
      for (const [pkg, root] of startedPackages(trace)) {
        // Nobody starts `sleep` for the sake of the other commands of a basic system.
        if (pkg.essential) continue;
        const beside = trace.packages
          .files(pkg)
          .filter((path) => isSmallCommand(trace, facts, path) && isClosed(trace, path));
        if (beside.reduce((sum, path) => sum + sizeOf(trace, path), 0) > ALL_SMALL) continue;
        for (const path of beside) {
          siblings.add(path);
          keep(trace, path, root);
        }
      }
      if (siblings.size > 0) keepLinks(trace, siblings);
    },
  };
}

function startedPackages(trace: Trace): ReadonlyMap<Package, RootPath> {
  const packages = new Map<Package, RootPath>();
  for (const path of trace.graph.paths()) {
    if (trace.roleOf(path) !== 'program' || grammarOf(baseName(path)) !== undefined) continue;
    const owner = trace.packages.owner(path);
    if (owner === undefined || packages.has(owner)) continue;
    if (isRoot(trace.graph, path)) packages.set(owner, path);
  }
  return packages;
}

function isSmallCommand(trace: Trace, facts: ElfFacts, path: RootPath): boolean {
  if (!isCommandPath(path) || trace.graph.has(path)) return false;
  const inode = trace.rootfs.lookup(path);
  return inode?.type === 'file' && inode.size <= SMALL && facts.of(inode) !== undefined;
}

function sizeOf(trace: Trace, path: RootPath): number {
  const inode = trace.rootfs.lookup(path);
  return inode?.type === 'file' ? inode.size : 0;
}

/** Is everything that the loader would load for it kept? */
function isClosed(trace: Trace, path: RootPath): boolean {
  const resolution = trace.linker.resolveProgram(path);
  return (
    resolution !== undefined &&
    resolution.missing.length === 0 &&
    resolution.libraries.every(({ realPath }) => trace.graph.has(realPath as RootPath))
  );
}

/** The names by which people call them: alternatives, short names. */
function keepLinks(trace: Trace, siblings: ReadonlySet<RootPath>): void {
  for (const directory of COMMAND_DIRECTORIES) {
    for (const name of trace.rootfs.list(directory)) {
      const path = `${directory}/${name}` as RootPath;
      if (trace.rootfs.lookup(path)?.type !== 'symlink') continue;
      const target = trace.rootfs.resolve(path)?.path;
      if (target !== undefined && siblings.has(target)) keep(trace, path, target);
    }
  }
}

function keep(trace: Trace, path: RootPath, from: RootPath): void {
  const reason = { detector: NAME, from, detail: 'small command beside it', certainty: 'inferred' } as const;
  trace.keep(path, reason, { role: 'program' });
}
