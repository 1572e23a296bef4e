import { describe, expect, it } from 'vitest';
import { OslimError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { encodedOf } from '../oci/digest.ts';
import { type Files, json } from '../testing/image-media.ts';
import { programImageFiles } from '../testing/program-image.ts';
import { imageFromBlobs } from './image-from-blobs.ts';
import { validateImage } from './validate-image.ts';

function manifestOf(files: Files): Uint8Array {
  const index = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString());
  return blobOf(files, index.manifests[0]);
}

function blobOf(files: Files, { digest }: Pick<Descriptor, 'digest'>): Uint8Array {
  return files.get(`blobs/sha256/${encodedOf(digest)}`) ?? new Uint8Array();
}

function opener(files: Files, change = (bytes: Uint8Array) => bytes) {
  return async function* (descriptor: Descriptor) {
    yield change(blobOf(files, descriptor));
  };
}

describe('imageFromBlobs', () => {
  const files = programImageFiles();

  it('gives an image that holds', async () => {
    const image = await imageFromBlobs(manifestOf(files), opener(files), ['docker.io/example/server:1.0']);
    await expect(validateImage(image)).resolves.toBeUndefined();
    expect(image.layers).toHaveLength(2);
    expect(image.descriptor?.size).toBe(manifestOf(files).length);
  });

  it.each([
    ['a blob that lost its last byte', manifestOf(files), (bytes: Uint8Array) => bytes.subarray(0, -1)],
    [
      'a blob with another byte',
      manifestOf(files),
      (bytes: Uint8Array) => bytes.map((byte, at) => byte ^ (at === 9 ? 1 : 0)),
    ],
    ['a blob that goes on', manifestOf(files), (bytes: Uint8Array) => Buffer.concat([bytes, bytes])],
    ['an index', json({ schemaVersion: 2, manifests: [] }), (bytes: Uint8Array) => bytes],
    ['no JSON', Buffer.from('{'), (bytes: Uint8Array) => bytes],
  ])('refuses %s', async (_, manifest, change) => {
    await expect(imageFromBlobs(manifest, opener(files, change))).rejects.toThrow(OslimError);
  });

  it('refuses a layer that is not what its manifest says', async () => {
    let isConfig = true;
    const lying = opener(files, (bytes) => {
      if (!isConfig) return bytes.subarray(1);
      isConfig = false;
      return bytes;
    });
    const image = await imageFromBlobs(manifestOf(files), lying);
    await expect(async () => {
      for (const layer of image.layers) for await (const _ of layer.open());
    }).rejects.toThrow(OslimError);
  });
});
