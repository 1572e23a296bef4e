import { OslimError } from '../errors.ts';
import { dlopenedLibraries } from '../ldso/dlopened-libraries.ts';
import { Linker } from '../ldso/linker.ts';
import type {
  LibraryResolution,
  MissingLibrary,
  MissingVersion,
  UndefinedSymbol,
} from '../ldso/resolution.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** What `resolveLibraries` is asked for. */
export interface LibraryQuery {
  /** Files of the image, as a user types them. */
  readonly paths?: readonly string[];
  /** Every executable, and every shared library that needs another. */
  readonly all?: boolean;
  /** Answer as this processor (`x86-64-v3`, `baseline`). */
  readonly cpu?: string;
  /** `false` leaves out what is only inferred: library names that read-only data spell, optional plugins. */
  readonly inferred?: boolean;
  /** Also report symbols that nothing defines, as `ldd -r` does. */
  readonly symbols?: boolean;
  /** The image's Env, WorkingDir and User. */
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: RootPath;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** One library in an LddReport: a LibraryResolution without its links. */
export type LddLibrary = Omit<LibraryResolution, 'hops'>;

/** What is known of one file; `error` says why the kernel or the loader would refuse it. */
export interface LddFile {
  readonly path: string;
  /** PT_INTERP; null for a static program, the loader of its architecture for a library. */
  readonly interpreter: string | null;
  readonly libraries: readonly LddLibrary[];
  readonly missing: readonly MissingLibrary[];
  /** Versions that a library found does not define; absent when there are none. */
  readonly missingVersions?: readonly MissingVersion[];
  /** With `symbols`: absent when there are none. */
  readonly undefinedSymbols?: readonly UndefinedSymbol[];
  readonly error?: string;
}

/** LddReport is the document that `oslim ldd --json` prints. */
export interface LddReport {
  readonly files: readonly LddFile[];
}

/**
 * Says, for files of an image, what the image's own dynamic loader would load for them.
 * Throws ImageError or FormatError for a path in `paths` that is no readable ELF file; with `all` such files are left out.
 */
export function resolveLibraries(rootfs: Rootfs, options: LibraryQuery): LddReport {
  const linker = new Linker({
    rootfs,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.cpu === undefined ? {} : { cpu: options.cpu }),
  });
  const files: LddFile[] = (options.paths ?? []).map((path) => describe(linker, path, options));
  if (options.all === true) {
    for (const path of loadableFiles(linker)) files.push(describeOrRefuse(linker, path, options));
  }
  return { files };
}

/** Yields every ELF file of the image that a loader has something to do for. */
function* loadableFiles(linker: Linker): Generator<RootPath> {
  for (const [path, inode] of linker.lookup.rootfs.walk()) {
    if (inode.type !== 'file' || inode.size < 52) continue;
    const elf = linker.lookup.elves.find(inode);
    if (elf === undefined || elf instanceof OslimError) continue;
    if (elf.interp !== undefined || elf.needed.length > 0) yield path;
  }
}

function describeOrRefuse(linker: Linker, path: string, options: LibraryQuery): LddFile {
  try {
    return describe(linker, path, options);
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
    return { path, interpreter: null, libraries: [], missing: [], error: error.message };
  }
}

function describe(linker: Linker, path: string, options: LibraryQuery): LddFile {
  const program = linker.resolveProgram(path);
  const opened = dlopenedLibraries(linker, program).flatMap(({ libraries }) => libraries);
  const libraries = new Map<string, LddLibrary>();
  for (const { hops: _hops, ...library } of [...program.libraries, ...opened]) {
    if (options.inferred === false && library.certainty === 'inferred') continue;
    if (!libraries.has(library.path)) libraries.set(library.path, library);
  }
  const undefinedSymbols = options.symbols === true ? linker.undefinedSymbols(program) : [];
  return {
    path,
    interpreter: program.interp ?? program.interpreter?.path ?? null,
    libraries: [...libraries.values()],
    missing: program.missing,
    ...(program.missingVersions.length === 0 ? {} : { missingVersions: program.missingVersions }),
    ...(undefinedSymbols.length === 0 ? {} : { undefinedSymbols }),
    ...(program.error === undefined ? {} : { error: program.error }),
  };
}
