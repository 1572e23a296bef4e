import type { EmitInput } from '../emit/emit.ts';
import { UsageError } from '../errors.ts';
import type { Image, ImageQuery, ImageSource } from '../image/image.ts';
import { CacheFolder } from '../io/cache-folder.ts';
import { parseImageConfig } from '../oci/config.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { hostPlatform } from '../oci/platform.ts';
import {
  defaultOutputName,
  familiarName,
  formatReference,
  parseReference,
  type Reference,
} from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { type FlattenOptions, flatten } from '../rootfs/flatten.ts';
import { LayerCache } from '../rootfs/layer-cache/layer-cache.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { openArchive, openArchiveStream, openLayoutDirectory } from '../transport/archive-source.ts';
import { parseSourceLocation, type SourceLocation } from '../transport/location.ts';
import { openRegistry } from './open-registry.ts';
import { overrideProcess } from './process-overrides.ts';
import type { Download } from './transfer.ts';

/** OpenedSource is an image with its merged filesystem, wherever it came from; `close` ends reading it. */
export interface OpenedSource {
  /** As the user should see it. */
  readonly name: string;
  readonly image: Pick<Image, 'config' | 'rawConfig'>;
  readonly rootfs: Rootfs;
  readonly identity: EmitInput['source'];
  /** The name that the result bears unless the user gives one; absent when the source has none. */
  readonly defaultName: string | undefined;
  /** False for a directory of the host, which is read on demand only. */
  readonly isWholeInMemory: boolean;
  /** Returns what was fetched for it since this was last asked; absent unless layers may be fetched in parts. */
  readonly download?: () => Download;
  close(): Promise<void>;
}

/** SourceMedium is the medium that IMAGE names, with no layer read yet. `close` ends reading it. */
export interface SourceMedium {
  readonly medium: ImageSource;
  readonly query: ImageQuery;
  /** What IMAGE itself calls the image: a full reference; absent where only the medium knows. */
  readonly reference: string | undefined;
  close(): Promise<void>;
}

