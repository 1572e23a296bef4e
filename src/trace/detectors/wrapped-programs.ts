import type { Package } from '../../packages/package.ts';
import type { PackageIndex } from '../../packages/package-index.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { parseShebang } from '../commands/shebang.ts';
import type { Detector } from '../detector.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';

const NAME = 'wrapped-programs';

/** A script may be called by one name with ever other arguments; what stands behind it is looked for once. */
const known = new WeakMap<PackageIndex, Map<RootPath, readonly RootPath[]>>();

/**
 * Starts what a script of many names stands before: psql, pg_dump and createdb are links to one script, which looks for the
 * program of that name in the directory of a version (pg_wrapper(1)); alternatives of other packages work the same way.
 */
export const wrappedPrograms: Detector = {
  name: NAME,
  invoke({ program, invokedAs, argv, cwd, env }, trace) {
    const name = baseName(invokedAs);
    if (trace.options.level === 'minimal' || name === baseName(program) || !isScript(trace, program)) return;
    const owner = trace.packages.owner(program);
    if (owner === undefined) return;
    for (const path of programsBehind(trace, invokedAs, owner)) {
      const detail = `${program} is called ${name}`;
      trace.run(
        [path, ...argv.slice(1)],
        { detector: NAME, from: program, detail, certainty: 'inferred' },
        { cwd, env },
      );
    }
  },
};

function isScript(trace: Trace, program: RootPath): boolean {
  const inode = trace.rootfs.lookup(program);
  return inode?.type === 'file' && parseShebang(readRange(inode, 0, 256)) !== undefined;
}

function programsBehind(trace: Trace, invokedAs: RootPath, owner: Package): readonly RootPath[] {
  const found = known.get(trace.packages) ?? new Map<RootPath, readonly RootPath[]>();
  known.set(trace.packages, found);
  let programs = found.get(invokedAs);
  if (programs === undefined) {
    programs = [...programsOfName(trace, baseName(invokedAs), owner)];
    found.set(invokedAs, programs);
  }
  return programs;
}

/** Programs outside of the search path, in packages that declare to belong to the script's. */
function* programsOfName(trace: Trace, name: string, owner: Package): Generator<RootPath> {
  const { packages, rootfs } = trace;
  const needed = new Set(packages.dependencies(owner, { recommends: true }));
  for (const pkg of packages.list()) {
    if (pkg !== owner && !needed.has(pkg) && !packages.dependencies(pkg).includes(owner)) continue;
    for (const path of packages.files(pkg)) {
      if (baseName(path) !== name || isCommandPath(path)) continue;
      const inode = rootfs.file(path)?.inode;
      if (inode?.type === 'file' && (inode.mode & 0o111) !== 0) yield path;
    }
  }
}
