import { FormatError, ImageError, IntegrityError, OslimError } from '../../errors.ts';
import type { Image, ImageQuery, ImageSet, ImageSource, Layer } from '../../image/image.ts';
import { isImageDescriptor, selectPlatform } from '../../image/select-platform.ts';
import { checkLimit } from '../../io/limits.ts';
import { parseImageConfig } from '../../oci/config.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { type ImageManifest, isIndex } from '../../oci/manifest.ts';
import { isIndexType, MediaType } from '../../oci/media-type.ts';
import type { Platform } from '../../oci/platform.ts';
import { formatReference, type Reference, withDefaultTag } from '../../oci/reference.ts';
import { fetchBlob } from './fetch-blob.ts';
import { type FetchedManifest, fetchManifest } from './fetch-manifest.ts';
import { RegistryContext, type RegistryOptions } from './registry-context.ts';
import type { Repository } from './repository.ts';

export interface RegistrySourceOptions extends RegistryOptions {
  /** Returns the layer to use in place of one that is about to be read: a blob cache. */
  readonly cached?: (layer: Layer) => Promise<Layer>;
  /** Returns the layer to use in place of one that is not here: one that is read in parts. */
  readonly lazily?: (layer: Layer, descriptor: Descriptor, place: PulledPlace) => Layer;
}

/** PulledPlace is where an image is pulled from: one of the places that `reference` can be pulled from, by its name. */
export interface PulledPlace {
  readonly reference: Reference;
  readonly name: string;
  readonly repository: Repository;
}

/** A manifest with the repository (the registry's, or a mirror's) that it and its blobs are read from. */
interface Located extends FetchedManifest {
  readonly repository: Repository;
  /** Of the place that it is in; see `pullRepositories`. */
  readonly place: string;
}

/** One image of an index; opened already where its platform was not known otherwise. */
interface Candidate {
  readonly descriptor: Descriptor;
  readonly platform: Platform;
  readonly image?: Image;
}

const CONFIG_TYPES: ReadonlySet<string> = new Set([MediaType.ociConfig, MediaType.dockerConfig]);

/** RegistrySource reads one image, or every platform's, of a repository in a registry. */
export class RegistrySource implements ImageSource {
  readonly #reference: Reference;
  readonly #name: string;
  readonly #options: RegistrySourceOptions;
  readonly #context: RegistryContext;
  #root: Promise<Located> | undefined;

  constructor(reference: Reference, options: RegistrySourceOptions = {}) {
    this.#reference = withDefaultTag(reference);
    this.#name = formatReference(this.#reference);
    this.#options = options;
    this.#context = new RegistryContext(options);
  }

