import { randomBytes } from 'node:crypto';
import { close, constants, openSync, unlinkSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError, reasonOf, TransportError } from '../errors.ts';
import { type RandomAccess, readFully } from './random-access.ts';

/** Up to here a spool stays in memory: most layers of most images are smaller, and an image may have a thousand. */
const MEMORY_BYTES = 128 << 10;
/** Bytes that may wait to be written before `append` makes the caller wait. */
const PENDING_BYTES = 4 << 20;

/**
 * Spool keeps bytes that come once and are wanted at random later: in memory while few, else in a temporary file
 * without a name, so that nothing outlives the process however it ends. Append, `finish`, then read; `close` it.
 */
export class Spool implements RandomAccess {
  size = 0;
  #memory: Uint8Array[] = [];
  #whole: Uint8Array | undefined;
  #fd: number | undefined;
  #pending = 0;
  #writes: Promise<void> = Promise.resolve();
  #failure: unknown;
  #isFinished = false;
  readonly #openFile: () => number;

  readonly #memoryBytes: number;

  /** `openFile` gives the descriptor of a file that is this spool's alone, wanted beyond `memoryBytes`. */
  constructor(openFile: () => number = openUnnamed, memoryBytes = MEMORY_BYTES) {
    this.#openFile = openFile;
    this.#memoryBytes = memoryBytes;
  }

  /** Takes `chunk`, which must not change afterwards. The promise, when there is one, is to be awaited before the next. */
  append(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#isFinished) throw new InternalError('a finished spool was written to');
    const offset = this.size;
    this.size += chunk.length;
    if (this.#fd === undefined && this.size <= this.#memoryBytes) {
      this.#memory.push(Uint8Array.from(chunk));
      return undefined;
    }
    if (this.#fd === undefined) this.#moveToFile(offset);
    this.#enqueue(chunk, offset);
    return this.#pending > PENDING_BYTES ? this.#writes.then(() => this.#check()) : undefined;
  }

  /** Passes over `chunk`, for whoever knows that it is not read: it takes no place in a file. */
  skip(chunk: Uint8Array): void {
    if (this.#fd === undefined) void this.append(chunk);
    else this.size += chunk.length;
  }

  /** Ends the writing: what was appended can be read from here on. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    await this.#writes;
    this.#check();
    if (this.#fd === undefined) this.#whole = Buffer.concat(this.#memory);
    this.#memory = [];
  }

  read(offset: number, length: number): Uint8Array {
    if (!this.#isFinished) throw new InternalError('a spool was read before it was finished');
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw new InternalError(`a spool of ${this.size} bytes was read at ${offset} for ${length} bytes`);
    }
    if (this.#whole !== undefined) return this.#whole.subarray(offset, offset + length);
    if (this.#fd === undefined) throw new InternalError('a closed spool was read');
    return readFully(this.#fd, offset, length, 'temporary file');
  }

  get file(): RandomAccess['file'] {
    return this.#isFinished && this.#fd !== undefined ? { fd: this.#fd, offset: 0 } : undefined;
  }

  /** Gives memory and disk back, once the writes under way are done; reading ends here. */
  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#memory = [];
    this.#whole = undefined;
    this.#isFinished = true;
    if (fd !== undefined) void this.#writes.then(() => close(fd));
  }

  #moveToFile(offset: number): void {
    this.#fd = this.#openFile();
    if (this.#memory.length > 0) this.#enqueue(Buffer.concat(this.#memory), 0);
    this.#memory = [];
    if (this.#pending !== offset) throw new InternalError('a spool lost count of its bytes');
  }

  #enqueue(chunk: Uint8Array, offset: number): void {
    const fd = this.#fd;
    if (fd === undefined) throw new InternalError('a spool has no file to write to');
    this.#pending += chunk.length;
    // Never rejects: a failure is kept for the next `append` or `finish` that is awaited.
    this.#writes = this.#writes
      .then(() => (this.#failure === undefined ? writeFully(fd, chunk, offset) : undefined))
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .then(() => {
        this.#pending -= chunk.length;
      });
  }

  #check(): void {
    if (this.#failure === undefined) return;
    throw new TransportError(
      'source',
      `cannot write temporary file in "${tmpdir()}": ${reasonOf(this.#failure)}`,
      {
        cause: this.#failure,
        advice:
          'set TMPDIR to a directory with more space: contents of layers are kept there while an image is read',
      },
    );
  }
}

/** Linux's O_TMPFILE (open(2)), which node:fs does not name: a file that never has a name. It holds O_DIRECTORY. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
/** What a filesystem (NFS, FUSE) or a kernel without O_TMPFILE says. */
const WITHOUT_TMPFILE = new Set(['EOPNOTSUPP', 'ENOTSUP', 'EISDIR', 'EINVAL', 'ENOENT']);

/** Opens a new file that only this process can reach, and that is gone with it, however it ends. */
export function openUnnamed(): number {
  try {
    return (process.platform === 'linux' ? openTemporary() : undefined) ?? openAndUnlink();
  } catch (error) {
    throw new TransportError('source', `cannot create temporary file in "${tmpdir()}": ${reasonOf(error)}`, {
      cause: error,
      advice: 'set TMPDIR to a directory that can be written to',
    });
  }
}

function openTemporary(): number | undefined {
  try {
    return openSync(tmpdir(), O_TMPFILE | constants.O_RDWR | constants.O_EXCL, 0o600);
  } catch (error) {
    if (WITHOUT_TMPFILE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** A process that is killed between the two steps leaves an empty file behind, which is why this is the second choice. */
function openAndUnlink(): number {
  const hostPath = join(tmpdir(), `oslim-${randomBytes(12).toString('hex')}`);
  const fd = openSync(hostPath, 'wx+', 0o600);
  unlinkSync(hostPath);
  return fd;
}

async function writeFully(fd: number, chunk: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += await new Promise<number>((resolve, reject) => {
      write(fd, chunk, done, chunk.length - done, offset + done, (error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  }
}
