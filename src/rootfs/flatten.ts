import { availableParallelism } from 'node:os';
import type { Layer } from '../image/image.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import { applyChanges } from './apply-layer.ts';
import type { Change } from './change.ts';
import { Directory } from './directory.ts';
import type { DirectoryInode } from './inode.ts';
import type { LayerCache } from './layer-cache/layer-cache.ts';
import type { LayerReaders } from './layer-reading.ts';
import { type Changeset, type ReadContext, readChangeset } from './read-changeset.ts';
import { Rootfs } from './rootfs.ts';
import { HAS_THREADS, ScanThreads } from './scan/scan-threads.ts';

/** How far `flatten` is: stored bytes (compressed, where they are) of all layers. */
export interface FlattenProgress {
  readonly bytes: number;
  /** As the descriptors say. */
  readonly totalBytes: number;
}

export interface FlattenOptions {
  readonly limits?: Limits;
  /** Layers that are read at the same time; by default one for each processor, 2 to 4. */
  readonly concurrency?: number;
  /** What is known of layers from other runs; absent: every layer is read. */
  readonly cache?: LayerCache | undefined;
  /** Who reads large layers, closed afterwards; by default threads. */
  readonly readers?: LayerReaders;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FlattenProgress) => void;
  /** Called for each layer, lowest first, with what it changes and the filesystem that it is applied to afterwards. */
  readonly onLayer?: (index: number, changes: readonly Change[], below: DirectoryInode) => void;
}

export interface FlattenStats {
  /** Entries of all layers, replaced and deleted ones and whiteouts included. */
  readonly entries: number;
  /** Stored bytes of all layers. */
  readonly bytes: number;
  /** Bytes of the uncompressed tars. */
  readonly uncompressedBytes: number;
  /** Bytes of them that were spooled. */
  readonly spooledBytes: number;
}

/** Flattened is a merged filesystem and where its contents are kept: `close` ends reading them, and remembers what was read. */
export interface Flattened {
  readonly rootfs: Rootfs;
  readonly stats: FlattenStats;
  close(): Promise<void>;
}

/**
 * Merges `layers`, lowest first, into one filesystem. Every blob is read once and verified against its diffID; the first
 * error of any layer (see `readChangeset`, `applyChanges`) ends it and leaves nothing open.
 */
export async function flatten(layers: readonly Layer[], options: FlattenOptions = {}): Promise<Flattened> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  checkLimit(limits, 'layers', layers.length, 'image');
  const stop = new AbortController();
  const readers = options.readers ?? (HAS_THREADS ? new ScanThreads() : undefined);
  const context = contextOf(layers, options, { limits, readers, stop: stop.signal });
  const reading = startReading(layers, options.concurrency ?? defaultConcurrency(), context);
  const root = new Directory();
  const open: Omit<Changeset, 'changes'>[] = [];
  try {
    for (const [index, changeset] of reading.entries()) {
      const { changes, ...kept } = await changeset;
      open.push(kept);
      // Gone from here on: a changeset is as large as the tree that it becomes.
      reading[index] = Promise.resolve({ ...kept, changes: [] });
      options.onLayer?.(index, changes, root);
      applyChanges(root, changes);
    }
  } catch (error) {
    stop.abort(error);
    for (const settled of await Promise.allSettled(reading))
      if (settled.status === 'fulfilled') await settled.value.close();
    throw error;
  } finally {
    await readers?.close();
  }
  return {
    rootfs: new Rootfs(root, limits),
    stats: { ...context.stats(), ...sums(open) },
    async close() {
      for (const changeset of open) await changeset.close();
    },
  };
}

interface CountingContext extends ReadContext {
  stats(): Pick<FlattenStats, 'entries' | 'bytes'>;
}

function contextOf(
  layers: readonly Layer[],
  options: FlattenOptions,
  { limits, readers, stop }: Pick<ReadContext, 'limits' | 'readers'> & { readonly stop: AbortSignal },
): CountingContext {
  const totalBytes = layers.reduce((total, layer) => total + layer.descriptor.size, 0);
  const entries = { count: 0 };
  let bytes = 0;
  return {
    limits,
    readers,
    cache: options.cache,
    signal: options.signal === undefined ? stop : AbortSignal.any([stop, options.signal]),
    entries,
    onRead(more) {
      bytes += more;
      options.onProgress?.({ bytes, totalBytes });
    },
    stats: () => ({ entries: entries.count, bytes }),
  };
}

/** Two layers overlap reading and inflating even on one processor; more than four wait for the thread that merges. */
function defaultConcurrency(): number {
  return Math.min(Math.max(2, availableParallelism()), 4);
}

/**
 * Starts reading the layers, `concurrency` at a time, the largest first, so that none is left over at the end; the promises
 * are in the layers' order.
 */
function startReading(
  layers: readonly Layer[],
  concurrency: number,
  context: ReadContext,
): Promise<Changeset>[] {
  const active = new Set<Promise<unknown>>();
  const start = async (layer: Layer, index: number): Promise<{ readonly reading: Promise<Changeset> }> => {
    while (active.size >= concurrency) await Promise.race(active);
    context.signal.throwIfAborted();
    const reading = readChangeset(layer, index, context);
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    active.add(settled);
    void settled.then(() => active.delete(settled));
    return { reading };
  };
  let turn: Promise<unknown> = Promise.resolve();
  const results: Promise<Changeset>[] = [];
  const bySize = [...layers.entries()].sort(([, a], [, b]) => b.descriptor.size - a.descriptor.size);
  for (const [index, layer] of bySize) {
    const started = turn.then(() => start(layer, index));
    // Failures reach `flatten` through the promise below, when its turn comes; until then they are not "unhandled".
    turn = started.catch(() => undefined);
    const result = started.then(({ reading }) => reading);
    result.catch(() => undefined);
    results[index] = result;
  }
  return results;
}

function sums(
  changesets: readonly Omit<Changeset, 'changes'>[],
): Pick<FlattenStats, 'uncompressedBytes' | 'spooledBytes'> {
  const sum = (of: (changeset: Omit<Changeset, 'changes'>) => number): number =>
    changesets.reduce((total, one) => total + of(one), 0);
  return { uncompressedBytes: sum(({ size }) => size), spooledBytes: sum(({ spooled }) => spooled) };
}
