import { PF_W, PT_LOAD } from './constants.ts';
import type { ElfFile } from './elf-file.ts';
import { latin1 } from './elf-reader.ts';

/** A run of printable ASCII in an ELF file's read-only data. */
export interface ElfString {
  readonly text: string;
  /** Of its first byte in the file. */
  readonly offset: number;
  /** Does NUL follow, as behind a C string? Go and Rust keep literals without an end, one behind the other in one run. */
  readonly terminated: boolean;
}

export interface StringsOptions {
  /** Shortest run, in bytes. Default 4. */
  readonly minLength?: number;
  /** Only runs that hold `/` or `.`: what may be a path or a library name. */
  readonly pathLike?: boolean;
}

const CHUNK = 1 << 20;
const PRINTABLE = 1;
const PATH_LIKE = 3;

/** What a byte is: 0 ends a run. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x2f || byte === 0x2e ? PATH_LIKE : (byte >= 0x20 && byte < 0x7f) || byte === 0x09 ? PRINTABLE : 0,
);

/**
 * Yields the printable strings of the segments that are not writable, where linkers put literals; the dynamic string
 * table (names of symbols) is left out. Reads in chunks; throws FormatError for a segment outside of the file.
 */
export function* stringsOf(elf: ElfFile, options: StringsOptions = {}): Generator<ElfString> {
  for (const { start, end } of literalRanges(elf)) yield* stringsIn(elf, start, end, options);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The parts of the file that are mapped without write permission, each once, without DT_STRTAB. */
function literalRanges(elf: ElfFile): readonly Range[] {
  const ranges = elf.phdrs
    .filter((phdr) => phdr.type === PT_LOAD && (phdr.flags & PF_W) === 0 && phdr.filesz > 0)
    .map(({ offset, filesz }) => ({ start: offset, end: Math.min(offset + filesz, elf.reader.access.size) }))
    .sort((a, b) => a.start - b.start);
  const symbols = {
    start: elf.strings.range?.offset ?? 0,
    end: (elf.strings.range?.offset ?? 0) + elf.strings.size,
  };
  const result: Range[] = [];
  let covered = 0;
  for (const { start, end } of ranges) {
    const part = { start: Math.max(start, covered), end };
    covered = Math.max(covered, end);
    result.push(...without(part, symbols));
  }
  return result;
}

function without(range: Range, hole: Range): readonly Range[] {
  if (hole.end <= hole.start || hole.end <= range.start || hole.start >= range.end)
    return isEmpty(range) ? [] : [range];
  const parts = [
    { start: range.start, end: hole.start },
    { start: hole.end, end: range.end },
  ];
  return parts.filter((part) => !isEmpty(part));
}

function isEmpty(range: Range): boolean {
  return range.start >= range.end;
}

function* stringsIn(elf: ElfFile, start: number, end: number, options: StringsOptions): Generator<ElfString> {
  const { access } = elf.reader;
  const scan: Scan = {
    minLength: options.minLength ?? 4,
    wanted: options.pathLike === true ? PATH_LIKE : PRINTABLE,
    runStart: -1,
    seen: 0,
  };
  for (let base = start; base < end; base += CHUNK) {
    const bytes = access.read(base, Math.min(CHUNK, end - base));
    const ends = scanChunk(bytes, base, scan);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; i < ends.length; i += 2) {
      const from = ends[i] as number;
      const to = ends[i + 1] as number;
      const isWhole = from >= base;
      const text = isWhole
        ? chunk.toString('latin1', from - base, to - base)
        : latin1(access.read(from, to - from));
      yield { text, offset: from, terminated: bytes[to - base] === 0 };
    }
  }
  const { runStart, minLength, wanted, seen } = scan;
  if (runStart >= 0 && end - runStart >= minLength && seen >= wanted) {
    yield { text: latin1(access.read(runStart, end - runStart)), offset: runStart, terminated: false };
  }
}

interface Scan {
  readonly minLength: number;
  /** The kind of byte that a run must hold. */
  readonly wanted: number;
  /** Offset of the run that the last chunk left open; -1 for none. */
  runStart: number;
  seen: number;
}

/** Returns offsets of the runs that end in this chunk, first and end in turn: a plain loop, for it looks at every byte. */
function scanChunk(bytes: Uint8Array, base: number, scan: Scan): readonly number[] {
  const { minLength, wanted } = scan;
  const found: number[] = [];
  // Relative to the chunk; before it for a run that began in an earlier one.
  let runStart = scan.runStart - base;
  let isOpen = scan.runStart >= 0;
  let seen = scan.seen;
  for (let i = 0; i < bytes.length; i++) {
    const kind = KINDS[bytes[i] as number] as number;
    if (kind !== 0) {
      if (!isOpen) {
        isOpen = true;
        runStart = i;
        seen = 0;
      }
      seen |= kind;
    } else if (isOpen) {
      isOpen = false;
      if (i - runStart >= minLength && seen >= wanted) found.push(base + runStart, base + i);
    }
  }
  scan.runStart = isOpen ? base + runStart : -1;
  scan.seen = seen;
  return found;
}
