import { FormatError } from '../errors.ts';

/** The variants of UCL's NRV compression that UPX writes, with 32-bit little-endian bit groups. */
export type NrvVariant = '2b' | '2d' | '2e';

/**
 * Unpacks an NRV stream (UCL's src/n2b_d.c, n2d_d.c, n2e_d.c); ends at its end marker or at `size` bytes, and throws
 * FormatError where the stream is cut or copies from before its beginning.
 */
export function unpackNrv(source: Uint8Array, size: number, variant: NrvVariant): Uint8Array {
  const input = new BitInput(source);
  const output = new Uint8Array(size);
  let [length, lastOffset] = [0, 1];
  while (length < size) {
    if (input.bit() === 1) {
      output[length++] = input.byte();
      continue;
    }
    let offset = readOffsetPrefix(input, variant);
    let lengthBit = 0;
    if (offset === 2) {
      offset = lastOffset;
      if (variant !== '2b') lengthBit = input.bit();
    } else {
      offset = ((offset - 3) * 256 + input.byte()) >>> 0;
      if (offset === 0xffff_ffff) break;
      if (variant !== '2b') {
        lengthBit = (offset & 1) ^ 1;
        offset >>>= 1;
      }
      offset++;
      lastOffset = offset;
    }
    const count =
      readLength(input, variant, lengthBit) + (offset > (variant === '2b' ? 0xd00 : 0x500) ? 1 : 0) + 1;
    if (offset > length)
      throw new FormatError('NRV', input.at, 'cannot unpack NRV: a copy from before the beginning');
    for (const end = Math.min(size, length + count); length < end; length++)
      output[length] = output[length - offset] ?? 0;
  }
  return output.subarray(0, length);
}

function readOffsetPrefix(input: BitInput, variant: NrvVariant): number {
  for (let offset = 1; offset < 0x2000_0000; ) {
    offset = offset * 2 + input.bit();
    if (input.bit() === 1) return offset;
    if (variant !== '2b') offset = (offset - 1) * 2 + input.bit();
  }
  throw new FormatError('NRV', input.at, 'cannot unpack NRV: an offset that never ends');
}

function readLength(input: BitInput, variant: NrvVariant, first: number): number {
  if (variant === '2e') {
    if (first === 1) return 1 + input.bit();
    if (input.bit() === 1) return 3 + input.bit();
    return readGamma(input) + 3;
  }
  const length = (variant === '2b' ? input.bit() : first) * 2 + input.bit();
  return length === 0 ? readGamma(input) + 2 : length;
}

function readGamma(input: BitInput): number {
  let value = 1;
  do {
    value = value * 2 + input.bit();
    if (value > 0x1000_0000)
      throw new FormatError('NRV', input.at, 'cannot unpack NRV: a length that never ends');
  } while (input.bit() === 0);
  return value;
}

class BitInput {
  at = 0;
  readonly #source: Uint8Array;
  #group = 0;
  #left = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  byte(): number {
    const byte = this.#source[this.at++];
    if (byte === undefined) throw new FormatError('NRV', this.at, 'cannot unpack NRV: the stream is cut');
    return byte;
  }

  bit(): number {
    if (this.#left === 0) {
      this.#group = this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24);
      this.#left = 32;
    }
    return (this.#group >>> --this.#left) & 1;
  }
}
