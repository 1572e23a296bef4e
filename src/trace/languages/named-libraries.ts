import { joinPath, type RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { isLibraryDirectory } from '../knowledge/payload-paths.ts';

const DIRECTORIES: readonly RootPath[] = ['/usr/local/lib', '/lib', '/usr/lib', '/lib64', '/usr/lib64'].map(
  (path) => path as RootPath,
);

/** Returns the files that a name stands for: `libmagic.so.1` as dlopen finds it, `magic` as find_library does. */
export function namedLibraries(rootfs: Rootfs, name: string): RootPath[] {
  if (name.includes('/')) return rootfs.file(name) ? [name as RootPath] : [];
  const stem = name.includes('.so') ? name : `lib${name.replace(/^lib(?=[a-z])/, '')}.so`;
  const found: RootPath[] = [];
  for (const directory of libraryDirectories(rootfs)) {
    for (const file of rootfs.list(directory)) {
      // The name in the cache is the soname: one number, or none.
      const isMatch =
        file === stem || (file.startsWith(`${stem}.`) && /^\d+$/.test(file.slice(stem.length + 1)));
      if (isMatch && rootfs.file(joinPath(directory, file))) found.push(joinPath(directory, file));
    }
  }
  return found;
}

function libraryDirectories(rootfs: Rootfs): readonly RootPath[] {
  const found = new Map<RootPath, RootPath>();
  for (const directory of DIRECTORIES) {
    const names = rootfs.list(directory).filter((name) => /-linux-/.test(name));
    for (const path of [directory, ...names.map((name) => joinPath(directory, name))]) {
      const real = rootfs.resolve(path);
      if (real?.inode.type === 'directory' && isLibraryDirectory(path)) found.set(real.path, path);
    }
  }
  return [...found.values()];
}
