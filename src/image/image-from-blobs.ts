import { FormatError, ImageError } from '../errors.ts';
import { DEFAULT_LIMITS } from '../io/limits.ts';
import { verified } from '../io/verify.ts';
import { parseImageConfig } from '../oci/config.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf } from '../oci/digest.ts';
import { isIndex, parseManifestOrIndex } from '../oci/manifest.ts';
import { MediaType } from '../oci/media-type.ts';
import type { Image } from './image.ts';

/** Opens a blob as it is stored; it is verified by whoever asked for it. */
export type OpenBlob = (descriptor: Descriptor) => AsyncIterable<Uint8Array>;

/**
 * Returns the image of a manifest whose blobs lie wherever `open` finds them: what an ImageSource needs to be a few lines.
 * The config is read at once, layers when they are wanted; all are verified. Throws FormatError, IntegrityError, ImageError.
 */
export async function imageFromBlobs(
  rawManifest: Uint8Array,
  open: OpenBlob,
  names: readonly string[] = [],
): Promise<Image> {
  const manifest = parseManifestOrIndex(rawManifest);
  if (isIndex(manifest))
    throw new FormatError('image manifest', 0, 'cannot read image manifest: it is an index');
  const digest = digestOf(rawManifest);
  const rawConfig = await readConfig(manifest.config, open);
  const config = parseImageConfig(rawConfig);
  if (config.diffIds.length !== manifest.layers.length) {
    throw new ImageError(
      `cannot read image ${digest}: its config has ${config.diffIds.length} diff_ids, its manifest ${manifest.layers.length} layers`,
    );
  }
  return {
    descriptor: { mediaType: manifest.mediaType ?? MediaType.ociManifest, digest, size: rawManifest.length },
    manifest,
    config,
    rawConfig,
    configDigest: manifest.config.digest,
    layers: manifest.layers.flatMap((descriptor, at) => {
      const diffId = config.diffIds[at];
      const stored = () => verified(open(descriptor), descriptor, `layer ${descriptor.digest}`);
      return diffId === undefined ? [] : [{ descriptor, diffId, open: stored }];
    }),
    names,
  };
}

async function readConfig(descriptor: Descriptor, open: OpenBlob): Promise<Uint8Array> {
  const { configBytes } = DEFAULT_LIMITS;
  if (descriptor.size > configBytes)
    throw new FormatError(
      'image config',
      0,
      `cannot read image config: ${descriptor.size} bytes are too many`,
    );
  const chunks: Uint8Array[] = [];
  for await (const chunk of verified(open(descriptor), descriptor, `config ${descriptor.digest}`))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}
