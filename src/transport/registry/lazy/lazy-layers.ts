import type { Worker } from 'node:worker_threads';
import { UnsupportedError } from '../../../errors.ts';
import type { Layer } from '../../../image/image.ts';
import { tocLocation } from '../../../image/toc/toc-location.ts';
import { DEFAULT_LIMITS } from '../../../io/limits.ts';
import type { Descriptor } from '../../../oci/descriptor.ts';
import type { IndexedTar } from '../../../tar/indexed-tar.ts';
import type { RegistryOptions } from '../registry-context.ts';
import type { PulledPlace } from '../registry-source.ts';
import type { SerializableOptions, ThreadData } from './frame-request.ts';
import { FrameThread } from './frame-thread.ts';
import { LazyContent } from './lazy-content.ts';
import { type LoadedTable, loadTable } from './load-table.ts';

export interface LazyLayersOptions {
  /** As the source has them: a thread reaches the registry in the same way. */
  readonly registry: RegistryOptions;
  /** Is told why a layer is read as a whole. */
  readonly onWhole: (descriptor: Descriptor, reason: string) => void;
  /** Is told of parts that could not be fetched or trusted; whoever reads them gets the same error. */
  readonly onFailure: (error: Error) => void;
  /** Is told of each layer that is read by its table. */
  readonly onLazy: (descriptor: Descriptor) => void;
  /** Absent: the thread of the built package. */
  readonly startWorker?: (data: ThreadData) => Worker;
}

/** LazyLayers lets layers of a registry be read by their tables of contents. `close` ends what was opened for that. */
export class LazyLayers {
  readonly #options: LazyLayersOptions;
  /** By the place that it fetches from. */
  readonly #threads = new Map<string, Promise<FrameThread>>();

  constructor(options: LazyLayersOptions) {
    this.#options = options;
  }

  /** Returns the layer with `openTable`, where its manifest vouches for a table; else the layer itself. Throws FormatError. */
  lazily(layer: Layer, descriptor: Descriptor, place: PulledPlace): Layer {
    const location = tocLocation(descriptor);
    if (location === undefined) {
      this.#options.onWhole(descriptor, 'its manifest tells of no table of contents');
      return layer;
    }
    const { limits = DEFAULT_LIMITS } = this.#options.registry;
    return {
      ...layer,
      openTable: async () => {
        const loading = loadTable(place.repository, descriptor, location, limits);
        const table = await loading.catch((error: unknown) => {
          if (!(error instanceof UnsupportedError)) throw error;
          this.#options.onWhole(descriptor, error.message);
          return undefined;
        });
        return table === undefined ? undefined : await this.#open(table, descriptor, place);
      },
    };
  }

  async close(): Promise<void> {
    for (const thread of this.#threads.values()) await (await thread).close();
    this.#threads.clear();
  }

  async #open(table: LoadedTable, descriptor: Descriptor, place: PulledPlace): Promise<IndexedTar> {
    this.#options.onLazy(descriptor);
    const content = new LazyContent(table, descriptor, await this.#threadFor(place));
    // What the contents are kept in is the thread's, and shared.
    return { members: table.members, content, size: table.size, close: () => undefined };
  }

  #threadFor(place: PulledPlace): Promise<FrameThread> {
    const known = this.#threads.get(place.name) ?? this.#start(place);
    this.#threads.set(place.name, known);
    return known;
  }

  async #start({ name, reference, repository }: PulledPlace): Promise<FrameThread> {
    const { registry, startWorker, onFailure } = this.#options;
    return new FrameThread({
      setup: {
        reference,
        place: name,
        credential: await repository.address.findCredential(),
        registry: serializable(registry),
      },
      signal: registry.signal,
      onFailure,
      ...(registry.onReceived === undefined ? {} : { onReceived: registry.onReceived }),
      ...(startWorker === undefined ? {} : { startWorker }),
    });
  }
}

function serializable(options: RegistryOptions): SerializableOptions {
  const { insecure, env, certificateDirectories, rules, network, limits } = options;
  return {
    ...(insecure === undefined ? {} : { insecure }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(certificateDirectories === undefined ? {} : { certificateDirectories }),
    ...(rules === undefined ? {} : { rules }),
    ...(network === undefined ? {} : { network }),
    ...(limits === undefined ? {} : { limits }),
  };
}
