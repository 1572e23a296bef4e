import type { RootPath } from '../rootfs/root-path.ts';
import type { Warning } from '../warnings.ts';
import type { Loader } from './loader.ts';

/** How a library was found. */
export type How =
  | 'path'
  | 'rpath'
  | 'ld_library_path'
  | 'runpath'
  | 'cache'
  | 'default'
  | 'loaded'
  | 'preload'
  | 'filter'
  | 'audit'
  | 'hwcaps'
  | 'dlopen';

/** How sure something is: `exact` follows from the files alone, `inferred` is a reading that may be wrong. */
export type Certainty = 'exact' | 'inferred';

/** LibraryResolution is one object that the loader maps. */
export interface LibraryResolution {
  /** The name that was asked for. */
  readonly soname: string;
  /** The path by which the loader opens it, as it spells it: what `ld.so --list` prints. */
  readonly path: string;
  /** The file behind it. */
  readonly realPath: RootPath;
  /** The links passed on the way from `path` to `realPath`, all needed. */
  readonly hops: readonly RootPath[];
  readonly how: How;
  /** Path of the object that asked for it. */
  readonly requiredBy: string;
  readonly certainty: Certainty;
  /** The processor level or subdirectory that picks it (`x86-64-v3`); absent for what every processor loads. */
  readonly hwcaps?: string;
}

/** MissingLibrary is a name that the loader does not find; `searched` are the paths it tries, in order. */
export interface MissingLibrary {
  readonly soname: string;
  readonly requiredBy: string;
  readonly searched: readonly string[];
}

/** A version that an object needs and the library found for it does not define. */
export interface MissingVersion {
  readonly version: string;
  readonly soname: string;
  /** Path of the library that should define it. */
  readonly path: string;
  readonly requiredBy: string;
}

/** A symbol that no loaded object defines. */
export interface UndefinedSymbol {
  readonly symbol: string;
  readonly version?: string;
  readonly requiredBy: string;
}

/** What a subject is to the kernel and the loader. */
export type ProgramKind = 'dynamic' | 'static' | 'static-pie' | 'library';

/** LoadResolution is what one start-up or one dlopen loads. */
export interface LoadResolution {
  /** In the order in which the loader maps them; hwcaps variants behind. */
  readonly libraries: readonly LibraryResolution[];
  readonly missing: readonly MissingLibrary[];
  readonly missingVersions: readonly MissingVersion[];
  /** Why the loader ends the load, in its words; `libraries` then holds what was mapped before. */
  readonly error?: string;
  readonly warnings: readonly Warning[];
  /** Files that the loader reads to find them (ld.so.cache, ld.so.preload, a musl path file), where they decided something. */
  readonly configuration: readonly RootPath[];
}

/** ProgramResolution is what the loader makes of one program or library. */
export interface ProgramResolution extends LoadResolution {
  /** Without links. */
  readonly path: RootPath;
  readonly kind: ProgramKind;
  /** The loader, when it is in the image. A static program has none; of a library it is the one of its architecture. */
  readonly interpreter?: Loader;
  /** PT_INTERP as written. */
  readonly interp?: string;
  /** Libraries that only a start in the other mode (secure execution or not) loads, where the caller decides which. */
  readonly alternatives: readonly LibraryResolution[];
}
