import { MediaType } from '../oci/media-type.ts';
import type { Platform } from '../oci/platform.ts';
import { addBlob, type Files, json, withIndex } from './image-media.ts';
import { type ProgramImageOptions, programImageFiles } from './program-image.ts';
import type { TestRegistry } from './registry/test-registry.ts';

/** One image of a made index: its platform, and what else its descriptor and the image say. */
export interface PlatformSpec {
  readonly platform: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly image?: ProgramImageOptions;
  /** Its descriptor leaves the platform to the config. */
  readonly isSilent?: boolean;
}

export interface PlatformIndex {
  readonly files: Files;
  readonly index: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

/** Returns the blobs of an index of these images, and of an attestation of the first as BuildKit makes them. */
export function platformIndex(
  specs: readonly PlatformSpec[],
  annotations: Readonly<Record<string, string>> = {},
): PlatformIndex {
  const files: Files = new Map();
  const manifests = specs.map(({ platform, annotations, image, isSilent = false }) => {
    const { os, architecture, variant } = platform;
    const config = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const made = programImageFiles({ ...image, config: { ...image?.config, ...config } });
    for (const [name, bytes] of made) files.set(name, bytes);
    const { annotations: _, ...descriptor } = JSON.parse(Buffer.from(made.get('index.json') ?? []).toString())
      .manifests[0];
    return {
      ...descriptor,
      ...(isSilent ? {} : { platform }),
      ...(annotations === undefined ? {} : { annotations }),
    };
  });
  files.delete('manifest.json');
  const attestation = {
    ...addBlob(files, MediaType.ociManifest, attestationManifest(files)),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': manifests[0]?.digest,
    },
  };
  const document = {
    schemaVersion: 2,
    mediaType: MediaType.ociIndex,
    manifests: [...manifests, attestation],
    annotations,
  };
  return { files, index: addBlob(files, MediaType.ociIndex, json(document)) };
}

function attestationManifest(files: Files): Uint8Array {
  return json({
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: addBlob(files, MediaType.ociConfig, json({ os: 'unknown', architecture: 'unknown' })),
    layers: [addBlob(files, 'application/vnd.in-toto+json', json({}))],
  });
}

/** Returns the files of a layout whose index.json names the index. */
export function namedLayout({ files, index }: PlatformIndex, name: string): Files {
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
  };
  return withIndex(new Map(files), [{ ...index, annotations }]);
}

/** Puts the index and all that belongs to it into a registry. */
export function publishIndex(
  { store }: TestRegistry,
  repository: string,
  tag: string,
  { files, index }: PlatformIndex,
): void {
  for (const [name, bytes] of files) {
    if (!name.startsWith('blobs/')) continue;
    const { mediaType } = text(bytes);
    if (mediaType === undefined) store.putBlob(repository, bytes);
    else
      store.putManifest(repository, name.replace('blobs/sha256/', 'sha256:'), mediaType, Buffer.from(bytes));
  }
  const root = files.get(index.digest.replace('sha256:', 'blobs/sha256/'));
  store.putManifest(repository, tag, index.mediaType, Buffer.from(root ?? []));
}

function text(bytes: Uint8Array): { readonly mediaType?: string } {
  return bytes[0] === 0x7b ? JSON.parse(Buffer.from(bytes).toString()) : {};
}
