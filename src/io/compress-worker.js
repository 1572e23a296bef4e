import { parentPort } from 'node:worker_threads';
import { gzipMember } from './compress-block.js';

// Plain JavaScript, because Node 20 cannot load TypeScript in a worker thread and the tests run on the sources.

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {'gzip' | 'zstd'} format
 * @property {Uint8Array} block
 */

const ZSTD_LEVEL = 3;

/** @type {Promise<(block: Uint8Array) => Uint8Array> | undefined} */
let zstdFrame;

parentPort?.on('message', (/** @type {Job} */ job) => {
  // A rejection ends the worker, and its "error" event tells the main thread why.
  void run(job);
});

/** @param {Job} job */
async function run({ id, format, block }) {
  if (format === 'zstd') zstdFrame ??= openZstd();
  const compressBlock = format === 'zstd' && zstdFrame ? await zstdFrame : gzipMember;
  const bytes = compressBlock(block);
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  parentPort?.postMessage({ id, bytes: own }, [/** @type {ArrayBuffer} */ (own.buffer)]);
}

/**
 * Loads zstd-codec, which is libzstd as WebAssembly: the same bytes everywhere, and Node 20 has no zstd of its own.
 * @returns {Promise<(block: Uint8Array) => Uint8Array>}
 */
async function openZstd() {
  const { ZstdCodec } = await import('zstd-codec');
  return new Promise((resolve) => {
    ZstdCodec.run((binding) => {
      const simple = new binding.Simple();
      resolve((block) => simple.compress(block, ZSTD_LEVEL));
    });
  });
}
