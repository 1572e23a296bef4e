import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { load } from './client.js';

/** @typedef {import('../../src/image/image.ts').OutputImage} OutputImage */
/** @typedef {import('../../src/image/image.ts').Blob} Blob */

const { encodeHeader, endOfArchive, paddingOf } = await load('tar/encode.js');

/** @param {Uint8Array} bytes */
export const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** @param {Uint8Array} bytes @param {string} mediaType @returns {Blob} */
function blobOf(bytes, mediaType) {
  return /** @type {Blob} */ ({
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
    },
  });
}

/** @param {string} architecture @param {number} size @returns {OutputImage} */
function makeImage(architecture, size) {
  const content = Buffer.concat(
    Array.from({ length: Math.ceil(size / 64) }, (_, at) =>
      createHash('sha512').update(`${architecture} ${at}`).digest(),
    ),
  );
  const entry = {
    name: 'data',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: 0n,
    linkname: '',
    devMajor: 0,
    devMinor: 0,
    xattrs: new Map(),
  };
  const tar = Buffer.concat([encodeHeader(entry), content, paddingOf(content.length), endOfArchive()]);
  const layer = blobOf(gzipSync(tar, { level: 1 }), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const diffIds = /** @type {OutputImage['diffIds']} */ ([digestOf(tar)]);
  const platform = { os: 'linux', architecture };
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        ...platform,
        config: { Cmd: ['/data'] },
        rootfs: { type: 'layers', diff_ids: diffIds },
      }),
    ),
    'application/vnd.oci.image.config.v1+json',
  );
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = blobOf(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: config.descriptor,
        layers: [layer.descriptor],
      }),
    ),
    manifestType,
  );
  return { manifest, config, layers: [layer], diffIds, platform };
}

export const amd64 = makeImage('amd64', 3_000_000);
export const arm64 = makeImage('arm64', 1_000_000);
const indexType = 'application/vnd.oci.image.index.v1+json';
export const index = blobOf(
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [amd64, arm64].map(({ manifest, platform }) => ({ ...manifest.descriptor, platform })),
    }),
  ),
  indexType,
);

/** @param {OutputImage} image */
export const digestsOf = ({ manifest, config, layers }) =>
  [manifest, config, ...layers].map(({ descriptor }) => descriptor.digest);
