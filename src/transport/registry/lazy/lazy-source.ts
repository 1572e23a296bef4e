import type { Image, ImageQuery, ImageSet, ImageSource } from '../../../image/image.ts';
import type { Reference } from '../../../oci/reference.ts';
import { RegistrySource, type RegistrySourceOptions } from '../registry-source.ts';
import { LazyLayers, type LazyLayersOptions } from './lazy-layers.ts';

/** LazySource is a RegistrySource whose layers are read by their tables of contents, where their manifests vouch for one. */
export class LazySource implements ImageSource {
  readonly #layers: LazyLayers;
  readonly #source: RegistrySource;

  constructor(
    reference: Reference,
    registry: Omit<RegistrySourceOptions, 'lazily'>,
    options: Omit<LazyLayersOptions, 'registry'>,
  ) {
    const layers = new LazyLayers({ ...options, registry });
    this.#layers = layers;
    this.#source = new RegistrySource(reference, {
      ...registry,
      lazily: (layer, descriptor, place) => layers.lazily(layer, descriptor, place),
    });
  }

  open(query: ImageQuery): Promise<Image> {
    return this.#source.open(query);
  }

  openAll(): Promise<ImageSet> {
    return this.#source.openAll();
  }

  async close(): Promise<void> {
    await this.#layers.close();
    await this.#source.close();
  }
}
