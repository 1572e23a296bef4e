import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import {
  DT_AUDIT,
  DT_AUXILIARY,
  DT_DEPAUDIT,
  DT_FILTER,
  DT_FLAGS_1,
  DT_NEEDED,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  PT_DYNAMIC,
  PT_INTERP,
} from './constants.ts';
import { type DynamicEntry, DynamicStrings, parseDynamic } from './dynamic.ts';
import type { ElfReader } from './elf-reader.ts';
import { type ElfHeader, type ProgramHeader, parseHeader, parseProgramHeaders } from './header.ts';

/** What a DT_NEEDED, DT_AUXILIARY or DT_FILTER entry asks for; their order among each other is the order of loading. */
export interface ElfDependency {
  readonly tag: 'needed' | 'auxiliary' | 'filter';
  readonly name: string;
}

/** ElfFile is what a loader reads of an ELF file: header, program headers and dynamic section, never section headers. */
export interface ElfFile extends ElfHeader {
  readonly phdrs: readonly ProgramHeader[];
  /** Contents of PT_INTERP. */
  readonly interp?: string;
  /** Has it a dynamic section? A static program has none, a static-pie one has one without PT_INTERP. */
  readonly isDynamic: boolean;
  readonly needed: readonly string[];
  readonly auxiliary: readonly string[];
  readonly filter: readonly string[];
  readonly dependencies: readonly ElfDependency[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** DT_FLAGS_1; 0 when absent. */
  readonly flags1: number;
  readonly audit?: string;
  readonly depaudit?: string;
  readonly dynamic: readonly DynamicEntry[];
  readonly reader: ElfReader;
  readonly strings: DynamicStrings;
}

/**
 * Parses an ELF file, reading only the header, the program headers, the dynamic section and the strings it names;
 * throws FormatError (with a byte offset) for anything outside of the file, LimitError for more than `limits` allow.
 */
export function parseElf(access: RandomAccess, limits: Limits = DEFAULT_LIMITS): ElfFile {
  const { header, reader } = parseHeader(access, limits);
  const phdrs = parseProgramHeaders(reader, header);
  const interp = readInterp(reader, phdrs);
  const dynamic = parseDynamic(reader, phdrs);
  const strings = new DynamicStrings(reader, phdrs, dynamic);
  const dependencies = dependenciesOf(dynamic, strings);
  const named = (tag: ElfDependency['tag']) =>
    dependencies.filter((entry) => entry.tag === tag).map((entry) => entry.name);
  return {
    ...header,
    phdrs,
    ...optional('interp', interp),
    isDynamic: phdrs.some((phdr) => phdr.type === PT_DYNAMIC && phdr.filesz > 0),
    needed: named('needed'),
    auxiliary: named('auxiliary'),
    filter: named('filter'),
    dependencies,
    ...optional('soname', strings.last(DT_SONAME)),
    ...optional('rpath', strings.last(DT_RPATH)),
    ...optional('runpath', strings.last(DT_RUNPATH)),
    flags1: lastValue(dynamic, DT_FLAGS_1) ?? 0,
    ...optional('audit', strings.last(DT_AUDIT)),
    ...optional('depaudit', strings.last(DT_DEPAUDIT)),
    dynamic,
    reader,
    strings,
  };
}

/** Returns the value of the last entry with `tag`: as in glibc's `l_info`, later entries win. */
export function lastValue(dynamic: readonly DynamicEntry[], tag: number): number | undefined {
  return dynamic.findLast((entry) => entry.tag === tag)?.value;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}

function dependenciesOf(dynamic: readonly DynamicEntry[], strings: DynamicStrings): ElfDependency[] {
  const tags: Readonly<Record<number, ElfDependency['tag']>> = {
    [DT_NEEDED]: 'needed',
    [DT_AUXILIARY]: 'auxiliary',
    [DT_FILTER]: 'filter',
  };
  const result: ElfDependency[] = [];
  for (const entry of dynamic) {
    const tag = tags[entry.tag];
    if (tag !== undefined) result.push({ tag, name: strings.at(entry.value) });
  }
  return result;
}

/** The kernel takes the first PT_INTERP, at most PATH_MAX bytes, and it must end in NUL (fs/binfmt_elf.c). */
function readInterp(reader: ElfReader, phdrs: readonly ProgramHeader[]): string | undefined {
  const phdr = phdrs.find((candidate) => candidate.type === PT_INTERP);
  if (phdr === undefined || phdr.filesz === 0) return undefined;
  if (phdr.filesz > 4096) {
    throw new FormatError('ELF', phdr.offset, `cannot read ELF interpreter: a name of ${phdr.filesz} bytes`);
  }
  return reader.string(phdr.offset, phdr.offset + phdr.filesz, 'interpreter');
}
