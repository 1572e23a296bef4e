import { headerBlock } from '../tar-builder.ts';
import { type HostileCase, imageWith } from './hostile-case.ts';
import { END, entry, refused, tar } from './tar-case.ts';

/** Headers that lie about sizes, numbers and each other. */
export const TAR_CASES: readonly HostileCase[] = [
  tar(
    'smuggled-in-contents',
    'an archive inside the contents of a file must not be read as entries',
    () => [entry({ name: 'inner.tar', content: entry({ name: 'etc/smuggled', content: 'x' }) })],
    { tree: ['/inner.tar 1024'] },
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
];
