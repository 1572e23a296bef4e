import { FormatError } from '../errors.ts';

/**
 * ld.so.cache as ldconfig writes it (glibc sysdeps/generic/dl-cache.h): the old format ("ld.so-1.7.0"), the new one
 * ("glibc-ld.so.cache1.1"), or the new one behind the old one, with an extension directory since 2.33.
 */
const OLD_MAGIC = 'ld.so-1.7.0';
const NEW_MAGIC = 'glibc-ld.so.cache1.1';
const OLD_HEADER = 16;
const OLD_ENTRY = 12;
const NEW_HEADER = 48;
const NEW_ENTRY = 24;
const EXTENSION_MAGIC = 0xeaa42174;
const EXTENSION_GLIBC_HWCAPS = 1;
/** DL_CACHE_HWCAP_EXTENSION in the upper half of hwcap, below it ten bits of ISA level. */
const HWCAP_EXTENSION_HIGH = 0x4000_0000;
const ISA_LEVEL_MASK = 0x3ff;
/** No file has a longer path (limits.h, with its NUL). */
const PATH_MAX = 4096;

/** One library of the cache. `name` or `path` is absent where its string index is outside of the file. */
export interface CacheEntry {
  readonly flags: number;
  readonly name: string | undefined;
  readonly path: string | undefined;
  /** Bits of AT_HWCAP and of the platform that it needs (legacy hwcaps); 0n for `hwcaps` entries. */
  readonly hwcap: bigint;
  /** The glibc-hwcaps subdirectory that it is in; empty when the extension does not name it. */
  readonly hwcaps?: string;
}

export interface LdSoCache {
  readonly format: 'old' | 'new';
  /** As sorted by ldconfig: descending, the loader searches it by bisection. */
  readonly entries: readonly CacheEntry[];
  /** Names of which some entries are for some processors only. */
  readonly variants: ReadonlySet<string>;
}

/**
 * Parses ld.so.cache for a loader of the given byte order; throws FormatError where that loader would ignore the
 * file: no magic, fewer entries than it says, another byte order.
 */
export function parseLdSoCache(bytes: Uint8Array, littleEndian: boolean): LdSoCache {
  const cache = new CacheBytes(bytes, littleEndian);
  if (cache.hasMagic(0, NEW_MAGIC) && bytes.length > NEW_HEADER) {
    return cacheOf('new', newEntries(cache, 0));
  }
  if (!cache.hasMagic(0, OLD_MAGIC) || bytes.length <= OLD_HEADER) {
    throw new FormatError('ld.so.cache', 0, 'cannot read ld.so.cache: no magic of glibc');
  }
  const count = cache.u32(12);
  if (count > (bytes.length - OLD_HEADER) / OLD_ENTRY) {
    throw new FormatError(
      'ld.so.cache',
      12,
      `cannot read ld.so.cache: ${count} entries do not fit into the file`,
    );
  }
  const strings = OLD_HEADER + count * OLD_ENTRY;
  // The new format follows, aligned as its 64-bit members are: 8, or 4 on i386 and m68k. The magic tells which.
  for (const align of [8, 4]) {
    const start = Math.ceil(strings / align) * align;
    if (cache.hasMagic(start, NEW_MAGIC) && bytes.length >= start + NEW_HEADER) {
      return cacheOf('new', newEntries(cache, start));
    }
  }
  const entries = Array.from({ length: count }, (_, index): CacheEntry => {
    const at = OLD_HEADER + index * OLD_ENTRY;
    return {
      flags: cache.i32(at),
      name: cache.string(strings, cache.u32(at + 4)),
      path: cache.string(strings, cache.u32(at + 8)),
      hwcap: 0n,
    };
  });
  return cacheOf('old', entries);
}

function cacheOf(format: LdSoCache['format'], entries: readonly CacheEntry[]): LdSoCache {
  const variants = new Set<string>();
  for (const { hwcap, hwcaps, name } of entries) {
    if (name !== undefined && (hwcap !== 0n || hwcaps !== undefined)) variants.add(name);
  }
  return { format, entries, variants };
}

