import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** PhpInstallation is what is compiled into one interpreter: where it looks for its configuration and its parts. */
export interface PhpInstallation {
  /** Directories of php.ini and of the .ini files that are read in addition (main/php_ini.c). */
  readonly configuration: readonly RootPath[];
  /** Directories of extensions (extension_dir). */
  readonly extensions: readonly RootPath[];
  /** Directories of include_path. */
  readonly include: readonly RootPath[];
}

/** Returns what the literals of the interpreter name and the image has. */
export function findInstallation(rootfs: Rootfs, strings: Iterable<string>): PhpInstallation {
  const configuration = new Set<RootPath>();
  const extensions = new Set<RootPath>();
  const include = new Set<RootPath>();
  for (const text of strings) {
    if (!/^\.?:?\//.test(text) || !/php|pear|\/etc\//i.test(text)) continue;
    for (const part of text.split(':')) {
      const found = part.startsWith('/') && part.length > 4 ? rootfs.resolve(part) : undefined;
      if (found?.inode.type !== 'directory') continue;
      const names = rootfs.list(found.path);
      if (text.startsWith('.:')) include.add(found.path);
      else if (/^(?:\/usr(?:\/local)?)?\/etc\/php|\/etc\/php/.test(found.path)) configuration.add(found.path);
      else if (names.some((name) => name.endsWith('.so')) && found.path.includes('php'))
        extensions.add(found.path);
      else if (/\/(?:share\/php|lib\/php|pear)$/.test(found.path)) include.add(found.path);
    }
  }
  return { configuration: [...configuration], extensions: [...extensions], include: [...include] };
}
