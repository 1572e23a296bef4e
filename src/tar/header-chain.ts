import { UnsupportedError } from '../errors.ts';
import { checkLimit, type Limits, RATIO_FREE_BYTES } from '../io/limits.ts';
import type { TarEntry, TarEntryType } from './entry.ts';
import { BLOCK_SIZE, malformed, parseHeader, type TarHeader } from './header.ts';
import { decodeName } from './name.ts';
import { type PaxRecord, parsePaxNumber, parsePaxRecords, parsePaxTime } from './pax.ts';
import {
  checkedSegments,
  oldGnuMap,
  oldGnuRealSize,
  paxSparse,
  SparseMapText,
  type SparseSegment,
} from './sparse.ts';

/** TarMember is one entry of a tar and where its bytes lie, in bytes from the start of the tar. */
export interface TarMember {
  readonly entry: TarEntry;
  /** Of the first header block that belongs to it: extension headers come before its own. */
  readonly headerOffset: number;
  readonly dataOffset: number;
  /** Bytes of contents in the archive: `entry.size`, but for a sparse file. */
  readonly storedSize: number;
  /** A sparse file's stored stretches; see `expandSparse`. */
  readonly segments?: readonly SparseSegment[];
}

const TYPES: Readonly<Record<string, TarEntryType>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  S: 'file',
};

const XATTR_PREFIX = 'SCHILY.xattr.';
const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();
const NO_RECORDS: readonly PaxRecord[] = [];
const MAX_ID = 0xffffffff;

type Step = (bytes: Uint8Array, offset: number) => TarMember | 'end' | undefined;

/** A sparse file whose map is still being read. */
interface OpenSparse {
  readonly header: TarHeader;
  readonly size: number;
  readonly map: number[];
  blocks: number;
}

/**
 * HeaderChain turns the header blocks of a tar into members. It asks for `wants` bytes at a time and never sees
 * contents, so that a stream and a seekable file are read by the same logic. What a header means where writers
 * disagree is what Go's archive/tar makes of it, because that is what the engines unpack layers with.
 */
export class HeaderChain {
  /** Bytes that the next `take` must get. */
  wants = BLOCK_SIZE;
  readonly #limits: Limits;
  #step: Step = (bytes, offset) => this.#header(bytes, offset);
  #start = -1;
  #sawZeros = false;
  #records = NO_RECORDS;
  #longName: string | undefined;
  #longLink: string | undefined;
  /** Bytes of all sparse files so far that are in no archive. */
  #holes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Takes the next `wants` bytes, which lie at `offset`; gives a member when one is complete. Throws OslimError. */
  take(bytes: Uint8Array, offset: number): TarMember | 'end' | undefined {
    return this.#step(bytes, offset);
  }

  /** May the tar end here? It may between members, also without the two blocks of zeros, as with Go and GNU tar. */
  get isBetweenMembers(): boolean {
    return this.#start < 0;
  }

