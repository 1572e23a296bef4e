import { FormatError } from '../errors.ts';
import { decodeName } from './name.ts';

/** PaxRecord is one `LENGTH KEY=VALUE\n` of a pax extended header (POSIX.1-2017 pax, "pax Extended Header"). */
export interface PaxRecord {
  readonly key: string;
  /** Raw: an xattr's value is no text, whatever the standard says. */
  readonly value: Uint8Array;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const EQUALS = 0x3d;
const ZERO = 0x30;
/** Longer lengths would not fit any header that the limits let through. */
const MAX_LENGTH_DIGITS = 9;

/** Parses the contents of a pax extended header that began at `offset` of the tar; throws FormatError. */
export function parsePaxRecords(bytes: Uint8Array, offset: number): PaxRecord[] {
  const records: PaxRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = recordSpace(bytes, at, offset);
    const end = at + recordLength(bytes, at, space, offset);
    const equals = bytes.indexOf(EQUALS, space + 1);
    if (end > bytes.length || bytes[end - 1] !== NEWLINE) throw malformed(offset + at, 'its length is wrong');
    if (equals <= space + 1 || equals >= end) throw malformed(offset + at, 'it is not KEY=VALUE');
    const key = decodeName(bytes.subarray(space + 1, equals));
    // A copy: a view would keep the megabyte that it was read with.
    const value = Uint8Array.from(bytes.subarray(equals + 1, end - 1));
    checkNul(key, value, offset + at);
    records.push({ key, value });
    at = end;
  }
  return records;
}

/** Parses a pax time (`1700000000.123456789`, fraction of any length, may be negative) into nanoseconds, cut to whole ones. */
export function parsePaxTime(value: Uint8Array, offset: number): bigint {
  const match = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(decodeName(value.subarray(0, 64)));
  const seconds = match?.[2];
  if (seconds === undefined || value.length > 64) throw malformed(offset, 'its time is no decimal number');
  const nanoseconds =
    BigInt(seconds) * 1_000_000_000n + BigInt((match?.[3] ?? '').slice(0, 9).padEnd(9, '0'));
  return match?.[1] === '-' ? -nanoseconds : nanoseconds;
}

/** Parses a decimal number of a pax record; throws FormatError when it is none or more than `max`. */
export function parsePaxNumber(value: Uint8Array, max: number, offset: number): number {
  const text = decodeName(value.subarray(0, 32));
  const number = /^\d{1,16}$/.test(text) && value.length <= 32 ? Number.parseInt(text, 10) : Number.NaN;
  if (number <= max) return number;
  throw malformed(offset, `${JSON.stringify(text)} is no number from 0 to ${max}`);
}

function recordSpace(bytes: Uint8Array, at: number, offset: number): number {
  for (let i = at; i <= at + MAX_LENGTH_DIGITS && i < bytes.length; i++) {
    if (bytes[i] === SPACE) return i;
  }
  throw malformed(offset + at, 'it has no length');
}

function recordLength(bytes: Uint8Array, at: number, space: number, offset: number): number {
  let length = 0;
  for (let i = at; i < space; i++) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) throw malformed(offset + at, 'its length is no decimal number');
    length = length * 10 + digit;
  }
  // A length that ends before the value would make the reader go backwards, or for ever.
  if (at + length <= space + 1) throw malformed(offset + at, 'its length is too short');
  return length;
}

/** As Go's archive/tar, which the engines use: a NUL would end the name for one reader and not for another. */
function checkNul(key: string, value: Uint8Array, offset: number): void {
  const isName = key === 'path' || key === 'linkpath' || key === 'GNU.sparse.name';
  if (key.includes('\0') || (isName && value.includes(0))) throw malformed(offset, 'a name in it holds NUL');
}

function malformed(offset: number, reason: string): FormatError {
  return new FormatError('tar', offset, `cannot read pax record at offset ${offset}: ${reason}`);
}
