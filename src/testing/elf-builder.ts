import {
  DT_AUDIT,
  DT_AUXILIARY,
  DT_DEPAUDIT,
  DT_FILTER,
  DT_FLAGS_1,
  DT_HASH,
  DT_NEEDED,
  DT_NULL,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  DT_STRSZ,
  DT_STRTAB,
  DT_SYMTAB,
  DT_VERDEF,
  DT_VERNEED,
  DT_VERSYM,
  EM_X86_64,
  ET_DYN,
  PT_DYNAMIC,
  PT_INTERP,
  PT_LOAD,
  PT_NOTE,
} from '../elf/constants.ts';

const PAGE = 0x1000;
const PT_PHDR = 6;
const DT_SYMENT = 11;
const DT_VERDEFNUM = 0x6ffffffd;
const DT_VERNEEDNUM = 0x6fffffff;

/** A symbol of a made file; `from` is the library whose version an import asks for. */
export interface ElfSymbolSpec {
  readonly name: string;
  readonly version?: string;
  readonly from?: string;
  readonly weak?: boolean;
}

/** What a made ELF file says of itself. All that is absent is left out of the file. */
export interface ElfSpec {
  readonly class?: 32 | 64;
  readonly data?: 'lsb' | 'msb';
  readonly machine?: number;
  readonly type?: number;
  readonly osabi?: number;
  readonly flags?: number;
  readonly interp?: string;
  /** `false`: a static program, without dynamic section. */
  readonly dynamic?: boolean;
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** DT_NEEDED, DT_AUXILIARY and DT_FILTER in this order: `aux:NAME` and `filter:NAME` are the latter two. */
  readonly needed?: readonly string[];
  readonly flags1?: number;
  readonly audit?: string;
  readonly depaudit?: string;
  readonly imports?: readonly ElfSymbolSpec[];
  readonly exports?: readonly ElfSymbolSpec[];
  readonly notes?: readonly { readonly owner: string; readonly type: number; readonly desc: Uint8Array }[];
  /** Read-only data, as it is. */
  readonly rodata?: string | Uint8Array;
}

/**
 * Builds a small ELF file: a read-only segment with everything, a writable one with the dynamic section, no section
 * headers, no code. A real loader lists it (`ld.so --list`), none can run it.
 */
export function buildElf(spec: ElfSpec = {}): Uint8Array {
  const out = new ElfWriter(spec.class ?? 64, spec.data ?? 'lsb');
  const strings = new StringTable();
  const hasDynamic = spec.dynamic !== false;
  const notes = spec.notes ?? [];
  const phnum = 2 + (spec.interp === undefined ? 0 : 2) + (hasDynamic ? 1 : 0) + (notes.length > 0 ? 1 : 0);
  out.skip(out.is64 ? 64 + phnum * 56 : 52 + phnum * 32);
  const interp = spec.interp === undefined ? undefined : out.place(4, () => out.text(`${spec.interp}\0`));
  const noteRange = notes.length === 0 ? undefined : out.place(4, () => writeNotes(out, notes));
  out.place(16, () =>
    typeof spec.rodata === 'string' ? out.text(spec.rodata) : out.bytes(spec.rodata ?? []),
  );
  const entries = hasDynamic ? writeTables(out, spec, strings) : [];
  const readOnlyEnd = out.size;
  out.align(PAGE);
  const dynamic = out.place(8, () => writeEntries(out, hasDynamic ? [...entries, [DT_NULL, 0]] : [[0, 0]]));

  const phdrs: Phdr[] = [
    { type: PT_LOAD, flags: 4, offset: 0, size: readOnlyEnd, align: PAGE },
    { type: PT_LOAD, flags: 6, ...dynamic, align: PAGE },
  ];
  if (interp !== undefined) {
    // From PT_PHDR glibc's loader knows where the kernel put the program.
    const own = { offset: out.is64 ? 64 : 52, size: phnum * (out.is64 ? 56 : 32) };
    phdrs.unshift(
      { type: PT_PHDR, flags: 4, ...own, align: 8 },
      { type: PT_INTERP, flags: 4, ...interp, align: 1 },
    );
  }
  if (hasDynamic) phdrs.push({ type: PT_DYNAMIC, flags: 6, ...dynamic, align: 8 });
  if (noteRange !== undefined) phdrs.push({ type: PT_NOTE, flags: 4, ...noteRange, align: 4 });
  writeHeader(out, spec, phdrs);
  return out.finish();
}

type Entry = readonly [tag: number, value: number];

interface Placed {
  readonly offset: number;
  readonly size: number;
}

interface Phdr extends Placed {
  readonly type: number;
  readonly flags: number;
  readonly align: number;
}

