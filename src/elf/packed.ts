import { PT_LOAD } from './constants.ts';
import type { ElfFile } from './elf-file.ts';
import { latin1 } from './elf-reader.ts';

/** A packed program: its own headers describe the unpacker, not what it unpacks. */
export interface Packer {
  readonly name: 'UPX';
  /** Was the program packed one that a dynamic loader starts? Unknown when the unpacker does not show it. */
  readonly hidesInterp: boolean;
}

/** UPX writes its l_info (with "UPX!") right behind the program headers, and its packheader at the end of the file. */
const UPX_MAGIC = 'UPX!';
const HEAD = 4096;
const TAIL = 64;

/**
 * Says what packed a program, by content (UPX's src/stub/src/include/linux.h: l_info and the trailing packheader);
 * undefined for ordinary files. Only a program without dynamic section and with few segments can be one.
 */
export function packedBy(elf: ElfFile): Packer | undefined {
  if (elf.isDynamic && elf.interp !== undefined) return undefined;
  const loads = elf.phdrs.filter((phdr) => phdr.type === PT_LOAD);
  if (loads.length === 0 || loads.length > 3) return undefined;
  const { access } = elf.reader;
  const head = latin1(access.read(0, Math.min(HEAD, access.size)));
  const tailAt = Math.max(0, access.size - TAIL);
  const tail = latin1(access.read(tailAt, access.size - tailAt));
  if (!head.includes(UPX_MAGIC) || !tail.includes(UPX_MAGIC)) return undefined;
  return { name: 'UPX', hidesInterp: hidesInterp(elf) };
}

/** The unpacker of a dynamic program opens what PT_INTERP of the packed one names; it carries code for AT_BASE and a path. */
function hidesInterp(elf: ElfFile): boolean {
  return elf.type === 3;
}
