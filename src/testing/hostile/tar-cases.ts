import { entryBytes, extensionBytes, headerBlock, paxRecord, type TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result } from './hostile-case.ts';

const END = Buffer.alloc(1024);

function tar(
  name: string,
  summary: string,
  parts: () => readonly Uint8Array[],
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `tar-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith([Buffer.concat([...parts(), END])]),
    expect,
  };
}

const entry = (spec: TarSpec): Uint8Array => entryBytes(spec);
const pax = (...records: (readonly [string, string | Uint8Array])[]): Uint8Array =>
  extensionBytes('x', Buffer.concat(records.map(([key, value]) => paxRecord(key, value))));
const refused = (says: RegExp, error: Refusal['error'] = 'FormatError'): Refusal => ({ error, says });

function sparse(map: string, size: string, stored: string): readonly Uint8Array[] {
  return [
    entry({
      name: 's',
      content: stored,
      pax: [
        ['GNU.sparse.major', '0'],
        ['GNU.sparse.minor', '1'],
        ['GNU.sparse.map', map],
        ['GNU.sparse.size', size],
      ],
    }),
  ];
}

const oldSparse = (patch: (block: Buffer) => void, stored = ''): Uint8Array =>
  entry({ name: 's', typeflag: 'S', dialect: 'gnu', content: stored, patch });

/** Headers that lie about sizes, numbers and each other. */
export const TAR_CASES: readonly HostileCase[] = [
  tar(
    'size-on-extension-header',
    'a pax size before a second extension header makes some readers jump into contents and see other entries',
    () => [
      pax(['size', '2048']),
      extensionBytes('L', 'long-name\0'),
      entry({ name: 'x', content: 'seen', size: 2048 }).subarray(0, 1024),
      Buffer.alloc(1536),
    ],
    { has: ['/long-name 2048'], lacks: ['/x 2048'] },
    'CVE-2025-62518 (tokio-tar, TARmageddon), GHSA-vmf3-w455-68vh (node-tar)',
  ),
  tar(
    'smuggled-in-contents',
    'an archive inside the contents of a file must not be read as entries',
    () => [entry({ name: 'inner.tar', content: entry({ name: 'etc/smuggled', content: 'x' }) })],
    { tree: ['/inner.tar 1024'] },
    'CVE-2025-62518 (tokio-tar)',
  ),
  tar(
    'size-only-in-pax',
    'header size 0, pax size 1024: the next header lies behind the contents, not in them',
    () => [
      pax(['size', '1024']),
      headerBlock({ name: 'data' }, 0),
      entry({ name: 'etc/smuggled' }).subarray(0, 512),
      Buffer.alloc(512),
      entry({ name: 'after' }),
    ],
    { tree: ['/after ""', '/data 1024'] },
    'CVE-2025-62518 (tokio-tar)',
  ),
  tar(
    'size-negative',
    'a size below zero sends a reader backwards',
    () => [headerBlock({ name: 'a', size: -512 }, 0)],
    refused(/its size is -512/),
    'CVE-2025-8194 (Python tarfile), CVE-2026-59874 (node-tar)',
  ),
  tar(
    'size-overflow',
    'a size of 2^63 in base-256',
    () => [
      headerBlock(
        {
          name: 'a',
          patch: (block) => {
            block.fill(0, 124, 136);
            block[124] = 0x80;
            block[128] = 0x80;
          },
        },
        0,
      ),
    ],
    refused(/no number at byte 124/),
  ),
  tar(
    'size-beyond-archive',
    'contents longer than the archive',
    () => [headerBlock({ name: 'a', size: 0o77777777777 }, 0)],
    refused(/cut off/),
  ),
  tar(
    'pax-size-negative',
    'a negative pax size',
    () => [pax(['size', '-1']), entry({ name: 'a' })],
    refused(/is no number/),
    'CVE-2025-8194 (Python tarfile)',
  ),
  tar(
    'pax-size-hexadecimal',
    'a pax size that parseInt would take',
    () => [pax(['size', '0x10']), entry({ name: 'a' })],
    refused(/is no number/),
  ),
  tar(
    'pax-size-exponent',
    'a pax size that Number() would take',
    () => [pax(['size', '1e3']), entry({ name: 'a' })],
    refused(/is no number/),
  ),
  tar(
    'pax-size-beyond-2-53',
    'a pax size that a double rounds',
    () => [pax(['size', '9007199254740993']), entry({ name: 'a' })],
    refused(/is no number/),
  ),
  tar(
    'pax-size-twice',
    'two pax sizes: the last one counts, as for the engines',
    () => [pax(['size', '512'], ['size', '3']), entry({ name: 'a', content: 'abc', size: 0 })],
    { tree: ['/a "abc"'] },
  ),
  tar(
    'pax-record-length-zero',
    'a pax record of length 0 is read again for ever',
    () => [extensionBytes('x', '0 path=a\n'), entry({ name: 'a' })],
    refused(/too short/),
    'CVE-2019-20907 (Python tarfile)',
  ),
  tar(
    'pax-record-length-past-end',
    'a pax record longer than its header reads what lies behind',
    () => [extensionBytes('x', '999 path=a\n'), entry({ name: 'a' })],
    refused(/length is wrong/),
  ),
  tar(
    'pax-record-length-negative',
    'a pax record of negative length',
    () => [extensionBytes('x', '-9 path=a\n'), entry({ name: 'a' })],
    refused(/no decimal number/),
    'CVE-2019-20907 (Python tarfile)',
  ),
  tar(
    'pax-record-length-digits',
    'a length of a thousand digits',
    () => [extensionBytes('x', `${'9'.repeat(1000)} path=a\n`), entry({ name: 'a' })],
    refused(/has no length/),
  ),
  tar(
    'pax-record-in-value',
    'a newline in a value must not begin a record of its own',
    () => [pax(['comment', '\n19 path=etc/passwd\n']), entry({ name: 'a' })],
    { tree: ['/a ""'] },
  ),
  tar(
    'pax-nul-in-path',
    'NUL in a pax path ends the name for C and not for others',
    () => [pax(['path', 'safe\0/../../etc/passwd']), entry({ name: 'a' })],
    refused(/holds NUL/),
  ),
  tar(
    'pax-nul-in-linkpath',
    'NUL in a link target',
    () => [pax(['linkpath', 'x\0y']), entry({ name: 'a', type: 'symlink', target: 'x' })],
    refused(/holds NUL/),
  ),
  tar(
    'pax-global-path',
    'a global header that renames every entry after it: no engine applies it',
    () => [extensionBytes('g', paxRecord('path', 'etc/shadow')), entry({ name: 'a' })],
    { tree: ['/a ""'] },
  ),
  tar(
    'pax-global-size',
    'a global size would shift every header after it',
    () => [extensionBytes('g', paxRecord('size', '1024')), entry({ name: 'a' }), entry({ name: 'b' })],
    { tree: ['/a ""', '/b ""'] },
  ),
  tar(
    'pax-before-nothing',
    'an extension header with no entry behind it',
    () => [pax(['path', 'a'])],
    refused(/the entry of the extension header before it is missing/),
  ),
  tar(
    'pax-huge',
    'a pax header of 8 GiB that a reader would allocate',
    () => [headerBlock({ name: 'p', typeflag: 'x', size: 2 ** 33 }, 0)],
    refused(/limit tarExtensionBytes/, 'LimitError'),
    'CVE-2022-2879 (Go archive/tar)',
  ),
  tar(
    'long-name-huge',
    'a GNU long name of 1 GiB',
    () => [headerBlock({ name: 'l', typeflag: 'L', size: 2 ** 30 }, 0)],
    refused(/limit tarExtensionBytes/, 'LimitError'),
    'CVE-2022-2879 (Go archive/tar)',
  ),
  tar(
    'long-name-chain',
    'ten thousand long names for one entry: the last one counts',
    () => [
      ...Array.from({ length: 10_000 }, (_, at) => extensionBytes('L', `n${at}\0`)),
      entry({ name: 'a' }),
    ],
    { tree: ['/n9999 ""'] },
  ),
  tar(
    'long-name-escapes',
    'a long name that climbs out',
    () => [extensionBytes('L', `${'../'.repeat(50)}etc/passwd\0`), entry({ name: 'a' })],
    refused(/leaves the root/, 'UnsafePathError'),
    'CVE-2016-6321 (GNU tar)',
  ),
  tar(
    'long-link-for-file',
    'a GNU long link before what is no link is nobody’s target',
    () => [extensionBytes('K', '/etc/passwd\0'), entry({ name: 'a' })],
    { tree: ['/a ""'] },
  ),
  tar(
    'pax-linkpath-on-file',
    'a pax linkpath on a regular file does not rename it',
    () => [pax(['linkpath', 'etc/passwd']), entry({ name: 'a', content: 'x' })],
    { tree: ['/a "x"'] },
    'nanotar, node-tar: linkpath over path',
  ),
  tar(
    'path-in-pax-only',
    'the header shows a harmless name, pax a hostile one',
    () => [pax(['path', '../../evil']), entry({ name: 'harmless' })],
    refused(/leaves the root/, 'UnsafePathError'),
  ),
  tar(
    'prefix-and-name',
    'a ustar prefix that climbs out',
    () => [
      headerBlock({ name: 'passwd', patch: (block) => void block.write('../../etc', 345, 'latin1') }, 0),
    ],
    refused(/leaves the root/, 'UnsafePathError'),
  ),
  tar(
    'checksum-wrong',
    'a header whose checksum is wrong',
    () => [Buffer.from(headerBlock({ name: 'a' }, 0)).fill('7', 148, 150)],
    refused(/checksum is wrong/),
  ),
  tar(
    'v7-blank-mtime',
    'a v7 header whose number is blanks without an end',
    () => [headerBlock({ name: 'a', dialect: 'v7', patch: (block) => void block.fill(' ', 136, 148) }, 0)],
    { tree: ['/a ""'] },
    'CVE-2022-48303 (GNU tar)',
  ),
  tar(
    'number-with-letters',
    'a mode that is text',
    () => [headerBlock({ name: 'a', patch: (block) => void block.write('zzzzzzz', 100, 'latin1') }, 0)],
    refused(/no number at byte 100/),
  ),
  tar(
    'uid-beyond-32-bits',
    'an owner that the kernel cuts to 0, which is root',
    () => [headerBlock({ name: 'a', uid: 2 ** 32 }, 0)],
    refused(/its uid is 4294967296/),
    'CVE-2024-40635 (containerd)',
  ),
  tar(
    'gid-negative',
    'a group below zero',
    () => [headerBlock({ name: 'a', gid: -1 }, 0)],
    refused(/its gid is -1/),
  ),
  tar(
    'device-numbers-huge',
    'device numbers beyond the kernel’s',
    () => [headerBlock({ name: 'd', type: 'block-device', devMajor: 2 ** 33 }, 0)],
    refused(/devmajor is/),
  ),
  tar(
    'type-unknown',
    'a type that nobody knows and some take for a file',
    () => [headerBlock({ name: 'a', typeflag: 'Z' }, 0)],
    refused(/unknown type/, 'UnsupportedError'),
  ),
  tar(
    'type-control-character',
    'a type that is an escape character',
    () => [headerBlock({ name: 'a', typeflag: '\x1b' }, 0)],
    refused(/unknown type "\\u001b"/, 'UnsupportedError'),
  ),
  tar(
    'multi-volume',
    'the continuation of another volume',
    () => [headerBlock({ name: 'a', typeflag: 'M' }, 0)],
    refused(/unknown type/, 'UnsupportedError'),
  ),
  tar(
    'size-on-symlink',
    'a link with contents: they are not skipped, as the engines do not skip them',
    () => [headerBlock({ name: 'l', type: 'symlink', target: 't', size: 512 }, 0), entry({ name: 'b' })],
    { tree: ['/b ""', '/l -> t'] },
  ),
  tar(
    'size-on-directory',
    'a directory with a size',
    () => [headerBlock({ name: 'd/', type: 'directory', size: 4096 }, 0), entry({ name: 'b' })],
    { tree: ['/b ""', '/d/'] },
  ),
  tar(
    'after-the-end',
    'entries behind the end of the archive',
    () => [entry({ name: 'a' }), END, entry({ name: 'hidden' })],
    { tree: ['/a ""'] },
  ),
  tar(
    'header-after-one-zero-block',
    'an entry behind a single block of zeros: some readers stop there, some go on',
    () => [entry({ name: 'a' }), Buffer.alloc(512), entry({ name: 'hidden' })],
    refused(/follows a block of zeros/),
  ),
  tar(
    'sparse-petabyte',
    'a sparse file of a petabyte in one block',
    () => sparse('0,3', '1125899906842624', 'abc'),
    refused(/limit layerBytes/, 'LimitError'),
    'CVE-2025-58183 (Go archive/tar)',
  ),
  tar(
    'sparse-bomb',
    'a sparse file of 100 GiB of zeros in one block, below the limit of a layer',
    () => sparse('0,3', '107374182400', 'abc'),
    refused(/limit compressionRatio/, 'LimitError'),
  ),
  tar(
    'sparse-bombs',
    'a thousand sparse files of 200 MiB each, of which none alone is large',
    () => Array.from({ length: 1000 }, () => sparse('0,3', '209715200', 'abc')).flat(),
    refused(/limit compressionRatio/, 'LimitError'),
  ),
  tar(
    'sparse-overlap',
    'a sparse map whose segments overlap',
    () => sparse('0,3,2,2', '10', 'abcde'),
    refused(/out of order/),
  ),
  tar(
    'sparse-backwards',
    'a sparse map that goes backwards',
    () => sparse('5,3,0,2', '10', 'abcde'),
    refused(/out of order/),
  ),
  tar(
    'sparse-outside',
    'a segment behind the end of the file',
    () => sparse('0,3,9,2', '10', 'abcde'),
    refused(/out of order/),
  ),
  tar(
    'sparse-stored-lie',
    'a sparse map that speaks of bytes that are not stored',
    () => sparse('0,9', '10', 'abc'),
    refused(/are stored/),
  ),
  tar(
    'sparse-half-pair',
    'a sparse map with half a pair',
    () => sparse('0,3,7', '10', 'abc'),
    refused(/out of order/),
  ),
  tar('sparse-numbers', 'a sparse map of words', () => sparse('a,b', '10', 'abc'), refused(/is no number/)),
  tar(
    'sparse-count-lie',
    'a sparse map 1.0 that announces a quintillion segments',
    () => [
      entry({
        name: 's',
        content: `${'9'.repeat(15)}\n`.padEnd(512, '\0'),
        pax: [
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '10'],
        ],
      }),
    ],
    refused(/cannot read/),
    'CVE-2025-58183 (Go archive/tar)',
  ),
  tar(
    'sparse-old-map',
    'an old GNU sparse map outside of its file',
    () => [
      oldSparse((block) => {
        block.write('00000000000\0', 386, 'latin1');
        block.write('00000001000\0', 398, 'latin1');
        block.write('00000000001\0', 483, 'latin1');
      }),
    ],
    refused(/out of order/),
  ),
  tar(
    'sparse-old-endless',
    'an old GNU sparse header whose map goes on to the end of the archive',
    () => [
      oldSparse((block) => {
        block[482] = 1;
      }),
      Buffer.alloc(512 * 100, 1),
    ],
    refused(/cannot read/),
    'CVE-2018-20482 (GNU tar)',
  ),
  tar(
    'sparse-unknown-version',
    'a sparse format of the future',
    () => [
      entry({
        name: 's',
        pax: [
          ['GNU.sparse.major', '2'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '10'],
        ],
      }),
    ],
    refused(/unknown sparse format/, 'UnsupportedError'),
  ),
  tar(
    'truncated-header',
    'an archive cut off in a header',
    () => [headerBlock({ name: 'a', size: 3000 }, 0)],
    refused(/cut off/),
  ),
  tar(
    'not-a-tar',
    'a layer that is text',
    () => [Buffer.from('#!/bin/sh\nrm -rf /\n'.padEnd(512, ' '))],
    refused(/checksum is wrong/),
  ),
  tar(
    'many-members',
    'five thousand empty files',
    () => Array.from({ length: 5000 }, (_, at) => headerBlock({ name: `f/${at}` }, 0)),
    { has: ['/f/4999 ""'] },
  ),
  {
    name: 'tar-entries-limit',
    summary: 'more entries than the user allows',
    input: () => imageWith([Array.from({ length: 2000 }, (_, at) => ({ name: `f${at}` }))]),
    command: ['IMAGE', '-o', 'OUT/slim.tar', '--limit', 'entries=1000'],
    expect: refused(/is more than the limit entries = 1000/, 'LimitError'),
  },
  tar(
    'same-name-often',
    'one name ten thousand times: the last one counts',
    () => [
      ...Array.from({ length: 10_000 }, () => headerBlock({ name: 'f' }, 0)),
      entry({ name: 'f', content: 'last' }),
    ],
    { tree: ['/f "last"'] },
  ),
  tar(
    'xattr-huge',
    'an extended attribute of 3 MB',
    () => [entry({ name: 'a', xattrs: { 'user.x': Buffer.alloc(3_000_000, 1) } })],
    { tree: ['/a ""'] },
  ),
  tar(
    'xattr-proto',
    'extended attributes called like members of every object',
    () => [entry({ name: 'a', xattrs: { __proto__x: 'x', 'user.__proto__': 'x', 'user.constructor': 'y' } })],
    { tree: ['/a ""'] },
  ),
  tar(
    'mtime-extreme',
    'times before the big bang and after the sun',
    () => [
      entry({ name: 'a', mtime: -(2 ** 52) }),
      entry({ name: 'b', pax: [['mtime', '99999999999999999.999999999']] }),
    ],
    { tree: ['/a ""', '/b ""'] },
  ),
  tar(
    'pax-time-digits',
    'a time of a hundred thousand digits',
    () => [pax(['mtime', '1'.repeat(100_000)]), entry({ name: 'a' })],
    refused(/time is no decimal number/),
  ),
];
