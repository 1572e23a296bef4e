import { compareNames } from '../ldso/cache-lookup.ts';

/** One line of a made ld.so.cache. */
export interface CacheLine {
  readonly name: string;
  readonly path: string;
  /** Default: x86-64, libc6. */
  readonly flags?: number;
  readonly hwcap?: bigint;
  /** The glibc-hwcaps subdirectory that the path is in. */
  readonly hwcaps?: string;
}

export interface CacheSpec {
  readonly format?: 'old' | 'new' | 'mixed';
  readonly data?: 'lsb' | 'msb';
  readonly lines: readonly CacheLine[];
}

const OLD_MAGIC = 'ld.so-1.7.0\0';
const NEW_MAGIC = 'glibc-ld.so.cache1.1';

/** Builds ld.so.cache as ldconfig would write these lines (glibc elf/cache.c, save_cache). */
export function buildLdSoCache(spec: CacheSpec): Uint8Array {
  const littleEndian = spec.data !== 'msb';
  const lines = [...spec.lines].sort(
    (a, b) => compareNames(b.name, a.name) || Number(b.hwcaps !== undefined) - Number(a.hwcaps !== undefined),
  );
  const format = spec.format ?? 'new';
  if (format === 'old') return oldCache(lines, littleEndian, '');
  const fresh = newCache(lines, littleEndian);
  if (format === 'new') return fresh;
  // The new cache stands where the old one's strings begin; both kinds of entries share the strings behind it.
  return Buffer.concat([oldCache([], littleEndian, ''), fresh]);
}

function oldCache(lines: readonly CacheLine[], littleEndian: boolean, first: string): Uint8Array {
  let strings = first;
  const entries = lines.map(({ name, path, flags }) => {
    const key = strings.length;
    strings += `${name}\0`;
    const value = strings.length;
    strings += `${path}\0`;
    return [flags ?? 0x303, key, value];
  });
  const head = Buffer.alloc(16 + entries.length * 12);
  head.write(OLD_MAGIC, 'latin1');
  const words = [entries.length, ...entries.flat()];
  for (const [index, word] of words.entries()) writeWord(head, 12 + index * 4, word, littleEndian);
  return Buffer.concat([head, Buffer.from(strings, 'latin1')]);
}

function newCache(lines: readonly CacheLine[], littleEndian: boolean): Uint8Array {
  const subdirectories = [...new Set(lines.flatMap(({ hwcaps }) => hwcaps ?? []))].sort();
  const stringsAt = 48 + lines.length * 24;
  let strings = '';
  const add = (text: string) => {
    strings += `${text}\0`;
    return stringsAt + strings.length - text.length - 1;
  };
  const entries = lines.map(({ name, path, flags, hwcap, hwcaps }) => {
    const high = hwcaps === undefined ? Number((hwcap ?? 0n) >> 32n) : 0x4000_0000;
    const low = hwcaps === undefined ? Number((hwcap ?? 0n) & 0xffff_ffffn) : subdirectories.indexOf(hwcaps);
    return [flags ?? 0x303, add(name), add(path), 0, ...(littleEndian ? [low, high] : [high, low])];
  });
  const names = subdirectories.map(add);
  while ((stringsAt + strings.length) % 4 !== 0) strings += '\0';
  const extensionAt = stringsAt + strings.length;
  const extension = [0xeaa42174, 1, 1, 0, extensionAt + 24, names.length * 4, ...names];
  const out = Buffer.alloc(extensionAt + extension.length * 4);
  out.write(NEW_MAGIC, 'latin1');
  writeWord(out, 20, lines.length, littleEndian);
  writeWord(out, 24, strings.length, littleEndian);
  out[28] = littleEndian ? 2 : 3;
  writeWord(out, 32, names.length === 0 ? 0 : extensionAt, littleEndian);
  for (const [index, word] of entries.flat().entries()) writeWord(out, 48 + index * 4, word, littleEndian);
  out.write(strings, stringsAt, 'latin1');
  for (const [index, word] of extension.entries())
    writeWord(out, extensionAt + index * 4, word, littleEndian);
  return out;
}

function writeWord(buffer: Buffer, at: number, word: number, littleEndian: boolean): void {
  if (littleEndian) buffer.writeUInt32LE(word >>> 0, at);
  else buffer.writeUInt32BE(word >>> 0, at);
}
