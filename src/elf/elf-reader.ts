import { FormatError } from '../errors.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';

const STRING_STEP = 512;

/** Integers and strings at offsets of a file, in one byte order; every read outside of the file is a FormatError. */
export class ElfReader {
  readonly access: RandomAccess;
  readonly littleEndian: boolean;
  readonly is64: boolean;
  readonly limits: Limits;
  #nameBytes = 0;
  #symbolNameBytes = 0;

  constructor(access: RandomAccess, littleEndian: boolean, is64: boolean, limits: Limits = DEFAULT_LIMITS) {
    this.limits = limits;
    this.access = access;
    this.littleEndian = littleEndian;
    this.is64 = is64;
  }

  /** Bytes of an address, an offset or a dynamic tag. */
  get wordSize(): 4 | 8 {
    return this.is64 ? 8 : 4;
  }

  view(offset: number, length: number, what: string): ElfView {
    if (!(offset >= 0) || !(length >= 0) || offset + length > this.access.size) {
      throw new FormatError(
        'ELF',
        Math.max(0, offset),
        `cannot read ELF ${what}: ${length} bytes at offset ${offset} are outside of the file (${this.access.size} bytes)`,
      );
    }
    return new ElfView(this.access.read(offset, length), this.littleEndian, this.is64);
  }

  /** Reads the NUL-terminated string at `offset`; it must end before `end` (an offset). */
  string(offset: number, end: number, what: string): string {
    const limit = Math.min(end, this.access.size);
    let collected = '';
    for (let at = offset; ; ) {
      const length = Math.min(STRING_STEP, limit - at);
      if (length <= 0) {
        throw new FormatError(
          'ELF',
          offset,
          `cannot read ELF ${what}: the string at offset ${offset} has no end`,
        );
      }
      const bytes = this.access.read(at, length);
      const nul = bytes.indexOf(0);
      this.#nameBytes += nul < 0 ? length : nul + 1;
      // Names may overlap: N entries over one name of N bytes would take N² steps.
      checkLimit(this.limits, 'elfNameBytes', this.#nameBytes, `ELF ${what}`);
      collected += latin1(nul < 0 ? bytes : bytes.subarray(0, nul));
      if (nul >= 0) return utf8(collected);
      at += length;
    }
  }

  /** Counts bytes of the name of a symbol; these may overlap too. */
  countSymbolName(bytes: number): void {
    this.#symbolNameBytes += bytes;
    checkLimit(this.limits, 'elfSymbolNameBytes', this.#symbolNameBytes, 'ELF dynamic symbols');
  }
}

/** Integers inside of bytes that were read already; offsets are relative to them and must be inside. */
export class ElfView {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #is64: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean, is64: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#is64 = is64;
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#littleEndian);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian);
  }

  /** An unsigned 64-bit value; above 2^53 it loses its low bits, which is beyond every file and every valid tag. */
  u64(at: number): number {
    const [high, low] = this.#littleEndian ? [at + 4, at] : [at, at + 4];
    return this.u32(high) * 0x1_0000_0000 + this.u32(low);
  }

  /** An address or offset of the file's class. */
  word(at: number): number {
    return this.#is64 ? this.u64(at) : this.u32(at);
  }
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Names are bytes; paths of images are UTF-8 in practice, and ASCII needs no second look. */
function utf8(latin: string): string {
  for (let i = 0; i < latin.length; i++) {
    if (latin.charCodeAt(i) > 0x7f) return Buffer.from(latin, 'latin1').toString('utf8');
  }
  return latin;
}
