import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Loader } from './loader.ts';

const PRELOAD_FILE = '/etc/ld.so.preload';

/** Returns the libraries that LD_PRELOAD names: between spaces and colons for glibc, any white space and colons for musl. */
export function preloadNames(
  env: ReadonlyMap<string, string>,
  dialect: Loader['dialect'],
): readonly string[] {
  const separators = dialect === 'musl' ? /[\s:]+/ : /[ :]+/;
  return (env.get('LD_PRELOAD') ?? '').split(separators).filter((name) => name !== '');
}

/** Returns what /etc/ld.so.preload names: between white space and colons, `#` begins a comment (glibc elf/rtld.c). */
export function preloadFileNames(
  rootfs: Rootfs,
): { readonly path: RootPath; readonly names: readonly string[] } | undefined {
  const file = rootfs.file(PRELOAD_FILE);
  const text = rootfs.text(PRELOAD_FILE);
  if (file === undefined || text === undefined) return undefined;
  const names = text
    .replaceAll(/#[^\n]*/g, ' ')
    .split(/[: \t\n]+/)
    .filter((name) => name !== '');
  return { path: file.path, names };
}
