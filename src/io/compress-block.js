import { gzipSync } from 'fflate';

/** Level 4: the best rate per byte saved, see docs/decisions/0002-gzip.md. */
const GZIP_LEVEL = 4;
/** RFC 1952 section 2.3, header byte 9: 255 is "unknown operating system". */
const OS_OFFSET = 9;
const OS_UNKNOWN = 255;

/**
 * Returns one whole gzip member (RFC 1952) without name and time. It is plain JavaScript all through, so that every
 * Node version and processor makes the same bytes of the same block; node:zlib's differ between zlib builds.
 * @param {Uint8Array} block
 * @returns {Uint8Array}
 */
export function gzipMember(block) {
  const member = gzipSync(block, { level: GZIP_LEVEL, mtime: 0 });
  member[OS_OFFSET] = OS_UNKNOWN;
  return member;
}
