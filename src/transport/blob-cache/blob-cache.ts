import type { FileHandle } from 'node:fs/promises';
import type { Layer } from '../../image/image.ts';
import { storedLayer } from '../../image/stored-layer.ts';
import type { CacheFolder } from '../../io/cache-folder.ts';
import { FileAccess } from '../../io/random-access.ts';
import { verified } from '../../io/verify.ts';
import { algorithmOf, type Digest, Digester } from '../../oci/digest.ts';

const READ_BYTES = 1 << 20;

/** BlobCache keeps pulled layers in the cache. A blob is verified before it is used. `close` ends the files it opened. */
export class BlobCache {
  readonly #folder: CacheFolder;
  readonly #open = new Set<FileAccess>();

  constructor(folder: CacheFolder) {
    this.#folder = folder;
  }

  /**
   * Returns the layer as it lies in the cache, verified; else the same layer, which enters the cache as it is
   * read. With `isKnown` somebody knows what is in the layer: its blob is verified only when it is read after all.
   */
  async cached(layer: Layer, { isKnown = false } = {}): Promise<Layer> {
    const { digest, size } = layer.descriptor;
    if (digest === undefined || size > this.#folder.maxBytes) return layer;
    const held = await this.#held(layer, digest, size, isKnown);
    return held ?? { ...layer, open: () => this.#pulled(layer, digest, size) };
  }

  async close(): Promise<void> {
    for (const access of this.#open) access.close();
    this.#open.clear();
  }

  async #held(layer: Layer, digest: Digest, size: number, isKnown = false): Promise<Layer | undefined> {
    const access = await this.#find(digest, size, isKnown);
    if (access === undefined) return undefined;
    return storedLayer(layer.descriptor, layer.diffId, access, `blob ${digest} of the cache`);
  }

  /** Looks again: another image of the same index, or another run, may have pulled it since it was asked for. */
  async *#pulled(layer: Layer, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const held = await this.#held(layer, digest, size);
    yield* held?.open() ?? this.#teed(layer, digest, size);
  }

  /** Opens a blob and reads it through once: what is verified and what is used is one open file. */
  async #find(digest: Digest, size: number, isKnown: boolean): Promise<FileAccess | undefined> {
    const access = openOrNone(this.#folder.pathOf('blobs', digest));
    if (access === undefined) return undefined;
    const isSound = access.size === size && (isKnown || (await digestOfAccess(access, digest)) === digest);
    if (isSound) {
      this.#open.add(access);
      await this.#folder.touch('blobs', digest);
      return access;
    }
    access.close();
    await this.#folder.remove('blobs', digest);
    return undefined;
  }

  /** Passes a layer through and keeps what passes, once it has proved to be whole and right. */
  async *#teed(layer: Layer, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const draft = await this.#folder.draft();
    try {
      let isKept = draft !== undefined;
      for await (const chunk of verified(layer.open(), { digest, size }, `blob ${digest}`)) {
        if (isKept && draft !== undefined) isKept = await writeOrGiveUp(draft.handle, chunk);
        yield chunk;
      }
      if (isKept && draft !== undefined) await this.#folder.publish(draft, 'blobs', digest);
    } finally {
      if (draft !== undefined) await this.#folder.discard(draft);
    }
  }
}

async function writeOrGiveUp(handle: FileHandle, chunk: Uint8Array): Promise<boolean> {
  try {
    await handle.writev([chunk]);
    return true;
  } catch {
    return false; // A full disk costs the cache, not the run.
  }
}

async function digestOfAccess(access: FileAccess, expected: Digest): Promise<Digest> {
  const digester = new Digester(algorithmOf(expected));
  for (let at = 0; at < access.size; at += READ_BYTES) {
    digester.update(access.read(at, Math.min(READ_BYTES, access.size - at)));
    // Other transfers go on while a large blob is read.
    await new Promise(setImmediate);
  }
  return digester.digest();
}

function openOrNone(path: string): FileAccess | undefined {
  try {
    return new FileAccess(path);
  } catch {
    return undefined; // Not there, evicted by another run, or not ours to read: as good as never there.
  }
}
