import { ImageError } from '../../errors.ts';
import { dlopenedLibraries } from '../../ldso/dlopened-libraries.ts';
import type { LibraryResolution, MissingLibrary, ProgramResolution } from '../../ldso/resolution.ts';
import { baseName, parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Detector, KeptFile } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { isRoot } from '../is-root.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isLibcFile } from '../knowledge/libc-files.ts';
import type { Trace } from '../trace.ts';

const NAME = 'elf';

/** Keeps what the image's own dynamic loader loads for every kept ELF file: interpreter, libraries, their links. */
export function elfDetector(facts: ElfFacts): Detector {
  const missing: MissingFor[] = [];
  return {
    name: NAME,
    detect(file, trace) {
      if (file.inode.type !== 'file') return;
      if (facts.of(file.inode) === undefined) {
        reportDamage(trace, file, facts.damage(file.inode));
        return;
      }
      const resolution = trace.linker.resolveProgram(file.path);
      if (resolution === undefined) return;
      keepInterpreter(trace, file, resolution);
      for (const library of [...resolution.libraries, ...resolution.alternatives])
        keepLibrary(trace, file, library);
      keepConfiguration(trace, file, resolution);
      if (resolution.kind !== 'library' || isPlugin(trace, file.path)) keepDlopened(trace, file, resolution);
      reportMissing(trace, file, resolution, missing);
    },
    settle(trace) {
      reportUnloaded(trace, missing.splice(0));
    },
  };
}

/** What cannot be read needs libraries that nobody can name; a process like that would not start, slimmed or not. */
function reportDamage(trace: Trace, { path, role }: KeptFile, damage: string | undefined): void {
  if (damage === undefined || role !== 'program') return;
  const message = `cannot load "${path}": it is a damaged ELF file: ${damage}`;
  if (isRoot(trace.graph, path))
    trace.refuse(
      new ImageError(message, { advice: 'the image cannot start as it is; was it copied or pushed whole?' }),
    );
  else trace.warnings.add('UNREADABLE', message, path);
}

function keepInterpreter(trace: Trace, file: KeptFile, resolution: ProgramResolution): void {
  if (resolution.interp === undefined || resolution.kind === 'library') return;
  const why: KeepReason = {
    detector: NAME,
    from: file.path,
    detail: `interpreter ${resolution.interp}`,
    certainty: 'exact',
  };
  if (trace.keep(resolution.interp, why, { cwd: trace.process.cwd }) !== undefined) return;
  const message = `cannot load "${file.path}": its interpreter ${resolution.interp} is not in the image`;
  if (isRoot(trace.graph, file.path))
    trace.refuse(
      new ImageError(message, { advice: 'the image cannot start as it is; is it the right platform?' }),
    );
  trace.warnings.add('LIBRARY_MISSING', message, file.path);
}

function keepLibrary(trace: Trace, file: KeptFile, library: LibraryResolution): void {
  const level = library.hwcaps === undefined ? '' : ` for ${library.hwcaps}`;
  const requirer = trace.rootfs.resolve(library.requiredBy, { cwd: trace.process.cwd })?.path ?? file.path;
  const why: KeepReason = {
    detector: NAME,
    from: requirer === library.realPath ? file.path : requirer,
    detail: `needed ${library.soname}, found by ${library.how}${level}`,
    certainty: library.certainty,
  };
  trace.keep(library.path, why, { cwd: trace.process.cwd });
}

/** Is it there for another reason than that an ELF file needs it? What such files open was asked for with their process. */
function isPlugin(trace: Trace, path: RootPath): boolean {
  return trace.graph.reasons(path).every(({ detector }) => detector !== NAME);
}

/** What the process opens beyond its DT_NEEDED: notes, known families, names in read-only data. */
function keepDlopened(trace: Trace, file: KeptFile, resolution: ProgramResolution): void {
  const as = resolution.kind === 'library' ? 'plugin' : 'process';
  for (const { candidate, libraries } of dlopenedLibraries(trace.linker, resolution, as)) {
    const caller = trace.rootfs.resolve(candidate.caller, { cwd: trace.process.cwd })?.path ?? file.path;
    const isGuess = candidate.because === 'literal';
    // A static program carries the names of the libc that it was linked from.
    if (isGuess && (isLibcFile(candidate.name) || !isRelated(trace, caller, libraries[0]))) continue;
    for (const library of libraries) {
      const isCandidate = library.requiredBy === candidate.caller;
      const why: KeepReason = {
        detector: NAME,
        from: isCandidate ? caller : (trace.rootfs.resolve(library.requiredBy)?.path ?? caller),
        detail: `${isCandidate ? `may dlopen ${candidate.name} (${candidate.because})` : `needed ${library.soname}`}`,
        certainty: library.certainty,
      };
      trace.keep(library.path, why, { cwd: trace.process.cwd });
    }
  }
}

