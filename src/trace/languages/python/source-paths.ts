import { isWithin, parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { ModuleFinder } from './module-finder.ts';
import type { PythonSurroundings } from './python-surroundings.ts';
import type { PythonSource } from './scan-source.ts';

/** Returns the dotted package of a file that was found by walking; empty where no entry of the path leads to it. */
export function packageByPlace(finder: ModuleFinder, file: RootPath): string {
  const directory = parentPath(file);
  const entries = finder.entries.filter(({ path }) => isWithin(directory, path));
  const nearest = entries.sort((a, b) => b.path.length - a.path.length)[0];
  return nearest === undefined
    ? ''
    : directory.slice(nearest.path.length).replace(/^\//, '').replaceAll('/', '.');
}

/**
 * Appends what a source in `directory` puts on the path (`sys.path.insert(0, os.path.join(here, "lib"))`): the directories
 * that it names, and its own and its parent.
 */
export function extendPath(
  { trace, cwd: workingDirectory }: PythonSurroundings,
  finder: ModuleFinder,
  source: PythonSource,
  directory: RootPath,
): void {
  for (const cwd of [directory, parentPath(directory), workingDirectory]) {
    for (const text of ['.', ...source.strings]) {
      if (!/^[\w./-]+$/.test(text)) continue;
      const found = trace.rootfs.resolve(text, { cwd });
      if (found?.inode.type !== 'directory' || found.path === '/') continue;
      if (trace.packages.owner(found.path) !== undefined) continue;
      finder.append({ path: found.path, kind: 'application' });
    }
  }
}
