import { closeSync } from 'node:fs';
import { InternalError } from '../../errors.ts';
import { type RandomAccess, readFully } from '../../io/random-access.ts';

/**
 * LayerContent is an uncompressed layer in a temporary file. It may lack stretches, until one of them is asked for. It can be
 * referred to before anything is in it.
 */
export class LayerContent implements RandomAccess {
  readonly fd: number;
  size = 0;
  /** Begin, end, begin, end, …, ascending. */
  #holes: Float64Array = new Float64Array(0);
  #refill: () => void = () => undefined;

  /** `fd` is this object's to close. */
  constructor(fd: number) {
    this.fd = fd;
  }

  /** Says what is in the file now; `refill` writes what it lacks. */
  complete(size: number, holes: Float64Array, refill: () => void): void {
    this.size = size;
    this.#holes = holes;
    this.#refill = refill;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw new InternalError(`a layer of ${this.size} bytes was read at ${offset} for ${length} bytes`);
    }
    if (length > 0 && touchesHole(this.#holes, offset, offset + length)) {
      this.#refill();
      this.#holes = new Float64Array(0);
    }
    return readFully(this.fd, offset, length, 'temporary file');
  }

  close(): void {
    closeSync(this.fd);
  }
}

function touchesHole(holes: Float64Array, begin: number, end: number): boolean {
  let low = 0;
  let high = holes.length / 2;
  // The first hole that ends behind `begin`.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((holes[2 * middle + 1] ?? 0) <= begin) low = middle + 1;
    else high = middle;
  }
  const from = holes[2 * low];
  return from !== undefined && from < end;
}