/** Writes string, symbol, hash and version tables and returns the dynamic entries that point to them. */
function writeTables(out: ElfWriter, spec: ElfSpec, strings: StringTable): readonly Entry[] {
  const entries: Entry[] = (spec.needed ?? []).map((text): Entry => {
    if (text.startsWith('aux:')) return [DT_AUXILIARY, strings.add(text.slice(4))];
    if (text.startsWith('filter:')) return [DT_FILTER, strings.add(text.slice(7))];
    return [DT_NEEDED, strings.add(text)];
  });
  for (const [tag, text] of [
    [DT_SONAME, spec.soname],
    [DT_RPATH, spec.rpath],
    [DT_RUNPATH, spec.runpath],
    [DT_AUDIT, spec.audit],
    [DT_DEPAUDIT, spec.depaudit],
  ] as const) {
    if (text !== undefined) entries.push([tag, strings.add(text)]);
  }
  if (spec.flags1 !== undefined) entries.push([DT_FLAGS_1, spec.flags1]);
  const imports = spec.imports ?? [];
  const symbols = [...imports, ...(spec.exports ?? [])];
  const symtab = out.place(8, () => {
    writeSymbol(out, 0, 0, 0);
    for (const [index, { name, weak }] of symbols.entries()) {
      writeSymbol(out, strings.add(name), weak === true ? 2 : 1, index < imports.length ? 0 : 1);
    }
  });
  // One bucket whose chain goes through every symbol.
  const count = symbols.length + 1;
  const hash = out.place(8, () => {
    const chain = Array.from({ length: count }, (_, index) =>
      index === 0 || index + 1 === count ? 0 : index + 1,
    );
    for (const word of [1, count, count > 1 ? 1 : 0, ...chain]) out.u32(word);
  });
  entries.push(...writeVersions(out, spec, symbols, strings));
  const strtab = out.place(1, () => out.text(strings.text));
  entries.push([DT_HASH, hash.offset], [DT_SYMTAB, symtab.offset], [DT_SYMENT, out.is64 ? 24 : 16]);
  entries.push([DT_STRTAB, strtab.offset], [DT_STRSZ, strtab.size]);
  return entries;
}

function writeVersions(
  out: ElfWriter,
  spec: ElfSpec,
  symbols: readonly ElfSymbolSpec[],
  strings: StringTable,
): readonly Entry[] {
  const defined = [...new Set((spec.exports ?? []).flatMap(({ version }) => version ?? []))];
  const needed = new Map<string, Map<string, boolean>>();
  for (const { version, from, weak } of spec.imports ?? []) {
    if (version === undefined || from === undefined) continue;
    const versions = needed.get(from) ?? new Map<string, boolean>();
    needed.set(from, versions.set(version, weak === true));
  }
  if (defined.length === 0 && needed.size === 0) return [];
  const indexes = new Map<string, number>();
  // 1 is the file itself, so versions begin at 2.
  for (const name of [...defined, ...[...needed.values()].flatMap((versions) => [...versions.keys()])]) {
    if (!indexes.has(name)) indexes.set(name, indexes.size + 2);
  }
  const versym = out.place(2, () => {
    for (const symbol of [{ version: undefined }, ...symbols])
      out.u16(indexes.get(symbol.version ?? '') ?? 1);
  });
  const entries: Entry[] = [[DT_VERSYM, versym.offset]];
  if (defined.length > 0) {
    const names = [spec.soname ?? 'base', ...defined];
    const verdef = out.place(8, () => {
      for (const [index, name] of names.entries()) {
        for (const half of [1, index === 0 ? 1 : 0, index === 0 ? 1 : (indexes.get(name) ?? 1), 1])
          out.u16(half);
        for (const word of [elfHash(name), 20, index + 1 === names.length ? 0 : 28, strings.add(name), 0])
          out.u32(word);
      }
    });
    entries.push([DT_VERDEF, verdef.offset], [DT_VERDEFNUM, names.length]);
  }
  if (needed.size > 0) {
    const verneed = out.place(8, () => writeVerneed(out, needed, indexes, strings));
    entries.push([DT_VERNEED, verneed.offset], [DT_VERNEEDNUM, needed.size]);
  }
  return entries;
}

function writeVerneed(
  out: ElfWriter,
  needed: ReadonlyMap<string, ReadonlyMap<string, boolean>>,
  indexes: ReadonlyMap<string, number>,
  strings: StringTable,
): void {
  let left = needed.size;
  for (const [file, versions] of needed) {
    out.u16(1);
    out.u16(versions.size);
    for (const word of [strings.add(file), 16, --left === 0 ? 0 : 16 + versions.size * 16]) out.u32(word);
    let versionsLeft = versions.size;
    for (const [name, weak] of versions) {
      out.u32(elfHash(name));
      out.u16(weak ? 2 : 0);
      out.u16(indexes.get(name) ?? 1);
      for (const word of [strings.add(name), --versionsLeft === 0 ? 0 : 16]) out.u32(word);
    }
  }
}

