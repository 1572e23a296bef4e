import { createRequire } from 'node:module';
import zlib from 'node:zlib';
import { FormatError, InternalError, reasonOf } from '../errors.ts';
import { zstdFrames } from './zstd-frames.ts';

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

interface Stream {
  begin(): void;
  transform(chunk: Uint8Array, take: (chunk: Uint8Array) => void): boolean;
}
interface Binding {
  onRuntimeInitialized: () => void;
  /** What it has to say of its own end would be on standard output. */
  readonly print: () => void;
  readonly printErr: () => void;
  readonly TOTAL_MEMORY?: number;
  readonly ZstdDecompressStreamBinding?: new () => Stream;
}

/**
 * zstd-codec's two builds. WebAssembly is three times as fast, but its 16 MiB cannot grow; tables of contents that podman
 * and skopeo write have a window of 32 MiB. RFC 8878 section 3.1.1.1.2 asks decoders for 8 MiB.
 */
const BUILDS = {
  fast: { file: 'zstd-codec-binding-wasm.js' },
  roomy: { file: 'zstd-codec-binding.js', memory: 256 << 20 },
} as const;
const FAST_WINDOW_BYTES = 8 << 20;

/** One stream inflates frame after frame; after a damaged one there is a new one. */
function byCodec(): InflateFrame {
  const streams = new Map<keyof typeof BUILDS, Promise<Stream>>();
  return async (bytes, wanted) => {
    const build = windowOf(bytes, wanted) <= FAST_WINDOW_BYTES ? 'fast' : 'roomy';
    const opening = streams.get(build) ?? openStream(build);
    streams.set(build, opening);
    const stream = await opening;
    const pieces = await collect(zstdFrames(once(bytes), 'a chunk'));
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
      streams.delete(build);
      throw damaged('zstd', error);
    }
    return Buffer.concat(parts, length);
  };
}

async function openStream(build: keyof typeof BUILDS): Promise<Stream> {
  const { file, ...rest } = BUILDS[build];
  const load = createRequire(import.meta.url)(`zstd-codec/lib/${file}`) as (binding: Binding) => void;
  const memory = 'memory' in rest ? { TOTAL_MEMORY: rest.memory } : {};
  const Stream = await new Promise<Binding['ZstdDecompressStreamBinding']>((resolve) => {
    const binding: Binding = {
      ...memory,
      print: () => {},
      printErr: () => {},
      onRuntimeInitialized: () => resolve(binding.ZstdDecompressStreamBinding),
    };
    withoutListeners(() => load(binding));
  });
  if (Stream === undefined) throw new InternalError('zstd-codec has no stream');
  const stream = new Stream();
  stream.begin();
  return stream;
}

/** The codec wants to hear of everything in the process that nobody catches, and would end it in its own way. */
function withoutListeners(load: () => void): void {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  load();
  for (const event of events) {
    for (const listener of process.rawListeners(event))
      if (!before.has(listener)) process.removeListener(event, listener as () => void);
  }
}

/** Returns how many bytes back a frame may refer (RFC 8878 section 3.1.1.1.2): `size`, all of it, where it does not say. */
function windowOf(bytes: Uint8Array, size: number): number {
  const [, , , , flags = 0, window = 0] = bytes;
  const isSingleSegment = (flags & 0x20) !== 0;
  if (isSingleSegment) return size;
  const base = 2 ** (10 + (window >> 3));
  return base + (base / 8) * (window & 7);
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
