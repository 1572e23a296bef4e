import { FormatError } from '../errors.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { parseHeader } from './header.ts';

/** Where a section lies in the file; no loader reads these, toolchains put what they know of a build there. */
export interface ElfSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Names are short words; a longer one is none that is looked for. */
const MAX_NAME = 64;
const SHT_NOBITS = 8;

/**
 * Returns the sections of an ELF file that have bytes in it (gABI 4, "Sections"); none where they are stripped. Throws
 * FormatError for headers that lie outside of the file. More than 65279 sections (SHN_LORESERVE) are not read.
 */
export function parseSections(access: RandomAccess): readonly ElfSection[] {
  const { reader } = parseHeader(access);
  const view = reader.view(0, reader.is64 ? 64 : 52, 'header');
  // Behind e_entry and e_phoff comes e_shoff; e_shentsize, e_shnum and e_shstrndx end the header.
  const shoff = view.word(24 + 2 * reader.wordSize);
  const sizesAt = (reader.is64 ? 64 : 52) - 6;
  const [entrySize, count, namesAt] = [view.u16(sizesAt), view.u16(sizesAt + 2), view.u16(sizesAt + 4)];
  const least = reader.is64 ? 64 : 40;
  if (shoff === 0 || count === 0) return [];
  if (entrySize < least) {
    throw new FormatError('ELF', sizesAt, `cannot read ELF sections: their headers have ${entrySize} bytes`);
  }
  const table = reader.view(shoff, entrySize * count, 'section headers');
  const word = reader.wordSize;
  const headers = Array.from({ length: count }, (_, index) => {
    const at = index * entrySize;
    return {
      name: table.u32(at),
      type: table.u32(at + 4),
      offset: table.word(at + 8 + 2 * word),
      size: table.word(at + 8 + 3 * word),
    };
  });
  const names = headers[namesAt];
  if (names === undefined) return [];
  return headers.flatMap(({ name, type, offset, size }) => {
    if (type === SHT_NOBITS || offset + size > access.size) return [];
    const length = Math.min(MAX_NAME, names.size - name, access.size - names.offset - name);
    if (length <= 0) return [];
    const text = Buffer.from(access.read(names.offset + name, length)).toString('latin1');
    const end = text.indexOf('\0');
    return end < 0 ? [] : [{ name: text.slice(0, end), offset, size }];
  });
}
