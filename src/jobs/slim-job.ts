import { checkDebugImage } from '../destination/debug-image.ts';
import { checkDestination, resultName } from '../destination/destination.ts';
import { checkSideFiles } from '../destination/side-files.ts';
import { UsageError } from '../errors.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from '../options.ts';
import type { SlimOutcome } from '../result/slim-result.ts';
import { slim, slimAndWrite } from '../slim.ts';
import {
  mergeImage,
  namesOf,
  openSourceMedium,
  type SourceMedium,
  sourceDigest,
  sourceLocation,
} from '../source/source.ts';
import { checkAllPlatforms, slimIndex } from './slim-index.ts';
import { checkIfChanged, unchangedResult } from './unchanged.ts';

/** SlimJobOptions is what `slimJob` takes. */
export interface SlimJobOptions extends SlimOptions {
  /** Slim every image of an index, and write an index. */
  readonly allPlatforms?: boolean;
  /** Do nothing where the destination holds the result already: same source, version and options. */
  readonly ifChanged?: boolean;
}

/** Does all that `oslim IMAGE` can: `slim` for one image or for every platform's, perhaps only if needed. Throws OslimError. */
export async function slimJob(options: SlimJobOptions): Promise<SlimOutcome> {
  const { allPlatforms = false, ifChanged = false, ...rest } = options;
  if (!allPlatforms && !ifChanged) return { kind: 'image', result: await slim(rest) };
  const resolved = resolveOptions(rest);
  checkDestination(resolved);
  checkSideFiles(resolved, { ifChanged });
  checkDebugImage(resolved, { allPlatforms });
  if (allPlatforms) checkAllPlatforms(resolved);
  if (ifChanged) checkIfChanged(resolved);
  const location = sourceLocation(resolved);
  if (location.kind === 'rootfs') {
    const flag = allPlatforms ? '--all-platforms' : '--if-changed';
    throw new UsageError(`cannot use ${flag} with "${resolved.image}": a directory is no image`);
  }
  const source = await openSourceMedium(location, resolved, { allPlatforms });
  try {
    return allPlatforms
      ? await slimIndex(source, resolved, ifChanged)
      : await slimIfChanged(source, resolved);
  } finally {
    await source.close();
  }
}

async function slimIfChanged(source: SourceMedium, options: ResolvedOptions): Promise<SlimOutcome> {
  const image = await source.medium.open(source.query);
  const names = namesOf(image, source);
  const digest = sourceDigest(image);
  const name = resultName(names.defaultName, options);
  const unchanged = await unchangedResult({ sources: [digest], name }, options, {
    name: names.name ?? options.image,
    digest,
  });
  if (unchanged !== undefined) return { kind: 'unchanged', result: unchanged };
  const opened = await mergeImage(image, source, options);
  try {
    return { kind: 'image', result: await slimAndWrite(opened, options) };
  } finally {
    await opened.close();
  }
}
