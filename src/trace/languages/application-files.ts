import { baseName, isWithin, type RootPath } from '../../rootfs/root-path.ts';
import { isCommandPath, isLeftoverDirectory } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';

/** Files of one application's tree that are kept at most; beyond that the sources alone. */
const MAX_FILES = 20_000;
/** Bytes of an application's tree that its place alone speaks for. */
const MAX_BYTES = 256e6;

/**
 * Returns the files of an application's directory, of a very large one those alone that `isSource` knows; undefined when
 * the directory is the system's or a package's.
 */
export function applicationFiles(
  trace: Trace,
  directory: RootPath,
  isSource: (path: RootPath) => boolean,
): readonly RootPath[] | undefined {
  const isBroad =
    directory.split('/').length <= 2
      ? /^(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?$/.test(
          baseName(directory),
        )
      : isCommandPath(`${directory}/x`) || /^\/(?:usr|var)(?:\/local)?\/\w+$/.test(directory);
  if (isBroad || isWithin(directory, '/etc' as RootPath) || trace.packages.owners(directory).length > 0)
    return undefined;
  const files: RootPath[] = [];
  let bytes = 0;
  for (const [path, inode] of trace.rootfs.walk(directory)) {
    if (inode.type === 'directory' || path.endsWith('.pod')) continue;
    const inside = path.slice(directory.length).split('/');
    if (inside.some((name) => isLeftoverDirectory(name) || name === 'node_modules')) continue;
    bytes += inode.type === 'file' ? inode.size : 0;
    files.push(path);
    if (files.length > MAX_FILES || bytes > MAX_BYTES) return files.filter(isSource);
  }
  return files;
}
