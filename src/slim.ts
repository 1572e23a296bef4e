import { contentsOf, costsOf, largestFiles } from './contents.ts';
import { checkDestination, imageOutput, resultName, writeResult } from './destination.ts';
import { type EmittedImage, emit } from './emit/emit.ts';
import { MARKS } from './emit/output-manifest.ts';
import { ImageError } from './errors.ts';
import { Linker } from './ldso/linker.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from './options.ts';
import { optionsDigest } from './options-digest.ts';
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
  const source = await openSource(resolved);
  try {
    return await slimAndWrite(source, resolved);
  } finally {
    await source.close();
  }
}

/** Slims an opened image and writes it to its destinations. */
export async function slimAndWrite(source: OpenedSource, options: ResolvedOptions): Promise<SlimResult> {
  const { image, summary } = await slimOpened(source, options, new Warnings());
  try {
    const name = resultName(source.defaultName, options);
    const written = await writeResult(imageOutput(image), name, options);
    return { ...summary, name, written, warnings: [...summary.warnings, ...options.notices.list()] };
  } finally {
    image.close();
  }
}

/** SlimmedImage is an image that is ready to be written; `image` is the caller's to close. */
export interface SlimmedImage {
  readonly image: EmittedImage;
  readonly summary: Omit<SlimResult, 'name' | 'written'>;
}

/** Makes the slim image of an opened one: trace > emit. */
export async function slimOpened(
  source: OpenedSource,
  options: ResolvedOptions,
  warnings: Warnings,
): Promise<SlimmedImage> {
  const traced = await traceSource(source, options, warnings);
  const { graph, packages } = traced;
  const { rootfs } = source;
  const { overrides, keep } =
    options.level === 'minimal' ? NOTHING : await trimDatabase(packages, keptPaths(graph), rootfs);
  const kept = new Set([...graph.paths(), ...keep]);
  const slimRootfs = restrictRootfs(rootfs, new Set([...kept, ...overrides.keys()]));
  traced.check(slimRootfs);
  if (options.strict) raiseWarnings(warnings);

  const after = contentsOf(slimRootfs, packages);
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
      marks: { [MARKS.options]: optionsDigest(options), [MARKS.contentSize]: String(after.bytes) },
      ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: options.sourceDateEpoch }),
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return {
    image,
    summary: {
      source: { name: source.name, digest: source.identity.digest, platform: image.platform },
      ...(source.isWholeInMemory ? { before: contentsOf(rootfs, packages) } : {}),
      after,
      imageId: image.config.descriptor.digest,
      manifestDigest: image.manifest.descriptor.digest,
      diffId: image.diffIds[0] ?? image.config.descriptor.digest,
      layerBytes: image.layerSize,
      warnings: warnings.list(),
      costs: costsOf(rootfs, graph),
      largest: largestFiles(rootfs, graph.paths(), 10),
      graph,
      ...overSize(after.bytes, options),
    },
  };
}

/** Returns by how much the files are over `maxSize`, where they are. */
export function overSize(bytes: number, { maxSize }: ResolvedOptions): Pick<SlimResult, 'overSize'> {
  return maxSize !== undefined && bytes > maxSize ? { overSize: bytes - maxSize } : {};
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
export function raiseWarnings(warnings: Warnings): void {
  const [first, ...others] = warnings.list();
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new ImageError(`cannot slim strictly: ${first.message}${more}`, {
    advice: 'without --strict these are warnings',
  });
}
