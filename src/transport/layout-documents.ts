import type { OutputImage } from '../image/image.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { algorithmOf, type Digest, encodedOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { OutputTree } from './output-tree.ts';

/** The annotations by which a layout's index names an image: OCI's annotations.md, and containerd's own. */
export const REF_NAME = 'org.opencontainers.image.ref.name';
export const IMAGE_NAME = 'io.containerd.image.name';

/** OCI image-spec v1.1, image-layout.md "oci-layout file". */
export const OCI_LAYOUT = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** Where a layout keeps a blob. */
export function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${encodedOf(digest)}`;
}

/** How the image is called at its destination. */
export interface OutputName {
  /** Full reference with a tag; absent: the image gets no name. */
  readonly name?: string | undefined;
  /** Given by the user behind the medium's name (`oci:DIR:REF`), and used as it is. */
  readonly reference?: string | undefined;
}

/**
 * Returns the descriptor of the image, or of the index of images, for a layout's index. `docker load` (containerd) wants the full name,
 * skopeo, umoci and podman the bare tag; this pair is the only one that all of them take.
 */
export function indexDescriptor({ root, platform }: OutputTree, { name, reference }: OutputName): Descriptor {
  const refName = reference ?? (name === undefined ? undefined : parseReference(name).tag);
  const annotations = {
    ...(name === undefined || reference !== undefined ? {} : { [IMAGE_NAME]: name }),
    ...(refName === undefined ? {} : { [REF_NAME]: refName }),
  };
  const { mediaType, digest, size } = root.descriptor;
  return {
    mediaType,
    digest,
    size,
    ...(platform === undefined ? {} : { platform }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** Returns an index.json that holds just these manifests. */
export function encodeIndex(
  manifests: readonly unknown[],
  others: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, ...others, manifests }),
  );
}

/** Returns the manifest.json of a docker-archive whose blobs lie where an OCI layout has them. */
export function encodeManifestJson(
  { config, layers }: OutputImage,
  { name, reference }: OutputName,
): Uint8Array {
  const tag = reference === undefined ? name : repoTag(reference);
  const entry = {
    Config: blobPath(config.descriptor.digest),
    RepoTags: tag === undefined ? null : [tag],
    Layers: layers.map(({ descriptor }) => blobPath(descriptor.digest)),
  };
  return Buffer.from(JSON.stringify([entry]));
}

/** `docker load` wants a full name; of `docker-archive:FILE:REF` it must be one. */
function repoTag(reference: string): string {
  return formatReference(withDefaultTag(parseReference(reference)));
}
