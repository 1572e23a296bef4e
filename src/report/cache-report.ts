import type { CachedFile, CacheKind } from '../io/cache-folder.ts';
import type { CacheListing, PruneResult } from '../jobs/cache.ts';
import { formatBytes } from './plain-text.ts';

/** Version of the documents that `--json` prints, as that of `slim`. */
const SCHEMA = '1.0';
const KIND_NAMES: Readonly<Record<CacheKind, string>> = { blobs: 'blob', layers: 'layer' };

/** Returns the cache as a table for people, without a final newline. */
export function cacheListText({ directory, files }: CacheListing): string {
  const rows = files.map(
    ({ kind, digest, size, usedAt }) =>
      `${KIND_NAMES[kind].padEnd(5)}  ${digest}  ${formatBytes(size).padStart(8)}  ${minuteOf(usedAt)}`,
  );
  return [...rows, `${countOf(files)}, ${formatBytes(sizeOf(files))} in ${directory}`].join('\n');
}

/** Returns the cache as a document of plain values; sizes are bytes, times RFC 3339. */
export function cacheListJson({ directory, files }: CacheListing): Readonly<Record<string, unknown>> {
  const [blobs, layers] = (['blobs', 'layers'] as const).map((kind) =>
    files.filter((file) => file.kind === kind),
  );
  return {
    schema: SCHEMA,
    directory,
    bytes: sizeOf(files),
    blobs: blobs?.map(fileJson),
    layers: layers?.map(fileJson),
  };
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
  return {
    schema: SCHEMA,
    directory,
    removed: removed.map((file) => ({ kind: KIND_NAMES[file.kind], ...fileJson(file) })),
    leftovers,
    keptBytes,
  };
}

function fileJson({ digest, size, usedAt }: CachedFile) {
  return { digest, size, usedAt: usedAt.toISOString() };
}

function sizeOf(files: readonly CachedFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function countOf(files: readonly CachedFile[]): string {
  return files.length === 1 ? '1 file' : `${files.length} files`;
}

/** UTC, so that the same cache is the same text everywhere. */
function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
