import { createHash } from 'node:crypto';
import type { Blob, OutputImage } from '../../image/image.ts';
import { digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import type { Platform } from '../../oci/platform.ts';

/** Returns `size` bytes that look random and are the same for the same seed. */
export function sampleBytes(size: number, seed: string): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let at = 0, block = 0; at < size; at += 64, block += 1) {
    createHash('sha512').update(`${seed} ${block}`).digest().copy(bytes, at);
  }
  return bytes;
}

/** Returns an image whose layers are bytes of the given sizes (no tar: a registry does not look inside). */
export function sampleImage(
  sizes: readonly number[],
  seed = 'layer',
  platform: Platform = { os: 'linux', architecture: 'amd64' },
): OutputImage {
  const layers = sizes.map((size, index) =>
    blobOf(sampleBytes(size, `${seed} ${index}`), MediaType.ociLayer),
  );
  const diffIds = layers.map(({ descriptor }) => descriptor.digest);
  const config = blobOf(
    json({ ...platform, config: {}, rootfs: { type: 'layers', diff_ids: diffIds } }),
    MediaType.ociConfig,
  );
  const manifest = blobOf(
    json({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: config.descriptor,
      layers: layers.map(({ descriptor }) => descriptor),
    }),
    MediaType.ociManifest,
  );
  return { manifest, config, layers, diffIds, platform };
}

/** Returns the index of these images. */
export function sampleIndex(images: readonly OutputImage[]): Blob {
  const manifests = images.map(({ manifest, platform }) => ({ ...manifest.descriptor, platform }));
  return blobOf(json({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests }), MediaType.ociIndex);
}

export function blobOf(bytes: Uint8Array, mediaType: string): Blob {
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      for (let at = 0; at < bytes.length; at += 16 << 10) yield bytes.subarray(at, at + (16 << 10));
    },
  };
}

/** Reads a stream to its end. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
