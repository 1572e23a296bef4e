import { gzip } from 'libdeflate';

/** Level 4: a seventh slower than the fastest and 6 % smaller, see docs/decisions/0011-libdeflate.md. */
const GZIP_LEVEL = 4;

/**
 * Returns one whole gzip member (RFC 1952) without name, time and operating system. It is WebAssembly all through, so that
 * every Node version and processor makes the same bytes of the same block; node:zlib's differ between zlib builds. For a
 * thread of its own: what loads the WebAssembly listens to the uncaught exceptions of its thread.
 * @param {Uint8Array} block
 * @returns {Uint8Array}
 */
export function gzipMember(block) {
  return gzip(block, GZIP_LEVEL);
}