/**
 * A library's name in read-only data is a dlopen where the spelling package declares the other one, or where no
 * package vouches for the speller; else it is mostly a message or a merged string.
 */
function isRelated(trace: Trace, caller: RootPath, library: LibraryResolution | undefined): boolean {
  const owner = trace.packages.owner(caller);
  const target = library === undefined ? undefined : trace.packages.owner(library.realPath);
  if (owner === undefined || target === undefined) return owner === undefined;
  if (owner === target) return false;
  return [...owner.preDepends, ...owner.depends, ...owner.recommends, ...owner.suggests].some((names) =>
    names.includes(target.name),
  );
}

/** The cache is needed where it alone leads to a library: a directory that the loader would not search without it. */
function keepConfiguration(trace: Trace, file: KeptFile, resolution: ProgramResolution): void {
  const defaults = new Set(
    (resolution.interpreter?.systemDirs ?? []).map((directory) => rootPath(directory)),
  );
  const isDecisive = resolution.libraries.some(
    ({ how, path }) => how === 'cache' && !defaults.has(parentPath(rootPath(path))),
  );
  for (const path of resolution.configuration) {
    if (path.endsWith('.cache') && !isDecisive) continue;
    trace.keep(path, { detector: NAME, from: file.path, detail: 'read by the loader', certainty: 'exact' });
  }
}

/** A library that the file at `path` needs and that the loader does not find for it. */
interface MissingFor extends MissingLibrary {
  readonly path: RootPath;
}

function reportMissing(
  trace: Trace,
  file: KeptFile,
  resolution: ProgramResolution,
  later: MissingFor[],
): void {
  const missing = resolution.missing.filter(({ soname }) => !trace.options.allowMissing.includes(soname));
  const [first] = missing;
  if (first !== undefined && isRoot(trace.graph, file.path)) trace.refuse(missingError(file.path, first));
  if (resolution.error !== undefined && isRoot(trace.graph, file.path)) {
    const isPacked = resolution.warnings.some(({ code }) => code === 'PACKED_PROGRAM');
    trace.refuse(
      new ImageError(`cannot load "${file.path}": ${resolution.error}`, {
        advice: isPacked
          ? 'what it needs is inside the packing: unpack it in the image (upx -d), then slim that'
          : 'the image cannot start as it is',
      }),
    );
  }
  const entries = missing.map((library) => ({ ...library, path: file.path }));
  if (resolution.kind === 'library') later.push(...entries);
  else warnMissing(trace, entries);
  for (const { code, message, path } of resolution.warnings) trace.warnings.add(code, message, path);
}

/**
 * A library is loaded by a program that may have loaded by path what it needs: the loader then finds that by its soname
 * (the JVM opens lib/server/libjvm.so, and then lib/libjava.so, which needs libjvm.so and has no path to it).
 */
function reportUnloaded(trace: Trace, missing: readonly MissingFor[]): void {
  if (missing.length === 0) return;
  const kept = new Set([...trace.graph.paths()].map((path) => baseName(path)));
  warnMissing(
    trace,
    missing.filter(({ soname }) => !kept.has(soname)),
  );
}

function warnMissing(trace: Trace, missing: readonly MissingFor[]): void {
  for (const { soname, requiredBy, path } of missing)
    trace.warnings.add('LIBRARY_MISSING', `${soname}, needed by ${requiredBy}, is not in the image`, path);
}

function missingError(path: RootPath, missing: MissingLibrary): ImageError {
  const { soname, requiredBy, searched } = missing;
  const places = searched.length === 0 ? '' : `: looked for it at ${searched.slice(0, 8).join(', ')}`;
  return new ImageError(
    `cannot load "${path}": library ${soname}, needed by ${requiredBy}, is not in the image${places}`,
    {
      advice: `the image cannot start as it is; --allow-missing ${soname} slims it all the same`,
    },
  );
}
