import { InternalError } from '../errors.ts';
import type { Blob, Image, OutputImage } from '../image/image.ts';
import { memoryAccess, streamOf } from '../io/random-access.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { type LayerBlob, type LayerBlobOptions, writeLayerBlob } from './layer-blob.ts';
import { type FileOverride, type LayerEntry, layerEntries } from './layer-entries.ts';
import { outputConfig } from './output-config.ts';
import {
  configMediaType,
  encodeManifest,
  layerMediaType,
  type ManifestFormat,
  manifestMediaType,
  outputAnnotations,
} from './output-manifest.ts';

export interface EmitOptions extends LayerBlobOptions {
  readonly format: ManifestFormat;
  /** Seconds since the epoch; the config's `created` is not later. */
  readonly sourceDateEpoch?: number;
  /** Of oslim. */
  readonly version: string;
  /** Annotations of our own besides those that tell of the source. */
  readonly marks?: Readonly<Record<string, string>>;
}

export interface EmitInput {
  readonly rootfs: Rootfs;
  /** The kept paths in any order; the directories above them come along. */
  readonly paths: Iterable<RootPath>;
  /** Files with other contents than the source's. */
  readonly overrides?: ReadonlyMap<RootPath, FileOverride>;
  /** The source's config. */
  readonly image: Pick<Image, 'config' | 'rawConfig'>;
  readonly source: {
    /** Full reference. */
    readonly name?: string;
    /** Of the source's manifest, or of its config where the medium has no manifest. */
    readonly digest: Digest;
    /** Of the source's manifest. */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly options: EmitOptions;
  readonly signal?: AbortSignal;
}

/** EmittedImage is a finished image and how its layer came to be; its layer is in a spool until `close`. */
export interface EmittedImage extends OutputImage {
  readonly entries: readonly LayerEntry[];
  /** Entries of the layers on top of that one. */
  readonly upper?: readonly (readonly LayerEntry[])[];
  /** Bytes of the layer's tar, and of the layer as stored. */
  readonly tarSize: number;
  readonly layerSize: number;
  close(): void;
}

/**
 * Makes the slim image: one layer with the kept paths, the source's config, a manifest. The same input gives the
 * same bytes on every machine; the image ID does not depend on the compression.
 */
export async function emit(input: EmitInput): Promise<EmittedImage> {
  const { format, compression } = input.options;
  const mediaType = layerMediaType(format, compression);
  const entries = layerEntries(input.rootfs, input.paths, input.overrides);
  const layer = await writeLayerBlob(entries, input.options, input.signal);
  try {
    const lowest = {
      layers: [blobOf(layer, mediaType)],
      diffIds: [layer.diffId],
      tarSize: layer.tarSize,
      layerSize: layer.size,
    };
    return { ...describe(input, lowest), entries, close: () => layer.close() };
  } catch (error) {
    layer.close();
    throw error;
  }
}

/**
 * Makes an image of `base` with one layer more on top: what of the paths the base has not, or has with other contents.
 * It shares the base's layer, which must stay open as long as it does. `comment` says what the layer is for.
 */
export async function emitUpper(
  base: EmittedImage,
  input: EmitInput,
  comment: string,
): Promise<EmittedImage> {
  const { format, compression } = input.options;
  const mediaType = layerMediaType(format, compression);
  const below = new Map(base.entries.map(({ path, inode }) => [path, inode]));
  const overrides = new Map(
    [...(input.overrides ?? [])].filter(([path, { content }]) => !isSame(below.get(path), content)),
  );
  const paths = [...input.paths].filter((path) => !below.has(path));
  const entries = layerEntries(input.rootfs, paths, overrides).filter(
    ({ path, inode }) => inode.type !== 'directory' || !below.has(path),
  );
  const layer = await writeLayerBlob(entries, input.options, input.signal);
  try {
    const upper = { diffId: layer.diffId, comment, blob: blobOf(layer, mediaType) };
    return {
      ...describe(input, base, [upper]),
      entries: base.entries,
      upper: [entries],
      close: () => layer.close(),
    };
  } catch (error) {
    layer.close();
    throw error;
  }
}

function isSame(inode: Inode | undefined, content: Uint8Array): boolean {
  if (inode?.type !== 'file' || inode.size !== content.length) return false;
  return Buffer.compare(inode.content.read(inode.offset, inode.size), content) === 0;
}

function blobOf(layer: LayerBlob, mediaType: string): Blob {
  return {
    descriptor: { mediaType, digest: layer.digest, size: layer.size },
    open: () => layer.open(),
  };
}

/** What an image is made from: its own layer, and those on top. */
type Lowest = Pick<EmittedImage, 'layers' | 'diffIds' | 'tarSize' | 'layerSize'>;

function describe(
  input: EmitInput,
  { layers, diffIds, tarSize, layerSize }: Lowest,
  upper: readonly { readonly diffId: Digest; readonly comment: string; readonly blob: Blob }[] = [],
): Omit<EmittedImage, 'entries' | 'close'> {
  const { format, version, sourceDateEpoch, marks } = input.options;
  const { config: sourceConfig, rawConfig } = input.image;
  const [diffId] = diffIds;
  if (diffId === undefined) throw new InternalError('an image without a layer was to be written');
  const blobs = [...layers, ...upper.map(({ blob }) => blob)];
  const config = bytesBlob(
    configMediaType(format),
    outputConfig({
      config: sourceConfig,
      rawConfig,
      diffId,
      upper,
      version,
      ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
    }),
  );
  const annotations = outputAnnotations(input.source, version, marks);
  const manifest = encodeManifest(
    format,
    config.descriptor,
    blobs.map(({ descriptor }) => descriptor),
    annotations,
  );
  return {
    manifest: bytesBlob(manifestMediaType(format), manifest),
    config,
    layers: blobs,
    diffIds: [diffId, ...upper.map((one) => one.diffId)],
    platform: platformOf(sourceConfig),
    tarSize,
    layerSize,
  };
}

function platformOf({ os, architecture, variant }: Image['config']): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function bytesBlob(mediaType: string, bytes: Uint8Array): Blob {
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    open: () => streamOf(memoryAccess(bytes)),
  };
}
