import { BlobCache, type CachedBlob, type PrunedBlobs } from './transport/blob-cache/blob-cache.ts';

/** CacheListing is what the cache of pulled blobs holds, the least recently used first. */
export interface CacheListing {
  readonly directory: string;
  readonly blobs: readonly CachedBlob[];
}

/** PruneResult is what went out of the cache. */
export interface PruneResult extends PrunedBlobs {
  readonly directory: string;
}

/** What of the cache may go; with neither, everything. */
export interface PruneCacheOptions {
  /** Bytes that may be left. */
  readonly maxBytes?: number | undefined;
  /** Blobs that were not used for so long go. */
  readonly unusedForMs?: number | undefined;
}

/** Returns what the cache of pulled blobs holds; a cache that is not there yet holds nothing. */
export async function listCache(): Promise<CacheListing> {
  const cache = new BlobCache();
  return { directory: cache.directory, blobs: await cache.list() };
}

/** Removes blobs from the cache, and what killed runs left in it; other runs may go on using it meanwhile. Throws TransportError. */
export async function pruneCache({ maxBytes, unusedForMs }: PruneCacheOptions = {}): Promise<PruneResult> {
  const cache = new BlobCache();
  const unusedSince = unusedForMs === undefined ? undefined : new Date(Date.now() - unusedForMs);
  return { directory: cache.directory, ...(await cache.prune({ maxBytes, unusedSince })) };
}