  #header(block: Uint8Array, offset: number): TarMember | 'end' | undefined {
    const header = parseHeader(block, offset);
    if (header === undefined) {
      if (this.#start >= 0) throw malformed(offset, 'the entry of the extension header before it is missing');
      if (this.#sawZeros) return 'end';
      this.#sawZeros = true;
      return undefined;
    }
    if (this.#sawZeros) throw malformed(offset, 'it follows a block of zeros');
    if (this.#start < 0) this.#start = offset;
    if ('xgLKV'.includes(header.typeflag)) return this.#extension(header, offset);
    return this.#ownHeader(header, block, offset);
  }

  /**
   * Reads the contents of an extension header. Its size is its own: a pax `size` or long name before it is for the
   * member that follows (a reader that applies it here sees other members than the engines do: the family of CVE-2025-62518).
   */
  #extension(header: TarHeader, offset: number): undefined {
    checkLimit(this.#limits, 'tarExtensionBytes', header.size, `tar extension header at offset ${offset}`);
    const finish = (contents: Uint8Array): undefined => {
      this.#applyExtension(header.typeflag, contents, offset);
      this.#await(BLOCK_SIZE, (bytes, at) => this.#header(bytes, at));
    };
    if (header.size === 0) return finish(new Uint8Array(0));
    return this.#await(padded(header.size), (bytes) => finish(bytes.subarray(0, header.size)));
  }

  #applyExtension(typeflag: string, contents: Uint8Array, offset: number): void {
    if (typeflag === 'x') this.#records = parsePaxRecords(contents, offset + BLOCK_SIZE);
    else if (typeflag === 'L') this.#longName = untilNul(contents);
    else if (typeflag === 'K') this.#longLink = untilNul(contents);
    else {
      // 'g' and 'V' stand alone. Go hands a global header to its caller, and every engine drops it there together
      // with what came before it: applying it would give entries that no engine sees.
      if (typeflag === 'g') parsePaxRecords(contents, offset + BLOCK_SIZE);
      this.#forget();
    }
  }

  #ownHeader(header: TarHeader, block: Uint8Array, offset: number): TarMember | undefined {
    if (header.typeflag === 'S') return this.#oldSparse(header, block, offset);
    const sparse = isFile(header.typeflag) ? paxSparse(this.#records, offset) : undefined;
    if (sparse === undefined) return this.#complete(header, offset + BLOCK_SIZE, offset);
    if (sparse.version === 'unknown')
      throw new UnsupportedError(`cannot read tar entry at offset ${offset}: unknown sparse format`);
    const open: OpenSparse = { header, size: sparse.size, map: [...sparse.map], blocks: 0 };
    if (sparse.version !== '1.0') return this.#completeSparse(open, offset + BLOCK_SIZE, offset);
    const text = new SparseMapText();
    return this.#await(BLOCK_SIZE, (bytes, at) => {
      open.blocks++;
      checkLimit(
        this.#limits,
        'tarExtensionBytes',
        open.blocks * BLOCK_SIZE,
        `sparse map at offset ${offset}`,
      );
      if (!text.take(bytes, at)) return undefined;
      return this.#completeSparse({ ...open, map: text.map }, at + BLOCK_SIZE, offset);
    });
  }

