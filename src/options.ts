import type { SbomRequest } from './destination/sbom.ts';
import { UsageError } from './errors.ts';
import type { ImageSink, ImageSource } from './image/image.ts';
import { DEFAULT_LIMITS, isLimitName, type Limits } from './io/limits.ts';
import { type Platform, parsePlatform } from './oci/platform.ts';
import { POLICIES, type Policy } from './result/policy.ts';
import { Transfer } from './source/transfer.ts';
import type { Detector } from './trace/detector.ts';
import type { Level } from './trace/trace.ts';
import { Warnings } from './warnings.ts';

export type Compression = 'gzip' | 'zstd' | 'none';
export type ImageFormat = 'oci' | 'docker';

/** What the process is, where the image's config does not say or the user knows better. */
export interface ProcessOverrides {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value` each; replaces or adds to the config's. */
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
}

/** How to reach registries, and how much to take from whoever made an image. */
export interface ConnectionOptions {
  readonly insecure?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly cache?: boolean;
  /** How much of everything an image may have, where the defaults are not right: see docs/security.md. */
  readonly limits?: Partial<Limits>;
}

/** What to keep. */
export interface KeepSettings {
  readonly level?: Level;
  readonly certificates?: boolean;
  readonly zoneinfo?: boolean;
  readonly inferred?: boolean;
  /** Globs over absolute paths. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly includeCommands?: readonly string[];
  readonly includePackages?: readonly string[];
  /** Paths in the image that are kept when they exist: a list, or what an strace log names. */
  readonly keepPaths?: readonly string[];
  /** Names of libraries that may be missing in the start-up closure. */
  readonly allowMissing?: readonly string[];
  readonly strict?: boolean;
  /** Detectors besides oslim's own: asked after them, each in the same ways. */
  readonly detectors?: readonly Detector[] | undefined;
}

/** SlimOptions is what `slim` takes; only `image` is required. */
export interface SlimOptions extends ProcessOverrides, ConnectionOptions, KeepSettings {
  /** In the grammar of the command line: `myapp:latest`, `docker-archive:FILE`, `rootfs:DIR`, … */
  readonly image: string;
  /** A medium of the caller's to read from: `image` is then what it is asked for. The caller closes it. */
  readonly source?: ImageSource | undefined;
  /** Where to write: a file name, `oci:DIR`, `docker://REF`, `-`, …; nothing is written without one. */
  readonly output?: string | undefined;
  readonly push?: string | undefined;
  /** Hand the result to the local engine. */
  readonly load?: boolean;
  /** A medium of the caller's to write to, besides the others. */
  readonly sink?: ImageSink | undefined;
  /** Name of the result; by default the source's repository with `-slim` on its tag. */
  readonly tag?: string | undefined;
  /** `os/architecture[/variant]`. */
  readonly platform?: string | undefined;
  /** Fetch only what is read of layers whose manifest vouches for a table of contents; their digests are not checked. */
  readonly lazy?: boolean;
  readonly compression?: Compression;
  readonly format?: ImageFormat;
  /** Seconds since the epoch; clamps `created`. */
  readonly sourceDateEpoch?: number | undefined;
  /** Bytes that the slim layer may have, uncompressed; more is said in the result, not thrown. */
  readonly maxSize?: number | undefined;
  /** What the slim image must not hold; what it holds all the same is said in the result, not thrown. */
  readonly failOn?: readonly Policy[];
  /** Files to write a report to: HTML, JSON or Markdown, by their extension. */
  readonly reports?: readonly string[];
  /** Bills of materials: attached where the result is pushed or put into a layout, beside an archive, or in their file. */
  readonly sboms?: readonly SbomRequest[];
  /** Write a variant with tools, too: these commands, or where the list is empty the original's usual ones. */
  readonly debugImage?: readonly string[] | undefined;
  /** File to which every kept path is written with its digest and its reason. */
  readonly lock?: string | undefined;
  /** Compare with `lock` instead, and write nothing at all when something else would be kept. */
  readonly frozenLock?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** ProgressEvent tells how far a phase has come; `total` is absent when nobody knows it. */
export interface ProgressEvent {
  readonly phase: 'open' | 'read' | 'trace' | 'write' | 'check';
  /** In bytes for `read` and `write`. */
  readonly done?: number;
  readonly total?: number;
  readonly subject?: string;
}

type Filled = Required<
  Pick<
    SlimOptions,
    | 'load'
    | 'compression'
    | 'format'
    | 'insecure'
    | 'cache'
    | 'strict'
    | 'onProgress'
    | 'failOn'
    | 'reports'
    | 'sboms'
    | 'frozenLock'
  >
> & { readonly limits: Limits } & Required<Omit<KeepSettings, 'strict' | 'detectors'>>;

/** ResolvedOptions is SlimOptions with every default filled in and every combination checked. */
export interface ResolvedOptions extends Omit<SlimOptions, keyof Filled | 'platform'>, Filled {
  readonly wantedPlatform: Platform | undefined;
  /** What registries say to the user; never a reason to do anything (distribution-spec v1.1, "Warnings"). */
  readonly notices: Warnings;
  /** What came from the source's registry. */
  readonly transfer: Transfer;
}

const LEVELS: readonly string[] = ['minimal', 'default', 'safe'];
const COMPRESSIONS: readonly string[] = ['gzip', 'zstd', 'none'];
const FORMATS: readonly string[] = ['oci', 'docker'];

/** Fills in the defaults and refuses what cannot be meant (UsageError). */
export function resolveOptions(options: SlimOptions): ResolvedOptions {
  const { platform, ...rest } = options;
  if (options.image === '') throw new UsageError('cannot slim "": no image is named');
  oneOf('level', options.level, LEVELS);
  oneOf('compression', options.compression, COMPRESSIONS);
  oneOf('format', options.format, FORMATS);
  if (options.maxSize !== undefined && !(options.maxSize > 0))
    throw new UsageError(`cannot use a size limit of ${options.maxSize}`);
  for (const { format } of options.sboms ?? []) oneOf('format of --sbom', format, ['cyclonedx', 'spdx']);
  for (const policy of options.failOn ?? []) oneOf('policy', policy, POLICIES);
  if (options.frozenLock && options.lock === undefined)
    throw new UsageError('cannot freeze a lock: no lock is named');
  if (options.lazy && options.strict) {
    throw new UsageError(
      'cannot slim lazily and strictly: a layer of which parts are fetched is not checked as a whole',
      {
        advice: 'leave out --lazy or --strict',
      },
    );
  }
  if (options.tag?.includes('@'))
    throw new UsageError(`cannot name the result "${options.tag}": a digest is not a name`);
  return {
    ...rest,
    notices: new Warnings(),
    transfer: new Transfer(),
    wantedPlatform: platform === undefined ? undefined : parsePlatform(platform),
    load: options.load ?? false,
    compression: options.compression ?? 'gzip',
    format: options.format ?? 'oci',
    insecure: options.insecure ?? false,
    cache: options.cache ?? true,
    level: options.level ?? 'default',
    certificates: options.certificates ?? true,
    zoneinfo: options.zoneinfo ?? true,
    inferred: options.inferred ?? true,
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    includeCommands: options.includeCommands ?? [],
    includePackages: options.includePackages ?? [],
    keepPaths: options.keepPaths ?? [],
    allowMissing: options.allowMissing ?? [],
    strict: options.strict ?? false,
    failOn: options.failOn ?? [],
    reports: options.reports ?? [],
    sboms: options.sboms ?? [],
    frozenLock: options.frozenLock ?? false,
    limits: resolveLimits(options.limits ?? {}),
    onProgress: options.onProgress ?? (() => {}),
  };
}

function resolveLimits(given: Partial<Limits>): Limits {
  for (const [name, value] of Object.entries(given)) {
    if (!isLimitName(name)) {
      throw new UsageError(`cannot use the limit "${name}": there is none of that name`, {
        advice: `the limits are ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
      });
    }
    if (!Number.isSafeInteger(value) || value < 1)
      throw new UsageError(`cannot use the limit ${name} = ${value}: it is a whole number from 1 on`);
  }
  return { ...DEFAULT_LIMITS, ...given };
}

function oneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw new UsageError(`cannot use ${name} "${value}": it is one of ${allowed.join(', ')}`);
}
