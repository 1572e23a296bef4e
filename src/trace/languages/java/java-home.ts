import { baseName, joinPath, parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** JavaHome is one Java runtime: what the property java.home says. */
export interface JavaHome {
  readonly directory: RootPath;
  /** Directories that hold its native libraries: `lib`, and `lib/amd64` before Java 9. */
  readonly libraries: readonly RootPath[];
  /** libjvm.so, when it has one. */
  readonly machine: RootPath | undefined;
}

/** Directories of libjvm.so: HotSpot's variants, OpenJ9's (OpenJDK lib/jvm.cfg; OpenJ9 "jvm.cfg"). */
const VARIANTS = ['server', 'client', 'minimal', 'zero', 'default', 'j9vm', 'jamvm', 'dcevm'];

/**
 * Returns the runtime that the launcher at `program` (links resolved) belongs to: as libjli does, the directory above
 * its `bin`, or the `jre` in that (OpenJDK java.base/unix/native/libjli/java_md.c, GetJREPath).
 */
export function homeOfLauncher(rootfs: Rootfs, program: RootPath): JavaHome | undefined {
  const directory = parentPath(program);
  if (baseName(directory) !== 'bin') return undefined;
  const above = parentPath(directory);
  return homeOfDirectory(rootfs, above);
}

/** Returns the runtime at `directory`, what JAVA_HOME names: a JRE, or a JDK with a `jre` in it (before Java 9). */
export function homeOfDirectory(rootfs: Rootfs, directory: RootPath): JavaHome | undefined {
  return homeAt(rootfs, directory) ?? homeAt(rootfs, joinPath(directory, 'jre'));
}

/** Returns the runtime that a libjvm.so belongs to: `lib/server` or `lib/amd64/server` of it. */
export function homeOfMachine(rootfs: Rootfs, library: RootPath): JavaHome | undefined {
  const above = parentPath(parentPath(parentPath(library)));
  return homeAt(rootfs, above) ?? homeAt(rootfs, parentPath(above));
}

/** Returns the runtime whose java.home is `directory`: its library directory holds libjava.so. */
function homeAt(rootfs: Rootfs, directory: RootPath): JavaHome | undefined {
  const lib = joinPath(directory, 'lib');
  // Before Java 9 the libraries lie in a directory of the processor's name (JEP 220).
  const candidates = [lib, ...rootfs.list(lib).map((name) => joinPath(lib, name))];
  const libraries = candidates.filter((path) => rootfs.file(joinPath(path, 'libjava.so')) !== undefined);
  if (libraries.length === 0) return undefined;
  const machine = libraries
    .flatMap((path) => VARIANTS.map((variant) => joinPath(joinPath(path, variant), 'libjvm.so')))
    .find((path) => rootfs.file(path) !== undefined);
  return { directory, libraries, machine };
}
