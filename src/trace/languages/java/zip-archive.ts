import { inflateRawSync } from 'node:zlib';
import { FormatError, LimitError } from '../../../errors.ts';
import { type RandomAccess, sliceAccess } from '../../../io/random-access.ts';

/** ZipEntry is one member as the archive's central directory describes it (APPNOTE.TXT 4.3.12). */
export interface ZipEntry {
  /** With slashes; ends in one for a directory. */
  readonly name: string;
  /** 0 stored, 8 deflated (APPNOTE.TXT 4.4.5). */
  readonly method: number;
  /** In bytes. */
  readonly compressedSize: number;
  /** In bytes. */
  readonly size: number;
  /** Of the local header, from the archive's first byte. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const END_SIZE = 22;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const ZIP64_EXTRA = 1;
/** An end record is followed by a comment of at most 65535 bytes. */
const MAX_TAIL = END_SIZE + 0xffff;
/** In bytes: far above any jar's list of members. */
const MAX_DIRECTORY = 256 << 20;

/** ZipArchive lists and reads the members of a zip file, which may have something before it (a start script). */
export class ZipArchive {
  readonly entries: readonly ZipEntry[];
  readonly #access: RandomAccess;
  /** What lies before the archive, in bytes: its own offsets do not count it. */
  readonly #prefix: number;

  private constructor(access: RandomAccess, entries: readonly ZipEntry[], prefix: number) {
    this.#access = access;
    this.entries = entries;
    this.#prefix = prefix;
  }

  /** Reads the central directory; throws FormatError for what is no zip file or a damaged one. */
  static open(access: RandomAccess): ZipArchive {
    const { size, offset, end } = findDirectory(access);
    const prefix = end - size - offset;
    if (size > MAX_DIRECTORY) {
      throw new LimitError('zip-directory', MAX_DIRECTORY, `cannot read a zip directory of ${size} bytes`);
    }
    if (prefix < 0) throw malformed(end, 'its directory begins before the file');
    return new ZipArchive(access, parseDirectory(access.read(end - size, size), end - size), prefix);
  }

  /** Returns the contents of a member of at most `limit` bytes; throws FormatError or LimitError. */
  read(entry: ZipEntry, limit: number): Uint8Array {
    const { compressedSize, method, name } = entry;
    if (entry.size > limit || compressedSize > limit) throw tooLarge(name, limit);
    const start = this.#dataOffset(entry);
    const data = sliceOf(this.#access, start, compressedSize);
    if (method === 0) return data;
    if (method !== 8) throw malformed(start, `"${name}" is compressed by method ${method}`);
    try {
      return inflateRawSync(data, { maxOutputLength: limit });
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge(name, limit);
      throw new FormatError('zip', start, `cannot inflate "${name}"`, { cause: error });
    }
  }

  /** Returns a stored member as bytes to be read at any offset; undefined when it is compressed. */
  stored(entry: ZipEntry): RandomAccess | undefined {
    return entry.method === 0
      ? sliceAccess(this.#access, this.#dataOffset(entry), entry.compressedSize)
      : undefined;
  }

  /** The local header repeats name and extra field, with lengths of its own (APPNOTE.TXT 4.3.7). */
  #dataOffset({ offset, name }: ZipEntry): number {
    const start = this.#prefix + offset;
    const header = viewOf(sliceOf(this.#access, start, LOCAL_SIZE));
    if (header.getUint32(0, true) !== LOCAL_SIGNATURE) throw malformed(start, `no member "${name}" is there`);
    return start + LOCAL_SIZE + header.getUint16(26, true) + header.getUint16(28, true);
  }
}

/** Returns where the central directory ends, its size, and its offset as the archive says it. */
function findDirectory(access: RandomAccess): { size: number; offset: number; end: number } {
  const length = Math.min(access.size, MAX_TAIL);
  const base = access.size - length;
  const tail = access.read(base, length);
  const view = viewOf(tail);
  for (let at = length - END_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_SIZE + view.getUint16(at + 20, true) > length) continue;
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (offset !== 0xffffffff && size !== 0xffffffff) return { size, offset, end: base + at };
    return findZip64Directory(access, base + at);
  }
  throw malformed(0, 'it has no end record');
}

/** The zip64 end record lies right before its locator, which lies before the end record (APPNOTE.TXT 4.3.14, 4.3.15). */
function findZip64Directory(
  access: RandomAccess,
  endRecord: number,
): { size: number; offset: number; end: number } {
  const locator = endRecord - 20;
  const record = locator - 56;
  if (record < 0 || viewOf(access.read(locator, 4)).getUint32(0, true) !== ZIP64_LOCATOR_SIGNATURE) {
    throw malformed(endRecord, 'it has no zip64 locator');
  }
  const view = viewOf(access.read(record, 56));
  return { size: numberAt(view, 40, record), offset: numberAt(view, 48, record), end: record };
}

function parseDirectory(bytes: Uint8Array, base: number): ZipEntry[] {
  const view = viewOf(bytes);
  const decoder = new TextDecoder();
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + CENTRAL_SIZE > bytes.length || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      // What follows the members is a digital signature (APPNOTE.TXT 4.3.13), if anything.
      break;
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + CENTRAL_SIZE + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw malformed(base + at, 'a member leaves its directory');
    const nameEnd = at + CENTRAL_SIZE + nameLength;
    const name = decoder.decode(bytes.subarray(at + CENTRAL_SIZE, nameEnd));
    const sizes = {
      size: view.getUint32(at + 24, true),
      compressedSize: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    const extra = viewOf(bytes.subarray(nameEnd, nameEnd + extraLength));
    entries.push({ name, method: view.getUint16(at + 10, true), ...withZip64(sizes, extra, base + nameEnd) });
    at = next;
  }
  return entries;
}

type Sizes = Pick<ZipEntry, 'size' | 'compressedSize' | 'offset'>;

/** Fields that do not fit 32 bits are all ones, and stand in the zip64 extra field in this order (APPNOTE.TXT 4.5.3). */
function withZip64(sizes: Sizes, extra: DataView, base: number): Sizes {
  if (![sizes.size, sizes.compressedSize, sizes.offset].includes(0xffffffff)) return sizes;
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === ZIP64_EXTRA) {
      let next = at + 4;
      const take = (value: number): number => {
        if (value !== 0xffffffff) return value;
        next += 8;
        if (next > at + 4 + length) throw malformed(base + at, 'its zip64 field is too short');
        return numberAt(extra, next - 8, base);
      };
      return {
        size: take(sizes.size),
        compressedSize: take(sizes.compressedSize),
        offset: take(sizes.offset),
      };
    }
    at += 4 + length;
  }
  return sizes;
}

function numberAt(view: DataView, at: number, base: number): number {
  if (at + 8 > view.byteLength) throw malformed(base + at, 'a number leaves its record');
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(base + at, `${value} is no size`);
  return Number(value);
}

function sliceOf(access: RandomAccess, offset: number, length: number): Uint8Array {
  if (offset < 0 || offset + length > access.size) throw malformed(offset, 'a member leaves the file');
  return access.read(offset, length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(offset: number, reason: string): FormatError {
  return new FormatError('zip', offset, `cannot read the zip file: ${reason}`);
}

function tooLarge(name: string, limit: number): LimitError {
  return new LimitError('zip-member', limit, `cannot read "${name}" of a zip file: more than ${limit} bytes`);
}
