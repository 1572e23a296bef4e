import { FormatError } from '../errors.ts';
import { decodeName } from './name.ts';

export const BLOCK_SIZE = 512;

/** TarHeader is one 512-byte header block as it stands, before pax and GNU extensions apply (POSIX.1-2017 pax, "ustar Interchange Format"). */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** One character; NUL is given as '0'. */
  readonly typeflag: string;
  /** A v7 header whose typeflag is NUL: there a trailing slash makes a directory. */
  readonly isV7Type: boolean;
  readonly linkname: string;
  readonly devMajor: number;
  readonly devMinor: number;
}

const MAX_ID = 0xffffffff;
const MAX_DEVICE = 0xffffffff;

/** Returns the header in a block of 512 bytes that lies at `offset`, or undefined for a block of zeros; throws FormatError. */
export function parseHeader(block: Uint8Array, offset: number): TarHeader | undefined {
  // Field offsets: name 0, mode 100, uid 108, gid 116, size 124, mtime 136, chksum 148, typeflag 156,
  // linkname 157, magic 257, devmajor 329, devminor 337, prefix 345.
  if (block[0] === 0 && block.every((byte) => byte === 0)) return undefined;
  checkSum(block, offset);
  const flag = block[156] ?? 0;
  const dialect = dialectOf(block);
  const prefix = text(block, 345, prefixLength(dialect, block));
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8, offset) & 0o7777,
    uid: bounded(number(block, 108, 8, offset), MAX_ID, 'uid', offset),
    gid: bounded(number(block, 116, 8, offset), MAX_ID, 'gid', offset),
    size: bounded(number(block, 124, 12, offset), Number.MAX_SAFE_INTEGER, 'size', offset),
    mtime: nanoseconds(number(block, 136, 12, offset)),
    typeflag: flag === 0 ? '0' : String.fromCharCode(flag),
    isV7Type: flag === 0,
    linkname: text(block, 157, 100),
    devMajor: dialect === 'v7' ? 0 : bounded(number(block, 329, 8, offset), MAX_DEVICE, 'devmajor', offset),
    devMinor: dialect === 'v7' ? 0 : bounded(number(block, 337, 8, offset), MAX_DEVICE, 'devminor', offset),
  };
}

/**
 * Returns a numeric field: octal digits between spaces and NULs, or GNU's base-256 (first bit set, two's complement).
 * Throws FormatError for anything else.
 */
export function number(block: Uint8Array, at: number, length: number, offset: number): number {
  const value = (block[at] ?? 0) & 0x80 ? base256(block, at, length) : octal(block, at, at + length);
  if (value !== undefined) return value;
  throw malformed(offset, `no number at byte ${at}`);
}

export function malformed(offset: number, reason: string): FormatError {
  return new FormatError('tar', offset, `cannot read tar header at offset ${offset}: ${reason}`);
}

/** Returns `value` when it is 0 to `max`; negative and larger ones throw FormatError. */
function bounded(value: number, max: number, field: string, offset: number): number {
  if (value >= 0 && value <= max) return value;
  throw malformed(offset, `its ${field} is ${value}`);
}

function octal(block: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  while (at < end && (block[at] === 0x20 || block[at] === 0)) at++;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  // What follows a NUL is nobody's; after a space only padding may come.
  for (; at < end && block[at] !== 0; at++) if (block[at] !== 0x20) return undefined;
  return value;
}

function base256(block: Uint8Array, at: number, length: number): number | undefined {
  const negative = ((block[at] ?? 0) & 0x40) !== 0;
  let value = 0n;
  for (let i = 0; i < length; i++) {
    const byte = block[at + i] ?? 0;
    value = (value << 8n) | BigInt(i === 0 ? byte & 0x7f : byte);
  }
  if (negative) value -= 1n << BigInt(length * 8 - 1);
  const result = Number(value);
  return Number.isSafeInteger(result) ? result : undefined;
}

let lastSeconds = 0;
let lastNanoseconds = 0n;

/** Most entries of a layer share a few times: one bigint for a run of equal ones keeps 300,000 entries small. */
function nanoseconds(seconds: number): bigint {
  if (seconds !== lastSeconds) {
    lastSeconds = seconds;
    lastNanoseconds = BigInt(seconds) * 1_000_000_000n;
  }
  return lastNanoseconds;
}

function text(block: Uint8Array, at: number, length: number): string {
  if (length === 0 || block[at] === 0) return '';
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decodeName(end < 0 ? field : field.subarray(0, end));
}

type Dialect = 'v7' | 'ustar' | 'star' | 'gnu';

function dialectOf(block: Uint8Array): Dialect {
  if (hasText(block, 257, 'ustar  \0')) return 'gnu';
  if (!hasText(block, 257, 'ustar\0')) return 'v7';
  return hasText(block, 508, 'tar\0') ? 'star' : 'ustar';
}

function hasText(block: Uint8Array, at: number, expected: string): boolean {
  for (let i = 0; i < expected.length; i++) if (block[at + i] !== expected.charCodeAt(i)) return false;
  return true;
}

/** Returns how many bytes the dialect's prefix field has; star keeps times in its end, GNU in the whole of it. */
function prefixLength(dialect: Dialect, block: Uint8Array): number {
  if (dialect === 'ustar') return 155;
  if (dialect === 'star') return 131;
  return dialect === 'gnu' && isPrefixOfOldGo(block) ? 155 : 0;
}

/**
 * Go before 1.8, and so Docker before 1.13, wrote ustar prefixes under GNU magic. As Go's reader does since: it is a
 * prefix when the atime and ctime that GNU keeps there are no numbers and the prefix is ASCII.
 */
function isPrefixOfOldGo(block: Uint8Array): boolean {
  if (block[345] === 0) return false;
  const isTime = (at: number): boolean =>
    ((block[at] ?? 0) & 0x80 ? base256(block, at, 12) : octal(block, at, at + 12)) !== undefined;
  if (isTime(345) && isTime(357)) return false;
  const end = block.indexOf(0, 345);
  return block.subarray(345, end < 0 ? 500 : Math.min(end, 500)).every((byte) => byte < 0x80);
}

function checkSum(block: Uint8Array, offset: number): void {
  const expected = octal(block, 148, 156);
  // The field itself counts as eight spaces. This loop is a third of the work for an image of small files.
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i++) sum += block[i] as number;
  for (let i = 156; i < BLOCK_SIZE; i++) sum += block[i] as number;
  if (expected === sum || expected === signedSum(block)) return;
  throw malformed(offset, 'its checksum is wrong');
}

/** Old writers summed signed bytes, so that sum is taken too, as GNU tar and Go do. */
function signedSum(block: Uint8Array): number {
  const signed = new Int8Array(block.buffer, block.byteOffset, BLOCK_SIZE);
  return signed.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}
