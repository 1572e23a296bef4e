import type { OutputImage, OutputIndex } from '../image/image.ts';
import { memoryAccess, streamOf } from '../io/random-access.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import type { Platform } from '../oci/platform.ts';
import { type ManifestFormat, outputAnnotations, type Provenance } from './output-manifest.ts';

/** One image of an index that is to be written, and what the source's index says of it. */
export interface IndexMember {
  readonly image: OutputImage;
  /** The source's descriptor knows more than a config does: variant, os.version, os.features. */
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface OutputIndexInput {
  readonly members: readonly IndexMember[];
  readonly source: Provenance;
  readonly format: ManifestFormat;
  /** Of oslim. */
  readonly version: string;
  /** Annotations of our own besides those that tell of the source. */
  readonly marks?: Readonly<Record<string, string>>;
}

/**
 * Annotations of a descriptor that tell of the source's manifest and would be false of ours: its layers below
 * (annotations.md), where its blobs came from and how it was called (containerd), what it attests (BuildKit).
 */
const FALSE_ANNOTATIONS =
  /^(?:org\.opencontainers\.image\.(?:base\.|ref\.name$)|io\.containerd\.|containerd\.io\/|vnd\.docker\.reference\.)/;

/** Returns the index of these images, in their order; Docker's manifest list knows no annotations. */
export function outputIndex({ members, source, format, version, marks }: OutputIndexInput): OutputIndex {
  const mediaType = format === 'oci' ? MediaType.ociIndex : MediaType.dockerManifestList;
  const document = {
    schemaVersion: 2,
    mediaType,
    manifests: members.map((member) => descriptorOf(member, format)),
    ...(format === 'oci' ? { annotations: outputAnnotations(source, version, marks) } : {}),
  };
  const bytes = Buffer.from(JSON.stringify(document), 'utf8');
  const index = {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    open: () => streamOf(memoryAccess(bytes)),
  };
  return { index, images: members.map(({ image }) => image) };
}

function descriptorOf({ image, platform, annotations }: IndexMember, format: ManifestFormat): Descriptor {
  const { mediaType, digest, size } = image.manifest.descriptor;
  const carried = Object.entries(annotations ?? {})
    .filter(([key]) => !FALSE_ANNOTATIONS.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    mediaType,
    digest,
    size,
    platform: platform ?? image.platform,
    ...(format === 'oci' && carried.length > 0 ? { annotations: Object.fromEntries(carried) } : {}),
  };
}
