import { checkLimit } from '../io/limits.ts';
import { DT_VERDEF, DT_VERNEED } from './constants.ts';
import { rangeAt } from './dynamic.ts';
import type { ElfFile } from './elf-file.ts';
import { lastValue } from './elf-file.ts';
import type { ElfView } from './elf-reader.ts';

const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

export interface NeededVersion {
  readonly name: string;
  /** VER_FLG_WEAK: its absence is no error. */
  readonly weak: boolean;
  /** The index by which DT_VERSYM names it. */
  readonly index: number;
}

/** Verneed: the versions that an object needs of one of its libraries (LSB, "Symbol Versioning"). */
export interface Verneed {
  readonly file: string;
  readonly versions: readonly NeededVersion[];
}

/** Verdef: one version that an object defines; `base` is the object's own name. */
export interface Verdef {
  readonly name: string;
  readonly base: boolean;
  readonly index: number;
}

/** Returns the versions that `elf` needs, by library; throws FormatError where the records leave the file. */
export function verneedOf(elf: ElfFile): readonly Verneed[] {
  const known = needs.get(elf);
  if (known !== undefined) return known;
  const read = readVerneed(elf);
  needs.set(elf, read);
  return read;
}

const needs = new WeakMap<ElfFile, readonly Verneed[]>();

function readVerneed(elf: ElfFile): readonly Verneed[] {
  const records = new Records(elf, DT_VERNEED, 'version needs');
  return records.list(16, 12).map(({ view, offset }) => ({
    file: elf.strings.at(view.u32(4)),
    versions: records.chain(offset + view.u32(8), 16, 12).map(({ view: aux }) => ({
      name: elf.strings.at(aux.u32(8)),
      weak: (aux.u16(4) & VER_FLG_WEAK) !== 0,
      index: aux.u16(6) & 0x7fff,
    })),
  }));
}

/** Returns the versions that `elf` defines; undefined when it has no version definitions at all. */
export function verdefOf(elf: ElfFile): readonly Verdef[] | undefined {
  if (lastValue(elf.dynamic, DT_VERDEF) === undefined) return undefined;
  const records = new Records(elf, DT_VERDEF, 'version definitions');
  return records.list(20, 16).map(({ view, offset }) => {
    const aux = records.at(offset + view.u32(12), 8);
    return {
      name: elf.strings.at(aux.u32(0)),
      base: (view.u16(2) & VER_FLG_BASE) !== 0,
      index: view.u16(4) & 0x7fff,
    };
  });
}

interface VersionRecord {
  readonly view: ElfView;
  readonly offset: number;
}

/** Linked records of one kind; each says how far on the next one is, 0 at the last. */
class Records {
  readonly #elf: ElfFile;
  readonly #start: number | undefined;
  readonly #what: string;
  #read = 0;

  constructor(elf: ElfFile, tag: number, what: string) {
    const vaddr = lastValue(elf.dynamic, tag);
    this.#elf = elf;
    this.#what = what;
    this.#start = vaddr === undefined ? undefined : rangeAt(elf.phdrs, vaddr)?.offset;
  }

  list(size: number, nextAt: number): VersionRecord[] {
    return this.#start === undefined ? [] : this.chain(this.#start, size, nextAt);
  }

  chain(start: number, size: number, nextAt: number): VersionRecord[] {
    const records: VersionRecord[] = [];
    for (let offset = start; ; ) {
      const view = this.at(offset, size);
      records.push({ view, offset });
      const next = view.u32(nextAt);
      if (next === 0) return records;
      offset += next;
    }
  }

  at(offset: number, size: number): ElfView {
    const { limits } = this.#elf.reader;
    // Linked by offsets: a bound ends a list that links back to itself.
    checkLimit(limits, 'elfVersionRecords', ++this.#read, `ELF ${this.#what}`);
    return this.#elf.reader.view(offset, size, this.#what);
  }
}
