import { UsageError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { MediaType } from '../oci/media-type.ts';
import type { LayerCompression } from './layer-blob.ts';

export type ManifestFormat = 'oci' | 'docker';

const LAYER_TYPES: Readonly<Record<ManifestFormat, Readonly<Record<LayerCompression, string | undefined>>>> =
  {
    oci: { none: MediaType.ociLayer, gzip: MediaType.ociLayerGzip, zstd: MediaType.ociLayerZstd },
    docker: { none: MediaType.dockerLayer, gzip: MediaType.dockerLayerGzip, zstd: undefined },
  };

/** Returns the layer's media type; Docker's schema 2 has none for zstd (UsageError). */
export function layerMediaType(format: ManifestFormat, compression: LayerCompression): string {
  const mediaType = LAYER_TYPES[format][compression];
  if (mediaType !== undefined) return mediaType;
  throw new UsageError(
    `cannot write ${compression} layers in the format "${format}": it has no media type for them`,
    {
      advice: 'use --format oci, or --compress gzip',
    },
  );
}

export function configMediaType(format: ManifestFormat): string {
  return format === 'oci' ? MediaType.ociConfig : MediaType.dockerConfig;
}

export function manifestMediaType(format: ManifestFormat): string {
  return format === 'oci' ? MediaType.ociManifest : MediaType.dockerManifest;
}

/** Annotations that say which image's layers are below (OCI image-spec v1.1, annotations.md): here there are none. */
const BASE_ANNOTATIONS = 'org.opencontainers.image.base.';

/** The annotations by which oslim knows its own results again. */
export const MARKS = {
  sourceName: 'dev.oslim.source.name',
  sourceDigest: 'dev.oslim.source.digest',
  version: 'dev.oslim.version',
  /** Digest of the options that decide what comes out. */
  options: 'dev.oslim.options',
  /** Bytes of the files, uncompressed. */
  contentSize: 'dev.oslim.content.size',
  /** Names of the policies that would not hold, with commas between them. */
  findings: 'dev.oslim.findings',
} as const;

/** Where an image, or an index, is from. */
export interface Provenance {
  /** Full reference of the source; absent where it has none. */
  readonly name?: string;
  /** Absent for images that no index of the source holds together. */
  readonly digest?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Returns the annotations of the slim image: the source's that still hold, and ours, sorted by key. */
export function outputAnnotations(
  source: Provenance,
  version: string,
  marks: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const carried = Object.entries(source.annotations ?? {}).filter(
    ([key]) => !key.startsWith(BASE_ANNOTATIONS),
  );
  const all = new Map([
    ...carried,
    ...(source.name === undefined ? [] : ([[MARKS.sourceName, source.name]] as const)),
    ...(source.digest === undefined ? [] : ([[MARKS.sourceDigest, source.digest]] as const)),
    [MARKS.version, version],
    ...Object.entries(marks),
  ]);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns a manifest's bytes; Docker's schema 2 knows no annotations. */
export function encodeManifest(
  format: ManifestFormat,
  config: Descriptor,
  layers: readonly Descriptor[],
  annotations: Readonly<Record<string, string>>,
): Uint8Array {
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestMediaType(format),
    config: plain(config),
    layers: layers.map(plain),
    ...(format === 'oci' ? { annotations } : {}),
  };
  return Buffer.from(JSON.stringify(manifest), 'utf8');
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
