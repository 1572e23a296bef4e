import type { RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { expandGlob } from '../shell/pattern.ts';

/** Returns the paths that a glob with `{a,b}` matches from `cwd`; one without any star is itself when it exists. */
export function expandGlobs(rootfs: Rootfs, glob: string, cwd: RootPath): readonly string[] {
  const brace = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (brace === null) return expandGlob(rootfs, glob, cwd);
  const [, before = '', options = '', after = ''] = brace;
  return options.split(',').flatMap((option) => expandGlobs(rootfs, `${before}${option}${after}`, cwd));
}
