import { deflateRawSync, gzipSync } from 'node:zlib';
import { MediaType } from '../../oci/media-type.ts';
import { tarOf } from '../tar-builder.ts';
import {
  type AttackedImage,
  type HostileCase,
  imageWith,
  type Refusal,
  type Result,
} from './hostile-case.ts';

const MIB = 1 << 20;
const CONTENT = [{ name: 'a', content: 'x' }];
const TREE: Result = { tree: ['/a "x"'] };

function stored(
  name: string,
  summary: string,
  options: AttackedImage & { readonly store: (tar: Uint8Array) => Uint8Array },
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `compression-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith([CONTENT], { mediaType: MediaType.ociLayerGzip, ...options }),
    expect,
  };
}

const refused = (says: RegExp, error: Refusal['error'] = 'FormatError'): Refusal => ({ error, says });

const GZIP_HEADER = Buffer.from('1f8b0800000000000003', 'hex');

/** A gzip member of `mib` mebibytes of zeros, without their checksum: nobody should come so far as to look. */
function gzipZeros(mib: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(MIB), { level: 9, finishFlush: 3 });
  return Buffer.concat([GZIP_HEADER, ...Array.from({ length: mib }, () => block)]);
}

/** A zstd frame of blocks of 128 KiB of one byte each (RFC 8878, RLE_Block): 4 bytes stand for 128 KiB. */
function zstdZeros(mib: number): Buffer {
  const blocks = Buffer.alloc(mib * 8 * 4);
  for (let at = 0; at < mib * 8; at++) {
    const isLast = at === mib * 8 - 1 ? 1 : 0;
    blocks.writeUIntLE(((128 << 10) << 3) | (1 << 1) | isLast, at * 4, 3);
  }
  return Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), blocks]);
}

/** A tar whose one file has so many zeros; the frame around it is zstd's. */
const zstdRaw = (bytes: Uint8Array): Buffer => {
  const header = Buffer.alloc(3);
  header.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), header, bytes]);
};

const zstd = { mediaType: MediaType.ociLayerZstd } as const;

/** Bombs, lies and framing of gzip and zstd. */
export const COMPRESSION_CASES: readonly HostileCase[] = [
  stored(
    'gzip-bomb',
    'gigabytes of zeros in a few kilobytes of gzip',
    { store: () => gzipZeros(2048) },
    refused(/limit compressionRatio/, 'LimitError'),
    'CVE-2017-14992 (Docker), CVE-2026-59873 (node-tar)',
  ),
  stored(
    'gzip-bomb-in-a-file',
    'a tar that begins well and whose one file is two gigabytes of zeros',
    {
      store: () =>
        Buffer.concat([
          gzipSync(tarOf([{ name: 'big', size: 2048 * MIB }]).subarray(0, 512)),
          gzipZeros(2048),
        ]),
    },
    refused(/limit compressionRatio/, 'LimitError'),
    'CVE-2017-14992 (Docker), CVE-2026-59873 (node-tar)',
  ),
  stored(
    'zstd-bomb',
    'gigabytes in a few kilobytes of zstd',
    {
      ...zstd,
      store: () =>
        Buffer.concat([
          zstdRaw(tarOf([{ name: 'big', size: 2048 * MIB }]).subarray(0, 512)),
          zstdZeros(2048),
        ]),
    },
    refused(/limit compressionRatio/, 'LimitError'),
  ),
  stored(
    'zstd-window',
    'a zstd frame that wants a window of 3 TiB',
    { ...zstd, store: () => Buffer.from('28b52ffd00ff010000', 'hex') },
    refused(/cannot decompress|cannot read/),
  ),
  stored(
    'zstd-content-size-lie',
    'a zstd frame that announces an exabyte',
    { ...zstd, store: () => Buffer.from('28b52ffdc038ffffffffffffff0f010000', 'hex') },
    refused(/cannot/, ['FormatError', 'IntegrityError']),
  ),
  stored(
    'zstd-skippable-endless',
    'a skippable frame of 4 GiB that is not there',
    { ...zstd, store: () => Buffer.from('502a4d18ffffffff00', 'hex') },
    refused(/cannot decompress|cannot read/),
  ),
  stored(
    'zstd-skippable-many',
    'a hundred thousand empty skippable frames before the contents',
    {
      ...zstd,
      store: (tar) =>
        Buffer.concat([
          ...Array.from({ length: 100_000 }, () => Buffer.from('502a4d1800000000', 'hex')),
          zstdRaw(tar),
        ]),
    },
    TREE,
  ),
  stored(
    'zstd-reserved-block',
    'a block of the reserved type',
    { ...zstd, store: () => Buffer.from('28b52ffd0038070000', 'hex') },
    refused(/cannot decompress|cannot read/),
  ),
  stored(
    'zstd-truncated',
    'a zstd frame cut off',
    { ...zstd, store: (tar) => zstdRaw(tar).subarray(0, 300) },
    refused(/cannot decompress|cannot read|cut off/),
  ),
  stored(
    'zstd-dictionary',
    'a frame that needs a dictionary which nobody has',
    { ...zstd, store: () => Buffer.from('28b52ffd033878563412010000', 'hex') },
    refused(/cannot decompress|cannot read/),
  ),
  stored(
    'gzip-members',
    'a layer in ten thousand gzip members, most of them empty',
    { store: (tar) => Buffer.concat([...Array.from({ length: 10_000 }, () => gzipSync('')), gzipSync(tar)]) },
    TREE,
    'CVE-2022-30631 (Go compress/gzip)',
  ),
  stored(
    'gzip-member-per-block',
    'a tar whose every block is a gzip member',
    {
      store: (tar) =>
        Buffer.concat(
          Array.from({ length: tar.length / 512 }, (_, at) =>
            gzipSync(tar.subarray(at * 512, at * 512 + 512)),
          ),
        ),
    },
    TREE,
  ),
  stored(
    'gzip-trailing-garbage',
    'bytes behind the last member',
    { store: (tar) => Buffer.concat([gzipSync(tar), Buffer.from('garbage')]) },
    refused(/cannot decompress|cannot read|cannot trust/),
  ),
  stored(
    'gzip-trailing-zeros',
    'zeros behind the last member, which some tools pad with',
    { store: (tar) => Buffer.concat([gzipSync(tar), Buffer.alloc(512)]) },
    TREE,
  ),
  stored(
    'gzip-truncated',
    'a gzip stream cut off',
    { store: (tar) => gzipSync(tar).subarray(0, 60) },
    refused(/cannot decompress|cut off/),
  ),
  stored(
    'gzip-crc-wrong',
    'a gzip stream whose checksum is wrong',
    {
      store: (tar) => {
        const bytes = gzipSync(tar);
        bytes.writeUInt32LE(0, bytes.length - 8);
        return bytes;
      },
    },
    refused(/cannot decompress/),
  ),
  stored(
    'gzip-header-name-endless',
    'a gzip header whose file name never ends',
    { store: () => Buffer.concat([Buffer.from('1f8b0808000000000003', 'hex'), Buffer.alloc(5 * MIB, 'n')]) },
    refused(/cannot decompress|cut off/),
  ),
  stored(
    'gzip-reserved-flags',
    'reserved flags in a gzip header',
    { store: () => Buffer.from('1f8b08e0000000000003', 'hex') },
    refused(/cannot decompress/),
  ),
  stored(
    'deflate-far-back',
    'a reference to before the beginning',
    { store: () => Buffer.concat([GZIP_HEADER, Buffer.from('4b04d20f00', 'hex')]) },
    refused(/cannot decompress/),
  ),
  stored(
    'gzip-in-gzip',
    'a gzip stream inside the gzip stream is no tar',
    { store: (tar) => gzipSync(gzipSync(tar)) },
    refused(/cannot read/),
  ),
  stored(
    'bzip2',
    'a layer in bzip2, which no specification allows',
    { store: () => Buffer.from('BZh91AY&SY') },
    refused(/bzip2 is not supported/, 'UnsupportedError'),
  ),
  stored(
    'xz',
    'a layer in xz: no decoder, no hole in it',
    { store: () => Buffer.from('fd377a585a0000', 'hex') },
    refused(/xz is not supported/, 'UnsupportedError'),
    'CVE-2014-9357 (Docker)',
  ),
  stored('media-type-says-gzip', 'a plain tar that is called gzip', { store: (tar) => tar }, TREE),
  stored(
    'media-type-says-zstd',
    'gzip that is called zstd',
    { ...zstd, store: (tar) => gzipSync(tar) },
    TREE,
  ),
  stored(
    'media-type-says-plain',
    'gzip that is called a plain tar',
    { mediaType: MediaType.ociLayer, store: (tar) => gzipSync(tar) },
    TREE,
  ),
  stored(
    'media-type-unknown',
    'a layer of a media type that nobody knows',
    { mediaType: 'text/html', store: (tar) => tar },
    TREE,
  ),
  stored(
    'encrypted',
    'an encrypted layer',
    { mediaType: `${MediaType.ociLayerGzip}+encrypted`, store: () => Buffer.alloc(1024, 0xa5) },
    refused(/cannot read/),
  ),
  stored(
    'empty',
    'a layer of no bytes',
    { store: () => Buffer.alloc(0) },
    refused(/cannot trust/, 'IntegrityError'),
  ),
  {
    name: 'compression-archive-bomb',
    summary: 'the whole archive is a gzip bomb',
    advisory: 'CVE-2023-25153 (containerd)',
    input: () => ({ archive: gzipZeros(2048) }),
    expect: refused(/limit compressionRatio/, 'LimitError'),
  },
  {
    name: 'compression-archive-in-archive',
    summary: 'an archive ten times in gzip',
    input: () => {
      let archive = Buffer.from(tarOf(CONTENT));
      for (let at = 0; at < 10; at++) archive = gzipSync(archive);
      return { archive };
    },
    expect: refused(/not an archive/),
  },
];
