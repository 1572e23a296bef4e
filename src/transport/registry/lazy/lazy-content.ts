import { InternalError } from '../../../errors.ts';
import type { ByteRange, RemoteAccess } from '../../../io/remote-access.ts';
import type { Digest } from '../../../oci/digest.ts';
import type { FrameRequest, WantedFrame } from './frame-request.ts';
import type { FrameThread } from './frame-thread.ts';
import type { LoadedTable } from './load-table.ts';

/** LazyContent is the contents of all files of a layer, one after another; what is read of them is fetched once. */
export class LazyContent implements RemoteAccess {
  readonly size: number;
  readonly #table: LoadedTable;
  readonly #blob: FrameRequest['blob'];
  readonly #thread: Pick<FrameThread, 'allocate' | 'fetch' | 'fetchNow' | 'read'>;
  /** Where in the thread's file each chunk is; -1: not there. */
  readonly #places: Float64Array;

  constructor(
    table: LoadedTable,
    blob: { readonly digest: Digest; readonly size: number },
    thread: Pick<FrameThread, 'allocate' | 'fetch' | 'fetchNow' | 'read'>,
  ) {
    this.size = table.size;
    this.#table = table;
    this.#blob = { digest: blob.digest, size: blob.size };
    this.#thread = thread;
    this.#places = new Float64Array(table.chunks.length).fill(-1);
  }

  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw new InternalError(`a layer of ${this.size} bytes was read at ${offset} for ${length} bytes`);
    if (length === 0) return new Uint8Array(0);
    const first = this.#chunkAt(offset);
    const last = this.#chunkAt(offset + length - 1);
    const missing = this.#missing(first, last, new Set());
    if (missing.size > 0) {
      const { request, placed } = this.#requestFor(missing);
      this.#thread.fetchNow(request);
      this.#place(placed);
    }
    if (first === last) return this.#readChunk(first, offset, length);
    const parts: Uint8Array[] = [];
    for (let at = offset, index = first; index <= last; index++) {
      const { start, size } = this.#chunk(index);
      const part = Math.min(start + size, offset + length) - at;
      parts.push(this.#readChunk(index, at, part));
      at += part;
    }
    return Buffer.concat(parts, length);
  }

  async prefetch(ranges: readonly ByteRange[]): Promise<void> {
    const missing = new Set<number>();
    for (const { offset, length } of ranges) {
      if (length > 0) this.#missing(this.#chunkAt(offset), this.#chunkAt(offset + length - 1), missing);
    }
    if (missing.size === 0) return;
    const { request, placed } = this.#requestFor(missing);
    await this.#thread.fetch(request);
    this.#place(placed);
  }

  /** Adds the frames of those chunks from `first` to `last` that are not here. */
  #missing(first: number, last: number, frames: Set<number>): Set<number> {
    for (let index = first; index <= last; index++) {
      const { stored } = this.#chunk(index);
      if (stored !== undefined && this.#places[index] === -1) frames.add(stored.frame);
    }
    return frames;
  }

  #requestFor(frames: ReadonlySet<number>): {
    readonly request: FrameRequest;
    readonly placed: ReadonlyMap<number, number>;
  } {
    const placed = new Map<number, number>();
    const wanted: WantedFrame[] = [];
    for (const frame of frames) {
      const found = this.#table.frames[frame];
      if (found === undefined) throw new InternalError(`a table has no frame ${frame}`);
      const { offset, end, inflatedSize } = found;
      const chunks = found.chunks.flatMap((index) => {
        const { size, stored } = this.#chunk(index);
        if (stored === undefined) return [];
        const at = this.#thread.allocate(size);
        placed.set(index, at);
        return [{ skip: stored.skip, size, digest: stored.digest, at }];
      });
      wanted.push({ offset, end, inflatedSize, chunks });
    }
    return { request: { blob: this.#blob, kind: this.#table.kind, frames: wanted }, placed };
  }

  #place(placed: ReadonlyMap<number, number>): void {
    for (const [index, at] of placed) this.#places[index] = at;
  }

  #readChunk(index: number, offset: number, length: number): Uint8Array {
    const { start, stored } = this.#chunk(index);
    if (stored === undefined) return new Uint8Array(length);
    return this.#thread.read((this.#places[index] ?? -1) + offset - start, length);
  }

  #chunk(index: number): LoadedTable['chunks'][number] {
    const chunk = this.#table.chunks[index];
    if (chunk === undefined) throw new InternalError(`a table has no chunk ${index}`);
    return chunk;
  }

  /** Returns the index of the chunk that the byte at `offset` is in. */
  #chunkAt(offset: number): number {
    const { chunks } = this.#table;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((chunks[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
