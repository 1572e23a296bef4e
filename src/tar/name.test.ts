import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { decodeName, encodeName } from './name.ts';

describe('decodeName', () => {
  const rows = [
    { summary: 'plain ASCII is itself', bytes: Buffer.from('usr/bin/env'), name: 'usr/bin/env' },
    { summary: 'UTF-8 is text', bytes: Buffer.from('größe/日本/😀'), name: 'größe/日本/😀' },
    {
      summary: 'a Latin-1 byte becomes one lone surrogate',
      bytes: Buffer.from([0x61, 0xe9, 0x62]),
      name: 'a\udce9b',
    },
    {
      summary: 'a cut-off character is escaped byte by byte',
      bytes: Buffer.from([0x61, 0xe6, 0x97]),
      name: 'a\udce6\udc97',
    },
    { summary: 'an overlong slash is not a slash', bytes: Buffer.from([0xc0, 0xaf]), name: '\udcc0\udcaf' },
    {
      summary: 'an encoded surrogate is no UTF-8',
      bytes: Buffer.from([0xed, 0xb2, 0x80]),
      name: '\udced\udcb2\udc80',
    },
    { summary: 'a byte order mark stays', bytes: Buffer.from([0xef, 0xbb, 0xbf, 0x61]), name: '\ufeffa' },
    {
      summary: 'a broken byte beside an astral character',
      bytes: Buffer.from([0xff, 0xf0, 0x9f, 0x98, 0x80]),
      name: '\udcff😀',
    },
  ];
  test.each(rows)('$summary', ({ bytes, name }) => {
    expect(decodeName(bytes)).toBe(name);
    expect([...encodeName(name)]).toEqual([...bytes]);
  });

  test('any bytes come back unaltered', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...encodeName(decodeName(bytes))]).toEqual([...bytes]);
      }),
    );
  });

  test('different bytes never give the same name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
        expect(decodeName(a) === decodeName(b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});

test('encodeName refuses a lone surrogate that no byte stands behind', () => {
  expect(() => encodeName('a\ud800b')).toThrow(FormatError);
  expect(() => encodeName('\udc41')).toThrow(FormatError);
});
