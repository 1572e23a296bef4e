import type { batch as BatchJob } from '../batch/batch.ts';
import type { parseImageList as ParseImageList } from '../batch/image-list.ts';
import type { slim as SlimJob } from '../slim.ts';
import type { openImage as OpenImageJob } from '../source/open-image.ts';
import type { listCache as ListCacheJob, pruneCache as PruneCacheJob } from './cache.ts';
import type { diff as DiffJob } from './diff.ts';
import type { inspect as InspectJob } from './inspect.ts';
import type { listLibraries as ListLibrariesJob } from './list-libraries.ts';
import type { resolveLibraries as ResolveLibrariesJob } from './resolve-libraries.ts';
import type { slimJob as SlimJobJob } from './slim-job.ts';
import type { verify as VerifyJob } from './verify.ts';
import type { why as WhyJob } from './why.ts';

/*
 * What the library does, each job loaded when it is first done: `oslim --version` and the help need none of them, and
 * reading the modules takes longer than many a job.
 */

/**
 * Slims one image. Nothing of the image is run or extracted, and nothing is visible at a destination before it is whole.
 * Throws OslimError.
 */
export const slim: typeof SlimJob = async (options) => (await import('../slim.ts')).slim(options);

/** Does all that `oslim IMAGE` can: `slim` for one image or for every platform's, perhaps only if needed. Throws OslimError. */
export const slimJob: typeof SlimJobJob = async (options) => (await import('./slim-job.ts')).slimJob(options);

/**
 * Slims many images with a bounded number of processes; one that fails does not stop the rest. Throws the signal's reason when
 * it is aborted: what was told by then is done.
 */
export const batch: typeof BatchJob = async (options) => (await import('../batch/batch.ts')).batch(options);

/** Returns the images that a list, a compose file or Kubernetes manifests name. Throws UsageError. */
export const parseImageList = async (
  ...of: Parameters<typeof ParseImageList>
): Promise<ReturnType<typeof ParseImageList>> =>
  (await import('../batch/image-list.ts')).parseImageList(...of);

/** Opens one platform's image and merges its layers, in memory and without extracting anything. Throws OslimError. */
export const openImage: typeof OpenImageJob = async (options) =>
  (await import('../source/open-image.ts')).openImage(options);

/** Says what an image is made of. Throws OslimError. */
export const inspect: typeof InspectJob = async (options) => (await import('./inspect.ts')).inspect(options);

/** Says why a path of an image is kept, or why not. Throws ImageError when the image has no such path. */
export const why: typeof WhyJob = async (options) => (await import('./why.ts')).why(options);

/** Compares two images: what was added, removed or changed, by package, directory and file. Throws OslimError. */
export const diff: typeof DiffJob = async (options) => (await import('./diff.ts')).diff(options);

/**
 * Checks an image without running it: its digests, what its config names, and that the loader finds everything that the
 * process starts. What is wrong with the image is a finding; throws OslimError where it cannot be had.
 */
export const verify: typeof VerifyJob = async (options) => (await import('./verify.ts')).verify(options);

/** Opens an image and says what its own loader would load for the files asked for. Throws OslimError. */
export const listLibraries: typeof ListLibrariesJob = async (options) =>
  (await import('./list-libraries.ts')).listLibraries(options);

/**
 * Says what the image's own loader would load for files of an image that is open already. Throws ImageError or FormatError
 * for a path in `paths` that is no readable ELF file.
 */
export const resolveLibraries = async (
  ...of: Parameters<typeof ResolveLibrariesJob>
): Promise<ReturnType<typeof ResolveLibrariesJob>> =>
  (await import('./resolve-libraries.ts')).resolveLibraries(...of);

/** Returns what the cache holds; a cache that is not there yet holds nothing. */
export const listCache: typeof ListCacheJob = async () => (await import('./cache.ts')).listCache();

/** Removes files from the cache, and what killed runs left in it; other runs may go on using it meanwhile. Throws TransportError. */
export const pruneCache: typeof PruneCacheJob = async (options) =>
  (await import('./cache.ts')).pruneCache(options);
