import { baseName, isWithin, type RootPath } from '../../../rootfs/root-path.ts';
import { isCommandPath, isLeftoverDirectory } from '../../knowledge/payload-paths.ts';
import type { Trace } from '../../trace.ts';
import { isByteCode } from './distribution-files.ts';

/** Files of one application's tree that are followed at most; more are data. */
const MAX_FILES = 20_000;
/** Bytes of an application's tree that its place alone speaks for. */
const MAX_BYTES = 256e6;

/** Returns the files of an application's directory; undefined when the directory is no application's own. */
export function applicationTree(trace: Trace, directory: RootPath): readonly RootPath[] | undefined {
  const isBroad =
    directory.split('/').length <= 2 ? isSystemDirectory(directory) : isCommandPath(`${directory}/x`);
  if (isBroad || isWithin(directory, '/etc' as RootPath)) return undefined;
  const files: RootPath[] = [];
  let bytes = 0;
  for (const [path, inode] of trace.rootfs.walk(directory)) {
    if (inode.type === 'directory' || isByteCode(path)) continue;
    const inside = path.slice(directory.length).split('/');
    if (
      inside.some((name) => isLeftoverDirectory(name) || name === 'node_modules' || name === 'site-packages')
    )
      continue;
    bytes += inode.type === 'file' ? inode.size : 0;
    files.push(path);
    if (files.length > MAX_FILES || bytes > MAX_BYTES) return files.filter((file) => file.endsWith('.py'));
  }
  return files;
}

function isSystemDirectory(directory: RootPath): boolean {
  return /^(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?$/.test(
    baseName(directory),
  );
}