  #oldSparse(header: TarHeader, block: Uint8Array, offset: number): TarMember | undefined {
    const { map, more } = oldGnuMap(block, 'header', offset);
    const open: OpenSparse = { header, size: oldGnuRealSize(block, offset), map, blocks: 0 };
    if (!more) return this.#completeSparse(open, offset + BLOCK_SIZE, offset);
    let continuations = 0;
    return this.#await(BLOCK_SIZE, (bytes, at) => {
      continuations++;
      checkLimit(
        this.#limits,
        'tarExtensionBytes',
        continuations * BLOCK_SIZE,
        `sparse map at offset ${offset}`,
      );
      const next = oldGnuMap(bytes, 'continuation', at);
      map.push(...next.map);
      return next.more ? undefined : this.#completeSparse(open, at + BLOCK_SIZE, offset);
    });
  }

  #completeSparse(open: OpenSparse, dataOffset: number, offset: number): TarMember {
    const stored = this.#sizeOf(open.header, offset) - open.blocks * BLOCK_SIZE;
    const segments = checkedSegments(open.map, open.size, stored, offset);
    this.#countHoles(open.size - stored, dataOffset + stored, offset);
    return this.#complete(open.header, dataOffset, offset, { segments, stored, size: open.size });
  }

  /** A sparse file is a compressed one: a header of a block may promise terabytes of zeros. */
  #countHoles(bytes: number, archiveBytes: number, offset: number): void {
    this.#holes += bytes;
    const subject = `sparse file at offset ${offset}`;
    checkLimit(this.#limits, 'layerBytes', this.#holes + archiveBytes, subject);
    if (this.#holes <= RATIO_FREE_BYTES) return;
    const ratio = Math.floor((this.#holes + archiveBytes) / archiveBytes);
    checkLimit(this.#limits, 'compressionRatio', ratio, subject);
  }

  #complete(
    header: TarHeader,
    dataOffset: number,
    offset: number,
    sparse?: { readonly segments: readonly SparseSegment[]; readonly stored: number; readonly size: number },
  ): TarMember {
    const entry = this.#entry(header, offset, sparse?.size);
    const headerOffset = this.#start;
    this.#forget();
    this.#await(BLOCK_SIZE, (bytes, at) => this.#header(bytes, at));
    const storedSize = sparse?.stored ?? entry.size;
    return { entry, headerOffset, dataOffset, storedSize, ...(sparse ? { segments: sparse.segments } : {}) };
  }

  #entry(header: TarHeader, offset: number, realSize: number | undefined): TarEntry {
    const pax = applyRecords(this.#records, offset);
    const name = this.#longName ?? pax.sparseName ?? pax.path ?? header.name;
    const type = typeOf(header, name);
    if (type === undefined) {
      throw new UnsupportedError(
        `cannot read tar entry ${JSON.stringify(name)}: unknown type ${JSON.stringify(header.typeflag)}`,
      );
    }
    const isLink = type === 'symlink' || type === 'hardlink';
    const isDevice = type === 'character-device' || type === 'block-device';
    return {
      name,
      type,
      mode: header.mode,
      uid: pax.uid ?? header.uid,
      gid: pax.gid ?? header.gid,
      mtime: pax.mtime ?? header.mtime,
      // A size on anything but a file is noise: no contents follow it (Go, "isHeaderOnlyType").
      size: type === 'file' ? (realSize ?? pax.size ?? header.size) : 0,
      linkname: isLink ? (this.#longLink ?? pax.linkpath ?? header.linkname) : '',
      devMajor: isDevice ? header.devMajor : 0,
      devMinor: isDevice ? header.devMinor : 0,
      xattrs: pax.xattrs ?? NO_XATTRS,
    };
  }

  #sizeOf(header: TarHeader, offset: number): number {
    return applyRecords(this.#records, offset).size ?? header.size;
  }

  #await(wants: number, step: Step): undefined {
    this.wants = wants;
    this.#step = step;
  }

  #forget(): void {
    this.#start = -1;
    this.#records = NO_RECORDS;
    this.#longName = undefined;
    this.#longLink = undefined;
  }
}

/** Returns `size` rounded up to whole blocks. */
export function padded(size: number): number {
  return Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE;
}

interface PaxFields {
  path?: string;
  sparseName?: string;
  linkpath?: string;
  size?: number;
  uid?: number;
  gid?: number;
  mtime?: bigint;
  xattrs?: Map<string, Uint8Array>;
}

/** Returns the members of an entry that its pax records set; a later record wins, an empty one leaves the header's value. */
function applyRecords(records: readonly PaxRecord[], offset: number): PaxFields {
  const fields: PaxFields = {};
  for (const { key, value } of records) {
    if (key.startsWith(XATTR_PREFIX)) {
      if (key.length === XATTR_PREFIX.length) continue;
      fields.xattrs ??= new Map();
      fields.xattrs.set(key.slice(XATTR_PREFIX.length), value);
    } else if (value.length > 0) applyRecord(fields, key, value, offset);
  }
  return fields;
}

function applyRecord(fields: PaxFields, key: string, value: Uint8Array, offset: number): void {
  if (key === 'path') fields.path = decodeName(value);
  else if (key === 'GNU.sparse.name') fields.sparseName = decodeName(value);
  else if (key === 'linkpath') fields.linkpath = decodeName(value);
  else if (key === 'size') fields.size = parsePaxNumber(value, Number.MAX_SAFE_INTEGER, offset);
  else if (key === 'uid') fields.uid = parsePaxNumber(value, MAX_ID, offset);
  else if (key === 'gid') fields.gid = parsePaxNumber(value, MAX_ID, offset);
  else if (key === 'mtime') fields.mtime = parsePaxTime(value, offset);
}

function typeOf(header: TarHeader, name: string): TarEntryType | undefined {
  if (header.isV7Type && name.endsWith('/')) return 'directory';
  return TYPES[header.typeflag];
}

function isFile(typeflag: string): boolean {
  return typeflag === '0' || typeflag === '7';
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}
