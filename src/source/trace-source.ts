import type { ImageError } from '../errors.ts';
import { Linker } from '../ldso/linker.ts';
import type { LinkerOptions } from '../ldso/linker-context.ts';
import type { ResolvedOptions } from '../options.ts';
import { openPackages, type PackageIndex } from '../packages/package-index.ts';
import { trimDatabase } from '../packages/trim.ts';
import { restrictRootfs } from '../rootfs/restrict.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { allDetectors } from '../trace/detectors/all.ts';
import { ElfFacts } from '../trace/elf-facts.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';
import { layerOrigins } from '../trace/layer-origin.ts';
import { pathMatcher } from '../trace/path-matcher.ts';
import { type ProcessSpec, processSpecOf } from '../trace/process-spec.ts';
import { traceImage } from '../trace/tracer.ts';
import { accountOf } from '../trace/users.ts';
import type { Warnings } from '../warnings.ts';
import { checkClosure } from './self-check.ts';
import type { OpenedSource } from './source.ts';

/** TracedSource is what is kept of a source and why, and the check that it is enough for the loader. */
export interface TracedSource {
  readonly graph: KeepGraph;
  readonly packages: PackageIndex;
  readonly linker: Linker;
  readonly process: ProcessSpec;
  /** Under which circumstances the image's programs start. */
  readonly surroundings: Omit<LinkerOptions, 'rootfs'>;
  /** Throws InternalError where the image's loader would not find in `slim` what it finds in the source. */
  check(slim: Rootfs): void;
}

/** Traces the process of an opened image. Where it cannot start, throws ImageError unless `onRefusal` takes it. */
export async function traceSource(
  source: Pick<OpenedSource, 'rootfs' | 'image'>,
  options: ResolvedOptions,
  warnings: Warnings,
  onRefusal?: (error: ImageError) => void,
): Promise<TracedSource> {
  const { rootfs, image } = source;
  options.onProgress({ phase: 'trace' });
  const process = processSpecOf(image.config.config);
  const packages = await openPackages(rootfs, warnings);
  const surroundings = { env: process.env, cwd: process.cwd, user: accountOf(rootfs, process.user) };
  const linker = new Linker({ ...surroundings, rootfs });
  const facts = new ElfFacts(linker.lookup.elves);
  const layers = layerOrigins(image.config.diffIds.length, image.config.history);
  const graph = await traceImage(
    {
      ...{ rootfs, process, options, packages, linker, warnings, layers },
      ...(onRefusal === undefined ? {} : { onRefusal }),
    },
    [...allDetectors(facts), ...(options.detectors ?? [])],
  );
  return {
    graph,
    packages,
    linker,
    process,
    surroundings,
    check(slim) {
      const programs = [...graph.paths()].filter((path) => {
        const inode = rootfs.lookup(path);
        return inode?.type === 'file' && facts.of(inode) !== undefined;
      });
      checkClosure(slim, linker, programs, surroundings, pathMatcher(options.exclude));
    },
  };
}

/** KeptContents is what the slim image of a traced source holds. */
export interface KeptContents {
  /** What comes over as it is; the directories above it go with it. */
  readonly paths: ReadonlySet<RootPath>;
  /** Files of package databases, cut to what is kept. */
  readonly overrides: ReadonlyMap<RootPath, Uint8Array>;
  /** The source's inodes at all of these paths. */
  readonly slimRootfs: Rootfs;
}

const NOTHING = { overrides: new Map<RootPath, Uint8Array>(), keep: [] };

/** Returns what is kept of a traced source, package databases among it. */
export async function whatIsKept(
  { graph, packages }: Pick<TracedSource, 'graph' | 'packages'>,
  { rootfs }: Pick<OpenedSource, 'rootfs'>,
  { level }: Pick<ResolvedOptions, 'level'>,
): Promise<KeptContents> {
  const { overrides, keep } =
    level === 'minimal' ? NOTHING : await trimDatabase(packages, new Set(graph.paths()), rootfs);
  const paths = new Set([...graph.paths(), ...keep]);
  return { paths, overrides, slimRootfs: restrictRootfs(rootfs, new Set([...paths, ...overrides.keys()])) };
}
