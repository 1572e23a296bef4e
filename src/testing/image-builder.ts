import { gzipSync } from 'node:zlib';
import type { Image, Layer } from '../image/image.ts';
import { memoryAccess, streamOf } from '../io/random-access.ts';
import { verified } from '../io/verify.ts';
import { type ExecutionConfig, parseImageConfig } from '../oci/config.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import { type TarSpec, tarOf } from './tar-builder.ts';

/** What the layers of a made image are like. */
export interface LayerOptions {
  /** As stored; 'none' by default. */
  readonly compression?: 'none' | 'gzip';
  /** Does the layer offer random access to its blob? Not by default. */
  readonly seekable?: boolean;
  /** A lie about the diffID. */
  readonly diffId?: Digest;
  /** Bytes of one chunk when the blob is opened. */
  readonly chunkSize?: number;
}

/** Returns a layer in memory, from entries or from the bytes of a tar, with right digests. */
export function layerOf(entries: readonly TarSpec[] | Uint8Array, options: LayerOptions = {}): Layer {
  const tar = entries instanceof Uint8Array ? entries : tarOf(entries);
  const isGzip = options.compression === 'gzip';
  const blob = isGzip ? gzipSync(tar) : tar;
  const mediaType = isGzip ? MediaType.ociLayerGzip : MediaType.ociLayer;
  const descriptor = { mediaType, digest: digestOf(blob), size: blob.length };
  const access = memoryAccess(blob);
  return {
    descriptor,
    diffId: options.diffId ?? digestOf(tar),
    ...(options.seekable === true ? { access } : {}),
    open: () => verified(streamOf(access, options.chunkSize), descriptor, `layer ${descriptor.digest}`),
  };
}

/** Returns an image in memory with these layers, lowest first, and a config that matches them. */
export function imageOf(
  layers: readonly (readonly TarSpec[] | Uint8Array)[],
  config: ExecutionConfig = {},
  options: LayerOptions = {},
): Image {
  const made = layers.map((layer) => layerOf(layer, options));
  const raw = {
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: made.map(({ diffId }) => diffId) },
    history: made.map(() => ({ created_by: 'test' })),
  };
  const rawConfig = Buffer.from(JSON.stringify(raw));
  return {
    config: parseImageConfig(rawConfig),
    rawConfig,
    configDigest: digestOf(rawConfig),
    layers: made,
    names: [],
  };
}
