import { Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { FormatError, LimitError, OslimError, UnsupportedError } from '../errors.ts';
import { DEFAULT_LIMITS } from '../io/limits.ts';
import { memoryAccess } from '../io/random-access.ts';
import {
  entryBytes,
  extensionBytes,
  headerBlock,
  paxRecord,
  type TarSpec,
  tarOf,
} from '../testing/tar-builder.ts';
import type { TarEntry } from './entry.ts';
import type { TarMember } from './header-chain.ts';
import { indexTar, TarParser } from './reader.ts';
import { expandSparse } from './sparse.ts';

const END = Buffer.alloc(1024);

/** Reads a tar with the push parser, in chunks of `step` bytes; contents as stored. */
function parsed(tar: Uint8Array, step = tar.length): { members: TarMember[]; contents: string[] } {
  const members: TarMember[] = [];
  const contents: string[] = [];
  let chunks: Uint8Array[] = [];
  const parser = new TarParser({
    entry: (member) => members.push(member),
    data: (chunk) => chunks.push(Uint8Array.from(chunk)),
    end() {
      contents.push(Buffer.concat(chunks).toString('latin1'));
      chunks = [];
    },
  });
  for (let at = 0; at < tar.length; at += step) parser.write(tar.subarray(at, at + step));
  parser.end();
  return { members, contents };
}

/** Reads a tar every way there is, asserts that they agree, and returns the entries. */
function entriesOf(tar: Uint8Array): TarEntry[] {
  const { members } = parsed(tar);
  expect(parsed(tar, 1)).toEqual(parsed(tar));
  expect(parsed(tar, 513)).toEqual(parsed(tar));
  expect([...indexTar(memoryAccess(tar))]).toEqual(members);
  return members.map(({ entry }) => entry);
}

const long = (length: number): string => 'n'.repeat(length);
const capability = Uint8Array.of(1, 0, 0, 2, 0x80, 0, 0, 0, 0xff, 0, 0, 0);

interface Row {
  readonly summary: string;
  readonly tar: readonly Uint8Array[];
  readonly entries: readonly Partial<TarEntry>[];
}

const rows: readonly Row[] = [
  { summary: 'nothing at all is an empty tar', tar: [], entries: [] },
  {
    summary: 'a tar may end without its blocks of zeros',
    tar: [entryBytes({ name: 'a' })],
    entries: [{ name: 'a' }],
  },
  {
    summary: 'one block of zeros and the end are an end',
    tar: [entryBytes({ name: 'a' }), Buffer.alloc(512)],
    entries: [{ name: 'a' }],
  },
  { summary: 'what follows the end is not looked at', tar: [END, entryBytes({ name: 'a' })], entries: [] },
  {
    summary: 'a ustar prefix is put before the name',
    tar: [entryBytes({ name: 'b', patch: (block) => block.write('some/where', 345) })],
    entries: [{ name: 'some/where/b' }],
  },
  {
    summary: 'GNU keeps times where the prefix would be',
    tar: [
      entryBytes({
        name: 'b',
        dialect: 'gnu',
        patch: (block) => block.write('14567654321\x0014567654321\0', 345),
      }),
    ],
    entries: [{ name: 'b' }],
  },
  {
    summary: 'Docker before 1.13 (Go before 1.8) wrote prefixes under GNU magic',
    tar: [entryBytes({ name: 'b', dialect: 'gnu', patch: (block) => block.write('some/where', 345) })],
    entries: [{ name: 'some/where/b' }],
  },
  {
    summary: 'GNU long name and long link are for the next entry only',
    tar: [
      extensionBytes('L', `${long(300)}\0`),
      extensionBytes('K', `${long(200)}\0`),
      entryBytes({ name: 'cut', type: 'symlink', target: 'cut' }),
      entryBytes({ name: 'b', type: 'symlink', target: 'c' }),
    ],
    entries: [
      { name: long(300), linkname: long(200) },
      { name: 'b', linkname: 'c' },
    ],
  },
  {
    summary: 'pax records override the header, for the next entry only',
    tar: [
      entryBytes({
        name: 'cut',
        content: 'abc',
        size: 0,
        pax: [
          ['path', 'päth'],
          ['size', '3'],
          ['uid', '3000000'],
          ['gid', '4000000'],
          ['mtime', '1700000000.123456789'],
        ],
      }),
      entryBytes({ name: 'b' }),
    ],
    entries: [
      { name: 'päth', size: 3, uid: 3_000_000, gid: 4_000_000, mtime: 1_700_000_000_123_456_789n },
      { name: 'b', size: 0, uid: 0, mtime: 0n },
    ],
  },
  {
    summary: 'times before 1970, with and without fraction, and finer than nanoseconds',
    tar: ['-1', '-1.5', '0.0000000019', '12.', '1.1'].map((time) =>
      entryBytes({ name: 'a', pax: [['mtime', time]] }),
    ),
    entries: [-1_000_000_000n, -1_500_000_000n, 1n, 12_000_000_000n, 1_100_000_000n].map((mtime) => ({
      mtime,
    })),
  },
  {
    summary: 'base-256 numbers, negative ones too',
    tar: [
      entryBytes({ name: 'a', uid: 2 ** 31, gid: 2 ** 32 - 1, mtime: -5 }),
      entryBytes({ name: 'b', mtime: 2 ** 40 }),
    ],
    entries: [
      { uid: 2 ** 31, gid: 2 ** 32 - 1, mtime: -5_000_000_000n },
      { mtime: BigInt(2 ** 40) * 1_000_000_000n },
    ],
  },
  {
    summary: 'xattrs are bytes, whatever the pax standard says',
    tar: [
      entryBytes({
        name: 'a',
        xattrs: { 'security.capability': capability, 'user.nul': 'a\0b\n', 'user.empty': '' },
      }),
    ],
    entries: [
      {
        xattrs: new Map([
          ['security.capability', capability],
          ['user.nul', Uint8Array.from(Buffer.from('a\0b\n'))],
          ['user.empty', new Uint8Array(0)],
        ]),
      },
    ],
  },
  {
    summary: 'of two records with one key the last wins, and an empty one means the header',
    tar: [
      entryBytes({
        name: 'a',
        pax: [
          ['path', 'b'],
          ['path', 'c'],
        ],
      }),
      entryBytes({ name: 'd', pax: [['path', '']] }),
    ],
    entries: [{ name: 'c' }, { name: 'd' }],
  },
  {
    summary: "libarchive's own copy of xattrs is not applied: no engine does",
    tar: [entryBytes({ name: 'a', pax: [['LIBARCHIVE.xattr.security.capability', 'AQAAAg']] })],
    entries: [{ xattrs: new Map() }],
  },
  {
    summary: 'a global header changes nothing: every engine drops it',
    tar: [extensionBytes('g', paxRecord('uid', '7')), entryBytes({ name: 'a' })],
    entries: [{ name: 'a', uid: 0 }],
  },
  {
    summary: 'a volume label is no entry',
    tar: [headerBlock({ name: 'label', typeflag: 'V', dialect: 'gnu' }, 0), entryBytes({ name: 'a' })],
    entries: [{ name: 'a' }],
  },
  {
    summary: 'a size on what has no contents is noise',
    tar: [
      entryBytes({ name: 'd', type: 'directory', size: 5000 }),
      entryBytes({ name: 'l', type: 'hardlink', target: 'a', size: 99 }),
    ],
    entries: [
      { name: 'd', size: 0 },
      { name: 'l', size: 0 },
    ],
  },
  {
    summary: 'names that are not UTF-8 are kept, in the header and in pax',
    tar: [
      entryBytes({ name: 'a\udcff' }),
      entryBytes({ name: 'b', pax: [['path', Uint8Array.of(0x63, 0xfe)]] }),
    ],
    entries: [{ name: 'a\udcff' }, { name: 'c\udcfe' }],
  },
  {
    summary: 'a checksum of signed bytes is a checksum',
    tar: [signedSum(headerBlock({ name: '\udcff\udcfe' }, 0))],
    entries: [{ name: '\udcff\udcfe' }],
  },
  {
    summary: 'v7 headers, contiguous files and devices',
    tar: [
      entryBytes({ name: 'd/', dialect: 'v7', typeflag: '\0' }),
      entryBytes({ name: 'f', dialect: 'v7', typeflag: '\0', mode: 0o100755 }),
      entryBytes({ name: 'c', typeflag: '7' }),
      entryBytes({ name: 'n', type: 'character-device', devMajor: 1, devMinor: 3 }),
    ],
    entries: [
      { type: 'directory' },
      { type: 'file', mode: 0o755 },
      { type: 'file' },
      { devMajor: 1, devMinor: 3 },
    ],
  },
  {
    summary: 'SMUGGLING (the family of CVE-2025-62518): a pax size is not for the extension header after it',
    tar: [
      extensionBytes('x', paxRecord('size', '512')),
      extensionBytes('L', 'name\0'),
      entryBytes({ name: 'cut', size: 0, content: headerBlock({ name: 'smuggled' }, 0) }),
    ],
    entries: [{ name: 'name', size: 512 }],
  },
];

test.each(rows)('reads: $summary', ({ tar, entries }) => {
  const read = entriesOf(Buffer.concat(tar));
  expect(read).toHaveLength(entries.length);
  for (const [i, expected] of entries.entries()) {
    for (const [key, value] of Object.entries(expected)) {
      expect(plain(read[i]?.[key as keyof TarEntry]), `${i} ${key}`).toEqual(plain(value));
    }
  }
});

/** Buffers and arrays of the same bytes are the same. */
function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return [...value].map(([key, bytes]) => [key, Buffer.from(bytes as Uint8Array).toString('hex')]);
}

