import type { Digest } from '../oci/digest.ts';

/** Download is what of an image came over the network. */
export interface Download {
  /** Bytes of all bodies of a registry's answers. */
  readonly bytes: number;
  readonly layers: number;
  /** Layers of which only parts were fetched. */
  readonly lazyLayers: number;
  /** Bytes of all layers as stored. */
  readonly layerBytes: number;
}

/** Transfer counts what comes from the registry that an image is read from. */
export class Transfer {
  /** Layers that are read by their tables of contents. */
  readonly lazyLayers = new Set<Digest>();
  #bytes = 0;
  #failure: Error | undefined;

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Notes that something could not be fetched, or not trusted. */
  failed(error: Error): void {
    this.#failure ??= error;
  }

  /** Throws what was noted first: who reads a file of an image may well pass over one that is damaged. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Returns the bytes that came since it was asked last. */
  takeBytes(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }
}