function writeSymbol(out: ElfWriter, name: number, binding: number, section: number): void {
  const info = (binding << 4) | (name === 0 ? 0 : 2);
  out.u32(name);
  if (out.is64) {
    out.bytes([info, 0]);
    out.u16(section);
    out.word(0);
    out.word(0);
  } else {
    out.u32(0);
    out.u32(0);
    out.bytes([info, 0]);
    out.u16(section);
  }
}

function writeNotes(out: ElfWriter, notes: NonNullable<ElfSpec['notes']>): void {
  for (const { owner, type, desc } of notes) {
    for (const word of [owner.length + 1, desc.length, type]) out.u32(word);
    out.text(`${owner}\0`);
    out.align(4);
    out.bytes(desc);
    out.align(4);
  }
}

function writeEntries(out: ElfWriter, entries: readonly Entry[]): void {
  for (const [tag, value] of entries) {
    out.word(tag);
    out.word(value);
  }
}

function writeHeader(out: ElfWriter, spec: ElfSpec, phdrs: readonly Phdr[]): void {
  out.at(0, () => {
    out.bytes([0x7f, 0x45, 0x4c, 0x46, out.is64 ? 2 : 1, spec.data === 'msb' ? 2 : 1, 1, spec.osabi ?? 0]);
    out.skip(8);
    out.u16(spec.type ?? ET_DYN);
    out.u16(spec.machine ?? EM_X86_64);
    out.u32(1);
    out.word(0);
    out.word(out.is64 ? 64 : 52);
    out.word(0);
    out.u32(spec.flags ?? 0);
    for (const half of [out.is64 ? 64 : 52, out.is64 ? 56 : 32, phdrs.length, 0, 0, 0]) out.u16(half);
    for (const { type, flags, offset, size, align } of phdrs) {
      out.u32(type);
      if (out.is64) out.u32(flags);
      for (const word of [offset, offset, offset, size, size]) out.word(word);
      if (!out.is64) out.u32(flags);
      out.word(align);
    }
  });
}

/** The hash of the System V ABI, which version records carry. */
function elfHash(name: string): number {
  let hash = 0;
  for (const char of name) {
    hash = ((hash << 4) + char.charCodeAt(0)) >>> 0;
    const high = hash & 0xf000_0000;
    hash = ((hash ^ (high >>> 24)) & ~high) >>> 0;
  }
  return hash;
}

class StringTable {
  text = '\0';

  add(text: string): number {
    const at = this.text.indexOf(`\0${text}\0`);
    if (at >= 0) return at + 1;
    this.text += `${text}\0`;
    return this.text.length - text.length - 1;
  }
}

/** Bytes that grow while they are written, in the class and byte order of the file. */
class ElfWriter {
  readonly is64: boolean;
  readonly #littleEndian: boolean;
  #buffer = new Uint8Array(4 * PAGE);
  #at = 0;
  size = 0;

  constructor(elfClass: 32 | 64, data: 'lsb' | 'msb') {
    this.is64 = elfClass === 64;
    this.#littleEndian = data === 'lsb';
  }

  place(alignment: number, write: () => void): Placed {
    this.align(alignment);
    const offset = this.#at;
    write();
    return { offset, size: this.#at - offset };
  }

  at(offset: number, write: () => void): void {
    const back = this.#at;
    this.#at = offset;
    write();
    this.#at = back;
  }

  align(alignment: number): void {
    this.skip((alignment - (this.#at % alignment)) % alignment);
  }

  skip(length: number): void {
    this.#reserve(length);
    this.#at += length;
    this.size = Math.max(this.size, this.#at);
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#buffer.set(values, this.#at);
    this.skip(values.length);
  }

  text(text: string): void {
    this.bytes(Buffer.from(text, 'latin1'));
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view().setUint16(this.#at, value, this.#littleEndian);
    this.skip(2);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view().setUint32(this.#at, value, this.#littleEndian);
    this.skip(4);
  }

  word(value: number): void {
    if (this.is64) {
      this.#reserve(8);
      this.#view().setBigUint64(this.#at, BigInt(value), this.#littleEndian);
      this.skip(8);
    } else this.u32(value);
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.size);
  }

  #view(): DataView {
    return new DataView(this.#buffer.buffer);
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#at + length));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
