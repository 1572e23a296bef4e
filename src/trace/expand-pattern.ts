import { type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** Expands `*` (any part of one name) in an absolute path to the paths that the image may have; the last need not exist. */
export function expandPattern(rootfs: Rootfs, pattern: string): RootPath[] {
  let paths = [''];
  for (const component of pattern.slice(1).split('/')) {
    const parts = component.split('*').map((part) => part.replace(/[.+]/g, '\\$&'));
    const name = new RegExp(`^${parts.join('.*')}$`);
    paths = component.includes('*')
      ? paths.flatMap((path) =>
          namesIn(rootfs, path)
            .filter((entry) => name.test(entry))
            .map((entry) => `${path}/${entry}`),
        )
      : paths.map((path) => `${path}/${component}`);
  }
  return paths.map((path) => rootPath(path));
}

function namesIn(rootfs: Rootfs, path: string): readonly string[] {
  return rootfs.list(path === '' ? '/' : path);
}
