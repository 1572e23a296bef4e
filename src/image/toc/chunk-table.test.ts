import { describe, expect, test } from 'vitest';
import { FormatError, LimitError, UnsupportedError } from '../../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../../io/limits.ts';
import { digestOf } from '../../oci/digest.ts';
import { parseChunkTable } from './chunk-table.ts';

const DIGEST = digestOf(Buffer.from('x'));
const BLOB = { size: 1000, framesEnd: 900 };

function parse(entries: unknown, more: { readonly version?: unknown; readonly limits?: Limits } = {}) {
  const json = Buffer.from(JSON.stringify({ version: more.version ?? 1, entries }));
  return parseChunkTable(json, BLOB, more.limits ?? DEFAULT_LIMITS);
}

function file(name: string, offset: number, size: number, more: object = {}) {
  return { type: 'reg', name, size, offset, digest: DIGEST, ...more };
}

describe('entries', () => {
  test('every type, and everything that a tar says of them', () => {
    const { members } = parse([
      { type: 'dir', name: 'd/', mode: 0o41755, uid: 1, gid: 2, modtime: '2026-01-02T03:04:05.5Z' },
      { type: 'symlink', name: 'l', linkName: 'd', mode: 0o777, xattrs: { 'user.x': 'AP8=' } },
      { type: 'hardlink', name: 'h', linkName: './f' },
      { type: 'char', name: 'c', devMajor: 1, devMinor: 3 },
      { type: 'block', name: 'b', devMajor: 8 },
      { type: 'fifo', name: 'p', modtime: '0001-01-01T00:00:00Z' },
      { type: 'reg', name: 'd/.wh.gone' },
    ]);
    const entries = members.map(({ entry }) => entry);
    expect(entries.map(({ type }) => type)).toEqual([
      'directory',
      'symlink',
      'hardlink',
      'character-device',
      'block-device',
      'fifo',
      'file',
    ]);
    expect(entries[0]).toMatchObject({
      mode: 0o1755,
      uid: 1,
      gid: 2,
      mtime: BigInt(Date.parse('2026-01-02T03:04:05Z')) * 1_000_000n + 500_000_000n,
    });
    expect(entries[1]).toMatchObject({
      linkname: 'd',
      xattrs: new Map([['user.x', Buffer.from([0, 0xff])]]),
    });
    expect(entries[2]).toMatchObject({ linkname: './f', size: 0 });
    expect(entries[3]).toMatchObject({ devMajor: 1, devMinor: 3 });
    expect(entries[5]).toMatchObject({ mtime: 0n });
  });

  test('contents lie one after another, each in the frame up to the next', () => {
    const { members, chunks, frames, size } = parse([
      file('a', 100, 10),
      { type: 'reg', name: 'empty' },
      file('b', 300, 30, { endOffset: 350, chunkSize: 20, chunkDigest: DIGEST }),
      { type: 'chunk', name: 'b', offset: 320, chunkOffset: 20, chunkDigest: DIGEST },
    ]);
    expect(members.map(({ dataOffset, storedSize }) => [dataOffset, storedSize])).toEqual([
      [0, 10],
      [10, 0],
      [10, 30],
    ]);
    expect(chunks.map(({ start, size: length }) => [start, length])).toEqual([
      [0, 10],
      [10, 20],
      [30, 10],
    ]);
    expect(frames.map(({ offset, end }) => [offset, end])).toEqual([
      [100, 300],
      [300, 320],
      [320, 350],
    ]);
    expect(size).toBe(40);
  });

  test('a hole is in no frame', () => {
    const { chunks, frames } = parse([
      file('a', 100, 30, { chunkSize: 10, chunkDigest: DIGEST }),
      { type: 'chunk', name: 'a', offset: 150, chunkOffset: 10, chunkSize: 20, chunkType: 'zeros' },
    ]);
    expect(chunks[1]).toEqual({ start: 10, size: 20 });
    expect(frames).toEqual([{ offset: 100, end: 150, chunks: [0], inflatedSize: 10 }]);
  });

  test('several chunks may be in one frame, one behind another', () => {
    const { frames } = parse([
      file('b', 100, 5, { innerOffset: 512 }),
      file('a', 100, 10),
      file('c', 400, 1),
    ]);
    expect(frames).toEqual([
      { offset: 100, end: 400, chunks: [1, 0], inflatedSize: 517 },
      { offset: 400, end: 900, chunks: [2], inflatedSize: 1 },
    ]);
  });
});

