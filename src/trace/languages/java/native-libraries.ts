import { joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import { expandPattern } from '../../expand-pattern.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { LIBRARY_PATH } from '../../knowledge/java.ts';
import type { Trace } from '../../trace.ts';
import type { JavaHome } from './java-home.ts';

/** Properties that replace or precede the default search (System.loadLibrary; JNA NativeLibrary). */
const PATH_PROPERTIES = ['java.library.path', 'jna.library.path', 'jna.boot.library.path', 'jna.nosys'];

/** Returns the directories in which a program's native libraries may lie, in the order of the search. */
export function libraryDirectories(
  trace: Trace,
  home: JavaHome | undefined,
  properties: ReadonlyMap<string, string>,
  env: ReadonlyMap<string, string>,
): readonly RootPath[] {
  const lists = [...PATH_PROPERTIES.map((name) => properties.get(name)), env.get('LD_LIBRARY_PATH')];
  const named = lists.flatMap((list) => (list ?? '').split(':')).filter((path) => path.startsWith('/'));
  const defaults = LIBRARY_PATH.flatMap(({ pattern }) => expandPattern(trace.rootfs, pattern));
  const found = new Map<RootPath, RootPath>();
  for (const path of [...named, ...defaults, ...(home?.libraries ?? [])]) {
    const real = trace.rootfs.resolve(path);
    if (real?.inode.type === 'directory' && !found.has(real.path)) found.set(real.path, path as RootPath);
  }
  return [...found.values()];
}

/** Keeps the libraries that `System.loadLibrary(name)`, or JNA with a version behind the name, would find. */
export function keepNamedLibraries(
  trace: Trace,
  names: Iterable<string>,
  directories: readonly RootPath[],
  why: (detail: string) => KeepReason,
): void {
  const listed = directories.map((directory) => ({
    directory,
    names: new Set(trace.rootfs.list(directory)),
  }));
  for (const name of names) {
    const file = `lib${name.replace(/^lib(?=.+\.so)/, '').replace(/\.so$/, '')}.so`;
    for (const { directory, names: files } of listed) {
      const match = files.has(file) ? file : [...files].find((other) => isVersionOf(other, file));
      if (match === undefined) continue;
      trace.keep(joinPath(directory, match), why(`loads the library ${name}`));
      break;
    }
  }
}

/** `libusb-1.0.so.0` for `libusb-1.0.so`: what the loader itself is asked for. */
function isVersionOf(file: string, plain: string): boolean {
  return file.startsWith(`${plain}.`) && /^\d+$/.test(file.slice(plain.length + 1));
}

/** Keeps the libraries that the runtime opens by their sonames, as its loader finds them, with what those need. */
export function keepOpened(trace: Trace, home: JavaHome, names: Iterable<string>, reason: KeepReason): void {
  const { machine } = home;
  if (machine === undefined) return;
  const process = trace.linker.resolveProgram(machine);
  for (const name of names) {
    for (const library of trace.linker.resolveDlopen(name, process, machine).libraries)
      trace.keep(library.path, reason, { cwd: trace.process.cwd });
  }
}
