import fc from 'fast-check';
import tarStream from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { FormatError, UnsupportedError } from '../errors.ts';
import { BLOCK_SIZE, encodeHeader, endOfArchive, paddingOf } from './encode.ts';
import type { TarEntry } from './entry.ts';
import { decodeName } from './name.ts';

const PLAIN: TarEntry = {
  name: 'a',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0n,
  size: 0,
  linkname: '',
  devMajor: 0,
  devMinor: 0,
  xattrs: new Map(),
};

/** What tar-stream, an independent reader, makes of a header. */
function readBack(entry: TarEntry): Promise<tarStream.Header> {
  return new Promise((resolve, reject) => {
    const extract = tarStream.extract();
    extract.on('entry', (header, stream, next) => {
      stream.resume();
      stream.on('end', next);
      resolve(header);
    });
    extract.on('error', reject);
    extract.write(Buffer.from(encodeHeader(entry)));
    extract.write(Buffer.alloc(Math.min(entry.size, 4096)));
  });
}

function paxRecords(entry: TarEntry): string[] {
  const bytes = Buffer.from(encodeHeader(entry));
  if (bytes.length === BLOCK_SIZE) return [];
  const size = Number.parseInt(bytes.toString('latin1', 124, 135), 8);
  return bytes
    .toString('latin1', BLOCK_SIZE, BLOCK_SIZE + size)
    .split('\n')
    .slice(0, -1);
}

