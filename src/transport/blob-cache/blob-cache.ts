import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, TransportError } from '../../errors.ts';
import type { Layer } from '../../image/image.ts';
import { storedLayer } from '../../image/stored-layer.ts';
import { isAlive } from '../../io/atomic-file.ts';
import { FileAccess } from '../../io/random-access.ts';
import { verified } from '../../io/verify.ts';
import { algorithmOf, type Digest, Digester, encodedOf, parseDigest } from '../../oci/digest.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One blob of the cache. */
export interface CachedBlob {
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly usedAt: Date;
}

/** What of the cache may go. */
export interface PruneOptions {
  /** What all blobs together may have afterwards. */
  readonly maxBytes?: number | undefined;
  /** Blobs last used before go. */
  readonly unusedSince?: Date | undefined;
}

/** What went, and what is left. */
export interface PrunedBlobs {
  readonly removed: readonly CachedBlob[];
  /** Temporary files of killed runs. */
  readonly leftovers: number;
  readonly keptBytes: number;
}

export interface BlobCacheOptions {
  /** Absent: `oslim` in the XDG cache directory. */
  readonly directory?: string;
  /** What all blobs together may have; the least recently used go first. */
  readonly maxBytes?: number;
  readonly env?: Environment;
}

const DEFAULT_MAX_BYTES = 10 * 2 ** 30;
/** A file that a run is still writing is younger than this, whatever became of its process. */
const ABANDONED_MS = 24 * 3600 * 1000;
const READ_BYTES = 1 << 20;

/** Returns the cache's directory by the XDG Base Directory Specification. */
export function cacheDirectory(env: Environment): string {
  const base = env.XDG_CACHE_HOME;
  // The specification: a path that is not absolute is to be ignored.
  return join(base?.startsWith('/') ? base : join(env.HOME ?? homedir(), '.cache'), 'oslim');
}

/**
 * BlobCache keeps pulled blobs in a directory laid out as an OCI image layout's `blobs/`. Any number of
 * processes may use one directory: a blob appears by a rename, whole; it is verified before it is used; one
 * that somebody removes meanwhile is as good as never there. A cache that cannot be written to (full disk,
 * read-only) is passed by. `close` ends the files it opened.
 */
export class BlobCache {
  readonly directory: string;
  readonly #maxBytes: number;
  readonly #open = new Set<FileAccess>();
  #prepared: Promise<boolean> | undefined;

