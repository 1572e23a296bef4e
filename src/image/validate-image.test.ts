import { describe, expect, test } from 'vitest';
import { parseImageConfig } from '../oci/config.ts';
import { digestOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import { imageOf, layerOf } from '../testing/image-builder.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import type { Image } from './image.ts';
import { validateImage } from './validate-image.ts';

const LAYER: TarSpec[] = [{ name: 'a', content: 'a' }];
const OTHER = digestOf(Buffer.from('other'));

function withManifest(image: Image): Image {
  const layers = image.layers.map(({ descriptor }) => ({
    ...descriptor,
    digest: descriptor.digest ?? OTHER,
  }));
  const config = { mediaType: MediaType.ociConfig, digest: image.configDigest, size: image.rawConfig.length };
  return { ...image, manifest: { schemaVersion: 2, mediaType: MediaType.ociManifest, config, layers } };
}

function withConfig(image: Image, change: (raw: Record<string, unknown>) => object): Image {
  const rawConfig = Buffer.from(JSON.stringify(change({ ...image.config.raw })));
  return { ...image, rawConfig, configDigest: digestOf(rawConfig), config: parseImageConfig(rawConfig) };
}

describe('validateImage', () => {
  test.each(['none', 'gzip'] as const)('takes a right image (%s)', async (compression) => {
    const image = imageOf([LAYER, LAYER], {}, { compression });
    await validateImage(image);
    await validateImage(withManifest(image));
  });

  const good = withManifest(imageOf([LAYER]));
  const rows: { summary: string; image: Image; says: RegExp }[] = [
    { summary: 'another config', image: { ...good, configDigest: OTHER }, says: /config/ },
    {
      summary: 'another config in the manifest',
      image: { ...withConfig(good, (raw) => ({ ...raw, x: 1 })) },
      says: /config of the manifest/,
    },
    { summary: 'a layer too few', image: { ...good, layers: [] }, says: /layers of the manifest/ },
    { summary: 'a layer too many', image: imageWithLayers(2), says: /diff_ids of the config/ },
    {
      summary: 'another diffID in the config',
      image: imageOf([LAYER], {}, { diffId: OTHER }),
      says: /diffID of layer 1 of 1/,
    },
    {
      summary: 'a layer of another digest',
      image: {
        ...good,
        layers: good.layers.map((layer) => ({ ...layer, open: layerOf([{ name: 'b' }]).open })),
      },
      says: /layer 1 of 1/,
    },
    {
      summary: 'a history that Docker refuses',
      image: withConfig(imageOf([LAYER]), (raw) => ({ ...raw, history: [{}, {}] })),
      says: /history has 2 non-empty entries for 1 layers/,
    },
    { summary: 'a layer that is no tar', image: imageOf([Buffer.alloc(600, 'x')]), says: /tar/ },
    {
      summary: 'a layer that is cut off',
      image: imageOf([Buffer.from(layerTar()).subarray(0, 700)]),
      says: /cut off|tar/,
    },
  ];
  test.each(rows)('refuses $summary', async ({ image, says }) => {
    await expect(validateImage(image)).rejects.toThrow(says);
  });
});

function imageWithLayers(count: number): Image {
  const image = imageOf([LAYER]);
  return { ...image, layers: Array.from({ length: count }, () => layerOf(LAYER)) };
}

function layerTar(): Uint8Array {
  const header = Buffer.alloc(512);
  header.write('a', 0);
  header.write('00000001000\0', 124);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, Buffer.alloc(512)]);
}
