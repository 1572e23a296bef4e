import { baseName, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** RubyInstallation is one interpreter with the directories that are compiled into it. */
export interface RubyInstallation {
  readonly executable: RootPath;
  /** `$LOAD_PATH` as far as it exists: site, vendor, the standard library, each with its directory for extensions. */
  readonly loadPath: readonly RootPath[];
  /** Of them the standard library's own. */
  readonly core: readonly RootPath[];
  /** Ruby's library version (`3.1.0`). */
  readonly version: string;
}

const LIBRARY = /\/(?:\d+\.\d+\.\d+|(?:site|vendor)_ruby)(?:\/[\w.-]+){0,2}$/;

/**
 * Returns the installation whose load path is spelled in `strings`, the literals of the interpreter or its libruby
 * (verconf.h; ruby.c, ruby_init_loadpath). Paths that begin with a directory of the build's prefix are found beside the library
 * when the tree was moved. Undefined when no standard library is there.
 */
export function findInstallation(
  rootfs: Rootfs,
  executable: RootPath,
  strings: Iterable<string>,
): RubyInstallation | undefined {
  const prefix = parentPath(parentPath(executable));
  const spelled = new Set<RootPath>();
  for (const text of strings) {
    if (!text.startsWith('/') || !LIBRARY.test(text) || /\/include\//.test(text)) continue;
    for (const path of [text, `${prefix}${text}`]) {
      const found = rootfs.resolve(path);
      if (found?.inode.type === 'directory') spelled.add(found.path);
    }
  }
  const ordered = [...spelled].sort((a, b) => rankOf(a) - rankOf(b));
  const core = ordered.filter((path) => rankOf(path) === 2);
  const version = core
    .map((path) => /\/(\d+\.\d+\.\d+)(?:\/|$)/.exec(path)?.[1])
    .find((one) => one !== undefined);
  if (version === undefined) return undefined;
  const extensions = core.flatMap((path) => extensionDirectories(rootfs, path));
  return {
    executable,
    loadPath: [...new Set([...ordered, ...extensions])],
    core: [...new Set([...core, ...extensions])],
    version,
  };
}

function rankOf(path: RootPath): number {
  if (path.includes('/site_ruby')) return 0;
  return path.includes('/vendor_ruby') ? 1 : 2;
}

/** `lib/ruby/3.2.0/x86_64-linux`: beside rbconfig.rb. */
function extensionDirectories(rootfs: Rootfs, directory: RootPath): RootPath[] {
  const below = rootfs.list(directory).map((name) => rootPath(name, directory));
  return below.filter(
    (path) => /-(?:linux|musl)/.test(baseName(path)) && rootfs.file(`${path}/rbconfig.rb`) !== undefined,
  );
}