function signedSum(block: Uint8Array): Uint8Array {
  const copy = Buffer.from(block);
  copy.fill(' ', 148, 156);
  const sum = copy.reduce((total, byte) => total + (byte < 0x80 ? byte : byte - 0x100), 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}

interface SparseRow {
  readonly summary: string;
  readonly tar: readonly Uint8Array[];
}

const map1 = '2\n1024\n3\n4096\n2\n';
const gnuSparse = (block: Buffer): void => {
  block.write('00000002000\x0000000000003\x0000000010000\x0000000000002\0', 386, 'latin1');
  block.write('00000010002\0', 483, 'latin1');
};
const sparse: readonly SparseRow[] = [
  {
    summary: 'old GNU',
    tar: [entryBytes({ name: 's', typeflag: 'S', dialect: 'gnu', content: 'abcde', patch: gnuSparse })],
  },
  {
    summary: 'old GNU with a second block for the map',
    tar: [
      headerBlock(
        {
          name: 's',
          typeflag: 'S',
          dialect: 'gnu',
          size: 5,
          patch(block) {
            gnuSparse(block);
            block.write('00000010000\x0000000000000\0', 434, 'latin1');
            block.fill(0, 410, 434);
            block.fill(0, 434, 482);
            block[482] = 1;
          },
        },
        5,
      ),
      continuation(),
      Buffer.from('abcde'.padEnd(512, '\0')),
    ],
  },
  {
    summary: 'pax 0.0',
    tar: [
      entryBytes({
        name: 's',
        content: 'abcde',
        pax: [
          ['GNU.sparse.size', '4098'],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '1024'],
          ['GNU.sparse.numbytes', '3'],
          ['GNU.sparse.offset', '4096'],
          ['GNU.sparse.numbytes', '2'],
        ],
      }),
    ],
  },
  {
    summary: 'pax 0.1',
    tar: [
      entryBytes({
        name: 'GNUSparseFile.1/s',
        content: 'abcde',
        pax: [
          ['GNU.sparse.size', '4098'],
          ['GNU.sparse.name', 's'],
          ['GNU.sparse.map', '1024,3,4096,2'],
        ],
      }),
    ],
  },
  {
    summary: 'pax 1.0',
    tar: [
      entryBytes({
        name: 'GNUSparseFile.1/s',
        content: `${map1.padEnd(512, '\0')}abcde`,
        pax: [
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.name', 's'],
          ['GNU.sparse.realsize', '4098'],
        ],
      }),
    ],
  },
];

