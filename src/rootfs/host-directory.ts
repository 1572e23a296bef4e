import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { reasonOf, TransportError } from '../errors.ts';
import type { Limits } from '../io/limits.ts';
import { type RandomAccess, readFully } from '../io/random-access.ts';
import { decodeName, encodeName } from '../tar/name.ts';
import type { Warnings } from '../warnings.ts';
import type { DirectoryInode, FileInode, Inode } from './inode.ts';
import { Rootfs } from './rootfs.ts';

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Opens a directory of the host as a filesystem, for `rootfs:DIR`. Nothing is read before it is asked for, and nothing
 * beyond the one filesystem that DIR lies on: other mounts are empty directories (so /proc, /sys and /dev are), other
 * mounted files and sockets are not there. Links of the host are values here, never followed by the host's kernel.
 * A directory that may not be listed is empty, with a warning UNREADABLE; a file that may not be read throws
 * TransportError when its contents are asked for. Node cannot read extended attributes, so there are none: a file
 * capability (`security.capability`) of the host is lost.
 */
export function openHostDirectory(hostPath: string, warnings?: Warnings, limits?: Limits): Rootfs {
  let real: Buffer;
  let stat: BigIntStats;
  try {
    real = realpathSync(hostPath, { encoding: 'buffer' });
    stat = lstatSync(real, { bigint: true });
  } catch (error) {
    throw new TransportError('source', `cannot open directory "${hostPath}": ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (!stat.isDirectory())
    throw new TransportError('source', `cannot open directory "${hostPath}": it is none`);
  return new Rootfs(new HostDirectory(real, stat, { device: stat.dev, linked: new Map(), warnings }), limits);
}

/** What all inodes of one opened directory share. */
interface Host {
  /** The one filesystem's st_dev. */
  readonly device: bigint;
  /** Inodes with several names, by st_ino, so that hard links are one Inode. */
  readonly linked: Map<bigint, Inode>;
  readonly warnings: Warnings | undefined;
}

class HostDirectory implements DirectoryInode {
  readonly type = 'directory';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: bigint;
  readonly xattrs = NO_XATTRS;
  readonly layer = 0;
  readonly #hostPath: Buffer;
  readonly #host: Host;
  readonly #isOtherMount: boolean;
  readonly #children = new Map<string, Inode | undefined>();
  #names: readonly string[] | undefined;

  constructor(hostPath: Buffer, stat: BigIntStats, host: Host) {
    ({ mode: this.mode, uid: this.uid, gid: this.gid, mtime: this.mtime } = commonOf(stat));
    this.#hostPath = hostPath;
    this.#host = host;
    this.#isOtherMount = stat.dev !== host.device;
  }

  get(name: string): Inode | undefined {
    if (this.#isOtherMount || !isComponent(name)) return undefined;
    if (!this.#children.has(name))
      this.#children.set(name, inodeAt(joined(this.#hostPath, name), this.#host));
    return this.#children.get(name);
  }

  names(): readonly string[] {
    this.#names ??= this.#isOtherMount ? [] : this.#list().filter((name) => this.get(name) !== undefined);
    return this.#names;
  }

  #list(): string[] {
    try {
      // Without the right to search, names could be listed but nothing about them be known.
      accessSync(this.#hostPath, constants.R_OK | constants.X_OK);
      return readdirSync(this.#hostPath, { encoding: 'buffer' }).map(decodeName).sort();
    } catch (error) {
      const shown = decodeName(this.#hostPath);
      this.#host.warnings?.add('UNREADABLE', `cannot list directory "${shown}": ${reasonOf(error)}`, shown);
      return [];
    }
  }
}

/** HostFile opens its file for each read: an image of the host has more files than a process may have open. */
class HostFile implements RandomAccess {
  readonly size: number;
  readonly #hostPath: Buffer;
  readonly #device: bigint;
  readonly #ino: bigint;

  constructor(hostPath: Buffer, stat: BigIntStats) {
    this.size = Number(stat.size);
    this.#hostPath = hostPath;
    this.#device = stat.dev;
    this.#ino = stat.ino;
  }

  read(offset: number, length: number): Uint8Array {
    const name = decodeName(this.#hostPath);
    const fd = this.#open(name);
    try {
      return readFully(fd, offset, length, name);
    } finally {
      closeSync(fd);
    }
  }

  /** O_NONBLOCK: a fifo that took the file's place must not make us wait for its writer. */
  #open(name: string): number {
    let fd: number;
    try {
      fd = openSync(this.#hostPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      throw new TransportError('source', `cannot read "${name}": ${reasonOf(error)}`, { cause: error });
    }
    const stat = fstatSync(fd, { bigint: true });
    if (stat.dev === this.#device && stat.ino === this.#ino) return fd;
    closeSync(fd);
    throw new TransportError('source', `cannot read "${name}": another file has taken its place`);
  }
}

function inodeAt(hostPath: Buffer, host: Host): Inode | undefined {
  const stat = statOf(hostPath);
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return new HostDirectory(hostPath, stat, host);
  if (stat.dev !== host.device) return undefined;
  const known = stat.nlink > 1n ? host.linked.get(stat.ino) : undefined;
  if (known !== undefined) return known;
  const inode = leafOf(hostPath, stat);
  if (inode !== undefined && stat.nlink > 1n) host.linked.set(stat.ino, inode);
  return inode;
}

function leafOf(hostPath: Buffer, stat: BigIntStats): Exclude<Inode, DirectoryInode> | undefined {
  const common = commonOf(stat);
  if (stat.isFile()) return fileOf(hostPath, stat);
  if (stat.isSymbolicLink()) return { type: 'symlink', ...common, target: targetOf(hostPath) };
  if (stat.isFIFO()) return { type: 'fifo', ...common };
  if (stat.isCharacterDevice()) return { type: 'character-device', ...common, ...deviceOf(stat.rdev) };
  if (stat.isBlockDevice()) return { type: 'block-device', ...common, ...deviceOf(stat.rdev) };
  // A socket: a tar cannot hold one, and without its server it is nothing.
  return undefined;
}

function fileOf(hostPath: Buffer, stat: BigIntStats): FileInode {
  const content = new HostFile(hostPath, stat);
  return { type: 'file', ...commonOf(stat), size: content.size, content, offset: 0 };
}

function targetOf(hostPath: Buffer): string {
  try {
    return decodeName(readlinkSync(hostPath, { encoding: 'buffer' }));
  } catch (error) {
    throw new TransportError('source', `cannot read link "${decodeName(hostPath)}": ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Returns lstat's answer; undefined when nothing is there. */
function statOf(hostPath: Buffer): BigIntStats | undefined {
  try {
    return lstatSync(hostPath, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw new TransportError('source', `cannot look up "${decodeName(hostPath)}": ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function commonOf(stat: BigIntStats) {
  return {
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtime: stat.mtimeNs,
    xattrs: NO_XATTRS,
    layer: 0,
  } as const;
}

/** Splits a device number as Linux does (makedev(3)). */
function deviceOf(rdev: bigint): { readonly major: number; readonly minor: number } {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return { major: Number(major & 0xffffffffn), minor: Number(minor & 0xffffffffn) };
}

/** `get('..')` or `get('a/b')` would let the host's kernel walk. */
function isComponent(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

function joined(directory: Buffer, name: string): Buffer {
  const slash = directory.at(-1) === 0x2f ? '' : '/';
  return Buffer.concat([directory, Buffer.from(slash), encodeName(name)]);
}
