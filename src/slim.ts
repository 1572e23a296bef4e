import { contentsOf, costsOf, largestFiles } from './contents.ts';
import { checkDestination, writeResult } from './destination.ts';
import { emit } from './emit/emit.ts';
import { ImageError } from './errors.ts';
import { Linker } from './ldso/linker.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from './options.ts';
import { openPackages, type PackageIndex } from './packages/package-index.ts';
import { trimDatabase } from './packages/trim.ts';
import { restrictRootfs } from './rootfs/restrict.ts';
import type { RootPath } from './rootfs/root-path.ts';
import { checkClosure } from './self-check.ts';
import type { SlimResult } from './slim-result.ts';
import { type OpenedSource, openSource } from './source.ts';
import { allDetectors } from './trace/detectors/all.ts';
import { ElfFacts } from './trace/elf-facts.ts';
import type { KeepGraph } from './trace/keep-graph.ts';
import { layerOrigins } from './trace/layer-origin.ts';
import { pathMatcher } from './trace/path-matcher.ts';
import { processSpecOf } from './trace/process-spec.ts';
import { traceImage } from './trace/tracer.ts';
import { accountOf } from './trace/users.ts';
import { packageVersion } from './version.ts';
import { Warnings } from './warnings.ts';

/**
 * Slims one image: open > flatten > trace > emit > write. Nothing of the image is run or extracted, and nothing is
 * visible at a destination before it is whole. Throws OslimError.
 */
export async function slim(options: SlimOptions): Promise<SlimResult> {
  const resolved = resolveOptions(options);
  checkDestination(resolved);
  const warnings = new Warnings();
  const source = await openSource(resolved);
  try {
    return await slimOpened(source, resolved, warnings);
  } finally {
    await source.close();
  }
}

async function slimOpened(
  source: OpenedSource,
  options: ResolvedOptions,
  warnings: Warnings,
): Promise<SlimResult> {
  const traced = await traceSource(source, options, warnings);
  const { graph, packages } = traced;
  const { rootfs } = source;
  const { overrides, keep } =
    options.level === 'minimal' ? NOTHING : await trimDatabase(packages, keptPaths(graph), rootfs);
  const kept = new Set([...graph.paths(), ...keep]);
  const slimRootfs = restrictRootfs(rootfs, new Set([...kept, ...overrides.keys()]));
  traced.check(slimRootfs);
  if (options.strict) raiseWarnings(warnings);

  options.onProgress({ phase: 'write' });
  const image = await emit({
    rootfs,
    paths: kept,
    overrides: new Map([...overrides].map(([path, content]) => [path, { content }])),
    image: source.image,
    source: source.identity,
    options: {
      compression: options.compression,
      format: options.format,
      version: packageVersion(),
      ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: options.sourceDateEpoch }),
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    const written = await writeResult(image, source, options);
    const after = contentsOf(slimRootfs, packages);
    return {
      source: { name: source.name, digest: source.identity.digest, platform: image.platform },
      name: written.name,
      ...(source.isWholeInMemory ? { before: contentsOf(rootfs, packages) } : {}),
      after,
      imageId: image.config.descriptor.digest,
      manifestDigest: image.manifest.descriptor.digest,
      diffId: image.diffIds[0] ?? image.config.descriptor.digest,
      layerBytes: image.layerSize,
      written: written.places,
      warnings: warnings.list(),
      costs: costsOf(rootfs, graph),
      largest: largestFiles(rootfs, graph.paths(), 10),
      graph,
      ...(options.maxSize !== undefined && after.bytes > options.maxSize
        ? { overSize: after.bytes - options.maxSize }
        : {}),
    };
  } finally {
    image.close();
  }
}

const NOTHING = { overrides: new Map<RootPath, Uint8Array>(), keep: [] };

function keptPaths(graph: KeepGraph): ReadonlySet<RootPath> {
  return new Set(graph.paths());
}

/** TracedImage is what is kept of a source, and the check that it is enough for the loader. */
interface TracedImage {
  readonly graph: KeepGraph;
  readonly packages: PackageIndex;
  check(slim: OpenedSource['rootfs']): void;
}

async function traceSource(
  source: OpenedSource,
  options: ResolvedOptions,
  warnings: Warnings,
): Promise<TracedImage> {
  const { rootfs, image } = source;
  options.onProgress({ phase: 'trace' });
  const process = processSpecOf(image.config.config);
  const packages = await openPackages(rootfs, warnings);
  const surroundings = { env: process.env, cwd: process.cwd, user: accountOf(rootfs, process.user) };
  const linker = new Linker({ ...surroundings, rootfs });
  const facts = new ElfFacts(linker.lookup.elves);
  const layers = layerOrigins(image.config.diffIds.length, image.config.history);
  const graph = await traceImage(
    { rootfs, process, options, packages, linker, warnings, layers },
    allDetectors(facts),
  );
  return {
    graph,
    packages,
    check(slimRootfs) {
      const programs = [...graph.paths()].filter((path) => {
        const inode = rootfs.lookup(path);
        return inode?.type === 'file' && facts.of(inode) !== undefined;
      });
      checkClosure(slimRootfs, linker, programs, surroundings, pathMatcher(options.exclude));
    },
  };
}

/** `--strict`: what would have been a warning ends the work before anything is written. */
function raiseWarnings(warnings: Warnings): void {
  const [first, ...others] = warnings.list();
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new ImageError(`cannot slim strictly: ${first.message}${more}`, {
    advice: 'without --strict these are warnings',
  });
}
