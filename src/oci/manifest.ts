import { FormatError } from '../errors.ts';
import type { Limits } from '../io/limits.ts';
import type { Descriptor } from './descriptor.ts';
import { parseDigest } from './digest.ts';
import { isRecord, type JsonObject, optionalString, optionalStrings, parseJsonObject } from './json.ts';
import { isIndexType, isManifestType, MediaType } from './media-type.ts';
import type { Platform } from './platform.ts';

/** ImageManifest: OCI image-spec v1.1 manifest.md, and Docker's schema 2, which has the same members. */
export interface ImageManifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** ImageIndex: OCI image-spec v1.1 image-index.md, and Docker's manifest list. */
export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Parses a manifest or an index, told apart by content: `mediaType` where the document has it (a document whose
 * members contradict it is refused, CVE-2021-41190), else by `manifests` or `layers`. Throws FormatError.
 */
export function parseManifestOrIndex(bytes: Uint8Array, limits?: Limits): ImageManifest | ImageIndex {
  const raw = parseJsonObject(bytes, 'manifest', limits);
  if (raw.schemaVersion === 1) {
    throw new FormatError(
      'manifest',
      0,
      'cannot read manifest: Docker schema 1 is not supported (deprecated since 2017)',
    );
  }
  const hasManifests = Array.isArray(raw.manifests);
  const hasLayers = Array.isArray(raw.layers) || isRecord(raw.config);
  if (hasManifests === hasLayers) {
    throw new FormatError(
      'manifest',
      0,
      `cannot read manifest: ${hasLayers ? 'both' : 'neither'} an index and a manifest`,
    );
  }
  const mediaType = optionalString(raw, 'mediaType');
  const contradicts =
    mediaType !== undefined && (hasManifests ? isManifestType(mediaType) : isIndexType(mediaType));
  if (contradicts)
    throw new FormatError(
      'manifest',
      0,
      `cannot read manifest: its members contradict its media type ${mediaType}`,
    );
  const annotations = stringMap(raw.annotations);
  const common = { schemaVersion: 2 as const, ...(annotations ? { annotations } : {}) };
  if (hasManifests) {
    return {
      ...common,
      mediaType: mediaType ?? MediaType.ociIndex,
      manifests: descriptors(raw.manifests),
    };
  }
  return {
    ...common,
    mediaType: mediaType ?? MediaType.ociManifest,
    config: parseDescriptor(raw.config),
    layers: descriptors(raw.layers ?? []),
  };
}

export function isIndex(document: ImageManifest | ImageIndex): document is ImageIndex {
  return 'manifests' in document;
}

/** Parses one descriptor; throws FormatError. */
export function parseDescriptor(value: unknown): Descriptor {
  if (!isRecord(value)) throw new FormatError('manifest', 0, 'cannot read descriptor: not an object');
  const size = value.size;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new FormatError('manifest', 0, 'cannot read descriptor: no valid size');
  }
  const platform = value.platform;
  const annotations = stringMap(value.annotations);
  const urls = optionalStrings(value, 'urls');
  const artifactType = optionalString(value, 'artifactType');
  return {
    mediaType: optionalString(value, 'mediaType') ?? 'application/octet-stream',
    digest: parseDigest(String(value.digest)),
    size,
    ...(isRecord(platform) ? { platform: parseManifestPlatform(platform) } : {}),
    ...(annotations ? { annotations } : {}),
    ...(urls ? { urls } : {}),
    ...(artifactType ? { artifactType } : {}),
  };
}

function descriptors(value: unknown): readonly Descriptor[] {
  if (!Array.isArray(value))
    throw new FormatError('manifest', 0, 'cannot read manifest: a list of descriptors is not a list');
  return value.map(parseDescriptor);
}

function parseManifestPlatform(record: JsonObject): Platform {
  const variant = optionalString(record, 'variant');
  const version = optionalString(record, 'os.version');
  const features = optionalStrings(record, 'os.features');
  return {
    os: optionalString(record, 'os') ?? '',
    architecture: optionalString(record, 'architecture') ?? '',
    ...(variant ? { variant } : {}),
    ...(version ? { 'os.version': version } : {}),
    ...(features ? { 'os.features': features } : {}),
  };
}

function stringMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