/** Opens IMAGE: finds its medium, picks the platform, merges its layers. Throws OslimError. */
export async function openSource(options: ResolvedOptions): Promise<OpenedSource> {
  const location = sourceLocation(options);
  if (location.kind === 'rootfs') {
    refuseLazy(options);
    options.onProgress({ phase: 'open', subject: options.image });
    return await openDirectory(location.directory, options);
  }
  const source = await openSourceMedium(location, options);
  try {
    const opened = await mergeImage(await source.medium.open(source.query), source, options);
    return {
      ...opened,
      async close() {
        await opened.close();
        await source.close();
      },
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A place that holds images: anything but a directory of the host. */
export type ImageLocation = Exclude<SourceLocation, { kind: 'rootfs' }> | GivenLocation;

/** A medium that the caller brought; `reference` is what it is asked for. */
interface GivenLocation {
  readonly kind: 'given';
  readonly medium: ImageSource;
  readonly reference: string;
}

/** Returns where the image is: in the caller's own medium, else what IMAGE says. Throws UsageError. */
export function sourceLocation({ source, image }: ResolvedOptions): SourceLocation | GivenLocation {
  return source === undefined
    ? parseSourceLocation(image)
    : { kind: 'given', medium: source, reference: image };
}

/**
 * Opens the medium alone. An engine holds one platform and whole layers, so with `allPlatforms` or lazily a bare name is a
 * registry's.
 */
export async function openSourceMedium(
  location: ImageLocation,
  options: ResolvedOptions,
  { allPlatforms = false } = {},
): Promise<SourceMedium> {
  options.onProgress({ phase: 'open', subject: options.image });
  const isRegistry = (allPlatforms || options.lazy === true) && location.kind === 'name';
  if (!isRegistry && location.kind !== 'registry') refuseLazy(options);
  const medium = isRegistry
    ? await openRegistry(location.reference, options)
    : await openMedium(location, options);
  return {
    medium,
    query: queryOf(location, options),
    reference:
      'reference' in location && typeof location.reference === 'object'
        ? formatReference(location.reference)
        : undefined,
    close: async () => (location.kind === 'given' ? undefined : await medium.close()),
  };
}

/** Returns what an image is called in its source, and what the slim one is called unless the user says. */
export function namesOf(image: Pick<Image, 'names'>, { reference }: Pick<SourceMedium, 'reference'>) {
  const name = reference ?? image.names[0];
  return { name, defaultName: name === undefined ? undefined : slimName(name) };
}

/** Merges the layers of an image; `close` of what it returns leaves the medium open. */
export async function mergeImage(
  image: Image,
  source: SourceMedium,
  options: ResolvedOptions,
  onLayer?: FlattenOptions['onLayer'],
): Promise<OpenedSource> {
  const flat = await flatten(image.layers, {
    ...(onLayer ? { onLayer } : {}),
    limits: options.limits,
    cache: options.cache ? new LayerCache(new CacheFolder()) : undefined,
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: ({ bytes, totalBytes }) =>
      options.onProgress({ phase: 'read', done: bytes, total: totalBytes }),
  });
  const { name, defaultName } = namesOf(image, source);
  const lazy = lazyLayersOf(image, options);
  if (lazy > 0) options.notices.add('LAZY', lazyNotice(lazy, image.layers.length));
  return {
    name: name ?? options.image,
    ...(options.lazy ? { download: () => downloadOf(image, options) } : {}),
    image: overrideProcess(image, options),
    rootfs: flat.rootfs,
    isWholeInMemory: true,
    identity: {
      ...(name === undefined ? {} : { name }),
      digest: sourceDigest(image),
      ...(image.manifest?.annotations ? { annotations: image.manifest.annotations } : {}),
    },
    defaultName,
    close: async () => flat.close(),
  };
}

function lazyLayersOf({ layers }: Image, { transfer }: ResolvedOptions): number {
  return layers.filter(
    ({ descriptor: { digest } }) => digest !== undefined && transfer.lazyLayers.has(digest),
  ).length;
}

function lazyNotice(lazy: number, all: number): string {
  const which = lazy === all ? 'all layers were' : `${lazy} of ${all} layers were`;
  return `${which} fetched in parts: the parts were checked, but not the layers' digests and diffIDs (docs/lazy.md)`;
}

function downloadOf(image: Image, options: ResolvedOptions): Download {
  return {
    bytes: options.transfer.takeBytes(),
    layers: image.layers.length,
    lazyLayers: lazyLayersOf(image, options),
    layerBytes: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
  };
}

/** Returns what an image is known by: its manifest's digest, or its config's where the medium has no manifest. */
export function sourceDigest(image: Image): Digest {
  return image.descriptor?.digest ?? image.configDigest;
}

/** Returns the default name of the slim image; a name that is no reference (any text may stand in a layout) gives none. */
function slimName(name: string): string | undefined {
  let reference: Reference;
  try {
    reference = parseReference(name);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
  return formatReference(defaultOutputName(reference));
}

async function openMedium(location: ImageLocation, options: ResolvedOptions): Promise<ImageSource> {
  switch (location.kind) {
    case 'given':
      return location.medium;
    case 'archive':
    case 'docker-archive':
    case 'oci-archive':
      return openArchive(location.file, location.kind, options.limits);
    case 'oci':
      return openLayoutDirectory(location.directory, options.limits);
    case 'stdin':
      return openArchiveStream(process.stdin, 'standard input', 'archive', options.limits);
    case 'registry':
      return openRegistry(location.reference, options);
    case 'name':
      return openNamed(location.reference, options);
    case 'docker-daemon':
      return openEngine(location.name, options);
  }
}

/** A bare name is a local engine's image when an engine has it, else the registry's. */
async function openNamed(reference: Reference, options: ResolvedOptions): Promise<ImageSource> {
  const { engineHas } = await import('../transport/engine/engine-source.ts');
  const name = familiarName(reference);
  return (await engineHas(name)) ? openEngine(name, options) : openRegistry(reference, options);
}

async function openEngine(name: string, { limits }: ResolvedOptions): Promise<ImageSource> {
  const { EngineSource } = await import('../transport/engine/engine-source.ts');
  return new EngineSource(name, { limits });
}

/** What lies whole on this host has nothing to be fetched. */
function refuseLazy({ lazy, image }: ResolvedOptions): void {
  if (!lazy) return;
  throw new UsageError(`cannot read "${image}" lazily: it is not in a registry`, {
    advice: 'leave out --lazy',
  });
}

function queryOf(location: ImageLocation, options: ResolvedOptions): ImageQuery {
  const reference =
    'reference' in location && typeof location.reference === 'string' ? location.reference : undefined;
  return {
    ...(reference === undefined ? {} : { reference }),
    ...(options.wantedPlatform === undefined ? {} : { platform: options.wantedPlatform }),
  };
}

/** A directory has no config: one is made for it, of the host's platform unless the user says another. */
async function openDirectory(directory: string, options: ResolvedOptions): Promise<OpenedSource> {
  const { openHostDirectory } = await import('../rootfs/host-directory.ts');
  const { os, architecture, variant } = options.wantedPlatform ?? hostPlatform();
  const document = {
    architecture,
    ...(variant === undefined ? {} : { variant }),
    os,
    config: {},
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const rawConfig = Buffer.from(JSON.stringify(document));
  return {
    name: directory,
    image: overrideProcess({ config: parseImageConfig(rawConfig), rawConfig }, options),
    rootfs: openHostDirectory(directory, undefined, options.limits),
    isWholeInMemory: false,
    identity: { digest: digestOf(rawConfig) },
    defaultName: undefined,
    close: async () => {},
  };
}
