import { FormatError } from '../../errors.ts';
import type { CacheDraft, CacheFolder } from '../../io/cache-folder.ts';
import { FileAccess, type RandomAccess } from '../../io/random-access.ts';
import type { Digest } from '../../oci/digest.ts';
import { type HeaderBatch, LayerFile, LayerFileWriter } from './layer-file.ts';
import type { Stretch } from './stretches.ts';

/** A layer of the cache, open until `close`. */
export interface KnownLayer {
  readonly file: LayerFile;
  close(): void;
}

/**
 * LayerCache remembers of layers, by diffID, their headers and what of their contents was read: enough to slim the next
 * image on the same base without inflating the base again. What is in it was verified when it was read.
 */
export class LayerCache {
  readonly #folder: CacheFolder;

  constructor(folder: CacheFolder) {
    this.#folder = folder;
  }

  /** Is something known of the layer? It may turn out to be damaged when it is opened. */
  has(diffId: Digest): boolean {
    const access = openOrNone(this.#folder.pathOf('layers', diffId));
    access?.close();
    return access !== undefined;
  }

  /** Opens what is known of a layer; undefined when nothing is. */
  async open(diffId: Digest): Promise<KnownLayer | undefined> {
    const access = openOrNone(this.#folder.pathOf('layers', diffId));
    if (access === undefined) return undefined;
    try {
      const file = new LayerFile(access);
      await this.#folder.touch('layers', diffId);
      return { file, close: () => access.close() };
    } catch (error) {
      access.close();
      if (!(error instanceof FormatError)) throw error;
      await this.#folder.remove('layers', diffId);
      return undefined;
    }
  }

  /** Begins to remember a layer; undefined when the cache cannot be written to. */
  async record(diffId: Digest): Promise<LayerRecord | undefined> {
    const draft = await this.#folder.draft();
    return draft === undefined ? undefined : new LayerRecord(this.#folder, draft, diffId);
  }
}

/** LayerRecord is a layer on its way into the cache; it ends with `keep` or `drop`. A full disk costs the record, not the run. */
export class LayerRecord {
  readonly #folder: CacheFolder;
  readonly #draft: CacheDraft;
  readonly #diffId: Digest;
  readonly #writer: LayerFileWriter;
  #isSound = true;

  constructor(folder: CacheFolder, draft: CacheDraft, diffId: Digest) {
    this.#folder = folder;
    this.#draft = draft;
    this.#diffId = diffId;
    this.#writer = new LayerFileWriter(draft.handle.fd);
  }

  add(batch: HeaderBatch): void {
    this.#attempt(() => this.#writer.add(batch));
  }

  /** Makes the layer known, with these stretches of its tar. */
  async keep(size: number, stretches: readonly Stretch[], content: RandomAccess): Promise<void> {
    this.#attempt(() => this.#writer.finish(size, stretches, content));
    if (this.#isSound) await this.#folder.publish(this.#draft, 'layers', this.#diffId);
    await this.drop();
  }

  async drop(): Promise<void> {
    this.#isSound = false;
    await this.#folder.discard(this.#draft);
  }

  #attempt(step: () => void): void {
    if (!this.#isSound) return;
    try {
      step();
    } catch {
      this.#isSound = false;
    }
  }
}

function openOrNone(path: string): FileAccess | undefined {
  try {
    return new FileAccess(path);
  } catch {
    return undefined; // Not there, or evicted by another run.
  }
}
