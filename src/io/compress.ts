import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InternalError, reasonOf } from '../errors.ts';

export type CompressionFormat = 'gzip' | 'zstd';

interface CompressOptions {
  readonly format: CompressionFormat;
  /** How many blocks are compressed side by side; the bytes do not depend on it. */
  readonly threads?: number;
  /** Threads that run already, the caller's to close; absent: some are started. */
  readonly compressor?: Compressor | undefined;
}

/** Every block of this many bytes becomes a gzip member or zstd frame of its own (docs/decisions/0002-gzip.md). */
export const BLOCK_BYTES = 1 << 20;
/** Blocks for each thread that are in memory: the threads have work while the main thread has other things to do. */
const BLOCKS_PER_THREAD = 4;
/** More threads than this wait for the one that hashes. */
const MAX_THREADS = 8;

/**
 * Yields `source` compressed in worker threads. The same input gives the same bytes on every machine, whatever the
 * chunks that it comes in and the number of threads. Memory is bounded by BLOCKS_PER_THREAD.
 */
export async function* compress(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CompressOptions,
): AsyncGenerator<Uint8Array> {
  const pool = options.compressor ?? new Compressor(options.format, options.threads);
  const pending: Promise<Uint8Array>[] = [];
  try {
    for await (const block of blocksOf(source)) {
      pending.push(pool.compress(block));
      const next = pending.length < BLOCKS_PER_THREAD * pool.threads ? undefined : pending.shift();
      if (next !== undefined) yield await next;
    }
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) yield await next;
  } finally {
    if (pool !== options.compressor) await pool.close();
  }
}

/** Yields `source` cut anew into blocks of BLOCK_BYTES (the last one shorter), each with a buffer of its own; an empty source is one empty block. */
async function* blocksOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      // A full block waits for the next byte: only an empty source makes an empty block.
      if (filled === BLOCK_BYTES) {
        yield block;
        block = new Uint8Array(BLOCK_BYTES);
        filled = 0;
      }
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  yield block.slice(0, filled);
}

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Compressor hands blocks to its worker threads in turn; they start when the first blocks come, or with `start`. `close` it. */
export class Compressor {
  readonly format: CompressionFormat;
  readonly threads: number;
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: InternalError | undefined;

  constructor(format: CompressionFormat, threads = availableParallelism()) {
    this.format = format;
    this.threads = Math.max(1, Math.min(threads, MAX_THREADS));
  }

  /** Starts so many of the threads, which takes longer than a block does: for whoever has other work until there is one. */
  start(count = this.threads): void {
    while (this.#workers.length < count) this.#start();
  }

  compress(block: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const id = this.#next++;
    const result = new Promise<Uint8Array>((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      else this.#waiting.set(id, { resolve, reject });
    });
    // Whoever awaits it sees the failure; the others must not end the process as unhandled.
    result.catch(() => undefined);
    const worker = this.#workers[id % this.threads] ?? this.#start();
    worker.postMessage({ id, format: this.format, block }, [block.buffer]);
    return result;
  }

  async close(): Promise<void> {
    this.#waiting.clear();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./compress-worker.js', import.meta.url));
    worker.on('message', ({ id, bytes }: { readonly id: number; readonly bytes: Uint8Array }) => {
      this.#waiting.get(id)?.resolve(bytes);
      this.#waiting.delete(id);
    });
    worker.on('error', (error) => this.#fail(reasonOf(error)));
    worker.on('exit', (code) => this.#fail(`the thread ended with ${code}`));
    this.#workers.push(worker);
    return worker;
  }

  #fail(reason: string): void {
    this.#failure ??= new InternalError(`cannot compress: ${reason}`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
