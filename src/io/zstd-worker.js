// Inflates zstd off the main thread where node:zlib cannot (Node before 22.15). Plain JavaScript with types in
// comments, because Node 20 cannot load TypeScript in a worker and the tests run on the sources.
// In: Uint8Array (the next bytes of frames). Out: Uint8Array[] (what they inflate to), or a string (why they do not).

import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';

/**
 * @typedef {{ begin(): void, transform(chunk: Uint8Array, take: (chunk: Uint8Array) => void): boolean }} Stream
 * @typedef {{ ZstdDecompressStreamBinding: new () => Stream }} Binding
 * @typedef {{ run(ready: (binding: Binding) => void): void }} Codec
 */

/** @type {Codec} */
const codec = createRequire(import.meta.url)('zstd-codec/lib/module.js');

codec.run((binding) => {
  const stream = new binding.ZstdDecompressStreamBinding();
  stream.begin();
  parentPort?.on('message', (/** @type {Uint8Array} */ chunk) => {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const inflated = [];
    // What `take` gets is a view of the codec's memory, which the next block overwrites.
    const isGood = stream.transform(chunk, (part) => inflated.push(Uint8Array.from(part)));
    if (isGood)
      parentPort?.postMessage(
        inflated,
        inflated.map((part) => part.buffer),
      );
    else parentPort?.postMessage('its bytes are damaged');
  });
});
