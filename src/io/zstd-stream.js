// Opens zstd-codec for Node before 22.15, which has no zstd of its own. Plain JavaScript with types in comments: a worker
// thread uses it too, where Node 20 cannot load TypeScript and the tests run on the sources.

import { createRequire } from 'node:module';

/**
 * Inflates frame after frame. What `take` gets is a view of the codec's memory, which the next block overwrites.
 * @typedef {{ begin(): void, transform(chunk: Uint8Array, take: (chunk: Uint8Array) => void): boolean }} ZstdStream
 */
/**
 * `print` and `printErr`: what the codec has to say of its own end would be on standard output.
 * @typedef {{ onRuntimeInitialized: () => void, print: () => void, printErr: () => void, TOTAL_MEMORY?: number,
 *   ZstdDecompressStreamBinding?: new () => ZstdStream }} Binding
 */

/**
 * zstd-codec's two builds. WebAssembly is three times as fast, but its 16 MiB cannot grow; layers and tables of contents
 * that podman and skopeo write have windows of up to 32 MiB. RFC 8878 section 3.1.1.1.2 asks decoders for 8 MiB.
 */
const FAST = { file: 'zstd-codec-binding-wasm.js', memory: {} };
const ROOMY = { file: 'zstd-codec-binding.js', memory: { TOTAL_MEMORY: 256 << 20 } };
const FAST_WINDOW_BYTES = 8 << 20;

/**
 * Does a frame that refers `windowBytes` back need the stream for large ones?
 * @param {number} windowBytes
 */
export function needsRoom(windowBytes) {
  return windowBytes > FAST_WINDOW_BYTES;
}

/** Keeps a stream for frames of small windows and one for frames of large ones, each opened when it is first wanted. */
export class ZstdStreams {
  /** @type {Map<typeof FAST | typeof ROOMY, Promise<ZstdStream>>} */
  #opened = new Map();

  /**
   * Returns the stream for frames that need no room, or for those that do.
   * @param {boolean} isRoomy
   * @returns {Promise<ZstdStream>}
   */
  for(isRoomy) {
    const build = isRoomy ? ROOMY : FAST;
    const stream = this.#opened.get(build) ?? openStream(build);
    this.#opened.set(build, stream);
    return stream;
  }

  /** Forgets all streams: one that met damaged bytes is of no use for the next frame. */
  clear() {
    this.#opened.clear();
  }
}

/**
 * @param {typeof FAST | typeof ROOMY} build
 * @returns {Promise<ZstdStream>}
 */
async function openStream({ file, memory }) {
  /** @type {(binding: Binding) => void} */
  const load = createRequire(import.meta.url)(`zstd-codec/lib/${file}`);
  /** @type {Binding['ZstdDecompressStreamBinding']} */
  const Stream = await new Promise((resolve) => {
    /** @type {Binding} */
    const binding = {
      ...memory,
      print: () => {},
      printErr: () => {},
      onRuntimeInitialized: () => resolve(binding.ZstdDecompressStreamBinding),
    };
    withoutListeners(() => load(binding));
  });
  if (Stream === undefined) throw new Error('zstd-codec has no stream');
  const stream = new Stream();
  stream.begin();
  return stream;
}

/**
 * The codec wants to hear of everything in the process that nobody catches, and would end it in its own way.
 * @param {() => void} load
 */
function withoutListeners(load) {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  load();
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.removeListener(event, /** @type {() => void} */ (listener));
    }
  }
}
