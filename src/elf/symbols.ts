import { checkLimit, limitError } from '../io/limits.ts';
import {
  DT_GNU_HASH,
  DT_HASH,
  DT_JMPREL,
  DT_MIPS_SYMTABNO,
  DT_PLTREL,
  DT_PLTRELSZ,
  DT_REL,
  DT_RELA,
  DT_RELASZ,
  DT_RELSZ,
  DT_SYMTAB,
  DT_VERSYM,
  EM_ALPHA,
  EM_MIPS,
  EM_S390,
} from './constants.ts';
import { rangeAt } from './dynamic.ts';
import { type ElfFile, lastValue } from './elf-file.ts';
import { type ElfView, latin1 } from './elf-reader.ts';
import { verdefOf, verneedOf } from './versions.ts';

const STB_LOCAL = 0;
const STB_WEAK = 2;
const VERSYM_HIDDEN = 0x8000;

/** One symbol of the dynamic symbol table (gABI 4, "Symbol Table") with its version. */
export interface DynamicSymbol {
  readonly name: string;
  readonly weak: boolean;
  readonly version?: string;
  /** Defined under a version that is not the default one: it serves only references that name the version. */
  readonly hidden: boolean;
}

/** Returns the symbols that `elf` needs from others: the undefined ones of its dynamic symbol table. */
export function importsOf(elf: ElfFile): readonly DynamicSymbol[] {
  return symbolsOf(elf).imports;
}

/** Returns the symbols that `elf` defines for others. */
export function definedSymbols(elf: ElfFile): readonly DynamicSymbol[] {
  return symbolsOf(elf).exports;
}

interface SymbolTable {
  readonly imports: readonly DynamicSymbol[];
  readonly exports: readonly DynamicSymbol[];
}

const tables = new WeakMap<ElfFile, SymbolTable>();

function symbolsOf(elf: ElfFile): SymbolTable {
  const known = tables.get(elf);
  if (known !== undefined) return known;
  const table = readSymbols(elf);
  tables.set(elf, table);
  return table;
}

function readSymbols(elf: ElfFile): SymbolTable {
  const imports: DynamicSymbol[] = [];
  const exports: DynamicSymbol[] = [];
  const symtab = rangeOf(elf, DT_SYMTAB);
  const strings = elf.strings.range;
  if (symtab === undefined || strings === undefined) return { imports, exports };
  const entsize = elf.reader.is64 ? 24 : 16;
  const count = Math.min(symbolCount(elf), Math.floor(symtab.available / entsize));
  checkLimit(elf.reader.limits, 'elfSymbols', count, 'ELF dynamic symbols');
  const view = elf.reader.view(symtab.offset, count * entsize, 'dynamic symbols');
  const names = elf.reader.view(strings.offset, strings.available, 'dynamic strings').bytes;
  const versions = new SymbolVersions(elf, count);
  // st_info and st_shndx lie right behind st_name in the 64-bit form, at its end in the 32-bit form.
  const [infoAt, sectionAt] = elf.reader.is64 ? [4, 6] : [12, 14];
  for (let index = 1; index < count; index++) {
    const at = index * entsize;
    const binding = view.u8(at + infoAt) >> 4;
    if (binding === STB_LOCAL) continue;
    const nameAt = view.u32(at);
    if (nameAt >= names.length) continue;
    const end = names.indexOf(0, nameAt);
    elf.reader.countSymbolName((end < 0 ? names.length : end) - nameAt);
    const name = latin1(names.subarray(nameAt, end < 0 ? names.length : end));
    if (name === '') continue;
    const symbol = { name, weak: binding === STB_WEAK, ...versions.of(index) };
    (view.u16(at + sectionAt) === 0 ? imports : exports).push(symbol);
  }
  return { imports, exports };
}

/** The versions of symbols: DT_VERSYM gives each symbol an index into what verneed and verdef name. */
class SymbolVersions {
  readonly #names = new Map<number, string>();
  readonly #versym: ElfView | undefined;

  constructor(elf: ElfFile, count: number) {
    const range = rangeOf(elf, DT_VERSYM);
    if (range === undefined || range.available < count * 2) return;
    this.#versym = elf.reader.view(range.offset, count * 2, 'symbol versions');
    for (const { versions } of verneedOf(elf))
      for (const { index, name } of versions) this.#names.set(index, name);
    for (const { base, index, name } of verdefOf(elf) ?? []) if (!base) this.#names.set(index, name);
  }

