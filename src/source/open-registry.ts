import type { ImageSource, Layer } from '../image/image.ts';
import { CacheFolder } from '../io/cache-folder.ts';
import type { Reference } from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { LayerCache } from '../rootfs/layer-cache/layer-cache.ts';
import type { BlobCache } from '../transport/blob-cache/blob-cache.ts';
import { registryOptions } from './registry-options.ts';

/** Opens an image in a registry. The client is loaded when it is needed: an archive is slimmed before it would be. */
export async function openRegistry(reference: Reference, options: ResolvedOptions): Promise<ImageSource> {
  const [{ RegistrySource }, { BlobCache }, common] = await Promise.all([
    import('../transport/registry/registry-source.ts'),
    import('../transport/blob-cache/blob-cache.ts'),
    registryOptions(options),
  ]);
  const folder = new CacheFolder();
  const registry = {
    ...common,
    ...(options.cache ? { cached: layerCacher(new BlobCache(folder), new LayerCache(folder)) } : {}),
  };
  if (!options.lazy) return new RegistrySource(reference, registry);
  const { LazySource } = await import('../transport/registry/lazy/lazy-source.ts');
  const { transfer, notices } = options;
  return new LazySource(
    reference,
    { ...registry, onReceived: (bytes) => transfer.received(bytes) },
    {
      onFailure: (error) => transfer.failed(error),
      onLazy: ({ digest }) => transfer.lazyLayers.add(digest),
      onWhole: ({ digest }, reason) => notices.add('LAZY', `layer ${digest} was fetched whole: ${reason}`),
    },
  );
}

/** A blob of which the layer cache knows what is in it need not be read through before it is used. */
function layerCacher(blobs: BlobCache, known: LayerCache): (layer: Layer) => Promise<Layer> {
  return (layer) => blobs.cached(layer, { isKnown: known.has(layer.diffId) });
}
