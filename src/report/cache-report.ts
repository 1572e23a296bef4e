import type { CacheListing, PruneResult } from '../cache.ts';
import type { CachedBlob } from '../transport/blob-cache/blob-cache.ts';
import { formatBytes } from './plain-text.ts';

/** Version of the documents that `--json` prints, as that of `slim`. */
const SCHEMA = '1.0';

/** Returns the cache as a table for people, without a final newline. */
export function cacheListText({ directory, blobs }: CacheListing): string {
  const rows = blobs.map(
    ({ digest, size, usedAt }) => `${digest}  ${formatBytes(size).padStart(8)}  ${minuteOf(usedAt)}`,
  );
  return [...rows, `${countOf(blobs)}, ${formatBytes(sizeOf(blobs))} in ${directory}`].join('\n');
}

/** Returns the cache as a document of plain values; sizes are bytes, times RFC 3339. */
export function cacheListJson({ directory, blobs }: CacheListing): Readonly<Record<string, unknown>> {
  return { schema: SCHEMA, directory, bytes: sizeOf(blobs), blobs: blobs.map(blobJson) };
}

/** Returns what was pruned in words, without a final newline. */
export function pruneText({ directory, removed, leftovers, keptBytes }: PruneResult): string {
  const many = leftovers === 1 ? '1 file of a killed run' : `${leftovers} files of killed runs`;
  const files = leftovers === 0 ? '' : `, and ${many}`;
  const gone = `removed ${countOf(removed)}, ${formatBytes(sizeOf(removed))}${files}`;
  return `${gone}; ${formatBytes(keptBytes)} left in ${directory}`;
}

/** Returns what was pruned as a document of plain values. */
export function pruneJson({
  directory,
  removed,
  leftovers,
  keptBytes,
}: PruneResult): Readonly<Record<string, unknown>> {
  return { schema: SCHEMA, directory, removed: removed.map(blobJson), leftovers, keptBytes };
}

function blobJson({ digest, size, usedAt }: CachedBlob) {
  return { digest, size, usedAt: usedAt.toISOString() };
}

function sizeOf(blobs: readonly CachedBlob[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}

function countOf(blobs: readonly CachedBlob[]): string {
  return blobs.length === 1 ? '1 blob' : `${blobs.length} blobs`;
}

/** UTC, so that the same cache is the same text everywhere. */
function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
