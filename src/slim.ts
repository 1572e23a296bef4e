import { checkDebugImage, type DebugImage, makeDebugImage } from './destination/debug-image.ts';
import {
  checkDestination,
  imageOutput,
  type Output,
  resultName,
  writeResult,
} from './destination/destination.ts';
import { sbomDocuments, withSboms } from './destination/sbom.ts';
import { checkSideFiles, lockDifferences, prepareSideFiles } from './destination/side-files.ts';
import { type EmitInput, type EmittedImage, emit } from './emit/emit.ts';
import { MARKS } from './emit/output-manifest.ts';
import { ImageError } from './errors.ts';
import { Compressor } from './io/compress.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from './options.ts';
import { contentsOf, costsOf, largestFiles } from './result/contents.ts';
import { optionsDigest } from './result/options-digest.ts';
import { findingsOf, type PolicyFinding } from './result/policy.ts';
import type { SlimDetail } from './result/slim-detail.ts';
import type { SlimResult } from './result/slim-result.ts';
import { prefetchFiles } from './rootfs/prefetch.ts';
import { ROOT } from './rootfs/root-path.ts';
import { type OpenedSource, openSource } from './source/source.ts';
import { traceSource, whatIsKept } from './source/trace-source.ts';
import { packageVersion } from './version.ts';
import { Warnings } from './warnings.ts';

/** What is kept of images with less than that in files mostly fits into one block. */
const ONE_BLOCK_BYTES = 200e6;

/**
 * Slims one image: open > flatten > trace > emit > write. Nothing of the image is run or extracted, and nothing is
 * visible at a destination before it is whole. Throws OslimError.
 */
export async function slim(options: SlimOptions): Promise<SlimResult> {
  const resolved = resolveOptions(options);
  checkDestination(resolved);
  checkSideFiles(resolved);
  checkDebugImage(resolved);
  const source = await openSource(resolved);
  try {
    return await slimAndWrite(source, resolved);
  } finally {
    await source.close();
  }
}

/** Slims an opened image and writes it to its destinations. */
export async function slimAndWrite(source: OpenedSource, options: ResolvedOptions): Promise<SlimResult> {
  const slimmed = await slimOpened(source, options, new Warnings());
  const { image, summary } = slimmed;
  let debugImage: DebugImage | undefined;
  try {
    const name = resultName(source.defaultName, options);
    if (options.debugImage !== undefined) debugImage = await makeDebugImage(source, slimmed, options);
    const done = await writeAll([slimmed], ([only = image]) => imageOutput(only), name, options);
    const debug = done.lockDifferences === undefined ? await debugImage?.write(name) : undefined;
    const warnings = [...summary.warnings, ...options.notices.list()];
    return { ...summary, name, ...done, ...(debug === undefined ? {} : { debug }), warnings };
  } finally {
    debugImage?.close();
    image.close();
  }
}

/** Writes the image, or the index of images, and the files beside it; nothing of it when a frozen lock differs. */
export async function writeAll(
  images: readonly SlimmedImage[],
  outputOf: (images: readonly EmittedImage[]) => Output,
  name: string,
  options: ResolvedOptions,
): Promise<Pick<SlimResult, 'written' | 'sideFiles' | 'lockDifferences'>> {
  const differences = lockDifferences(images, options);
  if (differences.length > 0) return { written: [], sideFiles: [], lockDifferences: differences };
  const formats = options.sboms.map(({ format }) => format);
  const sboms = new Map(
    images.map((image) => [image, sbomDocuments(image, name, formats, options.sourceDateEpoch)]),
  );
  const files = await prepareSideFiles(images, name, sboms, options);
  try {
    const output = outputOf([...sboms].map(([{ image }, documents]) => withSboms(image, documents)));
    const written = await writeResult(output, name, options);
    files.commit();
    return { written, sideFiles: files.names };
  } finally {
    files.abort();
  }
}

/** SlimmedImage is an image that is ready to be written; `image` is the caller's to close. */
export interface SlimmedImage {
  readonly image: EmittedImage;
  /** What it was made from. */
  readonly input: EmitInput;
  readonly detail: SlimDetail;
  readonly summary: Omit<SlimResult, 'name' | 'written' | 'sideFiles'>;
}

