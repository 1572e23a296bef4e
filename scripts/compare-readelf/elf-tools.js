import { createRequire } from 'node:module';

const elfTools = createRequire(import.meta.url)('elf-tools');

/**
 * Returns what elf-tools says of header and program headers; undefined where it cannot read the file (it throws without
 * section headers). It alters the bytes, so it gets a copy.
 *
 * @param {Buffer} bytes
 * @returns {{ class: number, data: string, entry: number, phdrs: readonly string[] } | undefined}
 */
export function factsOfElfTools(bytes) {
  try {
    const { header, programs } = elfTools.parse(Buffer.from(bytes));
    return {
      class: Number(header.class),
      data: header.endian,
      entry: Number(header.entry),
      phdrs: programs.map((/** @type {{ header: Record<string, number> }} */ { header: phdr }) =>
        [phdr['offset'], phdr['vaddr'], phdr['filesz'], phdr['memsz']].join(' '),
      ),
    };
  } catch {
    // No second opinion on this file; the count of those that gave one is printed.
    return undefined;
  }
}
