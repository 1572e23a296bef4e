import { isUtf8 } from 'node:buffer';
import { FormatError } from '../errors.ts';

/** Byte 0x80 + n that is not part of valid UTF-8 becomes the lone surrogate U+DC80 + n (Python's PEP 383, "surrogateescape"). */
const ESCAPE_BASE = 0xdc00;

/**
 * Returns the name that `bytes` spell in UTF-8; bytes that are not UTF-8 become lone surrogates U+DC80 to U+DCFF,
 * so that `encodeName` gives the same bytes back. Linux names are bytes: images hold names in Latin-1 and worse.
 */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? buffer.toString('utf8') : decodeEscaped(buffer);
}

/** Returns the bytes of a name as `decodeName` read them; a lone surrogate that is no escape throws FormatError. */
export function encodeName(name: string): Uint8Array {
  return /\p{Surrogate}/u.test(name) ? encodeEscaped(name) : Buffer.from(name, 'utf8');
}

function decodeEscaped(buffer: Buffer): string {
  let text = '';
  for (let at = 0; at < buffer.length; ) {
    const length = utf8Length(buffer, at);
    text +=
      length === 0
        ? String.fromCharCode(ESCAPE_BASE + (buffer[at] ?? 0))
        : buffer.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** Returns how many bytes the valid UTF-8 character at `at` has; 0 when none begins there. */
function utf8Length(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return length > 0 && at + length <= buffer.length && isUtf8(buffer.subarray(at, at + length)) ? length : 0;
}

function encodeEscaped(name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const character of name) {
    const code = character.charCodeAt(0);
    const isLone = character.length === 1 && code >= 0xd800 && code <= 0xdfff;
    if (!isLone) parts.push(Buffer.from(character, 'utf8'));
    else if (code >= 0xdc80 && code <= 0xdcff) parts.push(Uint8Array.of(code - ESCAPE_BASE));
    else
      throw new FormatError(
        'name',
        0,
        `cannot encode name ${JSON.stringify(name)}: a lone surrogate is no character`,
      );
  }
  return Buffer.concat(parts);
}
