import { UnsupportedError } from '../../errors.ts';
import type { Digest } from '../../oci/digest.ts';
import { malformed } from './toc-entry.ts';

/** Chunk is a stretch of a file that can be fetched and verified by itself. In bytes. */
export interface Chunk {
  /** In the contents of all files one after another. */
  readonly start: number;
  readonly size: number;
  /** Absent: it is nothing but zeros. */
  readonly stored?: {
    readonly digest: Digest;
    /** Index of the frame that it is in. */
    readonly frame: number;
    /** Inflated bytes of the frame before it. */
    readonly skip: number;
  };
}

/** Frame is a stretch of the blob that inflates by itself: a zstd frame, or one or more gzip members. In bytes. */
export interface Frame {
  readonly offset: number;
  readonly end: number;
  /** Indexes of the chunks that are in it, in their order there. */
  readonly chunks: readonly number[];
  /** What it inflates to, up to the end of the last chunk. */
  readonly inflatedSize: number;
}

/** A chunk and the offset where the blob says that its frame begins. */
export interface PlacedChunk {
  readonly start: number;
  readonly size: number;
  readonly offset: number;
  /** Where its frame ends at the latest. */
  readonly end?: number;
  /** Absent: zeros. */
  readonly digest?: Digest;
  readonly skip?: number;
}

/** A frame is held in memory whole; writers cut files at some 64 KiB or 4 MiB. */
const MAX_FRAME_BYTES = 64 << 20;
const MAX_INFLATED_BYTES = 256 << 20;

/** Returns the frames of these chunks, each from its offset to where something else begins. Throws FormatError, UnsupportedError. */
export function framesOf(
  placed: readonly PlacedChunk[],
  framesEnd: number,
): { readonly chunks: readonly Chunk[]; readonly frames: readonly Frame[] } {
  const chunks: Chunk[] = placed.map(({ start, size }) => ({ start, size }));
  const offsets = Float64Array.from(placed, ({ offset }) => offset).sort();
  const byOffset = placed.map((_, index) => index).filter((index) => placed[index]?.digest !== undefined);
  byOffset.sort((a, b) => compare(placed[a], placed[b]));
  const frames: Frame[] = [];
  let nextOffset = 0;
  for (let at = 0; at < byOffset.length; ) {
    const offset = placed[byOffset[at] ?? -1]?.offset ?? 0;
    while ((offsets[nextOffset] ?? Number.POSITIVE_INFINITY) <= offset) nextOffset++;
    let end = Math.min(framesEnd, offsets[nextOffset] ?? framesEnd);
    let inflatedSize = 0;
    const inside: number[] = [];
    for (; at < byOffset.length; at++) {
      const index = byOffset[at] ?? -1;
      const chunk = placed[index];
      if (chunk?.digest === undefined || chunk.offset !== offset) break;
      const { start, size, skip = 0, digest } = chunk;
      if (skip < inflatedSize) throw malformed(`two chunks are in the same bytes at ${offset}`);
      inflatedSize = skip + size;
      if (chunk.end !== undefined) end = Math.min(end, chunk.end);
      chunks[index] = { start, size, stored: { digest, frame: frames.length, skip } };
      inside.push(index);
    }
    frames.push(checked({ offset, end, chunks: inside, inflatedSize }));
  }
  return { chunks, frames };
}

function compare(a: PlacedChunk | undefined, b: PlacedChunk | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.offset - b.offset || (a.skip ?? 0) - (b.skip ?? 0);
}

function checked(frame: Frame): Frame {
  const { offset, end, inflatedSize } = frame;
  if (end <= offset) throw malformed(`a chunk at ${offset} is past the end of the contents`);
  if (end - offset > MAX_FRAME_BYTES || inflatedSize > MAX_INFLATED_BYTES)
    throw new UnsupportedError(
      `cannot read table of contents: the chunk at ${offset} is too large to be fetched alone`,
    );
  return frame;
}
