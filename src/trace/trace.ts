import type { ImageError } from '../errors.ts';
import type { Linker } from '../ldso/linker.ts';
import type { PackageIndex } from '../packages/package-index.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import type { Role, Word } from './detector.ts';
import type { FoundCommand } from './find-command.ts';
import type { KeepGraph, KeepReason } from './keep-graph.ts';
import type { LayerOrigin } from './layer-origin.ts';
import type { ProcessSpec } from './process-spec.ts';

/** How much to keep where reading cannot decide. */
export type Level = 'minimal' | 'default' | 'safe';

/** What the user asked of the tracer. */
export interface TraceOptions {
  readonly level: Level;
  readonly certificates: boolean;
  readonly zoneinfo: boolean;
  /** Are reasons of certainty `inferred` followed? */
  readonly inferred: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly includeCommands: readonly string[];
  readonly includePackages: readonly string[];
  readonly keepPaths: readonly string[];
  readonly allowMissing: readonly string[];
  /** What the user says that the process is, instead of the image's config. */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
}

export interface KeepOptions {
  /** `data` unless said otherwise. */
  readonly role?: Role;
  /** What a relative path is relative to; the root unless said otherwise. */
  readonly cwd?: RootPath;
  /** False: a link at the end is kept as a link and not followed. */
  readonly follow?: boolean;
}

export interface RunOptions {
  readonly cwd?: RootPath;
  readonly env?: ReadonlyMap<string, string>;
}

export interface TreeOptions {
  /** False leaves an entry out; a directory left out is not entered. */
  readonly filter?: (path: RootPath, entry: { readonly type: string; readonly size: number }) => boolean;
  readonly role?: (path: RootPath) => Role;
}

/** Trace is what a detector works with: what the image is, and the three ways of keeping something of it. */
export interface Trace {
  readonly rootfs: Rootfs;
  readonly process: ProcessSpec;
  readonly options: TraceOptions;
  readonly packages: PackageIndex;
  readonly linker: Linker;
  readonly graph: KeepGraph;
  readonly warnings: Warnings;
  /** Which layer is the base, and which ones COPY and ADD brought. */
  readonly layers: readonly LayerOrigin[];

  /** Keeps the file behind `path` and every link on the way; undefined when there is none (nothing is kept then). */
  keep(path: string, reason: KeepReason, options?: KeepOptions): ResolvedPath | undefined;
  /** Keeps a directory and everything below it; returns the bytes of the files that were new. */
  keepTree(directory: RootPath, reason: KeepReason, options?: TreeOptions): number;
  /** Keeps the command that `argv` starts (through PATH and `cwd`) as a program, and lets detectors read its arguments. */
  run(argv: readonly Word[], reason: KeepReason, options?: RunOptions): ResolvedPath | undefined;
  /** Returns where a command is found, as execvp would: through PATH unless it has a slash. */
  findCommand(name: string, options?: RunOptions): FoundCommand | undefined;
  /**
   * Says that the process cannot start as the image is. Throws the error, or where all of them are wanted hands it over and
   * returns: the detector then goes on with the rest.
   */
  refuse(error: ImageError): void;
  /** Returns the role of a kept path, or undefined when it is not kept. */
  roleOf(path: RootPath): Role | undefined;
}
