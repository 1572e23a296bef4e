import { createGunzip } from 'node:zlib';
import { UnsupportedError } from '../errors.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits, RATIO_FREE_BYTES } from './limits.ts';
import { pumped } from './pump.ts';
import { zstdInflated } from './zstd.ts';

export type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'none';

/** Bytes from which `detectCompression` can tell. */
export const MAGIC_BYTES = 6;
/**
 * Twice as fast as node:zlib's 16 KiB: fewer ways to the thread pool and back. Two chunks may wait, so that the next one is
 * inflated while the last one is used; but little may wait to be inflated, or a bomb's ratio would count what has not come out yet.
 */
const STREAM_OPTIONS = {
  chunkSize: 1 << 20,
  readableHighWaterMark: 2 << 20,
  writableHighWaterMark: 64 << 10,
};

/** Returns how a stream is compressed by its first bytes: media types lie, and a docker-archive has none. */
export function detectCompression(start: Uint8Array): Compression {
  const begins = (...magic: number[]): boolean => magic.every((byte, i) => start[i] === byte);
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A skippable frame may come first: pzstd writes one (RFC 8878 section 3.1.2).
  if (((start[0] ?? 0) & 0xf0) === 0x50 && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18)
    return 'zstd';
  if (begins(0x42, 0x5a, 0x68)) return 'bzip2';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  return 'none';
}

/**
 * Inflates `source`, whatever its magic bytes say it is, away from the main thread; uncompressed bytes pass through.
 * Throws FormatError (damaged or cut off), UnsupportedError (bzip2, xz), LimitError (layerBytes, compressionRatio).
 * `subject` names the source in messages.
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  subject: string,
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<Uint8Array> {
  const counted = { bytes: 0 };
  const iterator = counting(source, counted);
  const start = await gather(iterator, MAGIC_BYTES);
  const compression = detectCompression(start);
  let size = 0;
  for await (const chunk of inflated(prepended(start, iterator), compression, subject)) {
    size += chunk.length;
    checkLimit(limits, 'layerBytes', size, subject);
    if (size > RATIO_FREE_BYTES)
      checkLimit(limits, 'compressionRatio', Math.floor(size / counted.bytes), subject);
    yield chunk;
  }
}

function inflated(
  source: AsyncGenerator<Uint8Array>,
  compression: Compression,
  subject: string,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') return source;
  if (compression === 'zstd') return zstdInflated(source, subject);
  if (compression === 'gzip') {
    return pumped(source, createGunzip(STREAM_OPTIONS), 'gzip', subject);
  }
  throw new UnsupportedError(`cannot decompress ${subject}: ${compression} is not supported`, {
    advice: 'no image specification allows it; compress the layer with gzip or zstd',
  });
}

async function* counting(
  source: AsyncIterable<Uint8Array>,
  counted: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    counted.bytes += chunk.length;
    yield chunk;
  }
}

/** Takes chunks until there are `length` bytes, or all. */
async function gather(iterator: AsyncGenerator<Uint8Array>, length: number): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  while (bytes.length < length) {
    const next = await iterator.next();
    if (next.done === true) break;
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* prepended(start: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    yield* rest;
  } finally {
    // A consumer that stops at the first chunk has not reached `rest`, which holds a file or a connection.
    await rest.return(undefined);
  }
}
