import { FormatError } from '../errors.ts';
import { checkLimit } from '../io/limits.ts';
import { DT_NULL, DT_STRSZ, DT_STRTAB, PT_DYNAMIC, PT_LOAD } from './constants.ts';
import type { ElfReader } from './elf-reader.ts';
import type { ProgramHeader } from './header.ts';

/** One entry of the dynamic section (gABI 5, "Dynamic Section"). */
export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}

/** Where an address lies in the file, and how many bytes of its segment follow there. */
export interface FileRange {
  readonly offset: number;
  readonly available: number;
}

/** Translates a virtual address by the PT_LOAD headers; undefined where no byte of the file is mapped. */
export function rangeAt(phdrs: readonly ProgramHeader[], vaddr: number): FileRange | undefined {
  for (const phdr of phdrs) {
    if (phdr.type !== PT_LOAD || vaddr < phdr.vaddr || vaddr >= phdr.vaddr + phdr.filesz) continue;
    const into = vaddr - phdr.vaddr;
    return { offset: phdr.offset + into, available: phdr.filesz - into };
  }
  return undefined;
}

/** Reads the dynamic section up to DT_NULL; none for a static program. */
export function parseDynamic(reader: ElfReader, phdrs: readonly ProgramHeader[]): readonly DynamicEntry[] {
  const phdr = phdrs.findLast((candidate) => candidate.type === PT_DYNAMIC && candidate.filesz > 0);
  if (phdr === undefined) return [];
  // A loader reads it where it is mapped; p_offset is only a fallback for files without such a PT_LOAD.
  const range = rangeAt(phdrs, phdr.vaddr) ?? { offset: phdr.offset, available: phdr.filesz };
  const entsize = 2 * reader.wordSize;
  const count = Math.floor(Math.min(range.available, phdr.filesz) / entsize);
  checkLimit(reader.limits, 'elfDynamicEntries', count, 'ELF dynamic section');
  const view = reader.view(range.offset, count * entsize, 'dynamic section');
  const entries: DynamicEntry[] = [];
  for (let index = 0; index < count; index++) {
    const tag = view.word(index * entsize);
    if (tag === DT_NULL) break;
    entries.push({ tag, value: view.word(index * entsize + reader.wordSize) });
  }
  return entries;
}

/** The string table of the dynamic section. */
export class DynamicStrings {
  readonly #reader: ElfReader;
  readonly #dynamic: readonly DynamicEntry[];
  /** Where DT_STRTAB lies in the file; absent for a file without one. */
  readonly range: FileRange | undefined;

  constructor(reader: ElfReader, phdrs: readonly ProgramHeader[], dynamic: readonly DynamicEntry[]) {
    this.#reader = reader;
    this.#dynamic = dynamic;
    const vaddr = dynamic.findLast((entry) => entry.tag === DT_STRTAB)?.value;
    this.range = vaddr === undefined ? undefined : rangeAt(phdrs, vaddr);
  }

  /** Bytes of the table by DT_STRSZ, within its segment. */
  get size(): number {
    const declared =
      this.#dynamic.findLast((entry) => entry.tag === DT_STRSZ)?.value ?? Number.POSITIVE_INFINITY;
    return Math.min(this.range?.available ?? 0, declared);
  }

  /** Reads the string at `index` of the table; throws FormatError outside of it. */
  at(index: number): string {
    const range = this.range;
    if (range === undefined)
      throw new FormatError('ELF', 0, 'cannot read ELF dynamic strings: no string table in the file');
    // glibc and musl never look at DT_STRSZ, so neither does this: only the segment bounds a name.
    if (index >= range.available) {
      throw new FormatError(
        'ELF',
        range.offset,
        `cannot read ELF dynamic strings: index ${index} is outside of the table`,
      );
    }
    return this.#reader.string(range.offset + index, range.offset + range.available, 'dynamic string');
  }

  /** Returns the string that the last entry with `tag` names. */
  last(tag: number): string | undefined {
    const entry = this.#dynamic.findLast((candidate) => candidate.tag === tag);
    return entry === undefined ? undefined : this.at(entry.value);
  }
}
