import type { Certainty } from '../../../ldso/resolution.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { namedLibraries } from '../named-libraries.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import type { PythonSource } from './scan-source.ts';

type Why = (detail: string, certainty?: Certainty) => KeepReason;

/** Keeps the shared libraries that a source loads by name (ctypes.CDLL, ctypes.util.find_library, cffi's dlopen). */
export function keepLibraries(surroundings: PythonSurroundings, source: PythonSource, why: Why): void {
  const { names, isUnknown, usesFindLibrary } = source.library;
  const possible = isUnknown ? source.strings.filter((text) => isLibraryName(text)) : [];
  for (const name of new Set([...names, ...possible])) {
    for (const path of namedLibraries(surroundings.trace.rootfs, name))
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