describe('encodeHeader', () => {
  const rows: { summary: string; entry: Partial<TarEntry>; pax: string[] }[] = [
    { summary: 'a plain file needs no pax', entry: {}, pax: [] },
    { summary: 'a name of 100 bytes', entry: { name: 'n'.repeat(100) }, pax: [] },
    {
      summary: 'a name of 101 bytes without a slash',
      entry: { name: 'n'.repeat(101) },
      pax: [`111 path=${'n'.repeat(101)}`],
    },
    { summary: 'a name that splits', entry: { name: `${'p'.repeat(155)}/${'n'.repeat(100)}` }, pax: [] },
    {
      summary: 'a directory whose only slash is the last',
      entry: { name: `${'n'.repeat(120)}/`, type: 'directory' },
      pax: [`131 path=${'n'.repeat(120)}/`],
    },
    { summary: 'a name that is not ASCII', entry: { name: 'é' }, pax: ['11 path=\xc3\xa9'] },
    {
      summary: 'a name that is not UTF-8',
      entry: { name: decodeName(Uint8Array.of(0xe9)) },
      pax: ['9 path=\xe9'],
    },
    {
      summary: 'a long target',
      entry: { type: 'symlink', linkname: 'l'.repeat(101) },
      pax: [`115 linkpath=${'l'.repeat(101)}`],
    },
    { summary: 'a fraction of a second', entry: { mtime: 1_500_000_000n }, pax: ['13 mtime=1.5'] },
    { summary: 'a nanosecond', entry: { mtime: 1n }, pax: ['21 mtime=0.000000001'] },
    { summary: 'a time before 1970', entry: { mtime: -500_000_000n }, pax: ['14 mtime=-0.5'] },
    { summary: 'the last second of ustar', entry: { mtime: 0o77777777777n * 1_000_000_000n }, pax: [] },
    { summary: 'a large owner', entry: { uid: 2_097_152, gid: 2_097_151 }, pax: ['15 uid=2097152'] },
    { summary: 'a file of 8 GiB', entry: { size: 2 ** 33 }, pax: ['19 size=8589934592'] },
    { summary: 'a file of 8 GiB less one byte', entry: { size: 2 ** 33 - 1 }, pax: [] },
    {
      summary: 'attributes in the order of their keys, values raw',
      entry: {
        xattrs: new Map([
          ['user.b', Uint8Array.of(0, 10, 255)],
          ['security.capability', Uint8Array.of(1)],
        ]),
      },
      pax: ['38 SCHILY.xattr.security.capability=\x01', '27 SCHILY.xattr.user.b=\x00', '\xff'],
    },
  ];
  test.each(rows)('writes $summary', ({ entry, pax }) => {
    expect(paxRecords({ ...PLAIN, ...entry })).toEqual(pax);
  });

  test('says the same to an independent reader, whatever the entry', async () => {
    const name = fc
      .array(
        fc.string({ minLength: 1, maxLength: 130 }).filter((part) => !/[/\0]/.test(part)),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => parts.join('/'));
    const entry = fc.record({
      name,
      linkname: name,
      type: fc.constantFrom('file', 'symlink', 'hardlink', 'fifo', 'character-device'),
      mode: fc.nat(0o7777),
      uid: fc.nat(2 ** 31 - 1),
      gid: fc.nat(2 ** 31 - 1),
      mtime: fc.nat(2 ** 31 - 1),
      devMajor: fc.nat(4095),
      devMinor: fc.nat(1_048_575),
    });
    await fc.assert(
      fc.asyncProperty(entry, async (given) => {
        const linkname = given.type === 'symlink' || given.type === 'hardlink' ? given.linkname : '';
        const header = await readBack({
          ...PLAIN,
          ...given,
          linkname,
          type: given.type as TarEntry['type'],
          mtime: BigInt(given.mtime) * 1_000_000_000n,
        });
        expect(header).toMatchObject({
          name: given.name,
          mode: given.mode,
          type: given.type === 'hardlink' ? 'link' : given.type,
          ...(linkname === '' ? {} : { linkname }),
          devmajor: given.devMajor,
          devminor: given.devMinor,
        });
        // tar-stream leaves owners of pax in the records.
        const pax = (header.pax ?? {}) as Readonly<Record<string, string>>;
        expect(Number(pax.uid ?? header.uid)).toBe(given.uid);
        expect(Number(pax.gid ?? header.gid)).toBe(given.gid);
        expect(header.mtime?.getTime()).toBe(given.mtime * 1000);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test('counts the length of a pax record right around every power of ten', () => {
    for (let length = 1; length < 1100; length++) {
      const value = new Uint8Array(length).fill(0x76);
      const bytes = Buffer.from(encodeHeader({ ...PLAIN, xattrs: new Map([['user.a', value]]) }));
      const size = Number.parseInt(bytes.toString('latin1', 124, 135), 8);
      const record = bytes.toString('latin1', BLOCK_SIZE, BLOCK_SIZE + size);
      expect(Number.parseInt(record, 10)).toBe(record.length);
    }
  });

  test('holds no process id, time or user', () => {
    const bytes = Buffer.from(encodeHeader({ ...PLAIN, name: 'd/é/f.txt', mtime: 1n }));
    expect(bytes.toString('latin1', 0, 100).replace(/\0+$/, '')).toBe('PaxHeaders.0/f.txt');
    expect(bytes.toString('latin1', 136, 148)).toBe('00000000000\0');
    expect(bytes.toString('latin1', 265, 329)).toBe('\0'.repeat(64));
  });

  test('does not let a cut name end in a slash', () => {
    const name = `${'a'.repeat(99)}/${'b'.repeat(200)}`;
    const header = Buffer.from(encodeHeader({ ...PLAIN, name })).subarray(-BLOCK_SIZE);
    expect(header.toString('latin1', 0, 100)).toBe(`${'a'.repeat(99)}\0`);
  });

  test.each([
    { summary: 'a NUL in the name', entry: { name: 'a\0b' }, error: FormatError },
    {
      summary: 'an attribute with "="',
      entry: { xattrs: new Map([['user.a=b', new Uint8Array()]]) },
      error: UnsupportedError,
    },
    {
      summary: 'an attribute without a name',
      entry: { xattrs: new Map([['', new Uint8Array()]]) },
      error: UnsupportedError,
    },
    { summary: 'a device number of 22 bits', entry: { devMinor: 2 ** 21 }, error: UnsupportedError },
  ])('refuses $summary', ({ entry, error }) => {
    expect(() => encodeHeader({ ...PLAIN, ...entry })).toThrow(error);
  });
});

test.each([
  [0, 0],
  [1, 511],
  [512, 0],
  [513, 511],
])('contents of %d bytes are padded with %d', (size, padding) => {
  expect(paddingOf(size)).toEqual(new Uint8Array(padding));
});

test('an archive ends with 1024 zeros', () => {
  expect(endOfArchive()).toEqual(new Uint8Array(1024));
});
