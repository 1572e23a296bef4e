// Inflates zstd off the main thread where node:zlib cannot (Node before 22.15). Plain JavaScript with types in
// comments, because Node 20 cannot load TypeScript in a worker and the tests run on the sources.
// In: { bytes, isRoomy } (the next bytes of frames, and whether these need room). Out: Uint8Array[] (what they
// inflate to), or a string (why they do not).

import { parentPort } from 'node:worker_threads';
import { ZstdStreams } from './zstd-stream.js';

const streams = new ZstdStreams();
/** Opening a stream takes a while; the messages behind it wait for their turn. */
let turn = Promise.resolve();

parentPort?.on('message', (/** @type {{ bytes: Uint8Array, isRoomy: boolean }} */ message) => {
  turn = turn.then(() => inflate(message));
});

/** @param {{ bytes: Uint8Array, isRoomy: boolean }} message */
async function inflate({ bytes, isRoomy }) {
  const stream = await streams.for(isRoomy);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const inflated = [];
  const isGood = stream.transform(bytes, (part) => inflated.push(Uint8Array.from(part)));
  if (isGood)
    parentPort?.postMessage(
      inflated,
      inflated.map((part) => part.buffer),
    );
  else parentPort?.postMessage('its bytes are damaged');
}
