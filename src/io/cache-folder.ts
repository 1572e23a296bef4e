import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, TransportError } from '../errors.ts';
import { isAlive } from './atomic-file.ts';

/** `blobs`: pulled blobs, by their digest. `layers`: what is known of layers, by their diffID. */
export type CacheKind = 'blobs' | 'layers';

/** One file of the cache. */
export interface CachedFile {
  readonly kind: CacheKind;
  /** `algorithm:hex`. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly usedAt: Date;
}

/** What of the cache may go. */
export interface PruneOptions {
  /** What all files together may have afterwards. */
  readonly maxBytes?: number | undefined;
  /** Files last used before go. */
  readonly unusedSince?: Date | undefined;
}

/** What went, and what is left. */
export interface PrunedFiles {
  readonly removed: readonly CachedFile[];
  /** Temporary files of killed runs. */
  readonly leftovers: number;
  readonly keptBytes: number;
}

/** A file that is being written; nobody else sees it before it is published. */
export interface CacheDraft {
  readonly path: string;
  readonly handle: FileHandle;
}

type Environment = Readonly<Record<string, string | undefined>>;

const KINDS: readonly CacheKind[] = ['blobs', 'layers'];
const ALGORITHMS = ['sha256', 'sha512'] as const;
const ENCODED = { sha256: /^[0-9a-f]{64}$/, sha512: /^[0-9a-f]{128}$/ } as const;
const DEFAULT_MAX_BYTES = 10 * 2 ** 30;
/** A file that a run is still writing is younger than this, whatever became of its process. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Returns the cache's directory by the XDG Base Directory Specification. */
export function cacheDirectory(env: Environment): string {
  const base = env.XDG_CACHE_HOME;
  // The specification: a path that is not absolute is to be ignored.
  return join(base?.startsWith('/') ? base : join(env.HOME ?? homedir(), '.cache'), 'oslim');
}

/**
 * CacheFolder keeps files by digest in a directory whose `blobs/` is laid out as that of an OCI image layout. Any number of
 * processes may use one directory: a file appears by a rename, whole; one that somebody removes meanwhile is as good
 * as never there. A cache that cannot be written to (full disk, read-only) is passed by. Whoever reads a file verifies it.
 */
export class CacheFolder {
  readonly directory: string;
  readonly maxBytes: number;
  #prepared: Promise<boolean> | undefined;

  constructor(directory = cacheDirectory(process.env), maxBytes = DEFAULT_MAX_BYTES) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  pathOf(kind: CacheKind, digest: string): string {
    return join(this.directory, kind, ...digest.split(':'));
  }

  /** Returns what is in the cache, the least recently used first. */
  async list(): Promise<readonly CachedFile[]> {
    const files: CachedFile[] = [];
    for (const kind of KINDS) {
      for (const algorithm of ALGORITHMS) {
        for (const name of await namesIn(join(this.directory, kind, algorithm))) {
          const found = await statOrNone(join(this.directory, kind, algorithm, name));
          // A file that somebody else put there is not ours to remove.
          if (found === undefined || !ENCODED[algorithm].test(name)) continue;
          files.push({ kind, digest: `${algorithm}:${name}`, size: found.size, usedAt: found.mtime });
        }
      }
    }
    return files.sort((a, b) => a.usedAt.getTime() - b.usedAt.getTime() || (a.digest < b.digest ? -1 : 1));
  }

  /**
   * Removes files that were last used before `unusedSince`, then the least recently used until `maxBytes` are left
   * (with neither, all), and what killed runs left behind. A run that is reading a file reads on: it has it open. Throws
   * TransportError.
   */
  async prune({ maxBytes, unusedSince }: PruneOptions = {}): Promise<PrunedFiles> {
    const leftovers = await this.#removeAbandoned();
    const limit = maxBytes ?? (unusedSince === undefined ? 0 : Number.POSITIVE_INFINITY);
    const isOver = (total: number, { usedAt }: CachedFile): boolean =>
      total > limit || (unusedSince !== undefined && usedAt < unusedSince);
    return { leftovers, ...(await this.#removeWhile(isOver)) };
  }

  /** Says that a file was used now. */
  async touch(kind: CacheKind, digest: string): Promise<void> {
    const now = new Date();
    await utimes(this.pathOf(kind, digest), now, now).catch(() => undefined); // Only the order of eviction suffers.
  }

  async remove(kind: CacheKind, digest: string): Promise<void> {
    const path = this.pathOf(kind, digest);
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw new TransportError('source', `cannot remove "${path}": ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Begins a file; undefined when the cache cannot be written to. */
  async draft(): Promise<CacheDraft | undefined> {
    this.#prepared ??= this.#makeDirectories().then(
      () => true,
      () => false,
    );
    if (!(await this.#prepared)) return undefined;
    const path = join(this.directory, 'ingest', `${process.pid}-${randomBytes(8).toString('hex')}`);
    try {
      return { path, handle: await open(path, 'wx+', 0o600) };
    } catch {
      return undefined; // A cache that cannot be written to is passed by.
    }
  }

  /** Makes a draft visible, and room for it. */
  async publish({ path, handle }: CacheDraft, kind: CacheKind, digest: string): Promise<void> {
    try {
      await handle.sync();
      await handle.close();
      await rename(path, this.pathOf(kind, digest));
    } catch {
      // A full disk, or somebody removed the draft: the next run makes it again.
      return;
    }
    await this.#removeWhile((total) => total > this.maxBytes);
  }

  /** Ends a draft, published or not. */
  async discard({ path, handle }: CacheDraft): Promise<void> {
    await handle.close().catch(() => undefined); // It may be closed already.
    await rm(path, { force: true });
  }

  /** Removes the least recently used file as long as `isOver` says so of what all together have, and of it. */
  async #removeWhile(
    isOver: (total: number, file: CachedFile) => boolean,
  ): Promise<Pick<PrunedFiles, 'removed' | 'keptBytes'>> {
    const files = await this.list();
    const removed: CachedFile[] = [];
    let keptBytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const file of files) {
      if (!isOver(keptBytes, file)) break;
      await this.remove(file.kind, file.digest);
      keptBytes -= file.size;
      removed.push(file);
    }
    return { removed, keptBytes };
  }

  async #makeDirectories(): Promise<void> {
    for (const name of [...KINDS.flatMap((kind) => ALGORITHMS.map((one) => `${kind}/${one}`)), 'ingest']) {
      await mkdir(join(this.directory, name), { recursive: true, mode: 0o700 });
    }
    await writeFile(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await this.#removeAbandoned();
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
