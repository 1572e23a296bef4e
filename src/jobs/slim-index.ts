import { indexOutput, resultName } from '../destination/destination.ts';
import { outputIndex } from '../emit/output-index.ts';
import { MARKS, type Provenance } from '../emit/output-manifest.ts';
import { ImageError, UsageError } from '../errors.ts';
import { type Image, type ImageSet, openAllImages } from '../image/image.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import type { ProgressEvent, ResolvedOptions } from '../options.ts';
import { optionsDigest } from '../result/options-digest.ts';
import type { SlimOutcome } from '../result/slim-result.ts';
import { raiseWarnings, type SlimmedImage, slimOpened, writeAll } from '../slim.ts';
import { mergeImage, namesOf, type OpenedSource, type SourceMedium, sourceDigest } from '../source/source.ts';
import { parseOutputLocation } from '../transport/location.ts';
import { packageVersion } from '../version.ts';
import { Warnings } from '../warnings.ts';
import { unchangedResult } from './unchanged.ts';

/** Refuses destinations that hold one platform (UsageError). */
export function checkAllPlatforms({ output, load, sink, wantedPlatform }: ResolvedOptions): void {
  const advice = 'use --push REF, oci:DIR or oci-archive:FILE';
  if (wantedPlatform !== undefined)
    throw new UsageError('cannot use --all-platforms with --platform: they contradict each other');
  if (sink !== undefined)
    throw new UsageError('cannot use --all-platforms with a sink of your own: it takes one', { advice });
  if (load) throw new UsageError('cannot use --all-platforms with --load: an engine takes one', { advice });
  if (output === undefined) return;
  const { kind } = parseOutputLocation(output);
  if (kind === 'oci' || kind === 'oci-archive' || kind === 'registry') return;
  const what = kind === 'stdout' ? 'standard output' : `"${output}"`;
  throw new UsageError(`cannot write all platforms to ${what}: such an archive holds one`, { advice });
}

/** One platform's image, of which only the place in the index need have been read. */
interface PlatformImage {
  readonly digest: Digest;
  readonly platform: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  open(): Promise<Image>;
}

/**
 * Slims every platform's image of a medium, one after the other, and writes an index of them once all are done. With
 * `ifChanged` nothing is done where the destination holds that index already. Throws OslimError.
 */
export async function slimIndex(
  source: SourceMedium,
  options: ResolvedOptions,
  ifChanged: boolean,
): Promise<SlimOutcome> {
  const set = await openAllImages(source.medium, source.query);
  const warnings = new Warnings();
  const images = await slimmableImages(set, options, warnings);
  if (options.strict) raiseWarnings(warnings);
  const { names = [] } = source.reference === undefined ? ((await images[0]?.open()) ?? {}) : {};
  const { name: sourceName, defaultName } = namesOf({ names }, source);
  const name = resultName(defaultName, options);
  const identity = {
    name: sourceName ?? options.image,
    ...(set.index === undefined ? {} : { digest: set.index.digest }),
  };
  if (ifChanged) {
    const sources = images.map(({ digest }) => digest);
    const expected = { sources, name, index: { digest: set.index?.digest } };
    const unchanged = await unchangedResult(expected, options, identity);
    if (unchanged !== undefined) return { kind: 'unchanged', result: unchanged };
  }
  return await slimAndWriteIndex(
    images,
    { ...(sourceName === undefined ? {} : { name: sourceName }), ...set.index },
    { source, options, name, warnings, identity },
  );
}

interface IndexJob {
  readonly source: SourceMedium;
  readonly options: ResolvedOptions;
  readonly name: string;
  readonly warnings: Warnings;
  readonly identity: { readonly name: string; readonly digest?: Digest };
}

async function slimAndWriteIndex(
  images: readonly PlatformImage[],
  provenance: Provenance,
  { source, options, name, warnings, identity }: IndexJob,
): Promise<SlimOutcome> {
  const opened: OpenedSource[] = [];
  const slimmed: SlimmedImage[] = [];
  try {
    for (const image of images) {
      const one = await openPlatform(image, source, options);
      opened.push(one.source);
      slimmed.push(
        await ofPlatform(image.platform, () => slimOpened(one.source, one.options, new Warnings())),
      );
    }
    const members = slimmed.map(({ image }, at) => {
      const { platform, annotations } = images[at] ?? {};
      return { image, ...(platform ? { platform } : {}), ...(annotations ? { annotations } : {}) };
    });
    const output = outputIndex({
      members,
      source: provenance,
      format: options.format,
      version: packageVersion(),
      marks: { [MARKS.options]: optionsDigest(options) },
    });
    const done = await writeAll(
      slimmed,
      (images) => indexOutput({ ...output, images }, images),
      name,
      options,
    );
    const { written, sideFiles } = done;
    return {
      kind: 'index',
      result: {
        source: identity,
        name,
        indexDigest: output.index.descriptor.digest,
        ...done,
        warnings: [...warnings.list(), ...options.notices.list()],
        platforms: slimmed.map(({ summary }) => ({ ...summary, name, written, sideFiles })),
      },
    };
  } finally {
    for (const { image } of slimmed) image.close();
    for (const one of opened) await one.close();
  }
}

/** Merges the layers of one platform's image; its progress says which it is. */
async function openPlatform(
  { platform, open }: PlatformImage,
  source: SourceMedium,
  options: ResolvedOptions,
): Promise<{ readonly source: OpenedSource; readonly options: ResolvedOptions }> {
  const subject = formatPlatform(platform);
  const own = { ...options, onProgress: (event: ProgressEvent) => options.onProgress({ ...event, subject }) };
  return {
    source: await ofPlatform(platform, async () => mergeImage(await open(), source, own)),
    options: own,
  };
}

/** An image that cannot be slimmed is one of several here: which one? */
async function ofPlatform<T>(platform: Platform, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`${error.message} (${formatPlatform(platform)})`, {
      cause: error,
      advice: error.advice,
    });
  }
}

/** Returns the images of a set that are for Linux; the others, and those that are not there, are warned of. */
async function slimmableImages(
  set: ImageSet,
  options: ResolvedOptions,
  warnings: Warnings,
): Promise<readonly PlatformImage[]> {
  const images: PlatformImage[] = [];
  for (const { descriptor, open } of set.members) {
    // A descriptor need not say its platform (image-spec v1.1, image-index.md): then the config does.
    const image = descriptor?.platform === undefined ? await open() : undefined;
    const digest = descriptor?.digest ?? (image && sourceDigest(image));
    const platform = descriptor?.platform ?? (image && platformOf(image));
    if (platform === undefined || digest === undefined) continue;
    if (platform.os !== 'linux') skipped(platform, 'it is not for Linux');
    else
      images.push({
        digest,
        platform,
        open: image === undefined ? open : async () => image,
        ...(descriptor?.annotations ? { annotations: descriptor.annotations } : {}),
      });
  }
  for (const platform of set.absent) skipped(platform, 'the index names it, but it is not there');
  if (images.length === 0)
    throw new ImageError(`cannot slim "${options.image}": no image in it is for Linux`);
  return images;

  function skipped(platform: Platform, why: string): void {
    warnings.add('PLATFORM_SKIPPED', `${formatPlatform(platform)} is left out: ${why}`);
  }
}

function platformOf({ config: { os, architecture, variant } }: Image): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
