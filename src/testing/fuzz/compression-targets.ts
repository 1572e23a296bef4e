import { gzipSync } from 'node:zlib';
import { decompressed } from '../../io/decompress.ts';
import { zstdFrames } from '../../io/zstd-frames.ts';
import { tarOf } from '../tar-builder.ts';
import { chunks, drain, type FuzzTarget, LIMITS } from './fuzz-target.ts';
import { TAR_SEED } from './tar-target.ts';

/** Nothing but gzip: the other formats have targets of their own, or are refused. */
function inflate(bytes: Uint8Array): Promise<void> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const input = isGzip ? bytes : Buffer.concat([Buffer.of(0x1f, 0x8b), bytes]);
  return drain(decompressed(chunks(input), 'input', LIMITS));
}

export const gzipTarget: FuzzTarget = {
  name: 'gzip',
  covers: /\/src\/io\/(?:decompress|pump)/,
  seeds: () => [
    gzipSync('x'),
    gzipSync(tarOf(TAR_SEED)),
    Buffer.concat([gzipSync('a'), gzipSync(''), gzipSync('b'), Buffer.alloc(20)]),
    Buffer.from('1f8b081c000000000003040061626364610062004b04000043beb7e801000000', 'hex'),
  ],
  words: ['\x1f\x8b\x08', '\0\0\0\0', '\x03\0'],
  run: inflate,
};

export const zstdTarget: FuzzTarget = {
  name: 'zstd',
  covers: /\/src\/io\/zstd-frames/,
  seeds: () => [
    Buffer.from('28b52ffd0038', 'hex'),
    Buffer.from('28b52ffd2401090000610000', 'hex'),
    Buffer.from('502a4d180300000061626328b52ffd0058190000616263', 'hex'),
    Buffer.from('28b52ffd0038020010610b000062', 'hex'),
  ],
  words: ['\x28\xb5\x2f\xfd', '\x50\x2a\x4d\x18', '\x01\0\0', '\x02\0\x10'],
  run: (bytes) => drain(zstdFrames(chunks(bytes), 'input')),
};