function continuation(): Uint8Array {
  const block = Buffer.alloc(512);
  block.write('00000010000\x0000000000002\0', 0, 'latin1');
  return block;
}

test.each(sparse)('a sparse file is whole, and its holes are zeros: $summary', ({ tar }) => {
  const bytes = Buffer.concat([...tar, entryBytes({ name: 'next' })]);
  const entries = entriesOf(bytes);
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ['s', 4098],
    ['next', 0],
  ]);
  const member = parsed(bytes).members[0];
  const whole = expandSparse(memoryAccess(bytes), member?.dataOffset ?? 0, 4098, member?.segments ?? []);
  const expected = Buffer.alloc(4098);
  expected.write('abc', 1024);
  expected.write('de', 4096);
  expect(Buffer.compare(whole.read(0, 4098), expected)).toBe(0);
  expect(Buffer.from(whole.read(1025, 3072)).toString()).toBe(`bc${'\0'.repeat(3069)}d`);
  expect(() => whole.read(4098, 1)).toThrow(FormatError);
  expect(parsed(bytes).contents[0]).toBe('abcde');
});

interface BadRow {
  readonly summary: string;
  readonly tar: readonly Uint8Array[];
  readonly error: RegExp;
  readonly type?: typeof FormatError | typeof UnsupportedError | typeof LimitError;
}

