import { type ElfFile, parseElf } from '../elf/elf-file.ts';
import { isElf } from '../elf/header.ts';
import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import { sliceAccess } from '../io/random-access.ts';
import type { FileInode } from '../rootfs/inode.ts';
import { readRange } from '../rootfs/rootfs.ts';

/** Parses each ELF file of an image once, whatever names it has. */
export class ElfStore {
  readonly #files = new Map<FileInode, ElfFile | FormatError | undefined>();
  readonly #limits: Limits;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** Returns the parsed file; undefined for what is no ELF file; throws FormatError for a broken one. */
  get(inode: FileInode): ElfFile | undefined {
    const known = this.find(inode);
    if (known instanceof FormatError) throw known;
    return known;
  }

  /** Like `get`, but gives the FormatError back instead of throwing it. */
  find(inode: FileInode): ElfFile | FormatError | undefined {
    if (this.#files.has(inode)) return this.#files.get(inode);
    const parsed = parse(inode, this.#limits);
    this.#files.set(inode, parsed);
    return parsed;
  }
}

function parse(inode: FileInode, limits: Limits): ElfFile | FormatError | undefined {
  if (!isElf(readRange(inode, 0, 4))) return undefined;
  try {
    return parseElf(sliceAccess(inode.content, inode.offset, inode.size), limits);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}
