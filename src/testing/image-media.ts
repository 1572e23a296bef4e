import type { ExecutionConfig } from '../oci/config.ts';
import { type Digest, digestOf, encodedOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import { type TarSpec, tarOf } from './tar-builder.ts';

/** Files of a medium by path: an OCI layout's, or a docker-archive's. */
export type Files = Map<string, Uint8Array>;

export interface MadeImage {
  readonly config: Uint8Array;
  /** As stored. */
  readonly layers: readonly Uint8Array[];
  readonly tars: readonly Uint8Array[];
}

interface MadeImageOptions {
  readonly architecture?: string;
  readonly config?: ExecutionConfig;
  /** How layers are stored: as they are by default. */
  readonly store?: (tar: Uint8Array) => Uint8Array;
}

/** Returns an image of these layers, lowest first. */
export function madeImage(
  layers: readonly (readonly TarSpec[])[],
  options: MadeImageOptions = {},
): MadeImage {
  const tars = layers.map((entries) => tarOf(entries));
  const config = json({
    architecture: options.architecture ?? 'amd64',
    os: 'linux',
    config: options.config ?? {},
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map(() => ({ created_by: 'test' })),
  });
  return { config, layers: tars.map(options.store ?? ((tar) => tar)), tars };
}

export interface Named {
  readonly image: MadeImage;
  /** Annotations of its descriptor in the index. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Does its descriptor say the platform? */
  readonly platform?: { readonly os: string; readonly architecture: string };
}

interface MadeDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Adds a blob to the files of a layout and returns its descriptor. */
export function addBlob(files: Files, mediaType: string, bytes: Uint8Array): MadeDescriptor {
  const digest = digestOf(bytes);
  files.set(`blobs/sha256/${encodedOf(digest)}`, bytes);
  return { mediaType, digest, size: bytes.length };
}

/** Adds an image's blobs and returns the descriptor of its manifest. */
export function addImage(files: Files, image: MadeImage): MadeDescriptor {
  const manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: addBlob(files, MediaType.ociConfig, image.config),
    layers: image.layers.map((layer) => addBlob(files, layerType(layer), layer)),
  };
  return addBlob(files, MediaType.ociManifest, json(manifest));
}

/** Returns the files of an OCI layout that holds these images, each in the index itself. */
export function layoutFiles(images: readonly Named[]): Files {
  const files: Files = new Map();
  const manifests = images.map(({ image, annotations, platform }) => ({
    ...addImage(files, image),
    annotations,
    platform,
  }));
  return withIndex(files, manifests);
}

/** Adds `oci-layout` and an `index.json` with these descriptors. */
export function withIndex(files: Files, manifests: readonly unknown[]): Files {
  files.set('oci-layout', json({ imageLayoutVersion: '1.0.0' }));
  files.set('index.json', json({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests }));
  return files;
}

export interface Saved {
  readonly image: MadeImage;
  readonly tags: readonly string[] | null;
}

/** Returns the files of what `docker save` before version 25 writes. */
export function dockerSaveFiles(images: readonly Saved[]): Files {
  const files: Files = new Map();
  const entries = images.map(({ image, tags }, n) => {
    const config = `${encodedOf(digestOf(image.config))}.json`;
    files.set(config, image.config);
    const layers = image.layers.map((layer, at) => {
      const id = `${n}${at}`.padEnd(64, 'a');
      files.set(`${id}/VERSION`, Buffer.from('1.0'));
      files.set(`${id}/layer.tar`, layer);
      return `${id}/layer.tar`;
    });
    return { Config: config, RepoTags: tags, Layers: layers };
  });
  files.set('manifest.json', json(entries));
  files.set('repositories', json({}));
  return files;
}

/** Returns the files of what `docker save` since version 25 writes: a layout with a manifest.json beside it. */
export function dockerLayoutFiles(images: readonly Saved[]): Files {
  const named = images.flatMap(({ image, tags }): Named[] =>
    (tags ?? []).map((tag) => ({
      image,
      annotations: {
        'io.containerd.image.name': `docker.io/library/${tag}`,
        'org.opencontainers.image.ref.name': tag.slice(tag.indexOf(':') + 1),
      },
    })),
  );
  const files = layoutFiles(named);
  const entries = images.map(({ image, tags }) => ({
    Config: blobName(image.config),
    RepoTags: tags,
    Layers: image.layers.map(blobName),
  }));
  files.set('manifest.json', json(entries));
  return files;
}

/** Returns the tar of these files; `more` are entries such as links. */
export function archiveOf(files: Files, more: readonly TarSpec[] = []): Uint8Array {
  return tarOf([...[...files].map(([name, content]) => ({ name, content })), ...more]);
}

export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function blobName(bytes: Uint8Array): string {
  return `blobs/sha256/${encodedOf(digestOf(bytes))}`;
}

function layerType(layer: Uint8Array): string {
  if (layer[0] === 0x1f) return MediaType.ociLayerGzip;
  return layer[0] === 0x28 ? MediaType.ociLayerZstd : MediaType.ociLayer;
}
