import { FormatError, OslimError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';
import { PT_INTERP } from './constants.ts';
import type { ElfFile } from './elf-file.ts';
import { parseHeader, parseProgramHeaders } from './header.ts';
import { unpackLzma } from './lzma.ts';
import { type NrvVariant, unpackNrv } from './nrv.ts';

/** A packed program: its own headers describe the unpacker, not what it unpacks. */
export interface Packer {
  readonly name: 'UPX';
  /** PT_INTERP of the program inside: is it a dynamic one? `unknown` when its headers cannot be unpacked. */
  readonly inside: 'static' | 'dynamic' | 'unknown';
}

/** Program headers with an interpreter are some hundred bytes; a first block of more is none. */
const MAX_HEADERS = 1 << 16;
const METHODS: Readonly<Record<number, NrvVariant>> = { 2: '2b', 5: '2d', 8: '2e' };
const METHOD_LZMA = 14;

/**
 * Says what packed a program, by content; undefined for ordinary files. UPX puts its l_info (with "UPX!") right behind
 * the program headers, then p_info and the first block: the packed program's own header and program headers (UPX
 * src/stub/src/include/linux.h, src/p_lx_elf.cpp).
 */
export function packedBy(elf: ElfFile): Packer | undefined {
  const { reader } = elf;
  const infoAt = elf.phoff + elf.phnum * (reader.is64 ? 56 : 32);
  if (elf.isDynamic || infoAt + 36 > reader.access.size) return undefined;
  const info = reader.view(infoAt, 36, 'UPX header');
  if (Buffer.from(info.bytes.subarray(4, 8)).toString('latin1') !== 'UPX!') return undefined;
  const [size, packedSize, method] = [info.u32(24), info.u32(28), info.u8(32)];
  try {
    const block = reader.view(infoAt + 36, packedSize, 'UPX block').bytes;
    return { name: 'UPX', inside: isDynamicInside(unpack(block, size, method)) ? 'dynamic' : 'static' };
  } catch (error) {
    // A packed program that was altered so that upx cannot unpack it: it is packed all the same.
    if (error instanceof OslimError) return { name: 'UPX', inside: 'unknown' };
    throw error;
  }
}

function unpack(block: Uint8Array, size: number, method: number): Uint8Array {
  if (size > MAX_HEADERS)
    throw new FormatError('UPX', 0, `cannot unpack UPX: a first block of ${size} bytes`);
  if (block.length === size) return block;
  const variant = METHODS[method];
  if (variant !== undefined) return unpackNrv(block, size, variant);
  if (method !== METHOD_LZMA) throw new FormatError('UPX', 0, `cannot unpack UPX: method ${method}`);
  // Two bytes of UPX's own: pb and the sum of the others, then lp and lc (src/compress/compress_lzma.cpp).
  const [first, second] = [block[0] ?? 0, block[1] ?? 0];
  return unpackLzma(block.subarray(2), size, { lc: second & 15, lp: second >> 4, pb: first & 7 });
}

function isDynamicInside(headers: Uint8Array): boolean {
  const { header, reader } = parseHeader(memoryAccess(headers));
  return parseProgramHeaders(reader, header).some((phdr) => phdr.type === PT_INTERP);
}