const pax = (...records: [string, string][]): Uint8Array => entryBytes({ name: 'a', pax: records });
const sparsePax = (map: string, size = '10', content = 'abcde'): Uint8Array =>
  entryBytes({
    name: 'a',
    content,
    pax: [
      ['GNU.sparse.size', size],
      ['GNU.sparse.map', map],
    ],
  });

const bad: readonly BadRow[] = [
  { summary: 'no tar', tar: [Buffer.alloc(512, 'x')], error: /offset 0: its checksum is wrong/ },
  {
    summary: 'a header after one block of zeros',
    tar: [Buffer.alloc(512), entryBytes({ name: 'a' })],
    error: /follows a block of zeros/,
  },
  {
    summary: 'cut off in a header',
    tar: [Buffer.from(entryBytes({ name: 'a' })).subarray(0, 100)],
    error: /cut off at offset 100/,
  },
  {
    summary: 'cut off in contents',
    tar: [headerBlock({ name: 'a' }, 600), Buffer.alloc(599)],
    error: /cut off at offset 1111/,
  },
  {
    summary: 'cut off after an extension header',
    tar: [extensionBytes('L', 'a')],
    error: /cut off at offset 1024/,
  },
  {
    summary: 'an extension header without an entry',
    tar: [extensionBytes('L', 'a'), END],
    error: /the entry .* is missing/,
  },
  { summary: 'a negative size', tar: [headerBlock({ name: 'a', size: -1 }, 0)], error: /its size is -1/ },
  {
    summary: 'a size of 2^95',
    tar: [headerBlock({ name: 'a', patch: (b) => b.fill(0xff, 125, 136).fill(0xbf, 124, 125) }, 0)],
    error: /no number at byte 124/,
  },
  {
    summary: 'a uid beyond 32 bits, which the kernel would cut to root',
    tar: [headerBlock({ name: 'a', uid: 2 ** 32 }, 0)],
    error: /its uid is 4294967296/,
  },
  {
    summary: 'letters for a mode',
    tar: [headerBlock({ name: 'a', patch: (b) => b.write('rwxr-xr', 100) }, 0)],
    error: /no number at byte 100/,
  },
  {
    summary: 'an unknown type',
    tar: [entryBytes({ name: 'a', typeflag: 'Z' })],
    error: /unknown type "Z"/,
    type: UnsupportedError,
  },
  {
    summary: 'a continued volume',
    tar: [entryBytes({ name: 'a', typeflag: 'M' })],
    error: /unknown type "M"/,
    type: UnsupportedError,
  },
  { summary: 'a pax size that is no number', tar: [pax(['size', '-1'])], error: /is no number/ },
  { summary: 'a pax size beyond 2^53', tar: [pax(['size', '9007199254740993'])], error: /is no number/ },
  { summary: 'a pax time that is no number', tar: [pax(['mtime', '1e9'])], error: /time is no decimal/ },
  {
    summary: 'a pax time of 50,000 digits',
    tar: [pax(['mtime', '1'.repeat(50_000)])],
    error: /time is no decimal/,
  },
  { summary: 'NUL in a pax path', tar: [pax(['path', 'a\0b'])], error: /holds NUL/ },
  { summary: 'NUL in a pax key', tar: [pax(['a\0b', 'x'])], error: /holds NUL/ },
  {
    summary: 'a pax record that lies about its length',
    tar: [extensionBytes('x', '13 path=abc\n'), entryBytes({ name: 'a' })],
    error: /length is wrong/,
  },
  {
    summary: 'a pax record of length 0, which would never end',
    tar: [extensionBytes('x', '0 path=abc\n'), entryBytes({ name: 'a' })],
    error: /too short/,
  },
  {
    summary: 'a pax record without a length',
    tar: [extensionBytes('x', 'path=abc\n'), entryBytes({ name: 'a' })],
    error: /no length/,
  },
  {
    summary: 'a pax record without =',
    tar: [extensionBytes('x', '8 path\n\n'), entryBytes({ name: 'a' })],
    error: /not KEY=VALUE/,
  },
  {
    summary: 'a long name of 8 GiB',
    tar: [headerBlock({ name: 'a', typeflag: 'L', size: 2 ** 33 }, 0)],
    error: /limit tarExtensionBytes/,
    type: LimitError,
  },
  {
    summary: 'a pax header larger than the limit',
    tar: [headerBlock({ name: 'a', typeflag: 'x', size: DEFAULT_LIMITS.tarExtensionBytes + 1 }, 0)],
    error: /limit tarExtensionBytes/,
    type: LimitError,
  },
  { summary: 'a sparse map that overlaps', tar: [sparsePax('0,3,2,2')], error: /out of order/ },
  { summary: 'a sparse map beyond the file', tar: [sparsePax('0,3,9,2')], error: /out of order/ },
  {
    summary: 'a sparse map that does not account for its bytes',
    tar: [sparsePax('0,3')],
    error: /speaks of 3 bytes, but 5 are stored/,
  },
  { summary: 'a sparse map with half a pair', tar: [sparsePax('0,5,7')], error: /out of order/ },
  {
    summary: 'a sparse bomb: a few bytes that claim a petabyte',
    tar: [sparsePax('0,5', '1125899906842624')],
    error: /limit layerBytes/,
    type: LimitError,
  },
  {
    summary: 'a sparse map of version 2',
    tar: [
      entryBytes({
        name: 'a',
        pax: [
          ['GNU.sparse.major', '2'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '5'],
        ],
      }),
    ],
    error: /unknown sparse format/,
    type: UnsupportedError,
  },
  {
    summary: 'a sparse map 1.0 that never ends',
    tar: [
      entryBytes({
        name: 'a',
        content: '9\n1\n'.padEnd(512, '\n'),
        pax: [
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '5'],
        ],
      }),
    ],
    error: /is no number/,
  },
];

