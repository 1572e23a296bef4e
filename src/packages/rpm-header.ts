import { FormatError } from '../errors.ts';

/** Tags of rpm's lib/rpmtag.h that are read here; the numbers are the format's. */
export const RPM_TAG = {
  NAME: 1000,
  VERSION: 1001,
  RELEASE: 1002,
  EPOCH: 1003,
  SUMMARY: 1004,
  SIZE: 1009,
  GROUP: 1016,
  ARCH: 1022,
  FILEFLAGS: 1037,
  SOURCERPM: 1044,
  PROVIDENAME: 1047,
  REQUIREFLAGS: 1048,
  REQUIRENAME: 1049,
  DIRINDEXES: 1116,
  BASENAMES: 1117,
  DIRNAMES: 1118,
  LONGSIZE: 5009,
  RECOMMENDNAME: 5046,
  SUGGESTNAME: 5049,
} as const;

/** Limits of rpm itself (lib/header.c, HEADER_TAGS_MAX and HEADER_DATA_MAX). */
const MAX_ENTRIES = 0xffff;
const MAX_DATA = 0x0fffffff;

const PREAMBLE_SIZE = 8;
const ENTRY_SIZE = 16;

/** Width in bytes of the types that are numbers: CHAR, INT8, INT16, INT32, INT64. */
const NUMBER_WIDTH: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };

/** STRING, STRING_ARRAY, I18NSTRING. */
const STRING_TYPES = new Set([6, 8, 9]);

interface IndexEntry {
  readonly type: number;
  /** From the begin of the data section. */
  readonly offset: number;
  readonly count: number;
}

/**
 * RpmHeader reads a header as an rpm database stores it: without lead, magic and signature. All numbers are
 * big endian: count of entries, size of the data, the entries (tag, type, offset, count), the data (rpm,
 * docs/manual/format_header.md).
 */
export class RpmHeader {
  readonly #data: DataView;
  readonly #entries = new Map<number, IndexEntry>();

  /** Reads the index of `blob`; FormatError when it does not fit in. */
  constructor(blob: Uint8Array) {
    if (blob.length < PREAMBLE_SIZE) throw malformed(0, `it has ${blob.length} bytes`);
    const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
    const count = view.getUint32(0);
    const size = view.getUint32(4);
    if (count > MAX_ENTRIES || size > MAX_DATA)
      throw malformed(0, `${count} entries and ${size} bytes of data are too many`);
    const start = PREAMBLE_SIZE + count * ENTRY_SIZE;
    if (start + size > blob.length)
      throw malformed(4, `it has ${blob.length} bytes and needs ${start + size}`);
    this.#data = new DataView(blob.buffer, blob.byteOffset + start, size);
    for (let at = PREAMBLE_SIZE; at < start; at += ENTRY_SIZE) {
      const entry = {
        type: view.getUint32(at + 4),
        offset: view.getUint32(at + 8),
        count: view.getUint32(at + 12),
      };
      // A tag that comes again, behind the immutable region, replaces the first (docs/manual/hregions.md).
      this.#entries.set(view.getUint32(at), entry);
    }
  }

  /**
   * Returns the strings of `tag`, none when it is not there; FormatError when they do not fit in or are no
   * strings.
   */
  strings(tag: number): string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    if (!STRING_TYPES.has(entry.type))
      throw malformed(entry.offset, `tag ${tag} has type ${entry.type}, no string`);
    const bytes = new Uint8Array(this.#data.buffer, this.#data.byteOffset, this.#data.byteLength);
    const strings: string[] = [];
    let at = entry.offset;
    for (let left = entry.count; left > 0; left--) {
      const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
      if (end < 0) throw malformed(entry.offset, `the strings of tag ${tag} do not end`);
      strings.push(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'));
      at = end + 1;
    }
    return strings;
  }

  /** Returns the first string of `tag`: of a translated one that in the C locale. */
  string(tag: number): string | undefined {
    return this.strings(tag)[0];
  }

  /**
   * Returns the numbers of `tag`, unsigned, none when it is not there; FormatError when they do not fit in or
   * are no numbers.
   */
  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    const width = NUMBER_WIDTH[entry.type];
    if (width === undefined) throw malformed(entry.offset, `tag ${tag} has type ${entry.type}, no number`);
    if (entry.offset + entry.count * width > this.#data.byteLength) {
      throw malformed(entry.offset, `the ${entry.count} numbers of tag ${tag} end behind the data`);
    }
    return Array.from({ length: entry.count }, (_, index) =>
      this.#number(entry.offset + index * width, width),
    );
  }

  #number(at: number, width: 1 | 2 | 4 | 8): number {
    if (width === 1) return this.#data.getUint8(at);
    if (width === 2) return this.#data.getUint16(at);
    if (width === 4) return this.#data.getUint32(at);
    return Number(this.#data.getBigUint64(at));
  }
}

function malformed(offset: number, reason: string): FormatError {
  return new FormatError('rpm-header', offset, `cannot read an rpm header: ${reason}`);
}
