import { ImageError, OslimError, TransportError } from '../../errors.ts';
import {
  type Image,
  type ImageQuery,
  type ImageSet,
  type ImageSink,
  type ImageSource,
  type OutputImage,
  openAllImages,
} from '../../image/image.ts';
import type { Limits } from '../../io/limits.ts';
import { archiveStream, checkArchiveLayers } from '../archive-sink.ts';
import { openArchiveStream } from '../archive-source.ts';
import { type EngineAddress, findEngine } from './engine-address.ts';
import { EngineClient } from './engine-client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface EngineOptions {
  readonly env?: Environment;
  readonly limits?: Limits;
}

const PROBE_TIMEOUT_MS = 2000;

/**
 * Has a local engine an image of that name? No engine, one that does not answer, one that we cannot use: no,
 * without a word.
 */
export async function engineHas(name: string, options: EngineOptions = {}): Promise<boolean> {
  let client: EngineClient | undefined;
  try {
    const address = findEngine(options.env ?? process.env);
    if (address === undefined) return false;
    client = new EngineClient(address);
    return await client.has(name, AbortSignal.timeout(PROBE_TIMEOUT_MS));
  } catch {
    return false; // A bare name is looked for in engines by the way; the registry is next.
  } finally {
    await client?.close();
  }
}

/** EngineSource reads an image that a Docker or podman engine holds, through a spool. */
export class EngineSource implements ImageSource {
  readonly #name: string;
  readonly #client: EngineClient;
  readonly #limits: Limits | undefined;
  #archive: Promise<ImageSource> | undefined;

  /**
   * `name` is a reference or an ID, as the engine understands it. Throws TransportError when there is no
   * engine.
   */
  constructor(name: string, options: EngineOptions = {}) {
    this.#name = name;
    this.#client = new EngineClient(requireEngine('source', options.env ?? process.env));
    this.#limits = options.limits;
  }

  /** Throws ImageError (no such image, no such platform), TransportError and what a broken archive throws. */
  async open(query: ImageQuery): Promise<Image> {
    const { reference: _, ...rest } = query;
    return (await this.#exported()).open(rest);
  }

  /** An engine with containerd's image store can hold several platforms; throws as `open` does. */
  async openAll(query: ImageQuery): Promise<ImageSet> {
    const { reference: _, ...rest } = query;
    return openAllImages(await this.#exported(), rest);
  }

  #exported(): Promise<ImageSource> {
    this.#archive ??= this.#export();
    return this.#archive;
  }

  /** Asks first: Docker before 25 answers the export of an unknown image as a failure of its own. */
  async #export(): Promise<ImageSource> {
    const label = `docker-daemon:${this.#name}`;
    if (!(await this.#client.has(this.#name))) {
      throw new ImageError(`cannot read "${label}": the engine at ${this.#client.label} has no such image`);
    }
    return openArchiveStream(this.#client.exportImage(this.#name), label, 'archive', this.#limits);
  }

  async close(): Promise<void> {
    await this.#archive?.then((archive) => archive.close()).catch(ignoreReported);
    await this.#client.close();
  }
}

/** Returns the sink that loads images into the local engine (`--load`). */
export function engineSink(options: EngineOptions = {}): ImageSink {
  return {
    async write(image: OutputImage, name: string): Promise<void> {
      const layerTypes = image.layers.map(({ descriptor }) => descriptor.mediaType);
      checkArchiveLayers('loadable', layerTypes);
      const client = new EngineClient(requireEngine('destination', options.env ?? process.env));
      try {
        await client.loadImage(archiveStream(image, { name }, 'loadable'));
      } finally {
        await client.close();
      }
    },
  };
}

function requireEngine(side: 'source' | 'destination', env: Environment): EngineAddress {
  const address = findEngine(env);
  if (address !== undefined) return address;
  throw new TransportError(side, 'cannot find a Docker or podman engine: there is no socket', {
    advice: 'set DOCKER_HOST',
  });
}

/** `open` has thrown it already. */
function ignoreReported(error: unknown): void {
  if (!(error instanceof OslimError)) throw error;
}
