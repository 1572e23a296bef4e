import { ImageError, IntegrityError } from '../errors.ts';
import { decompressed } from '../io/decompress.ts';
import { Digester, digestOf } from '../oci/digest.ts';
import { TarParser } from '../tar/reader.ts';
import type { Image, Layer } from './image.ts';

/**
 * Reads the whole image and recomputes what it says of itself: digest and size of every blob, every diffID, the
 * number of layers and of history entries, and that every layer is a tar to its end. Throws IntegrityError,
 * ImageError or FormatError for the first thing that does not hold.
 */
export async function validateImage(image: Image): Promise<void> {
  validateDocuments(image);
  for (const [at, layer] of image.layers.entries())
    await validateLayer(layer, `layer ${at + 1} of ${image.layers.length}`);
}

/** Does `validateImage` without reading the layers: whoever merges them verifies those. */
export function validateDocuments(image: Image): void {
  const { config, manifest, layers } = image;
  expectEqual('config', image.configDigest, digestOf(image.rawConfig));
  if (manifest !== undefined) {
    expectEqual('config of the manifest', manifest.config.digest, image.configDigest);
    expectEqual('config of the manifest', `${manifest.config.size} bytes`, `${image.rawConfig.length} bytes`);
    expectEqual('layers of the manifest', manifest.layers.length, layers.length);
  }
  expectEqual('diff_ids of the config', config.diffIds.length, layers.length);
  checkHistory(image);
  for (const [at, layer] of layers.entries()) {
    const subject = `layer ${at + 1} of ${layers.length}`;
    expectEqual(`diffID of ${subject}`, String(config.diffIds[at]), layer.diffId);
    if (manifest !== undefined) {
      expectEqual(subject, String(manifest.layers[at]?.digest), String(layer.descriptor.digest));
      expectEqual(subject, `${manifest.layers[at]?.size} bytes`, `${layer.descriptor.size} bytes`);
    }
  }
}

/** Docker refuses an image whose history does not have one non-empty entry for each layer; no history at all is fine. */
function checkHistory({ config, layers }: Image): void {
  if (config.history.length === 0) return;
  const nonEmpty = config.history.filter(({ empty_layer }) => empty_layer !== true).length;
  if (nonEmpty === layers.length) return;
  throw new ImageError(
    `cannot load the image: its history has ${nonEmpty} non-empty entries for ${layers.length} layers`,
  );
}

/** Both digests in one pass over the stored bytes. */
async function validateLayer(layer: Layer, subject: string): Promise<void> {
  const stored = new Digester();
  const tar = new Digester();
  const parser = new TarParser({ entry: () => undefined });
  for await (const chunk of decompressed(counted(layer.open(), stored), subject)) {
    tar.update(chunk);
    parser.write(chunk);
  }
  parser.end();
  expectEqual(subject, `${layer.descriptor.size} bytes`, `${stored.size} bytes`);
  if (layer.descriptor.digest?.startsWith('sha256:'))
    expectEqual(subject, layer.descriptor.digest, stored.digest());
  if (layer.diffId.startsWith('sha256:')) expectEqual(`diffID of ${subject}`, layer.diffId, tar.digest());
}

async function* counted(source: AsyncIterable<Uint8Array>, digester: Digester): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    digester.update(chunk);
    yield chunk;
  }
}

function expectEqual(subject: string, expected: string | number, actual: string | number): void {
  if (expected !== actual) throw new IntegrityError(subject, String(expected), String(actual));
}
