import type { Literal, LogicalLine } from './logical-lines.ts';

/** LibraryUse is how a source loads shared libraries by name. */
export interface LibraryUse {
  /** Names given to dlopen (`libmagic.so.1`) or to find_library (`magic`), as far as they can be read. */
  readonly names: readonly string[];
  /** It loads a library whose name cannot be read. */
  readonly isUnknown: boolean;
  /** It asks ctypes.util.find_library, which runs ldconfig. */
  readonly usesFindLibrary: boolean;
}

const LOAD_CALL = /\b(CDLL|PyDLL|LoadLibrary|find_library|dlopen|load_library)\s*\(\s*(?:"(\d+)")?/g;

/** Finds ctypes and cffi loads (Python library reference, ctypes; cffi, "Overview", ffi.dlopen). */
export function scanLibraries(lines: readonly LogicalLine[], literals: readonly Literal[]): LibraryUse {
  const names: string[] = [];
  let isUnknown = false;
  let usesFindLibrary = false;
  for (const { code } of lines) {
    if (!/CDLL|PyDLL|LoadLibrary|find_library|dlopen|load_library/.test(code) || /^def\b/.test(code))
      continue;
    for (const [, call, index] of code.matchAll(LOAD_CALL)) {
      const literal = index === undefined ? undefined : literals[Number(index)];
      if (literal !== undefined && !literal.isFormat) names.push(literal.text);
      else isUnknown = true;
      if (call === 'find_library') usesFindLibrary = true;
    }
  }
  return { names, isUnknown, usesFindLibrary };
}