  constructor(options: BlobCacheOptions = {}) {
    this.directory = options.directory ?? cacheDirectory(options.env ?? process.env);
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /**
   * Returns the layer as it lies in the cache, verified; else the same layer, which enters the cache as it is
   * read.
   */
  async cached(layer: Layer): Promise<Layer> {
    const { digest, size } = layer.descriptor;
    if (digest === undefined || size > this.#maxBytes) return layer;
    const held = await this.#held(layer, digest, size);
    return held ?? { ...layer, open: () => this.#pulled(layer, digest, size) };
  }

  async #held(layer: Layer, digest: Digest, size: number): Promise<Layer | undefined> {
    const access = await this.#find(digest, size);
    if (access === undefined) return undefined;
    return storedLayer(layer.descriptor, layer.diffId, access, `blob ${digest} of the cache`);
  }

  /** Looks again: another image of the same index, or another run, may have pulled it since it was asked for. */
  async *#pulled(layer: Layer, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const held = await this.#held(layer, digest, size);
    yield* held?.open() ?? this.#teed(layer, digest, size);
  }

  /** Returns what is in the cache, the least recently used first. */
  async list(): Promise<readonly CachedBlob[]> {
    const blobs: CachedBlob[] = [];
    for (const algorithm of ['sha256', 'sha512'] as const) {
      for (const name of await namesIn(join(this.directory, 'blobs', algorithm))) {
        const found = await statOrNone(join(this.directory, 'blobs', algorithm, name));
        const digest = digestFrom(`${algorithm}:${name}`);
        if (found !== undefined && digest !== undefined)
          blobs.push({ digest, size: found.size, usedAt: found.mtime });
      }
    }
    return blobs.sort((a, b) => a.usedAt.getTime() - b.usedAt.getTime() || (a.digest < b.digest ? -1 : 1));
  }

  /**
   * Removes blobs that were last used before `unusedSince`, then the least recently used until `maxBytes` are left
   * (with neither, all), and what killed runs left behind. A run that is reading a blob reads on: it has it open. Throws
   * TransportError.
   */
  async prune({ maxBytes, unusedSince }: PruneOptions = {}): Promise<PrunedBlobs> {
    const leftovers = await this.#removeAbandoned();
    const limit = maxBytes ?? (unusedSince === undefined ? 0 : Number.POSITIVE_INFINITY);
    const blobs = await this.list();
    const removed: CachedBlob[] = [];
    let total = blobs.reduce((sum, { size }) => sum + size, 0);
    for (const blob of blobs) {
      if (total <= limit && !(unusedSince !== undefined && blob.usedAt < unusedSince)) break;
      await this.#remove(blob.digest);
      total -= blob.size;
      removed.push(blob);
    }
    return { removed, leftovers, keptBytes: total };
  }

  async close(): Promise<void> {
    for (const access of this.#open) access.close();
    this.#open.clear();
  }

  #pathOf(digest: Digest): string {
    return join(this.directory, 'blobs', algorithmOf(digest), encodedOf(digest));
  }

  /** Opens a blob and reads it through once: what is verified and what is used is one open file. */
  async #find(digest: Digest, size: number): Promise<FileAccess | undefined> {
    const path = this.#pathOf(digest);
    if ((await statOrNone(path)) === undefined) return undefined;
    const access = openOrNone(path);
    if (access === undefined) return undefined;
    if (access.size === size && (await digestOfAccess(access, algorithmOf(digest))) === digest) {
      this.#open.add(access);
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined); // Only the order of eviction suffers.
      return access;
    }
    access.close();
    await this.#remove(digest);
    return undefined;
  }

  /** Passes a layer through and keeps what passes, once it has proved to be whole and right. */
  async *#teed(layer: Layer, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const temporary = (await this.#prepare()) ? await this.#createTemporary() : undefined;
    try {
      let isKept = temporary !== undefined;
      for await (const chunk of verified(layer.open(), { digest, size }, `blob ${digest}`)) {
        if (isKept && temporary !== undefined) isKept = await writeOrGiveUp(temporary.handle, chunk);
        yield chunk;
      }
      if (isKept && temporary !== undefined) await this.#publish(temporary, digest);
    } finally {
      await temporary?.handle.close().catch(() => undefined); // It may be closed already.
      if (temporary !== undefined) await rm(temporary.path, { force: true });
    }
  }

  async #publish(temporary: Temporary, digest: Digest): Promise<void> {
    try {
      await temporary.handle.sync();
      await temporary.handle.close();
      await rename(temporary.path, this.#pathOf(digest));
    } catch {
      // A full disk, or somebody removed the temporary file: the next run pulls the blob again.
      return;
    }
    await this.#evict();
  }

  async #evict(): Promise<void> {
    const blobs = await this.list();
    let total = blobs.reduce((sum, { size }) => sum + size, 0);
    for (const { digest, size } of blobs) {
      if (total <= this.#maxBytes) return;
      await this.#remove(digest);
      total -= size;
    }
  }

  async #remove(digest: Digest): Promise<void> {
    try {
      await rm(this.#pathOf(digest), { force: true });
    } catch (error) {
      throw new TransportError('source', `cannot remove "${this.#pathOf(digest)}": ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Makes the directories once; false when the cache cannot be written to. */
  #prepare(): Promise<boolean> {
    this.#prepared ??= this.#makeDirectories().then(
      () => true,
      () => false,
    );
    return this.#prepared;
  }

  async #makeDirectories(): Promise<void> {
    for (const name of ['blobs/sha256', 'blobs/sha512', 'ingest']) {
      await mkdir(join(this.directory, name), { recursive: true, mode: 0o700 });
    }
    await writeFile(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await this.#removeAbandoned();
  }

  async #createTemporary(): Promise<Temporary | undefined> {
    const path = join(this.directory, 'ingest', `${process.pid}-${randomBytes(8).toString('hex')}`);
    try {
      return { path, handle: await open(path, 'wx', 0o600) };
    } catch {
      return undefined; // A cache that cannot be written to is passed by.
    }
  }

  /**
   * Removes the temporary files of processes that are gone, or so old that they must be (another host may
   * share the directory).
   */
  async #removeAbandoned(): Promise<number> {
    const folder = join(this.directory, 'ingest');
    let count = 0;
    for (const name of await namesIn(folder)) {
      const found = await statOrNone(join(folder, name));
      const isOld = found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
      if (!isOld && isAlive(Number.parseInt(name, 10))) continue;
      await rm(join(folder, name), { force: true });
      count += 1;
    }
    return count;
  }
}

interface Temporary {
  readonly path: string;
  readonly handle: FileHandle;
}

async function writeOrGiveUp(handle: FileHandle, chunk: Uint8Array): Promise<boolean> {
  try {
    await handle.writev([chunk]);
    return true;
  } catch {
    return false; // A full disk costs the cache, not the run.
  }
}

async function digestOfAccess(access: FileAccess, algorithm: 'sha256' | 'sha512'): Promise<Digest> {
  const digester = new Digester(algorithm);
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
    return undefined; // Evicted by another run, or not ours to read: as good as never there.
  }
}

async function statOrNone(path: string): Promise<{ size: number; mtime: Date; mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined; // Evicted by another run between two looks.
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return []; // No cache yet.
  }
}

function digestFrom(text: string): Digest | undefined {
  try {
    return parseDigest(text);
  } catch {
    return undefined; // A file that somebody else put there.
  }
}
