import { FormatError, UnsupportedError } from '../errors.ts';
import type { TarEntry, TarEntryType } from './entry.ts';
import { encodeName } from './name.ts';

/** POSIX.1-2017 pax(1), "ustar Interchange Format": everything is in blocks of 512 bytes. */
export const BLOCK_SIZE = 512;

const TYPE_FLAGS: Readonly<Record<TarEntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};
const PAX_TYPE_FLAG = 'x';
const XATTR_PREFIX = 'SCHILY.xattr.';
const NANOSECONDS = 1_000_000_000n;
const MAX_NAME = 100;
const MAX_PREFIX = 155;
/** The largest numbers of a ustar field: octal digits and a NUL (11 digits for size and mtime, 7 for the others). */
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777;

/**
 * Returns the header blocks of an entry: ustar, with a pax extended header before it where ustar cannot say it.
 * The same entry always gives the same bytes: no process id, clock, host name or user name is in them.
 * What no header can say throws FormatError (a name with NUL) or UnsupportedError (a device number above 2097151).
 */
export function encodeHeader(entry: TarEntry): Uint8Array {
  const name = checkedName(entry.name);
  const linkname = checkedName(entry.linkname);
  const records = new Map<string, Uint8Array>();
  const split = isAscii(name) ? splitName(name) : undefined;
  if (split === undefined) records.set('path', name);
  if (linkname.length > MAX_NAME || !isAscii(linkname)) records.set('linkpath', linkname);
  const seconds = floorDivide(entry.mtime, NANOSECONDS);
  const isWholeMtime =
    seconds * NANOSECONDS === entry.mtime && seconds >= 0n && seconds <= BigInt(MAX_OCTAL_11);
  if (!isWholeMtime) records.set('mtime', ascii(formatTime(entry.mtime)));
  for (const key of ['uid', 'gid'] as const) {
    if (entry[key] > MAX_OCTAL_7) records.set(key, ascii(String(entry[key])));
  }
  if (entry.size > MAX_OCTAL_11) records.set('size', ascii(String(entry.size)));
  for (const [key, value] of entry.xattrs)
    records.set(XATTR_PREFIX + checkedAttribute(entry.name, key), value);

  const header = ustarHeader({
    name: split?.name ?? shortened(name, entry.type),
    prefix: split?.prefix ?? new Uint8Array(0),
    linkname: linkname.subarray(0, MAX_NAME),
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: seconds >= 0n && seconds <= BigInt(MAX_OCTAL_11) ? Number(seconds) : 0,
    typeFlag: TYPE_FLAGS[entry.type],
    devMajor: deviceNumber(entry.name, entry.devMajor),
    devMinor: deviceNumber(entry.name, entry.devMinor),
  });
  return records.size === 0 ? header : Buffer.concat([paxHeader(name, records), header]);
}

/** Returns the zeros that end the contents of an entry of `size` bytes. */
export function paddingOf(size: number): Uint8Array {
  return new Uint8Array((BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE);
}

/** Returns the two zero blocks that end an archive. */
export function endOfArchive(): Uint8Array {
  return new Uint8Array(2 * BLOCK_SIZE);
}

interface UstarFields {
  readonly name: Uint8Array;
  readonly prefix: Uint8Array;
  readonly linkname: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly typeFlag: string;
  readonly devMajor: number;
  readonly devMinor: number;
}

/** A number that its field cannot hold is 0 there; its pax record has it. */
function ustarHeader(fields: UstarFields): Buffer {
  const block = Buffer.alloc(BLOCK_SIZE);
  block.set(fields.name, 0);
  writeOctal(block, 100, 8, fields.mode);
  writeOctal(block, 108, 8, fields.uid);
  writeOctal(block, 116, 8, fields.gid);
  writeOctal(block, 124, 12, fields.size);
  writeOctal(block, 136, 12, fields.mtime);
  block.fill(' ', 148, 156);
  block.write(fields.typeFlag, 156, 'latin1');
  block.set(fields.linkname, 157);
  block.write('ustar\x0000', 257, 'latin1');
  writeOctal(block, 329, 8, fields.devMajor);
  writeOctal(block, 337, 8, fields.devMinor);
  block.set(fields.prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function writeOctal(block: Buffer, offset: number, length: number, value: number): void {
  const digits = value.toString(8);
  block.write((digits.length < length ? digits : '').padStart(length - 1, '0'), offset, 'latin1');
}

/** The extended header and its records, sorted by key; its name only says what it belongs to. */
function paxHeader(name: Uint8Array, records: ReadonlyMap<string, Uint8Array>): Buffer {
  const sorted = [...records].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const body = Buffer.concat(sorted.map(([key, value]) => paxRecord(key, value)));
  const base = Buffer.from(name).toString('latin1').replace(/\/+$/, '').split('/').at(-1) ?? '';
  const header = ustarHeader({
    name: Buffer.from(`PaxHeaders.0/${base.replace(/[^ -~]/g, '_')}`.slice(0, MAX_NAME), 'latin1'),
    prefix: new Uint8Array(0),
    linkname: new Uint8Array(0),
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    mtime: 0,
    typeFlag: PAX_TYPE_FLAG,
    devMajor: 0,
    devMinor: 0,
  });
  return Buffer.concat([header, body, paddingOf(body.length)]);
}

/** "%d %s=%s\n": the length counts itself. */
function paxRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + String(rest.length).length;
  if (rest.length + String(length).length !== length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Returns prefix and name when the name fits ustar: both without the slash between them, the name not empty. */
function splitName(name: Uint8Array): { readonly prefix: Uint8Array; readonly name: Uint8Array } | undefined {
  if (name.length <= MAX_NAME) return { prefix: new Uint8Array(0), name };
  const slash = Buffer.from(name).lastIndexOf(0x2f, Math.min(MAX_PREFIX, name.length - 2));
  if (slash <= 0 || name.length - slash - 1 > MAX_NAME) return undefined;
  return { prefix: name.subarray(0, slash), name: name.subarray(slash + 1) };
}

/** The stand-in for a name that pax has: some readers take a file whose header ends in a slash for a directory. */
function shortened(name: Uint8Array, type: TarEntryType): Uint8Array {
  let length = Math.min(name.length, MAX_NAME);
  while (type !== 'directory' && length > 0 && name[length - 1] === 0x2f) length--;
  return name.subarray(0, length);
}

/** Seconds with as many decimals as are needed; POSIX counts a negative fraction downwards: -0.5 is half a second before 1970. */
function formatTime(mtime: bigint): string {
  const magnitude = mtime < 0n ? -mtime : mtime;
  const fraction = String(magnitude % NANOSECONDS)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${mtime < 0n ? '-' : ''}${magnitude / NANOSECONDS}${fraction === '' ? '' : `.${fraction}`}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a / b - (a % b < 0n ? 1n : 0n);
}

function checkedName(name: string): Uint8Array {
  if (!name.includes('\0')) return encodeName(name);
  throw new FormatError('tar', 0, `cannot write ${JSON.stringify(name)} into a tar: the name has a NUL`);
}

/** A pax record cannot say a key with "=", and readers cut a key at NUL. */
function checkedAttribute(name: string, key: string): string {
  if (/^[^=\0]+$/.test(key)) return key;
  throw new UnsupportedError(
    `cannot write ${JSON.stringify(name)} into a tar: extended attribute ${JSON.stringify(key)}`,
  );
}

function deviceNumber(name: string, value: number): number {
  if (value <= MAX_OCTAL_7) return value;
  throw new UnsupportedError(`cannot write ${JSON.stringify(name)} into a tar: device number ${value}`);
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
