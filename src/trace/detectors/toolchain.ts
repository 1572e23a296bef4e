import type { Package } from '../../packages/package.ts';
import { classOf } from '../../packages/package-classes.ts';
import { kindOfPath } from '../../packages/path-kinds.ts';
import { baseName } from '../../rootfs/root-path.ts';
import type { Detector } from '../detector.ts';
import { isIntegrationPath } from '../knowledge/payload-paths.ts';
import { TOOLCHAINS } from '../knowledge/toolchains.ts';

const NAME = 'toolchain';

/**
 * Keeps whole what a compiler works with when the process runs one (Varnish compiles its configuration, Perl's Inline and
 * Python's cffi their bindings): its package and what that depends on, headers and static libraries too.
 */
export function toolchainDetector(): Detector {
  const kept = new Set<Package>();
  return {
    name: NAME,
    invoke({ program, invokedAs }, trace) {
      if (trace.options.level === 'minimal') return;
      const names = [baseName(program), baseName(invokedAs)];
      if (!TOOLCHAINS.some(({ programs }) => names.some((name) => programs.test(name)))) return;
      const owners = [program, invokedAs].flatMap((path) => trace.packages.owners(path));
      const closure = trace.packages.dependencyClosure(owners, { recommends: true, accept: isForCompiling });
      for (const pkg of closure) {
        if (kept.has(pkg)) continue;
        kept.add(pkg);
        for (const path of trace.packages.files(pkg)) {
          const kind = kindOfPath(path);
          if (kind === 'documentation' || kind === 'translation' || isIntegrationPath(path)) continue;
          const inode = trace.rootfs.lookup(path);
          const isProgram = inode?.type === 'file' && (inode.mode & 0o111) !== 0;
          trace.keep(
            path,
            {
              detector: NAME,
              from: program,
              detail: `${baseName(program)} compiles with its package (${pkg.name})`,
              certainty: 'inferred',
            },
            { role: isProgram && kind === undefined ? 'program' : 'data' },
          );
        }
      }
    },
  };
}

function isForCompiling(pkg: Package): boolean {
  return ['ordinary', 'development', 'toolchain'].includes(classOf(pkg));
}
