import type { Certainty } from '../../../ldso/resolution.ts';
import { joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { isLibraryDirectory } from '../../knowledge/payload-paths.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import type { PythonSource } from './scan-source.ts';

type Why = (detail: string, certainty?: Certainty) => KeepReason;

const DIRECTORIES: readonly RootPath[] = ['/usr/local/lib', '/lib', '/usr/lib', '/lib64', '/usr/lib64'].map(
  (path) => path as RootPath,
);

/** Keeps the shared libraries that a source loads by name (ctypes.CDLL, ctypes.util.find_library, cffi's dlopen). */
export function keepLibraries(surroundings: PythonSurroundings, source: PythonSource, why: Why): void {
  const { names, isUnknown, usesFindLibrary } = source.library;
  const possible = isUnknown ? source.strings.filter((text) => isLibraryName(text)) : [];
  for (const name of new Set([...names, ...possible])) {
    for (const path of libraryPaths(surroundings, name))
      surroundings.trace.keep(path, why(`loads the library ${name}`));
  }
  if (!usesFindLibrary) return;
  // ctypes/util.py _findSoname_ldconfig: it reads what `ldconfig -p` prints of the cache.
  surroundings.trace.run(['/sbin/ldconfig', '-p'], why('find_library runs ldconfig -p'));
  surroundings.trace.keep('/etc/ld.so.cache', why('find_library runs ldconfig -p'));
}

function isLibraryName(text: string): boolean {
  return /\.so(?:\.|$)/.test(text) || /^[a-zA-Z][\w+-]{2,30}(?:\.\d+)?$/.test(text);
}

/** Returns the files that a name stands for: `libmagic.so.1` as dlopen finds it, `magic` as find_library does. */
function libraryPaths({ trace }: PythonSurroundings, name: string): RootPath[] {
  if (name.includes('/')) return trace.rootfs.file(name) ? [name as RootPath] : [];
  const stem = name.includes('.so') ? name : `lib${name.replace(/^lib(?=[a-z])/, '')}.so`;
  const found: RootPath[] = [];
  for (const directory of libraryDirectories(trace.rootfs)) {
    for (const file of trace.rootfs.list(directory)) {
      // The name in the cache is the soname: one number, or none.
      const isMatch =
        file === stem || (file.startsWith(`${stem}.`) && /^\d+$/.test(file.slice(stem.length + 1)));
      if (isMatch && trace.rootfs.file(joinPath(directory, file))) found.push(joinPath(directory, file));
    }
  }
  return found;
}

function libraryDirectories(rootfs: PythonSurroundings['trace']['rootfs']): readonly RootPath[] {
  const found = new Map<RootPath, RootPath>();
  for (const directory of DIRECTORIES) {
    const names = rootfs.list(directory).filter((name) => /-linux-/.test(name));
    for (const path of [directory, ...names.map((name) => joinPath(directory, name))]) {
      const real = rootfs.resolve(path);
      if (real?.inode.type === 'directory' && isLibraryDirectory(path)) found.set(real.path, path);
    }
  }
  return [...found.values()];
}
