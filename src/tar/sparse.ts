import type { RandomAccess } from '../io/random-access.ts';
import { BLOCK_SIZE, malformed, number } from './header.ts';
import { type PaxRecord, parsePaxNumber } from './pax.ts';

/** SparseSegment is a stretch of a sparse file that is stored; between the segments the file is zeros. In bytes. */
export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

/** What pax records say about a sparse file (GNU tar manual, "Storing Sparse Files", formats 0.0, 0.1 and 1.0). */
export interface PaxSparse {
  readonly version: '0.0' | '0.1' | '1.0' | 'unknown';
  readonly size: number;
  /** Offset, length, offset, …; format 1.0 keeps them before the contents instead. */
  readonly map: readonly number[];
}

/** Returns what `records` say about a sparse file; undefined when they speak of none. */
export function paxSparse(records: readonly PaxRecord[], offset: number): PaxSparse | undefined {
  const size = records.findLast(({ key }) => key === 'GNU.sparse.realsize' || key === 'GNU.sparse.size');
  if (size === undefined) return undefined;
  const values = new Map(records.map(({ key, value }) => [key, Buffer.from(value).toString('latin1')]));
  const major = values.get('GNU.sparse.major');
  const minor = values.get('GNU.sparse.minor');
  const listed = values.get('GNU.sparse.map');
  const pairs = records.filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes');
  const isOld = major === undefined || major === '0';
  const version =
    major === '1' && minor === '0' ? '1.0' : isOld ? (listed === undefined ? '0.0' : '0.1') : 'unknown';
  const numberOf = (value: Uint8Array): number => parsePaxNumber(value, Number.MAX_SAFE_INTEGER, offset);
  const map = listed
    ? listed.split(',').map((part) => numberOf(Buffer.from(part)))
    : pairs.map(({ value }) => numberOf(value));
  return { version, size: numberOf(size.value), map };
}

/** Returns the map of an old GNU header ('S') or of the blocks that continue it, and whether another block follows. */
export function oldGnuMap(
  block: Uint8Array,
  kind: 'header' | 'continuation',
  offset: number,
): { readonly map: number[]; readonly more: boolean } {
  const [start, count, flag] = kind === 'header' ? [386, 4, 482] : [0, 21, 504];
  const map: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * 24;
    if (block[at] === 0) break;
    map.push(number(block, at, 12, offset), number(block, at + 12, 12, offset));
  }
  return { map, more: block[flag] !== 0 };
}

/** Returns the real size that an old GNU header ('S') gives. */
export function oldGnuRealSize(block: Uint8Array, offset: number): number {
  return number(block, 483, 12, offset);
}

/** SparseMapText reads the map that format 1.0 keeps before the contents: decimal lines, padded to whole blocks. */
export class SparseMapText {
  readonly map: number[] = [];
  #count = -1;
  #digits = '';

  /** Takes one block; true when the map is complete with it. Throws FormatError. */
  take(block: Uint8Array, offset: number): boolean {
    for (let i = 0; i < BLOCK_SIZE; i++) {
      if (this.#count === 0) return true;
      const byte = block[i] ?? 0;
      if (byte !== 0x0a) {
        this.#digits += String.fromCharCode(byte);
        if (this.#digits.length > 20) throw malformed(offset, 'its sparse map is no list of numbers');
        continue;
      }
      const value = parsePaxNumber(Buffer.from(this.#digits, 'latin1'), Number.MAX_SAFE_INTEGER / 2, offset);
      this.#digits = '';
      if (this.#count < 0) this.#count = value * 2;
      else {
        this.map.push(value);
        this.#count--;
      }
    }
    return this.#count === 0;
  }
}

/**
 * Returns the segments of a map for a file of `size` bytes of which `stored` bytes are in the archive. A map that
 * overlaps, goes backwards, leaves the file or does not account for every stored byte throws FormatError.
 */
export function checkedSegments(
  map: readonly number[],
  size: number,
  stored: number,
  offset: number,
): SparseSegment[] {
  const segments: SparseSegment[] = [];
  let end = 0;
  let sum = 0;
  for (let i = 0; i < map.length; i += 2) {
    const start = map[i] ?? -1;
    const length = map[i + 1] ?? -1;
    if (start < end || length < 0 || start + length > size)
      throw malformed(offset, 'its sparse map is out of order');
    end = start + length;
    sum += length;
    if (length > 0) segments.push({ offset: start, length });
  }
  if (sum !== stored)
    throw malformed(offset, `its sparse map speaks of ${sum} bytes, but ${stored} are stored`);
  return segments;
}

/** Returns a sparse file of `size` bytes, holes as zeros, whose segments lie one after another from `start` of `stored` on. */
export function expandSparse(
  stored: RandomAccess,
  start: number,
  size: number,
  segments: readonly SparseSegment[],
): RandomAccess {
  const positions: number[] = [];
  let position = start;
  for (const segment of segments) {
    positions.push(position);
    position += segment.length;
  }
  return {
    size,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw malformed(start, `${length} bytes at ${offset} are past the end of a sparse file`);
      const result = new Uint8Array(length);
      for (let i = firstReaching(segments, offset); i < segments.length; i++) {
        const segment = segments[i];
        if (segment === undefined || segment.offset >= offset + length) break;
        const from = Math.max(offset, segment.offset);
        const to = Math.min(offset + length, segment.offset + segment.length);
        result.set(stored.read((positions[i] ?? 0) + from - segment.offset, to - from), from - offset);
      }
      return result;
    },
  };
}

/** Returns the index of the first segment that ends after `offset`. */
function firstReaching(segments: readonly SparseSegment[], offset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle];
    if (segment !== undefined && segment.offset + segment.length > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
