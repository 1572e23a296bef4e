import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';

/**
 * Takes the libraries of an interpreter (`libperl.so.5.36`) out of `libraries` and yields each with its installation, but not
 * those of which a program of that language has been started (`isStarted`).
 */
export function* embeddedInstallations<I>(
  libraries: Map<RootPath, FileInode>,
  isStarted: (installation: I) => boolean,
  find: (library: RootPath, inode: FileInode) => I | undefined,
): Generator<readonly [RootPath, I]> {
  for (const [library, inode] of libraries) {
    libraries.delete(library);
    const installation = find(library, inode);
    if (installation !== undefined && !isStarted(installation)) yield [library, installation];
  }
}
