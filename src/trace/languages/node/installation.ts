import { ancestors, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { expandPattern } from '../../expand-pattern.ts';
import { GLOBAL_DIRECTORIES } from '../../knowledge/node.ts';

/** Returns the directories that the interpreter at `program` searches after every node_modules, NODE_PATH first. */
export function globalDirectories(
  rootfs: Rootfs,
  program: RootPath,
  env: ReadonlyMap<string, string>,
  cwd: RootPath,
): RootPath[] {
  const prefix = parentPath(parentPath(program));
  const fromEnv = (env.get('NODE_PATH') ?? '').split(':').filter((path) => path !== '');
  const patterns = GLOBAL_DIRECTORIES.map(({ directory }) =>
    directory.replace(/^PREFIX\b/, prefix === '/' ? '' : prefix),
  );
  const paths = [
    ...fromEnv.map((path) => rootPath(path, cwd)),
    ...patterns.flatMap((pattern) => expandPattern(rootfs, pattern)),
  ];
  return [...new Set(paths)].filter((path) => rootfs.resolve(path)?.inode.type === 'directory');
}

/** Returns the nearest directory with a package.json, at `directory` or above it. */
export function applicationDirectory(rootfs: Rootfs, directory: RootPath): RootPath | undefined {
  return [directory, ...ancestors(directory)].find((path) => rootfs.file('package.json', path) !== undefined);
}