/** Makes the slim image of an opened one: trace > emit. */
export async function slimOpened(
  source: OpenedSource,
  options: ResolvedOptions,
  warnings: Warnings,
): Promise<SlimmedImage> {
  const compressor = compressorFor(source, options);
  try {
    return await traceAndEmit(source, options, warnings, compressor);
  } finally {
    await compressor?.close();
  }
}

/** Returns threads that start while the trace needs one processor only; none for what is written before they did. */
function compressorFor(source: OpenedSource, { compression }: ResolvedOptions): Compressor | undefined {
  if (compression !== 'gzip' || !source.isWholeInMemory) return undefined;
  const compressor = new Compressor(compression);
  compressor.start(source.rootfs.treeBytes(ROOT) < ONE_BLOCK_BYTES ? 1 : compressor.threads);
  return compressor;
}

async function traceAndEmit(
  source: OpenedSource,
  options: ResolvedOptions,
  warnings: Warnings,
  compressor: Compressor | undefined,
): Promise<SlimmedImage> {
  const traced = await traceSource(source, options, warnings);
  options.transfer.check();
  const { graph, packages } = traced;
  const { rootfs } = source;
  const { paths: kept, overrides, slimRootfs } = await whatIsKept(traced, source, options);
  traced.check(slimRootfs);
  if (options.strict) raiseWarnings(warnings);

  const after = contentsOf(slimRootfs, packages, overrides);
  const findings = findingsOf(slimRootfs, graph, warnings.list());
  options.onProgress({ phase: 'write' });
  const input: EmitInput = {
    rootfs,
    paths: kept,
    overrides: new Map([...overrides].map(([path, content]) => [path, { content }])),
    image: source.image,
    source: source.identity,
    options: {
      compression: options.compression,
      format: options.format,
      version: packageVersion(),
      marks: {
        [MARKS.options]: optionsDigest(options),
        [MARKS.contentSize]: String(after.bytes),
        ...findingsMark(findings),
      },
      ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: options.sourceDateEpoch }),
    },
    ...(options.signal ? { signal: options.signal } : {}),
  };
  await prefetchFiles([...kept].map((path) => rootfs.lookup(path)));
  options.transfer.check();
  const emitting = emit({ ...input, options: { ...input.options, compressor } });
  // Whatever happens to this thread, nobody leaves the layer alone.
  emitting.catch(() => undefined);
  const before = source.isWholeInMemory ? { before: contentsOf(rootfs, packages) } : {};
  const image = await emitting;
  const { history, diffIds } = source.image.config;
  return {
    image,
    input,
    detail: { rootfs, packages, history, diffIds, isWholeInMemory: source.isWholeInMemory },
    summary: {
      source: { name: source.name, digest: source.identity.digest, platform: image.platform },
      ...before,
      after,
      imageId: image.config.descriptor.digest,
      manifestDigest: image.manifest.descriptor.digest,
      diffId: image.diffIds[0] ?? image.config.descriptor.digest,
      layerBytes: image.layerSize,
      warnings: warnings.list(),
      costs: costsOf(rootfs, graph),
      largest: largestFiles(rootfs, graph.paths(), 10),
      graph,
      violations: findings.filter(({ policy }) => options.failOn.includes(policy)),
      ...overSize(after.bytes, options),
      ...(source.download === undefined ? {} : { download: source.download() }),
    },
  };
}

function findingsMark(findings: readonly PolicyFinding[]): Readonly<Record<string, string>> {
  const policies = new Set(findings.map(({ policy }) => policy));
  return policies.size === 0 ? {} : { [MARKS.findings]: [...policies].join(',') };
}

/** Returns by how much the files are over `maxSize`, where they are. */
export function overSize(bytes: number, { maxSize }: ResolvedOptions): Pick<SlimResult, 'overSize'> {
  return maxSize !== undefined && bytes > maxSize ? { overSize: bytes - maxSize } : {};
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
