import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FormatError, reasonOf, TransportError } from '../errors.ts';

/**
 * RandomAccess is a run of bytes that can be read at any offset, at once and without waiting.
 * `read` returns exactly `length` bytes or throws; the result may share memory and must not be written to.
 */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  /** Where the bytes lie in an open file of this process, for a thread to read them itself. */
  readonly file?: { readonly fd: number; readonly offset: number } | undefined;
}

/** Returns the bytes of `array` as RandomAccess. */
export function memoryAccess(array: Uint8Array): RandomAccess {
  return {
    size: array.length,
    read(offset, length) {
      checkRange(array.length, offset, length);
      return array.subarray(offset, offset + length);
    },
  };
}

/** Returns `size` bytes of `access` from `offset` on as a RandomAccess of their own. */
export function sliceAccess(access: RandomAccess, offset: number, size: number): RandomAccess {
  checkRange(access.size, offset, size);
  const { file } = access;
  return {
    size,
    ...(file === undefined ? {} : { file: { fd: file.fd, offset: file.offset + offset } }),
    read(start, length) {
      checkRange(size, start, length);
      return access.read(offset + start, length);
    },
  };
}

/** FileAccess reads a regular file of the host; `close` it. Its size is the size when it was opened. */
export class FileAccess implements RandomAccess {
  readonly size: number;
  readonly hostPath: string;
  readonly #fd: number;

  constructor(hostPath: string) {
    this.hostPath = hostPath;
    this.#fd = openSync(hostPath, 'r');
    this.size = fstatSync(this.#fd).size;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this.size, offset, length);
    return readFully(this.#fd, offset, length, this.hostPath);
  }

  get file(): { readonly fd: number; readonly offset: number } {
    return { fd: this.#fd, offset: 0 };
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Reads exactly `length` bytes at `offset` of an open file, into the beginning of `into` where it is given; a file that
 * became shorter meanwhile is an error.
 */
export function readFully(
  fd: number,
  offset: number,
  length: number,
  name: string,
  into: Uint8Array = Buffer.allocUnsafe(length),
): Uint8Array {
  const buffer = into.subarray(0, length);
  let done = 0;
  while (done < length) {
    let got: number;
    try {
      got = readSync(fd, buffer, done, length - done, offset + done);
    } catch (error) {
      throw new TransportError('source', `cannot read "${name}": ${reasonOf(error)}`, { cause: error });
    }
    if (got === 0)
      throw new TransportError('source', `cannot read "${name}": it became shorter while it was read`);
    done += got;
  }
  return buffer;
}

function checkRange(size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new FormatError(
    'bytes',
    offset,
    `cannot read ${length} bytes at offset ${offset}: only ${size} bytes are there`,
  );
}

/** Yields the bytes of `access` in chunks of at most `chunkSize` bytes. */
export async function* streamOf(access: RandomAccess, chunkSize = 1 << 20): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < access.size; offset += chunkSize) {
    yield access.read(offset, Math.min(chunkSize, access.size - offset));
  }
}
