import zlib from 'node:zlib';
import { FormatError, reasonOf } from '../errors.ts';
import { zstdFrames } from './zstd-frames.ts';
import { needsRoom, ZstdStreams } from './zstd-stream.js';

export type FrameKind = 'gzip' | 'zstd';

/** Inflates a frame that lies in memory whole; gives at least its first `wanted` bytes, or all. */
export type InflateFrame = (bytes: Uint8Array, wanted: number) => Promise<Uint8Array>;

/**
 * What may come out behind the bytes that are wanted: an eStargz chunk's gzip member goes on with the padding and the
 * headers of the entries up to the next contents.
 */
const SLACK_BYTES = 32 << 20;

/**
 * Returns what inflates frames of a kind, all in the calling thread: for one that has nothing else to do. It throws
 * FormatError, also when much more comes out than is wanted.
 */
export async function frameInflater(kind: FrameKind): Promise<InflateFrame> {
  if (kind === 'gzip') return byNode(kind, zlib.gunzipSync);
  const native: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  return typeof native === 'function' ? byNode(kind, native as typeof zlib.gunzipSync) : byCodec();
}

function byNode(kind: FrameKind, inflate: typeof zlib.gunzipSync): InflateFrame {
  return async (bytes, wanted) => {
    try {
      return inflate(bytes, { maxOutputLength: wanted + SLACK_BYTES });
    } catch (error) {
      throw damaged(kind, error);
    }
  };
}

/** One stream inflates frame after frame; after a damaged one there is a new one. */
function byCodec(): InflateFrame {
  const streams = new ZstdStreams();
  return async (bytes, wanted) => {
    const pieces = await collect(zstdFrames(once(bytes), 'a chunk'));
    const stream = await streams.for(pieces.some(({ windowBytes = 0 }) => needsRoom(windowBytes)));
    // From here on nothing is awaited: other frames are inflated by the same stream.
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for (const piece of pieces) {
        // What `take` gets is a view of the codec's memory, which the next block overwrites.
        const isGood = stream.transform(piece.bytes, (part) => {
          length += part.length;
          parts.push(Uint8Array.from(part));
        });
        if (!isGood) throw new Error('its bytes are damaged');
        if (length > wanted + SLACK_BYTES) throw new Error('more comes out of it than its table says');
      }
    } catch (error) {
      streams.clear();
      throw damaged('zstd', error);
    }
    return Buffer.concat(parts, length);
  };
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function damaged(kind: FrameKind, error: unknown): FormatError {
  return new FormatError(kind, 0, `cannot decompress a chunk: ${reasonOf(error)}`, { cause: error });
}
