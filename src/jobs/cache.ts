import { type CachedFile, CacheFolder, type PrunedFiles } from '../io/cache-folder.ts';

/** CacheListing is what the cache holds, pulled blobs and what is known of layers, the least recently used first. */
export interface CacheListing {
  readonly directory: string;
  readonly files: readonly CachedFile[];
}

/** PruneResult is what went out of the cache. */
export interface PruneResult extends PrunedFiles {
  readonly directory: string;
}

/** What of the cache may go; with neither, everything. */
export interface PruneCacheOptions {
  /** Bytes that may be left. */
  readonly maxBytes?: number | undefined;
  /** Files that were not used for so long go. */
  readonly unusedForMs?: number | undefined;
}

/** Returns what the cache holds; a cache that is not there yet holds nothing. */
export async function listCache(): Promise<CacheListing> {
  const cache = new CacheFolder();
  return { directory: cache.directory, files: await cache.list() };
}

/** Removes files from the cache, and what killed runs left in it; other runs may go on using it meanwhile. Throws TransportError. */
export async function pruneCache({ maxBytes, unusedForMs }: PruneCacheOptions = {}): Promise<PruneResult> {
  const cache = new CacheFolder();
  const unusedSince = unusedForMs === undefined ? undefined : new Date(Date.now() - unusedForMs);
  return { directory: cache.directory, ...(await cache.prune({ maxBytes, unusedSince })) };
}