function newEntries(cache: CacheBytes, start: number): readonly CacheEntry[] {
  const count = cache.u32(start + 20);
  if (count > (cache.size - start - NEW_HEADER) / NEW_ENTRY) {
    throw new FormatError(
      'ld.so.cache',
      start + 20,
      `cannot read ld.so.cache: ${count} entries do not fit into the file`,
    );
  }
  // 0 is an ldconfig that did not say; then 2 is little-endian and 3 big-endian (cache_file_new_matches_endian).
  const endian = cache.u8(start + 28);
  if (endian !== 0 && (endian & 3) !== (cache.littleEndian ? 2 : 3)) {
    throw new FormatError('ld.so.cache', start + 28, 'cannot read ld.so.cache: it is of another byte order');
  }
  const subdirectories = hwcapsNames(cache, start);
  return Array.from({ length: count }, (_, index) => newEntry(cache, start, index, subdirectories));
}

function newEntry(
  cache: CacheBytes,
  start: number,
  index: number,
  subdirectories: readonly (string | undefined)[],
): CacheEntry {
  const at = start + NEW_HEADER + index * NEW_ENTRY;
  const [low, high] = cache.u64(at + 16);
  const isExtension = (high & ~ISA_LEVEL_MASK) >>> 0 === HWCAP_EXTENSION_HIGH;
  return {
    flags: cache.i32(at),
    name: cache.string(start, cache.u32(at + 4)),
    path: cache.string(start, cache.u32(at + 8)),
    ...(isExtension
      ? { hwcap: 0n, hwcaps: subdirectories[low] ?? '' }
      : { hwcap: (BigInt(high) << 32n) | BigInt(low) }),
  };
}

/** Reads the extension section that names the glibc-hwcaps subdirectories; a broken one disables them, as in glibc. */
function hwcapsNames(cache: CacheBytes, start: number): readonly (string | undefined)[] {
  const directory = cache.u32(start + 32);
  if (directory === 0 || directory % 4 !== 0 || directory + 8 > cache.size) return [];
  if (cache.u32(directory) !== EXTENSION_MAGIC) return [];
  const count = cache.u32(directory + 4);
  if (directory + 8 + count * 16 > cache.size) return [];
  let list: readonly [offset: number, size: number] | undefined;
  for (let index = 0; index < count; index++) {
    const section = directory + 8 + index * 16;
    const [tag, offset, size] = [cache.u32(section), cache.u32(section + 8), cache.u32(section + 12)];
    if (offset + size > cache.size) return [];
    if (tag !== EXTENSION_GLIBC_HWCAPS || size === 0 || size % 4 !== 0 || offset % 4 !== 0) continue;
    // As in glibc the last section of a kind counts; only that one is read, for a thousand could overlap.
    list = [offset, size];
  }
  if (list === undefined) return [];
  const [offset, size] = list;
  return Array.from({ length: size / 4 }, (_, entry) => cache.string(0, cache.u32(offset + entry * 4)));
}

class CacheBytes {
  readonly littleEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.littleEndian = littleEndian;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.#bytes.length;
  }

  hasMagic(offset: number, magic: string): boolean {
    if (offset + magic.length > this.size) return false;
    for (let i = 0; i < magic.length; i++) if (this.#bytes[offset + i] !== magic.charCodeAt(i)) return false;
    return true;
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, this.littleEndian);
  }

  i32(offset: number): number {
    return this.#view.getInt32(offset, this.littleEndian);
  }

  u64(offset: number): readonly [low: number, high: number] {
    return this.littleEndian
      ? [this.u32(offset), this.u32(offset + 4)]
      : [this.u32(offset + 4), this.u32(offset)];
  }

  /** The string at `index` from `base` on; undefined outside of the file, and where it is longer than any path. */
  string(base: number, index: number): string | undefined {
    const at = base + index;
    if (at >= this.size) return undefined;
    // Strings may overlap: a long one under each of N entries would take N² steps.
    const window = this.#bytes.subarray(at, at + PATH_MAX);
    const nul = window.indexOf(0);
    if (nul < 0 && window.length === PATH_MAX) return undefined;
    const bytes = nul < 0 ? window : window.subarray(0, nul);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }
}