const DAMAGED: readonly { summary: string; entries: unknown; error?: unknown; version?: unknown }[] = [
  { summary: 'no list', entries: {} },
  { summary: 'an entry that is no object', entries: ['x'] },
  { summary: 'no name', entries: [{ type: 'reg' }] },
  { summary: 'a negative size', entries: [file('a', 0, -1)] },
  { summary: 'a size that is no number', entries: [file('a', 0, 1, { size: '1' })] },
  { summary: 'a size beyond exact numbers', entries: [file('a', 0, 1, { size: 2 ** 60 })] },
  { summary: 'a user ID beyond 32 bits', entries: [{ type: 'dir', name: 'd', uid: 2 ** 32 }] },
  { summary: 'no time', entries: [{ type: 'dir', name: 'd', modtime: 'yesterday' }] },
  { summary: 'attributes that are no texts', entries: [{ type: 'dir', name: 'd', xattrs: { a: 1 } }] },
  { summary: 'a chunk without a file', entries: [{ type: 'chunk', name: 'a', chunkOffset: 0 }] },
  {
    summary: 'a chunk of another file',
    entries: [file('a', 0, 2, { chunkSize: 1, chunkDigest: DIGEST }), { type: 'chunk', name: 'b' }],
  },
  {
    summary: 'chunks that are less than the file',
    entries: [file('a', 0, 2, { chunkSize: 1, chunkDigest: DIGEST })],
  },
  { summary: 'chunks that are more than the file', entries: [file('a', 0, 2, { chunkSize: 3 })] },
  {
    summary: 'a gap between chunks',
    entries: [
      file('a', 0, 3, { chunkSize: 1, chunkDigest: DIGEST }),
      { type: 'chunk', name: 'a', offset: 5, chunkOffset: 2, chunkDigest: DIGEST },
    ],
  },
  { summary: 'contents behind the table', entries: [file('a', 900, 1)] },
  { summary: 'contents that end before they begin', entries: [file('a', 10, 1, { endOffset: 9 })] },
  { summary: 'two files in the same bytes', entries: [file('a', 10, 5), file('b', 10, 5)] },
  { summary: 'a digest that is none', entries: [file('a', 10, 5, { digest: 'sha256:1' })] },
  { summary: 'a type that is not known', entries: [{ type: 'socket', name: 's' }], error: UnsupportedError },
  {
    summary: 'a property of every object',
    entries: [{ type: 'constructor', name: 's' }],
    error: UnsupportedError,
  },
  { summary: 'another version', entries: [], version: 3, error: UnsupportedError },
  {
    summary: 'no digest',
    entries: [{ type: 'reg', name: 'a', size: 1, offset: 1 }],
    error: UnsupportedError,
  },
  {
    summary: 'another type of chunk',
    entries: [file('a', 0, 1, { chunkType: 'x' })],
    error: UnsupportedError,
  },
  { summary: 'a chunk too large for memory', entries: [file('a', 0, 2 ** 28 + 1)], error: UnsupportedError },
  {
    summary: 'more than the blob can inflate to',
    entries: [file('a', 0, 2 ** 30, { chunkType: 'zeros' })],
    error: LimitError,
  },
  {
    summary: 'more than a layer may have',
    entries: [file('a', 0, 2 ** 45, { chunkType: 'zeros' })],
    error: LimitError,
  },
  {
    summary: 'much before the chunk in its frame',
    entries: [file('a', 0, 1, { innerOffset: 2 ** 29 })],
    error: UnsupportedError,
  },
];

test.each(DAMAGED)('refuses $summary', ({ entries, version, error = FormatError }) => {
  expect(() => parse(entries, { version })).toThrow(error as typeof FormatError);
});

test('a table that is cut off anywhere is refused', () => {
  const json = Buffer.from(JSON.stringify({ version: 1, entries: [file('a', 1, 1)] }));
  for (let length = 0; length < json.length; length++)
    expect(() => parseChunkTable(json.subarray(0, length), BLOB, DEFAULT_LIMITS)).toThrow(FormatError);
});
