import type { RandomAccess } from '../../io/random-access.ts';
import type { LayerFile } from './layer-file.ts';
import { holderOf, joined, type Stretch } from './stretches.ts';

/** Contents of a layer that can be read whole, with what that takes, such as a temporary file. */
export interface WholeContent extends RandomAccess {
  close(): void;
}

/** KnownContent is a layer of which the cache holds what runs before this one have read; for more it reads the layer itself. */
export class KnownContent implements RandomAccess {
  readonly size: number;
  readonly #file: LayerFile;
  readonly #readWhole: () => WholeContent;
  readonly #missed: Stretch[] = [];
  #whole: WholeContent | undefined;

  constructor(file: LayerFile, readWhole: () => WholeContent) {
    this.size = file.size;
    this.#file = file;
    this.#readWhole = readWhole;
  }

  read(offset: number, length: number): Uint8Array {
    const stretch = holderOf(this.#file.stretches, offset, offset + length);
    if (stretch !== undefined) return this.#file.read(stretch, offset, length);
    this.#whole ??= this.#readWhole();
    this.#missed.push({ begin: offset, end: offset + length });
    return this.#whole.read(offset, length);
  }

  /** What the cache holds and what it should have held; undefined when nothing was missed. */
  wanted(): readonly Stretch[] | undefined {
    return this.#missed.length === 0 ? undefined : joined([...this.#file.stretches, ...this.#missed]);
  }

  close(): void {
    this.#whole?.close();
  }
}