describe('refuses', () => {
  test.each(bad)('$summary', ({ tar, error, type }) => {
    const bytes = Buffer.concat(tar);
    expect(() => parsed(bytes)).toThrow(error);
    expect(() => parsed(bytes)).toThrow(type ?? FormatError);
    expect(() => parsed(bytes, 1)).toThrow(error);
    expect(() => [...indexTar(memoryAccess(bytes))]).toThrow(type ?? FormatError);
  });

  test('a tar cut off anywhere ends in a FormatError or as a shorter tar', () => {
    const tar = Buffer.concat([
      entryBytes({ name: long(150), content: 'abc', xattrs: { 'user.a': 'b' } }),
      entryBytes({ name: 'b', content: 'x' }),
    ]);
    const whole = parsed(tar).members;
    for (let length = 0; length < tar.length; length += 7) {
      try {
        const { members } = parsed(tar.subarray(0, length));
        expect(members).toEqual(whole.slice(0, members.length));
      } catch (error) {
        expect(error, `cut at ${length}`).toBeInstanceOf(FormatError);
      }
    }
  });

  test('whatever is damaged, nothing but an OslimError comes out', () => {
    const tar = Buffer.from(
      tarOf([
        {
          name: long(120),
          content: 'abc',
          xattrs: { 'security.capability': capability },
          pax: [['mtime', '1.5']],
        },
        {
          name: 's',
          content: 'abcde',
          pax: [
            ['GNU.sparse.size', '10'],
            ['GNU.sparse.map', '0,5'],
          ],
        },
        { name: 'l', type: 'symlink', target: 'x' },
      ]),
    );
    let seed = 20_240_501;
    const random = (max: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % max;
    };
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const damaged = Buffer.from(tar);
      for (let n = random(3); n >= 0; n--) damaged[random(damaged.length)] = random(256);
      refused += outcome(damaged);
    }
    expect(refused).toBeGreaterThan(300);
  });
});

