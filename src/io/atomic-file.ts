import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { reasonOf, TransportError } from '../errors.ts';

/** Temporary files of this process that must not outlive it. */
const unfinished = new Set<string>();
let isExitHooked = false;

/**
 * AtomicFile is a file that appears under its name only when it is whole: it is written under another name in the
 * same directory, and `commit` syncs and renames it. `abort` (or the end of the process) removes it. A process that
 * is killed leaves it behind; the next AtomicFile of the same destination takes it away. Throws TransportError.
 */
export class AtomicFile {
  readonly destination: string;
  /** Where the bytes are until `commit`. */
  readonly temporary: string;
  /** `destination` behind links. */
  readonly #target: string;
  readonly #fd: number;
  #isOpen = true;

  constructor(destination: string) {
    this.destination = destination;
    const target = targetOf(destination);
    this.#target = target;
    const prefix = temporaryPrefix(target);
    this.temporary = join(dirname(target), `${prefix}${process.pid}-${randomBytes(9).toString('hex')}.tmp`);
    this.#fd = attempt(destination, () => {
      removeLeftovers(dirname(target), prefix);
      // "x" is O_EXCL: neither an existing file nor a link that somebody put there is followed.
      return openSync(this.temporary, 'wx+', 0o666);
    });
    unfinished.add(this.temporary);
    if (isExitHooked) return;
    isExitHooked = true;
    process.on('exit', removeUnfinished);
  }

  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): void {
    attempt(this.destination, () => writeFully(this.#fd, bytes));
  }

  /** Makes the file visible under its name, replacing what was there; both are on the disk when it returns. */
  commit(): void {
    try {
      attempt(this.destination, () => {
        fsyncSync(this.#fd);
        renameSync(this.temporary, this.#target);
      });
      unfinished.delete(this.temporary);
      syncDirectory(dirname(this.#target));
    } finally {
      this.abort();
    }
  }

  /** Removes what was written unless it was committed; may be called at any time and more than once. */
  abort(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
    if (unfinished.delete(this.temporary)) rmSync(this.temporary, { force: true });
  }
}

/** Does `destination` (a character device, a fifo, an open descriptor) take bytes only in place? */
export function isWrittenInPlace(destination: string): boolean {
  if (/^\/dev\/(?:stdout|stderr|fd\/\d+)$|^\/proc\/self\/fd\/\d+$/.test(destination)) return true;
  const stat = statSync(destination, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isCharacterDevice() || stat.isFIFO() || stat.isBlockDevice());
}

/** Runs a step of writing; what the system says becomes a TransportError of the destination in plain words. */
export function attempt<T>(destination: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw destinationError(destination, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the filesystem is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOENT: 'its directory does not exist',
  EFBIG: 'the file is too large for the filesystem',
  EPIPE: 'the reader has gone away',
};

/** Returns the TransportError for a failure of writing to `destination`; what already is one stays as it is. */
export function destinationError(destination: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new TransportError(
    'destination',
    `cannot write "${destination}": ${REASONS[code] ?? reasonOf(error)}`,
    {
      cause: error,
      ...(code === 'EISDIR' ? { advice: `for an OCI image layout say oci:${destination}` } : {}),
    },
  );
}

/** Writes all of `bytes` to an open file: the system may take fewer at a time. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
}

/** Makes a rename in `directory` durable. */
export function syncDirectory(directory: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(directory, 'r');
    fsyncSync(fd);
  } catch {
    // Windows and some network filesystems cannot sync a directory; the file itself is synced and in place.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Returns the file that a destination means: behind links, so that a link to it stays a link. */
function targetOf(destination: string): string {
  return attempt(destination, () => {
    const path = resolve(destination);
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() || /[/\\]$/.test(destination))
      throw Object.assign(new Error('directory'), { code: 'EISDIR' });
    return isLink && stat !== undefined ? realpathSync(path) : path;
  });
}

/** A destination's name may have the full 255 bytes, so a digest stands for it. */
function temporaryPrefix(target: string): string {
  return `.oslim-${shortHash(basename(target))}-${processScope()}-`;
}

/** Names this host and pid namespace. A process id says something only on this host and in this pid namespace: a volume may be shared between containers. */
export function processScope(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has pid namespaces.
  }
  return shortHash(`${hostname()}\0${namespace}`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function removeLeftovers(directory: string, prefix: string): void {
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(prefix)
      ? /^(\d+)-[0-9a-f]+\.tmp$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

/** Is there a process of that id, in this pid namespace? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}
