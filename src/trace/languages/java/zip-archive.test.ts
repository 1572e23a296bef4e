import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FormatError, LimitError, OslimError } from '../../../errors.ts';
import { memoryAccess } from '../../../io/random-access.ts';
import { ZipArchive } from './zip-archive.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const LONG = 'the same words again and again. '.repeat(50);

const PLAIN = zipSync({
  'a.txt': encode('first'),
  'dir/b.txt': encode(LONG),
  'kept.jar': [encode('stored'), { level: 0 }],
});

/** Adds the zip64 end record and locator, and leaves the plain end record full of ones (APPNOTE.TXT 4.3.14 to 4.3.16). */
function asZip64(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 22;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const record = new DataView(new ArrayBuffer(56 + 20));
  record.setUint32(0, 0x06064b50, true);
  record.setBigUint64(4, 44n, true);
  record.setBigUint64(40, BigInt(view.getUint32(end + 12, true)), true);
  record.setBigUint64(48, BigInt(view.getUint32(end + 16, true)), true);
  record.setUint32(56, 0x07064b50, true);
  record.setBigUint64(56 + 8, BigInt(end), true);
  const last = bytes.slice(end);
  last.fill(0xff, 8, 20);
  return Uint8Array.from([...bytes.slice(0, end), ...new Uint8Array(record.buffer), ...last]);
}

function textsOf(bytes: Uint8Array): Record<string, string> {
  const archive = ZipArchive.open(memoryAccess(bytes));
  return Object.fromEntries(
    archive.entries.map((entry) => [entry.name, decode(archive.read(entry, 1 << 20))]),
  );
}

const TEXTS = { 'a.txt': 'first', 'dir/b.txt': LONG, 'kept.jar': 'stored' };

describe('ZipArchive', () => {
  it.each([
    { summary: 'deflated and stored members', bytes: PLAIN },
    {
      summary: 'a start script before the archive',
      bytes: Uint8Array.from([...encode('#!/bin/sh\nexit\n'), ...PLAIN]),
    },
    { summary: 'zip64', bytes: asZip64(PLAIN) },
    {
      summary: 'zip64 behind a start script',
      bytes: Uint8Array.from([...encode('#!x\n'), ...asZip64(PLAIN)]),
    },
  ])('reads $summary', ({ bytes }) => {
    expect(textsOf(bytes)).toEqual(TEXTS);
  });

  it('finds the end record before a comment', () => {
    const bytes = Uint8Array.from([...PLAIN, ...encode('note')]);
    bytes[PLAIN.length - 2] = 4;
    expect(textsOf(bytes)).toEqual(TEXTS);
  });

  it('opens stored members in place, and no others', () => {
    const archive = ZipArchive.open(memoryAccess(PLAIN));
    const [first, , last] = archive.entries;
    expect(first && archive.stored(first)).toBeUndefined();
    const stored = last && archive.stored(last);
    expect(stored && decode(stored.read(0, stored.size))).toBe('stored');
  });

  it('does not inflate more than it is told', () => {
    const bytes = zipSync({ bomb: new Uint8Array(1 << 22) });
    const archive = ZipArchive.open(memoryAccess(bytes));
    const [bomb] = archive.entries;
    // Whatever the directory says of the size.
    expect(() => bomb && archive.read({ ...bomb, size: 10 }, 1 << 20)).toThrow(LimitError);
    expect(() => bomb && archive.read(bomb, 1 << 20)).toThrow(LimitError);
  });
});

describe('a malformed zip file', () => {
  it('cut anywhere is refused', () => {
    for (let length = 0; length < PLAIN.length; length++)
      expect(() => ZipArchive.open(memoryAccess(PLAIN.slice(0, length)))).toThrow(FormatError);
  });

  it('changed in any one byte gives nothing but typed errors', () => {
    let refused = 0;
    for (let at = 0; at < PLAIN.length; at++) {
      const changed = PLAIN.slice();
      changed[at] = (PLAIN[at] ?? 0) ^ 0xa5;
      try {
        textsOf(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(OslimError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