  of(symbol: number): { readonly version?: string; readonly hidden: boolean } {
    const entry = this.#versym?.u16(symbol * 2) ?? 0;
    const version = this.#names.get(entry & 0x7fff);
    const hidden = (entry & VERSYM_HIDDEN) !== 0;
    return version === undefined ? { hidden } : { version, hidden };
  }
}

/**
 * How many dynamic symbols there are. Nothing but a section header says so; the hash tables imply it, and where they
 * hold no symbol (a program that exports nothing), the relocations show how far the table is used.
 */
function symbolCount(elf: ElfFile): number {
  const mips = elf.machine === EM_MIPS ? lastValue(elf.dynamic, DT_MIPS_SYMTABNO) : undefined;
  if (mips !== undefined) return mips;
  const hash = rangeOf(elf, DT_HASH);
  if (hash !== undefined) {
    // 8-byte words: the s390x and Alpha ABIs alone (binutils elf64-s390.c, elf64-alpha.c: s_hash_entry_size).
    const wide = elf.reader.is64 && (elf.machine === EM_S390 || elf.machine === EM_ALPHA);
    return wide
      ? elf.reader.view(hash.offset + 8, 8, 'hash table').u64(0)
      : elf.reader.view(hash.offset + 4, 4, 'hash table').u32(0);
  }
  return Math.max(countByGnuHash(elf) ?? 0, countByRelocations(elf));
}

/** The highest symbol of a bucket, followed to the end of its chain, is the last one of the table. */
function countByGnuHash(elf: ElfFile): number | undefined {
  const range = rangeOf(elf, DT_GNU_HASH);
  if (range === undefined) return undefined;
  const head = elf.reader.view(range.offset, 16, 'GNU hash table');
  const [nbuckets, symoffset, bloomSize] = [head.u32(0), head.u32(4), head.u32(8)];
  const bucketsAt = range.offset + 16 + bloomSize * elf.reader.wordSize;
  const buckets = elf.reader.view(bucketsAt, nbuckets * 4, 'GNU hash table');
  let last = 0;
  for (let index = 0; index < nbuckets; index++) last = Math.max(last, buckets.u32(index * 4));
  if (last < symoffset) return symoffset;
  return chainEnd(elf, bucketsAt + nbuckets * 4 + (last - symoffset) * 4, last);
}

/** A chain ends at the first hash whose lowest bit is set; a bound ends one that never does. */
function chainEnd(elf: ElfFile, start: number, first: number): number {
  const step = 1024;
  const { limits } = elf.reader;
  for (let symbol = first, offset = start; symbol < limits.elfSymbols; symbol += step, offset += step * 4) {
    const length = Math.min(step, Math.floor((elf.reader.access.size - offset) / 4));
    const chain = elf.reader.view(offset, Math.max(4, length * 4), 'GNU hash table');
    for (let index = 0; index < length; index++) {
      if ((chain.u32(index * 4) & 1) !== 0) return symbol + index + 1;
    }
  }
  throw limitError(limits, 'elfSymbols', 'ELF dynamic symbols', 'their number');
}

function countByRelocations(elf: ElfFile): number {
  let highest = -1;
  const plt = lastValue(elf.dynamic, DT_PLTREL);
  for (const [tag, sizeTag, hasAddend] of [
    [DT_RELA, DT_RELASZ, true],
    [DT_REL, DT_RELSZ, false],
    [DT_JMPREL, DT_PLTRELSZ, plt === DT_RELA],
  ] as const) {
    const range = rangeOf(elf, tag);
    if (range === undefined) continue;
    const entsize = (hasAddend ? 3 : 2) * elf.reader.wordSize;
    const bytes = Math.min(range.available, lastValue(elf.dynamic, sizeTag) ?? 0);
    const view = elf.reader.view(range.offset, bytes, 'relocations');
    for (let at = 0; at + entsize <= bytes; at += entsize) {
      const info = at + elf.reader.wordSize;
      // r_info: the symbol is its upper half in 64-bit files, all but the last byte in 32-bit ones.
      const symbol = elf.reader.is64 ? Math.floor(view.u64(info) / 0x1_0000_0000) : view.u32(info) >>> 8;
      if (symbol > highest) highest = symbol;
    }
  }
  return highest + 1;
}

function rangeOf(elf: ElfFile, tag: number) {
  const vaddr = lastValue(elf.dynamic, tag);
  return vaddr === undefined ? undefined : rangeAt(elf.phdrs, vaddr);
}
