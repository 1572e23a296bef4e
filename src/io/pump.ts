import type { Transform } from 'node:stream';
import { FormatError, OslimError, reasonOf } from '../errors.ts';

/** How far the source was read, and what it threw. */
interface Fed {
  bytes: number;
  failure: unknown;
}

/**
 * Yields what `transform` (a stream of node:zlib, working in libuv's pool) makes of `source`. Its own errors become
 * FormatError, the source's stay what they are. The source is always read to its end, also when the compressed data
 * ended before it, because whoever verifies the source does so at its end. What follows padding of zeros is ignored,
 * as gzip(1) does; a layer that lost something this way does not match its diffID.
 */
export async function* pumped(
  source: AsyncIterable<Uint8Array>,
  transform: Transform,
  format: string,
  subject: string,
): AsyncGenerator<Uint8Array> {
  const fed: Fed = { bytes: 0, failure: undefined };
  const feeding = feed(source, transform, fed);
  // Awaited below; without a handler in the meantime Node would end the process.
  feeding.catch(() => undefined);
  // The source may fail in the padding after the compressed data, when nobody reads the transform any more: without a
  // listener its 'error' event would end the process. The error itself comes out of `feeding`.
  transform.on('error', () => undefined);
  try {
    for await (const chunk of transform) yield chunk;
    await feeding;
  } catch (error) {
    if (error === fed.failure || error instanceof OslimError) throw error;
    throw new FormatError(format, fed.bytes, `cannot decompress ${subject}: ${explained(error, fed.bytes)}`, {
      cause: error,
    });
  } finally {
    transform.destroy();
  }
}

async function feed(source: AsyncIterable<Uint8Array>, transform: Transform, fed: Fed): Promise<void> {
  try {
    for await (const chunk of source) {
      if (transform.destroyed && !transform.readableEnded) return;
      if (!transform.destroyed && !transform.write(chunk)) await drained(transform);
      fed.bytes += chunk.length;
    }
    if (!transform.destroyed) transform.end();
  } catch (error) {
    fed.failure = error;
    transform.destroy(error instanceof Error ? error : new Error(reasonOf(error)));
    throw error;
  }
}

function drained(transform: Transform): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      transform.off('drain', done);
      transform.off('close', done);
      resolve();
    };
    transform.on('drain', done);
    transform.on('close', done);
    if (transform.destroyed || !transform.writableNeedDrain) done();
  });
}

function explained(error: unknown, offset: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'Z_BUF_ERROR' ? `it is cut off at offset ${offset}` : reasonOf(error);
}
