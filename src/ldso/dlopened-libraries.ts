import { type DlopenCandidate, dlopenCandidates, pluginCandidates } from './dlopen-candidates.ts';
import type { Linker } from './linker.ts';
import type { LibraryResolution, LoadResolution, ProgramResolution } from './resolution.ts';

/** What one dlopen of a process would load. */
export interface DlopenedLibraries {
  readonly candidate: DlopenCandidate;
  /** The library and what it needs, beyond what the process has already; none when the search path does not hold it. */
  readonly libraries: readonly LibraryResolution[];
  readonly load: LoadResolution;
}

/**
 * Resolves every candidate of a process or, as `plugin`, those of a library that a process opens; those that nothing is
 * found for are left out. All entries say `how: dlopen`.
 */
export function dlopenedLibraries(
  linker: Linker,
  program: ProgramResolution,
  as: 'process' | 'plugin' = 'process',
): readonly DlopenedLibraries[] {
  const candidatesOf = as === 'plugin' ? pluginCandidates : dlopenCandidates;
  const candidates = candidatesOf(linker.objectsOf(program), {
    rootfs: linker.lookup.rootfs,
    loader: linker.loaderOf(program),
  });
  const result: DlopenedLibraries[] = [];
  for (const candidate of candidates) {
    const load = linker.resolveDlopen(candidate.name, program, candidate.caller);
    const libraries = load.libraries.map((library): LibraryResolution => {
      return {
        ...library,
        how: library.how === 'hwcaps' && linker.cpu === undefined ? 'hwcaps' : 'dlopen',
        certainty: candidate.certainty,
      };
    });
    if (libraries.length > 0) result.push({ candidate, libraries, load });
  }
  return result;
}