/** 1 when both readers refuse the tar with an OslimError, 0 when both read it alike. */
function outcome(tar: Uint8Array): 0 | 1 {
  const attempt = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
      return 'refused';
    }
  };
  const pushed = attempt(() => parsed(tar).members);
  expect(attempt(() => [...indexTar(memoryAccess(tar))])).toEqual(pushed);
  return pushed === 'refused' ? 1 : 0;
}

describe('tar-stream as a second opinion', () => {
  const specs: readonly TarSpec[] = [
    { name: 'd/', type: 'directory', mode: 0o1777, uid: 1, gid: 2, mtime: 1_700_000_000 },
    { name: 'd/f', content: 'contents', mode: 0o4755, uid: 3_000_000, mtime: 1 },
    { name: `d/${long(200)}`, content: 'x'.repeat(1000) },
    { name: 'd/l', type: 'symlink', target: `../${long(150)}` },
    { name: 'd/h', type: 'hardlink', target: 'd/f' },
    { name: 'd/c', type: 'character-device', devMajor: 5, devMinor: 1 },
    { name: 'd/p', type: 'fifo' },
  ];

  test('it reads what we read', async () => {
    const tar = tarOf(specs);
    const ours = entriesOf(tar).map(({ name, type, mode, uid, gid, size, linkname, mtime }) => {
      const kind = type === 'hardlink' ? 'link' : type;
      return {
        name,
        type: kind,
        mode,
        uid,
        gid,
        size,
        linkname: linkname || null,
        mtime: Number(mtime / 1_000_000n),
      };
    });
    const theirs = (await theirHeaders(tar)).map(({ name, type, mode, uid, gid, size, linkname, mtime }) => {
      return { name, type, mode, uid, gid, size, linkname, mtime: mtime.getTime() };
    });
    expect(theirs).toEqual(ours);
  });

  test('we read what it writes', async () => {
    const packer = pack();
    packer.entry(
      { name: `${long(99)}/${long(120)}`, mode: 0o600, uid: 7, gid: 8, mtime: new Date(5000) },
      'abc',
    );
    packer.entry({ name: 'l', type: 'symlink', linkname: long(130) });
    packer.finalize();
    const chunks: Uint8Array[] = [];
    for await (const chunk of packer) chunks.push(chunk as Uint8Array);
    expect(entriesOf(Buffer.concat(chunks))).toMatchObject([
      {
        name: `${long(99)}/${long(120)}`,
        type: 'file',
        mode: 0o600,
        uid: 7,
        gid: 8,
        size: 3,
        mtime: 5_000_000_000n,
      },
      { name: 'l', type: 'symlink', linkname: long(130) },
    ]);
  });

  test('why it is not our reader: it damages file capabilities and cuts times (decision 0001)', async () => {
    const tar = tarOf([
      { name: 'ping', xattrs: { 'security.capability': capability }, pax: [['mtime', '1.5']] },
    ]);
    const theirs = (await theirHeaders(tar))[0];
    const value = Buffer.from(theirs?.pax?.['SCHILY.xattr.security.capability'] ?? '');
    expect(value.equals(capability)).toBe(false);
    expect(theirs?.mtime.getTime()).not.toBe(1500);
    const ours = entriesOf(tar)[0]?.xattrs.get('security.capability');
    expect(Buffer.from(ours ?? []).equals(capability)).toBe(true);
  });
});

interface TheirHeader {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly linkname: string | null;
  readonly mtime: Date;
  readonly pax: Readonly<Record<string, string>> | null;
}

async function theirHeaders(tar: Uint8Array): Promise<TheirHeader[]> {
  const extractor = extract();
  Readable.from([Buffer.from(tar)]).pipe(extractor);
  const headers: TheirHeader[] = [];
  for await (const entry of extractor) {
    headers.push(entry.header as unknown as TheirHeader);
    entry.resume();
  }
  return headers;
}