  /**
   * Returns the descriptor of the manifest or index that the reference names, asked for once. Throws as
   * `open` does.
   */
  async resolve(): Promise<Descriptor> {
    return (await this.#resolveRoot()).descriptor;
  }

  /**
   * Opens the image for `query.platform`. Throws RegistryError, IntegrityError, FormatError, ImageError,
   * UsageError, LimitError.
   */
  async open(query: ImageQuery): Promise<Image> {
    const root = await this.#resolveRoot();
    if (!isIndex(root.document)) return this.#image(root);
    const candidates: Candidate[] = [];
    for (const descriptor of await this.#imagesOf(root))
      candidates.push(await this.#candidate(root, descriptor));
    const chosen = selectPlatform(candidates, query.platform, this.#name);
    return chosen.image ?? this.#image(await this.#child(root, chosen.descriptor));
  }

  /** Returns the image of every platform, each to be opened by itself; throws as `open` does. */
  async openAll(): Promise<ImageSet> {
    const root = await this.#resolveRoot();
    if (!isIndex(root.document))
      return { members: [{ descriptor: root.descriptor, open: () => this.#image(root) }], absent: [] };
    const { annotations } = root.document;
    const images = new Map((await this.#imagesOf(root)).map((image) => [image.digest, image]));
    if (images.size === 0) throw new ImageError(`cannot open "${this.#name}": its index has no image`);
    return {
      index: { digest: root.descriptor.digest, ...(annotations ? { annotations } : {}) },
      members: [...images.values()].map((descriptor) => ({
        descriptor,
        open: async () => await this.#image(await this.#child(root, descriptor)),
      })),
      absent: [],
    };
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #resolveRoot(): Promise<Located> {
    this.#root ??= this.#locate();
    return this.#root;
  }

  /** Asks the mirrors in their order, then the registry itself; its error is the one that counts. */
  async #locate(): Promise<Located> {
    const { tag = '', digest } = this.#reference;
    let failure: unknown;
    for (const place of this.#context.pullRepositories(this.#reference)) {
      try {
        const repository = await place.open();
        const by = digest === undefined ? { tag } : { digest };
        const located = { repository, place: place.name };
        return { ...located, ...(await fetchManifest(repository, by, this.#name, this.#context.limits)) };
      } catch (error) {
        if (!(error instanceof OslimError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Returns the descriptors of the images of an index, those of indexes inside it in their place. */
  async #imagesOf(
    located: Located,
    depth = 1,
    visits: { count: number } = { count: 0 },
  ): Promise<readonly Descriptor[]> {
    if (!isIndex(located.document)) return [located.descriptor];
    const { limits } = this.#context;
    checkLimit(limits, 'indexDepth', depth, `the indexes of "${this.#name}"`);
    const found: Descriptor[] = [];
    for (const descriptor of located.document.manifests) {
      if (!isImageDescriptor(descriptor)) continue;
      checkLimit(limits, 'manifests', ++visits.count, `the indexes of "${this.#name}"`);
      if (!isIndexType(descriptor.mediaType)) found.push(descriptor);
      else found.push(...(await this.#imagesOf(await this.#child(located, descriptor), depth + 1, visits)));
    }
    return found;
  }

  /** A descriptor need not say its platform (image-spec v1.1, image-index.md): then the config does. */
  async #candidate(root: Located, descriptor: Descriptor): Promise<Candidate> {
    if (descriptor.platform !== undefined) return { descriptor, platform: descriptor.platform };
    const image = await this.#image(await this.#child(root, descriptor));
    return { descriptor, platform: image.config, image };
  }

  async #child({ repository, place }: Located, descriptor: Descriptor): Promise<Located> {
    const fetched = await fetchManifest(
      repository,
      { digest: descriptor.digest },
      this.#name,
      this.#context.limits,
    );
    const actual = fetched.descriptor.size;
    if (actual !== descriptor.size) {
      throw new IntegrityError(
        `the size of manifest ${descriptor.digest}`,
        `${descriptor.size} bytes`,
        `${actual} bytes`,
      );
    }
    return { repository, place, ...fetched, descriptor };
  }

  async #image(located: Located): Promise<Image> {
    const { repository, document, descriptor } = located;
    if (isIndex(document))
      throw new FormatError(
        'manifest',
        0,
        `cannot open "${this.#name}": an index where a manifest should be`,
      );
    const manifest = document;
    this.#checkManifest(manifest);
    const rawConfig = await collect(fetchBlob(repository, manifest.config), manifest.config.size);
    const config = parseImageConfig(rawConfig, this.#context.limits);
    if (config.diffIds.length !== manifest.layers.length) {
      const counts = `${manifest.layers.length} layers and ${config.diffIds.length} diff_ids`;
      throw new FormatError('image config', 0, `cannot open "${this.#name}": it has ${counts}`);
    }
    const layers: Layer[] = [];
    for (const [index, diffId] of config.diffIds.entries()) {
      const layer = manifest.layers[index];
      if (layer !== undefined) layers.push(await this.#layer(located, layer, diffId));
    }
    return {
      descriptor,
      manifest,
      config,
      rawConfig,
      configDigest: manifest.config.digest,
      layers,
      names: [this.#name],
    };
  }

  async #layer(
    { repository, place }: Pick<Located, 'repository' | 'place'>,
    descriptor: Descriptor,
    diffId: Layer['diffId'],
  ): Promise<Layer> {
    const { cached, lazily } = this.#options;
    const pulled: Layer = { descriptor, diffId, open: () => fetchBlob(repository, descriptor) };
    const layer = cached === undefined ? pulled : await cached(pulled);
    const isHere = layer.access !== undefined || layer.openTable !== undefined;
    if (isHere || lazily === undefined) return layer;
    return lazily(layer, descriptor, { reference: this.#reference, name: place, repository });
  }

  #checkManifest({ config, layers }: ImageManifest): void {
    const { limits } = this.#context;
    // A Helm chart or a signature is a manifest too, and has a config of its own type.
    if (!CONFIG_TYPES.has(config.mediaType)) {
      throw new ImageError(
        `cannot open "${this.#name}": it is not a container image (its config is ${config.mediaType.slice(0, 100)})`,
      );
    }
    checkLimit(limits, 'configBytes', config.size, `the config of "${this.#name}"`);
    checkLimit(limits, 'layers', layers.length, `the layers of "${this.#name}"`);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks, size);
}
