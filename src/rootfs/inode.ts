import type { RandomAccess } from '../io/random-access.ts';

/** What every inode has. Hard links are one Inode object under several names. */
interface InodeCommon {
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Extended attributes by full name (`security.capability`), values as raw bytes. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Index of the layer that brought it; -1 for one that no layer has (the root, a missing parent). */
  readonly layer: number;
}

export interface FileInode extends InodeCommon {
  readonly type: 'file';
  /** In bytes. */
  readonly size: number;
  /** The contents begin at `offset` of `content`. */
  readonly content: RandomAccess;
  readonly offset: number;
}

export interface DirectoryInode extends InodeCommon {
  readonly type: 'directory';
  get(name: string): Inode | undefined;
  /** The names in it, sorted by code unit. */
  names(): readonly string[];
}

export interface SymlinkInode extends InodeCommon {
  readonly type: 'symlink';
  readonly target: string;
}

export interface DeviceInode extends InodeCommon {
  readonly type: 'character-device' | 'block-device';
  readonly major: number;
  readonly minor: number;
}

export interface FifoInode extends InodeCommon {
  readonly type: 'fifo';
}

export type Inode = FileInode | DirectoryInode | SymlinkInode | DeviceInode | FifoInode;
