import { memoryAccess } from '../../io/random-access.ts';
import { applyChanges } from '../../rootfs/apply-layer.ts';
import { type Change, changeOf } from '../../rootfs/change.ts';
import { Directory } from '../../rootfs/directory.ts';
import { indexTar, TarParser } from '../../tar/reader.ts';
import { entryBytes, extensionBytes, paxRecord, tarOf } from '../tar-builder.ts';
import { each, type FuzzTarget, LIMITS } from './fuzz-target.ts';

export const TAR_SEED = [
  { name: 'd/', type: 'directory' as const },
  { name: 'd/f', content: 'contents', mode: 0o4755, xattrs: { 'user.a': 'b' } },
  { name: 'l', type: 'symlink' as const, target: 'd/../d' },
  { name: 'l/h', type: 'hardlink' as const, target: 'd/f' },
  { name: 'l/.wh.f' },
  { name: 'd/.wh..wh..opq' },
  { name: 'tty', type: 'character-device' as const, devMajor: 4 },
  { name: 'x'.repeat(120), mtime: -1 },
];
const sparse = (records: readonly (readonly [string, string])[], content: string): Uint8Array =>
  entryBytes({ name: 's', content, pax: records });

function readTar(bytes: Uint8Array): void {
  const changes: Change[] = [];
  const content = memoryAccess(bytes);
  each(
    () => {
      const parser = new TarParser(
        {
          entry(member) {
            const change = changeOf(member, 0, content, LIMITS);
            if (change !== undefined) changes.push(change);
          },
        },
        LIMITS,
      );
      // In two pieces: a header that is cut by a chunk goes another way.
      const middle = bytes.length >> 1;
      parser.write(bytes.subarray(0, middle));
      parser.write(bytes.subarray(middle));
      parser.end();
    },
    () => [...indexTar(content, LIMITS)].length,
    () => applyChanges(new Directory(), changes),
  );
}

export const tarTarget: FuzzTarget = {
  name: 'tar',
  covers: /\/src\/(?:tar\/(?!encode)|rootfs\/(?:change|apply-layer))/,
  seeds: () => [
    tarOf(TAR_SEED),
    Buffer.concat([
      extensionBytes('L', 'long\0'),
      extensionBytes('x', paxRecord('size', '3')),
      entryBytes({ name: 'a', content: 'abc', size: 0 }),
      extensionBytes('g', paxRecord('a', 'b')),
    ]),
    sparse(
      [
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.minor', '0'],
        ['GNU.sparse.realsize', '10'],
        ['GNU.sparse.name', 'n'],
      ],
      '1\n0\n3\n'.padEnd(512, '\0').concat('abc'),
    ),
    sparse(
      [
        ['GNU.sparse.map', '0,3,7,1'],
        ['GNU.sparse.size', '10'],
      ],
      'abcd',
    ),
    sparse(
      [
        ['GNU.sparse.offset', '0'],
        ['GNU.sparse.numbytes', '3'],
        ['GNU.sparse.size', '10'],
        ['mtime', '-1.5'],
      ],
      'abc',
    ),
    entryBytes({
      name: 's',
      typeflag: 'S',
      dialect: 'gnu',
      content: 'abc',
      patch(block) {
        block.write('00000000000\x0000000000003\0', 386, 'latin1');
        block.write('00000000012\0', 483, 'latin1');
      },
    }),
    entryBytes({ name: 'v/', dialect: 'v7', uid: 2 ** 31 }),
  ],
  words: [
    'ustar\x0000',
    'ustar  \0',
    '../',
    '/',
    '.wh.',
    '.wh..wh..opq',
    '.wh..wh.plnk/',
    'x',
    'g',
    'L',
    'K',
    'S',
    '11 path=a\n',
    '13 size=123\n',
    '25 SCHILY.xattr.user.a=b\n',
    '22 GNU.sparse.major=1\n',
    '\0\0\0\0\0\0\0\0',
  ],
  run: readTar,
};
