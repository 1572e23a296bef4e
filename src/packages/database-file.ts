import { checkLimit } from '../io/limits.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** DatabaseFile is a file of a package database and where it really lies. */
export interface DatabaseFile {
  /** The real path. */
  readonly path: RootPath;
  /** Links passed on the way to it. */
  readonly hops: readonly RootPath[];
  readonly bytes: Uint8Array;
}

/**
 * Returns the regular file behind `path` with its contents, undefined when there is none; throws LimitError
 * (packageDatabaseBytes).
 */
export function readDatabaseFile(rootfs: Rootfs, path: string): DatabaseFile | undefined {
  const found = rootfs.file(path);
  if (found === undefined) return undefined;
  checkLimit(rootfs.limits, 'packageDatabaseBytes', found.inode.size, `"${path}"`);
  return { path: found.path, hops: found.hops, bytes: rootfs.read(found.inode) };
}

/** Returns the text of `file`; bytes that are not UTF-8 become U+FFFD, as everywhere in the rootfs. */
export function textOf(file: DatabaseFile): string {
  return new TextDecoder().decode(file.bytes);
}
