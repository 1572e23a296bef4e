import { LimitError } from '../errors.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { MAX_DATABASE_SIZE } from './database.ts';

/** DatabaseFile is a file of a package database and where it really lies. */
export interface DatabaseFile {
  /** The real path. */
  readonly path: RootPath;
  /** Links passed on the way to it. */
  readonly hops: readonly RootPath[];
  readonly bytes: Uint8Array;
}

/**
 * Returns the regular file behind `path` with its contents, undefined when there is none; LimitError over 256
 * MiB.
 */
export function readDatabaseFile(rootfs: Rootfs, path: string): DatabaseFile | undefined {
  const found = rootfs.file(path);
  if (found === undefined) return undefined;
  if (found.inode.size > MAX_DATABASE_SIZE) {
    const reason = `it has ${found.inode.size} bytes, the limit is ${MAX_DATABASE_SIZE}`;
    throw new LimitError('package-database', MAX_DATABASE_SIZE, `cannot read "${path}": ${reason}`);
  }
  return { path: found.path, hops: found.hops, bytes: rootfs.read(found.inode) };
}

/** Returns the text of `file`; bytes that are not UTF-8 become U+FFFD, as everywhere in the rootfs. */
export function textOf(file: DatabaseFile): string {
  return new TextDecoder().decode(file.bytes);
}
