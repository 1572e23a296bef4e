import type { HostileCase } from './hostile-case.ts';
import { entry, refused, tar } from './tar-case.ts';

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

/** Maps of sparse files that overlap, escape or multiply (GNU tar, sparse formats). */
export const SPARSE_CASES: readonly HostileCase[] = [
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
];
