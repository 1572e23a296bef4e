import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { ElfReader } from './elf-reader.ts';

export const ELF_MAGIC = Object.freeze([0x7f, 0x45, 0x4c, 0x46]);

/** The ELF header (gABI 4, "ELF Header") as far as a loader reads it; the fields about sections are not. */
export interface ElfHeader {
  readonly class: 32 | 64;
  readonly data: 'lsb' | 'msb';
  /** `e_ident[EI_VERSION]`; 1 in a file that a loader takes. */
  readonly identVersion: number;
  readonly osabi: number;
  readonly abiVersion: number;
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly entry: number;
  readonly flags: number;
  readonly phoff: number;
  readonly phentsize: number;
  readonly phnum: number;
}

/** One program header (gABI 5, "Program Header"). */
export interface ProgramHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}

/** Do these bytes begin as an ELF file does? Four suffice. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && ELF_MAGIC.every((byte, index) => bytes[index] === byte);
}

/** Reads the ELF header; throws FormatError for what is no ELF file, is cut short, or has no class or byte order. */
export function parseHeader(
  access: RandomAccess,
  limits: Limits = DEFAULT_LIMITS,
): {
  readonly header: ElfHeader;
  readonly reader: ElfReader;
} {
  const ident = access.size < 16 ? access.read(0, access.size) : access.read(0, 16);
  if (!isElf(ident)) throw new FormatError('ELF', 0, 'cannot read ELF header: no ELF magic');
  if (ident.length < 16)
    throw new FormatError('ELF', ident.length, 'cannot read ELF header: the file is too short');
  const [classByte, dataByte] = [ident[4], ident[5]];
  if (classByte !== 1 && classByte !== 2)
    throw new FormatError('ELF', 4, `cannot read ELF header: class ${classByte}`);
  if (dataByte !== 1 && dataByte !== 2)
    throw new FormatError('ELF', 5, `cannot read ELF header: byte order ${dataByte}`);
  const is64 = classByte === 2;
  const reader = new ElfReader(access, dataByte === 1, is64, limits);
  const view = reader.view(0, is64 ? 64 : 52, 'header');
  // Fields behind e_entry move with the class: three words, then e_flags and the sizes.
  const word = reader.wordSize;
  const flagsAt = 24 + 3 * word;
  const header: ElfHeader = {
    class: is64 ? 64 : 32,
    data: dataByte === 1 ? 'lsb' : 'msb',
    identVersion: view.u8(6),
    osabi: view.u8(7),
    abiVersion: view.u8(8),
    type: view.u16(16),
    machine: view.u16(18),
    version: view.u32(20),
    entry: view.word(24),
    phoff: view.word(24 + word),
    flags: view.u32(flagsAt),
    phentsize: view.u16(flagsAt + 6),
    phnum: view.u16(flagsAt + 8),
  };
  return { header, reader };
}

/** Reads the program headers; throws FormatError where they are outside of the file or of another size than the class has. */
export function parseProgramHeaders(reader: ElfReader, header: ElfHeader): readonly ProgramHeader[] {
  if (header.phnum === 0) return [];
  const entsize = reader.is64 ? 56 : 32;
  if (header.phentsize !== entsize) {
    throw new FormatError(
      'ELF',
      0,
      `cannot read ELF program headers: their size is ${header.phentsize}, not ${entsize}`,
    );
  }
  const view = reader.view(header.phoff, header.phnum * entsize, 'program headers');
  return Array.from({ length: header.phnum }, (_, index) => {
    const at = index * entsize;
    return reader.is64
      ? {
          type: view.u32(at),
          flags: view.u32(at + 4),
          offset: view.u64(at + 8),
          vaddr: view.u64(at + 16),
          filesz: view.u64(at + 32),
          memsz: view.u64(at + 40),
          align: view.u64(at + 48),
        }
      : {
          type: view.u32(at),
          offset: view.u32(at + 4),
          vaddr: view.u32(at + 8),
          filesz: view.u32(at + 16),
          memsz: view.u32(at + 20),
          flags: view.u32(at + 24),
          align: view.u32(at + 28),
        };
  });
}
